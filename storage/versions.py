"""Versions: distinct readings of a policy, their clauses written once for all versions and policies."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from storage.records import (
    Clause,
    ClauseKind,
    Document,
    Quality,
    Reading,
    StatedDate,
    StatedDates,
    Version,
)
from storage.seal import START, canonical, reading_sha256, version_link
from storage.times import moment, stamp

_CACHED_CLAUSES = 30_000
_CACHED_IDS = 50_000


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version as `Store.versions` lists it; ``number`` counts within the policy, from 1."""

    id: int
    policy: str
    number: int
    seen_at: datetime
    stood_at: datetime | None  # when it became the text that stands; None: flicker, or still waiting
    composed: bool
    extractor: str
    title: str
    language: str
    words: int
    clauses: int
    dates: StatedDates
    text_sha256: str
    digest: str  # its link in the chain (`storage.seal`)
    capture: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """The capture a version was read from; None, "" and "" where there is none."""

    capture: int | None = None
    sha256: str = ""
    url: str = ""


class Versions:
    """The versions of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._documents: OrderedDict[int, tuple[Version, int]] = OrderedDict()
        self._cached = 0
        self._clause_ids: dict[str, int] = {}
        self._section_ids: dict[tuple[str, ...], int] = {}
        self._section_parts: dict[int, tuple[str, ...]] = {}

    def find(self, policy: str, version: Version) -> int | None:
        """The id of a version that reads the same; None where the policy has none yet."""
        if version.id is not None:
            return version.id
        row = self._conn.execute(
            "select id from versions where policy = ? and text_sha256 = ? and extractor = ?",
            (policy, version.document.digest, version.document.extractor),
        ).fetchone()
        return int(row[0]) if row else None

    def insert(
        self,
        policy: str,
        version: Version,
        *,
        check: int,
        source: Source,
        head: tuple[int, str],
    ) -> tuple[int, str]:
        """Write a new version after ``head`` (count and last link of the policy's versions); gives its id and
        link."""
        document = version.document
        dates = dates_json(document.dates)
        reading = reading_sha256(document, dates)
        seen_at = stamp(version.seen_at)
        link = version_link(
            head[1] if head[0] else START,
            body=source.sha256,
            text=document.digest,
            reading=reading,
            extractor=document.extractor,
            url=source.url,
            seen_at=seen_at,
        )
        cursor = self._conn.execute(
            "insert into versions (policy, number, check_id, capture, seen_at, composed, extractor, title, language,"
            " words, clauses, updated, effective, dates, quality, text_sha256, reading_sha256, digest)"
            " values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                policy,
                head[0] + 1,
                check,
                source.capture,
                seen_at,
                int(version.composed),
                document.extractor,
                document.title,
                document.language,
                document.words,
                len(document.clauses),
                document.dates.updated.value if document.dates.updated else None,
                document.dates.effective.value if document.dates.effective else None,
                dates,
                canonical(asdict(document.quality)),
                document.digest,
                reading,
                link,
            ),
        )
        assert cursor.lastrowid
        self._write_clauses(cursor.lastrowid, document.clauses)
        self._remember(cursor.lastrowid, version)
        return cursor.lastrowid, link

    def stood(self, version_id: int, at: str) -> None:
        self._conn.execute(
            "update versions set stood_at = ? where id = ? and stood_at is null", (at, version_id)
        )

    def get(self, version_id: int) -> Version:
        """The version with its document, exactly as it was recorded; KeyError where there is none."""
        found = self._documents.get(version_id)
        if found:
            self._documents.move_to_end(version_id)
            return found[0]
        row = self._conn.execute(
            "select title, language, dates, quality, extractor, seen_at, composed from versions where id = ?",
            (version_id,),
        ).fetchone()
        if row is None:
            raise KeyError(f"no version {version_id}")
        document = Document(
            title=row[0],
            language=row[1],
            clauses=self.clauses(version_id),
            dates=parse_dates(row[2]),
            quality=_quality(row[3]),
            extractor=row[4],
        )
        version = Version(version_id, document, moment(row[5]), bool(row[6]))
        self._remember(version_id, version)
        return version

    def first_after(self, policy: str, at: datetime | None) -> Version | None:
        row = self._conn.execute(
            "select to_version, first_seen_at from changes where policy = ? and first_seen_at > ?"
            " order by first_seen_at, id limit 1",
            (policy, stamp(at) or ""),
        ).fetchone()
        if row is None:
            return None
        version = self.get(row[0])
        return Version(version.id, version.document, moment(row[1]), version.composed)

    def clauses(self, version_id: int) -> tuple[Clause, ...]:
        rows = self._conn.execute(
            "select c.text, vc.section, vc.kind, vc.number, vc.level from version_clauses vc"
            " join clauses c on c.id = vc.clause where vc.version = ? order by vc.position",
            (version_id,),
        )
        return tuple(Clause(t, self._section(s), ClauseKind(k), n, lv) for t, s, k, n, lv in rows.fetchall())

    def rows(self, policy: str | None = None) -> list[VersionRow]:
        """Oldest first."""
        rows = self._conn.execute(
            "select id, policy, number, seen_at, stood_at, composed, extractor, title, language, words, clauses,"
            " dates, text_sha256, digest, capture from versions where ? is null or policy = ? order by id",
            (policy, policy),
        )
        return [
            VersionRow(
                id=r[0],
                policy=r[1],
                number=r[2],
                seen_at=moment(r[3]),
                stood_at=moment(r[4]),
                composed=bool(r[5]),
                extractor=r[6],
                title=r[7],
                language=r[8],
                words=r[9],
                clauses=r[10],
                dates=parse_dates(r[11]),
                text_sha256=r[12],
                digest=r[13],
                capture=r[14],
            )
            for r in rows.fetchall()
        ]

    def forget(self) -> None:
        """Drop what is remembered beside the file: a transaction was undone."""
        self._documents.clear()
        self._cached = 0
        self._clause_ids.clear()
        self._section_ids.clear()
        self._section_parts.clear()

    def _write_clauses(self, version_id: int, clauses: Iterable[Clause]) -> None:
        rows = list(clauses)
        ids = self._ids(rows)
        self._conn.executemany(
            "insert into version_clauses (version, position, section, clause, kind, number, level)"
            " values (?,?,?,?,?,?,?)",
            [
                (version_id, i, self._section_id(c.section), ids[c.key], c.kind._value_, c.number, c.level)
                for i, c in enumerate(rows)
            ],
        )

    def _ids(self, clauses: list[Clause]) -> dict[str, int]:
        """The id of every clause by its key, written where it is new."""
        known = self._clause_ids
        if len(known) > _CACHED_IDS:
            known.clear()
        texts = {clause.key: clause.text for clause in clauses if clause.key not in known}
        if texts:
            found = self._conn.execute(
                "select key, id from clauses where key in (select value from json_each(?))",
                (json.dumps(list(texts)),),
            ).fetchall()
            known.update(found)
        new = [key for key in texts if key not in known]
        if new:
            (last,) = self._conn.execute("select coalesce(max(id), 0) from clauses").fetchone()
            known.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
            self._conn.executemany(
                "insert into clauses (id, key, text) values (?, ?, ?)",
                [(known[key], key, texts[key]) for key in new],
            )
        return known

    def _section_id(self, parts: tuple[str, ...]) -> int:
        found = self._section_ids.get(parts)
        if found is None:
            text = json.dumps(parts, ensure_ascii=False)
            row = self._conn.execute("select id from sections where parts = ?", (text,)).fetchone()
            if row is None:
                cursor = self._conn.execute(
                    "insert into sections (parts, path) values (?, ?)", (text, " › ".join(parts))
                )
                row = (cursor.lastrowid,)
            found = self._section_ids[parts] = int(row[0])
        return found

    def _section(self, section_id: int) -> tuple[str, ...]:
        found = self._section_parts.get(section_id)
        if found is None:
            row = self._conn.execute("select parts from sections where id = ?", (section_id,)).fetchone()
            found = self._section_parts[section_id] = tuple(json.loads(row[0]))
        return found

    def _remember(self, version_id: int, version: Version) -> None:
        kept = Version(version_id, version.document, version.seen_at, version.composed)
        size = len(version.document.clauses)
        self._documents[version_id] = (kept, size)
        self._cached += size
        while self._cached > _CACHED_CLAUSES and len(self._documents) > 1:
            self._cached -= self._documents.popitem(last=False)[1][1]


def dates_json(dates: StatedDates) -> str:
    return canonical(
        {k: asdict(d) for k, d in (("updated", dates.updated), ("effective", dates.effective)) if d}
    )


def parse_dates(text: str) -> StatedDates:
    return StatedDates(**{k: StatedDate(**v) for k, v in json.loads(text).items()})


def _quality(text: str) -> Quality:
    values: dict[str, Any] = json.loads(text)
    return Quality(Reading(values["reading"]), values["reason"], values["score"])
