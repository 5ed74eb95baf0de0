"""The chains of digests that make the history evidence.

Two chains a policy, each link a sha256 over the link before it:

- a version's link covers the body's sha256, the text's sha256, the whole reading's sha256 (sections, numbers,
  dates), its address and its time;
- a check's link covers the visit and its outcome, the capture (address, status, headers, time, sha256 of the
  body), and the links of the versions and changes it left behind.

`heads` keeps the length and last link of both, so that cutting off the end is seen as well. Whoever can write
the file can also compute every link anew: against that, keep a head somewhere else (`clausewatch verify` prints
them) and compare (`storage.verify.verify` with ``expect``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from storage.records import Document

START = ""
"""The link before the first."""


def link(before: str, *values: object) -> str:
    """sha256 (hex) over the link before and the values, as canonical JSON."""
    return hashlib.sha256(canonical([before, *values]).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def reading_sha256(document: Document, dates: str) -> str:
    """Over everything read of a document but its quality: title, language, dates and the clauses in order,
    each with kind, number, level and section path."""
    head = canonical([document.title, document.language, dates])
    rows = "".join(
        "\x1f".join((c.kind._value_, c.number, str(c.level), "\x1e".join(c.section), c.text)) + "\x1d"
        for c in document.clauses
    )
    return hashlib.sha256((head + rows).encode()).hexdigest()


def version_link(
    before: str, *, body: str, text: str, reading: str, extractor: str, url: str, seen_at: str
) -> str:
    return link(before, body, text, reading, extractor, url, seen_at)


def check_link(
    before: str,
    check: Sequence[object],
    capture: Sequence[object] | None,
    versions: Iterable[str],
    changes: Iterable[str],
) -> str:
    """``check`` and ``capture`` are the rows' values in the order of `CHECK` and `CAPTURE`; ``versions`` and
    ``changes`` the links of those this check left, in the order of their ids."""
    return link(
        before, list(check), None if capture is None else list(capture), list(versions), list(changes)
    )


CHECK = ("started_at", "duration_ms", "outcome", "reason", "stated", "archived")
CAPTURE = ("url", "final_url", "status", "headers", "fetched_at", "sha256", "size")
CHANGE = (
    "from_version", "to_version", "kind", "verdict", "days", "materiality", "topics", "direction", "summary",
    "language", "previous_seen_at", "first_seen_at", "confirmed_at", "notify", "words_added", "words_removed",
    "url", "service",
)  # fmt: skip
CLAUSE_CHANGE = (
    "op", "section", "before", "after", "words", "topics", "materiality", "direction", "reasons", "moved",
    "number_before", "number_after", "kind",
)  # fmt: skip


def change_seal(change: Sequence[object], clauses: Iterable[Sequence[object]]) -> str:
    """One change with its clauses, values in the order of `CHANGE` and `CLAUSE_CHANGE`."""
    return link(START, list(change), [list(c) for c in clauses])
