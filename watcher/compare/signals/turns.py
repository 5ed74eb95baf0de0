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
from watcher.compare.signals.voice import TURN, Actor, Voice, voice

_REACH = 120  # characters around changed words in which a state is looked for
_NEAR = 220  # characters around a state, of its sentence, in which the words of its matter must stand
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
    r"(?:^|(?<=[.;,:] )|(?<= e )|(?<= y )|(?<= ou )|(?<= mas )|(?<= pero )|(?<= ma ))(?:pode|poderá|puede|podrá|può|potrà)|"
    r"(?:você|clientes?|utilizador\w*|usuári\w+|consumidor\w*|assinantes?|vendedor\w*)(?: \w+)? (?:pode|podem|poderá\w*)|"
    r"(?:u|je|klant\w*|gebruiker\w*|consument\w*|abonnees?|verkopers?)(?: \w+)? (?:kunt|kan|kunnen|mag|mogen)|(?:kunt|kan|mag) (?:u|je|de klant|de gebruiker))(?!\w)"
)
_READER_DOES = re.compile(
    r"(?<!\w)(?:(?:you|users?|customers?|members?|subscribers?) (?:\w+ ){0,2}?(?:must|shall|should|agree|need|have|want|wish|decide|cease|stop)|"
    r"vous (?:devez|acceptez|souhaitez|voulez|cessez)|(?:müssen|sollten|möchten) (?:sie|du)|sie (?:müssen|sollten|verpflichten)|"
    r"(?:usted|el usuario|el cliente) (?:deb|acepta|se compromete)\w*|(?:lei|l.utente|il cliente) (?:dev|accetta|si impegna)\w*|"
    r"(?:você|o utilizador|o cliente) (?:dev|aceita|compromete)\w*|(?:u|je) (?:moet|dient|stemt))(?!\w)"
)
_BY_READER = re.compile(
    r"(?<!\w)(?:by (?:you|the (?:customer|user|member))|par (?:vous|le client|l.utilisateur)|(?:von|durch) (?:ihnen|dir|den kunden|dem kunden)|"
    r"por (?:usted|el cliente|si|você|o cliente)|da (?:lei|parte sua)|dal cliente|door (?:u|je|de klant|de gebruiker))(?!\w)"
)
_OTHER_MAY = re.compile(
    r"(?<!\w)(?:may|can|reserves?|entitled|right to|peut|peuvent|pouvons|réserv\w+|kann|können|darf|dürfen|vorbehalt\w*|behalten|puede|podemos|podrá\w*|reserva\w*|"
    r"può|possono|possiamo|riserv\w+|pode|podemos|poderá\w*|reserv\w+|kan|kunnen|mag|mogen|behoudt|behouden)(?!\w)"
)
_BANS = re.compile(
    r"(?<!\w)(?:prohibit|forbid|refrain|verbot|untersag|interdi|prohíb|prohib|vieta|proib|proíb|verbod)\w*"
)
_PART = re.compile(r"[,;:]\s|\s(?:and|et|und|en)\s")
_TOUCHING = re.compile(
    r"(?<!\w)(?:not|non|never|nicht|nie|no|não|niet|pas|never)(?:\W+(?:being|be|sub)?\W*)?$"
)
_CLOSE, _LATE = 70, 40  # characters of the same part of the sentence ahead, and behind, that may deny
_SENTENCE_END = re.compile(r"[.;:!?]\s")
_FULL_STOP = re.compile(r"(?<!\be\.g)(?<!\bi\.e)[.!?]\s|\n")


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
    wide: bool
    denied: str
    by: str
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
            matters().get(row.get("needs", "")), matters().get(row.get("unless", "")), row.get("wide", False),
            row.get("denied", ""), row.get("by", ""), row.get("flips", False),
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


@dataclass(frozen=True)
class Reading:
    """How texts of one language are read."""

    lookup: Lookup
    speech: Voice | None


