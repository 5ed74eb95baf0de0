"""Small values to put into a store: written here, of no real service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.records import (
    AlertIntent,
    AlertType,
    Capture,
    ChangeIntent,
    ChangeKind,
    CheckIntent,
    Clause,
    ClauseChange,
    ClauseKind,
    Comparison,
    DateSighting,
    Direction,
    Document,
    Health,
    Judged,
    Materiality,
    Op,
    Outcome,
    Policy,
    PolicyKind,
    StatedDate,
    StatedDates,
    Topic,
    Validators,
    Variant,
    Verdict,
    Version,
    WordOp,
)

NOW = datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = Policy(
    "acme-terms",
    "https://acme.test/terms",
    "Acme",
    PolicyKind.TERMS,
    name="Acme terms",
    every_s=3600.0,
    select="main",
    channels=("legal", "hook, two"),
)


def document(*texts: str, date: str | None = "2025-11-01", extractor: str = "1") -> Document:
    heading = Clause("Terms › of use", (), ClauseKind.HEADING, "", 1)
    path = ("Terms › of use", "Sharing")
    clauses = tuple(Clause(t, path, ClauseKind.ITEM, f"({i})") for i, t in enumerate(texts))
    stated = StatedDate(date, f"Updated {date}", "head", 0.9, True, "language") if date else None
    return Document(
        "Terms of use", "en", (heading, *clauses), StatedDates(updated=stated), extractor=extractor
    )


def version(*texts: str, at: datetime = NOW, **more: str) -> Version:
    return Version(None, document(*texts, **more), at)


def capture(text: str, at: datetime = NOW, status: int = 200) -> Capture:
    body = f"<html><body>{text}</body></html>".encode()
    return Capture(
        POLICY.url, POLICY.url + "/", status, {"content-type": "text/html", "etag": '"a"'}, body, at
    )


def first_change(after: Version) -> ChangeIntent:
    return ChangeIntent(
        None,
        after,
        None,
        ChangeKind.FIRST,
        Judged(Verdict.UNDATED, None, ""),
        None,
        after.seen_at,
        after.seen_at,
        False,
    )


def edit(
    before: Version,
    after: Version,
    *,
    at: datetime,
    channels: tuple[str, ...] = ("legal",),
    kind: ChangeKind = ChangeKind.EDIT,
    verdict: Verdict = Verdict.SILENT,
    effective_notice_at: datetime | None = None,
) -> ChangeIntent:
    clauses = (
        ClauseChange(
            Op.MODIFIED,
            "Terms › Sharing",
            "We never sell data.",
            "We may sell data.",
            (WordOp("=", "We "), WordOp("-", "never"), WordOp("+", "may"), WordOp("=", " sell data.")),
            (Topic.SHARING, Topic.CHANGE_NOTICE),
            Materiality.HIGH,
            Direction.WORSE,
            ("negation gone", "sale of data"),
            moved=True,
            number_before="1",
            number_after="2",
            kind=ClauseKind.ITEM,
        ),
        ClauseChange(Op.REMOVED, "", "Old.", None, words=(WordOp("-", "Not "), WordOp("-", "the same"))),
    )
    comparison = Comparison(
        kind, Materiality.HIGH, (Topic.SHARING,), Direction.WORSE, "Data may be sold.", clauses, 3, 4, "en"
    )
    return ChangeIntent(
        before,
        after,
        comparison,
        kind,
        Judged(verdict, None, "the stated date stayed 2025-11-01"),
        at - HOUR,
        at,
        at,
        True,
        tuple((c, at) for c in channels),
        effective_notice_at,
    )


def check(
    version_: Version | None,
    *,
    at: datetime = NOW,
    outcome: Outcome = Outcome.CHANGED,
    variants: tuple[Variant, ...] | None = None,
    changes: tuple[ChangeIntent, ...] = (),
    capture_: Capture | None = None,
    text: str = "first",
    **more: object,
) -> CheckIntent:
    values: dict[str, object] = {
        "health": Health(),
        "next_due_at": at + 12 * HOUR,
        "validators": Validators('"a"', "yesterday"),
        "sighting": DateSighting(at, "2025-11-01", "d" * 64),
        **more,
    }
    return CheckIntent(
        policy=POLICY.id,
        started_at=at,
        duration_ms=7,
        outcome=outcome,
        reason="",
        capture=capture_ if capture_ is not None else capture(text, at),
        version=version_,
        variants=variants,
        changes=changes,
        **values,  # type: ignore[arg-type]
    )


def first_check(*texts: str, at: datetime = NOW) -> CheckIntent:
    new = version(*texts, at=at)
    return check(new, at=at, variants=(Variant(1, new, at, arrived_at=at),), changes=(first_change(new),))


def alert(channel: str = "legal", at: datetime = NOW) -> AlertIntent:
    return AlertIntent(channel, AlertType.BROKEN, {"policy": POLICY.id, "reason": "bot wall"}, at)
