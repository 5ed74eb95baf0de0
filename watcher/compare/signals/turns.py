"""What a contract now says that it did not say before, or no longer says: the rules of `turns.toml`.

A rule names a state of a clause ("not refundable", "renews by itself", "without notice"). It is a signal where
the state holds in one of the two texts only: words that stand in both, wherever in the clause, turn nothing.
Most rules count only near the words of their matter (`needs`), so that "at any time" is one thing in a clause on
suspension and another in a clause on opening hours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.lookup import LANGUAGES, Lookup, in_language, said
from watcher.compare.signals.mentions import changed_spans

_REACH = 120  # characters around changed words in which a state is looked for
_NEAR = 220  # characters around a state in which the words of its matter must stand, unless the headings have them
_ACTS = 70  # characters ahead of a state in which the one who acts is named
_LONG = (
    40  # words changed; beyond them a clause is another one, and a state counts where the document had none
)
_CONTRACTS = frozenset({PolicyKind.TERMS, PolicyKind.GUIDELINES, PolicyKind.OTHER})
_WORDS_BETWEEN = re.compile(r"~(\d+) ")
_READER_MAY = re.compile(
    r"(?<!\w)(?:(?:you|users?|customers?|members?|subscribers?|consumers?|passengers?|sellers?|either party|each party) (?:\w+ ){0,2}?(?:may|can|are free|are entitled|have the right)|"
    r"(?:vous|clients?|utilisateurs?|abonnée?s?|membres?|vendeurs?|consommateurs?)(?: \w+)? (?:pouvez|peut|peuvent|pourr\w+|avez le droit)|"
    r"(?:kann|können|kannst|darf|dürfen) (?:der |die |das )?(?:sie|du|kund\w+|nutzer\w*|mitglied\w*|verbraucher\w*|abonnent\w*)|"
    r"(?:sie|du|kund\w+|nutzer\w*|mitglied\w*|verbraucher\w*|abonnent\w*) (?:kann|können|kannst|darf|dürfen)|"
    r"(?:usted(?:es)?|clientes?|usuari\w+|consumidor\w*|abonad\w+|vendedor\w*)(?: \w+)? (?:puede|pueden|podrá\w*)|"
    r"(?:lei|client[ei]|utent[ei]|consumator[ei]|abbonat\w|venditor[ei])(?: \w+)? (?:può|possono|potrà|potranno)|"
    r"(?:você|clientes?|utilizador\w*|usuári\w+|consumidor\w*|assinantes?|vendedor\w*)(?: \w+)? (?:pode|podem|poderá\w*)|"
    r"(?:u|je|klant\w*|gebruiker\w*|consument\w*|abonnees?|verkopers?)(?: \w+)? (?:kunt|kan|kunnen|mag|mogen)|(?:kunt|kan|mag) (?:u|je|de klant|de gebruiker))(?!\w)"
)
_SENTENCE_END = re.compile(r"[.;:!?]\s")


@dataclass(frozen=True)
class Turn:
    """One rule: its columns are explained at the head of `turns.toml`."""

    name: str
    family: str
    says: str
    topics: tuple[Topic, ...]
    new: Materiality
    gone: Materiality
    worse: str
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    flips: bool
    kinds: frozenset[PolicyKind]  # none: every kind
    patterns: Mapping[str, str]


@lru_cache(maxsize=1)
def matters() -> Mapping[str, re.Pattern[str]]:
    """The words of each matter, by its name, in all languages at once."""
    return {name: re.compile(rf"(?<!\w)(?:{pattern})") for name, pattern in _table()["matters"].items()}


@lru_cache(maxsize=1)
def turns() -> Mapping[str, Turn]:
    """The rules by name, in the order of the table."""
    found = {}
    for name, row in _table().items():
        if name == "matters":
            continue
        found[name] = Turn(
            name, row["family"], row["says"], tuple(Topic(t) for t in row["topics"]),
            Materiality(row["new"]), Materiality(row["gone"]), row["worse"],
            matters().get(row.get("needs", "")), matters().get(row.get("unless", "")), row.get("flips", False),
            frozenset() if row.get("anywhere") else _CONTRACTS | {PolicyKind.DPA} if row.get("dpa") else _CONTRACTS,
            {code: _spread(row[code]) for code in LANGUAGES if row.get(code)},
        )  # fmt: skip
    return found


def _table() -> dict[str, Any]:
    return tomllib.loads(files("watcher.compare.signals").joinpath("turns.toml").read_text(encoding="utf-8"))


def _spread(pattern: str) -> str:
    """`a ~3 b` of the table: up to three words between a and b."""
    return _WORDS_BETWEEN.sub(r"(?:[\\w'’*-]+,? ){0,\1}", pattern)


@lru_cache(maxsize=32)
def _lookup(language: str) -> Lookup:
    return in_language(((turn.name, turn.patterns) for turn in turns().values()), language)


def turned(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit for each state that the changed words brought into the clause or took out of it."""
    if edit.kind is ClauseKind.HEADING:
        return
    before, after = edit.before.lower(), edit.after.lower()
    lookup = _lookup(world.language)
    old_spans, new_spans = changed_spans(edit)
    heads = " ".join(edit.section[-2:]).lower()
    old, new = _states(lookup, before, old_spans, heads), _states(lookup, after, new_spans, heads)
    for name in dict.fromkeys((*new, *old)):
        if name in new and name in old:
            continue
        if turns()[name].kinds and world.kind not in turns()[name].kinds:
            continue
        rule, text, spans = turns()[name], *((after, new) if name in new else (before, old))
        start, end = spans[name]
        if edit.op is Op.MODIFIED and _holds(lookup, name, before if name in new else after, heads):
            continue
        yield _hit(rule, text, start, end, edit, world, came=name in new)


