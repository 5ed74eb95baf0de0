"""One check, written as a whole: the way of a `CheckIntent` into the tables."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from storage.captures import Captures
from storage.changes import Changes
from storage.outbox import Outbox
from storage.past import Pasts
from storage.policies import Policies
from storage.records import AlertType, ChangeIntent, CheckIntent, Outcome, Variant, Version
from storage.seal import START, check_link
from storage.times import stamp
from storage.versions import Versions

_STEADY = (Outcome.UNCHANGED, Outcome.NOT_MODIFIED)
_EVIDENCE = (Outcome.BLOCKED, Outcome.MISSING, Outcome.UNREADABLE, Outcome.CHANGED)


class Recorder:
    """Writes checks. Lives on the database's thread; the caller holds the transaction."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        *,
        policies: Policies,
        captures: Captures,
        versions: Versions,
        changes: Changes,
        pasts: Pasts,
        outbox: Outbox,
        keep_all: bool,
    ) -> None:
        self._conn = conn
        self._policies = policies
        self._captures = captures
        self._versions = versions
        self._changes = changes
        self._pasts = pasts
        self._outbox = outbox
        self._keep_all = keep_all

    def record(self, intent: CheckIntent, now: datetime) -> list[int]:
        """Everything one visit leaves behind; gives the ids of its changes. The validators come last, so a
        failure on the way gets a free retry."""
        policy_url, service = self._policies.address(intent.policy)
        (check,) = self._conn.execute("select coalesce(max(id), 0) + 1 from checks").fetchone()
        checks, check_head, count, head = self._heads(intent.policy)
        resolve = _Resolver(self._versions, intent)

        capture_id, capture_row = None, None
        if intent.capture is not None:
            capture_id, capture_row = self._captures.insert(
                intent.policy, intent.capture, keep_body=self._keeps(intent, resolve)
            )

        links = []
        for version in resolve.new:
            version_id, head = self._versions.insert(
                intent.policy,
                version,
                check=check,
                source=self._captures.source(intent.policy, version, capture_id),
                head=(count, head),
            )
            count += 1
            resolve.learn(version, version_id)
            links.append(head)

        seen_at = stamp(intent.capture.fetched_at if intent.capture else intent.started_at)
        read_as = resolve(intent.version) if intent.version else None
        if intent.variants is not None:
            self._pasts.replace(intent.policy, intent.variants, resolve)
            for variant in intent.variants:
                if variant.number == 1:
                    self._versions.stood(resolve(variant.standing), seen_at)
        elif read_as is None and not intent.archived and intent.outcome in _STEADY:
            read_as = self._pasts.seen_again(intent.policy, seen_at)
        if intent.sighting is not None:
            self._pasts.sighted(intent.policy, intent.sighting)

        ids, seals = self._write_changes(
            intent, now, check=check, url=policy_url, service=service, resolve=resolve, seen_at=seen_at
        )
        for alert in intent.alerts:
            self._outbox.put_alert(alert, now, intent.policy)

        stated = intent.sighting.own if intent.sighting else None
        row = (
            stamp(intent.started_at),
            intent.duration_ms,
            intent.outcome.value,
            intent.reason,
            stated,
            int(intent.archived),
        )
        digest = check_link(check_head if checks else START, row, capture_row, links, seals)
        self._conn.execute(
            "insert into checks (id, policy, started_at, duration_ms, outcome, reason, stated, archived,"
            " capture, version, digest) values (?,?,?,?,?,?,?,?,?,?,?)",
            (check, intent.policy, *row, capture_id, read_as, digest),
        )
        self._conn.execute(
            "insert or replace into heads (policy, checks, check_digest, versions, version_digest)"
            " values (?,?,?,?,?)",
            (intent.policy, checks + 1, digest, count, head),
        )
        if not intent.archived:
            self._policies.settle(
                intent.policy,
                health=intent.health,
                next_due_at=intent.next_due_at,
                validators=intent.validators,
            )
        return ids

    def _write_changes(
        self,
        intent: CheckIntent,
        now: datetime,
        *,
        check: int,
        url: str,
        service: str,
        resolve: _Resolver,
        seen_at: str,
    ) -> tuple[list[int], list[str]]:
        ids, seals = [], []
        for change in intent.changes:
            after = resolve(change.after)
            self._versions.stood(after, seen_at)
            change_id, seal = self._changes.insert(
                change,
                policy=intent.policy,
                url=url,
                service=service,
                check=check,
                before=resolve(change.before) if change.before else None,
                after=after,
            )
            ids.append(change_id)
            seals.append(seal)
            for channel, due_at in change.channels:
                self._outbox.put(
                    channel=channel,
                    type=AlertType.CHANGED,
                    due_at=due_at,
                    now=now,
                    policy=intent.policy,
                    change=change_id,
                )
                if change.effective_notice_at is not None:
                    self._outbox.put(
                        channel=channel,
                        type=AlertType.EFFECTIVE_TODAY,
                        due_at=change.effective_notice_at,
                        now=now,
                        policy=intent.policy,
                        change=change_id,
                    )
        return ids, seals

    def _keeps(self, intent: CheckIntent, resolve: _Resolver) -> bool:
        """Every body, or those a version was first read from and those that are evidence of something else
        than the policy, unless the capture before had the same bytes."""
        assert intent.capture is not None
        if self._keep_all or resolve.new:
            return True
        if intent.outcome not in _EVIDENCE:
            return False
        return self._captures.last_sha256(intent.policy) != intent.capture.sha256

    def _heads(self, policy: str) -> tuple[int, str, int, str]:
        row: tuple[int, str, int, str] | None = self._conn.execute(
            "select checks, check_digest, versions, version_digest from heads where policy = ?", (policy,)
        ).fetchone()
        return row or (0, START, 0, START)


def conclusion(
    policy: str, changes: tuple[ChangeIntent, ...], variants: tuple[Variant, ...] | None, now: datetime
) -> CheckIntent:
    """What an import concludes without another capture: an archived look at the time of the newest change."""
    at = max((c.first_seen_at for c in changes), default=now)
    return CheckIntent(
        policy=policy,
        started_at=at,
        duration_ms=0,
        outcome=Outcome.CHANGED,
        reason="the end of an import, taken at its word",
        capture=None,
        version=None,
        variants=variants,
        changes=changes,
        archived=True,
    )


class _Resolver:
    """Version → row id, for every version an intent names; ``new`` are those the policy has not seen."""

    def __init__(self, versions: Versions, intent: CheckIntent) -> None:
        self._known: dict[tuple[str, str], int] = {}
        named: list[Version | None] = [intent.version]
        for variant in intent.variants or ():
            named += [variant.standing, variant.pending]
        for change in intent.changes:
            named += [change.before, change.after]
        new: dict[tuple[str, str], Version] = {}
        for version in named:
            if version is None or version.id is not None:
                continue
            key = self._key(version)
            if key in new:
                # What a look showed is no composition, and what was read again was seen before.
                new[key] = min(new[key], version, key=lambda v: (v.composed, v.seen_at))
            elif key not in self._known:
                found = versions.find(intent.policy, version)
                if found is None:
                    new[key] = version
                else:
                    self._known[key] = found
        self.new = list(new.values())

    def __call__(self, version: Version) -> int:
        return version.id if version.id is not None else self._known[self._key(version)]

    def learn(self, version: Version, version_id: int) -> None:
        self._known[self._key(version)] = version_id

    @staticmethod
    def _key(version: Version) -> tuple[str, str]:
        return version.document.digest, version.document.extractor
