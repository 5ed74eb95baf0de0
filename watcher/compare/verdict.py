"""Hold the date a document states for itself against the visits that saw it.

The table is the design's. B and A are the stated dates before and after, S0 the last visit that saw the old
text, S1 the first that saw the new one, both UTC. A date printed as a month or a year is the whole of that
month or year: it is late or early only where no day of it fits.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from storage.records import DateSighting, Judged, StatedDate, StatedDates, Verdict
from watcher.extract.dates.grammar import swapped

GRACE = timedelta(days=3)  # a new text may be online some days before or after the date it claims
AHEAD = timedelta(days=1)  # the date line of a site east of us may be tomorrow's
STAMPS_NEEDED = 3  # different days on which the page bore the day of the visit before it is called a stamp


def verdict(
    before: StatedDates,
    after: StatedDates,
    *,
    text_changed: bool,
    previous_seen_at: datetime | None,
    first_seen_at: datetime,
    sightings: Sequence[DateSighting] = (),
) -> Judged:
    """The verdict, the days between claim and observation, and the words for people.

    ``text_changed``: False where nothing but the date differs. ``previous_seen_at`` is S0 (None where the
    old text's last visit is unknown: then nothing is called backdated), ``first_seen_at`` is S1.
    ``sightings``: earlier looks, oldest first, with or without this one. ``days`` is never negative; None
    where no span means anything. The notice is a phrase that can follow a semicolon."""
    old, new = _pair(before, after)
    if new is not None:
        new = _agreed(new, old, previous_seen_at, first_seen_at)
    if new is not None and stamps_itself(new.value, first_seen_at, sightings):
        return Judged(Verdict.AUTO_DATED, None, "the page stamps itself with the day of each visit")
    if not text_changed:
        return _date_only(old, new, first_seen_at)
    if new is None and old is None:
        return Judged(Verdict.UNDATED, None, "the text states no date")
    if old is None and new is not None:
        return Judged(
            Verdict.DATE_ADDED, _since(new, first_seen_at), f"now dated {new.value}, undated before"
        )
    if new is None and old is not None:
        return Judged(Verdict.DATE_REMOVED, None, f"the stated date {old.value} is gone")
    assert old is not None and new is not None
    return _dated(old, new, after, previous_seen_at, first_seen_at)


def _dated(old: StatedDate, new: StatedDate, after: StatedDates, s0: datetime | None, s1: datetime) -> Judged:
    first, last = span(new.value)
    order = compare_values(new.value, old.value)
    if order == 0:
        return Judged(Verdict.SILENT, _since(new, s1), f"the stated date stayed {new.value}")
    if first > (s1 + AHEAD).date():
        days = (first - s1.date()).days
        return Judged(
            Verdict.ANNOUNCED_AHEAD, days, f"takes effect {new.value}, first seen {_days(days)} before"
        )
    if order < 0:
        days = (span(old.value)[0] - first).days
        return Judged(Verdict.ROLLED_BACK, days, f"the stated date went back from {old.value} to {new.value}")
    if s0 is not None and last < (s0 - GRACE).date():
        days = (s0.date() - last).days
        return Judged(
            Verdict.BACKDATED, days, f"dated {new.value}, {_days(days)} before the old text was last served"
        )
    days = max(0, (s1.date() - last).days)
    seen = f"first seen {_days(days)} later" if days else "seen the same day"
    if new.precision != "day" and not days:
        seen = f"seen in that {new.precision}"
    notice = f"dated {new.value}, {seen}"
    ahead = takes_effect_at(after, s1)
    if ahead is not None and after.effective is not None:
        notice += f", takes effect {after.effective.value}"
    return Judged(Verdict.ANNOUNCED, days, notice)


def _date_only(old: StatedDate | None, new: StatedDate | None, s1: datetime) -> Judged:
    if old is not None and new is not None:
        words = f"only the stated date changed, {old.value} → {new.value}"
    elif new is not None:
        words = f"only a stated date was added, {new.value}"
    elif old is not None:
        words = f"only the stated date {old.value} was removed"
    else:
        words = "only the date line changed"
    return Judged(Verdict.DATE_ONLY, _since(new, s1) if new else None, words)


def takes_effect_at(after: StatedDates, first_seen_at: datetime) -> datetime | None:
    """When the "takes effect today" notice is due: the start (UTC) of the stated day that lies ahead of the
    first visit, None where none does or the day is not printed."""
    for stated in (after.effective, after.updated):
        if (
            stated is not None
            and stated.precision == "day"
            and not (stated.ambiguous and not stated.settled_by)
        ):
            day = date.fromisoformat(stated.value)
            if day > first_seen_at.date():
                return datetime.combine(day, time(), UTC)
    return None


def stamps_itself(value: str, seen_at: datetime, sightings: Sequence[DateSighting]) -> bool:
    """Whether the page writes the day of the visit: this look and every remembered one bear their own day
    (a day either way for time zones), on at least three different days. A page edited daily would have to be
    caught on each of its edits and never between two of them to look the same."""
    looks = [(sighting.seen_at, sighting.own) for sighting in sightings]
    looks.append((seen_at, value))
    stamps = set()
    for at, own in looks:
        if not own:
            return False
        first, last = span(own)
        if not first - timedelta(days=1) <= at.date() <= last + timedelta(days=1):
            return False
        stamps.add(own)
    return len(stamps) >= STAMPS_NEEDED


def span(value: str) -> tuple[date, date]:
    """First and last day of a stated value: "2024-05" is all of May 2024."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def compare_values(one: str, other: str) -> int:
    """-1, 0 or 1 at the coarser precision of the two: "2024-05" and "2024-05-12" are equal."""
    length = min(len(one), len(other))
    left, right = one[:length], other[:length]
    return (left > right) - (left < right)


def _pair(before: StatedDates, after: StatedDates) -> tuple[StatedDate | None, StatedDate | None]:
    """The two dates to compare: `own`, or `effective` where that alone moved (it does admit the change)."""
    old, new = before.own, after.own
    if (
        old is not None
        and new is not None
        and before.effective is not None
        and after.effective is not None
        and compare_values(old.value, new.value) == 0
        and compare_values(before.effective.value, after.effective.value) != 0
    ):
        return before.effective, after.effective
    return old, new


def _agreed(new: StatedDate, old: StatedDate | None, s0: datetime | None, s1: datetime) -> StatedDate:
    """An ambiguous date in the reading its history supports: the same as before, or inside the visits."""
    if not new.ambiguous or new.precision != "day" or new.settled_by in {"metadata", "capture time"}:
        return new
    other = swapped(new.value)
    if not other:
        return new
    if old is not None and other == old.value:
        return replace(new, value=other, settled_by="history")
    earliest = (s0 - GRACE).date().isoformat() if s0 else (old.value if old else "")
    latest = (s1 + AHEAD).date().isoformat()
    if earliest and not earliest <= new.value <= latest and earliest <= other <= latest:
        return replace(new, value=other, settled_by="history")
    return new


def _since(stated: StatedDate, at: datetime) -> int | None:
    """Whole days from the last day the claim covers to the visit; None where it lies ahead."""
    days = (at.date() - span(stated.value)[1]).days
    return days if days >= 0 else None


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
