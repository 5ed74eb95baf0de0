"""What one more look at a policy means: the text stands, it changed, it flickers, or it is another text.

Pure: takes the policy's past and the new reading, gives the state afterwards and the changes to tell. Three
rules carry it:

- A change is told when a second look agrees (`watcher.compare.looks.agreed`), with the time it first stood.
- A text that came and went is a variant of the page. The oftener it came and went, the longer it has to stay
  before it is told: alternation falls silent by itself and is reported once.
- Another language, another document or half a page in the policy's place is kept as a variant and never told
  as an edit (`watcher.compare.foreign`); half a page that lasts is a cut, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from storage.records import (
    ChangeIntent,
    ChangeKind,
    Clause,
    Comparison,
    DateSighting,
    Direction,
    Document,
    Foreign,
    Judged,
    Materiality,
    Outcome,
    Past,
    PolicyKind,
    StatedDates,
    Variant,
    Verdict,
    Version,
)
from watcher.compare import compare
from watcher.compare.looks import agreed
from watcher.compare.verdict import verdict
from watcher.extract.dates import stated_dates
from watcher.variants import adopt, arrive, back_again, followed_at_once, put, remember, stays

SIGHTINGS_KEPT = 10
_A_DAY = len("2024-06-15")  # a stated date that names its day


@dataclass(frozen=True, slots=True)
class Look:
    """One reading of the policy's page."""

    document: Document
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What the look left: ``variants`` replaces `Past.variants`; ``alternating`` is the number of texts the
    page takes turns with, where this look is the first to show it (0 otherwise)."""

    outcome: Outcome
    reason: str  # one line for people
    version: Version
    variants: tuple[Variant, ...]
    changes: tuple[ChangeIntent, ...] = ()
    sighting: DateSighting | None = None
    alternating: int = 0
    moved_to: Foreign = Foreign.NO  # the page now shows this for good, and we follow it


def settle(kind: PolicyKind, past: Past, look: Look) -> Settled:
    """Judge one more look at a policy of ``kind``."""
    version = Version(None, look.document, look.seen_at)
    sighting = sight(look)
    if not past.variants:
        own = Variant(1, version, look.seen_at, arrived_at=look.seen_at)
        return Settled(Outcome.CHANGED, "first text", version, (own,), (_first(version),), sighting)
    past = replace(past, sightings=(*past.sightings, sighting))
    variants, here = arrive(past.variants, look.document, look.seen_at)
    told = variants[0]
    variant, change, flicker = _second_look(kind, past, variants[here], version)
    if here and change and _known(change, told):
        change = None
    variants = put(variants, variant)
    moved_to = Foreign.NO
    if here and stays(variant, look.seen_at):
        moved_to = variant.foreign
        if not (change and variant.foreign is Foreign.LANGUAGE):  # an edit of that text is told as such
            change = _adoption(kind, past, told, variant)
        variants = adopt(variants, variant.number)
    elif flicker and not here:
        variants = remember(variants, flicker)
    return Settled(
        outcome=Outcome.CHANGED if change or not _same(version, told) else Outcome.UNCHANGED,
        reason=_reason(variant, here, change, flicker),
        version=version,
        variants=variants,
        changes=(change,) if change else (),
        sighting=sighting,
        alternating=sum(v.visits > 1 for v in variants[1:]) + 1 if back_again(variant, here) else 0,
        moved_to=moved_to,
    )


def advance(past: Past, settled: Settled) -> Past:
    """The past as the next look will find it."""
    stood, returns = dict(past.stood), dict(past.returns)
    for change in settled.changes:
        digest = change.after.document.digest
        stood.setdefault(digest, change.after.id or 0)
        if change.kind is ChangeKind.REVERTED:
            returns[digest] = returns.get(digest, 0) + 1
    sightings = (*past.sightings, *([settled.sighting] if settled.sighting else ()))[-SIGHTINGS_KEPT:]
    return Past(settled.variants, stood, returns, sightings)


def at_word(kind: PolicyKind, past: Past) -> tuple[tuple[Variant, ...], tuple[ChangeIntent, ...]]:
    """The end of an import: the newest capture has no second look and is taken at its word, unconfirmed."""
    if not past.variants or not past.variants[0].pending or not past.variants[0].streak:
        return past.variants, ()
    own = past.variants[0]
    assert own.pending and own.pending_seen_at
    change = _change(kind, past, own, own.pending, own.pending_seen_at, None)
    stands = replace(
        own, standing=own.pending, standing_seen_at=own.pending_seen_at, pending=None, pending_seen_at=None
    )
    return (stands, *past.variants[1:]), (change,) if change else ()


def _reason(variant: Variant, here: int, change: ChangeIntent | None, flicker: Version | None) -> str:
    if change:
        return "a second look confirms the change" if here == 0 else "the page stays with the other text"
    if here and variant.foreign:
        return _FOREIGN[variant.foreign]
    if here:
        return f"a known other text of this page, visit {variant.visits}"
    if flicker:
        return "what the last look showed is gone again: flicker"
    return "differs; a second look will tell" if variant.pending else ""


_FOREIGN = {
    Foreign.LANGUAGE: "the page shows another language; kept, not compared",
    Foreign.DOCUMENT: "the page shows another document; kept, not compared",
    Foreign.PART: "the page shows only a part of the text; kept, not compared",
}


# ---------------------------------------------------------------- the second look


def _second_look(
    kind: PolicyKind, past: Past, variant: Variant, version: Version
) -> tuple[Variant, ChangeIntent | None, Version | None]:
    """Hold the look against what stands and what is pending in its variant: the variant afterwards, the
    change now confirmed, and the pending text that turned out to be flicker."""
    pending, since = variant.pending, variant.pending_seen_at
    stands = _agreed_version(variant, pending, version) if pending else variant.standing
    change = None
    flicker = None
    if pending and since and stands.document.digest != variant.standing.document.digest:
        change = _change(kind, past, variant, stands, since, version.seen_at)
    elif pending and pending.document.digest != version.document.digest:
        flicker = pending
    after = replace(variant, standing=stands, pending=None, pending_seen_at=None)
    if version.document.digest == stands.document.digest:
        return replace(after, standing_seen_at=version.seen_at), change, flicker
    if change and since:
        after = replace(after, standing_seen_at=since)
    return replace(after, pending=version, pending_seen_at=version.seen_at), change, flicker


def _agreed_version(variant: Variant, first: Version, second: Version) -> Version:
    if _edition(variant.standing, first, second):
        return first
    clauses = agreed(variant.standing.document, first.document, second.document)
    for seen in (first, variant.standing):
        if clauses == seen.document.clauses:
            return seen
    document = replace(first.document, clauses=clauses, dates=_dates_of(clauses, first))
    for seen in (first, variant.standing):
        if document.digest == seen.document.digest:
            return seen
    return Version(None, document, first.seen_at, composed=True)


def _edition(standing: Version, first: Version, second: Version) -> bool:
    """Is the first look an edition of its own, by a stated date the second look does not take back?

    Between two captures of an archive may lie a third edition. A date of the very day of the look proves
    nothing: the page may stamp itself."""
    old, new, later = (v.document.dates.own for v in (standing, first, second))
    if not (old and new and later) or not len(old.value) == len(new.value) == len(later.value) == _A_DAY:
        return False
    fresh = abs((date.fromisoformat(new.value) - first.seen_at.date()).days) <= 1
    return old.value < new.value <= later.value and not fresh


def _dates_of(clauses: tuple[Clause, ...], first: Version) -> StatedDates:
    """The first look's dates where the words they were read from still stand, else read anew."""
    dates = first.document.dates
    words = [d.evidence for d in (dates.updated, dates.effective) if d]
    if all(any(w in c.text for c in clauses) for w in words):
        return dates
    return stated_dates(clauses, language=first.document.language, seen_at=first.seen_at)


