"""One clause that became several, several that became one."""

from __future__ import annotations

from collections.abc import Iterable

from watcher.compare.anchors import Pair
from watcher.compare.leftovers import Side, containment, similarity

SIMILAR = 0.6  # the joined parts against the whole
_PART = 0.65  # the share of a part's words that must stand in the whole, in order
_GAIN = 0.02  # what another part must add
_PARTS = 64

Group = tuple[tuple[int, ...], tuple[int, ...]]


def regroup(a: Side, b: Side, pairs: list[Pair], found: dict[int, list[int]]) -> list[Group]:
    """The modified pairs and what is still free, with splits and merges joined into groups.

    ``pairs`` are one-to-one; ``found`` the candidates by wording. Every index is used once.
    """
    back = {j: i for i, j in pairs}
    forth = dict(pairs)
    splits, used = _one_way(a, b, forth, set(back), _seeds(forth, found))
    left = {i: j for i, j in forth.items() if i not in splits}
    reverse: dict[int, list[int]] = {}
    for i, js in found.items():
        for j in js:
            reverse.setdefault(j, []).append(i)
    free_b = {j for j in b.texts if j not in used}
    taken_a = set(splits) | set(left)
    merges, _ = _one_way(
        b,
        a,
        {j: i for i, j in left.items()},
        taken_a,
        (seed for seed in _seeds({j: i for i, j in left.items()}, reverse) if seed[0] in free_b),
    )
    merged = {i for parts in merges.values() for i in parts}
    groups: list[Group] = [((i,), parts) for i, parts in splits.items()]
    groups += [(parts, (j,)) for j, parts in merges.items()]
    groups += [((i,), (j,)) for i, j in left.items() if i not in merged and j not in merges]
    return groups


def _seeds(pairs: dict[int, int], found: dict[int, list[int]]) -> Iterable[Pair]:
    yield from sorted(pairs.items())
    for i in sorted(found):
        if i not in pairs:
            for j in found[i]:
                yield i, j


def _one_way(
    a: Side, b: Side, pairs: dict[int, int], taken: set[int], seeds: Iterable[Pair]
) -> tuple[dict[int, tuple[int, ...]], set[int]]:
    """Each clause of ``a`` that stands as several neighbours in ``b``: its parts, and all parts used."""
    splits: dict[int, tuple[int, ...]] = {}
    used = set(taken)
    for i, seed in seeds:
        own = pairs.get(i)
        if i in splits or (own is None and seed in used):
            continue
        free = b.texts.keys() - used if False else b.texts
        whole = a.texts[i]
        parts = [seed]
        if own is None and containment(b.texts[seed], whole) < _PART:
            continue
        best = similarity(whole, b.texts[seed])
        grown = True
        while grown and len(parts) < _PARTS:
            grown = False
            for j in (parts[-1] + 1, parts[0] - 1):
                if j not in free or j in used or containment(b.texts[j], whole) < _PART:
                    continue
                trial = sorted([*parts, j])
                alike = similarity(whole, "".join(b.texts[k] for k in trial))
                if alike >= best + _GAIN * min(1.0, 10 * len(b.texts[j]) / max(1, len(whole))):
                    parts, best, grown = trial, alike, True
                    break
        if len(parts) > 1 and best >= SIMILAR:
            splits[i] = tuple(parts)
            used.update(parts)
    return splits, used
