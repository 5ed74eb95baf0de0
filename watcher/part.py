"""One page, several documents: the part that is the policy watched (pure).

Some sites keep terms, privacy policy and more on one page, under one heading each. An edit of the terms is
then no change of the privacy policy, and the dates of the one are not those of the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.records import Clause, Document, PolicyKind
from watcher.extract.dates import stated_dates
from watcher.kinds import kind_of_words

COVERAGE = 0.7
"""Share of the page's words that must stand under headings that are titles of documents."""
WHOLE_WORDS = 200
"""A part with fewer words is a section that happens to be called "Cookie policy", not a document."""
LEAST_CUT = 0.15
"""Share of the page's words that must go; less than that under other titles is a section, no document."""
_TITLE = re.compile(  # of a title in lower case, as the next
    r"\b(?:polic(?:y|ies)|terms|notice|agreement|statement|conditions|guidelines|addendum|erklärung|hinweise"
    r"|bedingungen|richtlinien?|agb|politique|conditions|charte|mentions|política|condiciones|aviso|términos"
    r"|informativa|condizioni|termini|termos|voorwaarden|verklaring|beleid|polityka|regulamin)\b",
)
_FORMER = re.compile(
    r"\b(?:archived?|previous|prior|former|old|frühere|ältere|anciennes?|précédente|anterior)\b"
)
_LONGEST_TITLE = 10


@dataclass(frozen=True, slots=True)
class _Part:
    kind: PolicyKind  # OTHER: its heading names no kind of document
    former: bool  # an earlier version, kept for the record
    clauses: tuple[Clause, ...]

    def words(self) -> int:
        return _words(self.clauses)


def part_of(document: Document, kind: PolicyKind, seen_at: datetime | None) -> Document:
    """The document without the other documents on its page; itself where it has the page to itself, or where
    no part of the page names its ``kind``. The stated dates are read again from the part."""
    if kind is PolicyKind.OTHER:
        return document
    parts = _parts(document.clauses)
    named = {p.kind for p in parts} - {PolicyKind.OTHER}
    if len(named) < 2 or kind not in named:
        return document
    sizes = [(p, p.words()) for p in parts if p.kind is not PolicyKind.OTHER]
    whole = {p.kind for p, size in sizes if size >= WHOLE_WORDS}
    if len(whole) < 2 or kind not in whole:
        return document
    if sum(size for _, size in sizes if size >= WHOLE_WORDS) < COVERAGE * document.words:
        return document
    own = (part.clauses for part in _with_annexes(parts) if part.kind is kind)
    kept = (*_opening(document, parts), *(clause for clauses in own for clause in clauses))
    if _words(kept) > (1 - LEAST_CUT) * document.words:
        return document
    dates = stated_dates(kept, language=document.language, seen_at=seen_at)
    return replace(document, clauses=kept, dates=dates)


def _opening(document: Document, parts: Sequence[_Part]) -> tuple[Clause, ...]:
    """What stands above the first document, if it is none itself: the page's title, its dates, a greeting."""
    named = next(i for i, part in enumerate(parts) if part.kind is not PolicyKind.OTHER)
    below = sum(len(part.clauses) for part in parts[named:])
    opening = document.clauses[: len(document.clauses) - below]
    return opening if _words(opening) < WHOLE_WORDS else ()


def _words(clauses: Sequence[Clause]) -> int:
    return sum(len(c.text.split()) for c in clauses)


def _with_annexes(parts: Sequence[_Part]) -> Iterator[_Part]:
    """A part that names no kind ("Security", "GDPR compliance") belongs to the document before it."""
    last = PolicyKind.OTHER
    for part in parts:
        last = part.kind if part.kind is not PolicyKind.OTHER or part.former else last
        yield replace(part, kind=last)


def _parts(clauses: Sequence[Clause]) -> list[_Part]:
    """The page cut at its top level of headings that occurs more than once."""
    headings = [(c.level, i) for i, c in enumerate(clauses) if c.level]
    levels = Counter(level for level, _ in headings)
    top = min((level for level, count in levels.items() if count > 1), default=0)
    starts = [i for level, i in headings if level <= top]
    return list(_cut(clauses, starts))


def _cut(clauses: Sequence[Clause], starts: Sequence[int]) -> Iterator[_Part]:
    for start, end in zip(starts, (*starts[1:], len(clauses)), strict=False):
        title = clauses[start].text.lower()
        former = _FORMER.search(title) is not None
        named = not former and title.count(" ") < _LONGEST_TITLE and _TITLE.search(title)
        yield _Part(kind_of_words(title) if named else PolicyKind.OTHER, former, tuple(clauses[start:end]))
