"""Tables of contents and menus of links inside the policy's region, left out.

A table of contents repeats the headings: one edit of a heading would be two changes, and templates add and
drop them. Lists of links to other places stay where they stand in the text (partners, vendors), and go where
they only surround it.
"""

from __future__ import annotations

from storage.records import ClauseKind
from watcher.extract.blocks import Block, Look
from watcher.extract.numbering import split_number
from watcher.extract.phrases import heads_contents, is_control

_LEAST = 3  # entries that make a table of contents
_ENTRY = 200  # characters of its longest entry


def without_contents(blocks: list[Block]) -> list[Block]:
    """``blocks`` without tables of contents, their headings, and controls ("print", "back to top")."""
    blocks = [b for b in blocks if not is_control(b.text)]
    named = [_name(b.text) for b in blocks]
    places: dict[str, list[int]] = {}
    for k, block in enumerate(blocks):
        if block.kind is ClauseKind.HEADING or block.look & (Look.BOLD | Look.TERM):
            places.setdefault(named[k], []).append(k)
    gone = [False] * len(blocks)
    k = 0
    while k < len(blocks):
        end = k
        while end < len(blocks) and _entry(blocks[end], named[end], end, places):
            end += 1
        if end - k >= _LEAST:
            gone[k:end] = [True] * (end - k)
            if k and heads_contents(named[k - 1]):
                gone[k - 1] = True
        k = max(end, k + 1)
    return [b for b, out in zip(blocks, gone, strict=True) if not out]


def without_link_edges(blocks: list[Block], prose: list[int]) -> list[Block]:
    """``blocks`` without the lines of links before the first prose and after the last."""
    holding = [k for k, held in enumerate(prose) if held]
    if not holding:
        return blocks
    first, last = holding[0], holding[-1]
    return [b for k, b in enumerate(blocks) if first <= k <= last or not _only_link(b)]


def _entry(block: Block, name: str, k: int, places: dict[str, list[int]]) -> bool:
    if len(block.text) > _ENTRY:
        return False
    if block.anchors and 10 * block.linked >= 8 * len(block.text):
        return True
    if block.kind is ClauseKind.HEADING:
        return False
    return any(place > k for place in places.get(name, ()))


def _only_link(block: Block) -> bool:
    return block.links > 0 and 10 * block.linked >= 9 * len(block.text) and block.kind is not ClauseKind.ROW


def _name(text: str) -> str:
    return split_number(text, heading=True)[1].rstrip(" .:?!").casefold()
