"""Words that appear in, or vanish from, a changed clause: the rules of the tables beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import LESS, Hit
from watcher.compare.signals.lookup import LANGUAGES, Lookup, in_language, whole_words
from watcher.compare.signals.stance import runs
from watcher.compare.signals.voice import opposite, voice

_TABLES = ("privacy.toml", "handling.toml", "choice.toml", "terms.toml")
_REACH = 90
_GAP, _ELIDED = r"(?:\w+ )", r"(?:\w+[ '’-])"  # any word between two: "of the", "de l'"
_LETTERS = 6  # of a match must have changed, or half of it


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
    sure: bool = False
    limits: bool = False
    blunt: bool = False
    each: bool = False
    once: bool = False
    denies: bool = False
    stays: bool = False

    def direction(self, side: str, edit: Edit) -> Direction:
        """For the reader, when the words come ("new") or go ("gone") and nothing denies them."""
        if not self.worse or (self.limits and edit.op is not Op.MODIFIED):
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
                    {code: row[code].replace(_GAP, _ELIDED) for code in LANGUAGES if row.get(code)},
                    re.compile(row["needs"], re.IGNORECASE) if row.get("needs") else None,
                    row.get("sure", False),
                    row.get("limits", False),
                    row.get("blunt", False),
                    row.get("each", False),
                    row.get("once", False),
                    row.get("denies", False),
                    row.get("stays", False),
                )
            )
    return tuple(found)


@lru_cache(maxsize=32)
def _lookup(language: str) -> Lookup:
    return in_language(((rule.name, rule.patterns) for rule in rules()), language)


Found = dict[str, tuple[int, int]]
"""The words that a rule finds, each with the place of its first finding."""


def mentions(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit for each rule whose words came or went in the changed words of ``edit``."""
    old_spans, new_spans = changed_spans(edit)
    lookup = _lookup(world.language)
    before, after = edit.before.lower(), edit.after.lower()
    old, fresh = _touched(lookup, before, old_spans), _touched(lookup, after, new_spans)
    if not old and not fresh:
        return
    for rule in rules():
        gone, new = old.get(rule.name, {}), fresh.get(rule.name, {})
        if not gone and not new:
            continue
        if rule.stays and edit.op is not Op.MODIFIED:
            continue
        if rule.needs and not rule.needs.search(f"{' '.join(edit.section)} {edit.before} {edit.after}"):
            continue
        gone, new = _without(gone, new), _without(new, gone)
        if edit.op is Op.MODIFIED:
            # The same words kept elsewhere in the clause: it spoke of the matter before and still does.
            new = {w: at for w, at in new.items() if w not in before}
            gone = {w: at for w, at in gone.items() if w not in after}
            if (rule.once or edit.reworded) and _speaks(rule, before) and _speaks(rule, after):
                continue
        if new or gone:
            yield _hit(rule, gone, new, edit, world)


def _speaks(rule: Mention, text: str) -> bool:
    """Do words of the rule, in any of its languages, stand anywhere in the text?"""
    return any(whole_words(pattern).search(text) for pattern in rule.patterns.values())


def _without(these: Found, those: Found) -> Found:
    return {w: at for w, at in these.items() if w not in those}


def _hit(rule: Mention, gone: Found, new: Found, edit: Edit, world: World) -> Hit:
    if new and gone:
        return _reworded(rule, gone, new, edit, world)
    if new:
        fresh = not any(world.known(w) for w in new)
        return Hit(
            rule.name, rule.family, rule.topics, rule.new, f"{rule.says}: {_quote(new)} appears",
            _side(rule, "new", new, edit, world), fresh, sure=rule.sure,
            subject=rule.says, new=(_longest(new),),
        )  # fmt: skip
    fresh = not any(world.still(w) for w in gone)
    return Hit(
        rule.name, rule.family, rule.topics, rule.gone, f"{rule.says}: {_quote(gone)} is gone",
        _side(rule, "gone", gone, edit, world), fresh, sure=rule.sure,
        subject=rule.says, gone=(_longest(gone),),
    )  # fmt: skip


def _reworded(rule: Mention, gone: Found, new: Found, edit: Edit, world: World) -> Hit:
    """Other words of the same rule: less than news, unless they are denied on one side only."""
    severity = max(rule.new, rule.gone, key=lambda m: m.rank)
    old, fresh = _denied(rule, gone, edit.before, world), _denied(rule, new, edit.after, world)
    direction = Direction.UNCLEAR
    if None not in (old, fresh) and old != fresh:
        direction = rule.direction("new", edit) if old else opposite(rule.direction("new", edit))
    elif not rule.each:
        severity = LESS[severity]
    return Hit(
        rule.name, rule.family, rule.topics, severity, f"{rule.says} reworded: {_quote(gone)} → {_quote(new)}",
        direction, sure=rule.sure, subject=rule.says, gone=(_longest(gone),), new=(_longest(new),),
    )  # fmt: skip


def _side(rule: Mention, side: str, words: Found, edit: Edit, world: World) -> Direction:
    """Where the sentence denies the words, the direction is the opposite; where it is now so, now so, unclear."""
    direction = rule.direction(side, edit)
    if direction is Direction.UNCLEAR:
        return direction
    denied = _denied(rule, words, edit.after if side == "new" else edit.before, world)
    if denied is None or (rule.limits and _with_its_deed(words, side, edit, world)):
        return Direction.UNCLEAR
    return opposite(direction) if denied else direction


def _with_its_deed(words: Found, side: str, edit: Edit, world: World) -> bool:
    """Did the limit come, or go, together with what it limits? Then it narrows nothing that stays."""
    speech = voice(world.language)
    for run in runs(edit):
        text, other, at = (run.new, run.gone, run.to) if side == "new" else (run.gone, run.new, run.at)
        for start, end in words.values():
            if speech and at <= start < at + len(text) and not other.strip():
                rest = text[: max(0, start - at)] + " … " + text[end - at :]
                if speech.harm.search(rest):
                    return True
    return False


def _denied(rule: Mention, words: Found, text: str, world: World) -> bool | None:
    """Does the sentence deny the words? None where it is now so, now so. A denial of what is good stands close."""
    speech = voice(world.language)
    if rule.blunt or speech is None:
        return False
    bad = rule.worse == "new"
    if bad and any(speech.narrowed(text, start, end) for start, end in words.values()):
        return None
    denied = {
        speech.denied(text, start, end, far=bad) or (rule.denies and speech.inside(text, start, end))
        for start, end in words.values()
    }
    return denied.pop() if len(denied) == 1 else None


def _quote(words: Iterable[str]) -> str:
    return f"“{_longest(words)[:60]}”"


def _longest(words: Iterable[str]) -> str:
    return min(words, key=lambda w: (-len(w), w))


def _touched(lookup: Lookup, text: str, spans: list[tuple[int, int]]) -> dict[str, Found]:
    """By rule, what it finds in ``text`` that overlaps a changed span."""
    found: dict[str, Found] = {}
    for first, last in _windows(spans, len(text)):
        for name, a, b in lookup.find(text, first, last):
            changed = sum(max(0, min(b, end) - max(a, start)) for start, end in spans)
            if changed >= min(_LETTERS, (b - a) / 2):
                found.setdefault(name, {}).setdefault(text[a:b], (a, b))
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
