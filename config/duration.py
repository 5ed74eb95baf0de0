"""Durations as people write them: "2s", "10m", "12h", "30d", "1h30m", "500ms"."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])", re.ASCII)
_LONGEST_S = 36525 * 86400.0  # a century: beyond it date arithmetic runs out of calendar


def parse_duration(text: str) -> float:
    """Seconds of a duration such as "90s", "10m", "12h", "30d", "2w" or "1h30m"; any positive one is taken.

    ValueError, in words for the person who wrote it, for anything else.
    """
    tidy = text.strip().lower()
    parts = _PART.findall(tidy)
    if not parts or _PART.sub("", tidy).strip():
        raise ValueError('takes a duration such as "90s", "10m", "12h" or "30d"')
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if seconds <= 0:
        raise ValueError("takes a duration longer than nothing")
    if seconds > _LONGEST_S:
        raise ValueError("takes a duration of at most a hundred years")
    return seconds


def _duration(value: object) -> object:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, bool | int | float):
        raise ValueError(f'needs its unit: "{value}s", "{value}m", "{value}h" or "{value}d"')
    return value


def _seconds(value: object) -> object:
    if isinstance(value, str) and _PART.search(value.lower()):
        return parse_duration(value)
    return value


Duration = Annotated[float, BeforeValidator(_duration)]
"""A field written as a duration with its unit, read as seconds."""

Seconds = Annotated[float, BeforeValidator(_seconds)]
"""A field whose name ends in ``_s``: a plain number of seconds; a duration with its unit is taken too."""
