"""The web archive as a source of captures: its pauses are kept, what it cannot give is said, and the rest goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from storage.records import Capture
from watcher.archives import wayback
from watcher.archives.values import ArchiveError, ArchiveStops, Entry
from watcher.archives.wayback import Found
from watcher.fetch import FetchError
from watcher.fetch.errors import HostPaused, RateLimited

T = TypeVar("T")
NEAR_S = 120.0
"""A pause the archive asks for is waited out when it is no longer than this."""
TRIES = 6


@dataclass(slots=True)
class WebArchive:
    """The archive at ``base``, asked through ``gate``. ``sleep`` takes seconds."""

    gate: wayback.Gate
    now: Callable[[], datetime]
    base: str = wayback.BASE
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _shared: dict[str, asyncio.Task[Capture]] = field(default_factory=dict)

    async def entries(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None, limit: int = 200
    ) -> list[Entry]:
        """The archive's captures of ``url``, oldest first, fetched one by one as they are asked for.

        Raises ArchiveError in one line where the archive gives no list."""
        ask = partial(wayback.found, url, self.gate, base=self.base, since=since, until=until, limit=limit)
        try:
            listed = await self._patiently(ask)
        except FetchError as error:
            raise ArchiveError(f"the web archive could not be asked: {error}") from None
        return [Entry(f.url, f.captured_at, partial(self._capture, f, twice)) for f, twice in _pairs(listed)]

    async def _capture(self, found: Found, twice: bool) -> Capture:
        """Equal bodies at the two ends of a run are one request."""
        if not twice:
            return await self._fetch(found)
        task = self._shared.pop(found.digest, None)
        if task is None:
            task = self._shared[found.digest] = asyncio.create_task(self._fetch(found))
        return replace(await asyncio.shield(task), fetched_at=found.captured_at)

    async def _fetch(self, found: Found) -> Capture:
        try:
            return await self._patiently(partial(wayback.fetch, found, self.gate))
        except FetchError as error:
            raise ArchiveError(f"the capture of {found.captured_at:%Y-%m-%d}: {error}") from None

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What ``ask`` gives, after the pauses the archive asks for. Raises ArchiveStops where they are long."""
        for _ in range(TRIES):
            try:
                return await ask()
            except (HostPaused, RateLimited) as error:
                paused = error
            wait = (paused.retry_at - self.now()).total_seconds() if paused.retry_at else 0.0
            if wait > NEAR_S:
                break
            await self.sleep(max(wait, 0.0))
        until = f" until {paused.retry_at:%Y-%m-%d %H:%M} UTC" if paused.retry_at else ""
        raise ArchiveStops(
            f"the web archive asks for a pause{until}; what it gave is kept. "
            "The same command goes on from there later."
        )


def _pairs(listed: Sequence[Found]) -> list[tuple[Found, bool]]:
    """Each capture, and whether a neighbour has the same body."""
    near = [
        (listed[i - 1] if i else None, found, (*listed[i + 1 : i + 2], None)[0])
        for i, found in enumerate(listed)
    ]
    return [
        (found, any(n is not None and n.digest and n.digest == found.digest for n in (before, after)))
        for before, found, after in near
    ]
