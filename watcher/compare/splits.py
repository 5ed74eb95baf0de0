"""One clause that became several, several that became one."""

from __future__ import annotations

from collections.abc import Iterable

from watcher.compare.anchors import Pair
from watcher.compare.leftovers import Side, containment, similarity

SIMILAR = 0.6  # the joined parts against the whole
_PART = 0.65  # the share of a part's words that must stand in the whole, in order
_GAIN = 0.02  # what the parts must be more alike than the best of them alone
_PARTS = 64
_WORDS = 20_000  # a longer clause is a broken reading of a page: not searched

Group = tuple[tuple[int, ...], tuple[int, ...]]


def regroup(a: Side, b: Side, pairs: list[Pair], found: dict[int, list[int]]) -> list[Group]:
    """The modified pairs and what is still free, with splits and merges joined into groups.

    ``pairs`` are one-to-one; ``found`` the candidates by wording. Every index is used at most once.
    """
    splits = _parts(a, b, dict(pairs), found)
    parts = {j for group in splits.values() for j in group}
    left = [(i, j) for i, j in pairs if i not in splits and j not in parts]
    reverse: dict[int, list[int]] = {}
    for i in sorted(found):
        for j in found[i] if i not in splits else ():
            if j not in parts:
                reverse.setdefault(j, []).append(i)
    taken = set(splits)
    merges = _parts(b, a, {j: i for i, j in left}, reverse, taken)
    parts = {i for group in merges.values() for i in group}
    groups: list[Group] = [((i,), group) for i, group in splits.items()]
    groups += [(group, (j,)) for j, group in merges.items()]
    groups += [((i,), (j,)) for i, j in left if i not in parts and j not in merges]
    return groups


def _parts(
    a: Side, b: Side, pairs: dict[int, int], found: dict[int, list[int]], taken: Iterable[int] = ()
) -> dict[int, tuple[int, ...]]:
    """Each clause of ``a`` that stands as several neighbours in ``b``, with the indexes of its parts.

    A clause with a partner grows from it; one without from each of its candidates. ``taken`` are indexes of
    ``b`` that are in a group already.
    """
    splits: dict[int, tuple[int, ...]] = {}
    used = {*pairs.values(), *taken}
    free = b.texts.keys()
    seeds = [*sorted(pairs.items()), *((i, j) for i in sorted(found) if i not in pairs for j in found[i])]
    for i, seed in seeds:
        own = i in pairs
        lonely = all(j not in free or j in used for j in (seed - 1, seed + 1))
        if i in splits or lonely or (not own and seed in used) or len(a.texts[i]) > _WORDS:
            continue
        if own and len(b.texts[seed]) > len(a.texts[i]) * 1.5:
            continue
        group = _grow(a.texts[i], b.texts, seed, used, own)
        if group:
            splits[i] = group
            used.update(group)
    return splits


def _grow(whole: str, texts: dict[int, str], seed: int, used: set[int], own: bool) -> tuple[int, ...]:
    """The run of free neighbours around ``seed`` whose words stand in ``whole``; () where it is no split.

    The gain of a part is reckoned from its own words, and the whole run measured once, at the end.
    """
    share = containment(texts[seed], whole)
    if not own and share < _PART:
        return ()
    first = last = seed
    inside, size = share * len(texts[seed]), len(texts[seed])
    while last - first + 1 < _PARTS and inside < len(whole):
        for j in (last + 1, first - 1):
            if j not in texts or j in used:
                continue
            share = containment(texts[j], whole)
            now = 2 * inside / (len(whole) + size)
            then = 2 * min(len(whole), inside + share * len(texts[j])) / (len(whole) + size + len(texts[j]))
            if share >= _PART and then > now:
                first, last = min(first, j), max(last, j)
                inside += share * len(texts[j])
                size += len(texts[j])
                break
        else:
            break
    if first == last:
        return ()
    run = range(first, last + 1)
    best = max(similarity(whole, texts[j]) for j in run)
    alike = similarity(whole, "".join(texts[j] for j in run))
    return tuple(run) if alike >= SIMILAR and alike >= best + _GAIN else ()
