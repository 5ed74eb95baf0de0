# ruff: noqa: S608 - only names of our own are put together into SQL
"""Changes and their clauses: written once, read back as the change record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from storage.records import (
    Change,
    ChangeIntent,
    ChangeKind,
    ClauseChange,
    ClauseKind,
    Direction,
    Materiality,
    Op,
    StatedDates,
    Topic,
    Verdict,
)
from storage.seal import CHANGE, CLAUSE_CHANGE, change_seal
from storage.times import moment, stamp
from storage.versions import parse_dates
from storage.words import pack, unpack

_COLUMNS = (
    "c.id, c.policy, c.url, c.service, c.kind, c.verdict, c.materiality, c.topics, c.direction, c.summary,"
    " c.language, c.previous_seen_at, c.first_seen_at, c.confirmed_at, c.notify, b.dates, a.dates,"
    " c.words_added, c.words_removed, b.number, a.number, c.days, c.from_version, c.to_version"
)


class Changes:
    """The changes of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def insert(
        self,
        intent: ChangeIntent,
        *,
        policy: str,
        url: str,
        service: str,
        check: int,
        before: int | None,
        after: int,
    ) -> tuple[int, str]:
        """Write one change; gives its id and its seal."""
        comparison = intent.comparison
        row = (
            before,
            after,
            intent.kind.value,
            intent.judged.verdict.value,
            intent.judged.days,
            (comparison.materiality if comparison else Materiality.NONE).value,
            ", ".join(t.value for t in comparison.topics) if comparison else "",
            (comparison.direction if comparison else Direction.UNCLEAR).value,
            summary_of(intent),
            comparison.language if comparison else intent.after.document.language,
            stamp(intent.previous_seen_at),
            stamp(intent.first_seen_at),
            stamp(intent.confirmed_at),
            int(intent.notify),
            comparison.words_added if comparison else intent.after.document.words,
            comparison.words_removed if comparison else 0,
            url,
            service,
        )
        cursor = self._conn.execute(
            f"insert into changes (policy, check_id, {', '.join(CHANGE)}) values (?,?{',?' * len(CHANGE)})",
            (policy, check, *row),
        )
        assert cursor.lastrowid
        clauses = [_clause_row(c) for c in comparison.clauses] if comparison else []
        self._conn.executemany(
            f"insert into clause_changes (change, position, {', '.join(CLAUSE_CHANGE)})"
            f" values (?,?{',?' * len(CLAUSE_CHANGE)})",
            [(cursor.lastrowid, i, *c) for i, c in enumerate(clauses)],
        )
        return cursor.lastrowid, change_seal(row, clauses)

    def get(self, change_id: int) -> Change | None:
        found = self.select("c.id = ?", (change_id,))
        return found[0] if found else None

    def select(
        self, where: str = "1", values: Iterable[object] = (), *, limit: int = -1, newest_first: bool = False
    ) -> list[Change]:
        """Changes with their clauses; ``where`` may name the columns of `changes` as ``c.…``."""
        order = "desc" if newest_first else "asc"
        rows = self._conn.execute(
            f"select {_COLUMNS} from changes c left join versions b on b.id = c.from_version"
            f" join versions a on a.id = c.to_version where {where}"
            f" order by c.first_seen_at {order}, c.id {order} limit ?",
            (*values, limit),
        ).fetchall()
        return [_change(r, self._clauses(r[0])) for r in rows]

    def _clauses(self, change_id: int) -> tuple[ClauseChange, ...]:
        rows = self._conn.execute(
            f"select {', '.join(CLAUSE_CHANGE)} from clause_changes where change = ? order by position",
            (change_id,),
        )
        return tuple(_clause(r) for r in rows.fetchall())


def summary_of(intent: ChangeIntent) -> str:
    """One line: what changed, then what the stated date says of it."""
    if intent.comparison is None:
        document = intent.after.document
        return (
            f"First reading: {_counted(len(document.clauses), 'clause')}, {_counted(document.words, 'word')}."
        )
    said = intent.comparison.summary.rstrip()
    notice = intent.judged.notice.rstrip(".")
    if not notice:
        return said
    if intent.kind is ChangeKind.DATE_ONLY:
        return f"{notice[0].upper()}{notice[1:]}."
    return f"{said.rstrip('.')}; {notice}."


def _counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _clause_row(c: ClauseChange) -> tuple[object, ...]:
    return (
        c.op.value,
        c.section,
        c.before,
        c.after,
        pack(c.words, c.before, c.after),
        ", ".join(t.value for t in c.topics),
        c.materiality.value,
        c.direction.value,
        "\n".join(" ".join(r.splitlines()) for r in c.reasons),
        int(c.moved),
        c.number_before,
        c.number_after,
        c.kind.value,
    )


def _clause(r: tuple[Any, ...]) -> ClauseChange:
    return ClauseChange(
        op=Op(r[0]),
        section=r[1],
        before=r[2],
        after=r[3],
        words=unpack(r[4], r[2], r[3]),
        topics=_topics(r[5]),
        materiality=Materiality(r[6]),
        direction=Direction(r[7]),
        reasons=tuple(r[8].split("\n")) if r[8] else (),
        moved=bool(r[9]),
        number_before=r[10],
        number_after=r[11],
        kind=ClauseKind(r[12]),
    )


def _change(r: tuple[Any, ...], clauses: tuple[ClauseChange, ...]) -> Change:
    return Change(
        id=r[0],
        policy=r[1],
        url=r[2],
        service=r[3],
        kind=ChangeKind(r[4]),
        verdict=Verdict(r[5]),
        materiality=Materiality(r[6]),
        topics=_topics(r[7]),
        direction=Direction(r[8]),
        summary=r[9],
        language=r[10],
        previous_seen_at=moment(r[11]),
        first_seen_at=moment(r[12]),
        confirmed_at=moment(r[13]),
        notify=bool(r[14]),
        stated_before=parse_dates(r[15]) if r[15] is not None else StatedDates(),
        stated_after=parse_dates(r[16]),
        words_added=r[17],
        words_removed=r[18],
        from_version=r[19],
        to_version=r[20],
        clauses=clauses,
        days=r[21],
        from_id=r[22],
        to_id=r[23],
    )


def _topics(text: str) -> tuple[Topic, ...]:
    return tuple(Topic(t) for t in text.split(", ") if t)
