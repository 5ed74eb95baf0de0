"""How the watch and the store fare, counted: what a doctor asks first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.times import moment, stamp


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts over the whole file. ``overdue_since`` is the due time of the policy waiting longest (None: none is
    due), ``oldest_waiting_at`` that of the delivery waiting longest."""

    policies: int
    paused: int
    due: int
    overdue_since: datetime | None
    failing: int  # policies whose last checks failed
    broken: int  # of these, told to the owner
    checks: int
    last_check_at: datetime | None
    captures: int
    versions: int
    changes: int
    deliveries_waiting: int  # due or not, also those being sent
    oldest_waiting_at: datetime | None
    deliveries_dead: int
    file_bytes: int
    body_bytes: int


_SQL = """
select
  (select count(*) from policies where removed_at is null),
  (select count(*) from policies where removed_at is null and next_due_at is null),
  (select count(*) from policies where removed_at is null and next_due_at <= :now),
  (select min(next_due_at) from policies where removed_at is null and next_due_at <= :now),
  (select count(*) from policies where removed_at is null and failures > 0),
  (select count(*) from policies where removed_at is null and broken = 1),
  (select count(*) from checks where archived = 0),
  (select max(started_at) from checks where archived = 0),
  (select count(*) from captures),
  (select count(*) from versions),
  (select count(*) from changes where kind <> 'first'),
  (select count(*) from deliveries where state in ('waiting', 'sending')),
  (select min(due_at) from deliveries where state in ('waiting', 'sending') and due_at <= :now),
  (select count(*) from deliveries where state = 'dead'),
  (select page_count from pragma_page_count) * (select page_size from pragma_page_size),
  (select coalesce(sum(length(data)), 0) from bodies)
"""


def overview(conn: sqlite3.Connection, now: datetime) -> Overview:
    row = list(conn.execute(_SQL, {"now": stamp(now)}).fetchone())
    for time in (3, 7, 12):
        row[time] = moment(row[time])
    return Overview(*row)
