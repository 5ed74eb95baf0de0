"""Blocks → clauses: numbering off, headings found, sections laid over them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from storage.records import Clause, plain
from watcher.extract import addresses
from watcher.extract.blocks import HEADING, PARAGRAPH, Block
from watcher.extract.numbering import depth_of, split_number
from watcher.extract.phrases import unspoken

_LONG_HEADING = 200  # characters; longer ones are prose set as a heading
_LONG_BOLD = 120
_LEADING = 4  # headings at the top among which the title is looked for
_ENDS = re.compile(r"[.;,!]$")
_WORD = re.compile(r"[^\W_]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def clauses_of(blocks: Iterable[Block], page_title: str = "") -> tuple[str, tuple[Clause, ...]]:
    """The title of a policy and its clauses in order, each with the headings it stands under.

    The title is no clause: templates repeat, move and drop it, and ``page_title`` (the page's own) may
    carry it alone.
    """
    rows = [b for b in blocks if b.text[:1].isalnum() or _WORD.search(b.text)]
    title, rows = _titled(rows, page_title)
    made: list[Clause] = []
    path: list[tuple[int, str]] = []
    section: tuple[str, ...] = ()
    real = 1
    for k, block in enumerate(rows):
        text = plain(addresses.steady(block.text))
        if block.linked:
            text = unspoken(text)
        kind, level = block.kind, block.level
        if kind is HEADING and len(text) > _LONG_HEADING:
            kind, level = PARAGRAPH, 0
        if kind is HEADING:
            real = level
        acts = kind is PARAGRAPH and _acts_as_heading(block, text, rows, k)
        number, text = split_number(text, heading=acts or kind is HEADING)
        if not text:
            continue
        if acts:
            kind, level = HEADING, min(6, real + max(1, depth_of(number)))
        if kind is HEADING:
            while path and path[-1][0] >= level:
                path.pop()
            section = tuple(t for _, t in path)
        made.append(Clause(text, section, kind, number or block.number, level))
        if kind is HEADING:
            path.append((level, text))
            section = (*section, text)
    return title or page_title or next((c.text for c in made if c.level), ""), tuple(made)


def _titled(rows: list[Block], page_title: str) -> tuple[str, list[Block]]:
    """The title among the first headings, and the rows without it."""
    title, rest = "", list(rows)
    known = page_title.casefold()
    for block in rows[:_LEADING]:
        if block.kind is not HEADING:
            break
        text = plain(block.text)
        if len(text) > _LONG_HEADING or any(c.isdigit() for c in text):
            break
        if block.level > 1 and text.casefold() not in known:
            break
        title = title or text
        rest.remove(block)
    return title, rest if rest else rows


def _acts_as_heading(block: Block, text: str, rows: list[Block], k: int) -> bool:
    """Whether a paragraph is set as a heading: all bold or a term, short, no sentence, something under it."""
    if not (block.bold or block.term) or len(text) > _LONG_BOLD:
        return False
    if _ENDS.search(text) or _YEAR.search(text) or not any(c.isalpha() for c in text):
        return False
    return k + 1 < len(rows) and rows[k + 1].kind is not HEADING
