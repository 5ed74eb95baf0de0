"""Names and addresses that give way to others: an address that stood in two places and moved to one is one move,
a party that went in one clause and another that came in the next are one change of party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.compare.edit import fold
from watcher.compare.phrases import NAME_LETTERS, arrow
from watcher.compare.quote import shortened
from watcher.compare.signals import Hit

_MOST_NAMES = 3
Row = tuple[int, Hit]  # the clause, and what was found in it


@dataclass(frozen=True, slots=True)
class Move:
    """What of one kind went and what came in its place; one side may be empty."""

    rule: str
    subject: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """ "postal address: A, B → C"; "" where nothing can be shown."""
        one_sided = not (self.gone and self.new)
        many = one_sided and len(self.gone + self.new) > 1 and self.subject != "postal address"
        gone, new = (", ".join(side[:_MOST_NAMES]) for side in (self.gone, self.new))
        return arrow(self.subject, gone, new, many=many)


def is_move(hit: Hit) -> bool:
    return hit.exact and hit.family == "parties"


def moves(rows: Iterable[Row]) -> Iterator[Move]:
    """The moves told by the hits of all clauses, in the order of the document."""
    by_rule: dict[str, list[Row]] = {}
    for row in rows:
        by_rule.setdefault(row[1].rule, []).append(row)
    for rule, found in by_rule.items():
        for group in _groups(found):
            gone, new = _names(h.gone for _, h in group), _names(h.new for _, h in group)
            stays = {fold(n) for n in new}
            yield Move(
                rule, group[0][1].subject, tuple(n for n in gone if fold(n) not in stays), new, tuple(group)
            )


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
