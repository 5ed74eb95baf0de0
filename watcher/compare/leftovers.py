"""Clauses without an equal partner in place: equal ones elsewhere have moved, similar ones were modified."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq

from storage.records import Clause, ClauseKind
from watcher.compare.anchors import Pair
from watcher.compare.tokens import Alphabet, words

# Starting points from measurements on edited real policies (word Indel similarity, greedy best first).
SIMILAR = 0.45  # a clause is the same clause, modified
FAR = 0.55  # the same, out of its place: moved and modified
_NEIGHBOUR = 0.07  # bonus for a matched clause right before, and again for one right after
_FLOOR = 0.3  # below this no neighbour helps
_OTHER_KIND = 0.6  # a heading that became a paragraph, or the reverse
_ROW_KEY = 0.7  # a table row whose first cell differs
_COMMON = 50  # a shingle in more clauses than this says nothing
_BEST = 8  # candidates tried for one clause
_RARE = 10  # rarest shingles looked up for one clause: bounds the work on hostile documents
_GAP = 12  # between two anchors, all pairs are tried up to this many clauses a side
# Two clauses longer than this many cells (words × words) are compared by their bags of words.
_CELLS = 60_000_000


@dataclass(frozen=True)
class Side:
    """One document ready for comparing: its clauses, and the free ones' words, one character each."""

    clauses: Sequence[Clause]
    texts: dict[int, str]


def prepare(clauses: Sequence[Clause], matched: Iterable[int], alphabet: Alphabet) -> Side:
    free = sorted(set(range(len(clauses))).difference(matched))
    return Side(clauses, {i: alphabet.encode(_counted(clauses[i])) for i in free})


def _counted(clause: Clause) -> list[str]:
    """The words that count for similarity: a table row without its column titles, which all rows share."""
    if clause.kind is not ClauseKind.ROW or ": " not in clause.text:
        return words(clause.text)
    cells = (cell.partition(": ")[2] or cell for cell in clause.text.split("; "))
    return words(" ".join(cells)) or words(clause.text)


def moves(
    a: Sequence[Clause], b: Sequence[Clause], ids: tuple[list[int], list[int]], pairs: list[Pair]
) -> list[Pair]:
    """Pairs of equal clauses that are not in place; ``pairs`` are those that are, ``ids`` the identities.

    What is unique on both sides is paired first, then its neighbours (a repeated row goes with the rows
    around it), then clauses of the same section, then the rest in order.
    """
    before, after = ids
    free_a = set(range(len(before))).difference(i for i, _ in pairs)
    free_b = set(range(len(after))).difference(j for _, j in pairs)
    at_a, at_b = _places(before, free_a), _places(after, free_b)
    shared = [key for key in at_a if key in at_b]
    found: list[Pair] = []

    def take(i: int, j: int) -> None:
        free_a.discard(i)
        free_b.discard(j)
        found.append((i, j))

    for key in shared:
        if len(at_a[key]) == len(at_b[key]) == 1:
            take(at_a[key][0], at_b[key][0])
    queue = deque([*pairs, *found])
    while queue:
        i, j = queue.popleft()
        for step in (1, -1):
            k, m = i + step, j + step
            if k in free_a and m in free_b and before[k] == after[m]:
                take(k, m)
                queue.append((k, m))
    for key in shared:
        by_section: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for j in at_b[key]:
            if j in free_b:
                by_section[b[j].section].append(j)
        for i in at_a[key]:
            if i in free_a and by_section.get(a[i].section):
                take(i, by_section[a[i].section].popleft())
        rest = [i for i in at_a[key] if i in free_a], [j for j in at_b[key] if j in free_b]
        for i, j in zip(*rest, strict=False):
            take(i, j)
    return found


def _places(ids: Sequence[int], free: set[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for i in sorted(free):
        places[ids[i]].append(i)
    return places


def similarity(a: str, b: str, cutoff: float = 0.0) -> float:
    """Indel similarity (0–1) of two clauses, over words; 0 where it is below the cutoff."""
    if not a or not b:
        return 0.0
    if 2 * min(len(a), len(b)) < cutoff * (len(a) + len(b)):
        return 0.0
    if len(a) * len(b) > _CELLS:
        found = 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))
        return found if found >= cutoff else 0.0
    return Indel.normalized_similarity(a, b, score_cutoff=cutoff)


def containment(part: str, whole: str) -> float:
    """The share (0–1) of a clause's words that stand in another in the same order."""
    if not part or not whole:
        return 0.0
    if len(part) * len(whole) > _CELLS:
        return (Counter(part) & Counter(whole)).total() / len(part)
    return LCSseq.similarity(part, whole) / len(part)


