"""One walk over a parsed page, without recursion: the tree becomes blocks inside containers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from watcher.extract import addresses
from watcher.extract.blocks import HEADING, ITEM, Block
from watcher.extract.furniture import NEVER_READ, Suspect, opens, suspect, unseen
from watcher.extract.lines import BREAK, Run, lines_of
from watcher.extract.numbering import numeral
from watcher.extract.tables import Table
from watcher.extract.vocabulary import words

_INLINE = words(
    "a span b strong i em u font small big sup sub code abbr acronym mark label cite q time del ins s strike "
    "bdi bdo kbd var samp tt nobr wbr dfn data output ruby rb rt rp slot"
)
_BOLD_TAGS = frozenset({"b", "strong"})
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_STRUCTURE = _HEADINGS.keys() | words("summary dt caption button ul ol li pre table")
_CELLS = words("tr td th")  # the same inside a table
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n")
_LONG_TEXT = 1_000  # characters in one text: its blank lines part paragraphs
_ANCHOR_MARKS = frozenset({"#", "¶", "§", "🔗", "⚓"})  # a link to the heading itself


@dataclass(slots=True)
class Page:
    """The blocks of a page and the tree of containers they stand in; container 0 is the whole page."""

    blocks: list[Block] = field(default_factory=list)
    parent: list[int] = field(default_factory=lambda: [-1])
    suspects: list[Suspect] = field(default_factory=lambda: [Suspect.NO])
    tags: list[str] = field(default_factory=lambda: [""])


class Walker:
    """Reads one tree. Made for one use: ``Walker().walk(nodes)``."""

    def __init__(self) -> None:
        self.page = Page()
        self._runs: list[Run] = []
        self._bold = self._linked = self._links = self._outer = self._pre = 0
        self._heading = 0
        self._term = 0
        self._items: list[str] = []  # the number each open list item still has to give away
        self._lists: list[tuple[str, int]] = []  # numbering style and counter of each open list
        self._tables: list[Table] = []
        self._inside = 0

    def walk(self, roots: list[LexborNode]) -> Page:
        for root in roots:
            self._tree(root)
        self._flush()
        return self.page

    def _tree(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, str, int, bool]] = []
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                if self._pre or len(text) > _LONG_TEXT:
                    self._text(text)
                else:
                    self._runs.append((text, self._bold > 0, self._linked > 0))
            elif tag == "br":
                self._runs.append((BREAK, self._bold > 0, False))
            elif tag == "hr":
                self._flush()
            elif tag not in NEVER_READ and tag[:1].isalpha():
                inside = self._inside
                entered, bold = self._enter(node, tag)
                child = node.first_child if entered else None
                if child is not None:
                    stack.append((node, tag, inside, bold))
                    node = child
                    continue
                if entered:
                    self._leave(tag, inside, bold)
            while node is not root:
                following = node.next
                if following is not None:
                    node = following
                    break
                node, tag, inside, bold = stack.pop()
                self._leave(tag, inside, bold)
            else:
                return

    def _text(self, text: str) -> None:
        if self._pre:
            text = text.replace("\n", BREAK)
        elif len(text) > _LONG_TEXT:
            text = _BLANK_LINES.sub(BREAK * 2, text)
        self._runs.append((text, self._bold > 0, self._linked > 0))

    def _enter(self, node: LexborNode, tag: str) -> tuple[bool, bool]:
        """Whether to read inside, and whether the element makes its text bold."""
        if tag == "a":
            return self._enter_link(node.attributes), False
        if tag in _INLINE:
            bold = tag in _BOLD_TAGS
            if tag == "span" and (attributes := node.attributes):
                if _BOLD_STYLE.search(attributes.get("style") or ""):
                    bold = True
                elif unseen(attributes.get("class") or ""):
                    return False, False
                elif "data-cfemail" in attributes:
                    self._text(addresses.decoded(attributes["data-cfemail"] or "") or addresses.PLACEHOLDER)
                    return False, False
            self._bold += bold
            return True, bold
        attributes = node.attributes
        if tag == "button" and not self._heading and not _opens(attributes):
            return False, False
        self._flush()
        self._contain(tag, suspect(tag, attributes))
        if tag in _STRUCTURE or (self._tables and tag in _CELLS):
            self._open(tag, attributes)
        elif attributes.get("role") == "heading":
            level = attributes.get("aria-level") or "2"
            self._heading = min(6, int(level)) if level.isdigit() and level != "0" else 2
        style = attributes.get("style")
        bold = style is not None and _BOLD_STYLE.search(style) is not None
        self._bold += bold
        return True, bold

    def _enter_link(self, attributes: Mapping[str, str | None]) -> bool:
        if "data-cfemail" in attributes:
            self._text(addresses.decoded(attributes["data-cfemail"] or "") or addresses.PLACEHOLDER)
            return False
        href = attributes.get("href") or ""
        if "email-protection" in href:
            address = addresses.from_href(href)
            if address:
                self._text(address)
                return False
        if href:
            self._links += 1
            self._outer += "#" not in href
        self._linked += 1
        return True

    def _leave(self, tag: str, inside: int, bold: bool) -> None:
        if tag == "a":
            self._linked = max(0, self._linked - 1)
            return
        if tag in _INLINE:
            self._bold -= bold
            return
        self._flush()
        self._bold -= bold
        if tag in _STRUCTURE or (self._tables and tag in _CELLS):
            self._close(tag)
        self._inside = inside

    def _open(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """What an element of `_STRUCTURE` means for the text inside it."""
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in ("summary", "dt", "caption", "button"):
            self._term += 1
        elif tag in ("ul", "ol"):
            self._lists.append(
                (tag and (attributes.get("type") or "1") if tag == "ol" else "", _start(attributes))
            )
        elif tag == "li":
            self._items.append(self._next_number(attributes))
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._tables.append(Table(len(self.page.blocks)))
        elif tag == "tr":
            self._tables[-1].open_row()
        elif tag in ("td", "th"):
            self._tables[-1].open_cell(len(self.page.blocks), tag == "th", attributes)

    def _close(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading = 0
        elif tag in ("summary", "dt", "caption", "button"):
            self._term -= 1
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li" and self._items:
            self._items.pop()
        elif tag == "pre":
            self._pre -= 1
        elif self._tables and tag in ("td", "th"):
            self._tables[-1].close_cell(len(self.page.blocks))
        elif self._tables and tag == "table":
            self._tables.pop().close(self.page.blocks, self._inside)

    def _contain(self, tag: str, suspicion: Suspect) -> None:
        page = self.page
        page.parent.append(self._inside)
        page.suspects.append(suspicion)
        page.tags.append(tag)
        self._inside = len(page.parent) - 1

    def _next_number(self, attributes: Mapping[str, str | None]) -> str:
        if not self._lists or not self._lists[-1][0]:
            return ""
        style, count = self._lists[-1]
        value = attributes.get("value") or ""
        count = int(value) if value.isdigit() else count
        self._lists[-1] = (style, count + 1)
        return numeral(style, count)

    def _flush(self) -> None:
        """What was gathered since the last border becomes blocks: one, or more where line breaks part it."""
        links, outer, runs = self._links, self._outer, self._runs
        self._links = self._outer = 0
        if not runs:
            return
        self._runs = []
        if len(runs) == 1 and runs[0][0].isspace():
            return
        if links:
            runs = [run for run in runs if not (run[2] and run[0].strip() in _ANCHOR_MARKS)]
        whole = "".join([text for text, _, _ in runs])
        if BREAK not in whole:
            self._block(whole, runs, links, outer)
            return
        for line in lines_of(runs):
            self._block("".join([text for text, _, _ in line]), line, links, outer)

    def _block(self, whole: str, line: list[Run], links: int, outer: int) -> None:
        text = " ".join(whole.split())
        if not text:
            return
        bold, linked = True, 0
        for part, is_bold, is_linked in line:
            if not part.isspace():
                bold = bold and is_bold
                linked += len(part.strip()) if is_linked else 0
        block = Block(
            text=text,
            bold=bold,
            term=self._term > 0,
            linked=linked,
            links=links,
            anchors=links > 0 and outer == 0,
            inside=self._inside,
        )
        if self._heading:
            block.kind, block.level = HEADING, self._heading
        elif self._items:
            block.kind = ITEM
            block.number, self._items[-1] = self._items[-1], ""
        self.page.blocks.append(block)


def _opens(attributes: Mapping[str, str | None]) -> bool:
    """Whether a button is the header of something that opens under it."""
    if "aria-expanded" in attributes or "aria-controls" in attributes:
        return True
    return opens(attributes.get("class") or "")


def _start(attributes: Mapping[str, str | None]) -> int:
    value = attributes.get("start") or ""
    return int(value) if value.isdigit() and len(value) < 6 else 1
