"""What two of three looks agree on: the clause-level second look.

A page that drops a paragraph for one visit, or shows a promotion for one visit, has not changed its policy.
A clause stands when two looks in a row show it; what only one look shows is flicker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median_low

from storage.records import Clause, Document, Op
from watcher.compare.align import align
from watcher.compare.edit import fold

SAME_TEXT = 0.5
"""Two looks that share less than this of their words show two texts, not two states of one."""


def agreed(standing: Document, first: Document, second: Document) -> tuple[Clause, ...]:
    """The clauses that stand after two looks at a text that differs from ``standing``.

    Of each clause, as many as the median of the three texts holds: an addition both looks show is in, a
    removal both looks show is out, anything else is as it was. A clause the first look brought and the second
    look *edits again* counts as seen twice: a page edited on two visits running is told as two edits, not as
    flicker. The order is the first look's; clauses it lost for one look keep their place after their old
    neighbour.
    """
    if first.digest == second.digest or _letters(first) == _letters(second):
        return first.clauses
    counts = [Counter(c.key for c in d.clauses) for d in (standing, first, second)]
    quota = {k: median_low([c[k] for c in counts]) for k in counts[0] | counts[1] | counts[2]}
    if shared(second, first) >= SAME_TEXT:
        for key in _edited_again(standing, first, second):
            quota[key] = max(quota[key], 1)
    kept = []
    left = Counter(quota)
    for clause in first.clauses:
        if left[clause.key] > 0:
            left[clause.key] -= 1
            kept.append(clause)
    return _put_back(kept, left, standing.clauses)


def _letters(document: Document) -> str:
    """The text without its layout: the same words in five paragraphs or in one are one look."""
    return fold("".join(c.text for c in document.clauses))


def _edited_again(standing: Document, first: Document, second: Document) -> set[str]:
    """Keys of clauses new in ``first`` that ``second`` holds in yet another wording."""
    old = {c.key for c in standing.clauses}
    brought = [c for c in first.clauses if c.key not in old]
    later = {c.key for c in first.clauses} | old
    reworded = [c for c in second.clauses if c.key not in later]
    if not brought or not reworded:
        return set()
    rows = align(brought, reworded)
    return {brought[i].key for row in rows if row.op is Op.MODIFIED for i in row.before}


def _put_back(kept: list[Clause], left: Counter[str], standing: Sequence[Clause]) -> tuple[Clause, ...]:
    if not any(left[c.key] > 0 for c in standing):
        return tuple(kept)
    place = {c.key: i for i, c in reversed(list(enumerate(kept)))}
    after: dict[int, list[Clause]] = {}
    at = -1
    for clause in standing:
        if left[clause.key] > 0:
            left[clause.key] -= 1
            after.setdefault(at, []).append(clause)
        else:
            at = place.get(clause.key, at)
    text = list(after.get(-1, []))
    for i, clause in enumerate(kept):
        text.append(clause)
        text.extend(after.get(i, []))
    return tuple(text)


def distance(a: Document, b: Document) -> int:
    """Words that stand in one of the two texts only (by whole clauses): 0 for the same set of clauses."""
    keys_a, keys_b = {c.key for c in a.clauses}, {c.key for c in b.clauses}
    return _words(a, keys_a - keys_b) + _words(b, keys_b - keys_a)


def shared(part: Document, whole: Document) -> float:
    """Share (0–1) of the words of ``part`` that stand in clauses ``whole`` has too."""
    keys = {c.key for c in whole.clauses}
    return _words(part, {c.key for c in part.clauses} & keys) / max(1, part.words)


def _words(document: Document, keys: set[str]) -> int:
    return sum(len(c.text.split()) for c in document.clauses if c.key in keys)
