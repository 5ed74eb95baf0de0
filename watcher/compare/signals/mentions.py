"""Words that appear in, or vanish from, a changed clause: the rules of the tables beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from storage.records import Direction, Op
from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import LESS, Hit
from watcher.compare.signals.lookup import Lookup, in_language, whole_words
from watcher.compare.signals.rules import Mention, by_name, rules
from watcher.compare.signals.sides import Found, denied, direction, side
from watcher.compare.signals.voice import Actor, opposite, voice

_REACH = 90
_STOP = re.compile(r"[.;!?](?=\s|$)|\n")
_LETTERS = 6  # of a match must have changed, or half of it


@lru_cache(maxsize=32)
def _lookup(language: str) -> Lookup:
    return in_language(((rule.name, rule.patterns) for rule in rules()), language)


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
        if not rule.fits(f"{' '.join(edit.section)} {edit.before} {edit.after}"):
            continue
        gone, new = _meant(rule, gone, edit.before, edit, world), _meant(rule, new, edit.after, edit, world)
        gone, new = _without(gone, new), _without(new, gone)
        if edit.op is Op.MODIFIED:
            # The same words kept elsewhere in the clause: it spoke of the matter before and still does.
            new = {w: at for w, at in new.items() if w not in before}
            gone = {w: at for w, at in gone.items() if w not in after}
            if rule.kept and rule.kept.search(edit.gone if new else edit.new):
                continue
            if (rule.once or edit.reworded) and _speaks(rule, before) and _speaks(rule, after):
                continue
        if new or gone:
            yield _hit(rule, gone, new, edit, world)


def _speaks(rule: Mention, text: str) -> bool:
    """Do words of the rule, in any of its languages, stand anywhere in the text?"""
    return any(whole_words(pattern).search(text) for pattern in rule.patterns.values())


def _meant(rule: Mention, words: Found, text: str, edit: Edit, world: World) -> Found:
    """The words whose own sentence speaks of the rule's matter, where the one whom the rule is about acts."""
    kept = {}
    for found, (start, end) in words.items():
        if rule.near and not rule.near.search(_marked(text, start, end, edit.section)):
            continue
        speech = voice(world.language) if rule.by == "company" else None
        if speech and speech.doer(text, start) is Actor.USER:
            continue
        kept[found] = start, end
    return kept


def _marked(text: str, start: int, end: int, section: tuple[str, ...]) -> str:
    """The words' own sentence with "@" in their place; the first one of a clause goes on from its heading."""
    stops = [m.end() for m in _STOP.finditer(text, 0, start)]
    stop = _STOP.search(text, end)
    opens = text[stops[-1] : start] if stops else f"{' '.join(section[-1:])} {text[:start]}"
    return f"{opens}@{text[end : stop.start() if stop else None]}".lower()


def _without(these: Found, those: Found) -> Found:
    return {w: at for w, at in these.items() if w not in those}


def _hit(rule: Mention, gone: Found, new: Found, edit: Edit, world: World) -> Hit:
    if new and gone:
        return _reworded(rule, gone, new, edit, world)
    if new:
        fresh = not any(world.known(w) for w in new)
        return Hit(
            rule.name, rule.family, rule.topics, rule.new, f"{rule.says}: {_quote(new)} appears",
            side(rule, new, edit, world, came=True), fresh, sure=rule.sure,
            subject=rule.says, new=(_longest(new),),
        )  # fmt: skip
    fresh = not any(world.still(w) for w in gone)
    promised = rule.worse == "new" and denied(rule, gone, edit, world, after=False) is True
    severity = max(rule.gone, rule.new, key=lambda m: m.rank) if promised else rule.gone
    return Hit(
        rule.name, rule.family, rule.topics, severity, f"{rule.says}: {_quote(gone)} is gone",
        side(rule, gone, edit, world, came=False), fresh, sure=rule.sure,
        subject=rule.says, gone=(_longest(gone),),
    )  # fmt: skip


def _reworded(rule: Mention, gone: Found, new: Found, edit: Edit, world: World) -> Hit:
    """Other words of the same rule: less than news, unless they are denied on one side only."""
    severity = max(rule.new, rule.gone, key=lambda m: m.rank)
    old, fresh = denied(rule, gone, edit, world, after=False), denied(rule, new, edit, world, after=True)
    way = Direction.UNCLEAR
    if None not in (old, fresh) and old != fresh:
        way = direction(rule, edit, came=True) if old else opposite(direction(rule, edit, came=True))
    elif not rule.each:
        severity = LESS[severity]
    return Hit(
        rule.name, rule.family, rule.topics, severity, f"{rule.says} reworded: {_quote(gone)} → {_quote(new)}",
        way, sure=rule.sure, subject=rule.says, gone=(_longest(gone),), new=(_longest(new),),
    )  # fmt: skip


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
            if changed >= min(_LETTERS, (b - a) / 2) and by_name()[name].means(text, a, b):
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
