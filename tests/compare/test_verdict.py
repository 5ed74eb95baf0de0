"""The design's table of verdicts, row by row, with its grace days, precisions and notices."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.records import DateSighting, Judged, StatedDate, StatedDates, Verdict
from watcher.compare.verdict import GRACE, compare_values, span, stamps_itself, takes_effect_at, verdict

S0 = datetime(2024, 6, 1, 12, tzinfo=UTC)
S1 = datetime(2024, 6, 10, 12, tzinfo=UTC)


def dates(updated: str = "", effective: str = "", **more: object) -> StatedDates:
    def one(value: str) -> StatedDate | None:
        return StatedDate(value, f"Date: {value}", **more) if value else None  # type: ignore[arg-type]

    return StatedDates(one(updated), one(effective))


def judge(
    before: StatedDates,
    after: StatedDates,
    *,
    changed: bool = True,
    s0: datetime | None = S0,
    s1: datetime = S1,
    sightings: tuple[DateSighting, ...] = (),
) -> Judged:
    return verdict(
        before, after, text_changed=changed, previous_seen_at=s0, first_seen_at=s1, sightings=sightings
    )


TABLE = [
    # before, after, verdict, days, notice
    ("2023-11-10", "2023-11-10", Verdict.SILENT, 213, "the stated date stayed 2023-11-10"),
    ("2023-11-10", "2024-06-10", Verdict.ANNOUNCED, 0, "dated 2024-06-10, seen the same day"),
    ("2023-11-10", "2024-06-05", Verdict.ANNOUNCED, 5, "dated 2024-06-05, first seen 5 days later"),
    ("2023-11-10", "2024-06-09", Verdict.ANNOUNCED, 1, "dated 2024-06-09, first seen 1 day later"),
    ("2023-11-10", "2024-06-11", Verdict.ANNOUNCED, 0, "dated 2024-06-11, seen the same day"),
    (
        "2023-11-10",
        "2024-07-01",
        Verdict.ANNOUNCED_AHEAD,
        21,
        "takes effect 2024-07-01, first seen 21 days before",
    ),
    (
        "2023-11-10",
        "2024-04-22",
        Verdict.BACKDATED,
        40,
        "dated 2024-04-22, 40 days before the old text was last served",
    ),
    (
        "2023-11-10",
        "2022-01-02",
        Verdict.ROLLED_BACK,
        677,
        "the stated date went back from 2023-11-10 to 2022-01-02",
    ),
    ("", "2024-06-05", Verdict.DATE_ADDED, 5, "now dated 2024-06-05, undated before"),
    ("2023-11-10", "", Verdict.DATE_REMOVED, None, "the stated date 2023-11-10 is gone"),
    ("", "", Verdict.UNDATED, None, "the text states no date"),
]


@pytest.mark.parametrize(("old", "new", "want", "days", "notice"), TABLE)
def test_each_row_of_the_table(old: str, new: str, want: Verdict, days: int | None, notice: str) -> None:
    """A changed text gets the verdict, days and words its row of the table gives."""
    assert judge(dates(old), dates(new)) == Judged(want, days, notice)


@pytest.mark.parametrize(
    ("days_before", "want"),
    [(3, Verdict.ANNOUNCED), (4, Verdict.BACKDATED)],
)
def test_grace_is_three_days(days_before: int, want: Verdict) -> None:
    """A date up to three days before the old text was last served is announced, the fourth backdated."""
    assert timedelta(days=3) == GRACE
    claimed = (S0 - timedelta(days=days_before)).date().isoformat()
    assert judge(dates("2023-11-10"), dates(claimed)).verdict is want


@pytest.mark.parametrize(("days_after", "want"), [(1, Verdict.ANNOUNCED), (2, Verdict.ANNOUNCED_AHEAD)])
def test_tomorrow_is_not_ahead(days_after: int, want: Verdict) -> None:
    """One day after the visit is another time zone's today; two days are the future."""
    claimed = (S1 + timedelta(days=days_after)).date().isoformat()
    assert judge(dates("2023-11-10"), dates(claimed)).verdict is want


