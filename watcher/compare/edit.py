"""One clause operation as the rules see it, and the world of the two documents around it."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from storage.records import Clause, ClauseKind, Document, Op, PolicyKind, WordOp

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]{0,300})?/?>")
_GAP = "  …  "  # between changed runs that do not stand side by side: no pattern reaches across
SHINGLE = 5
LABEL = re.compile(r"(?:^|(?<=; ))([^:;]{1,60}): ")
_ROWS = 3  # rows that begin a cell with the same words and a colon: the words are a column's name


_REMEMBERED = 4096  # texts the rules ask about again and again; longer ones than a clause are not kept
_LONGEST = 20_000


def words_of(text: str) -> list[str]:
    """Words in small letters, without punctuation; "don't" is one word."""
    return list(_split(text) if len(text) <= _LONGEST else _split.__wrapped__(text))


@lru_cache(_REMEMBERED)
def _split(text: str) -> tuple[str, ...]:
    return tuple(w.replace("’", "'") for w in _WORD.findall(text.casefold()))


def fold(text: str) -> str:
    """Letters and digits alone, small: texts equal here differ in case, quotes, dashes, bullets or spacing."""
    return _folded(text) if len(text) <= _LONGEST else _folded.__wrapped__(text)


@lru_cache(_REMEMBERED)
def _folded(text: str) -> str:
    return "".join(_WORD.findall(text.casefold())).replace("'", "").replace("’", "")


@dataclass(frozen=True)
class Edit:
    """``before``/``after`` are whole clause texts ("" where added or removed), ``words`` the operations between."""

    op: Op
    before: str
    after: str
    words: tuple[WordOp, ...] = ()
    section: tuple[str, ...] = ()
    kind: ClauseKind = ClauseKind.PARAGRAPH

    @cached_property
    def gone(self) -> str:
        """The words that went, runs apart."""
        return self.before if self.op is Op.REMOVED else _GAP.join(o.text for o in self.words if o.op == "-")

    @cached_property
    def new(self) -> str:
        """The words that came, runs apart."""
        return self.after if self.op is Op.ADDED else _GAP.join(o.text for o in self.words if o.op == "+")

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What stood and what stands in its place, run by run; one side may be empty."""
        if self.op is Op.ADDED:
            return (("", self.after),)
        if self.op is Op.REMOVED:
            return ((self.before, ""),)
        found: list[tuple[str, str]] = []
        gone = new = ""
        for op in (*self.words, WordOp("=", "")):
            if op.op == "-":
                gone += op.text
            elif op.op == "+":
                new += op.text
            elif op.text.strip() or op is self.words[-1] or not op.text:
                if gone.strip() or new.strip():
                    found.append((gone.strip(), new.strip()))
                gone = new = ""
            else:
                gone, new = gone + op.text, new + op.text
        return tuple(found)

    @cached_property
    def size(self) -> int:
        """Words changed: the larger of what went and what came."""
        return max(len(words_of(self.gone)), len(words_of(self.new)))

    @property
    def context(self) -> str:
        """The clause as it stands, or stood, under its headings."""
        return " › ".join((*self.section[-2:], self.after or self.before))


@dataclass(frozen=True)
class World:
    """The two documents as a whole: what was known before, what stands elsewhere."""

    kind: PolicyKind
    language: str
    before: str  # all text, small letters
    after: str
    renames: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    headings: frozenset[str] = frozenset()  # of both documents, by their letters
    labels: frozenset[str] = frozenset()  # names of columns in both, by their letters

    @classmethod
    def of(cls, before: Document, after: Document, kind: PolicyKind) -> World:
        old, new = (shown("\n".join(c.text for c in d.clauses)).casefold() for d in (before, after))
        clauses = (*before.clauses, *after.clauses)
        headings = frozenset(fold(c.text) for c in clauses if c.kind is ClauseKind.HEADING)
        return cls(
            kind, after.language or before.language, old, new, headings=headings, labels=labels_of(clauses)
        )

    def known(self, term: str) -> bool:
        """Did the old document use this term anywhere?"""
        return term.casefold() in self.before

    def still(self, term: str) -> bool:
        """Does the new document use this term anywhere?"""
        return term.casefold() in self.after

    @cached_property
    def _before_runs(self) -> frozenset[int]:
        return _runs(self.before.split("\n"))

    @cached_property
    def _after_runs(self) -> frozenset[int]:
        return _runs(self.after.split("\n"))

    @cached_property
    def folded(self) -> tuple[str, str]:
        """The letters of all text before and after."""
        return fold(self.before), fold(self.after)

    @cached_property
    def before_words(self) -> frozenset[str]:
        return frozenset(words_of(self.before))

    @cached_property
    def after_words(self) -> frozenset[str]:
        return frozenset(words_of(self.after))

    def stands(self, text: str, *, after: bool) -> float:
        """The share of ``text`` (by runs of five words) that the new (or old) document has somewhere."""
        runs = _runs([shown(text).casefold()])
        if not runs:
            return 0.0
        return len(runs & (self._after_runs if after else self._before_runs)) / len(runs)


def shown(text: str) -> str:
    """The text without markup that a broken page shows as text."""
    if "</" not in text:
        return text
    return html.unescape(_MARKUP.sub(" ", text))


def _runs(texts: Sequence[str]) -> frozenset[int]:
    """Hashes of all runs of five words; a shorter text is one run, so that short items compare whole."""
    found: set[int] = set()
    for text in texts:
        words = words_of(text)
        if len(words) < SHINGLE:
            found.add(hash(tuple(words)))
        found.update(hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))
    return frozenset(found)


def labels_of(clauses: Iterable[Clause]) -> frozenset[str]:
    """The names of columns as rows carry them ("Purpose: …; Duration: …"), by their letters."""
    found = Counter(
        fold(label)
        for clause in clauses
        if clause.kind is ClauseKind.ROW
        for label in set(LABEL.findall(clause.text))
    )
    return frozenset(label for label, rows in found.items() if rows >= _ROWS)


def bare_name(text: str) -> str:
    """Without punctuation around it and without a possessive ending."""
    return re.sub(r"['’]s$", "", text.strip(" ,.;:()"))


def renames(edits: Iterable[Edit], *, at_least: int = 3) -> frozenset[tuple[str, str]]:
    """Short substitutions made again and again: a product, a statute or a term got another name.

    Neither side has digits (an address is no name) and each has at most four words."""
    count: dict[tuple[str, str], int] = {}
    for edit in edits:
        if edit.op is not Op.MODIFIED:
            continue
        for gone, new in set(edit.pairs):
            pair = (bare_name(gone), bare_name(new))
            if all(pair) and not re.search(r"\d", "".join(pair)) and all(len(p.split()) <= 4 for p in pair):
                count[pair] = count.get(pair, 0) + 1
    return frozenset(
        pair for pair, n in count.items() if n >= at_least and any(p[:1].isupper() for p in pair)
    )
