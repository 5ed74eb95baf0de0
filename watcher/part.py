"""One page, several documents: the part that is the policy watched (pure).

Some sites keep terms, privacy policy and more on one page, under one heading each. An edit of the terms is
then no change of the privacy policy, and the dates of the one are not those of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.records import Clause, ClauseKind, Document, PolicyKind
from watcher.extract.dates import stated_dates
from watcher.kinds import kind_of_words

COVERAGE = 0.7
"""Share of the page's words that must stand under headings that are titles of documents."""
WHOLE_WORDS = 200
"""A part with fewer words is a section that happens to be called "Cookie policy", not a document."""
_TITLE = re.compile(
    r"\b(?:polic(?:y|ies)|terms|notice|agreement|statement|conditions|guidelines|addendum|erklärung|hinweise"
    r"|bedingungen|richtlinien?|agb|politique|conditions|charte|mentions|política|condiciones|aviso|términos"
    r"|informativa|condizioni|termini|termos|voorwaarden|verklaring|beleid|polityka|regulamin)\b",
    re.I,
)
_FORMER = re.compile(
    r"\b(?:archived?|previous|prior|former|old|frühere|ältere|anciennes?|précédente|anterior)\b", re.I
)
_LONGEST_TITLE = 10


@dataclass(frozen=True, slots=True)
class _Part:
    kind: PolicyKind  # OTHER: its heading names no kind of document
    former: bool  # an earlier version, kept for the record
    clauses: tuple[Clause, ...]

    @property
    def words(self) -> int:
        return sum(len(c.text.split()) for c in self.clauses)


def part_of(document: Document, kind: PolicyKind, seen_at: datetime | None) -> Document:
    """The document without the other documents on its page; itself where it has the page to itself, or where
    no part of the page names its ``kind``. The stated dates are read again from the part."""
    if kind is PolicyKind.OTHER:
        return document
    parts = _parts(document.clauses)
    whole = [p for p in parts if p.kind is not PolicyKind.OTHER and p.words >= WHOLE_WORDS]
    if len({p.kind for p in whole}) < 2 or kind not in {p.kind for p in whole}:
        return document
    if sum(p.words for p in whole) < COVERAGE * document.words:
        return document
    kept = tuple(clause for part in _with_annexes(parts) if part.kind is kind for clause in part.clauses)
    dates = stated_dates(kept, language=document.language, seen_at=seen_at)
    return replace(document, clauses=kept, dates=dates)


def _with_annexes(parts: Sequence[_Part]) -> Iterator[_Part]:
    """A part that names no kind ("Security", "GDPR compliance") belongs to the document before it."""
    last = PolicyKind.OTHER
    for part in parts:
        last = part.kind if part.kind is not PolicyKind.OTHER or part.former else last
        yield replace(part, kind=last)


def _parts(clauses: Sequence[Clause]) -> list[_Part]:
    """The page cut at its top level of headings that occurs more than once."""
    levels = [c.level for c in clauses if c.kind is ClauseKind.HEADING]
    top = next((level for level in sorted(set(levels)) if levels.count(level) > 1), None)
    if top is None:
        return []
    starts = [i for i, c in enumerate(clauses) if c.kind is ClauseKind.HEADING and c.level <= top]
    return list(_cut(clauses, starts))


def _cut(clauses: Sequence[Clause], starts: Sequence[int]) -> Iterator[_Part]:
    for start, end in zip(starts, (*starts[1:], len(clauses)), strict=True):
        title = clauses[start].text
        former = bool(_FORMER.search(title))
        named = len(title.split()) <= _LONGEST_TITLE and _TITLE.search(title) and not former
        yield _Part(kind_of_words(title) if named else PolicyKind.OTHER, former, tuple(clauses[start:end]))