def test_backdating_needs_the_last_visit_of_the_old_text() -> None:
    """Where nobody knows when the old text was last seen, an old date accuses nobody."""
    assert judge(dates("2023-11-10"), dates("2024-01-05"), s0=None).verdict is Verdict.ANNOUNCED


def test_far_apart_looks_stay_honest() -> None:
    """In an import with months between looks a date between them is announced."""
    s0 = datetime(2023, 1, 1, tzinfo=UTC)
    found = judge(dates("2022-11-10"), dates("2023-05-05"), s0=s0)
    assert (found.verdict, found.days) == (Verdict.ANNOUNCED, 402)


@pytest.mark.parametrize(
    ("old", "new", "want", "notice"),
    [
        ("2024-05", "2024-05", Verdict.SILENT, "the stated date stayed 2024-05"),
        ("2024-05-12", "2024-05", Verdict.SILENT, "the stated date stayed 2024-05"),
        ("2024-04", "2024-06", Verdict.ANNOUNCED, "dated 2024-06, seen in that month"),
        ("2024-04", "2024-05", Verdict.ANNOUNCED, "dated 2024-05, first seen 10 days later"),
        (
            "2024-01",
            "2024-04",
            Verdict.BACKDATED,
            "dated 2024-04, 32 days before the old text was last served",
        ),
        ("2024-04", "2024-07", Verdict.ANNOUNCED_AHEAD, "takes effect 2024-07, first seen 21 days before"),
        ("2023", "2024", Verdict.ANNOUNCED, "dated 2024, seen in that year"),
        ("2023", "2023", Verdict.SILENT, "the stated date stayed 2023"),
        ("2024", "2022", Verdict.ROLLED_BACK, "the stated date went back from 2024 to 2022"),
    ],
)
def test_months_and_years_compare_at_their_precision(old: str, new: str, want: Verdict, notice: str) -> None:
    """A month is late or early only where none of its days fits."""
    found = judge(dates(old), dates(new))
    assert (found.verdict, found.notice) == (want, notice)


def test_only_the_date_changed() -> None:
    """Nothing but the date moved: date-only, whatever the direction."""
    found = judge(dates("2023-11-10"), dates("2024-06-09"), changed=False)
    assert found == Judged(Verdict.DATE_ONLY, 1, "only the stated date changed, 2023-11-10 → 2024-06-09")
    assert judge(dates("2024-06-09"), dates("2023-11-10"), changed=False).verdict is Verdict.DATE_ONLY
    assert judge(dates(), dates("2024-06-09"), changed=False).verdict is Verdict.DATE_ONLY
    assert judge(dates("2024-06-09"), dates(), changed=False).verdict is Verdict.DATE_ONLY


def test_effective_stands_in_for_updated() -> None:
    """Where a text states no update, the day it takes effect is its date."""
    assert judge(dates("", "2024-01-01"), dates("", "2024-06-10")).verdict is Verdict.ANNOUNCED
    assert (
        judge(dates("2024-01-01", "2024-02-01"), dates("2024-01-01", "2024-02-01")).verdict is Verdict.SILENT
    )


def test_a_moved_effective_date_admits_the_change() -> None:
    """The update date stayed but the date of effect moved: that is no silent change."""
    found = judge(dates("2024-01-01", "2024-02-01"), dates("2024-01-01", "2024-07-01"))
    assert found.verdict is Verdict.ANNOUNCED_AHEAD


def test_announced_and_effective_later_says_both() -> None:
    """A text dated today that takes effect next month names both dates."""
    found = judge(dates("2023-11-10"), dates("2024-06-09", "2024-07-01"))
    assert found.verdict is Verdict.ANNOUNCED
    assert found.notice == "dated 2024-06-09, first seen 1 day later, takes effect 2024-07-01"


def test_takes_effect_at_the_start_of_the_stated_day() -> None:
    """A future day gives one moment for the "takes effect today" notice; a past one, a month or an unsettled
    date none."""
    assert takes_effect_at(dates("2024-06-09", "2024-07-01"), S1) == datetime(2024, 7, 1, tzinfo=UTC)
    assert takes_effect_at(dates("2024-07-02"), S1) == datetime(2024, 7, 2, tzinfo=UTC)
    assert takes_effect_at(dates("2024-06-09", "2024-06-10"), S1) is None
    assert takes_effect_at(dates("", "2024-07"), S1) is None
    assert takes_effect_at(dates("", "2024-07-08", ambiguous=True), S1) is None
    assert takes_effect_at(dates(), S1) is None


