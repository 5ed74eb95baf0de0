"""Archived captures become history: judged in time order as if seen then, told to nobody.

The next capture is each capture's second look. Captures older than what is already known go before it: the
text the archive ends with is held against the first text seen live.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from storage.records import (
    Capture,
    ChangeIntent,
    CheckIntent,
    Document,
    Outcome,
    Past,
    Policy,
    Quality,
    Reading,
    Variant,
)
from watcher.archives.values import ArchiveError, Entry
from watcher.check import READ_TIMEOUT_S, House, read_only
from watcher.settle import Look, Settled, advance, at_word, settle
from watcher.work import WorkFailed

READ_AHEAD = 4
"""Captures of one policy read in workers while the one before is being judged."""


@dataclass(slots=True)
class Imported:
    """What an import came to, counted as it goes."""

    captures: int = 0
    known: int = 0  # already in the history
    versions: int = 0
    changes: int = 0
    not_the_policy: int = 0
    problems: list[str] = field(default_factory=list)


def by_policy(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each address in time order."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.url].append(entry)
    return {url: sorted(group, key=lambda e: e.captured_at) for url, group in sorted(groups.items())}


async def import_policy(
    policy: Policy,
    entries: Sequence[Entry],
    house: House,
    imported: Imported,
    on_capture: Callable[[], None] = lambda: None,
) -> None:
    """Judge ``entries`` (in time order) into the history of ``policy``, counting into ``imported``."""
    known = await house.store.run(lambda store: store.look_times(policy.id))
    fresh = [e for e in entries if e.captured_at not in known]
    imported.known += len(entries) - len(fresh)
    newest = max(known, default=None)
    older = [e for e in fresh if newest is not None and e.captured_at < newest]
    if older:
        await _stream(policy, older, house, imported, on_capture, before=True)
    newer = fresh[len(older) :]
    if newer:
        await _stream(policy, newer, house, imported, on_capture, before=False)


async def _stream(
    policy: Policy,
    entries: Sequence[Entry],
    house: House,
    imported: Imported,
    on_capture: Callable[[], None],
    *,
    before: bool,
) -> None:
    """One run of captures. ``before``: all of them older than the history that stands, which stays as it is."""
    past = Past() if before else await house.store.run(lambda store: store.past(policy.id))
    ahead: deque[tuple[Entry, asyncio.Task[tuple[Capture, Document] | str]]] = deque()
    todo = iter(entries)
    while True:
        while len(ahead) < READ_AHEAD and (entry := next(todo, None)):
            ahead.append((entry, asyncio.create_task(_read(entry, policy, house))))
        if not ahead:
            break
        entry, task = ahead.popleft()
        result = await task
        if isinstance(result, str):
            imported.problems.append(result)
        else:
            past = await _judge(policy, past, *result, house, imported, keep_state=not before)
        on_capture()
    if before:
        await _meet_the_present(policy, past, house, imported)
    elif past.variants:
        await _take_at_word(policy, past, house, imported)


async def _read(entry: Entry, policy: Policy, house: House) -> tuple[Capture, Document] | str:
    try:
        capture = await entry.capture()
        document = await house.workers.call(read_only, capture, policy.select, timeout_s=READ_TIMEOUT_S)
    except ArchiveError as error:
        return str(error)
    except WorkFailed as error:
        document = Document("", "", (), quality=Quality(Reading.UNREADABLE, str(error), 0.0))
    if capture.status in (404, 410):
        document = replace(document, quality=Quality(Reading.MISSING, f"status {capture.status}", 0.0))
    return capture, document


async def _judge(
    policy: Policy,
    past: Past,
    capture: Capture,
    document: Document,
    house: House,
    imported: Imported,
    *,
    keep_state: bool,
) -> Past:
    imported.captures += 1
    if document.quality.reading is not Reading.POLICY:
        imported.not_the_policy += 1
        outcome = Outcome(document.quality.reading.value)
        await _record(_archived(policy, capture, outcome, document.quality.reason), house)
        return past
    look = Look(document, capture.fetched_at)
    settled = await _settle(policy, past, look, house)
    imported.changes += sum(c.before is not None for c in settled.changes)
    await _record(
        replace(
            _archived(policy, capture, settled.outcome, settled.reason),
            version=settled.version,
            variants=settled.variants if keep_state else None,
            changes=settled.changes,
            sighting=settled.sighting,
        ),
        house,
    )
    return advance(past, settled)


async def _settle(policy: Policy, past: Past, look: Look, house: House) -> Settled:
    """In this process where the text is the one that stands; in a worker where texts are to be compared."""
    own = past.variants[0] if past.variants else None
    if own is None or (own.pending is None and own.standing.document.digest == look.document.digest):
        return settle(policy.kind, past, look)
    return await house.workers.call(settle, policy.kind, past, look, timeout_s=READ_TIMEOUT_S)


async def _take_at_word(policy: Policy, past: Past, house: House, imported: Imported) -> None:
    variants, changes = at_word(policy.kind, past)
    if changes:
        await _record_end(policy, changes, variants, house, imported)


async def _meet_the_present(policy: Policy, past: Past, house: House, imported: Imported) -> None:
    """Hold the text the archive ends with against the first text of the history it goes before."""
    first = await house.store.run(lambda store: store.first_text_after(policy.id, _last_seen(past)))
    if first is None or not past.variants:
        return
    for _ in range(2):  # that text stood, so it is its own second look
        settled = settle(policy.kind, past, Look(first.document, first.seen_at))
        past = advance(past, settled)
        if settled.changes:
            await _record_end(policy, settled.changes, None, house, imported)


def _last_seen(past: Past) -> datetime | None:
    return past.sightings[-1].seen_at if past.sightings else None


async def _record_end(
    policy: Policy,
    changes: tuple[ChangeIntent, ...],
    variants: tuple[Variant, ...] | None,
    house: House,
    imported: Imported,
) -> None:
    imported.changes += len(changes)
    await house.store.run(lambda store: store.record_changes(policy.id, changes, variants, house.now()))


def _archived(policy: Policy, capture: Capture, outcome: Outcome, reason: str) -> CheckIntent:
    return CheckIntent(
        policy=policy.id,
        started_at=capture.fetched_at,
        duration_ms=0,
        outcome=outcome,
        reason=reason,
        capture=capture,
        version=None,
        variants=None,
        archived=True,
    )


async def _record(intent: CheckIntent, house: House) -> None:
    await house.store.run(lambda store: store.record(intent, house.now()))