# ---------------------------------------------------------------- what is told


def _first(version: Version) -> ChangeIntent:
    return ChangeIntent(
        before=None,
        after=version,
        comparison=None,
        kind=ChangeKind.FIRST,
        judged=Judged(Verdict.UNDATED if not version.document.dates.own else Verdict.ANNOUNCED, None, ""),
        previous_seen_at=None,
        first_seen_at=version.seen_at,
        confirmed_at=version.seen_at,
        notify=False,
    )


def _change(
    kind: PolicyKind,
    past: Past,
    variant: Variant,
    after: Version,
    first_seen_at: datetime,
    confirmed_at: datetime | None,
) -> ChangeIntent | None:
    before = variant.standing
    comparison = compare(before.document, after.document, kind=kind)
    judged = verdict(
        before.document.dates,
        after.document.dates,
        text_changed=comparison.kind is not ChangeKind.DATE_ONLY,
        previous_seen_at=variant.standing_seen_at,
        first_seen_at=first_seen_at,
        sightings=past.sightings,
    )
    if judged.verdict is Verdict.AUTO_DATED and comparison.kind is ChangeKind.DATE_ONLY:
        return None
    if not comparison.clauses:
        return None
    digest = after.document.digest
    returned = digest in past.stood
    change_kind = ChangeKind.REVERTED if returned else comparison.kind
    return ChangeIntent(
        before=before,
        after=after,
        comparison=comparison,
        kind=change_kind,
        judged=judged,
        previous_seen_at=variant.standing_seen_at,
        first_seen_at=first_seen_at,
        confirmed_at=confirmed_at,
        notify=_worth_telling(comparison) and past.returns.get(digest, 0) == 0,
    )


def _adoption(kind: PolicyKind, past: Past, told: Variant, variant: Variant) -> ChangeIntent | None:
    """The page has moved to ``variant`` for good: told as a change, unless it is no edit at all."""
    since = variant.arrived_at or variant.standing_seen_at
    change = _change(kind, past, told, variant.standing, since, variant.standing_seen_at)
    if change and change.comparison and followed_at_once(variant):
        # Two texts, not two states of one: no date is held against the difference and nothing is weighed.
        unweighed = replace(
            change.comparison,
            materiality=Materiality.NONE,
            topics=(),
            direction=Direction.UNCLEAR,
            summary=f"Another text in the policy's place (other {variant.foreign.value}), followed from here on.",
        )
        return replace(change, notify=False, comparison=unweighed, judged=Judged(Verdict.UNDATED, None, ""))
    return change


def _worth_telling(comparison: Comparison) -> bool:
    return comparison.materiality.rank >= Materiality.LOW.rank


def _known(change: ChangeIntent, told: Variant) -> bool:
    """Was this edit of a side variant told already, of the policy's own text?"""
    assert change.comparison is not None
    own = {c.text for c in told.standing.document.clauses}
    return all(
        (row.after is None or row.after in own) and (row.before is None or row.before not in own)
        for row in change.comparison.clauses
    )


def _same(version: Version, told: Variant) -> bool:
    return version.document.digest == told.standing.document.digest


def sight(look: Look) -> DateSighting:
    """What this look says of the stated date, beside the text without the clauses the date stands in."""
    document = look.document
    dates = [d for d in (document.dates.updated, document.dates.effective) if d]
    if not dates:
        return DateSighting(look.seen_at, "", document.digest)
    steady = tuple(c for c in document.clauses if not any(d.evidence in c.text for d in dates))
    own = document.dates.own
    return DateSighting(look.seen_at, own.value if own else "", replace(document, clauses=steady).digest)
