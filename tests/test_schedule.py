"""When to look next."""

from __future__ import annotations

import collections
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.schedule import backoff, catch_up, next_due, phase, retry_due

NOW = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)
DAY_S = 86400.0
HALF_DAY_S = DAY_S / 2
NAMES = [f"policy-{n}" for n in range(1000)]

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
intervals = st.floats(0.5, 40 * DAY_S)


def test_a_thousand_policies_are_spread_evenly() -> None:
    """Of 1000 policies of 12 h no ten minutes hold more than four times their share."""
    slots = collections.Counter(int(phase(name, HALF_DAY_S) // 600) for name in NAMES)
    assert len(slots) == 72 and max(slots.values()) < 4 * 1000 / 72


def test_a_phase_is_fixed() -> None:
    """The same policy has the same phase in every process, and keeps its share when the interval changes."""
    assert (
        phase("policy-1", 100.0) == phase("policy-1", 100.0) == pytest.approx(phase("policy-1", 1000.0) / 10)
    )
    assert phase("policy-1", 100.0) != phase("policy-2", 100.0)


def test_a_restart_changes_no_due_time() -> None:
    """Due times asked for again at any moment of the half interval before them are the same."""
    for name in NAMES[:50]:
        due = next_due(NOW, name, HALF_DAY_S)
        before = due - timedelta(seconds=HALF_DAY_S)
        assert next_due(before, name, HALF_DAY_S) == due
        assert next_due(before + timedelta(seconds=300), name, HALF_DAY_S) == due


@settings(max_examples=300)
@given(moments, st.text(max_size=20), intervals)
def test_the_next_look_is_half_to_one_and_a_half_intervals_away(
    now: datetime, name: str, every_s: float
) -> None:
    """From whatever moment, the next grid point is neither too near nor too far, and looks on the grid repeat it."""
    due = next_due(now, name, every_s)
    away = (due - now).total_seconds()
    assert 0.5 * every_s - 0.001 <= away <= 1.5 * every_s + 0.001
    following = (next_due(due, name, every_s) - due).total_seconds()
    assert following == pytest.approx(every_s, abs=0.001)


def test_an_interval_of_nothing_is_a_mistake() -> None:
    """Zero and negative intervals are refused."""
    for every_s in (0.0, -1.0):
        with pytest.raises(ValueError, match="interval"):
            next_due(NOW, "policy-1", every_s)


def test_a_long_stop_is_caught_up_without_a_stampede() -> None:
    """A thousand overdue policies are spread over the next hour; one that is barely late is not put off."""
    due = [catch_up(NOW, NOW - timedelta(days=3), name, HALF_DAY_S) for name in NAMES]
    waits = [(d - NOW).total_seconds() for d in due]
    assert min(waits) >= 0 and max(waits) <= 3600
    assert max(collections.Counter(int(w // 60) for w in waits).values()) < 4 * 1000 / 60
    late = NOW - timedelta(seconds=100)
    assert catch_up(NOW, late, "policy-1", HALF_DAY_S) == late


def test_catching_up_keeps_short_intervals_short() -> None:
    """A policy of ten minutes is caught up within a quarter of that."""
    waits = [(catch_up(NOW, NOW - timedelta(days=3), name, 600.0) - NOW).total_seconds() for name in NAMES]
    assert max(waits) <= 150


def test_backoff_doubles_and_is_spread() -> None:
    """Each failure doubles the wait up to the longest, less up to a quarter that differs from key to key."""
    for failures in range(1, 12):
        full = min(3600.0, 60.0 * 2 ** (failures - 1))
        waits = [backoff(failures, first_s=60.0, longest_s=3600.0, key=name) for name in NAMES]
        assert full * 0.75 <= min(waits) < full * 0.8 and full * 0.95 < max(waits) <= full


@settings(max_examples=300)
@given(moments, intervals, st.integers(0, 10**9), st.booleans(), st.none() | st.floats(-DAY_S, 3 * DAY_S))
def test_a_failed_look_is_repeated_in_time_and_never_too_soon(
    now: datetime, every_s: float, failures: int, permanent: bool, asked_s: float | None
) -> None:
    """Later than now, never before what the host asked for, and otherwise within one and a half intervals."""
    retry_at = None if asked_s is None else now + timedelta(seconds=asked_s)
    due = retry_due(now, "policy-1", every_s, failures=failures, retry_at=retry_at, permanent=permanent)
    assert due > now
    if retry_at is not None:
        assert due >= retry_at
    latest = max(now + timedelta(seconds=1.5 * every_s + 0.001), (retry_at or now) + timedelta(seconds=30))
    assert due <= latest


def test_a_first_failure_is_looked_at_again_soon() -> None:
    """A passing fault costs an hour of twelve, not twelve; three in a row span hours, not minutes."""
    now, waits = NOW, []
    for failures in range(1, 7):
        due = retry_due(now, "policy-1", HALF_DAY_S, failures=failures)
        waits.append((due - now).total_seconds() / 3600)
        now = due
    assert all(0.75 * full <= wait <= full for wait, full in zip(waits, [1, 2, 4, 8, 12, 12], strict=True)), (
        waits
    )


def test_what_asking_again_cannot_help_waits_for_its_ordinary_turn() -> None:
    """A permanent error is not asked about before the next grid point."""
    assert retry_due(NOW, "policy-1", HALF_DAY_S, failures=1, permanent=True) == next_due(
        NOW, "policy-1", HALF_DAY_S
    )
