"""The words of each language, read from ``languages/<code>.toml`` and compiled once for each set in use.

What the entries mean is told in ``languages/README.md``.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from watcher.extract.dates.grammar import Days, Months, days_of, months_of

_FOLDER = resources.files(__package__) / "languages"
LANGUAGES = tuple(
    sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
)
_ALIASES = {
    "no": "nb",
    "nn": "nb",
    "in": "id",
    "iw": "he",
    "sr": "hr",
    "bs": "hr",
    "yue": "zh",
    "be": "ru",
    "gl": "pt",
}


_WORD = re.compile(r"[^\W\d_]+")
_CLEARLY = 1.2


class Label(enum.StrEnum):
    """What the words beside a date make of it (group names of `Lexicon.labels`)."""

    UPDATED = "updated"
    EFFECTIVE = "effective"
    CREATED = "created"
    TOUCHED = "touched"
    VALID = "valid"


@dataclass(frozen=True)
class Lexicon:
    """The words of one set of languages, compiled. Patterns run over folded text (see `grammar.fold`)."""

    months: Months
    days: Days
    labels: re.Pattern[str]
    links: frozenset[str]
    document: re.Pattern[str]
    law: re.Pattern[str]
    former: re.Pattern[str]
    some: re.Pattern[str]
    claim: re.Pattern[str]
    part: re.Pattern[str]
    history: re.Pattern[str]
    archive: re.Pattern[str]
    own: re.Pattern[str]  # the document speaking of itself: "these revised terms"
    named: re.Pattern[str]  # what may be it: "the terms"
    the: re.Pattern[str]
    pronoun: re.Pattern[str]
    texts: re.Pattern[str]  # its nouns alone
    fresh: re.Pattern[str]  # what it says of their state: "revised", "present"
    verbs: re.Pattern[str]  # groups "begin", "apply", "revise"
    since: re.Pattern[str]  # held against what ends at a date
    ahead: re.Pattern[str]
    by: re.Pattern[str]
    joined: bool  # written without spaces: labels follow or precede the date directly


@cache
def _table(code: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8"))


def _spaced(entry: str) -> str:
    return entry.replace(" ?", r"\s*").replace(" ", r"\s+")


def _bounded(entry: str, joined: bool) -> str:
    return _spaced(entry) if joined else rf"(?<!\w){_spaced(entry)}(?!\w)"


def _any(entries: Iterable[tuple[str, bool]]) -> str:
    spaced: list[str] = []
    plain: list[str] = []
    for entry, joined in entries:
        (plain if joined else spaced).append(_spaced(entry))
    parts = []
    if spaced:
        parts.append(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)")
    parts.extend(plain)
    return "|".join(parts) or r"(?!)"


def _subjects(table: dict[str, Any], key: str) -> Iterable[tuple[str, bool]]:
    """The ways in which a document names itself: a determiner of ``key``, what may follow it, a noun."""
    joined = table.get("joined", False)
    nouns = "|".join(
        map(_spaced, [*table.get("texts", ()), *(table.get("news", ()) if key == "this" else ())])
    )
    heads = "|".join(map(_spaced, table.get(key, ())))
    if joined and nouns and heads:
        yield rf"(?:{heads})[^\s、，,。；;]{{0,8}}?(?:{nouns})+", True
    elif nouns and heads:
        fresh = "|".join(map(_spaced, table.get("fresh", ()))) or "(?!)"
        between = r"[\w’'-]+\s+){0,3}?" if key == "this" else rf"(?:{fresh})\s+){{0,2}}"
        yield rf"(?:{heads})(?:(?<=[’'])\s?|\s+)(?:{between}(?:{nouns})", False
    elif nouns and key == "the" and table.get("bare", False):
        yield rf"(?:{nouns})", False


@cache
def lexicon(codes: tuple[str, ...]) -> Lexicon:
    """The lexicon of the languages named, the first one's words winning. Unknown codes are passed over."""
    tables = [(_table(code), code) for code in codes if code in LANGUAGES]

    def entries(key: str) -> list[tuple[str, bool]]:
        return [(entry, table.get("joined", False)) for table, _ in tables for entry in table.get(key, ())]

    months: dict[str, int] = {}
    for table, _ in tables:
        for number, names in enumerate(table["months"], 1):
            for name in names.split():
                if months.setdefault(name, number) != number and len(tables) > 2:
                    months[name] = 0  # "listopada" is October in Croatian, November in Polish
    few = tables if len(tables) < 3 else []  # sentences are read in a known language only

    def subjects(key: str) -> re.Pattern[str]:
        return re.compile(_any(pair for table, _ in few for pair in _subjects(table, key)))

    def spoken(key: str) -> str:
        return _any((e, t.get("joined", False)) for t, _ in few for e in t.get(key, ()))

    labels = "|".join(f"(?P<{label.value}>{_any(entries(label.value))})" for label in Label)
    return Lexicon(
        months=months_of(months),
        days=days_of(next((table["days"] for table, _ in few if "days" in table), ())),
        labels=re.compile(labels),
        links=frozenset(entry for entry, _ in entries("links")),
        document=re.compile(_any(entries("document"))),
        law=re.compile(_any(entries("law"))),
        former=re.compile(_any(entries("former"))),
        some=re.compile(_any(entries("some"))),
        claim=re.compile(_any(entries("claim"))),
        part=re.compile(_any(entries("part"))),
        history=re.compile(_any(entries("history"))),
        archive=re.compile(_any(entries("archive"))),
        own=subjects("this"),
        named=subjects("the"),
        the=re.compile(spoken("the")),
        pronoun=re.compile(spoken("pronoun")),
        texts=re.compile(spoken("texts")),
        fresh=re.compile(spoken("fresh")),
        verbs=re.compile("|".join(f"(?P<{key}>{spoken(key)})" for key in ("begin", "apply", "revise"))),
        since=re.compile(rf"(?:{spoken('since')})[\s:(–-]*(?:[^\W\d_]+\.?,?\s+)?$"),
        ahead=re.compile(spoken("ahead")),
        by=re.compile(spoken("by")),
        joined=any(table.get("joined", False) for table, _ in tables),
    )


def codes_for(language: str) -> tuple[str, ...]:
    """The language itself and English, which labels stay in on many translated pages."""
    code = _ALIASES.get(language, language)
    return (code, "en") if code in LANGUAGES and code != "en" else ("en",)


@cache
def _voters() -> dict[str, tuple[str, ...]]:
    voters: dict[str, tuple[str, ...]] = {}
    for code in LANGUAGES:
        if not _table(code).get("joined", False):
            for word in _table(code)["links"]:
                voters[word] = (*voters.get(word, ()), code)
    return voters


def spoken(text: str, told: str) -> str:
    """The language of a short text, where its small words say clearly that it is not the one ``told``: a
    reader of whole pages errs on a few lines."""
    votes: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        for code in (heard := _voters().get(word, ())):
            votes[code] += 12 // len(heard) if len(heard) <= 12 else 0
    best = max(votes, key=lambda code: votes[code], default=told)
    if best == "en":
        return told  # its labels are looked for in any case
    return best if votes[best] > _CLEARLY * votes[_ALIASES.get(told, told)] else told


def every_code() -> tuple[str, ...]:
    """All languages at once, for a page whose language is not known or not what it claims."""
    return ("en", *(code for code in LANGUAGES if code != "en"))
