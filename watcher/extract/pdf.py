"""A PDF → blocks: lines joined to paragraphs across lines and pages, running heads and page numbers left out."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as raw

from storage.records import ClauseKind, plain
from watcher.extract.blocks import Block
from watcher.extract.guard import Unreadable
from watcher.extract.numbering import split_number, starts_item

MAX_PAGES = 400
_EDGE = 0.09  # of a page's height, above and below, where running heads and page numbers stand
_LARGER = 1.12  # a heading's letters against the body's
_FULL = 0.85  # of the widest line; a shorter one ends its paragraph
_APART = 1.45  # line distances, against the usual one, from which lines are apart
_BOLD_WEIGHT = 600
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:page|seite|página|pagina|side|strona|p\.)?\s*\d{1,3}\s*(?:(?:of|/|von|sur|de|di|van)\s*\d{1,3})?(?:\s*[-–—|])?",
    re.I,
)
_HYPHENS = "\x02\ufffe\u00ad"
_SENTENCE_ENDS = '.:;!?”"'


@dataclass(slots=True)
class _Line:
    text: str
    page: int
    top: float  # distance from the top of the page, in points
    height: float  # of the page
    left: float
    right: float
    size: float
    bold: bool


def read(body: bytes) -> tuple[str, list[Block]]:
    """The title in the PDF's own data ("" where none) and its blocks in reading order.

    Raises `Unreadable` for what is no PDF, is locked, or holds no text (a scan).
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("the PDF cannot be opened: broken or locked") from error
    try:
        title = plain(document.get_metadata_value("Title") or "")
        lines: list[_Line] = []
        for number in range(min(len(document), MAX_PAGES)):
            lines.extend(_page_lines(document, number))
    except pypdfium2.PdfiumError as error:
        raise Unreadable("the PDF cannot be read: a page is broken") from error
    finally:
        document.close()
    if not lines:
        raise Unreadable("the PDF holds no text (a scan?)")
    return ("" if re.search(r"\.\w{2,5}$|^untitled", title, re.I) else title), _blocks(_without_edges(lines))


def _page_lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[_Line]:
    page = document[number]
    try:
        height = page.get_height()
        words = page.get_textpage()
        try:
            text = words.get_text_range()
            aligned = len(text) == words.count_chars()
            at = 0
            for piece in re.split(r"(\r\n|\r|\n)", text):
                if piece.strip():
                    yield _line(words, piece, at if aligned else -1, number, height)
                at += len(piece)
        finally:
            words.close()
    finally:
        page.close()


def _line(words: pypdfium2.PdfTextPage, text: str, at: int, number: int, height: float) -> _Line:
    if at < 0:
        return _Line(text, number, 0.0, height, 0.0, 0.0, 0.0, False)
    first = at + len(text) - len(text.lstrip())
    last = at + len(text.rstrip()) - 1
    left, _, _, top = words.get_charbox(first, loose=True)
    right = words.get_charbox(last, loose=True)[2]
    places = (first, (first + last) // 2, last)
    size = Counter(round(raw.FPDFText_GetFontSize(words, k) * 2) / 2 for k in places).most_common(1)[0][0]
    bold = all(_bold(words, k) for k in places)
    return _Line(text, number, height - top, height, left, right, size, bold)


def _bold(words: pypdfium2.PdfTextPage, at: int) -> bool:
    if raw.FPDFText_GetFontWeight(words, at) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(words, at, name, 128, ctypes.byref(flags))
    return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _without_edges(lines: list[_Line]) -> list[_Line]:
    """``lines`` without what repeats at the edges of the pages, whatever its page number."""
    pages = lines[-1].page + 1
    body = _body_size(lines)
    at_edge = [line for line in lines if _edge(line) and line.size <= body]
    seen = Counter(key for key, _ in {(_running(line.text), line.page) for line in at_edge})
    least = 2 if pages < 4 else max(3, pages // 3)
    return [
        line
        for line in lines
        if not (
            _edge(line)
            and (
                _PAGE_NUMBER.fullmatch(line.text.strip())
                or (pages > 1 and line.size <= body and seen[_running(line.text)] >= least)
            )
        )
    ]


def _body_size(lines: list[_Line]) -> float:
    """The size most letters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _edge(line: _Line) -> bool:
    return line.size > 0 and not _EDGE * line.height < line.top < (1 - _EDGE) * line.height


def _running(text: str) -> str:
    return re.sub(r"\d+", "0", plain(text)).casefold()


def _blocks(lines: list[_Line]) -> list[Block]:
    if not lines:
        return []
    body = _body_size(lines)
    larger = sorted({line.size for line in lines if line.size > _LARGER * body}, reverse=True)
    gaps = [b.top - a.top for a, b in pairwise(lines) if a.page == b.page and b.top > a.top]
    usual = Counter(round(g) for g in gaps).most_common(1)[0][0] if gaps else 0
    width = max(line.right for line in lines)
    margin = min((line.left for line in lines), default=0.0)
    made: list[Block] = []
    held: list[_Line] = []
    for line in lines:
        if held and not _goes_on(held[-1], line, usual, margin + _FULL * (width - margin)):
            made.append(_block(held, body, larger))
            held = []
        held.append(line)
    made.append(_block(held, body, larger))
    return made


def _goes_on(before: _Line, line: _Line, usual: float, full: float) -> bool:
    """Whether ``line`` continues the paragraph that ``before`` stands in."""
    text, head = line.text.strip(), before.text.strip()
    if before.size != line.size or before.bold != line.bold:
        return before.page == line.page and abs(before.top - line.top) < 2
    if starts_item(text):
        return False
    if before.page != line.page:
        return text[:1].islower() or (head[-1:] not in _SENTENCE_ENDS and before.right >= full)
    if usual and line.top - before.top > _APART * max(usual, 1.15 * line.size):
        return False
    if text[:1].islower() or head[-1:] in ",-–" or head[-1:] in _HYPHENS:
        return True
    return before.right >= full or not line.size


def _block(lines: list[_Line], body: float, larger: list[float]) -> Block:
    text = ""
    for line in lines:
        piece = line.text.strip()
        if text and text[-1] in _HYPHENS:
            text = text[:-1] + piece
        elif text.endswith("-") and piece[:1].islower():
            text += piece
        else:
            text = f"{text} {piece}"
    text = text.strip().strip(_HYPHENS)
    for hyphen in _HYPHENS[:2]:
        text = text.replace(hyphen, "-")
    size = lines[0].size
    if size > _LARGER * body and body and len(text) < 200:
        return Block(text, ClauseKind.HEADING, level=min(6, larger.index(size) + 1))
    bold = all(line.bold for line in lines)
    number, _ = split_number(text)
    item = bool(number) and starts_item(text) and not bold
    return Block(text, ClauseKind.ITEM if item else ClauseKind.PARAGRAPH, bold=bold)
