"""The store: everything the rest of the program asks of the database, one method a question.

It lives on the database's own thread (`storage.database`); each method that writes is one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar, Unpack

from storage.bodies import Bodies
from storage.captures import CaptureRow, Captures
from storage.changes import Changes
from storage.connection import snapshot, transaction, translated
from storage.explanations import Explanation, Explanations
from storage.filters import ChangeFilter, where
from storage.hosts import Hosts
from storage.outbox import DeliveryRow, Outbox
from storage.overview import Overview, overview
from storage.past import Pasts
from storage.policies import Policies
from storage.recorder import Recorder, conclusion
from storage.records import (
    AlertIntent,
    Brief,
    Capture,
    Change,
    ChangeIntent,
    CheckIntent,
    Delivery,
    Document,
    Health,
    HostState,
    Past,
    Policy,
    RobotsState,
    Validators,
    Variant,
    Version,
)
from storage.verify import Finding, Heads, heads, verify
from storage.versions import VersionRow, Versions

T = TypeVar("T")


class Store:
    """Raises `storage.errors.StoreError` for what happens to the file; what raised was undone as a whole."""

    def __init__(self, conn: sqlite3.Connection, path: Path, *, keep_bodies: str = "versions") -> None:
        """``keep_bodies``: "versions" keeps the bytes of visits that found a new version, changed what stands,
        or were blocked, missing or unreadable; "all" keeps every capture's."""
        if keep_bodies not in ("versions", "all"):
            raise ValueError(f"keep_bodies is 'versions' or 'all', not {keep_bodies!r}")
        self.path = path
        self._conn = conn
        self._bodies = Bodies(conn)
        self._captures = Captures(conn, self._bodies)
        self._versions = Versions(conn)
        self._changes = Changes(conn)
        self._policies = Policies(conn)
        self._pasts = Pasts(conn, self._versions)
        self._outbox = Outbox(conn, self._changes)
        self._hosts = Hosts(conn)
        self._explanations = Explanations(conn)
        self._recorder = Recorder(
            conn,
            policies=self._policies,
            captures=self._captures,
            versions=self._versions,
            changes=self._changes,
            pasts=self._pasts,
            outbox=self._outbox,
            keep_all=keep_bodies == "all",
        )

    # ------------------------------------------------------------ policies

    def add_policy(
        self, policy: Policy, now: datetime, *, due_at: datetime | None = None, paused: bool = False
    ) -> bool:
        """Watch a policy from ``due_at`` (default: now), or keep it unvisited (``paused``). False where it was watched already: then its settings
        are brought up to date and its due time stays. A policy removed before comes back with its history."""
        return self._write(lambda: self._policies.add(policy, now, None if paused else due_at or now))

    def update_policy(self, policy: Policy) -> None:
        """New settings for the policy of that id. Another address or selector drops the saved validators."""
        self._write(lambda: self._policies.update(policy))

    def remove_policy(self, policy_id: str, now: datetime) -> bool:
        """Stop watching; the history stays. False where it was not watched."""
        return self._write(lambda: self._policies.remove(policy_id, now))

    def policy(self, policy_id: str) -> Policy | None:
        return self._read(lambda: self._policies.get(policy_id))

    def policies(self) -> list[Policy]:
        """Those watched, by service and id."""
        return self._read(self._policies.watched)

    def claim_due(self, now: datetime, *, limit: int, lease_s: float, owner: str) -> list[Policy]:
        """At most ``limit`` due policies nobody is at, longest due first, ours for ``lease_s`` seconds. A lease
        ends with `record`, with `release`, or by itself when its holder died."""
        return self._write(lambda: self._policies.claim(now, limit=limit, lease_s=lease_s, owner=owner))

    def release(self, policy_id: str, *, owner: str | None = None) -> None:
        """Give a claimed policy back unvisited (only if ``owner`` still holds it, where named)."""
        self._write(lambda: self._policies.release(policy_id, owner))

    def lease_holders(self) -> list[str]:
        """Who holds leases, run out or not."""
        return self._read(self._policies.holders)

    def release_all(self, owner: str) -> int:
        """Give back everything ``owner`` holds: it is gone. Gives how many policies that were."""
        return self._write(lambda: self._policies.release_all(owner))

    def put_off(self, policy_id: str, until: datetime | None) -> None:
        """Due again at ``until`` (None: paused), and nobody is at it."""
        self._write(lambda: self._policies.put_off(policy_id, until))

    def overdue(self, now: datetime) -> list[tuple[Policy, datetime]]:
        """Policies visited before that are due and nobody is at, with their due times, longest due first."""
        return self._read(lambda: self._policies.overdue(now))

    def next_due(self, policy_id: str | None = None) -> datetime | None:
        """When the policy (or the first of all) is due; None where nothing is watched."""
        return self._read(lambda: self._policies.next_due(policy_id))

    # ------------------------------------------------------------ one check

    def past(self, policy_id: str) -> Past:
        """What judging the next look needs; empty for a policy never read."""
        return self._read(lambda: self._pasts.past(policy_id))

    def brief(self, policy_id: str) -> Brief:
        """Where the last visit left the policy, without loading a text. Raises UnknownPolicy."""
        return self._read(lambda: self._pasts.brief(policy_id))

    def validators(self, policy_id: str) -> Validators:
        """Raises UnknownPolicy."""
        return self._read(lambda: self._policies.validators(policy_id))

    def health(self, policy_id: str) -> Health:
        """Raises UnknownPolicy."""
        return self._read(lambda: self._policies.health(policy_id))

    def last_capture(self, policy_id: str) -> Capture | None:
        """The bytes behind the text the page showed last, for reading them again; None before the first."""
        return self._read(lambda: self._captures.last(policy_id))

    def record(self, intent: CheckIntent, now: datetime) -> list[int]:
        """Write everything one visit leaves behind, in one transaction; gives the ids of its changes.

        Versions without an id are found again by (policy, text, extractor) or written anew. With ``variants``
        None and outcome unchanged or not-modified, a settled page counts as seen again. Raises UnknownPolicy."""
        return self._write(lambda: self._recorder.record(intent, now))

    def record_changes(
        self,
        policy_id: str,
        changes: tuple[ChangeIntent, ...],
        variants: tuple[Variant, ...] | None,
        now: datetime,
    ) -> list[int]:
        """What an import concludes without another capture, in one transaction; gives the ids of the changes.
        It stands in `checks` as an archived look at the time of the newest change."""
        return self.record(conclusion(policy_id, changes, variants, now), now)

    # ------------------------------------------------------------ history

    def changes(
        self, *, limit: int = -1, newest_first: bool = False, **wanted: Unpack[ChangeFilter]
    ) -> list[Change]:
        """Changes by the time they first stood, oldest first, narrowed as `ChangeFilter` says."""
        terms, values = where(wanted)
        return self._read(lambda: self._changes.select(terms, values, limit=limit, newest_first=newest_first))

    def change(self, change_id: int) -> Change | None:
        return self._read(lambda: self._changes.get(change_id))

    def versions(self, policy_id: str | None = None) -> list[VersionRow]:
        """Oldest first."""
        return self._read(lambda: self._versions.rows(policy_id))

    def version(self, version_id: int) -> Version:
        """With its document, as it was recorded. KeyError where there is none."""
        return self._read(lambda: self._versions.get(version_id))

    def version_capture(self, version_id: int) -> Capture | None:
        """The capture the version was first read from, for reading it again; None where it has none."""
        return self._read(lambda: self._captures.of_version(version_id))

    def first_text_after(self, policy_id: str, at: datetime | None) -> Version | None:
        """The first text that stood after ``at`` (None: the first of all), with the time it first stood."""
        return self._read(lambda: self._versions.first_after(policy_id, at))

    def look_times(self, policy_id: str) -> set[datetime]:
        """When its captures were fetched."""
        return self._read(lambda: self._captures.times(policy_id))

    def version_document(self, version_id: int) -> Document:
        """KeyError where there is none."""
        return self.version(version_id).document

    def captures(self, policy_id: str | None = None, *, limit: int = -1) -> list[CaptureRow]:
        """Newest first."""
        return self._read(lambda: self._captures.rows(policy_id, limit=limit))

    def capture(self, capture_id: int) -> Capture | None:
        """With its bytes; None where there is none or the bytes were not kept."""
        return self._read(lambda: self._captures.get(capture_id))

    def body(self, sha256: str) -> bytes | None:
        """The bytes with this sha256; a beginning of at least 8 digits is enough. None where not kept."""
        return self._read(lambda: self._bodies.by_sha256(sha256))

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[dict[str, object]]:
        """Rows of a view or table, for showing: ``rows("select * from history where policy = ?", [id])``."""

        def ask() -> list[dict[str, object]]:
            cursor = self._conn.execute(sql, tuple(values))
            names = [d[0] for d in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        with translated(self.path):
            return ask()

    # ------------------------------------------------------------ the outbox

    def claim_deliveries(self, now: datetime, *, limit: int, lease_s: float) -> list[Delivery]:
        """At most ``limit`` due deliveries, longest due first, each with this attempt written down and counted
        in ``attempts``. One that is not settled within ``lease_s`` comes again, later each time."""
        return self._write(lambda: self._outbox.claim(now, limit=limit, lease_s=lease_s))

    def settle(
        self,
        delivery: Delivery,
        now: datetime,
        *,
        sent: bool = False,
        retry_at: datetime | None = None,
        reason: str = "",
    ) -> bool:
        """How the attempt ended: ``sent``, to be tried again at ``retry_at``, or (neither) failed for good.
        False where a later attempt holds the row by now and this outcome does not count."""
        return self._write(
            lambda: self._outbox.settle(delivery, now, sent=sent, retry_at=retry_at, reason=reason)
        )

    def enqueue(self, alert: AlertIntent, now: datetime, *, policy: str | None = None) -> int:
        """An alert outside a check (a test, a digest); gives the delivery's id."""
        return self._write(lambda: self._outbox.put_alert(alert, now, policy))

    def deliveries(
        self, *, state: str | None = None, channel: str | None = None, limit: int = 100
    ) -> list[DeliveryRow]:
        """Newest first. ``state``: "waiting", "sending", "sent" or "dead"."""
        return self._read(lambda: self._outbox.rows(state=state, channel=channel, limit=limit))

    def requeue(self, now: datetime, *, delivery: int | None = None, channel: str | None = None) -> int:
        """Try again what failed for good: one delivery, a channel's, or all. Naming one also sends a sent one
        again, or a waiting one at once. Gives how many."""
        return self._write(lambda: self._outbox.requeue(now, delivery=delivery, channel=channel))

    def delivery_counts(self) -> dict[str, int]:
        """State → rows."""
        return self._read(self._outbox.counts)

    def next_delivery(self) -> datetime | None:
        """When the next delivery is due; None where none waits."""
        return self._read(self._outbox.next_due)

    def load_hosts(self) -> list[HostState]:
        """Those that are to be left alone, or failed lately."""
        return self._read(self._hosts.load)

    def save_host(self, state: HostState) -> None:
        """A state that says all is well is dropped."""
        self._write(lambda: self._hosts.save(state))

    def robots(self, origin: str) -> RobotsState | None:
        """What an origin's robots.txt said when it was last read."""
        return self._read(lambda: self._hosts.robots(origin))

    def save_robots(self, state: RobotsState) -> None:
        self._write(lambda: self._hosts.save_robots(state))

    # ------------------------------------------------------------ explanations

    def explanation(self, from_version: int, to_version: int) -> Explanation | None:
        """What was said of this change in plain words; None where nobody asked."""
        return self._read(lambda: self._explanations.get(from_version, to_version))

    def keep_explanation(self, explanation: Explanation, now: datetime) -> None:
        """One without text counts its tokens only."""
        self._write(lambda: self._explanations.put(explanation, now))

    def tokens_spent(self, since: datetime) -> int:
        """On explanations."""
        return self._read(lambda: self._explanations.tokens_since(since))

    # ------------------------------------------------------------ proof

    def verify(self, *, expect: dict[str, str] | None = None) -> list[Finding]:
        """Everything that does not hold, empty where all does (`storage.verify`)."""
        return self._read(lambda: verify(self._conn, self._bodies, self._versions, expect=expect))

    def heads(self) -> list[Heads]:
        """The last links of every policy's chains: what to write down elsewhere."""
        return self._read(lambda: heads(self._conn))

    def overview(self, now: datetime) -> Overview:
        """The state of the store at a glance."""
        return self._read(lambda: overview(self._conn, now))

    def close(self) -> None:
        self._conn.close()

    def _read(self, ask: Callable[[], T]) -> T:
        with translated(self.path), snapshot(self._conn):
            return ask()

    def _write(self, do: Callable[[], T]) -> T:
        try:
            with translated(self.path), transaction(self._conn):
                return do()
        except BaseException:
            # What is remembered beside the file may tell of rows that are gone again.
            self._bodies.forget()
            self._versions.forget()
            raise
