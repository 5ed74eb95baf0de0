"""Words that appear in, or vanish from, a changed clause: the rules of `privacy.toml` and `terms.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import LESS, Hit

_TABLES = ("privacy.toml", "terms.toml")
_LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")


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

    def direction(self, side: str) -> Direction:
        if not self.worse:
            return Direction.UNCLEAR
        return Direction.WORSE if self.worse == side else Direction.BETTER


@lru_cache(maxsize=1)
def rules() -> tuple[Mention, ...]:
    """The rules of both tables, in their order."""
    found = []
    for table in _TABLES:
        text = files("watcher.compare.signals").joinpath(table).read_text(encoding="utf-8")
        for name, row in tomllib.loads(text).items():
            found.append(
                Mention(
                    name,
                    row["family"],
                    row["says"],
                    tuple(Topic(t) for t in row["topics"]),
                    Materiality(row["new"]),
                    Materiality(row["gone"]),
                    row["worse"],
                    {code: row[code] for code in _LANGUAGES if row.get(code)},
                )
            )
    return tuple(found)


@lru_cache(maxsize=512)
def _pattern(name: str, language: str) -> re.Pattern[str]:
    """A page in any language may carry English; one in an unknown language is read in all of them."""
    rule = next(r for r in rules() if r.name == name)
    codes = dict.fromkeys((language, "en")) if language in rule.patterns else dict.fromkeys(rule.patterns)
    return re.compile(rf"(?<!\w)(?:{'|'.join(rule.patterns[c] for c in codes)})", re.IGNORECASE)


def mentions(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit for each rule whose words came or went in the changed words of ``edit``."""
    old_spans, new_spans = _spans(edit)
    for rule in rules():
        pattern = _pattern(rule.name, world.language)
        gone = _touched(pattern, edit.before, old_spans)
        new = _touched(pattern, edit.after, new_spans)
        gone, new = gone - new, new - gone
        if edit.op is Op.MODIFIED:
            # The same words kept elsewhere in the clause: it spoke of the matter before and still does.
            new = {w for w in new if w not in edit.before.casefold()}
            gone = {w for w in gone if w not in edit.after.casefold()}
        if new or gone:
            yield _hit(rule, gone, new, world)


def _hit(rule: Mention, gone: set[str], new: set[str], world: World) -> Hit:
    if new and gone:
        severity = LESS[max(rule.new, rule.gone, key=lambda m: m.rank)]
        says = f"{rule.says} reworded: {_quote(gone)} → {_quote(new)}"
        return Hit(rule.name, rule.family, rule.topics, severity, says)
    if new:
        fresh = not any(world.known(w) for w in new)
        return Hit(
            rule.name, rule.family, rule.topics, rule.new, f"{rule.says}: {_quote(new)} appears",
            rule.direction("new"), fresh,
        )  # fmt: skip
    fresh = not any(world.still(w) for w in gone)
    return Hit(
        rule.name, rule.family, rule.topics, rule.gone, f"{rule.says}: {_quote(gone)} is gone",
        rule.direction("gone"), fresh,
    )  # fmt: skip


def _quote(words: set[str]) -> str:
    return f"“{min(words, key=lambda w: (-len(w), w))[:60]}”"


def _touched(pattern: re.Pattern[str], text: str, spans: list[tuple[int, int]]) -> set[str]:
    """What the pattern finds in ``text`` that overlaps a changed span, small letters, white space folded."""
    if not spans:
        return set()
    found = set()
    for match in pattern.finditer(text):
        a, b = match.span()
        if a < b and any(a < end and start < b for start, end in spans):
            found.add(match[0].casefold())
    return found


def _spans(edit: Edit) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Changed stretches of the text before and of the text after, as character offsets."""
    if edit.op is not Op.MODIFIED:
        return [(0, len(edit.before))] if edit.before else [], [(0, len(edit.after))] if edit.after else []
    old: list[tuple[int, int]] = []
    new: list[tuple[int, int]] = []
    i = j = 0
    for op in edit.words:
        size = len(op.text)
        if op.op == "-":
            old.append((i, i + size))
        elif op.op == "+":
            new.append((j, j + size))
        i += size if op.op != "+" else 0
        j += size if op.op != "-" else 0
    return old, new
