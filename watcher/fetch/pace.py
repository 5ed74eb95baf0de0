"""Manners: one request to a host at a time, an interval between two, and none while it asked for a pause."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from storage.records import HostState
from watcher.schedule import backoff

from .errors import FetchError, HostPaused, StatusError
from .values import LONGEST_PAUSE, HostMemory

Clock = Callable[[], datetime]

SHORT_WAIT_S = 5.0  # a pause that ends within this is waited out; for a longer one the caller comes back
_LANES = 4096
_FIRST_S, _LONGEST_S = 60.0, 6 * 3600.0
_UNREACHED = 3  # unanswered requests in a row before a host is left alone


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    free_at: float = 0.0  # the loop's time


class Pace:
    """All hosts this gate talks to. ``memory`` outlives the process."""

    def __init__(self, memory: HostMemory, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._states: dict[str, HostState] | None = None
        self._loading = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, host: str, interval_s: float) -> AsyncIterator[None]:
        """Holds the one place at ``host``. Raises `HostPaused` where it is to be left alone for longer."""
        loop = asyncio.get_running_loop()
        lane = self._lane(host)
        lane.waiting += 1
        try:
            async with lane.lock:
                await self._respect(host)
                if (wait := lane.free_at - loop.time()) > 0:
                    await asyncio.sleep(wait)
                try:
                    yield
                finally:
                    lane.free_at = loop.time() + interval_s
        finally:
            lane.waiting -= 1

    async def state(self, host: str) -> HostState:
        """What is known of ``host``."""
        return (await self._known()).get(host) or HostState(host)

    async def went_well(self, host: str) -> None:
        """The host answered: earlier failures no longer count."""
        states = await self._known()
        if host in states:
            del states[host]
            await self._memory.save_host(HostState(host))

    async def went_wrong(self, host: str, error: FetchError) -> None:
        """Counts what counts against a host and, where that earns it a pause, sets ``error.retry_at``.

        A host that says "later" (429, 503) is left alone for the time it named, else for our own backoff:
        from a minute, doubling, to at most 6 hours. One that does not answer at all gets that from the third
        time on. A whole answer of another kind, even a 404, is an answer.
        """
        later = isinstance(error, StatusError) and error.status in (429, 503)
        if not later and not error.counts_against_host:
            if error.capture is not None:
                await self.went_well(host)
            return
        states = await self._known()
        failures = (await self.state(host)).failures + 1
        retry_at = error.retry_at if later else None
        if retry_at is None and (later or failures >= _UNREACHED):
            rung = failures if later else failures - _UNREACHED + 1
            seconds = backoff(rung, first_s=_FIRST_S, longest_s=_LONGEST_S, key=host)
            retry_at = self._clock() + timedelta(seconds=seconds)
        states[host] = HostState(host, failures, retry_at, error.message if retry_at else "")
        if retry_at is not None:
            error.retry_at = retry_at
            await self._memory.save_host(states[host])

    async def _respect(self, host: str) -> None:
        retry_at = (await self.state(host)).retry_at
        if retry_at is None:
            return
        now = self._clock()
        wait = (retry_at - now).total_seconds()
        if wait > SHORT_WAIT_S:
            reason = (await self.state(host)).reason
            raise HostPaused(
                f"{host} is left alone until {retry_at:%Y-%m-%d %H:%M:%S} UTC ({reason})", retry_at=retry_at
            )
        if wait > 0:
            await asyncio.sleep(wait)

    async def _known(self) -> dict[str, HostState]:
        if self._states is None:
            async with self._loading:
                if self._states is None:
                    # A pause from a clock that ran ahead must not outlast the longest one there is.
                    latest = self._clock() + LONGEST_PAUSE
                    loaded = await self._memory.load_hosts()
                    self._states = {
                        s.host: replace(s, retry_at=min(s.retry_at, latest) if s.retry_at else None)
                        for s in loaded
                        if s.failures or s.retry_at
                    }
        return self._states

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            if len(self._lanes) >= _LANES:
                now = asyncio.get_running_loop().time()
                self._lanes = {
                    h: lane for h, lane in self._lanes.items() if lane.waiting or lane.free_at > now
                }
            lane = self._lanes[host] = _Lane()
        return lane
