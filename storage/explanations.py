"""Explanations of changes in plain words, kept by the pair of versions. Nothing else depends on them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.times import stamp


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a model said of the change from one version to another. ``text`` is "" where its answer was of no use
    and only its ``tokens`` count."""

    from_version: int
    to_version: int
    model: str
    text: str
    tokens: int


class Explanations:
    """Lives on the database's thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def get(self, from_version: int, to_version: int) -> Explanation | None:
        """The newest of use."""
        row = self._conn.execute(
            "select from_version, to_version, model, text, tokens from explanations"
            " where from_version = ? and to_version = ? and text <> '' order by id desc limit 1",
            (from_version, to_version),
        ).fetchone()
        return Explanation(*row) if row else None

    def put(self, explanation: Explanation, now: datetime) -> None:
        e = explanation
        self._conn.execute(
            "insert into explanations (from_version, to_version, model, text, tokens, created_at)"
            " values (?,?,?,?,?,?)",
            (e.from_version, e.to_version, e.model, e.text, e.tokens, stamp(now)),
        )

    def tokens_since(self, at: datetime) -> int:
        row = self._conn.execute(
            "select coalesce(sum(tokens), 0) from explanations where created_at >= ?", (stamp(at),)
        ).fetchone()
        return int(row[0])
