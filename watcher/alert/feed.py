"""The feed channel: an Atom file, rewritten whole and swapped into place, so that a reader never sees half."""

from __future__ import annotations

import asyncio
import os
import tempfile
from datetime import datetime
from pathlib import Path

from watcher.alert.message import Message, SendFailed
from watcher.alert.render_feed import BrokenFeed, Entry, entries, entry, feed


class FeedChannel:
    """Keeps the newest ``keep`` alerts in the file at ``path``; its directory must exist."""

    def __init__(self, name: str, path: Path, title: str = "Policy changes", keep: int = 100) -> None:
        self._name, self._path, self._title, self._keep = name, path, title, keep
        self._turn = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, now: datetime) -> str:
        """See `Channel.send`. The same event replaces its earlier entry."""
        async with self._turn:
            try:
                return await asyncio.to_thread(self._add, entry(message))
            except OSError as error:
                why = f"the feed's file cannot be written: {error.strerror or error}"
                raise SendFailed(why, outage=True) from None

    def _add(self, new: Entry) -> str:
        kept = [old for old in self._present() if old.id != new.id]
        newest = sorted([*kept, new], key=lambda e: e.updated_at, reverse=True)[: self._keep]
        self._swap_in(feed(newest, title=self._title, name=self._name))
        return f"{len(newest)} in the feed"

    def _present(self) -> list[Entry]:
        """The file's entries; a file that is no feed of ours is put aside, not overwritten."""
        try:
            return entries(self._path.read_bytes())
        except FileNotFoundError:
            return []
        except BrokenFeed:
            self._path.replace(self._path.with_name(self._path.name + ".bad"))
            return []

    def _swap_in(self, xml: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(xml)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
