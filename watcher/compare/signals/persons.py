"""A person who took the place of another beside, or under a heading or line that names, the data protection officer."""

from __future__ import annotations

import re

from storage.records import ClauseKind, Op
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.gazetteer import is_place
from watcher.compare.names import party_names
from watcher.compare.signals.leads import above
from watcher.compare.signals.standing import NO_PERSON, OFFICER

_TITLES = r"(?:(?:Monsieur|Madame|Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Mme|M|Sr|Sra|Dott|Dra|Avv|Maître|Me|RA|RAin)\b\.?\s?)*"
_PERSON = re.compile(
    _TITLES
    + r"(?P<name>[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ'’]+)?(?:\s(?:(?:van|von|de|der|den|la|da|dos|di|del|zu)\s){0,2}[A-ZÀ-Þ](?:[a-zà-ÿA-Z'’-]+|\.|\b)){1,3})"
)
_REACH = 120  # characters between a name and the word for its office
_LINE = 14  # words of a line that holds a name and how to reach it


def successor(edit: Edit, world: World) -> tuple[list[str], list[str]]:
    """Names of officers that went and that came; both empty where it is not so."""
    gone, new = _named(edit, world, after=False), _named(edit, world, after=True)
    old, fresh = [n for n in gone if n not in new], [n for n in new if n not in gone]
    if edit.op is Op.MODIFIED and len(old) == len(fresh) == 1:
        return old, fresh
    return ([], []) if edit.op is Op.MODIFIED else (old[:1], fresh[:1])


def _named(edit: Edit, world: World, *, after: bool) -> list[str]:
    text = edit.after if after else edit.before
    if not text or edit.kind is ClauseKind.HEADING:
        return []
    line = len(words_of(text)) <= _LINE
    led = line and bool(OFFICER.search(" ".join((*edit.section[-1:], above(edit, world, after=after)))))
    if edit.op is not Op.MODIFIED and not led:
        return []
    firms = " ".join(party_names(text))
    found = []
    for m in _PERSON.finditer(text):
        words = m["name"].split()
        if any(NO_PERSON.fullmatch(w.strip(".")) or is_place(w) or w in firms for w in words):
            continue
        if led or OFFICER.search(text[max(0, m.start() - _REACH) : m.end() + _REACH]):
            found.append(m["name"])
    return found
