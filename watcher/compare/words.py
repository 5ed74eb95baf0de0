"""Word-level differences inside one modified clause, by diff-match-patch over words encoded as characters.

Whole words only: numbers, amounts, dates, e-mail addresses, page addresses and company names are one piece
each (`watcher.compare.tokens.pieces`). Results never depend on the machine's speed: the time-out is off, and
long texts are cut at words that occur once on both sides before anything is searched.
"""

from __future__ import annotations

import itertools
from collections import Counter

from diff_match_patch import diff_match_patch

from storage.records import WordOp
from watcher.compare import anchors, cleanup
from watcher.compare.cleanup import Run
from watcher.compare.tokens import Alphabet, pieces

# Cells (pieces before × pieces after) searched exactly in one gap, and in one clause altogether. The search
# is quadratic in what differs; past the bounds a gap is told as replaced.
_GAP_CELLS = 250_000
_ALL_CELLS = 1_500_000
_DEPTH = 6

_ENGINE = diff_match_patch()
_ENGINE.Diff_Timeout = 0


def word_ops(before: str, after: str) -> tuple[WordOp, ...]:
    """What was taken out ("-"), put in ("+") and left ("=") inside a clause, in reading order.

    Joined without "+", the runs are ``before``; joined without "-", ``after``. Two runs in a row never have
    the same op; where both stand side by side, "-" comes first. Two empty texts give no runs.
    """
    if before == after:
        return (WordOp("=", before),) if before else ()
    old, new = pieces(before), pieces(after)
    ops: list[Run] = []
    budget = _ALL_CELLS
    for a0, a1, b0, b1, equal in _regions(old, new):
        if equal:
            ops.append(("=", old[a0:a1]))
            continue
        cells = (a1 - a0) * (b1 - b0)
        if cells == 0 or cells > min(_GAP_CELLS, budget):
            ops += [("-", old[a0:a1]), ("+", new[b0:b1])]
            continue
        budget -= cells
        ops += _search(old[a0:a1], new[b0:b1])
    return tuple(WordOp(op, "".join(run)) for op, run in cleanup.readable(ops))


def _search(old: list[str], new: list[str]) -> list[Run]:
    """The edit between two lists of pieces: the words that carry meaning are matched first, what lies
    between them after that, so that no "and" is kept at the price of a name."""
    heavy_old = [i for i, piece in enumerate(old) if _heavy(piece)]
    heavy_new = [j for j, piece in enumerate(new) if _heavy(piece)]
    pairs = [
        (heavy_old[i], heavy_new[j])
        for i, j in _matches([old[i] for i in heavy_old], [new[j] for j in heavy_new])
    ]
    ops: list[Run] = []
    for (i, j), (k, m) in itertools.pairwise([(-1, -1), *pairs, (len(old), len(new))]):
        ops += _edit(old[i + 1 : k], new[j + 1 : m])
        if k < len(old):
            ops.append(("=", [old[k]]))
    return ops


def _heavy(piece: str) -> bool:
    return len(piece) > 3 or piece[0].isdigit() or piece[0] > "\u0e00"


def _matches(old: list[str], new: list[str]) -> list[anchors.Pair]:
    pairs: list[anchors.Pair] = []
    i = j = 0
    for op, run in _edit(old, new):
        if op == "=":
            pairs += [(i + k, j + k) for k in range(len(run))]
        i += len(run) if op != "+" else 0
        j += len(run) if op != "-" else 0
    return pairs


def _edit(old: list[str], new: list[str]) -> list[Run]:
    """The shortest edit, by diff-match-patch over one character a piece."""
    if not old or not new or set(old).isdisjoint(new):
        return [("-", old), ("+", new)]
    if old == new:
        return [("=", old)]
    alphabet = Alphabet()
    ops: list[Run] = []
    i = j = 0
    for sign, run in _ENGINE.diff_main(alphabet.encode(old), alphabet.encode(new), False):
        n = len(run)
        if sign > 0:
            ops.append(("+", new[j : j + n]))
            j += n
            continue
        ops.append(("-" if sign else "=", old[i : i + n]))
        i += n
        j += 0 if sign else n
    return ops


Region = tuple[int, int, int, int, bool]


def _regions(old: list[str], new: list[str]) -> list[Region]:
    """The two lists cut into regions (old from, old to, new from, new to, equal?), small enough to search.

    Short clauses are one region between their common ends. Longer ones are cut at pieces that occur once on
    both sides, again inside each gap.
    """
    done: list[Region] = []
    gaps = [(0, len(old), 0, len(new), 0)]
    while gaps:
        a0, a1, b0, b1, depth = gaps.pop()
        head = tail = 0
        while a0 + head < a1 and b0 + head < b1 and old[a0 + head] == new[b0 + head]:
            head += 1
        while a1 - tail > a0 + head and b1 - tail > b0 + head and old[a1 - tail - 1] == new[b1 - tail - 1]:
            tail += 1
        if head:
            done.append((a0, a0 + head, b0, b0 + head, True))
        if tail:
            done.append((a1 - tail, a1, b1 - tail, b1, True))
        a0, a1, b0, b1 = a0 + head, a1 - tail, b0 + head, b1 - tail
        if a0 == a1 and b0 == b1:
            continue
        cuts = (
            _cuts(old, new, a0, a1, b0, b1) if (a1 - a0) * (b1 - b0) > _GAP_CELLS and depth < _DEPTH else []
        )
        if not cuts:
            done.append((a0, a1, b0, b1, False))
            continue
        done += [(i, i + 1, j, j + 1, True) for i, j in cuts]
        edges = [(a0 - 1, b0 - 1), *cuts, (a1, b1)]
        gaps += [
            (i + 1, k, j + 1, m, depth + 1)
            for (i, j), (k, m) in itertools.pairwise(edges)
            if i + 1 < k or j + 1 < m
        ]
    return sorted(done)


def _cuts(old: list[str], new: list[str], a0: int, a1: int, b0: int, b1: int) -> list[anchors.Pair]:
    counts_old, counts_new = Counter(old[a0:a1]), Counter(new[b0:b1])
    where = {new[j]: j for j in range(b0, b1) if counts_new[new[j]] == 1}
    pairs = [(i, where[old[i]]) for i in range(a0, a1) if old[i] in where and counts_old[old[i]] == 1]
    return anchors.longest(pairs)
