"""How the watch itself fares: when failing checks become one alert, and when one "recovered" follows.

A watch that died silently is what users of trackers fear most; a mail for every hiccup makes them stop
reading. So a run of failures is told once, after ``broken_checks`` failures or ``broken_after_s`` seconds,
whichever comes first, and its end is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import AlertType, Health, Outcome

TROUBLE = frozenset({Outcome.BLOCKED, Outcome.MISSING, Outcome.FAILED, Outcome.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long failures are borne: ``broken_checks`` in a row or ``broken_after_s`` seconds."""

    broken_checks: int = 3
    broken_after_s: float = 48 * 3600.0


def next_health(
    health: Health, outcome: Outcome, reason: str, now: datetime, patience: Patience
) -> tuple[Health, AlertType | None]:
    """The health after a check that ended in ``outcome``, and the alert that is due now, if any."""
    if outcome not in TROUBLE:
        return Health(), AlertType.RECOVERED if health.broken else None
    since = health.since or now
    failures = health.failures + 1
    lasting = failures >= patience.broken_checks or (now - since).total_seconds() >= patience.broken_after_s
    alert = AlertType.BROKEN if lasting and not health.broken else None
    return Health(failures, since, lasting or health.broken, reason), alert
