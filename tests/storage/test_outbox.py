from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from store_samples import HOUR, NOW, POLICY, alert, check, edit, first_check, version

from storage.change_record import to_record
from storage.database import Database
from storage.records import AlertType, Delivery


def _told(database: Database, *channels: str, notice_at: datetime | None = None) -> int:
    """A change told to these channels; gives its id."""
    database.call(lambda s: s.record(first_check("We never sell data."), NOW))
    before = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
    after = version("We may sell data.", at=NOW)
    change = edit(before, after, at=NOW, channels=channels, effective_notice_at=notice_at)
    return database.call(lambda s: s.record(check(after, changes=(change,), text="b"), NOW))[0]


def _claim(database: Database, at: datetime, limit: int = 10, lease_s: float = 60) -> list[Delivery]:
    return database.call(lambda s: s.claim_deliveries(at, limit=limit, lease_s=lease_s))


def test_a_change_is_told_to_each_channel_as_its_record(database: Database) -> None:
    """One row a channel, written with the change; the payload is the change record."""
    change_id = _told(database, "legal", "hook")
    claimed = _claim(database, NOW)
    change = database.call(lambda s: s.change(change_id))
    assert change is not None
    assert [d.channel for d in claimed] == ["legal", "hook"]
    assert all(d.payload == to_record(change) and d.attempts == 1 for d in claimed)
    assert len({d.event_id for d in claimed}) == 2


def test_an_attempt_is_written_down_before_it_is_made(database: Database, path: Path) -> None:
    """What was claimed shows as an attempt in progress to another process at once."""
    _told(database, "legal")
    _claim(database, NOW)
    with Database.open(path, read_only=True) as other:
        (row,) = other.call(lambda s: s.rows("select number, started_at, settled_at from attempts"))
        (delivery,) = other.call(lambda s: s.deliveries())
    assert row["number"] == 1 and row["settled_at"] is None
    assert delivery.state == "sending" and delivery.due_at == NOW + timedelta(seconds=60)


def test_a_claim_that_was_never_settled_comes_again_under_the_same_event_id(database: Database) -> None:
    """A crash between claiming and settling repeats the delivery, recognisably, after the lease."""
    _told(database, "legal")
    (first,) = _claim(database, NOW)
    assert _claim(database, NOW + timedelta(seconds=59)) == []
    (again,) = _claim(database, NOW + timedelta(seconds=61))
    assert again.event_id == first.event_id and again.attempts == 2


def test_two_processes_never_claim_the_same_delivery(database: Database, path: Path) -> None:
    """What one took, the other does not get."""
    for i in range(20):
        database.call(lambda s, i=i: s.enqueue(alert(f"c{i}"), NOW))
    with Database.open(path) as other:
        taken = [_claim(who, NOW, limit=3) for _ in range(4) for who in (database, other)]
    ids = [d.id for some in taken for d in some]
    assert len(ids) == 20 and len(set(ids)) == 20


def test_the_longest_due_goes_first(database: Database) -> None:
    """Order is by due time, and what is not due stays."""
    for minutes in (5, -5, 0, 90):
        at = NOW + timedelta(minutes=minutes)
        database.call(lambda s, at=at, m=minutes: s.enqueue(alert(f"{m}", at), NOW))
    claimed = _claim(database, NOW + HOUR)
    assert [d.channel for d in claimed] == ["-5", "0", "5"]
    assert database.call(lambda s: s.next_delivery()) == NOW + HOUR + timedelta(seconds=60)


def test_a_delivery_that_kills_its_sender_does_not_hold_up_the_others(database: Database) -> None:
    """Each claim that is never settled pushes the row further ahead, so the queue behind it moves."""
    database.call(lambda s: s.enqueue(alert("poison"), NOW))
    at, waits = NOW, []
    for _ in range(4):
        (taken,) = _claim(database, at)
        (row,) = database.call(lambda s: s.deliveries(channel="poison"))
        waits.append((row.due_at - at).total_seconds())
        at = row.due_at
    assert taken.channel == "poison" and waits == [60, 120, 240, 480]
    database.call(lambda s: s.enqueue(alert("fresh", NOW), NOW))
    assert [d.channel for d in _claim(database, at, limit=1)] == ["fresh"]


