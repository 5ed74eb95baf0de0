"""An HTML page → title, language hint, blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage.records import plain
from watcher.extract.blocks import Block
from watcher.extract.region import policy_blocks
from watcher.extract.walk import Walker


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says of itself outside its text: ``dates`` are ISO dates of its metadata."""

    title: str
    language: str
    dates: tuple[str, ...]


_LINKED_DATA = re.compile(r'"(?:dateModified|datePublished)"\s*:\s*"(\d{4}-\d\d-\d\d)')
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def head_of(tree: LexborHTMLParser) -> Head:
    """The head of a page: its title, its declared language, the dates of its JSON-LD and ``<time>``."""
    root = tree.root
    language = (
        (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else ""
    ).strip()
    title = tree.css_first("title")
    dates: list[str] = []
    for script in tree.css('script[type="application/ld+json"]'):
        dates += _LINKED_DATA.findall(script.text_content or "")
    for node in tree.css("time[datetime]"):
        stamp = (node.attributes.get("datetime") or "")[:10]
        if _ISO_DAY.fullmatch(stamp):
            dates.append(stamp)
    return Head(plain(title.text() or "") if title else "", language, tuple(dict.fromkeys(dates)))


def blocks_of(tree: LexborHTMLParser, select: str | None = None) -> list[Block]:
    """The policy's blocks. ``select``: only what this CSS selector picks is read, all of it."""
    if select:
        return Walker().walk(_picked(tree, select)).blocks
    if tree.body is None:
        return []
    blocks = policy_blocks(Walker(hasty=True).walk([tree.body]))
    return policy_blocks(Walker().walk([tree.body])) or [] if blocks is None else blocks


def _picked(tree: LexborHTMLParser, select: str) -> list[LexborNode]:
    """The outermost nodes a selector picks, in the page's order; none where the selector is wrong."""
    try:
        found = tree.css(select)
    except Exception:
        return []
    ids = {node.mem_id for node in found}
    outer = []
    for node in found:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            outer.append(node)
    return outer
