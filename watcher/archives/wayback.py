"""The web archive: which captures it has of an address, and each as it was served (``id_``).

The CDX server lists captures, at most one a day; of each run of equal bodies the first and the last are used,
so that it is known both since when and until when a text stood. Every request goes through the gate, which
keeps its pace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Protocol
from urllib.parse import quote, urlencode

from storage.records import Capture
from watcher.archives.values import ArchiveError

BASE = "https://web.archive.org"
_FIELDS = ("timestamp", "original", "statuscode", "mimetype", "digest")
_ORIGINAL = "x-archive-orig-"
_OWN = frozenset({"content-type", "content-language"})
_SERVED = re.compile(r"/web/(\d{14})(?:id_)?/")


class Gate(Protocol):
    """The part of the gate this edge needs, handed in by whoever wires."""

    async def get(self, url: str, *, robots: bool = True) -> object: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One capture the archive has, not fetched yet. ``digest`` is the archive's own, of the body."""

    url: str
    captured_at: datetime
    address: str  # where the archive serves it, byte for byte
    digest: str = ""


async def found(
    url: str,
    gate: Gate,
    *,
    base: str = BASE,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> list[Found]:
    """The archive's captures of ``url``, oldest first, of at most ``limit`` bodies spread evenly over the time.

    Raises ArchiveError in words where the answer is none; the gate's errors pass."""
    query = {"url": url, "output": "json", "fl": ",".join(_FIELDS), "filter": "statuscode:200"}
    query["collapse"] = "timestamp:8"
    if since:
        query["from"] = f"{since:%Y%m%d}"
    if until:
        query["to"] = f"{until:%Y%m%d}235959"
    answer = await gate.get(f"{base}/cdx/search/cdx?{urlencode(query)}", robots=False)
    if not isinstance(answer, Capture):
        raise ArchiveError("the web archive gave no list of captures")
    return _chosen(_parsed(answer.body, url, base), limit)


async def fetch(capture: Found, gate: Gate) -> Capture:
    """One capture as the archive keeps it: dated when it was taken, with the headers it came with then.

    Raises ArchiveError where the archive gives something else; the gate's errors pass."""
    answer = await gate.get(capture.address, robots=False)
    served = _SERVED.search(answer.final_url) if isinstance(answer, Capture) else None
    if not isinstance(answer, Capture) or (served and served[1] != f"{capture.captured_at:%Y%m%d%H%M%S}"):
        raise ArchiveError(
            f"the web archive gave another capture than that of {capture.captured_at:%Y-%m-%d}"
        )
    return replace(
        answer,
        url=capture.url,
        final_url=capture.url,
        fetched_at=capture.captured_at,
        headers=_headers(answer),
    )


def _headers(answer: Capture) -> dict[str, str]:
    """The original answer's headers; of the archive's own only what tells how to read the body."""
    own = {name: value for name, value in answer.headers.items() if name in _OWN}
    original = {
        name.removeprefix(_ORIGINAL): value
        for name, value in answer.headers.items()
        if name.startswith(_ORIGINAL)
    }
    return own | original


def _parsed(body: bytes, url: str, base: str) -> list[Found]:
    """A row that makes no sense is left out; a list that makes none is an ArchiveError."""
    try:
        rows = json.loads(body.strip() or b"[]")
        if not rows:
            return []
        header = [str(name) for name in rows[0]]
        places = [header.index(name) for name in ("timestamp", "original", "digest")]
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError("the web archive answered with something else than a list of captures") from error
    return sorted(_rows(rows[1:], places, url, base), key=lambda c: c.captured_at)


def _rows(rows: Sequence[object], places: Sequence[int], url: str, base: str) -> Iterator[Found]:
    for row in rows:
        try:
            stamp, original, digest = (str(row[place]) for place in places)  # type: ignore[index]
            at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, KeyError):
            continue
        yield Found(url, at, f"{base}/web/{stamp}id_/{quote(original, safe=':/?&=%')}", digest)


def _chosen(captures: Sequence[Found], limit: int) -> list[Found]:
    """The first and the last of each run of equal bodies, of at most ``limit`` runs."""
    runs = [tuple(run) for _, run in groupby(captures, key=lambda c: c.digest or c.address)]
    return [c for run in _spread(runs, limit) for c in ((run[0], run[-1]) if len(run) > 1 else run)]


def _spread(runs: list[tuple[Found, ...]], limit: int) -> list[tuple[Found, ...]]:
    if len(runs) <= limit or limit < 2:
        return runs[: max(limit, 0)]
    step = (len(runs) - 1) / (limit - 1)
    return [runs[round(i * step)] for i in range(limit)]