def test_settling_sent_retry_and_dead(database: Database) -> None:
    """Sent is over, a retry comes at its time, a dead one not at all, and the counts say so."""
    for name in ("sent", "retry", "dead"):
        database.call(lambda s, n=name: s.enqueue(alert(n), NOW))
    one, two, three = _claim(database, NOW)
    later = NOW + HOUR
    assert database.call(lambda s: s.settle(one, NOW, sent=True))
    assert database.call(lambda s: s.settle(two, NOW, retry_at=later, reason="451 try later"))
    assert database.call(lambda s: s.settle(three, NOW, reason="410 gone"))
    assert database.call(lambda s: s.delivery_counts()) == {"waiting": 1, "sending": 0, "sent": 1, "dead": 1}
    assert _claim(database, later - timedelta(seconds=1)) == []
    assert [d.channel for d in _claim(database, later)] == ["retry"]
    (dead,) = database.call(lambda s: s.deliveries(state="dead"))
    assert dead.reason == "410 gone" and dead.settled_at == NOW
    rows = database.call(lambda s: s.rows("select result from attempts order by delivery, number"))
    assert [r["result"] for r in rows] == ["sent", "retry", "", "dead"]


def test_a_late_failure_does_not_undo_a_later_attempt(database: Database) -> None:
    """A sender whose lease ran out may still report success, but not failure."""
    database.call(lambda s: s.enqueue(alert(), NOW))
    (slow,) = _claim(database, NOW)
    later = NOW + timedelta(minutes=2)
    (second,) = _claim(database, later)
    assert not database.call(lambda s: s.settle(slow, later, reason="timed out"))
    assert database.call(lambda s: s.deliveries())[0].state == "sending"
    assert database.call(lambda s: s.settle(slow, later, sent=True))
    assert not database.call(lambda s: s.settle(second, later, reason="refused"))
    assert database.call(lambda s: s.deliveries())[0].state == "sent"


def test_a_future_date_has_one_notice_on_its_day(database: Database) -> None:
    """An announced-ahead change leaves a second row a channel that waits for the day."""
    day = NOW + timedelta(days=20)
    change_id = _told(database, "legal", notice_at=day)
    assert [d.type for d in _claim(database, NOW)] == [AlertType.CHANGED]
    (notice,) = [d for d in _claim(database, day) if d.type is AlertType.EFFECTIVE_TODAY]
    assert notice.payload["id"] == change_id


def test_requeue_gives_the_dead_another_try(database: Database) -> None:
    """All dead ones, a channel's, or a named one of any state come again under their event ids."""
    for name in ("a", "b"):
        database.call(lambda s, n=name: s.enqueue(alert(n), NOW))
    claimed = _claim(database, NOW)
    for delivery in claimed:
        database.call(lambda s, d=delivery: s.settle(d, NOW, reason="no"))
    assert database.call(lambda s: s.requeue(NOW, channel="a")) == 1
    assert database.call(lambda s: s.requeue(NOW)) == 1
    assert {d.event_id for d in _claim(database, NOW)} == {d.event_id for d in claimed}
    database.call(lambda s: s.settle(replace(claimed[0], attempts=2), NOW, sent=True))
    assert database.call(lambda s: s.requeue(NOW)) == 0
    assert database.call(lambda s: s.requeue(NOW, delivery=claimed[0].id)) == 1


def test_a_change_is_never_queued_twice_for_a_channel(database: Database) -> None:
    """The same change, channel and type twice is refused by the file itself."""
    import sqlite3

    _told(database, "legal")
    with pytest.raises(sqlite3.IntegrityError):
        database.call(
            lambda s: s.rows(
                "insert into deliveries (event_id, channel, type, change, state, due_at, created_at)"
                " select 'x', channel, type, change, state, due_at, created_at from deliveries"
            )
        )


def test_the_overview_counts_what_a_doctor_asks(database: Database) -> None:
    """Due policies, failing ones, waiting and dead deliveries, each with the oldest time."""
    _told(database, "legal", "hook")
    (one, _) = _claim(database, NOW, lease_s=1)
    database.call(lambda s: s.settle(one, NOW, reason="410 gone"))
    later = NOW + timedelta(hours=13)
    seen = database.call(lambda s: s.overview(later))
    assert (seen.policies, seen.paused, seen.due, seen.overdue_since) == (1, 0, 1, NOW + 12 * HOUR)
    assert (seen.checks, seen.versions, seen.changes, seen.failing) == (2, 2, 1, 0)
    assert (seen.deliveries_waiting, seen.deliveries_dead) == (1, 1)
    assert seen.oldest_waiting_at == NOW + timedelta(seconds=1)
    assert seen.file_bytes > seen.body_bytes > 0