def _states(
    lookup: Lookup, text: str, spans: list[tuple[int, int]], heads: str
) -> dict[str, tuple[int, int]]:
    """By rule, the longest place near a changed span where its state stands."""
    found: dict[str, tuple[int, int]] = {}
    for first, last in _windows(spans, len(text)):
        for name, start, end in lookup.find(text, first, last):
            known = found.get(name)
            if known and known[1] - known[0] >= end - start:
                continue
            if _applies(turns()[name], text, start, end, heads):
                found[name] = (start, end)
    return found


def _holds(lookup: Lookup, name: str, text: str, heads: str) -> bool:
    """Does the state of this rule stand anywhere in the text?"""
    return any(
        n == name and _applies(turns()[name], text, a, b, heads)
        for n, a, b in lookup.find(text, 0, len(text))
    )


def _applies(rule: Turn, text: str, start: int, end: int, heads: str) -> bool:
    around = text[max(0, start - _NEAR) : end + _NEAR]
    if rule.unless and rule.unless.search(around):
        return False
    return rule.needs is None or bool(rule.needs.search(around) or rule.needs.search(heads))


def _windows(spans: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in spans:
        first, last = max(0, start - _REACH), min(size, end + _REACH)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def _hit(rule: Turn, text: str, start: int, end: int, edit: Edit, world: World, *, came: bool) -> Hit:
    words = text[start:end]
    fresh = not _anywhere(rule.name, world.before if came else world.after, world.language)
    return Hit(
        rule.name, rule.family, rule.topics, rule.new if came else rule.gone,
        f"{rule.says}: “{words[:60]}” {'appears' if came else 'is gone'}",
        _direction(rule, text, start, came=came), fresh=fresh,
        sure=fresh or (edit.op is Op.MODIFIED and edit.size <= _LONG), subject=rule.says,
        gone=() if came else (words,), new=(words,) if came else (),
    )  # fmt: skip


@lru_cache(maxsize=512)
def _anywhere(name: str, text: str, language: str) -> bool:
    """Does a document (in small letters) have words of this rule anywhere?"""
    return said(turns()[name].patterns, text, language)


def _direction(rule: Turn, text: str, start: int, *, came: bool) -> Direction:
    if not rule.worse:
        return Direction.UNCLEAR
    worse = rule.worse == ("new" if came else "gone")
    if rule.flips:
        ahead = text[max(0, start - _ACTS) : start]
        ends = [m.end() for m in _SENTENCE_END.finditer(ahead)]
        if _READER_MAY.search(ahead[ends[-1] :] if ends else ahead):
            worse = not worse
    return Direction.WORSE if worse else Direction.BETTER
