"""Clauses that say in other words what a clause in their place said: paired by sense where the wording is another.

A paragraph written anew stands where the old one stood, under the same headings, and speaks of the same things.
Told as one clause gone and another new it would bring false news: what both say. Nothing here claims that both mean
the same; the rules judge the pair as a modified clause.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from storage.records import Clause, ClauseKind
from watcher.compare.anchors import Pair
from watcher.compare.edit import words_of
from watcher.compare.meanings import meanings
from watcher.compare.paraphrase import SMALL

Indexes = Sequence[int]

SAME_MATTER = 0.38  # of 38 replaced clauses of real policies read by hand, nearly all above it were the old one reworded
ALONE = 0.3  # the same for one clause that stands in the place of just one
_LEAST_WORDS = 6
_GAP = 12  # clauses a side between two anchors: in a longer gap a place says little
_STEM = 5  # letters by which a word without a known meaning is compared


def pairs(
    before: Sequence[Clause], after: Sequence[Clause], near: Sequence[Pair], free: tuple[Indexes, Indexes]
) -> list[Pair]:
    """Free clauses that stand in one place and speak of one matter, best first; each index at most once.

    ``near`` are the pairs in place, in order; ``free`` the indexes without a partner on either side."""
    found: list[Pair] = []
    for left, right in _gaps(before, after, near, free):
        least = ALONE if len(left) == len(right) == 1 else SAME_MATTER
        scored = [
            (alike(before[i].text, after[j].text), i, j)
            for i in left
            for j in right
            if before[i].kind is after[j].kind and before[i].section[-1:] == after[j].section[-1:]
        ]
        used: set[int] = set()
        taken: set[int] = set()
        for score, i, j in sorted(scored, key=lambda row: (-row[0], abs(row[1] - row[2]), row)):
            if score >= least and i not in used and j not in taken:
                used.add(i)
                taken.add(j)
                found.append((i, j))
    return found


def _gaps(
    before: Sequence[Clause], after: Sequence[Clause], near: Sequence[Pair], free: tuple[Indexes, Indexes]
) -> list[tuple[list[int], list[int]]]:
    """Running text without a partner, by the place between two anchors in which it stands. A heading or a row
    of a table is not reworded but replaced."""
    gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, (clauses, indexes) in enumerate(zip((before, after), free, strict=True)):
        anchors = [pair[side] for pair in near]
        for i in indexes:
            if clauses[i].kind in (ClauseKind.PARAGRAPH, ClauseKind.ITEM):
                gaps[bisect_right(anchors, i)][side].append(i)
    return [gap for gap in gaps.values() if all(0 < len(side) <= _GAP for side in gap)]


def alike(one: str, two: str) -> float:
    """The share (0–1) of what two texts speak of that both speak of: meanings, and the stems of other words."""
    a, b = _matter(one), _matter(two)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(maxsize=512)
def _matter(text: str) -> frozenset[str]:
    words = words_of(text)
    if len(words) < _LEAST_WORDS:
        return frozenset()
    matter: set[str] = set()
    for word in words:
        if word not in SMALL:
            matter.update(meanings(word) or (word[:_STEM],))
    return frozenset(matter)
