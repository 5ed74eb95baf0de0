"""Many patterns over one text in one pass: a pattern is tried only at words that begin as it can begin.

Sixty rules of a hundred alternatives each would otherwise walk every text sixty times. The first letters of a
pattern are read from its own source; the subset of regular expressions the tables use is small (letters,
groups, classes, quantifiers), and anything else simply ends the known beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
"""Those with rules."""

_DEPTH = 7  # letters looked at: deeper, fewer patterns are tried in vain
_REMEMBERED = 50_000
_WORD = re.compile(r"\w+")
_Heads = set[tuple[str, bool]]  # a beginning, and whether the pattern may go on from it letter by letter


@lru_cache(maxsize=4096)
def whole_words(pattern: str) -> re.Pattern[str]:
    """A pattern of the tables that begins where a word begins; `re` itself remembers too few of them."""
    return re.compile(rf"(?<!\w)(?:{pattern})")


class Lookup:
    """Named patterns, compiled once, found together in small letters."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._compiled: list[tuple[str, re.Pattern[str]]] = []
        self._by_head: dict[str, list[int]] = {}
        self._tried: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}
        for name, pattern in patterns:
            number = len(self._compiled)
            self._compiled.append((name, re.compile(pattern)))
            for head in beginnings(pattern):
                self._by_head.setdefault(head, []).append(number)

    def find(self, text: str, first: int, last: int) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of each pattern at each word between ``first`` and ``last``; ``text`` in small letters."""
        tried = self._tried
        inside = _WORD.match(text, first - 1) if first else None
        if inside:
            first = inside.end()
        for word in _WORD.finditer(text, first, last):
            at = word.start()
            head = text[at : at + _DEPTH]
            patterns = tried.get(head)
            if patterns is None:
                patterns = self._at(head)
            for name, pattern in patterns:
                match = pattern.match(text, at, last)
                if match and match.end() > at:
                    yield name, at, match.end()

    def _at(self, head: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The patterns that may match where the text goes on with ``head``; remembered, as heads come again and again."""
        numbers = {n for size in range(len(head) + 1) for n in self._by_head.get(head[:size], ())}
        found = tuple(self._compiled[number] for number in sorted(numbers))
        if len(self._tried) >= _REMEMBERED:
            self._tried.clear()
        self._tried[head] = found
        return found


def in_language(rules: Iterable[tuple[str, Mapping[str, str]]], language: str) -> Lookup:
    """The patterns of named rules (each by language) that a document in ``language`` is read with.

    A page in any language may carry English; one in a language without rules is read in all of them."""
    codes = tuple(dict.fromkeys((language, "en"))) if language in LANGUAGES else LANGUAGES
    rows = ((name, "|".join(patterns[c] for c in codes if c in patterns)) for name, patterns in rules)
    return Lookup((name, pattern) for name, pattern in rows if pattern)


def said(patterns: Mapping[str, str], text: str, language: str) -> bool:
    """Do words of a rule, in this language or English, stand anywhere in ``text`` (in small letters)?"""
    codes = {language, "en"} & patterns.keys() if language in patterns else patterns.keys()
    return any(whole_words(patterns[code]).search(text) for code in codes)


def beginnings(pattern: str) -> set[str]:
    """Every way a match can begin, up to `_DEPTH` letters; "" where it may begin with anything."""
    heads, _ = _branches(pattern, 0)
    return {head for head, _ in heads}


def _branches(p: str, i: int) -> tuple[_Heads, int]:
    """Alternatives from ``i`` up to the closing bracket or the end."""
    out: _Heads = set()
    heads: _Heads = {("", True)}
    while i < len(p) and p[i] != ")":
        if p[i] == "|":
            out |= heads
            heads, i = {("", True)}, i + 1
            continue
        atom, i = _atom(p, i)
        optional, open_end = False, False
        if i < len(p) and p[i] in "?*+{":
            optional = p[i] in "?*" or p.startswith("{0", i)
            open_end = p[i] != "?"
            i = p.index("}", i) + 1 if p[i] == "{" else i + 1
        heads = _joined(heads, atom, optional, open_end)
    return out | heads, i


def _joined(heads: _Heads, atom: _Heads, optional: bool, open_end: bool) -> _Heads:
    out: _Heads = {h for h in heads if not h[1]}
    for head, _ in {h for h in heads if h[1]}:
        if optional:
            out.add((head, True))
        for more, goes_on in atom:
            joined = (head + more)[:_DEPTH]
            out.add((joined, goes_on and not open_end and len(joined) < _DEPTH))
    return out


def _atom(p: str, i: int) -> tuple[_Heads, int]:
    """One letter, class, group or escape."""
    if p.startswith(("(?=", "(?!", "(?<"), i):
        return {("", True)}, _closing(p, i) + 1
    if p[i] == "(":
        heads, j = _branches(p, i + (3 if p.startswith("(?:", i) else 1))
        return heads, j + 1
    if p[i] == "[":
        j = p.index("]", i + 2)
        inside = p[i + 1 : j]
        plain = inside.isalpha() or (all(c.isalnum() or c in " -" for c in inside) and inside[0] == " ")
        return ({(c, True) for c in inside} if plain else {("", False)}), j + 1
    if p[i] == "\\":
        return (
            {("", True)} if p[i + 1] == "b" else {("", False)} if p[i + 1] in "wdsSWD" else {(p[i + 1], True)}
        ), i + 2
    return ({("", False)} if p[i] == "." else {(p[i], True)}), i + 1


def _closing(p: str, i: int) -> int:
    """Where the group that opens at ``i`` closes: brackets in a class, or after a backslash, are letters."""
    depth, inside = 0, False
    while True:
        if p[i] == "\\":
            i += 1
        elif inside:
            inside = p[i] != "]"
        elif p[i] == "[":
            inside = True
            i += p[i + 1] in "]^"
        else:
            depth += {"(": 1, ")": -1}.get(p[i], 0)
            if not depth:
                return i
        i += 1
