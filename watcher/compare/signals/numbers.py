"""Periods, amounts, percentages, ages and plain counts that changed, told by what they govern."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.facts import Fact, FactKind, changed_facts
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.voice import opposite, sentence

_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
_KINDS = (FactKind.PERIOD, FactKind.AMOUNT, FactKind.PERCENT, FactKind.AGE)
_CAPITAL = re.compile(
    r"share capital|paid-?\s?in capital|capital (?:social|of|de)|stammkapital|grundkapital|capitale sociale|maatschappelijk kapitaal",
    re.I,
)
_FAR = 120  # a word farther from the number than this, in another sentence, does not govern it for certain
_ANSWERS = (Topic.RIGHTS,)  # a time for requests and answers where none was named is a detail of the right
_VAGUE = 40  # so much nearer a word without a side must stand to be the one that governs


@dataclass(frozen=True)
class Role:
    """What a number may govern: the columns of `roles.toml`."""

    name: str
    topics: tuple[Topic, ...]
    more: Direction
    present: Direction
    kinds: frozenset[str]
    words: re.Pattern[str]


@dataclass(frozen=True)
class Governed:
    """The role of one number, and whether its word stands near enough to be sure."""

    role: Role
    near: bool


@lru_cache(maxsize=1)
def roles() -> tuple[Role, ...]:
    text = files("watcher.compare.signals").joinpath("roles.toml").read_text(encoding="utf-8")
    return tuple(
        Role(
            name,
            tuple(Topic(t) for t in row["topics"]),
            Direction(row["more"] or "unclear"),
            Direction(row["present"] or "unclear"),
            frozenset(row["kinds"]),
            re.compile(rf"(?<!\w)(?:{row['words']})", re.IGNORECASE),
        )
        for name, row in tomllib.loads(text).items()
    )


def numbers(edit: Edit, world: World) -> Iterator[Hit]:
    """One hit for each kind of number that changed: "period: 1 year → 2 years"."""
    gone, new = changed_facts(edit.before, edit.after, _KINDS)
    if edit.op is not Op.MODIFIED:
        gone, new = gone[:2], new[:2]
    for kind in _KINDS:
        old, fresh = [f for f in gone if f.kind is kind], [f for f in new if f.kind is kind]
        if old and fresh and edit.reworded and _apart(old[0], fresh[0], edit):
            yield _changed(kind, old, [], edit, world)
            yield _changed(kind, [], fresh, edit, world)
        elif old or fresh:
            yield _changed(kind, old, fresh, edit, world)


def _apart(old: Fact, fresh: Fact, edit: Edit) -> bool:
    """In a clause written anew: do the numbers govern different things, so that neither took the other's place?"""
    one, two = _governed(edit, old, new=False), _governed(edit, fresh, new=True)
    return not one or not two or one.role.name != two.role.name


def _changed(kind: FactKind, old: list[Fact], fresh: list[Fact], edit: Edit, world: World) -> Hit:
    both = bool(old and fresh)
    governed = _governed(edit, (fresh or old)[0], new=bool(fresh))
    topics = governed.role.topics if governed else ()
    detail = not both and topics == _ANSWERS
    alone = kind is FactKind.AGE and not both and _alone(edit)
    severity = Materiality.HIGH if both or alone or (topics and not detail) else Materiality.MEDIUM
    direction = _direction(kind, old, fresh, edit, world)
    where = (Topic.CHILDREN,) if kind is FactKind.AGE else topics[:1]
    if kind is FactKind.AMOUNT and _CAPITAL.search(edit.context):
        where, severity, direction = (Topic.CONTACT,), Materiality.LOW, Direction.UNCLEAR
    if kind in (FactKind.AMOUNT, FactKind.PERCENT) and not where:
        where = (Topic.PAYMENT,)
    sure = detail or alone or (not both and edit.op is Op.MODIFIED and direction is not Direction.UNCLEAR)
    return Hit(
        f"number-{kind}", "numbers", where, severity, f"{kind}: {_told(old)} → {_told(fresh)}",
        direction, exact=both, sure=sure, subject=str(kind),
        gone=tuple(f.text for f in old[:3]), new=tuple(f.text for f in fresh[:3]),
    )  # fmt: skip


def _alone(edit: Edit) -> bool:
    """In a clause that stays, did words only come or only go?"""
    return edit.op is Op.MODIFIED and not (edit.gone.strip() and edit.new.strip())


def _governed(edit: Edit, fact: Fact, *, new: bool) -> Governed | None:
    """The role whose word stands nearest to the number: in its sentence, else in the clause, else in the headings."""
    text = edit.after if new else edit.before
    kinds = [role for role in roles() if fact.kind.value in role.kinds]
    first, last = sentence(text, fact.start)
    for within, near in (((first, last), True), ((0, len(text)), False)):
        found = [
            (_gap(m.start(), m.end(), fact) + _VAGUE * (role.more is Direction.UNCLEAR), order, role)
            for order, role in enumerate(kinds)
            for m in role.words.finditer(text, *within)
        ]
        if found:
            gap, _, role = min(found, key=lambda f: f[:2])
            return Governed(role, near and gap <= _FAR)
    heads = " ".join(edit.section[-2:])
    return next((Governed(role, False) for role in kinds if role.words.search(heads)), None)


def _gap(start: int, end: int, fact: Fact) -> int:
    """Characters between a word and the number."""
    return start - fact.end if start >= fact.end else fact.start - end


def _direction(kind: FactKind, old: list[Fact], new: list[Fact], edit: Edit, world: World) -> Direction:
    """What all changed numbers of a kind agree on."""
    if edit.op is not Op.MODIFIED:
        return Direction.UNCLEAR
    if kind is FactKind.AGE:
        if world.kind is PolicyKind.TERMS or len(old) != 1 or len(new) != 1:
            return Direction.UNCLEAR
        return Direction.WORSE if int(new[0].value) < int(old[0].value) else Direction.BETTER
    if not old or not new:
        facts, present = (new, True) if new else (old, False)
        sides = {_of(edit, f, new=present, column="present") for f in facts}
        side = sides.pop() if len(sides) == 1 else Direction.UNCLEAR
        return side if present else opposite(side)
    if len(old) != len(new):
        return Direction.UNCLEAR
    sides = set()
    for a, b in zip(old, new, strict=True):
        size_a, size_b = _size(a), _size(b)
        if size_a == size_b:
            continue
        side = _of(edit, b, new=True, column="more")
        sides.add(side if size_b > size_a else opposite(side))
    return sides.pop() if len(sides) == 1 else Direction.UNCLEAR


def _of(edit: Edit, fact: Fact, *, new: bool, column: str) -> Direction:
    governed = _governed(edit, fact, new=new)
    if not governed or not governed.near:
        return Direction.UNCLEAR
    return governed.role.more if column == "more" else governed.role.present


def _size(fact: Fact) -> float:
    number, _, unit = fact.value.partition(" ")
    return float(number) * _DAYS.get(unit, 1.0)


def _told(found: list[Fact]) -> str:
    return ", ".join(dict.fromkeys(f.text for f in found[:3])) or "none"
