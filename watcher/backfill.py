"""Archived captures become history: judged in time order as if seen then, told to nobody.

The next capture is each capture's second look. Captures older than what is already known go before it: the
text the archive ends with is held against the first text seen live. Captures that fall into a gap of the known
history begin with the text that stood before the gap and are held against the look that ends it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from storage.records import (
    Capture,
    ChangeIntent,
    CheckIntent,
    Outcome,
    Past,
    Policy,
    Variant,
    Version,
)
from storage.store import Store
from storage.times import moment
from watcher.archives.values import ArchiveStops, Entry
from watcher.backfill_read import Read, read_ahead
from watcher.check import House, settled_by
from watcher.settle import Look, advance, at_word, settle
from watcher.work import WorkFailed


@dataclass(slots=True)
class Imported:
    """What an import came to, counted as it goes."""

    captures: int = 0
    known: int = 0  # already in the history
    versions: int = 0
    changes: int = 0
    not_the_policy: int = 0
    stopped: str = ""  # why the archive gave no more, where it did not
    problems: list[str] = field(default_factory=list)


def place(url: str) -> str:
    """What makes two addresses the same page: archives hold one under http and https, with and without "www."
    and a last slash."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url
    tail = f":{port}" if port not in (None, 80, 443) else ""
    return f"{host}{tail}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


def by_policy(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each page in time order, under the address its newest one has."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: e.captured_at):
        groups[place(entry.url)].append(entry)
    return {group[-1].url: group for _, group in sorted(groups.items())}


async def import_policy(
    policy: Policy,
    entries: Sequence[Entry],
    house: House,
    imported: Imported,
    on_capture: Callable[[], None] = lambda: None,
) -> None:
    """Judge ``entries`` (in time order) into the history of ``policy``, counting into ``imported``."""
    known = await house.store.run(lambda store: store.look_times(policy.id))
    fresh = []
    for entry in entries:
        if entry.captured_at in known:
            imported.known += 1
            on_capture()
        else:
            known.add(entry.captured_at)  # one file may hold a capture twice
            fresh.append(entry)
    looks = await house.store.run(lambda store: _looks(store, policy.id))
    times = [at for at, _ in looks]
    for ends, run in groupby(fresh, key=lambda e: bisect_left(times, e.captured_at)):
        gap = _Gap(*looks[ends - 1]) if ends else _Gap()
        if ends < len(looks):
            gap = replace(gap, ends_at=looks[ends][0], after=looks[ends][1])
        await _stream(policy, tuple(run), house, imported, on_capture, gap)
        if imported.stopped:
            return


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where in the known history a run of captures falls: after the look at ``begins_at``, which showed version
    ``before``, and before that at ``ends_at``, which showed ``after``. None: no look there."""

    begins_at: datetime | None = None
    before: int | None = None
    ends_at: datetime | None = None
    after: int | None = None


def _looks(store: Store, policy: str) -> list[tuple[datetime, int]]:
    """Every look of the policy that showed a text, in time order, with the version it showed."""
    rows = store.rows(
        "select k.started_at, c.fetched_at, k.version from checks k left join captures c on c.id = k.capture"
        " where k.policy = ? and k.version is not null",
        (policy,),
    )
    found = [(moment(str(r["fetched_at"] or r["started_at"])), int(str(r["version"]))) for r in rows]
    return sorted((at, version) for at, version in found if at is not None)


async def _stream(
    policy: Policy,
    entries: Sequence[Entry],
    house: House,
    imported: Imported,
    on_capture: Callable[[], None],
    gap: _Gap,
) -> None:
    """One run of captures between two looks. Where a look comes after it, the state between two looks stays
    what that history left."""
    newest = gap.ends_at is None
    past = await (
        house.store.run(lambda store: store.past(policy.id)) if newest else _past_at(policy, gap, house)
    )
    found = past.variants[0].standing.document.digest if past.variants else ""
    async for result in read_ahead(entries, policy, house):
        if isinstance(result, str):
            imported.problems.append(result)
        elif isinstance(result, ArchiveStops):
            imported.stopped = str(result)
            return
        else:
            past = await _judge(policy, past, result, house, imported, keep_state=newest)
        on_capture()
    if not past.variants:
        return
    if newest:
        await _take_at_word(policy, past, house, imported)
    elif past.variants[0].pending or past.variants[0].standing.document.digest != found:
        await _meet_the_present(policy, past, gap, house, imported)


async def _past_at(policy: Policy, gap: _Gap, house: House) -> Past:
    """The past as it was where the gap begins: the text that stood then."""
    if gap.before is None or gap.begins_at is None:
        return Past()
    begins_at, number = gap.begins_at, gap.before
    version: Version = await house.store.run(lambda store: store.version(number))
    own = Variant(1, version, begins_at, arrived_at=begins_at)
    return Past((own,), {version.document.digest: number})


async def _judge(
    policy: Policy, past: Past, read: Read, house: House, imported: Imported, *, keep_state: bool
) -> Past:
    imported.captures += 1
    capture = read.capture
    try:
        settled = (
            await settled_by(house.workers, policy.kind, past, Look(read.document, capture.fetched_at))
            if read.document
            else None
        )
    except WorkFailed as error:
        imported.problems.append(f"{policy.id}: the capture of {capture.fetched_at:%Y-%m-%d}: {error}")
        read, settled = Read(capture, None, Outcome.UNREADABLE, str(error)), None
    if settled is None:
        imported.not_the_policy += 1
        await _record(_archived(policy, capture, read.outcome, read.reason), house)
        return past
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


async def _take_at_word(policy: Policy, past: Past, house: House, imported: Imported) -> None:
    variants, changes = at_word(policy.kind, past)
    if changes:
        await _record_end(policy, changes, variants, house, imported)


async def _meet_the_present(policy: Policy, past: Past, gap: _Gap, house: House, imported: Imported) -> None:
    """Hold the text a run of captures ends with against the look it goes before. A change that history has
    told already, of the same two texts, is not told a second time."""
    ends_at, number = gap.ends_at, gap.after
    assert ends_at and number
    first: Version = await house.store.run(lambda store: store.version(number))
    told = await house.store.run(lambda store: _told_between(store, policy.id, gap))
    for _ in range(2):  # that text stood, so it is its own second look
        settled = settle(policy.kind, past, Look(first.document, ends_at))
        past = advance(past, settled)
        fresh = tuple(c for c in settled.changes if c.before and _texts(c) not in told)
        if fresh:
            await _record_end(policy, fresh, None, house, imported)


def _told_between(store: Store, policy: str, gap: _Gap) -> set[tuple[str, str]]:
    """Text before and after of the changes first seen at the look that ends the gap."""
    rows = store.rows(
        "select f.text_sha256 as a, t.text_sha256 as b, c.first_seen_at as at from changes c"
        " join versions f on f.id = c.from_version join versions t on t.id = c.to_version where c.policy = ?",
        (policy,),
    )
    return {(str(r["a"]), str(r["b"])) for r in rows if moment(str(r["at"])) == gap.ends_at}


def _texts(change: ChangeIntent) -> tuple[str, str]:
    return (change.before.document.digest if change.before else "", change.after.document.digest)


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
