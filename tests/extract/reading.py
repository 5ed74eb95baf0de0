"""How the tests of the reader make captures and write readings down."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.records import Capture, Document

SEEN_AT = datetime(2024, 6, 1, tzinfo=UTC)


def capture(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Capture:
    """A capture of ``body`` as a server on the reserved name example.test would have sent it."""
    raw = body.encode() if isinstance(body, str) else body
    url = "https://site.example/policy"
    return Capture(url, url, 200, {"content-type": content_type}, raw, SEEN_AT)


def written(document: Document) -> str:
    """A document as the ``.txt`` files beside the pages write it."""
    lines = [f"title: {document.title}"]
    for clause in document.clauses:
        kind = f"{clause.kind.value} {clause.level}" if clause.level else clause.kind.value
        lines.append(f"{kind} | {clause.number} | {clause.text}".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"