def turned(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit for each state that the changed words brought into the clause or took out of it."""
    if edit.kind is ClauseKind.HEADING:
        return
    before, after = edit.before.lower(), edit.after.lower()
    reading = Reading(_lookup(world.language), voice(world.language))
    old_spans, new_spans = changed_spans(edit)
    heads = " ".join(edit.section[-2:]).lower()
    old, new = _states(reading, before, old_spans, heads), _states(reading, after, new_spans, heads)
    for name in dict.fromkeys((*new, *old)):
        if name in new and name in old:
            continue
        if turns()[name].kinds and world.kind not in turns()[name].kinds:
            continue
        rule, text, spans = turns()[name], *((after, new) if name in new else (before, old))
        start, end = spans[name]
        if edit.op is Op.MODIFIED and _holds(reading, name, before if name in new else after, heads):
            continue
        yield _hit(rule, text, start, end, edit, world, came=name in new)


def _states(
    reading: Reading, text: str, spans: list[tuple[int, int]], heads: str
) -> dict[str, tuple[int, int]]:
    """By rule, the longest place near a changed span where its state stands."""
    found: dict[str, tuple[int, int]] = {}
    for first, last in _windows(spans, len(text)):
        for name, start, end in reading.lookup.find(text, first, last):
            known = found.get(name)
            if known and known[1] - known[0] >= end - start:
                continue
            if _applies(turns()[name], text, start, end, heads, reading.speech):
                found[name] = (start, end)
    return found


def _holds(reading: Reading, name: str, text: str, heads: str) -> bool:
    """Does the state of this rule stand anywhere in the text?"""
    return any(
        n == name and _applies(turns()[name], text, a, b, heads, reading.speech)
        for n, a, b in reading.lookup.find(text, 0, len(text))
    )


def _applies(rule: Turn, text: str, start: int, end: int, heads: str, speech: Voice | None) -> bool:
    """Do the words mean the state here: in its matter, not denied, and done by the one the rule is about?"""
    first, last = max(0, start - _NEAR), min(len(text), end + _NEAR)
    ends = [m.end() for m in _FULL_STOP.finditer(text, first, start)]
    stop = _FULL_STOP.search(text, end, last)
    opens, closes = ends[-1] if ends else first, stop.start() if stop else last
    if rule.unless and rule.unless.search(text, opens, closes):
        return False
    place = (first, last) if rule.wide else (opens, closes)
    if rule.needs and not (rule.needs.search(text, *place) or rule.needs.search(heads)):
        return False
    ahead = text[opens:start]
    if rule.denied and _denied(rule.denied, ahead, text[end:closes], heads, speech):
        return False
    if rule.by and _BY_READER.search(text, opens, closes):
        return rule.by == "reader"
    return not rule.by or _acts(rule.by, ahead, text[start:end], speech)


def _denied(how: str, ahead: str, behind: str, heads: str, speech: Voice | None) -> bool:
    """Does the sentence deny what follows ``ahead``?"""
    if _TOUCHING.search(ahead[-_CLOSE:]):
        return True
    if how == "touch" or speech is None:
        return False
    breaks = list(TURN.finditer(ahead))
    ahead = ahead[breaks[-1].end() :] if breaks else ahead
    if how == "far":
        banned = bool(_BANS.search(ahead)) or bool(matters()["forbidding"].search(heads))
        return banned or bool(speech.denies.search(ahead))
    near = _PART.split(ahead[-_CLOSE:])[-1]
    late = _PART.split(behind[:_LATE])[0] if speech.late else ""
    return bool(speech.denies.search(near) or speech.denies.search(late))


def _acts(who: str, ahead: str, words: str, speech: Voice | None) -> bool:
    """Is it ``who`` that acts? Where nobody is named, it may be."""
    may = [m.end() for m in _READER_MAY.finditer(f"{ahead}{words}")]
    if who == "reader":
        others = [m.end() for m in _OTHER_MAY.finditer(ahead)]
        if may:
            return not others or max(others) <= max(may) + 1
        return not others and not (speech and speech.company.search(ahead))
    if may or _READER_DOES.search(ahead):
        return bool(speech and speech.actor(ahead, len(ahead)) is Actor.COMPANY)
    return not (speech and speech.actor(ahead, len(ahead)) is Actor.USER)


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
