"""Words that appear in, or vanish from, a changed clause: the rules of `privacy.toml` and `terms.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import LESS, Hit
from watcher.compare.signals.lookup import Lookup

_TABLES = ("privacy.toml", "terms.toml")
_REACH = 90
_LETTERS = 6  # of a match must have changed, or half of it
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


@lru_cache(maxsize=32)
def _lookup(language: str) -> Lookup:
    """A page in any language may carry English; one in a language without rules is read in all of them."""
    codes = tuple(dict.fromkeys((language, "en"))) if language in _LANGUAGES else _LANGUAGES
    return Lookup((r.name, "|".join(r.patterns[c] for c in codes if c in r.patterns)) for r in rules())


def mentions(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit for each rule whose words came or went in the changed words of ``edit``."""
    old_spans, new_spans = changed_spans(edit)
    lookup = _lookup(world.language)
    before, after = edit.before.lower(), edit.after.lower()
    old, fresh = _touched(lookup, before, old_spans), _touched(lookup, after, new_spans)
    if not old and not fresh:
        return
    for rule in rules():
        gone, new = old.get(rule.name, set()), fresh.get(rule.name, set())
        gone, new = gone - new, new - gone
        if edit.op is Op.MODIFIED:
            # The same words kept elsewhere in the clause: it spoke of the matter before and still does.
            new = {w for w in new if w not in before}
            gone = {w for w in gone if w not in after}
        if new or gone:
            yield _hit(rule, gone, new, world)


def _hit(rule: Mention, gone: set[str], new: set[str], world: World) -> Hit:
    if new and gone:
        severity = LESS[max(rule.new, rule.gone, key=lambda m: m.rank)]
        says = f"{rule.says} reworded: {_quote(gone)} → {_quote(new)}"
        return Hit(
            rule.name, rule.family, rule.topics, severity, says,
            subject=rule.says, gone=(_longest(gone),), new=(_longest(new),),
        )  # fmt: skip
    if new:
        fresh = not any(world.known(w) for w in new)
        return Hit(
            rule.name, rule.family, rule.topics, rule.new, f"{rule.says}: {_quote(new)} appears",
            rule.direction("new"), fresh, subject=rule.says, new=(_longest(new),),
        )  # fmt: skip
    fresh = not any(world.still(w) for w in gone)
    return Hit(
        rule.name, rule.family, rule.topics, rule.gone, f"{rule.says}: {_quote(gone)} is gone",
        rule.direction("gone"), fresh, subject=rule.says, gone=(_longest(gone),),
    )  # fmt: skip


def _quote(words: set[str]) -> str:
    return f"“{_longest(words)[:60]}”"


def _longest(words: set[str]) -> str:
    return min(words, key=lambda w: (-len(w), w))


def _touched(lookup: Lookup, text: str, spans: list[tuple[int, int]]) -> dict[str, set[str]]:
    """By rule, what it finds in ``text`` that overlaps a changed span."""
    found: dict[str, set[str]] = {}
    for first, last in _windows(spans, len(text)):
        for name, a, b in lookup.find(text, first, last):
            changed = sum(max(0, min(b, end) - max(a, start)) for start, end in spans)
            if changed >= min(_LETTERS, (b - a) / 2):
                found.setdefault(name, set()).add(text[a:b])
    return found


def _windows(spans: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Stretches around the changed spans, wide enough for the longest pattern, merged where they meet."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        first, last = max(0, start - _REACH), min(size, end + _REACH)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def changed_spans(edit: Edit) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
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
