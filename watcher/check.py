"""One check of one policy, from the address to the record. Start reading here.

    fetch    the gate gives a capture, "not modified", or a typed error
    read     bytes → document, in a worker that can be killed
    settle   does the text stand, did it change, did it flicker?
    record   one transaction: capture, version, change, deliveries, check, next due time, validators

Everything with an edge (network, store, workers, clock) comes in through `House`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from storage.records import (
    Brief,
    Capture,
    ChangeIntent,
    CheckIntent,
    Document,
    Outcome,
    Past,
    Policy,
    PolicyKind,
    Reading,
    Validators,
    Variant,
    Version,
)
from watcher.extract import EXTRACTOR, read
from watcher.fetch import Answer, FetchError, HostPaused, NotModified
from watcher.health import Patience
from watcher.intents import Routes, Timetable, Visit
from watcher.part import part_of
from watcher.settle import Look, Settled, settle
from watcher.work import WorkFailed

T = TypeVar("T")
READ_TIMEOUT_S = 20.0
"""A policy reads in milliseconds; a page that takes this long is built to take long."""


class Gate(Protocol):
    """The one way out (`watcher.fetch.Gate`)."""

    async def get(
        self, url: str, *, validators: Validators | None = None, robots: bool = True
    ) -> Capture | NotModified: ...

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class Keeper(Protocol):
    async def run(self, work: Callable[[Any], T]) -> T: ...


class Mind(Protocol):
    async def call(self, work: Callable[..., T], /, *args: object, timeout_s: float) -> T: ...


@dataclass(frozen=True, slots=True)
class House:
    """What one check needs of the world."""

    gate: Gate
    store: Keeper
    workers: Mind
    routes: Routes
    timetable: Timetable
    now: Callable[[], datetime]
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to, for the log and the terminal."""

    policy: Policy
    outcome: Outcome
    reason: str
    duration_ms: int
    changes: tuple[ChangeIntent, ...] = ()
    change_ids: tuple[int, ...] = ()


async def check(policy: Policy, house: House) -> Checked:
    """Look at ``policy`` once and record what came of it, whatever it is."""
    started_at = house.now()
    brief: Brief = await house.store.run(lambda store: store.brief(policy.id))
    try:
        answer = await house.gate.get(policy.url, validators=brief.validators)
        intent = await _look(policy, house, brief, started_at, answer)
    except HostPaused as error:
        return await _put_off(policy, house, started_at, error)
    except FetchError as error:
        visit = _visit(policy, house, brief, started_at)
        intent = visit.trouble(
            error.outcome, error.message, error.capture, retry_at=error.retry_at, permanent=error.permanent
        )
    ids: list[int] = await house.store.run(lambda store: store.record(intent, house.now()))
    return Checked(policy, intent.outcome, intent.reason, intent.duration_ms, intent.changes, tuple(ids))


async def _put_off(policy: Policy, house: House, started_at: datetime, pause: HostPaused) -> Checked:
    """The host is being left alone: no visit was made, so none is recorded and nothing counts as failed."""
    due = house.timetable.next_check(
        policy, house.now(), unsettled=False, failures=1, retry_at=pause.retry_at, permanent=False
    )
    await house.store.run(lambda store: store.put_off(policy.id, due))
    spent = round((house.now() - started_at).total_seconds() * 1000)
    return Checked(policy, Outcome.FAILED, pause.message, spent)


async def _look(
    policy: Policy, house: House, brief: Brief, started_at: datetime, answer: Capture | NotModified
) -> CheckIntent:
    came = answer if isinstance(answer, Capture) else None
    steady = came is None or came.sha256 == brief.body_sha256
    if steady and brief.settled and brief.extractor == EXTRACTOR:
        return _visit(policy, house, brief, started_at).steady(came)
    try:
        past = await known_past(policy, house, brief)
        if steady and past.variants:
            look = Look(_shown(past), started_at)
        else:
            assert came is not None
            document = await _read(policy, house, past, came)
            if (quality := document.quality).reading is not Reading.POLICY:
                visit = _visit(policy, house, brief, started_at)
                return visit.trouble(Outcome(quality.reading.value), quality.reason, came)
            look = Look(document, came.fetched_at)
        settled = await settled_by(house.workers, policy.kind, past, look)
    except WorkFailed as error:
        return _visit(policy, house, brief, started_at).trouble(Outcome.UNREADABLE, str(error), came)
    return _visit(policy, house, brief, started_at).read(came, settled)


def _shown(past: Past) -> Document:
    """What the page showed last: its bytes are as they were, so this is what it shows now."""
    shown = max(past.variants, key=lambda v: v.streak)
    return (shown.pending or shown.standing).document


async def _read(policy: Policy, house: House, past: Past, came: Capture) -> Document:
    """The reading of what came. Mostly it is the text that stands: then its clauses need not travel."""
    stands = past.variants[0].standing.document if past.variants else None
    document, known = await house.workers.call(
        reading_beside,
        stands.digest if stands else "",
        came,
        policy.select,
        policy.kind,
        timeout_s=READ_TIMEOUT_S,
    )
    return replace(document, clauses=stands.clauses) if known and stands else document


def reading_beside(
    digest: str, capture: Capture, select: str | None, kind: PolicyKind
) -> tuple[Document, bool]:
    """`reading`, without its clauses where they are those of the text with this ``digest`` (then True) or no
    policy at all."""
    document = reading(capture, select, kind)
    known = document.digest == digest
    if known or document.quality.reading is not Reading.POLICY:
        return replace(document, clauses=()), known
    return document, False


async def settled_by(workers: Mind, kind: PolicyKind, past: Past, look: Look) -> Settled:
    """`settle`, in this process where the text is the one that stands (nothing is compared then) or the first,
    in a worker where texts are held against each other. Raises WorkFailed."""
    own = past.variants[0] if past.variants else None
    if own is None or (own.pending is None and own.standing.document.digest == look.document.digest):
        return settle(kind, past, look)
    return await workers.call(settle, kind, past, look, timeout_s=READ_TIMEOUT_S)


async def known_past(policy: Policy, house: House, brief: Brief) -> Past:
    """The policy's past, as this version of the reader reads it: our own upgrades are no changes."""
    past: Past = await house.store.run(lambda store: store.past(policy.id))
    if brief.extractor in ("", EXTRACTOR):
        return past
    variants = [await _reread(policy, house, variant) for variant in past.variants]
    return replace(past, variants=tuple(variants))


async def _reread(policy: Policy, house: House, variant: Variant) -> Variant:
    async def again(version: Version) -> Version:
        capture = await house.store.run(lambda store: store.version_capture(version.id))
        document = await house.workers.call(
            reading, capture, policy.select, policy.kind, timeout_s=READ_TIMEOUT_S
        )
        return Version(None, document, version.seen_at)

    pending = await again(variant.pending) if variant.pending else None
    return replace(variant, standing=await again(variant.standing), pending=pending)


def reading(capture: Capture, select: str | None, kind: PolicyKind) -> Document:
    """The policy of this ``kind`` that a capture holds. A selector has the last word on what belongs to it."""
    document = read(capture, select=select)
    return document if select else part_of(document, kind, capture.fetched_at)


def _visit(policy: Policy, house: House, brief: Brief, started_at: datetime) -> Visit:
    return Visit(policy, brief, started_at, house.now(), house.routes, house.timetable, house.patience)
