"""What judging the next look needs of a policy: its variants, the texts that stood, the last stated dates."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from storage.errors import UnknownPolicy
from storage.records import Brief, DateSighting, Foreign, Health, Past, Validators, Variant, Version
from storage.times import moment, stamp
from storage.versions import Versions

SIGHTINGS = 10
"""Looks whose stated date is remembered for `Past.sightings`."""


class Pasts:
    """The state between two looks. Lives on the database's thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection, versions: Versions) -> None:
        self._conn = conn
        self._versions = versions

    def past(self, policy: str) -> Past:
        """All of it, as it was recorded; an empty one for a policy never read."""
        return Past(
            variants=self.variants(policy),
            stood=dict(
                self._conn.execute(
                    "select text_sha256, id from versions where policy = ? and stood_at is not null order by id",
                    (policy,),
                ).fetchall()
            ),
            returns=dict(
                self._conn.execute(
                    "select v.text_sha256, count(*) from changes c join versions v on v.id = c.to_version"
                    " where c.policy = ? and c.kind = 'reverted' and c.notify = 1 group by v.text_sha256",
                    (policy,),
                ).fetchall()
            ),
            sightings=self.sightings(policy),
        )

    def brief(self, policy: str) -> Brief:
        """Raises UnknownPolicy."""
        row = self._conn.execute(
            "select p.etag, p.last_modified, p.failures, p.failing_since, p.broken, p.failing_reason,"
            " coalesce(w.streak > 0 and w.pending is null, 0), coalesce(v.extractor, ''),"
            " coalesce((select c.sha256 from checks k join captures c on c.id = k.capture"
            "  where k.policy = p.id and k.version is not null and k.capture is not null"
            "  order by k.started_at desc, k.id desc limit 1), '')"
            " from policies p left join variants w on w.policy = p.id and w.number = 1"
            " left join versions v on v.id = w.standing where p.id = ?",
            (policy,),
        ).fetchone()
        if row is None:
            raise UnknownPolicy(f"no policy {policy!r}.")
        sightings = self.sightings(policy, limit=1)
        return Brief(
            validators=Validators(row[0], row[1]),
            health=Health(row[2], moment(row[3]), bool(row[4]), row[5]),
            settled=bool(row[6]),
            extractor=row[7],
            body_sha256=row[8],
            sighting=sightings[-1] if sightings else None,
        )

    def variants(self, policy: str) -> tuple[Variant, ...]:
        rows = self._conn.execute(
            "select number, standing, standing_seen_at, pending, pending_seen_at, visits, streak, arrived_at,"
            " foreign_because from variants where policy = ? order by position",
            (policy,),
        ).fetchall()
        return tuple(
            Variant(
                number=r[0],
                standing=self._versions.get(r[1]),
                standing_seen_at=moment(r[2]),
                pending=None if r[3] is None else self._versions.get(r[3]),
                pending_seen_at=moment(r[4]),
                visits=r[5],
                streak=r[6],
                arrived_at=moment(r[7]),
                foreign=Foreign(r[8]),
            )
            for r in rows
        )

    def replace(self, policy: str, variants: Sequence[Variant], id_of: Callable[[Version], int]) -> None:
        self._conn.execute("delete from variants where policy = ?", (policy,))
        self._conn.executemany(
            "insert into variants (policy, position, number, standing, standing_seen_at, pending, pending_seen_at,"
            " visits, streak, arrived_at, foreign_because) values (?,?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    policy,
                    position,
                    v.number,
                    id_of(v.standing),
                    stamp(v.standing_seen_at),
                    id_of(v.pending) if v.pending else None,
                    stamp(v.pending_seen_at),
                    v.visits,
                    v.streak,
                    stamp(v.arrived_at),
                    v.foreign.value,
                )
                for position, v in enumerate(variants)
            ],
        )

    def seen_again(self, policy: str, seen_at: str) -> int | None:
        """The page is as it was at the last look (same bytes, or 304): where that look showed the standing text
        and nothing is pending, the text was seen once more. Gives the version's id then."""
        row = self._conn.execute(
            "update variants set standing_seen_at = max(standing_seen_at, ?), streak = streak + 1"
            " where policy = ? and streak > 0 and pending is null returning standing",
            (seen_at, policy),
        ).fetchall()
        return int(row[0][0]) if row else None

    def sightings(self, policy: str, *, limit: int = SIGHTINGS) -> tuple[DateSighting, ...]:
        """The last ``limit`` looks, oldest first."""
        rows = self._conn.execute(
            "select seen_at, own, digest from sightings where policy = ? order by seen_at desc limit ?",
            (policy, limit),
        ).fetchall()
        return tuple(DateSighting(moment(at), own, digest) for at, own, digest in reversed(rows))

    def sighted(self, policy: str, sighting: DateSighting) -> None:
        self._conn.execute(
            "insert or replace into sightings (policy, seen_at, own, digest) values (?,?,?,?)",
            (policy, stamp(sighting.seen_at), sighting.own, sighting.digest),
        )
        self._conn.execute(
            "delete from sightings where policy = ?1 and seen_at <"
            " (select seen_at from sightings where policy = ?1 order by seen_at desc limit 1 offset ?2)",
            (policy, SIGHTINGS - 1),
        )
