"""Which blocks of a page are the policy: suspects out, then the part of the page that holds its prose."""

from __future__ import annotations

import re

from storage.records import ClauseKind
from watcher.extract.blocks import Block
from watcher.extract.furniture import Suspect
from watcher.extract.walk import Page

_MAY_HOLD = {Suspect.LIKELY: 0.35, Suspect.CONSENT: 0.9, Suspect.HIDDEN: 0.0}
"""Share of the page's prose up to which a suspect part is dropped."""

_REGION = 0.85
"""The policy's region is the deepest part of the page that holds this share of its prose."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def prose(block: Block) -> int:
    """Characters of a block that count as a policy's: outside links, in something like a sentence."""
    if block.kind is ClauseKind.HEADING:
        return 0
    own = len(block.text) - block.linked
    least = 25 if block.kind is ClauseKind.ITEM else 50
    return own if own >= least and block.text.count(" ") >= 4 else 0


def policy_blocks(page: Page) -> list[Block]:
    """The blocks of the policy in the page's order."""
    own = [0] * len(page.parent)
    for block in page.blocks:
        own[block.inside] += prose(block)
    held = _summed(own, page.parent)
    total = held[0]
    dropped = [False] * len(page.parent)
    for k in range(1, len(page.parent)):
        mark = page.suspects[k]
        dropped[k] = dropped[page.parent[k]] or (
            mark is not Suspect.NO and held[k] <= _MAY_HOLD[mark] * total
        )
        if dropped[k]:
            own[k] = 0
    held = _summed(own, page.parent)
    region = _deepest(held, page.parent)
    within = [False] * len(page.parent)
    for k in range(len(page.parent)):
        within[k] = k == region or (k > region and within[page.parent[k]])
    kept: list[Block] = []
    title: list[Block] = []
    started = False
    for block in page.blocks:
        if dropped[block.inside]:
            continue
        if within[block.inside]:
            if not started:
                started = True
                kept.extend(title)
            kept.append(block)
        elif not started:
            if block.kind is ClauseKind.HEADING and block.level == 1:
                title = [block]
            elif title and _YEAR.search(block.text) and len(block.text) < 200:
                title.append(block)
    return kept


def _summed(own: list[int], parent: list[int]) -> list[int]:
    held = list(own)
    for k in range(len(parent) - 1, 0, -1):
        held[parent[k]] += held[k]
    return held


def _deepest(held: list[int], parent: list[int]) -> int:
    region = 0
    for k in range(1, len(parent)):
        if parent[k] == region and held[k] >= _REGION * held[0] and held[k]:
            region = k
    return region
