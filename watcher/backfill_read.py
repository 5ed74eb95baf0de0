"""Archived captures read ahead of their judgement: the same bytes once, errors of the past as what they were."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage.records import Capture, Document, Outcome, Policy, Reading
from watcher.archives.values import ArchiveError, ArchiveStops, Entry
from watcher.check import READ_TIMEOUT_S, House, reading
from watcher.fetch.status import objection
from watcher.work import WorkFailed

READ_AHEAD = 4
"""Captures of one policy read in workers while the one before is being judged."""
_READINGS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Read:
    """A capture and what the reader made of it; no document where it is not the policy."""

    capture: Capture
    document: Document | None
    outcome: Outcome = Outcome.UNCHANGED
    reason: str = ""


async def read_ahead(
    entries: Sequence[Entry], policy: Policy, house: House
) -> AsyncIterator[Read | str | ArchiveStops]:
    """What `_read` makes of each entry, in order, a few of them under way at once."""
    tasks: deque[asyncio.Task[Read | str | ArchiveStops]] = deque()
    readings: _Readings = {}
    todo: Iterator[Entry] = iter(entries)
    try:
        while True:
            while len(tasks) < READ_AHEAD and (entry := next(todo, None)):
                tasks.append(asyncio.create_task(_read(entry, policy, house, readings)))
            if not tasks:
                return
            yield await tasks[0]
            tasks.popleft()
    finally:
        left: list[asyncio.Task[Any]] = [*tasks, *readings.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


_Readings = dict[tuple[str, str], "asyncio.Task[Document]"]


async def _read(entry: Entry, policy: Policy, house: House, readings: _Readings) -> Read | str | ArchiveStops:
    try:
        capture = await entry.capture()
    except ArchiveStops as error:
        return error
    except ArchiveError as error:
        return str(error)
    if no := objection(capture, capture.fetched_at, conditional=False):
        return Read(capture, None, no.outcome, no.message)
    try:
        document = await _reading(capture, policy, house, readings)
    except WorkFailed as error:
        return Read(capture, None, Outcome.UNREADABLE, str(error))
    if document.quality.reading is not Reading.POLICY:
        return Read(capture, None, Outcome(document.quality.reading.value), document.quality.reason)
    return Read(capture, document)


async def _reading(capture: Capture, policy: Policy, house: House, readings: _Readings) -> Document:
    """The document of these bytes: most captures repeat the bytes of the one before and are not read again."""
    key = (capture.sha256, capture.content_type)
    task = readings.get(key)
    if task is None:
        work = house.workers.call(reading, capture, policy.select, policy.kind, timeout_s=READ_TIMEOUT_S)
        task = readings[key] = asyncio.ensure_future(work)
        while len(readings) > _READINGS_KEPT:
            readings.pop(next(iter(readings)))
    return await asyncio.shield(task)
