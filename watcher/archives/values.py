"""What an archive holds, before any of it is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from storage.records import Capture

MAX_BODY = 50_000_000
"""Bytes of one archived body, inflated. A larger record is left out, and said so."""


class ArchiveError(Exception):
    """An archive that cannot be read at all, in one line for people."""


class ArchiveStops(ArchiveError):
    """An archive that gives nothing more for now; what it gave is used, the rest can be asked for later."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One archived capture: whose it is and when, without its bytes. ``capture`` gives those, wherever they
    lie; it raises ArchiveError where they cannot be had."""

    url: str
    captured_at: datetime
    capture: Callable[[], Awaitable[Capture]]


def on_disk(load: Callable[[], Capture]) -> Callable[[], Awaitable[Capture]]:
    """A blocking ``load`` as `Entry.capture` wants it; the event loop goes on meanwhile."""
    return partial(asyncio.to_thread, load)


def utc(text: str) -> datetime:
    """An ISO 8601 time in UTC; one without a zone is taken for UTC. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Listing:
    """The captures of one archive in no particular order, and what of it could not be used (a line each)."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
