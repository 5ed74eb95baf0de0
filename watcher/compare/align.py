"""Which clause of the old text is which of the new: the file to read first about alignment.

Equal clauses first, by identity: those in place, then those that moved. Then similar ones: modified, or moved
and modified; what was split or merged; what was reworded in its place. Deterministic, and bounded on hostile
documents: thousands of identical rows, two documents without a common word, one clause of a megabyte.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from storage.records import Aligned, Clause, ClauseKind, Op
from watcher.compare import leftovers, reworded, splits
from watcher.compare.anchors import Pair, heaviest, in_place
from watcher.compare.splits import Group
from watcher.compare.tokens import Alphabet


def align(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[Aligned, ...]:
    """One row a clause or group of clauses, in the order of the new document.

    Every index of both sides is in exactly one row. A removed clause stands after the clause it followed.
    A row with several indexes on one side is MODIFIED: its clause was split (several after) or merged
    (several before); joined by a space they are the text to compare. Equality is of the text alone: a clause
    whose section was renamed is equal and in place. Of two parts that changed places, the lighter has moved.
    """
    ids: dict[str, int] = {}
    old = [ids.setdefault(clause.text, len(ids)) for clause in before]
    new = [ids.setdefault(clause.text, len(ids)) for clause in after]
    near = in_place(old, new)
    equal = near + leftovers.moves(before, after, (old, new), near)
    groups: list[Group] = [((i,), (j,)) for i, j in equal]
    if len(equal) < min(len(old), len(new)):
        groups += _modified(before, after, near, equal)
        groups += _reworded(before, after, near, groups)
        groups += _renamed(before, after, groups)
    return _rows(before, after, groups)


def joined(clauses: Sequence[Clause], indexes: Sequence[int]) -> str:
    """The text of one side of a row: parts of a split or merged clause joined by a space."""
    return " ".join(clauses[i].text for i in indexes)


def _modified(
    before: Sequence[Clause], after: Sequence[Clause], near: list[Pair], equal: list[Pair]
) -> list[Group]:
    alphabet = Alphabet()
    a = leftovers.prepare(before, (i for i, _ in equal), alphabet)
    b = leftovers.prepare(after, (j for _, j in equal), alphabet)
    found = leftovers.candidates(a, b)
    pairs = leftovers.Similar(a, b, near, equal).pair(found)
    return splits.regroup(a, b, pairs, found)


def _reworded(
    before: Sequence[Clause], after: Sequence[Clause], near: list[Pair], groups: list[Group]
) -> list[Group]:
    used_a = {i for a, _ in groups for i in a}
    used_b = {j for _, b in groups for j in b}
    free = (
        [i for i in range(len(before)) if i not in used_a],
        [j for j in range(len(after)) if j not in used_b],
    )
    return [((i,), (j,)) for i, j in reworded.pairs(before, after, near, free)]


def _renamed(before: Sequence[Clause], after: Sequence[Clause], groups: list[Group]) -> list[Group]:
    """Headings without a partner over clauses that are partners, at least half of the shorter section: the
    section has another title. Then headings right above such a pair, outwards."""
    used_a = {i for a, _ in groups for i in a}
    used_b = {j for _, b in groups for j in b}
    found: list[Group] = []

    def take(i: int, j: int) -> bool:
        free = i >= 0 and j >= 0 and i not in used_a and j not in used_b
        if not free or not before[i].kind is after[j].kind is ClauseKind.HEADING:
            return False
        found.append(((i,), (j,)))
        used_a.add(i)
        used_b.add(j)
        return True

    over_a, over_b = _headings(before), _headings(after)
    sizes_a, sizes_b = Counter(over_a), Counter(over_b)
    shared = Counter((over_a[a[0]], over_b[b[0]]) for a, b in groups)
    for (i, j), n in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if 2 * n >= min(sizes_a[i], sizes_b[j]) - 1:
            take(i, j)
    for a, b in sorted([*groups, *found], reverse=True):
        i, j = a[0] - 1, b[0] - 1
        while take(i, j):
            i, j = i - 1, j - 1
    return found


def _headings(clauses: Sequence[Clause]) -> list[int]:
    """For each clause the heading it stands under, or is; -1 above the first."""
    over: list[int] = []
    for k, clause in enumerate(clauses):
        over.append(k if clause.kind is ClauseKind.HEADING else over[-1] if over else -1)
    return over


def _rows(before: Sequence[Clause], after: Sequence[Clause], groups: list[Group]) -> tuple[Aligned, ...]:
    by_first = sorted((a[0], b[0]) for a, b in groups)
    length = {a[0]: sum(len(before[i].text) for i in a) for a, _ in groups}
    stays = heaviest(by_first, lambda pair: 5 + min(30.0, length[pair[0]] / 6))
    at_new = {b[0]: (a, b) for a, b in groups}
    seen_a = set(chain.from_iterable(a for a, _ in groups))
    seen_b = set(chain.from_iterable(b for _, b in groups))
    limits = sorted(a[0] for a, b in groups if (a[0], b[0]) in stays)
    gone = [i for i in range(len(before)) if i not in seen_a]
    gone_after: dict[int, list[int]] = {}  # by the number of staying clauses before them
    for i in gone:
        gone_after.setdefault(bisect_left(limits, i), []).append(i)
    rows = [Aligned(Op.REMOVED, (i,)) for i in gone_after.get(0, ())]
    passed = 0
    for j in range(len(after)):
        if j in at_new:
            a, b = at_new[j]
            moved = (a[0], j) not in stays
            rows.append(Aligned(_op(before, after, a, b, moved), a, b, moved))
            if not moved:
                passed += 1
                rows += [Aligned(Op.REMOVED, (i,)) for i in gone_after.get(passed, ())]
        elif j not in seen_b:
            rows.append(Aligned(Op.ADDED, (), (j,)))
    return tuple(rows)


def _op(
    before: Sequence[Clause], after: Sequence[Clause], a: tuple[int, ...], b: tuple[int, ...], moved: bool
) -> Op | None:
    if len(a) > 1 or len(b) > 1 or before[a[0]].text != after[b[0]].text:
        return Op.MODIFIED
    if moved:
        return Op.MOVED
    one, two = before[a[0]].number, after[b[0]].number
    return Op.RENUMBERED if one.strip(".)(:[] ") != two.strip(".)(:[] ") else None
