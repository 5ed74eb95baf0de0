"""The change record as JSON values, both ways.

One shape for everyone: a line of ``clausewatch changes --format jsonl``, the ``data`` of a webhook and the
payload of a delivery row. Times are ISO 8601 in UTC with a ``Z``; closed sets are their values; a stated date
is its value alone ("2023-11-10", "2023-11", "2023"), with the words it was read from in ``stated_evidence``.
``from_version`` and ``to_version`` count within the policy, as ``clausewatch history`` shows and
``clausewatch diff POLICY A B`` takes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from storage.records import (
    Change,
    ChangeKind,
    ClauseChange,
    ClauseKind,
    Comparison,
    Direction,
    Materiality,
    Op,
    StatedDate,
    StatedDates,
    Topic,
    Verdict,
)


def to_record(change: Change) -> dict[str, Any]:
    """The change as JSON values; ``from_record`` takes it back (word operations are not carried: they follow
    from ``before`` and ``after``)."""
    return {
        "id": change.id,
        "policy": change.policy,
        "url": change.url,
        "service": change.service,
        "kind": change.kind.value,
        "verdict": change.verdict.value,
        "days": change.days,
        "materiality": change.materiality.value,
        "topics": [t.value for t in change.topics],
        "direction": change.direction.value,
        "summary": change.summary,
        "language": change.language,
        "previous_seen_at": iso(change.previous_seen_at),
        "first_seen_at": iso(change.first_seen_at),
        "confirmed_at": iso(change.confirmed_at),
        "notify": change.notify,
        "stated_before": _stated(change.stated_before),
        "stated_after": _stated(change.stated_after),
        "stated_evidence": {
            "before": change.stated_before.own.evidence if change.stated_before.own else None,
            "after": change.stated_after.own.evidence if change.stated_after.own else None,
        },
        "words_added": change.words_added,
        "words_removed": change.words_removed,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "clauses": [_clause(c) for c in change.clauses],
    }


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """What two texts compared without any visit say: the part of the record that depends on the texts alone."""
    return {
        "kind": comparison.kind.value,
        "materiality": comparison.materiality.value,
        "topics": [t.value for t in comparison.topics],
        "direction": comparison.direction.value,
        "summary": comparison.summary,
        "language": comparison.language,
        "words_added": comparison.words_added,
        "words_removed": comparison.words_removed,
        "clauses": [_clause(c) for c in comparison.clauses],
    }


def from_record(record: Mapping[str, Any]) -> Change:
    """The change a record tells of. Unknown keys are ignored; a missing or impossible value raises KeyError,
    TypeError or ValueError."""
    evidence = record.get("stated_evidence") or {}
    confirmed_at, previous = record.get("confirmed_at"), record.get("previous_seen_at")
    return Change(
        id=int(record["id"]),
        policy=str(record["policy"]),
        url=str(record["url"]),
        service=str(record["service"]),
        kind=ChangeKind(record["kind"]),
        verdict=Verdict(record["verdict"]),
        materiality=Materiality(record["materiality"]),
        topics=_topics(record["topics"]),
        direction=Direction(record.get("direction", "unclear")),
        summary=str(record["summary"]),
        language=str(record.get("language", "")),
        previous_seen_at=moment(previous) if previous else None,
        first_seen_at=moment(record["first_seen_at"]),
        confirmed_at=moment(confirmed_at) if confirmed_at else None,
        notify=bool(record["notify"]),
        stated_before=_dates(record["stated_before"], evidence.get("before")),
        stated_after=_dates(record["stated_after"], evidence.get("after")),
        words_added=int(record["words_added"]),
        words_removed=int(record["words_removed"]),
        from_version=record["from_version"],
        to_version=int(record["to_version"]),
        clauses=tuple(_clause_change(c) for c in record["clauses"]),
        days=record.get("days"),
    )


def iso(at: datetime | None) -> str | None:
    """ "2024-06-15T08:00:00Z", in UTC; None stays None."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The UTC datetime of an ISO text; ValueError where it is none or names no offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without an offset: {text!r}")
    return at.astimezone(UTC)


def _stated(dates: StatedDates) -> dict[str, str | None]:
    return {
        "updated": dates.updated.value if dates.updated else None,
        "effective": dates.effective.value if dates.effective else None,
    }


def _dates(values: Mapping[str, str | None], evidence: str | None) -> StatedDates:
    updated, effective = values.get("updated"), values.get("effective")
    words = evidence or ""
    return StatedDates(
        updated=StatedDate(updated, words) if updated else None,
        effective=StatedDate(effective, "" if updated else words) if effective else None,
    )


def _clause(clause: ClauseChange) -> dict[str, Any]:
    return {
        "op": clause.op.value,
        "section": clause.section,
        "before": clause.before,
        "after": clause.after,
        "topics": [t.value for t in clause.topics],
        "materiality": clause.materiality.value,
        "direction": clause.direction.value,
        "reasons": list(clause.reasons),
        "moved": clause.moved,
        "kind": clause.kind.value,
        "number_before": clause.number_before,
        "number_after": clause.number_after,
    }


def _clause_change(record: Mapping[str, Any]) -> ClauseChange:
    return ClauseChange(
        op=Op(record["op"]),
        section=str(record["section"]),
        before=record["before"],
        after=record["after"],
        topics=_topics(record.get("topics", ())),
        materiality=Materiality(record.get("materiality", "none")),
        direction=Direction(record.get("direction", "unclear")),
        reasons=tuple(str(r) for r in record.get("reasons", ())),
        moved=bool(record.get("moved", False)),
        kind=ClauseKind(record.get("kind", "paragraph")),
        number_before=str(record.get("number_before", "")),
        number_after=str(record.get("number_after", "")),
    )


def _topics(values: Sequence[str]) -> tuple[Topic, ...]:
    return tuple(Topic(v) for v in values)
