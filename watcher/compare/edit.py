"""One clause operation as the rules see it, and the world of the two documents around it."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from storage.records import Clause, ClauseKind, Document, Op, PolicyKind, WordOp
from watcher.compare import tokens

Run = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]{0,300})?/?>")
_GAP = "  …  "  # between changed runs that do not stand side by side: no pattern reaches across
SHINGLE = 5
LABEL = re.compile(r"(?:^|(?<=; ))([^:;]{1,60}): ")
_KEPT = 0.4  # of the words of the longer text
_LENGTH = 0.65  # of the longer text, that the other one has
_ROWS = 3  # rows that begin a cell with the same words and a colon: the words are a column's name


_REMEMBERED = 4096  # texts the rules ask about again and again; longer ones than a clause are not kept
_LONGEST = 5_000


def words_of(text: str) -> list[str]:
    """Words in small letters, without punctuation; "don't" is one word, and so is a character of a script
    that writes no spaces."""
    return list(_split(text) if len(text) <= _LONGEST else _split.__wrapped__(text))


@lru_cache(_REMEMBERED)
def _split(text: str) -> tuple[str, ...]:
    return tuple(
        tokens.words(text) if tokens.spaceless(text) else _WORD.findall(text.casefold().replace("’", "'"))
    )


def fold(text: str) -> str:
    """Letters and digits alone, small: texts equal here differ in case, quotes, dashes, bullets or spacing."""
    return _folded(text) if len(text) <= _LONGEST else _folded.__wrapped__(text)


@lru_cache(_REMEMBERED)
def _folded(text: str) -> str:
    return _letters(words_of(text))


def _letters(words: Iterable[str]) -> str:
    return "".join(words).replace("'", "")


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

    @cached_property
    def reworded(self) -> bool:
        """Is so little of the wording kept that a word which came or went says nothing of what was said before?"""
        if self.op is not Op.MODIFIED:
            return False
        kept = sum(len(words_of(o.text)) for o in self.words if o.op == "=")
        return kept < _KEPT * max(len(words_of(self.before)), len(words_of(self.after)))

    @property
    def said_otherwise(self) -> bool:
        """Reworded at about the same length: nothing much can have been added or left out."""
        sizes = sorted((len(words_of(self.before)), len(words_of(self.after))))
        return self.reworded and sizes[0] >= _LENGTH * sizes[1]

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
        return self._has(term, after=False)

    def still(self, term: str) -> bool:
        """Does the new document use this term anywhere?"""
        return self._has(term, after=True)

    def _has(self, term: str, *, after: bool) -> bool:
        key = term, after
        if key not in self._asked:
            self._asked[key] = term.casefold() in (self.after if after else self.before)
        return self._asked[key]

    @cached_property
    def _asked(self) -> dict[tuple[str, bool], bool]:
        """Answers given: the same terms are asked for clause after clause, and a document is long."""
        return {}

    @cached_property
    def _lines(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """The words of each line before and after, cut once for all that counts them."""
        old, new = ([_split.__wrapped__(t) for t in side.split("\n")] for side in (self.before, self.after))
        return old, new

    @cached_property
    def _runs(self) -> tuple[frozenset[Run], frozenset[Run]]:
        return runs_of(self._lines[0]), runs_of(self._lines[1])

    @cached_property
    def folded(self) -> tuple[str, str]:
        """The letters of all text before and after."""
        old, new = (_letters(chain.from_iterable(lines)) for lines in self._lines)
        return old, new

    @cached_property
    def before_words(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(self._lines[0]))

    @cached_property
    def after_words(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(self._lines[1]))

    def stands(self, text: str, *, after: bool) -> float:
        """The share of ``text`` (by runs of five words) that the new (or old) document has somewhere."""
        runs = runs_of([words_of(shown(text))])
        return len(runs & self._runs[after]) / len(runs) if runs else 0.0


def shown(text: str) -> str:
    """The text without markup that a broken page shows as text."""
    if "</" not in text:
        return text
    return html.unescape(_MARKUP.sub(" ", text))


def runs_of(texts: Iterable[Sequence[str]]) -> frozenset[Run]:
    """All runs of five words; a shorter text is one run, so that short items compare whole."""
    found: set[Run] = set()
    for words in texts:
        if len(words) < SHINGLE:
            found.add(tuple(words))
        found.update(zip(*(words[i:] for i in range(SHINGLE)), strict=False))
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
