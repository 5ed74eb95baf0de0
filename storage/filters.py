"""Which changes are asked for, as SQL (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from storage.records import ChangeKind, Materiality, Topic, Verdict
from storage.times import stamp

COUNTED = (
    "(c.kind <> 'first' or not exists (select 1 from changes o where o.policy = c.policy and o.kind = 'first'"
    " and (o.first_seen_at, o.id) < (c.first_seen_at, c.id)))"
)
"""Which rows of `changes` (as ``c``) count. Where an import put older texts before a live history, what was the
first reading is none any more: the import's own edit into that text, if there was one, takes its place. The row
stays, since it is sealed as what was known when it was written; a policy's history shows the earliest alone."""


class ChangeFilter(TypedDict, total=False):
    """What a change must be; what is left out asks for all. ``since`` ≤ first_seen_at < ``until``; ``topics``: any
    of them; ``after_id``: recorded after that change."""

    policy: str | None
    service: str | None
    since: datetime | None
    until: datetime | None
    verdicts: Sequence[Verdict]
    kinds: Sequence[ChangeKind]
    topics: Sequence[Topic]
    min_materiality: Materiality
    notify: bool | None
    after_id: int | None


def where(wanted: ChangeFilter) -> tuple[str, list[object]]:
    """The condition over `changes` as ``c``, and its values."""
    terms, values = [COUNTED], list[object]()

    def one(sql: str, value: object) -> None:
        if value is not None:
            terms.append(sql)
            values.append(value)

    def among(column: str, options: Sequence[str]) -> None:
        if options:
            terms.append(f"{column} in ({', '.join('?' * len(options))})")
            values.extend(str(o) for o in options)

    one("c.policy = ?", wanted.get("policy"))
    one("c.service = ?", wanted.get("service"))
    one("c.first_seen_at >= ?", stamp(wanted.get("since")))
    one("c.first_seen_at < ?", stamp(wanted.get("until")))
    one("c.notify = ?", wanted.get("notify"))
    one("c.id > ?", wanted.get("after_id"))
    among("c.verdict", wanted.get("verdicts", ()))
    among("c.kind", wanted.get("kinds", ()))
    least = wanted.get("min_materiality", Materiality.NONE)
    among("c.materiality", [m for m in Materiality if m.rank >= least.rank] if least.rank else ())
    if topics := wanted.get("topics", ()):
        carries = "', ' || c.topics || ', ' like '%, ' || ? || ', %'"
        terms.append(f"({' or '.join([carries] * len(topics))})")
        values.extend(str(t) for t in topics)
    return " and ".join(terms), values
