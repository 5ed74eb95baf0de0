"""Who hears of what, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import AlertType, ChangeKind, Materiality, StatedDate, StatedDates, Verdict
from watcher.alert.route import Router, Rule, coming_date, effective_notice_at

from .samples import NOW, POLICY, intent


def heard(rule: Rule, **change: object) -> bool:
    return bool(Router([rule]).change(POLICY, intent(**change), NOW))  # type: ignore[arg-type]


@pytest.mark.parametrize("threshold", list(Materiality))
@pytest.mark.parametrize("weight", list(Materiality))
def test_a_channel_hears_what_reaches_its_materiality(threshold: Materiality, weight: Materiality) -> None:
    """At the threshold and above, never below."""
    rule = Rule("legal", min_materiality=threshold)
    assert heard(rule, materiality=weight) is (weight.rank >= threshold.rank)


@pytest.mark.parametrize("kind", [ChangeKind.EDITORIAL, ChangeKind.DATE_ONLY])
def test_editorial_and_date_only_changes_reach_only_who_asks_for_them(kind: ChangeKind) -> None:
    """By a threshold of none, or by naming the kind; the default channel does not hear of them."""
    change = {"kind": kind, "materiality": Materiality.NONE}
    assert not heard(Rule("legal"), **change)
    assert heard(Rule("legal", min_materiality=Materiality.NONE), **change)
    assert heard(Rule("legal", kinds=frozenset({kind})), **change)
    assert not heard(Rule("legal", kinds=frozenset({ChangeKind.EDIT})), **change)


def test_verdicts_narrow_what_is_heard() -> None:
    """A channel for silent changes hears of those alone."""
    rule = Rule("legal", verdicts=frozenset({Verdict.SILENT}))
    assert heard(rule, verdict=Verdict.SILENT)
    assert not heard(rule, verdict=Verdict.ANNOUNCED)


def test_a_policy_names_its_channels_or_none() -> None:
    """Named channels alone hear of a policy; without names all do; an empty list silences it."""
    router = Router([Rule("a"), Rule("b")])
    assert [c for c, _ in router.change(POLICY, intent(), NOW)] == ["a", "b"]
    assert [c for c, _ in router.change(replace(POLICY, channels=("b",)), intent(), NOW)] == ["b"]
    assert router.change(replace(POLICY, channels=()), intent(), NOW) == ()
    watch = router.watch(replace(POLICY, channels=("b",)), AlertType.BROKEN, NOW)
    assert watch == (("b", NOW),)


def test_what_is_not_to_be_told_reaches_nobody() -> None:
    """The first text of a policy and whatever did not persist are never routed, nor announced for a day."""
    router = Router([Rule("a", min_materiality=Materiality.NONE)])
    assert router.change(POLICY, intent(notify=False), NOW) == ()
    assert router.change(POLICY, intent(ChangeKind.FIRST), NOW) == ()
    ahead = StatedDates(effective=StatedDate("2026-04-01", ""))
    assert router.effective_notice_at(intent(notify=False, dates=ahead), NOW) is None


def test_a_broken_watch_is_told_at_once_even_to_digest_channels() -> None:
    """Waiting for the weekly digest would leave the watch dead for days; a channel may opt out."""
    router = Router([Rule("weekly", digest="weekly"), Rule("quiet", watch_alerts=False)])
    assert router.watch(POLICY, AlertType.BROKEN, NOW) == (("weekly", NOW),)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("d", digest="daily"), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (Rule("d", digest="daily", digest_at=time(10, 0)), datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        (Rule("d", digest="weekly"), datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        (Rule("d", digest="weekly", digest_day="tuesday"), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (Rule("d", digest="daily", timezone="America/New_York"), datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),
        (Rule("d", digest="daily", timezone="Asia/Tokyo"), datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),
    ],
)
def test_digests_come_at_their_local_time(rule: Rule, expected: datetime) -> None:
    """Daily or weekly, at the hour of the channel's own zone, in UTC."""
    assert rule.due(NOW) == expected


@given(
    after=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]),
    at=st.times(),
    kind=st.sampled_from(["daily", "weekly"]),
)
def test_the_next_digest_is_always_ahead_and_never_far(
    after: datetime, zone: str, at: time, kind: str
) -> None:
    """Through every clock change: later than now, within a day and a bit, or a week and a bit."""
    due = Rule("d", digest=kind, digest_at=at.replace(tzinfo=None), timezone=zone).next_digest(after)
    assert after < due <= after + timedelta(days=1 if kind == "daily" else 7, hours=25)


def dates(updated: str | None = None, effective: str | None = None) -> StatedDates:
    return StatedDates(
        updated=StatedDate(updated, "") if updated else None,
        effective=StatedDate(effective, "") if effective else None,
    )


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        (dates(effective="2026-04-01"), "2026-04-01"),
        (dates(updated="2026-03-10"), "2026-03-10"),
        (dates(updated="2026-03-10", effective="2026-04-01"), "2026-04-01"),
        (dates(updated="2026-03-10", effective="2026-01-01"), "2026-03-10"),
        (dates(effective="2026-03-02"), None),
        (dates(effective="2025-01-01"), None),
        (dates(effective="2026-04"), None),
        (dates(effective="2027"), None),
        (dates(effective="2099-01-01"), None),
        (dates(effective="2026-02-31"), None),
        (dates(), None),
    ],
)
def test_only_a_day_that_lay_ahead_gets_a_notice(stated: StatedDates, day: str | None) -> None:
    """A date to the day after the first sight; months, years, misprints and past dates get none."""
    found = coming_date(stated, NOW)
    assert (found.isoformat() if found else None) == day


def test_the_notice_comes_on_the_day_and_not_when_it_has_passed() -> None:
    """At 08:00 UTC of the stated day; a change confirmed after that gets no notice."""
    stated = dates(effective="2026-04-01")
    due = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    assert effective_notice_at(stated, NOW, NOW) == due
    assert effective_notice_at(stated, NOW, due + timedelta(seconds=1)) is None
    assert Router([Rule("a")]).effective_notice_at(intent(dates=stated), NOW) == due
