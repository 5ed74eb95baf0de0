"""Captures: what came over the wire, with the headers that matter."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.bodies import Bodies
from storage.records import Capture, Version
from storage.seal import canonical
from storage.times import moment, stamp
from storage.versions import Source


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One capture as `Store.captures` lists it. ``kept``: its bytes are in the store."""

    id: int
    policy: str
    url: str
    final_url: str
    status: int
    fetched_at: datetime
    sha256: str
    size: int
    kept: bool


class Captures:
    """The captures of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection, bodies: Bodies) -> None:
        self._conn = conn
        self._bodies = bodies

    def insert(self, policy: str, capture: Capture, *, keep_body: bool) -> tuple[int, tuple[object, ...]]:
        """Write a capture, with its bytes where ``keep_body``; gives its id and the values its seal covers."""
        row = (
            capture.url,
            capture.final_url,
            capture.status,
            canonical(dict(capture.headers)),
            stamp(capture.fetched_at),
            capture.sha256,
            len(capture.body),
        )
        body = self._bodies.add(policy, capture.sha256, capture.body) if keep_body else None
        cursor = self._conn.execute(
            "insert into captures (policy, url, final_url, status, headers, fetched_at, sha256, size, body)"
            " values (?,?,?,?,?,?,?,?,?)",
            (policy, *row, body),
        )
        assert cursor.lastrowid
        return cursor.lastrowid, row

    def get(self, capture_id: int) -> Capture | None:
        """The capture with its bytes; None where there is none or its bytes were not kept."""
        row = self._conn.execute(
            "select url, final_url, status, headers, fetched_at, body from captures where id = ?",
            (capture_id,),
        ).fetchone()
        if row is None or row[5] is None:
            return None
        return Capture(
            url=row[0],
            final_url=row[1],
            status=row[2],
            headers=json.loads(row[3]),
            body=self._bodies.get(row[5]),
            fetched_at=moment(row[4]),
        )

    def last(self, policy: str) -> Capture | None:
        """The bytes behind the text the page showed last: those of the last capture that read as the policy,
        or where they were not kept, those the same text was first read from."""
        row = self._conn.execute(
            "select case when c.body is not null then c.id else v.capture end from checks k"
            " join versions v on v.id = k.version left join captures c on c.id = k.capture"
            " where k.policy = ? order by k.started_at desc, k.id desc limit 1",
            (policy,),
        ).fetchone()
        return self.get(row[0]) if row and row[0] is not None else None

    def of_version(self, version_id: int) -> Capture | None:
        """The capture a version was first read from."""
        row = self._conn.execute("select capture from versions where id = ?", (version_id,)).fetchone()
        return self.get(row[0]) if row and row[0] is not None else None

    def source(self, policy: str, version: Version, current: int | None) -> Source:
        """Where a new version was read from: ``current``, the capture of this visit, or (a text read again by a
        newer reader) the capture of the version first seen at that time, or else the last one kept."""
        row = self._conn.execute(
            "select id, sha256, final_url from captures where id = coalesce("
            " (select id from captures where id = ?1 and fetched_at = ?2),"
            " (select capture from versions where policy = ?3 and seen_at = ?2 and capture is not null limit 1),"
            " ?1,"
            " (select c.id from checks k join captures c on c.id = k.capture where k.policy = ?3"
            "  and k.version is not null and k.capture is not null and c.body is not null"
            "  order by k.started_at desc, k.id desc limit 1))",
            (current, stamp(version.seen_at), policy),
        ).fetchone()
        return Source(*row) if row else Source()

    def times(self, policy: str) -> set[datetime]:
        rows = self._conn.execute("select fetched_at from captures where policy = ?", (policy,))
        return {moment(at) for (at,) in rows.fetchall()}

    def last_sha256(self, policy: str) -> str | None:
        row = self._conn.execute(
            "select sha256 from captures where policy = ? order by fetched_at desc, id desc limit 1",
            (policy,),
        ).fetchone()
        return str(row[0]) if row else None

    def rows(self, policy: str | None, *, limit: int) -> list[CaptureRow]:
        """Newest first."""
        rows = self._conn.execute(
            "select id, policy, url, final_url, status, fetched_at, sha256, size, body is not null from captures"
            " where ?1 is null or policy = ?1 order by id desc limit ?2",
            (policy, limit),
        ).fetchall()
        return [CaptureRow(r[0], r[1], r[2], r[3], r[4], moment(r[5]), r[6], r[7], bool(r[8])) for r in rows]
