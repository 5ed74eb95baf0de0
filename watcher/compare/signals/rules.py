"""The rules on words: rows of the tables beside this module, read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from storage.records import Materiality, Topic
from watcher.compare.signals.lookup import LANGUAGES

_TABLES = ("privacy.toml", "handling.toml", "choice.toml", "terms.toml")
_FLAGS = ("sure", "limits", "blunt", "each", "once", "denies", "stays")
_GAP, _ELIDED = r"(?:\w+ )", r"(?:\w+[ '’-])"  # any word between two: "of the", "de l'"


@dataclass(frozen=True)
class Mention:
    """One rule of the tables: its columns are explained at the head of `privacy.toml`."""

    name: str
    family: str
    says: str
    topics: tuple[Topic, ...]
    new: Materiality
    gone: Materiality
    worse: str
    patterns: dict[str, str]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    near: re.Pattern[str] | None = None
    besides: re.Pattern[str] | None = None
    kept: re.Pattern[str] | None = None
    by: str = ""
    sure: bool = False
    limits: bool = False
    blunt: bool = False
    each: bool = False
    once: bool = False
    denies: bool = False
    stays: bool = False

    def fits(self, text: str) -> bool:
        """Is a clause with its headings one that the rule can speak of?"""
        return not (self.needs and not self.needs.search(text)) and not (
            self.unless and self.unless.search(text)
        )

    def means(self, text: str, start: int, end: int) -> bool:
        """Do the words between ``start`` and ``end`` stand outside of phrases that give them another sense?"""
        return not self.besides or not any(
            m.start() < end and start < m.end() for m in self.besides.finditer(text)
        )


@lru_cache(maxsize=1)
def rules() -> tuple[Mention, ...]:
    """The rules of all tables, in their order."""
    found = []
    for table in _TABLES:
        text = files("watcher.compare.signals").joinpath(table).read_text(encoding="utf-8")
        found += [_rule(name, row) for name, row in tomllib.loads(text).items()]
    return tuple(found)


def _rule(name: str, row: dict[str, Any]) -> Mention:
    def text(column: str) -> re.Pattern[str] | None:
        return re.compile(row[column], re.IGNORECASE) if row.get(column) else None

    return Mention(
        name,
        row["family"],
        row["says"],
        tuple(Topic(t) for t in row["topics"]),
        Materiality(row["new"]),
        Materiality(row["gone"]),
        row["worse"],
        {code: row[code].replace(_GAP, _ELIDED) for code in LANGUAGES if row.get(code)},
        needs=text("needs"),
        unless=text("unless"),
        near=text("near"),
        besides=text("besides"),
        kept=text("kept"),
        by=row.get("by", ""),
        **{k: row.get(k, False) for k in _FLAGS},
    )


@lru_cache(maxsize=1)
def by_name() -> dict[str, Mention]:
    return {rule.name: rule for rule in rules()}
