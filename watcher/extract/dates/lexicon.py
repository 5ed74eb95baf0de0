"""The words of each language, read from ``languages/<code>.toml`` and compiled once for each set in use.

What the entries mean is told in ``languages/README.md``.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from watcher.extract.dates.grammar import Months, months_of

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
    labels = "|".join(f"(?P<{label.value}>{_any(entries(label.value))})" for label in Label)
    return Lexicon(
        months=months_of(months),
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
        joined=any(table.get("joined", False) for table, _ in tables),
    )


def codes_for(language: str) -> tuple[str, ...]:
    """The language itself and English, which labels stay in on many translated pages."""
    code = _ALIASES.get(language, language)
    return (code, "en") if code in LANGUAGES and code != "en" else ("en",)


def every_code() -> tuple[str, ...]:
    """All languages at once, for a page whose language is not known or not what it claims."""
    return ("en", *(code for code in LANGUAGES if code != "en"))
