"""The outbox's other end: claim what is due, render, send, settle. At least once, and one bad channel never
holds up the others.

A delivery that fails is tried again over days, later each time; the retry times are spread, so that a receiver
that comes back is not met by everything at once. While a channel is out, what else waits for it is put off
without being tried. A receiver that wants no more (410) gets no more until the next start.
"""

from __future__ import annotations

import asyncio
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from storage.records import Delivery
from watcher.alert.digest import Parcel, parcels
from watcher.alert.message import Channel, Message, SendFailed
from watcher.alert.render import render, render_plainly

T = TypeVar("T")
log = structlog.get_logger()

RETRY_AFTER_S = (5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further try, over four days and more; the tail is the one Standard Webhooks recommends."""
_JITTER = 0.2
_BATCH = 16
_PER_CHANNEL = 4
_MISSING_CHANNEL_S = 3600.0


class Outbox(Protocol):
    """The part of the store that deliveries need; it lives on the database's thread."""

    def claim_deliveries(self, now: datetime, *, limit: int, lease_s: float) -> list[Delivery]: ...

    def settle(
        self, delivery: Delivery, now: datetime, *, sent: bool, retry_at: datetime | None, reason: str
    ) -> bool: ...


class Keeper(Protocol):
    async def run(self, work: Callable[[Outbox], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """``give_up_after_s``: over how long the tries of one alert are spread. ``send_timeout_s``: for one try, all in all."""

    give_up_after_s: float = 5 * 86_400.0
    send_timeout_s: float = 30.0
    concurrency: int = 8

    @property
    def lease_s(self) -> float:
        """Longer than a whole batch can take on one channel, so that nothing is claimed twice while it runs."""
        return self.send_timeout_s * (_BATCH / min(_PER_CHANNEL, self.concurrency) + 1) + 30


@dataclass
class _Line:
    """What is known of one channel since the start."""

    turns: asyncio.Semaphore
    failures: int = 0  # outages in a row
    out_until: datetime | None = None
    out_why: str = ""  # what the last outage said
    closed: str = ""  # why it wants no more


class Deliverer:
    """Carries what is due through the channels. ``now`` is the clock, ``dice`` spreads the retries."""

    def __init__(
        self,
        store: Keeper,
        channels: Mapping[str, Channel],
        *,
        now: Callable[[], datetime],
        digests: Collection[str] = (),
        patience: Patience | None = None,
        dice: random.Random | None = None,
    ) -> None:
        self._store, self._channels, self._now = store, dict(channels), now
        self._digests = frozenset(digests)
        self._patience = patience or Patience()
        self._dice = dice or random.Random()
        self._turns = asyncio.Semaphore(self._patience.concurrency)
        self._lines = {name: _Line(asyncio.Semaphore(_PER_CHANNEL)) for name in self._channels}

    async def drain(self, stop: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
        """Send everything that is due, batch after batch until none is left or ``stop`` says so; gives how many
        deliveries ended "sent", "retry" and "dead"."""
        total: Counter[str] = Counter()
        while not stop():
            tally = await self.once()
            if not tally:
                break
            total.update(tally)
        return dict(total)

    async def once(self) -> Mapping[str, int]:
        """One batch; empty where nothing was due."""
        lease_s = self._patience.lease_s
        claimed = await self._store.run(
            lambda store: store.claim_deliveries(self._now(), limit=_BATCH, lease_s=lease_s)
        )
        tally: Counter[str] = Counter()
        async with asyncio.TaskGroup() as tasks:
            for parcel in parcels(claimed, self._digests):
                tasks.create_task(self._carry(parcel, tally))
        return dict(tally)

    async def _carry(self, parcel: Parcel, tally: Counter[str]) -> None:
        """One parcel from claim to settled. Whatever goes wrong inside stays inside."""
        settled = 0
        try:
            result = await self._result(parcel.delivery)
            for row in parcel.rows:
                await self._settle(row, result)
                settled += 1
                tally[result.word] += 1
        except Exception as error:
            # The rows stay claimed; their lease brings them back later under the same event id.
            _fault("alert.unsettled", parcel.delivery, error)
            tally["unsettled"] += len(parcel.rows) - settled

    async def _result(self, delivery: Delivery) -> _Result:
        channel, line = self._channels.get(delivery.channel), self._lines.get(delivery.channel)
        if channel is None or line is None:
            missing = SendFailed(f"no channel {delivery.channel!r} is configured")
            return self._failed(delivery, missing, self._now() + timedelta(seconds=_MISSING_CHANNEL_S))
        async with line.turns, self._turns:
            if line.closed:
                return _Result("dead", line.closed)
            if line.out_until and line.out_until > self._now():
                why = f"put off, the channel is out: {line.out_why}"
                return _Result("retry", why, line.out_until, tried=False)
            return await self._send(channel, line, delivery)

    async def _send(self, channel: Channel, line: _Line, delivery: Delivery) -> _Result:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._patience.send_timeout_s):
                message = await asyncio.to_thread(_message, delivery)
                said = await channel.send(message, self._now())
        except SendFailed as failure:
            return self._after(line, delivery, failure)
        except TimeoutError:
            late = f"no answer within {self._patience.send_timeout_s:g} s"
            return self._after(line, delivery, SendFailed(late, outage=True))
        except Exception as error:
            _fault("alert.fault", delivery, error)
            return self._after(line, delivery, SendFailed(f"a fault of our own ({type(error).__name__})"))
        line.failures, line.out_until, line.out_why = 0, None, ""
        return _Result("sent", said, took_ms=round((time.monotonic() - started) * 1000))

    def _after(self, line: _Line, delivery: Delivery, failure: SendFailed) -> _Result:
        if failure.closed:
            line.closed = str(failure)
            log.error("channel.disabled", channel=delivery.channel, reason=str(failure))
        if not failure.outage:
            return self._failed(delivery, failure, self._later(delivery.attempts))
        now = self._now()
        if line.out_until is None or line.out_until <= now:
            line.failures += 1
        line.out_why = str(failure)
        line.out_until = max(self._later(line.failures), failure.retry_at or now, line.out_until or now)
        # The tries of this delivery outlive a restart; the failures counted on the line do not.
        return self._failed(delivery, failure, max(line.out_until, self._later(delivery.attempts)))

    def _failed(self, delivery: Delivery, failure: SendFailed, retry_at: datetime) -> _Result:
        retry_at = max(retry_at, failure.retry_at or retry_at)
        if failure.permanent:
            return _Result("dead", str(failure))
        if spread_s(delivery.attempts + 1) > self._patience.give_up_after_s:
            return _Result("dead", f"given up: {failure}")
        return _Result("retry", str(failure), retry_at)

    def _later(self, tries: int) -> datetime:
        return self._now() + timedelta(seconds=_wait_s(tries) * self._dice.uniform(1 - _JITTER, 1 + _JITTER))

    async def _settle(self, row: Delivery, result: _Result) -> None:
        await self._store.run(
            lambda store: store.settle(
                row,
                self._now(),
                sent=result.word == "sent",
                retry_at=result.retry_at,
                reason=result.reason,
            )
        )
        tell = {"sent": log.info, "retry": log.warning, "dead": log.error}[result.word]
        if not result.tried:
            tell = log.debug  # the outage itself was told with the delivery that met it
        tell(
            f"alert.{result.word}",
            channel=row.channel,
            type=row.type.value,
            event_id=row.event_id,
            attempt=row.attempts,
            reason=result.reason,
            **({"ms": result.took_ms} if result.word == "sent" else {}),
        )


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one try: "sent", "retry" (at ``retry_at``) or "dead"."""

    word: str
    reason: str
    retry_at: datetime | None = None
    took_ms: int = 0
    tried: bool = True


def spread_s(tries: int) -> float:
    """Seconds from the first to the last of so many tries. Patience is counted in these, not in the age of the
    alert: one that was due months after it was written still gets all its tries."""
    return float(sum(_wait_s(number) for number in range(1, tries)))


def _wait_s(tries: int) -> float:
    return RETRY_AFTER_S[min(max(tries, 1), len(RETRY_AFTER_S)) - 1]


def _message(delivery: Delivery) -> Message:
    try:
        return render(delivery)
    except Exception as error:
        _fault("alert.unrenderable", delivery, error)
        return render_plainly(delivery)


def _fault(event: str, delivery: Delivery, error: Exception) -> None:
    """Logs a fault of our own with its place. No traceback: its frames may hold a channel's secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    log.error(
        event,
        channel=delivery.channel,
        type=delivery.type.value,
        event_id=delivery.event_id,
        error=type(error).__name__,
        where=where,
    )
