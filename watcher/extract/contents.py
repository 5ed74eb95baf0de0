"""Tables of contents and menus of links inside the policy's region, left out.

A table of contents repeats the headings: one edit of a heading would be two changes, and templates add and
drop them. Lists of links to other places stay where they stand in the text (partners, vendors), and go where
they only surround it.
"""

from __future__ import annotations

from collections.abc import Callable

from watcher.extract.blocks import HEADING, ITEM, ROW, Block
from watcher.extract.numbering import split_number
from watcher.extract.phrases import heads_contents, is_control, names_contents

_LEAST = 3  # entries that make a table of contents
_SHARE = 0.6  # of a run of items must repeat a heading or lead to a place in the page
_ENTRY = 200  # characters of its longest entry


def without_contents(blocks: list[Block]) -> list[Block]:
    """``blocks`` without tables of contents, their headings, and controls ("print", "back to top")."""
    blocks = [b for b in blocks if not ((b.anchors and _all_anchors(b)) or is_control(b.text))]
    named = [_name(b.text) if len(b.text) <= _ENTRY else "" for b in blocks]
    places: dict[str, list[int]] = {}
    for k, (block, name) in enumerate(zip(blocks, named, strict=True)):
        if name and (block.kind is HEADING or block.bold or block.term):
            places.setdefault(name, []).append(k)
    gone = [names_contents(name) for name in named]
    k = 0
    while k < len(blocks):
        entries = []
        end = k
        while end < len(blocks) and _may_enter(
            blocks[end], entered := _entry(blocks[end], named[end], end, places)
        ):
            if entered:
                entries.append(end)
            end += 1
        if len(entries) >= _LEAST and len(entries) >= _SHARE * (entries[-1] - entries[0] + 1):
            first, last = entries[0], entries[-1]
            gone[first : last + 1] = [True] * (last + 1 - first)
            if first and heads_contents(named[first - 1]):
                gone[first - 1] = True
        k = max(end, k + 1)
    return [b for b, out in zip(blocks, gone, strict=True) if not out]


def without_link_edges(blocks: list[Block], prose: Callable[[Block], int]) -> list[Block]:
    """``blocks`` without the lines of links before the first that holds ``prose`` and after the last."""
    first = next((k for k, block in enumerate(blocks) if prose(block)), None)
    if first is None:
        return blocks
    last = next(k for k in range(len(blocks) - 1, -1, -1) if prose(blocks[k]))
    before = [b for b in blocks[:first] if not _only_link(b)]
    return [*before, *blocks[first : last + 1], *(b for b in blocks[last + 1 :] if not _only_link(b))]


def _entry(block: Block, name: str, k: int, places: dict[str, list[int]]) -> bool:
    if len(block.text) > _ENTRY:
        return False
    if block.anchors and 10 * block.linked >= 8 * len(block.text):
        return True
    if block.kind is HEADING:
        return False
    return any(place > k for place in places.get(name, ()))


def _all_anchors(block: Block) -> bool:
    """Whether one line is a whole table of contents: links to places in the page and nothing else."""
    return block.anchors and block.links >= _LEAST and 10 * block.linked >= 9 * len(block.text)


def _may_enter(block: Block, entered: bool) -> bool:
    """Whether a block may stand in a table of contents: an entry, or an item whose heading reads otherwise."""
    return entered or (block.kind is ITEM and len(block.text) <= _ENTRY and block.text[-1] not in ".;,:")


def _only_link(block: Block) -> bool:
    if block.kind in (ROW, HEADING):  # headings link to themselves
        return False
    return block.links > 0 and 10 * block.linked >= 9 * len(block.text)


def _name(text: str) -> str:
    return split_number(text, heading=True)[1].rstrip(" .:?!").casefold()
