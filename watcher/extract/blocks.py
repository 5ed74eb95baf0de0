"""What the walks over HTML, PDF, Markdown and plain text have in common: a page as a list of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import ClauseKind

# Members as plain names: in Python 3.11 each `ClauseKind.HEADING` is a look-up of a third of a microsecond, and
# every block is asked for its kind many times.
HEADING, PARAGRAPH, ITEM, ROW = ClauseKind


@dataclass(slots=True)
class Block:
    """One line of the page as a reader sees it, with what tells policy from furniture.

    ``bold``: every word of it. ``term``: it names what follows by its place (a definition list's term, the
    summary of a details element, a table's caption, the button of an accordion). ``linked`` counts the characters inside links, ``inside`` is the number of the container it stands in
    (see `watcher.extract.walk.Page`), ``anchors`` says that all its links lead to places in the page itself.
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
