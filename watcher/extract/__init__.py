"""The reader: one capture in, one document out. Pure: no clock, no network, no store.

`read` takes any content type it knows (HTML, PDF, plain text, Markdown) and never raises on content: what
cannot be read comes back with quality UNREADABLE and the reason.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from storage.records import Capture, Clause, ClauseKind, Document, Quality, Reading
from watcher.extract import html, markdown
from watcher.extract.blocks import Block
from watcher.extract.charset import decode
from watcher.extract.clauses import clauses_of
from watcher.extract.guard import Hostile, checked
from watcher.extract.language import language_of

EXTRACTOR = "1"
"""Version of the reader, stored with each version: raise it with every change of what a page reads as."""

__all__ = ["EXTRACTOR", "read"]


def read(capture: Capture, *, select: str | None = None) -> Document:
    """The document a capture holds.

    ``select`` is a CSS selector (HTML only): the reading is restricted to what it picks. The same capture
    always reads the same; link targets, attributes and white space of the source never show.
    """
    kind = capture.content_type.partition(";")[0].strip().lower()
    try:
        text = decode(capture.body, capture.content_type)
        if kind in ("text/plain", "text/markdown", "text/x-markdown"):
            return _document("", "", markdown.blocks_of(checked_text(text)))
        tree = LexborHTMLParser(checked(text))
        head = html.head_of(text, tree)
        return _document(head.title, head.language, html.blocks_of(tree, select))
    except Hostile as refused:
        return _unreadable(str(refused))


def checked_text(text: str) -> str:
    return text.replace("\x00", "")


def _document(title: str, declared: str, blocks: list[Block]) -> Document:
    clauses = clauses_of(blocks)
    language = language_of("\n".join(c.text for c in clauses), declared)
    return Document(_title(title, clauses), language, clauses, extractor=EXTRACTOR)


def _title(title: str, clauses: tuple[Clause, ...]) -> str:
    first = next((c.text for c in clauses[:20] if c.kind is ClauseKind.HEADING and c.level == 1), "")
    return first or title or next((c.text for c in clauses if c.kind is ClauseKind.HEADING), "")


def _unreadable(reason: str) -> Document:
    return Document("", "", (), quality=Quality(Reading.UNREADABLE, reason, 0.0), extractor=EXTRACTOR)
