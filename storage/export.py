"""A policy's history in forms other tools read: WARC, Markdown, JSON."""

from __future__ import annotations

from storage.records import Clause, ClauseKind, Document


def markdown_text(document: Document) -> str:
    """The document's clauses as Markdown blocks, in order, numbering as printed."""
    return "\n\n".join(_block(c) for c in document.clauses)


def _block(clause: Clause) -> str:
    text = f"{clause.number} {clause.text}" if clause.number else clause.text
    match clause.kind:
        case ClauseKind.HEADING:
            return f"{'#' * max(clause.level, 1)} {text}"
        case ClauseKind.ITEM:
            return f"- {text}"
        case _:
            return text
