"""Values the tests of this room share; all names and texts are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.change_record import to_record
from storage.records import (
    AlertType,
    Change,
    ChangeIntent,
    ChangeKind,
    ClauseChange,
    Comparison,
    Delivery,
    Direction,
    Document,
    Judged,
    Materiality,
    Op,
    Policy,
    PolicyKind,
    StatedDate,
    StatedDates,
    Topic,
    Verdict,
    Version,
)
from watcher.alert.message import Message
from watcher.alert.render import render

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

CLAUSES = (
    ClauseChange(
        Op.MODIFIED,
        "1. Who we are",
        "These terms are between you and Acme Corp.",
        "These terms are between you and Acme Holding Limited.",
        topics=(Topic.CONTACT,),
        materiality=Materiality.HIGH,
        direction=Direction.WORSE,
        reasons=("party: Acme Corp. → Acme Holding Limited",),
    ),
    ClauseChange(
        Op.ADDED,
        "9. Disputes › 9.2 Arbitration",
        None,
        "Any dispute shall be settled by binding arbitration.",
        topics=(Topic.DISPUTES,),
        materiality=Materiality.MEDIUM,
        reasons=("binding arbitration appears",),
    ),
    ClauseChange(Op.REMOVED, "3. Your rights", "You may leave at any time.", None),
)

CHANGE = Change(
    id=17,
    policy="acme-terms",
    url="https://acme.example/terms",
    service="Acme",
    kind=ChangeKind.EDIT,
    verdict=Verdict.SILENT,
    materiality=Materiality.HIGH,
    topics=(Topic.CONTACT, Topic.DISPUTES),
    direction=Direction.WORSE,
    summary="Contracting entity changed: Acme Corp. → Acme Holding Limited; the stated date stayed 2025-11-10.",
    language="en",
    previous_seen_at=NOW - timedelta(days=1),
    first_seen_at=NOW - timedelta(minutes=10),
    confirmed_at=NOW,
    notify=True,
    stated_before=StatedDates(effective=StatedDate("2025-11-10", "Effective: 10 November 2025")),
    stated_after=StatedDates(effective=StatedDate("2025-11-10", "Effective: 10 November 2025")),
    words_added=50,
    words_removed=62,
    from_version=3,
    to_version=4,
    clauses=CLAUSES,
    days=112,
)

POLICY = Policy("acme-terms", "https://acme.example/terms", "Acme", PolicyKind.TERMS)


def delivery(
    payload: dict[str, Any] | None = None,
    type_: AlertType = AlertType.CHANGED,
    *,
    id: int = 1,
    channel: str = "legal",
    attempts: int = 1,
) -> Delivery:
    """A claimed delivery; without a payload, of the sample change."""
    shown = to_record(CHANGE) if payload is None else payload
    return Delivery(id, f"msg_{id:04}", channel, type_, shown, NOW, attempts)


def message(id: int = 1, **fields: Any) -> Message:
    """A rendered message of the sample change."""
    return replace(render(delivery(id=id)), **fields)


def intent(
    kind: ChangeKind = ChangeKind.EDIT,
    verdict: Verdict = Verdict.ANNOUNCED,
    materiality: Materiality = Materiality.MEDIUM,
    *,
    notify: bool = True,
    dates: StatedDates | None = None,
) -> ChangeIntent:
    """A change as a check hands it over to be routed."""
    document = Document("Terms", "en", (), dates or StatedDates())
    comparison = Comparison(kind, materiality, (), Direction.UNCLEAR, "Something changed.", (), 1, 1)
    return ChangeIntent(
        before=None,
        after=Version(None, document, NOW),
        comparison=comparison,
        kind=kind,
        judged=Judged(verdict, None, ""),
        previous_seen_at=NOW - timedelta(days=1),
        first_seen_at=NOW,
        confirmed_at=NOW,
        notify=notify,
    )


WATCH = {
    "policy": "acme-terms",
    "url": "https://acme.example/terms",
    "service": "Acme",
    "reason": "bot wall (challenge page)",
    "since": "2026-02-28T09:30:00Z",
    "failures": 3,
}

ALERTS: dict[AlertType, dict[str, Any]] = {
    AlertType.CHANGED: to_record(CHANGE),
    AlertType.EFFECTIVE_TODAY: to_record(
        replace(
            CHANGE,
            verdict=Verdict.ANNOUNCED_AHEAD,
            first_seen_at=NOW - timedelta(days=20),
            stated_after=StatedDates(effective=StatedDate("2026-03-02", "Effective from 2 March 2026")),
        )
    ),
    AlertType.BROKEN: WATCH,
    AlertType.RECOVERED: {**WATCH, "reason": "the policy can be read again"},
    AlertType.VARIANTS: {**WATCH, "reason": "this page serves 2 variants of its text", "since": None},
    AlertType.DIGEST: {"changes": [to_record(CHANGE), to_record(replace(CHANGE, id=18, policy="acme-dpa"))]},
    AlertType.TEST: {"channel": "legal"},
}
