"""The outbox: one row an alert and channel, from the moment it is due until it is sent or given up.

An attempt is written down before it is made, and the row is pushed ahead by that very write: whatever kills the
process in between, the row comes back later and under the same event id. A row that keeps killing its sender
comes back later each time, so the others go first.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.change_record import to_record
from storage.changes import Changes
from storage.records import AlertIntent, AlertType, Delivery
from storage.times import moment, stamp

_POISON_DOUBLINGS = 8


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery as `Store.deliveries` lists it. ``state`` is "waiting", "sending", "sent" or "dead"."""

    id: int
    event_id: str
    channel: str
    type: AlertType
    policy: str | None
    change: int | None
    state: str
    due_at: datetime
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    reason: str


class Outbox:
    """The deliveries of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection, changes: Changes) -> None:
        self._conn = conn
        self._changes = changes

    def put(
        self,
        *,
        channel: str,
        type: AlertType,
        due_at: datetime,
        now: datetime,
        policy: str | None = None,
        change: int | None = None,
        payload: Mapping[str, object] | None = None,
    ) -> int:
        """A new row; gives its id. The event id is made here and never changes."""
        cursor = self._conn.execute(
            "insert into deliveries (event_id, channel, type, policy, change, payload, state, due_at, created_at)"
            " values (?,?,?,?,?,?,'waiting',?,?)",
            (
                f"msg_{secrets.token_hex(16)}",
                channel,
                type.value,
                policy,
                change,
                None if payload is None else json.dumps(payload, ensure_ascii=False),
                stamp(due_at),
                stamp(now),
            ),
        )
        assert cursor.lastrowid
        return cursor.lastrowid

    def put_alert(self, alert: AlertIntent, now: datetime, policy: str | None) -> int:
        return self.put(
            channel=alert.channel,
            type=alert.type,
            due_at=alert.due_at,
            now=now,
            policy=policy,
            payload=alert.payload,
        )

    def claim(self, now: datetime, *, limit: int, lease_s: float) -> list[Delivery]:
        rows = self._conn.execute(
            "select id, attempts, unsettled from deliveries where state in ('waiting', 'sending') and due_at <= ?"
            " order by due_at, id limit ?",
            (stamp(now), limit),
        ).fetchall()
        claimed = []
        for delivery, attempts, unsettled in rows:
            wait_s = lease_s * 2 ** min(unsettled, _POISON_DOUBLINGS)
            self._conn.execute(
                "update deliveries set state = 'sending', attempts = attempts + 1, unsettled = unsettled + 1,"
                " due_at = ? where id = ? and attempts = ?",
                (stamp(now + timedelta(seconds=wait_s)), delivery, attempts),
            )
            self._conn.execute(
                "insert into attempts (delivery, number, started_at) values (?,?,?)",
                (delivery, attempts + 1, stamp(now)),
            )
            claimed.append(self._delivery(delivery))
        return claimed

    def settle(
        self, delivery: Delivery, now: datetime, *, sent: bool, retry_at: datetime | None, reason: str
    ) -> bool:
        state = "sent" if sent else "dead" if retry_at is None else "waiting"
        # Sent is sent, whoever else has claimed the row meanwhile; any other outcome counts only while the
        # row is still ours, or it would undo the later attempt's.
        done = self._conn.execute(
            "update deliveries set state = ?1, due_at = coalesce(?2, due_at), unsettled = 0, reason = ?3,"
            " settled_at = case when ?1 = 'waiting' then null else ?4 end"
            " where id = ?5 and state <> 'sent' and (?1 = 'sent' or (state = 'sending' and attempts = ?6))",
            (state, stamp(retry_at), reason, stamp(now), delivery.id, delivery.attempts),
        )
        self._conn.execute(
            "update attempts set settled_at = ?, result = ?, reason = ? where delivery = ? and number = ?",
            (stamp(now), "retry" if state == "waiting" else state, reason, delivery.id, delivery.attempts),
        )
        return bool(done.rowcount)

    def requeue(self, now: datetime, *, delivery: int | None, channel: str | None) -> int:
        done = self._conn.execute(
            "update deliveries set state = 'waiting', due_at = ?1, unsettled = 0, settled_at = null"
            " where (?2 is null or id = ?2) and (?3 is null or channel = ?3)"
            " and (state = 'dead' or (?2 is not null and state in ('waiting', 'sent')))",
            (stamp(now), delivery, channel),
        )
        return done.rowcount

    def rows(self, *, state: str | None, channel: str | None, limit: int) -> list[DeliveryRow]:
        rows = self._conn.execute(
            "select id, event_id, channel, type, policy, change, state, due_at, attempts, created_at, settled_at,"
            " reason from deliveries where (?1 is null or state = ?1) and (?2 is null or channel = ?2)"
            " order by id desc limit ?3",
            (state, channel, limit),
        ).fetchall()
        return [
            DeliveryRow(
                id=r[0],
                event_id=r[1],
                channel=r[2],
                type=AlertType(r[3]),
                policy=r[4],
                change=r[5],
                state=r[6],
                due_at=moment(r[7]),
                attempts=r[8],
                created_at=moment(r[9]),
                settled_at=moment(r[10]),
                reason=r[11],
            )
            for r in rows
        ]

    def counts(self) -> dict[str, int]:
        """State → rows, every state named."""
        found = dict(self._conn.execute("select state, count(*) from deliveries group by state").fetchall())
        return {state: found.get(state, 0) for state in ("waiting", "sending", "sent", "dead")}

    def next_due(self) -> datetime | None:
        row = self._conn.execute(
            "select min(due_at) from deliveries where state in ('waiting', 'sending')"
        ).fetchone()
        due: str | None = row[0]
        return moment(due)

    def _delivery(self, delivery_id: int) -> Delivery:
        row = self._conn.execute(
            "select id, event_id, channel, type, payload, change, created_at, attempts from deliveries where id = ?",
            (delivery_id,),
        ).fetchone()
        payload: Mapping[str, object] = json.loads(row[4]) if row[4] is not None else {}
        if row[4] is None and row[5] is not None:
            change = self._changes.get(row[5])
            assert change is not None
            payload = to_record(change)
        return Delivery(
            id=row[0],
            event_id=row[1],
            channel=row[2],
            type=AlertType(row[3]),
            payload=payload,
            created_at=moment(row[6]),
            attempts=row[7],
        )
