"""One walk over a parsed page, without recursion: the tree becomes blocks inside containers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from storage.records import plain
from watcher.extract import addresses
from watcher.extract.blocks import HEADING, ITEM, PARAGRAPH, Block, Page
from watcher.extract.furniture import CONSENT, LIKELY, MAY_HOLD, Suspect, opens, suspect, unseen
from watcher.extract.lines import BREAK, Run, lines_of
from watcher.extract.numbering import numeral
from watcher.extract.roles import (
    BLOCK,
    BOLD,
    LINE_BREAK,
    LINK,
    ROLES,
    RULE,
    SPAN,
    TEXT,
    UNREAD,
    Role,
    role_of,
)
from watcher.extract.tables import Table
from watcher.extract.vocabulary import words

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_STRUCTURE = _HEADINGS.keys() | words("summary dt caption button ul ol li pre table")
_CELLS = words("tr td th")  # the same inside a table
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n")
_ASSUMED = 0.25  # of a page's text is prose of a policy
_LONG_TEXT = 1_000  # characters in one text: its blank lines part paragraphs
_ANCHOR_MARKS = frozenset({"#", "¶", "§", "🔗", "⚓"})  # a link to the heading itself


_Open = tuple[LexborNode, str, Role, bool, bool, int]
"""An element that has begun: node, tag, role, and what comes back when it ends (bold, linked, container)."""


class Walker:
    """Reads one tree. Made for one use: ``Walker().walk(nodes)``. A ``hasty`` one passes over the menus, footers
    and consent dialogs that are small beside the page."""

    def __init__(self, *, hasty: bool = False) -> None:
        self.page = Page()
        self._hasty = hasty
        self._room = 0.0  # what may be assumed of the page's prose
        self._runs: list[Run] = []
        self._links = self._outer = self._pre = 0
        self._heading = 0
        self._term = 0
        self._items: list[str] = []  # the number each open list item still has to give away
        self._lists: list[tuple[str, int]] = []  # numbering style and counter of each open list
        self._tables: list[Table] = []
        self._inside = 0

    def walk(self, roots: list[LexborNode]) -> Page:
        for root in roots:
            if self._hasty:
                self._room = _ASSUMED * len(root.text_lexbor() or "")
            self._tree(root)
        self._flush()
        return self.page

    def _tree(self, root: LexborNode) -> None:
        """Takes the nodes in the page's order. White space and line breaks count only after some text."""
        runs = self._runs
        above: list[_Open] = []
        node, bold, linked = root, False, False
        while True:
            tag = node.tag or ""
            role = ROLES.get(tag) or role_of(tag)
            if role is TEXT:
                text = node.text_content or ""
                if self._pre or len(text) > _LONG_TEXT:
                    text = self._parted(text)
                if runs or not text.isspace():
                    runs.append((text, bold, linked))
            elif role is LINE_BREAK:
                if runs:
                    runs.append((BREAK, bold, False))
            elif role is RULE:
                self._flush()
            elif role is not UNREAD:
                opened = (node, tag, role, bold, linked, self._inside)
                entered, heavy = True, role is BOLD
                if role is BLOCK:
                    entered, heavy = self._enter(tag, node)
                elif role is LINK:
                    entered = self._follow(node.attributes, bold, linked)
                elif role is SPAN:
                    entered, heavy = self._enter_span(node.attributes, bold, linked)
                if entered:
                    child = node.first_child
                    if child is not None:
                        above.append(opened)
                        node, bold, linked = child, bold or heavy, linked or role is LINK
                        continue
                    self._leave(opened)
            while node is not root:
                following = node.next
                if following is not None:
                    node = following
                    break
                opened = above.pop()
                node, _, role, bold, linked, _ = opened
                if role is BLOCK:
                    self._leave(opened)
            else:
                return

    def _parted(self, text: str) -> str:
        """``text`` with the line breaks marked that stand for themselves."""
        return text.replace("\n", BREAK) if self._pre else _BLANK_LINES.sub(BREAK * 2, text)

    def _enter(self, tag: str, node: LexborNode) -> tuple[bool, bool]:
        """Whether to read inside a block, and whether it makes its text bold."""
        attributes = node.attributes
        if tag == "button" and not self._heading and not _opens(attributes):
            return False, False
        if self._runs or self._links:
            self._flush()
        mark = suspect(tag, attributes)
        if (mark is LIKELY or mark is CONSENT) and self._hasty and self._passes(node, mark):
            return False, False
        containers = self.page.containers
        containers.append((self._inside, mark, tag))
        self._inside = len(containers) - 1
        if tag in _STRUCTURE or (self._tables and tag in _CELLS):
            self._open(tag, attributes)
        elif attributes and attributes.get("role") == "heading":
            level = attributes.get("aria-level") or "2"
            self._heading = min(6, int(level)) if level.isdigit() and level != "0" else 2
        return True, bool(attributes) and _bold(attributes)

    def _passes(self, node: LexborNode, mark: Suspect) -> bool:
        """Whether a suspect part is passed over: so small that it goes if the page holds any policy."""
        needed = len(node.text_lexbor() or "") / MAY_HOLD[mark]
        if needed > self._room or self._tables:
            return False
        self.page.assumed = max(self.page.assumed, needed)
        return True

    def _enter_span(
        self, attributes: Mapping[str, str | None], bold: bool, linked: bool
    ) -> tuple[bool, bool]:
        """The same of a span."""
        if not attributes:
            return True, False
        if _bold(attributes):
            return True, True
        if unseen(attributes.get("class") or ""):
            return False, False
        if "data-cfemail" in attributes:
            self._address(attributes, bold, linked)
            return False, False
        return True, False

    def _follow(self, attributes: Mapping[str, str | None], bold: bool, linked: bool) -> bool:
        """Whether to read inside a link."""
        if "data-cfemail" in attributes:
            self._address(attributes, bold, linked)
            return False
        href = attributes.get("href")
        if href:
            if "email-protection" in href and (address := addresses.from_href(href)):
                self._runs.append((address, bold, linked))
                return False
            self._links += 1
            self._outer += "#" not in href
        return True

    def _address(self, attributes: Mapping[str, str | None], bold: bool, linked: bool) -> None:
        address = addresses.decoded(attributes["data-cfemail"] or "") or addresses.PLACEHOLDER
        self._runs.append((address, bold, linked))

    def _leave(self, opened: _Open) -> None:
        _, tag, role, _, _, inside = opened
        if role is BLOCK:
            if self._runs or self._links:
                self._flush()
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
        if links:
            self._links = self._outer = 0
            runs = [run for run in runs if not (run[2] and run[0].strip() in _ANCHOR_MARKS)]
        elif not runs:
            return
        whole = runs[0][0] if len(runs) == 1 else "".join([text for text, _, _ in runs])
        if BREAK not in whole:
            self._block(whole, runs, links, outer)
        else:
            for line in lines_of(runs):
                self._block("".join([text for text, _, _ in line]), line, links, outer)
        self._runs.clear()

    def _block(self, whole: str, line: list[Run], links: int, outer: int) -> None:
        text = plain(whole)
        if not text:
            return
        bold, linked = True, 0
        for part, is_bold, is_linked in line:
            if is_linked:
                linked += len(part.strip())
            if bold and not is_bold and not part.isspace():
                bold = False
        kind, level, number = PARAGRAPH, 0, ""
        if self._heading:
            kind, level = HEADING, self._heading
        elif self._items:
            kind, number = ITEM, self._items[-1]
            self._items[-1] = ""
        anchors = links > 0 and outer == 0
        self.page.blocks.append(
            Block(text, kind, level, number, bold, self._term > 0, linked, links, anchors, self._inside)
        )


def _bold(attributes: Mapping[str, str | None]) -> bool:
    style = attributes.get("style")
    return style is not None and style != "" and _BOLD_STYLE.search(style) is not None


def _opens(attributes: Mapping[str, str | None]) -> bool:
    """Whether a button is the header of something that opens under it."""
    if "aria-expanded" in attributes or "aria-controls" in attributes:
        return True
    return opens(attributes.get("class") or "")


def _start(attributes: Mapping[str, str | None]) -> int:
    value = attributes.get("start") or ""
    return int(value) if value.isdigit() and len(value) < 6 else 1
