"""A policy's history in forms other tools read: WARC (the bytes), Markdown (to read), JSON (everything).

`history_of` gathers on the store's thread; the rest is pure.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.change_record import iso, to_record
from storage.records import Capture, Change, ChangeKind, Clause, ClauseKind, Document, Policy, StatedDate
from storage.store import Store
from storage.versions import VersionRow

_NOT_OF_THE_STORED_BYTES = {"content-encoding", "transfer-encoding", "content-length"}


@dataclass(frozen=True, slots=True)
class History:
    """One policy with all its versions and changes, oldest first; ``head`` is the end of its chains."""

    policy: Policy
    versions: tuple[tuple[VersionRow, Document], ...]
    changes: tuple[Change, ...]
    head: str


def history_of(store: Store, policy: Policy) -> History:
    """Of a policy that is watched, or was: removing one leaves its history."""
    return History(
        policy,
        tuple((row, store.version_document(row.id)) for row in store.versions(policy.id)),
        tuple(store.changes(policy=policy.id)),
        next((h.digest for h in store.heads() if h.policy == policy.id), ""),
    )


def captures_of(store: Store, policy_id: str) -> Iterable[Capture]:
    """The captures whose bytes are kept, oldest first, one at a time."""
    for row in sorted(store.captures(policy_id), key=lambda r: (r.fetched_at, r.id)):
        capture = store.capture(row.id) if row.kept else None
        if capture is not None:
            yield capture


def to_json(history: History) -> dict[str, Any]:
    """Everything as JSON values: the policy, each version with its clauses, each change as its record."""
    policy = history.policy
    return {
        "policy": policy.id,
        "url": policy.url,
        "service": policy.service,
        "kind": policy.kind.value,
        "name": policy.name,
        "head": history.head,
        "versions": [
            {
                "version": row.number,
                "id": row.id,
                "first_seen_at": iso(row.seen_at),
                "stood_at": iso(row.stood_at),
                "composed": row.composed,
                "extractor": row.extractor,
                "title": row.title,
                "language": row.language,
                "updated": _stated(row.dates.updated),
                "effective": _stated(row.dates.effective),
                "text_sha256": row.text_sha256,
                "digest": row.digest,
                "clauses": [_clause(c) for c in document.clauses],
            }
            for row, document in history.versions
        ],
        "changes": [to_record(c) for c in history.changes],
    }


def to_markdown(history: History) -> str:
    """To read: what changed and when, then every text that stood."""
    policy = history.policy
    blocks = [f"# {policy.name or policy.id}", f"{policy.service}, {policy.kind.value}: <{policy.url}>"]
    blocks.append("## Changes")
    blocks += [_line(change) for change in history.changes]
    for row, document in history.versions:
        if row.stood_at is None:
            continue
        blocks.append(f"## Version {row.number}, first seen {row.seen_at:%Y-%m-%d %H:%M} UTC")
        blocks.append(f"Text sha256 `{row.text_sha256}`, link `{row.digest}`.")
        blocks.append(markdown_text(document, below=2))
    return "\n\n".join(blocks) + "\n"


def markdown_text(document: Document, *, below: int = 0) -> str:
    """The document's clauses as Markdown blocks, in order, numbering as printed; headings ``below`` a level."""
    return "\n\n".join(_block(c, below) for c in document.clauses)


def write_warc(captures: Iterable[Capture], out: BinaryIO, *, software: str) -> int:
    """Write captures as a gzipped WARC 1.1 file; gives how many. The bytes are the inflated ones, so the
    headers that spoke of their transfer are left out. Equal captures give equal record ids."""
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record("clausewatch.warc.gz", {"software": software}))
    count = 0
    for capture in captures:
        headers = [(n.title(), v) for n, v in capture.headers.items() if n not in _NOT_OF_THE_STORED_BYTES]
        headers.append(("Content-Length", str(len(capture.body))))
        at = iso(capture.fetched_at)
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{capture.final_url} {at} {capture.sha256}")
        record = writer.create_warc_record(
            capture.final_url,
            "response",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            warc_headers_dict={"WARC-Date": at, "WARC-Record-ID": f"<urn:uuid:{name}>"},
            http_headers=StatusAndHeaders(str(capture.status), headers, protocol="HTTP/1.1"),
        )
        writer.write_record(record)
        count += 1
    return count


def _line(change: Change) -> str:
    stated = change.stated_after.own.value if change.stated_after.own else "no date"
    head = f"- {change.first_seen_at:%Y-%m-%d} (states {stated})"
    if change.kind is ChangeKind.FIRST:
        return f"{head} {change.summary[:1].lower()}{change.summary[1:]}"
    return (
        f"{head} {change.kind.value}, {change.verdict.value}, {change.materiality.value},"
        f" version {change.from_version} → {change.to_version}: {change.summary}"
    )


def _block(clause: Clause, below: int) -> str:
    text = f"{clause.number} {clause.text}" if clause.number else clause.text
    match clause.kind:
        case ClauseKind.HEADING:
            return f"{'#' * min(6, max(clause.level, 1) + below)} {text}"
        case ClauseKind.ITEM:
            return f"- {text}"
        case _:
            return text


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "section": list(clause.section),
        "kind": clause.kind.value,
        "number": clause.number,
        "level": clause.level,
        "text": clause.text,
    }


def _stated(date: StatedDate | None) -> dict[str, Any] | None:
    if date is None:
        return None
    return {
        "value": date.value,
        "evidence": date.evidence,
        "place": date.place,
        "confidence": date.confidence,
        "ambiguous": date.ambiguous,
        "settled_by": date.settled_by,
    }
