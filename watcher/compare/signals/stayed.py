"""What stayed of a sentence around one substitution, and what a substitution holds besides the word that turns it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from watcher.compare.edit import Edit, words_of
from watcher.compare.signals.voice import sentence

_STEM = 4  # letters that forms of one word share
_SAME = 0.4  # share of a sentence's words that must have stayed: below it the sentence was written anew
_AUXILIARY = re.compile(
    r"do|does|did|is|are|was|were|be|been|has|have|had|will|would|may|might|can|could|shall|should|must|any|no|longer|"
    r"est|sont|a|ont|peut|peuvent|pouvons|pouvez|pas|plus|point|wird|werden|ist|sind|kann|können|dürfen|darf|haben|hat|"
    r"es|son|puede|pueden|podemos|può|possono|possiamo|sono|pode|podem|são|kan|kunnen|mogen|mag|zijn"
)


@dataclass(frozen=True)
class Run:
    """One substitution: what went and what came, and where each stands in its clause."""

    gone: str
    new: str
    at: int
    to: int


def around(text: str, at: int) -> str:
    """The sentence that ``at`` stands in."""
    first, last = sentence(text, at)
    return text[first:last]


def written_anew(run: Run, edit: Edit) -> bool:
    """Does little of the sentence stay, so that a word of it that went says nothing?"""
    old, new = words_of(around(edit.before, run.at)), words_of(around(edit.after, run.to))
    stayed = sum((Counter(old) & Counter(new)).values())
    return stayed < _SAME * max(1, min(len(old), len(new)))


def newly(words: re.Pattern[str], run: Run, edit: Edit, *, after: bool) -> bool:
    """Has the sentence ``after`` (or before) one of these words that it has not on the other side?"""
    here, there = (around(edit.before, run.at), around(edit.after, run.to))[:: 1 if after else -1]
    known = {m[0].lower() for m in words.finditer(here)}
    return any(m[0].lower() not in known for m in words.finditer(there))


def bare(run: Run, besides: re.Pattern[str]) -> int:
    """Words of neither side's other form, neither auxiliary nor of ``besides``: with more the statement is another."""
    old, fresh = (
        [w for w in words_of(side) if not _AUXILIARY.fullmatch(w) and not besides.fullmatch(w)]
        for side in (run.gone, run.new)
    )
    alone = [w for w in old if not any(_akin(w, x) for x in fresh)]
    return len(alone) + sum(1 for w in fresh if not any(_akin(w, x) for x in old))


def _akin(a: str, b: str) -> bool:
    """Forms of one word: "verkaufen", "verkauft"; "vendons", "vendre"."""
    size = min(len(a), len(b))
    return a == b or (size >= _STEM and a[:_STEM] == b[:_STEM])
