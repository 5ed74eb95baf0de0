"""Equal clauses that stayed in place: patience anchors, and what lies between them.

Anchors on clauses that are unique on both sides find the skeleton that a line-by-line longest common
subsequence loses in repeated rows (Bram Cohen's patience difference, refined inside every gap).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

from rapidfuzz.distance import LCSseq

Pair = tuple[int, int]

# A longest common subsequence needs len(a) × len(b) bits: 25 MB at most.
_LCS_CELLS = 200_000_000
_DEPTH = 12


def in_place(before: Sequence[int], after: Sequence[int]) -> list[Pair]:
    """Pairs of equal ids in increasing order on both sides; the lists hold clause identities."""
    pairs: list[Pair] = []
    gaps = [(0, len(before), 0, len(after), 0)]
    while gaps:
        a0, a1, b0, b1, depth = gaps.pop()
        while a0 < a1 and b0 < b1 and before[a0] == after[b0]:
            pairs.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and before[a1 - 1] == after[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            pairs.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        anchors = _unique(before, after, a0, a1, b0, b1) if depth < _DEPTH else []
        if not anchors:
            pairs += _common(before[a0:a1], after[b0:b1], a0, b0)
            continue
        pairs += anchors
        edges = [(a0 - 1, b0 - 1), *anchors, (a1, b1)]
        gaps += [
            (i + 1, k, j + 1, m, depth + 1)
            for (i, j), (k, m) in itertools.pairwise(edges)
            if i + 1 < k and j + 1 < m
        ]
    return sorted(pairs)


def _unique(before: Sequence[int], after: Sequence[int], a0: int, a1: int, b0: int, b1: int) -> list[Pair]:
    counts_a, counts_b = Counter(before[a0:a1]), Counter(after[b0:b1])
    where = {after[j]: j for j in range(b0, b1) if counts_b[after[j]] == 1}
    found = [(i, where[before[i]]) for i in range(a0, a1) if before[i] in where and counts_a[before[i]] == 1]
    return longest(found)


def _common(a: Sequence[int], b: Sequence[int], a0: int, b0: int) -> list[Pair]:
    if len(a) * len(b) > _LCS_CELLS:
        return []
    if not set(a) & set(b):
        return []
    return [
        (a0 + block.a + k, b0 + block.b + k)
        for block in LCSseq.opcodes(a, b).as_matching_blocks()
        for k in range(block.size)
    ]


def longest(pairs: list[Pair]) -> list[Pair]:
    """The longest part of the pairs that increases on both sides; they come in order of their first side."""
    ends: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for k, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        back.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(j)
            at.append(k)
        else:
            ends[place], at[place] = j, k
    chain: list[Pair] = []
    k = at[-1] if at else -1
    while k >= 0:
        chain.append(pairs[k])
        k = back[k]
    return chain[::-1]


def heaviest(pairs: Sequence[Pair], weight: Callable[[Pair], float]) -> set[Pair]:
    """The increasing part of the pairs with the greatest weight: what stays while the rest has moved.

    ``pairs`` are sorted by their first side and use each index once. O(n log n), a Fenwick tree of maxima.
    """
    if all(p[1] < q[1] for p, q in itertools.pairwise(pairs)):
        return set(pairs)
    order = {j: rank for rank, j in enumerate(sorted(j for _, j in pairs), start=1)}
    best = [(0.0, -1)] * (len(pairs) + 1)
    total: list[float] = []
    back: list[int] = []
    for k, pair in enumerate(pairs):
        top = (0.0, -1)
        rank = order[pair[1]] - 1
        while rank:
            top = max(top, best[rank])
            rank &= rank - 1
        total.append(top[0] + weight(pair))
        back.append(top[1])
        rank = order[pair[1]]
        while rank <= len(pairs):
            best[rank] = max(best[rank], (total[k], k))
            rank += rank & -rank
    k = max(range(len(pairs)), key=lambda k: (total[k], -k)) if pairs else -1
    chain: set[Pair] = set()
    while k >= 0:
        chain.add(pairs[k])
        k = back[k]
    return chain
