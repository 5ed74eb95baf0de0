"""Times as the store writes them: ISO 8601 in UTC, always 27 characters, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def stamp(at: datetime) -> str: ...
@overload
def stamp(at: None) -> None: ...
def stamp(at: datetime | None) -> str | None:
    """ "2024-06-15T08:00:00.000000Z"; None stays None. ValueError where ``at`` names no zone."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at!r}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


@overload
def moment(text: str) -> datetime: ...
@overload
def moment(text: None) -> None: ...
def moment(text: str | None) -> datetime | None:
    """The UTC datetime `stamp` wrote; None stays None."""
    return None if text is None else datetime.fromisoformat(text)
