"""What an archive holds, before any of it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.records import Capture

MAX_BODY = 50_000_000
"""Bytes of one archived body, inflated. A larger record is left out, and said so."""


class ArchiveError(Exception):
    """An archive that cannot be read at all, in one line for people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One archived capture: whose it is and when, without its bytes; ``load`` reads them."""

    url: str
    captured_at: datetime
    load: Callable[[], Capture]


@dataclass(frozen=True, slots=True)
class Listing:
    """The captures of one archive in no particular order, and what of it could not be used (a line each)."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
