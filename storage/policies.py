# ruff: noqa: S608 - only names of our own are put together into SQL
"""The watched policies: what to watch, when it is due, who is at it, how the watch fares."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from storage.errors import UnknownPolicy
from storage.records import Health, Policy, PolicyKind, Validators
from storage.times import moment, stamp

_COLUMNS = "id, url, service, kind, name, every_s, selector, channels, source"


class Policies:
    """The policies of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def add(self, policy: Policy, now: datetime, due_at: datetime | None) -> bool:
        """``due_at`` None: paused."""
        row = self._conn.execute("select removed_at from policies where id = ?", (policy.id,)).fetchone()
        if row is not None:
            self.update(policy)
            if row[0] is None:
                return False
            self._conn.execute(
                "update policies set removed_at = null, next_due_at = ? where id = ?",
                (stamp(due_at), policy.id),
            )
            return True
        self._conn.execute(
            f"insert into policies ({_COLUMNS}, added_at, next_due_at) values (?,?,?,?,?,?,?,?,?,?,?)",
            (*_row(policy), stamp(now), stamp(due_at)),
        )
        return True

    def update(self, policy: Policy) -> None:
        # Validators belong to the address and to what was read of it: another one starts without.
        done = self._conn.execute(
            "update policies set etag = case when url is ?2 and selector is ?7 then etag else '' end,"
            " last_modified = case when url is ?2 and selector is ?7 then last_modified else '' end,"
            " url = ?2, service = ?3, kind = ?4, name = ?5, every_s = ?6, selector = ?7, channels = ?8, source = ?9"
            " where id = ?1",
            _row(policy),
        )
        if not done.rowcount:
            raise UnknownPolicy(f"no policy {policy.id!r}.")

    def remove(self, policy_id: str, now: datetime) -> bool:
        done = self._conn.execute(
            "update policies set removed_at = ?, lease_until = null, lease_owner = null"
            " where id = ? and removed_at is null",
            (stamp(now), policy_id),
        )
        return bool(done.rowcount)

    def get(self, policy_id: str) -> Policy | None:
        row = self._conn.execute(
            f"select {_COLUMNS} from policies where id = ? and removed_at is null",
            (policy_id,),
        ).fetchone()
        return _policy(row) if row else None

    def watched(self) -> list[Policy]:
        rows = self._conn.execute(
            f"select {_COLUMNS} from policies where removed_at is null order by service, id"
        )
        return [_policy(r) for r in rows.fetchall()]

    def claim(self, now: datetime, *, limit: int, lease_s: float, owner: str) -> list[Policy]:
        rows = self._conn.execute(
            "update policies set lease_until = ?, lease_owner = ? where id in ("
            " select id from policies where removed_at is null and next_due_at <= ?"
            " and (lease_until is null or lease_until <= ?) order by next_due_at, id limit ?)"
            f" returning {_COLUMNS}, next_due_at",
            (stamp(now + timedelta(seconds=lease_s)), owner, stamp(now), stamp(now), limit),
        ).fetchall()
        return [_policy(r[:-1]) for r in sorted(rows, key=lambda r: (r[-1], r[0]))]

    def release(self, policy_id: str, owner: str | None) -> None:
        self._conn.execute(
            "update policies set lease_until = null, lease_owner = null"
            " where id = ?1 and (?2 is null or lease_owner = ?2)",
            (policy_id, owner),
        )

    def holders(self) -> list[str]:
        rows = self._conn.execute(
            "select distinct lease_owner from policies where lease_until is not null and lease_owner is not null"
        )
        return [str(owner) for (owner,) in rows.fetchall()]

    def release_all(self, owner: str) -> int:
        done = self._conn.execute(
            "update policies set lease_until = null, lease_owner = null where lease_owner = ?", (owner,)
        )
        return done.rowcount

    def put_off(self, policy_id: str, until: datetime | None) -> None:
        self._conn.execute(
            "update policies set next_due_at = ?, lease_until = null, lease_owner = null where id = ?",
            (stamp(until), policy_id),
        )

    def overdue(self, now: datetime) -> list[tuple[Policy, datetime]]:
        rows = self._conn.execute(
            f"select {_COLUMNS}, next_due_at from policies p where removed_at is null and next_due_at < ?"
            " and lease_until is null and exists (select 1 from checks where policy = p.id and archived = 0)"
            " order by next_due_at, id",
            (stamp(now),),
        ).fetchall()
        return [(_policy(r[:-1]), moment(r[-1]) or now) for r in rows]

    def next_due(self, policy_id: str | None) -> datetime | None:
        row = self._conn.execute(
            "select min(next_due_at) from policies where removed_at is null and (?1 is null or id = ?1)",
            (policy_id,),
        ).fetchone()
        due: str | None = row[0]
        return moment(due)

    def validators(self, policy_id: str) -> Validators:
        row = self._one("etag, last_modified", policy_id)
        return Validators(str(row[0]), str(row[1]))

    def health(self, policy_id: str) -> Health:
        failures, since, broken, reason = self._one(
            "failures, failing_since, broken, failing_reason", policy_id
        )
        return Health(failures, moment(since), bool(broken), reason)

    def address(self, policy_id: str) -> tuple[str, str]:
        """URL and service; UnknownPolicy where there is no such row."""
        url, service = self._one("url, service", policy_id)
        return url, service

    def settle(
        self,
        policy_id: str,
        *,
        health: Health,
        next_due_at: datetime | None,
        validators: Validators | None,
    ) -> None:
        """What a visit leaves on the policy: its lease ends here, the validators come last."""
        self._conn.execute(
            "update policies set failures = ?, failing_since = ?, broken = ?, failing_reason = ?,"
            " next_due_at = coalesce(?, next_due_at), lease_until = null, lease_owner = null where id = ?",
            (
                health.failures,
                stamp(health.since),
                int(health.broken),
                health.reason,
                stamp(next_due_at),
                policy_id,
            ),
        )
        if validators is not None:
            self._conn.execute(
                "update policies set etag = ?, last_modified = ? where id = ?",
                (validators.etag, validators.last_modified, policy_id),
            )

    def _one(self, columns: str, policy_id: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._conn.execute(
            f"select {columns} from policies where id = ?",
            (policy_id,),
        ).fetchone()
        if row is None:
            raise UnknownPolicy(f"no policy {policy_id!r}.")
        return row


def _row(policy: Policy) -> tuple[object, ...]:
    channels = None if policy.channels is None else json.dumps(policy.channels)
    return (
        policy.id,
        policy.url,
        policy.service,
        policy.kind.value,
        policy.name,
        policy.every_s,
        policy.select,
        channels,
        policy.source,
    )


def _policy(row: tuple[str, ...]) -> Policy:
    return Policy(
        id=row[0],
        url=row[1],
        service=row[2],
        kind=PolicyKind(row[3]),
        name=row[4],
        every_s=None if row[5] is None else float(row[5]),
        select=row[6],
        channels=None if row[7] is None else tuple(json.loads(row[7])),
        source=row[8],
    )
