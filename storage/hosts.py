"""What the gate remembers of hosts across restarts."""

from __future__ import annotations

import sqlite3

from storage.records import HostState, RobotsState
from storage.times import moment, stamp


class Hosts:
    """Lives on the database's thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def load(self) -> list[HostState]:
        rows = self._conn.execute("select host, failures, retry_at, reason from hosts order by host")
        return [
            HostState(host, failures, moment(at), reason) for host, failures, at, reason in rows.fetchall()
        ]

    def save(self, state: HostState) -> None:
        if not state.failures and state.retry_at is None:
            self._conn.execute("delete from hosts where host = ?", (state.host,))
            return
        self._conn.execute(
            "insert or replace into hosts (host, failures, retry_at, reason) values (?,?,?,?)",
            (state.host, state.failures, stamp(state.retry_at), state.reason),
        )

    def robots(self, origin: str) -> RobotsState | None:
        row = self._conn.execute(
            "select product, rules, read_at from robots where origin = ?", (origin,)
        ).fetchone()
        return RobotsState(origin, row[0], row[1], moment(row[2])) if row else None

    def save_robots(self, state: RobotsState) -> None:
        self._conn.execute(
            "insert or replace into robots (origin, product, rules, read_at) values (?,?,?,?)",
            (state.origin, state.product, state.rules, stamp(state.read_at)),
        )