def looks(*pairs: tuple[str, str]) -> tuple[DateSighting, ...]:
    return tuple(
        DateSighting(datetime.fromisoformat(f"{day}T09:00:00+00:00"), own, "digest") for day, own in pairs
    )


STAMPED = looks(("2024-06-07", "2024-06-07"), ("2024-06-08", "2024-06-08"), ("2024-06-09", "2024-06-09"))


@pytest.mark.parametrize("changed", [True, False])
def test_a_page_that_stamps_itself(changed: bool) -> None:
    """The date was the day of every look on three days: it proves nothing, changed text or not."""
    found = judge(dates("2024-06-09"), dates("2024-06-10"), changed=changed, sightings=STAMPED)
    assert found == Judged(Verdict.AUTO_DATED, None, "the page stamps itself with the day of each visit")


def test_the_last_look_may_be_among_the_sightings() -> None:
    """Whether this look is already remembered makes no difference."""
    seen = (*STAMPED[1:], *looks(("2024-06-10", "2024-06-10")))
    assert judge(dates("2024-06-09"), dates("2024-06-10"), sightings=seen).verdict is Verdict.AUTO_DATED


def test_a_stamp_in_another_time_zone() -> None:
    """A page east or west of us bears the neighbouring day."""
    seen = looks(("2024-06-07", "2024-06-08"), ("2024-06-08", "2024-06-09"), ("2024-06-09", "2024-06-10"))
    assert stamps_itself("2024-06-11", S1, seen)


@pytest.mark.parametrize(
    "seen",
    [
        STAMPED[2:],  # two days only
        looks(("2024-06-08", "2024-06-01"), ("2024-06-09", "2024-06-09"), ("2024-06-10", "2024-06-10")),
        looks(("2024-06-08", ""), ("2024-06-09", "2024-06-09"), ("2024-06-10", "2024-06-10")),
        looks(("2024-06-10", "2024-06-10"), ("2024-06-10", "2024-06-10"), ("2024-06-10", "2024-06-10")),
        (),
    ],
)
def test_an_honest_page_is_not_called_a_stamp(seen: tuple[DateSighting, ...]) -> None:
    """One look whose date was not its day, or too few days, and the date counts."""
    found = judge(dates("2024-05-02"), dates("2024-06-10"), sightings=seen)
    assert found.verdict is Verdict.ANNOUNCED


def test_a_monthly_stamp() -> None:
    """A page that writes the current month is found out after three months."""
    seen = looks(("2024-04-15", "2024-04"), ("2024-05-15", "2024-05"))
    assert judge(dates("2024-05"), dates("2024-06"), sightings=seen).verdict is Verdict.AUTO_DATED


def test_history_settles_day_and_month() -> None:
    """An ambiguous date is read the way its history supports: unchanged, or between the visits."""
    unsettled = dates("2024-10-06", ambiguous=True, settled_by="wording")
    assert judge(dates("2024-06-10"), unsettled).verdict is Verdict.SILENT
    assert judge(dates("2024-03-01"), unsettled).verdict is Verdict.ANNOUNCED
    sure = dates("2024-10-06", ambiguous=True, settled_by="metadata")
    assert judge(dates("2024-03-01"), sure).verdict is Verdict.ANNOUNCED_AHEAD


def test_span_and_order_of_values() -> None:
    """A value covers all days of its precision, and values compare at the coarser of two."""
    assert [day.isoformat() for day in span("2024-02")] == ["2024-02-01", "2024-02-29"]
    assert [day.isoformat() for day in span("2023")] == ["2023-01-01", "2023-12-31"]
    assert compare_values("2024-05", "2024-05-12") == 0
    assert compare_values("2024-05", "2024-06-12") == -1
    assert compare_values("2025", "2024-06-12") == 1