def candidates(a: Side, b: Side) -> dict[int, list[int]]:
    """For each free clause before, the free clauses after that share the most rare 2-word shingles."""
    of_a = {i: _shingles(text) for i, text in a.texts.items()}
    asked: set[str] = set().union(*of_a.values())
    index: dict[str, list[int]] = defaultdict(list)
    for j, text in b.texts.items():
        for shingle in _shingles(text) & asked:
            index[shingle].append(j)
    telling = {shingle for shingle, places in index.items() if len(places) <= _COMMON}
    found: dict[int, list[int]] = {}
    for i, shingles in of_a.items():
        known = sorted(shingles & telling, key=lambda s: (len(index[s]), s))
        count: Counter[int] = Counter()
        for shingle in known[: _RARE if len(known) < 500 else 5 * _RARE]:
            count.update(index[shingle])
        best = sorted(count.items(), key=lambda item: (-item[1], abs(item[0] - i), item[0]))
        found[i] = [j for j, _ in best[:_BEST]]
    return found


def _shingles(text: str) -> set[str]:
    return {text[k : k + 2] for k in range(len(text) - 1)} if len(text) > 1 else {text} if text else set()


class Similar:
    """Greedy pairing of similar clauses, best first; a pair made lifts the pairs beside it."""

    def __init__(self, a: Side, b: Side, near: Sequence[Pair], matched: Sequence[Pair]) -> None:
        self.a, self.b = a, b
        self.anchors_a, self.anchors_b = [i for i, _ in near], [j for _, j in near]
        self.partner = dict(matched)
        self.taken_a, self.taken_b = {i for i, _ in matched}, {j for _, j in matched}
        self.heap: list[tuple[float, int, int, int]] = []
        self.known: dict[Pair, float] = {}

    def pair(self, found: dict[int, list[int]]) -> list[Pair]:
        """The pairs of modified clauses. ``found`` are candidates by wording; those by place are added."""
        for i in self.a.texts:
            for j in found.get(i, ()):
                self._offer(i, j)
        self._offer_gaps()
        made: list[Pair] = []
        while self.heap:
            score, _, i, j = heapq.heappop(self.heap)
            if i in self.taken_a or j in self.taken_b or -score != self._score(i, j):
                continue
            self.taken_a.add(i)
            self.taken_b.add(j)
            self.partner[i] = j
            made.append((i, j))
            for step in (1, -1):
                if i + step in self.a.texts and j + step in self.b.texts:
                    self._offer(i + step, j + step)
        return made

    def _offer_gaps(self) -> None:
        gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i in self.a.texts:
            gaps[bisect_right(self.anchors_a, i)][0].append(i)
        for j in self.b.texts:
            gaps[bisect_right(self.anchors_b, j)][1].append(j)
        for left, right in gaps.values():
            if len(left) <= _GAP and len(right) <= _GAP:
                for i in left:
                    for j in right:
                        self._offer(i, j)
        for i, j in list(self.partner.items()):
            for step in (1, -1):
                if i + step in self.a.texts and j + step in self.b.texts:
                    self._offer(i + step, j + step)

    def _offer(self, i: int, j: int) -> None:
        if i in self.taken_a or j in self.taken_b:
            return
        score = self._score(i, j)
        if score > 0:
            heapq.heappush(self.heap, (-score, abs(i - j), i, j))

    def _score(self, i: int, j: int) -> float:
        """Similarity with its bonus where the two may be the same clause, else 0."""
        one, two = self.a.clauses[i], self.b.clauses[j]
        if (i, j) not in self.known:
            self.known[i, j] = similarity(self.a.texts[i], self.b.texts[j], _FLOOR)
        alike = self.known[i, j]
        heading = one.kind is ClauseKind.HEADING
        follows = self.partner.get(i + 1, -1) == j + 1
        leads = self.partner.get(i - 1, -2) == j - 1
        if heading and two.kind is ClauseKind.HEADING and follows and self._near(i, j):
            return 0.5 + alike  # the same clauses under another title: renamed
        score = alike + _NEIGHBOUR * (follows + leads)
        if alike < self._least(one, two, i, j):
            return 0.0
        return score if score >= SIMILAR else 0.0

    def _least(self, one: Clause, two: Clause, i: int, j: int) -> float:
        least = _FLOOR
        if not self._near(i, j):
            size = min(len(self.a.texts[i]), len(self.b.texts[j]))
            least = FAR if size >= 6 else 0.75
        if (one.kind is ClauseKind.HEADING) != (two.kind is ClauseKind.HEADING):
            least = max(least, _OTHER_KIND)
        if one.kind is two.kind is ClauseKind.ROW and not _same_key(one, two):
            least = max(least, _ROW_KEY)
        return least

    def _near(self, i: int, j: int) -> bool:
        return bisect_right(self.anchors_a, i) == bisect_right(self.anchors_b, j)


def _same_key(one: Clause, two: Clause) -> bool:
    """Do the first cells of two table rows name the same thing, whatever their column is called?"""
    cells = (c.text[:2000].partition("; ")[0] for c in (one, two))
    a, b = (words(cell.partition(": ")[2] or cell) for cell in cells)
    return Indel.normalized_similarity(a, b) >= SIMILAR
