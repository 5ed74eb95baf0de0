"""Names and addresses that give way to others: an address that stood in two places and moved to one is one move,
a party that went in one clause and another that came in the next are one change of party."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.compare.edit import fold
from watcher.compare.phrases import NAME_LETTERS, apart
from watcher.compare.quote import shortened
from watcher.compare.signals import Hit

_MOST_NAMES = 3
_MOST_TURNS = 2
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_a-zA-Z]")  # a bare number names nothing
Row = tuple[int, Hit]  # the clause, and what was found in it


@dataclass(frozen=True, slots=True)
class Move:
    """What of one kind went and what came in its place (``turns``), and what came or went by itself."""

    rule: str
    subject: str
    turns: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """ "postal address: A, B → C, drops D"; "" where nothing can be shown."""
        if not any(_LETTERS.search(name) for name in self.names):
            return ""
        turns = [
            " → ".join(", ".join(side[:_MOST_NAMES]) for side in turn) for turn in self.turns[:_MOST_TURNS]
        ]
        return apart(self.subject, self.gone, self.new, turns)

    @property
    def names(self) -> tuple[str, ...]:
        return (*(name for turn in self.turns for side in turn for name in side), *self.gone, *self.new)


def is_move(hit: Hit) -> bool:
    return hit.exact and hit.family == "parties"


def moves(rows: Iterable[Row]) -> Iterator[Move]:
    """One for each rule, with all that the hits of all clauses tell, in the order of the document."""
    by_rule: dict[str, list[Row]] = {}
    for row in rows:
        by_rule.setdefault(row[1].rule, []).append(row)
    for rule, found in by_rule.items():
        turns: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        lost: list[str] = []
        won: list[str] = []
        for group in sorted(_groups(found), key=lambda g: -max(h.severity.rank for _, h in g)):
            gone, new = _names(h.gone for _, h in group), _names(h.new for _, h in group)
            left = _besides(gone, new)
            if left and new:
                if not any(set(left) <= set(a) and set(new) <= set(b) for a, b in turns):
                    turns.append((left, new))
            else:
                lost += left
                won += new
        told = [name for turn in turns for side in turn for name in side]
        gone, new = _besides(lost, [*told, *won]), _besides(won, [*told, *lost])
        yield Move(rule, found[0][1].subject, tuple(turns), gone, new, tuple(found))


def _besides(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = {fold(name) for name in others}
    return tuple(dict.fromkeys(name for name in names if fold(name) not in known))


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that tell one move: the same names came, or one name went in one clause and one came in another."""
    apart = [row for row in rows if not (row[1].gone and row[1].new)]
    one_move = all(len({fold(n) for n in side}) == 1 for side in _sides(apart))
    groups: dict[tuple[str, ...], list[Row]] = {}
    for i, hit in rows:
        if one_move and not (hit.gone and hit.new):
            key: tuple[str, ...] = ("one move",)
        else:
            key = tuple(fold(n) for n in hit.new) or ("gone", str(i))
        groups.setdefault(key, []).append((i, hit))
    return list(groups.values())


def _sides(rows: Iterable[Row]) -> tuple[list[str], list[str]]:
    hits = [hit for _, hit in rows]
    return [n for h in hits for n in h.gone], [n for h in hits for n in h.new]


def _names(sides: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shortened(name, NAME_LETTERS) for side in sides for name in side))
