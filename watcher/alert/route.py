"""Who hears of what, and when (pure).

A channel hears of a change that reaches its materiality and passes its verdicts and kinds, of policies that
name it or name nobody. Editorial and date-only changes carry materiality ``none``: they are told to channels
whose threshold is ``none`` and to those that name the kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records import (
    AlertType,
    ChangeIntent,
    ChangeKind,
    Materiality,
    Policy,
    StatedDates,
    Verdict,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOTICE_AT = time(8, 0, tzinfo=UTC)
"""A date without a zone has begun at 08:00 UTC everywhere from UTC−8 to UTC+14, and ended nowhere."""
_FARTHEST = timedelta(days=3 * 366)  # a stated date further ahead is a misprint or a misreading
_ASKED_FOR = frozenset({ChangeKind.EDITORIAL, ChangeKind.DATE_ONLY})


@dataclass(frozen=True, slots=True)
class Rule:
    """What one channel wants to hear of. ``digest`` is "daily", "weekly" or None for at once."""

    channel: str
    min_materiality: Materiality = Materiality.LOW
    verdicts: frozenset[Verdict] | None = None
    kinds: frozenset[ChangeKind] | None = None
    digest: str | None = None
    digest_at: time = time(8, 0)
    digest_day: str = "monday"
    timezone: str = "UTC"
    watch_alerts: bool = True

    def wants(self, kind: ChangeKind, verdict: Verdict, materiality: Materiality) -> bool:
        """Does a change of this sort pass the filters?"""
        if self.verdicts is not None and verdict not in self.verdicts:
            return False
        if self.kinds is not None:
            if kind not in self.kinds:
                return False
            if kind in _ASKED_FOR:
                return True
        return materiality.rank >= self.min_materiality.rank

    def due(self, now: datetime) -> datetime:
        """When a change found ``now`` is told: at once, or at the next digest."""
        return self.next_digest(now) if self.digest else now

    def next_digest(self, after: datetime) -> datetime:
        """The first digest time strictly after a moment, in UTC; a local time that a clock change skips is
        read as that clock would have shown it."""
        zone = ZoneInfo(self.timezone)
        local = after.astimezone(zone)
        for days in range(9):
            day = local.date() + timedelta(days=days)
            if self.digest == "weekly" and WEEKDAYS[day.weekday()] != self.digest_day:
                continue
            at = datetime.combine(day, self.digest_at, zone).astimezone(UTC)
            if at > after:
                return at
        raise AssertionError("a week has every weekday")


class Router:
    """The rules of all channels; what a check asks when it writes down whom to tell."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)

    def change(self, policy: Policy, change: ChangeIntent, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """(channel, due) for each channel that hears of a change; none where it is not to be told."""
        if not change.notify or change.kind is ChangeKind.FIRST:
            return ()
        weight = change.comparison.materiality if change.comparison else Materiality.NONE
        return tuple(
            (rule.channel, rule.due(now))
            for rule in self._of(policy)
            if rule.wants(change.kind, change.judged.verdict, weight)
        )

    def watch(self, policy: Policy, type_: AlertType, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """(channel, due) for an alert about the watch itself: at once, digest or not."""
        return tuple((rule.channel, now) for rule in self._of(policy) if rule.watch_alerts)

    def effective_notice_at(self, change: ChangeIntent, now: datetime) -> datetime | None:
        """See the function of that name."""
        if not change.notify:
            return None
        return effective_notice_at(change.after.document.dates, change.first_seen_at, now)

    def _of(self, policy: Policy) -> tuple[Rule, ...]:
        if policy.channels is None:
            return self._rules
        return tuple(rule for rule in self._rules if rule.channel in policy.channels)


def effective_notice_at(dates: StatedDates, first_seen_at: datetime, now: datetime) -> datetime | None:
    """When to say "takes effect today" of a text that states a date still to come; None where it does not."""
    day = coming_date(dates, first_seen_at)
    due = datetime.combine(day, NOTICE_AT) if day else None
    return due if due and due > now else None


def coming_date(dates: StatedDates, first_seen_at: datetime) -> date | None:
    """The day a text states that lay ahead when it was first seen: ``effective`` before ``updated``.

    Only dates printed to the day count, at most three years ahead."""
    seen = first_seen_at.astimezone(UTC).date()
    for stated in (dates.effective, dates.updated):
        if stated is None or stated.precision != "day":
            continue
        try:
            day = date.fromisoformat(stated.value)
        except ValueError:
            continue
        if seen < day <= seen + _FARTHEST:
            return day
    return None
