"""Day and month in one numeric date: which is which, and how that was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.extract.dates.grammar import Mention

# the only places where month/day/year is what people write (CLDR, pattern "short")
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW", "AS", "VI", "UM"})
_AHEAD = timedelta(days=2)


def settle(
    mention: Mention,
    *,
    language: str,
    region: str,
    seen_at: datetime | None,
    metadata: Sequence[str],
    order: str,
    locale: str,
    ahead_days: int,
) -> tuple[str, bool, str]:
    """Value, whether day and month could be swapped, and what settled it ("" where nothing did).

    ``order`` is "dmy" or "mdy" where other dates of the document show it, else "". ``locale`` is the same
    from the words of the text. ``ahead_days``: how far after the look the date may lie."""
    if len(mention.readings) == 1:
        return mention.value, False, ""
    day_first, month_first = mention.readings
    if order:
        return (day_first if order == "dmy" else month_first), True, "document"
    if seen_at is not None:
        latest = (seen_at + _AHEAD + timedelta(days=ahead_days)).date().isoformat()
        possible = [value for value in mention.readings if value <= latest]
        if len(possible) == 1:
            return possible[0], True, "capture time"
    told = [value for value in mention.readings if any(stamp.startswith(value) for stamp in metadata)]
    if len(told) == 1:
        return told[0], True, "metadata"
    if language and language != "en":
        return day_first, True, "language"
    if region:
        return (month_first if region in MONTH_FIRST else day_first), True, "region"
    if locale:
        return (day_first if locale == "dmy" else month_first), True, "wording"
    return month_first, True, ""
