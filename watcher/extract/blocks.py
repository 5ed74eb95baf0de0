"""What the walks over HTML, PDF, Markdown and plain text have in common: a page as a list of blocks."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from storage.records import ClauseKind


class Look(enum.IntFlag):
    """How a block was set, as far as it tells what the block is."""

    NONE = 0
    BOLD = 1  # every word of it
    TERM = 2  # the term of a definition list, the summary of a details element, a table's caption
    MARKED = 4  # the page marks it as a list item by itself (a bullet glyph or a list element)


@dataclass(slots=True)
class Block:
    """One line of the page as a reader sees it, with what tells policy from furniture.

    ``linked`` counts the characters inside links, ``inside`` is the number of the container it stands in
    (see `watcher.extract.walk.Page`), ``anchors`` says that all its links lead to places in the page itself.
    """

    text: str
    kind: ClauseKind = ClauseKind.PARAGRAPH
    level: int = 0
    number: str = ""
    look: Look = Look.NONE
    linked: int = 0
    links: int = 0
    anchors: bool = False
    inside: int = 0
