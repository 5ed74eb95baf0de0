"""The database: one thread owns the connection, everyone else hands it functions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

from storage.connection import connect, translated
from storage.store import Store

T = TypeVar("T")


class Database:
    """One SQLite file and the one thread that speaks to it.

    ``call`` and ``run`` hand a function of the `Store` to that thread; several calls queue. Use it as a context
    manager, or ``close`` it."""

    def __init__(self, path: Path, thread: ThreadPoolExecutor, store: Store) -> None:
        self.path = path
        self._thread = thread
        self._store = store

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False, *, keep_bodies: str = "versions") -> Self:
        """Open or create the file, bring its schema up to date. Raises `storage.errors.StoreError`."""
        path = Path(path)
        thread = ThreadPoolExecutor(1, thread_name_prefix="clausewatch-store")

        def start() -> Store:
            return Store(connect(path, read_only=read_only), path, keep_bodies=keep_bodies)

        try:
            return cls(path, thread, thread.submit(start).result())
        except BaseException:
            thread.shutdown()
            raise

    def call(self, ask: Callable[[Store], T]) -> T:
        """What ``ask`` gives, run on the store's thread; blocks. Raises what it raises."""
        return self._thread.submit(ask, self._store).result()

    async def run(self, ask: Callable[[Store], T]) -> T:
        """The same for coroutines. Where the wait is cancelled, the function is carried out as a whole
        or (still queued) not at all."""
        return await asyncio.wrap_future(self._thread.submit(ask, self._store))

    def close(self) -> None:
        """Carry out what was handed over, then close the file. Twice is fine."""

        def end() -> None:
            with translated(self.path):
                self._store.close()

        try:
            self._thread.submit(end).result()
        except RuntimeError:  # closed before
            return
        self._thread.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
