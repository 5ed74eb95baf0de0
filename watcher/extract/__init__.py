"""The reader: one capture in, one document out. Pure: no clock, no network, no store.

`read` takes HTML, PDF, plain text and Markdown and never raises on content: what cannot be read comes back
with quality UNREADABLE and the reason. What hangs or eats memory in a parser's own code is the worker's to
end (`watcher.work`).
"""

from __future__ import annotations

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from storage.records import Capture, Document, Quality, Reading
from watcher.extract import html, markdown, pdf
from watcher.extract.blocks import Block
from watcher.extract.charset import decode
from watcher.extract.clauses import clauses_of
from watcher.extract.dates import stated_dates
from watcher.extract.guard import Unreadable, checked, without_noscript
from watcher.extract.language import language_of
from watcher.extract.place import country_of
from watcher.extract.quality import PageMarks, assess, marks

EXTRACTOR = "3"
"""Version of the reader, stored with each version: raise it with every change of what a page reads as."""

__all__ = ["EXTRACTOR", "read"]

_PLAIN = frozenset({"text/plain", "text/markdown", "text/x-markdown"})


def read(capture: Capture, *, select: str | None = None) -> Document:
    """The document a capture holds.

    ``select`` is a CSS selector (HTML only): the reading is restricted to what it picks. The same capture
    always reads the same; link targets, attributes and white space of the source never show.
    """
    kind = capture.content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/pdf" or capture.body[:1024].lstrip().startswith(b"%PDF-"):
            title, blocks = pdf.read(capture.body)
            return _document(capture, title, "", blocks, (), None)
        text = decode(capture.body, capture.content_type)
        if kind in _PLAIN:
            return _document(capture, "", "", markdown.blocks_of(text.replace("\x00", "")), (), None)
        return _page(capture, checked(text), select)
    except Unreadable as refused:
        return _unreadable(str(refused))
    except RecursionError:
        return _unreadable("the page is nested too deep")


def _page(capture: Capture, text: str, select: str | None) -> Document:
    shown = without_noscript(text)
    tree = LexborHTMLParser(shown)
    head = html.head_of(tree)
    facts = marks(tree, None if shown is text else text)
    blocks = html.blocks_of(tree, select)
    document = _document(capture, head.title, head.language, blocks, head.dates, facts)
    if select and not blocks and document.quality.reading is Reading.UNREADABLE:
        return _unreadable(f"the selector {select!r} picks nothing on this page")
    return document


def _document(
    capture: Capture,
    title: str,
    declared: str,
    blocks: list[Block],
    metadata: tuple[str, ...],
    facts: PageMarks | None,
) -> Document:
    title, clauses = clauses_of(blocks, title)
    language = language_of("\n".join(c.text for c in clauses), declared)
    dates = stated_dates(
        clauses,
        language=language,
        region=country_of(capture.final_url or capture.url, declared),
        seen_at=capture.fetched_at,
        metadata=metadata,
    )
    document = Document(title, language, clauses, dates, extractor=EXTRACTOR)
    return replace(document, quality=assess(document, facts, capture))


def _unreadable(reason: str) -> Document:
    return Document("", "", (), quality=Quality(Reading.UNREADABLE, reason, 0.0), extractor=EXTRACTOR)
