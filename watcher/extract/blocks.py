"""What the walks over HTML, PDF, Markdown and plain text have in common: a page as a list of blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.records import ClauseKind
from watcher.extract.furniture import NO, Suspect

# Members as plain names: in Python 3.11 each `ClauseKind.HEADING` is a look-up of a third of a microsecond, and
# every block is asked for its kind many times.
HEADING, PARAGRAPH, ITEM, ROW = ClauseKind


@dataclass(slots=True)
class Block:
    """One line of the page as a reader sees it, with what tells policy from furniture.

    ``bold``: every word of it. ``term``: it names what follows by its place (a definition list's term, the
    summary of a details element, a table's caption, the button of an accordion). ``linked`` counts the
    characters inside links, ``anchors`` says that all its links lead to places in the page itself, ``inside`` is
    the number of the container it stands in (see `Page`).
    """

    text: str
    kind: ClauseKind = PARAGRAPH
    level: int = 0
    number: str = ""
    bold: bool = False
    term: bool = False
    linked: int = 0
    links: int = 0
    anchors: bool = False
    inside: int = 0


@dataclass(slots=True)
class Page:
    """The blocks of a page and the tree of containers they stand in: each container's parent, what its marks
    make of it, its tag. Container 0 is the whole page. ``assumed``: characters of prose the page must hold,
    or else what a hasty walk passed over was not surely furniture."""

    blocks: list[Block] = field(default_factory=list)
    assumed: float = 0.0
    containers: list[tuple[int, Suspect, str]] = field(default_factory=lambda: [(-1, NO, "")])
