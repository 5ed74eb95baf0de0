"""When to look next. Pure: the time comes in as an argument, and chance is a hash of the policy's name.

Every policy has a phase: a fixed point in its interval, spread by hash. Due times stand on that grid, so a
thousand policies of 12 h are looked at evenly over the 12 h, before and after a restart alike.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_RETRY = 1 / 12  # of the interval: an outage of minutes must not use up the patience of a whole day
CATCH_UP_S = 3600.0
_LATE_S = 120.0
_MAX_DOUBLINGS = 32


def fraction(*parts: object) -> float:
    """A number in [0, 1) that is always the same for the same parts and evenly spread over different ones."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def phase(policy: str, every_s: float) -> float:
    """Seconds into its interval at which ``policy`` is due, in [0, every_s)."""
    return fraction("phase", policy) * every_s


def next_due(now: datetime, policy: str, every_s: float) -> datetime:
    """The next due time after a look at ``now``: the first grid point at least half an interval away.

    Looks on the grid follow each other by exactly ``every_s``; a first or a late one by 0.5 to 1.5 of it.
    """
    if every_s <= 0:
        raise ValueError("an interval is longer than nothing")
    earliest = (now - _EPOCH).total_seconds() + every_s / 2
    offset = phase(policy, every_s)
    due = _EPOCH + timedelta(seconds=offset + every_s * math.ceil((earliest - offset) / every_s))
    return due if due > now else now + timedelta(seconds=every_s)


def catch_up(now: datetime, due_at: datetime, policy: str, every_s: float) -> datetime:
    """When to take a look that is overdue (after a stop): itself while it is no more than two minutes late,
    else spread by hash over the next hour, or over a quarter of its interval where that is shorter."""
    if (now - due_at).total_seconds() <= _LATE_S:
        return due_at
    return now + timedelta(seconds=fraction("catch-up", policy) * min(CATCH_UP_S, every_s / 4))


def backoff(failures: int, *, first_s: float, longest_s: float, key: str) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, at most ``longest_s``, and taken
    down by up to a quarter (by hash of ``key`` and the count) so that those that failed together come back
    apart."""
    full = min(longest_s, first_s * 2.0 ** min(max(failures, 1) - 1, _MAX_DOUBLINGS))
    return full * (1 - fraction("backoff", key, failures) / 4)


def retry_due(
    now: datetime,
    policy: str,
    every_s: float,
    *,
    failures: int,
    retry_at: datetime | None = None,
    permanent: bool = False,
) -> datetime:
    """The next due time after a look that failed for the ``failures``-th time in a row (1 is the first).

    From a twelfth of the policy's interval, doubling, to the whole of it: a broken watch is looked at no more
    rarely than a healthy one, and three failures in a row (12 h: within three hours) are no passing fault. ``permanent``: the ordinary next time. Never before ``retry_at``; what a host
    asked for is met with some seconds of spread on top, for not all its policies to come back at once.
    """
    if permanent:
        due = next_due(now, policy, every_s)
    else:
        due = now + timedelta(
            seconds=backoff(failures, first_s=every_s * FIRST_RETRY, longest_s=every_s, key=policy)
        )
    if retry_at is not None and due < retry_at:
        spread = min(30.0, every_s / 10) * fraction("spread", policy)
        due = retry_at + timedelta(seconds=spread)
    return due
