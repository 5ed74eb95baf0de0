"""The web archive: which captures it has of an address, and each as it was served (``id_``).

The CDX server lists captures; ``collapse=digest`` leaves one of each run of equal bodies. Every request goes
through the gate, which keeps its pace.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from storage.records import Capture
from watcher.archives.values import ArchiveError

BASE = "https://web.archive.org"
_FIELDS = "timestamp,original,statuscode,mimetype,digest"


class Gate(Protocol):
    """The part of the gate this edge needs, handed in by whoever wires."""

    async def get(self, url: str, *, robots: bool = True) -> object: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One capture the archive has, not fetched yet."""

    url: str
    captured_at: datetime
    address: str  # where the archive serves it, byte for byte


async def found(
    url: str,
    gate: Gate,
    *,
    base: str = BASE,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
) -> list[Found]:
    """The archive's captures of ``url``, oldest first, at most ``limit``, spread evenly over the time.

    Raises ArchiveError in words where the answer is none; the gate's errors pass."""
    query = {"url": url, "output": "json", "fl": _FIELDS, "filter": "statuscode:200", "collapse": "digest"}
    if since:
        query["from"] = f"{since:%Y%m%d}"
    if until:
        query["to"] = f"{until:%Y%m%d}235959"
    answer = await gate.get(f"{base}/cdx/search/cdx?{urlencode(query)}", robots=False)
    if not isinstance(answer, Capture):
        raise ArchiveError("the web archive gave no list of captures")
    return _spread(_parsed(answer.body, url, base), limit)


async def fetch(capture: Found, gate: Gate) -> Capture:
    """One capture as the archive keeps it, dated when it was taken. The gate's errors pass."""
    answer = await gate.get(capture.address, robots=False)
    if not isinstance(answer, Capture):
        raise ArchiveError(f"the web archive did not give the capture of {capture.captured_at:%Y-%m-%d}")
    kept = {k.removeprefix("x-archive-orig-"): v for k, v in answer.headers.items()}
    return replace(
        answer, url=capture.url, final_url=capture.url, fetched_at=capture.captured_at, headers=kept
    )


def _parsed(body: bytes, url: str, base: str) -> list[Found]:
    try:
        rows = json.loads(body or b"[]")
        captures = [_row(row, url, base) for row in rows[1:]]
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        raise ArchiveError("the web archive answered with something else than a list of captures") from error
    return sorted(captures, key=lambda c: c.captured_at)


def _row(row: Sequence[str], url: str, base: str) -> Found:
    at = datetime.strptime(row[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return Found(url, at, f"{base}/web/{row[0]}id_/{quote(row[1], safe=':/?&=%')}")


def _spread(captures: list[Found], limit: int) -> list[Found]:
    if len(captures) <= limit or limit < 2:
        return captures[: max(limit, 0)]
    step = (len(captures) - 1) / (limit - 1)
    return [captures[round(i * step)] for i in range(limit)]
