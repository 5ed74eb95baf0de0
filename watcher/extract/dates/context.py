"""What the words around a date say: the sentence it stands in, and whose date it is.

Everything here works on folded text (see `grammar.fold`); where capitals matter the clause's own text is
taken too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.records import Clause, ClauseKind
from watcher.extract.dates.grammar import Mention, fold
from watcher.extract.dates.lexicon import Lexicon

_DIGIT = re.compile(r"\d")
WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END = re.compile(r"(?<!\b[a-z])(?<!\bno)(?<!\d)[.!?]\s+(?=[^\W\d_])|[。；;•]\s*|\)\s*\.\s+")
_VERSION = re.compile(r"(?<!\w)v?\d{1,3}(?:\.\d{1,3}){0,3}(?!\w)|(?<!\w)n[°ºr]")
_NUMBER = re.compile(r"\s(?:\d|[ivx]+\b|[a-h]\b)")
_HARD_BREAK = re.compile(r"[.:;|–—•]|\s-\s")
_SOFT_BREAK = re.compile(r"[.:;|),–—•]|\s-\s|\s(?:and|et|und|y|e|i|en|och|og|ja|a|is|are)\s")
_NEXT = re.compile(r"[.!?;。；(（|]|\s[–—|-]\s|\A[\s_*,]*(?=[A-ZÀ-ÞΑ-ΩА-Я])(?!AD\b|UTC|GMT|[CEMP][SD]?T\b)")
_OPENING = re.compile(
    r"[\s(\[,–—-]+([^\W\d_]+)\s*(?:[)\].,;]|$)"
)  # "May 2018 (archived)", not "(archived versions)"
_ASIDE = re.compile(r",|\s(?:and|et|und|y|e|en)\s")  # "updated on D1, and effective for new users on D2"
_BESIDE = 80  # characters after a date in which "for existing users" still speaks of it


def sentence_start(before: str, until: int) -> int:
    """Where the sentence that reaches ``until`` begins."""
    start = 0
    for found in _SENTENCE_END.finditer(before, 0, until + 1):
        start = min(found.end(), until)
    return start


def rest_of(text: str, start: int) -> str:
    """What of the sentence follows the date, folded. A capital right after it opens the next sentence: line
    breaks are spaces in a clause."""
    rest = text[start : start + 200]
    found = _NEXT.search(rest)
    return fold(rest[: found.start()] if found else rest)


def strangers(words: str, lex: Lexicon) -> int:
    """How many words are neither links, the document's name nor a version number."""
    if not words.strip():
        return 0
    count = 0
    for word in WORDS.findall(_VERSION.sub(" ", words)):
        if word in lex.links or lex.document.fullmatch(word) or (word.isdigit() and len(word) < 4):
            continue
        if lex.joined and not word.isascii():
            rest = word
            for link in sorted(lex.links, key=len, reverse=True):
                rest = rest.replace(link, "")
            rest = lex.document.sub("", rest)
            count += len(rest) if len(rest) > 1 else 0
            continue
        count += 1
    return count


def others(text: str, folded: str, spot: Mention, previous: int, lex: Lexicon) -> int:
    """Words of the date's sentence that are neither it, a label, a link nor the document's name. ``previous``
    is where the date before this one ends."""
    lead = folded[max(previous, spot.start - 300) : spot.start]
    lead = lead[sentence_start(lead, len(lead)) :]
    rest = rest_of(text, spot.end)
    return strangers(lex.labels.sub(" ", lead) + " | " + lex.labels.sub(" ", rest), lex)


def disowned(
    before: str, label_at: int, text: str, end: int, lex: Lexicon, *, wide: str = "", effective: bool = False
) -> bool:
    """Whether the words around say that the date is a statute's, an earlier version's, for some readers
    only, or a statement about the world. ``before`` is what precedes the date, its label at ``label_at``;
    the date ends at ``end`` of ``text``. ``wide`` is what stands before ``before`` where another date cut it
    short: a statute's first date and its amendment stand in one sentence."""
    lead, between = before[sentence_start(before, label_at) : label_at], before[label_at:]
    lawful = wide + before[:label_at]
    lawful = lawful[sentence_start(lawful, len(lawful)) :]
    if _said_of(lex.law, lawful, _HARD_BREAK, lex) or _said_of(lex.former, lead, _SOFT_BREAK, None):
        return True
    bare = lex.labels.sub(" ", between)
    if lex.former.search(bare) or lex.law.search(bare) or lex.some.search(between):
        return True
    if lex.claim.search(bare):
        return True
    if lex.some.search(lead) or lex.claim.search(lawful):
        return True
    rest = rest_of(text, end)
    if not effective:
        rest = _ASIDE.split(rest, 1)[0]
    if lex.claim.search(rest) or lex.some.search(rest[:_BESIDE]):
        return True
    opening = _OPENING.match(fold(text[end : end + 40]))
    return bool(opening and lex.former.fullmatch(opening[1]))


def _said_of(subject: re.Pattern[str], lead: str, breaks: re.Pattern[str], lex: Lexicon | None) -> bool:
    """Whether the label belongs to this subject: named before it, nothing between that starts anew."""
    ends = [match.end() for match in subject.finditer(lead)]
    if not ends:
        return False
    rest = lead[ends[-1] :]
    if breaks.search(rest):
        return False
    return lex is None or not lex.document.search(rest)


def of_a_part(before: str, label_at: int, lex: Lexicon, *, numbered: bool = False) -> bool:
    """Whether the label speaks of a section, a list or the prices, not of the whole text; with ``numbered``
    only of one that has a number."""
    lead = before[sentence_start(before, label_at) : label_at]
    if not numbered:
        return _said_of(lex.part, lead, _HARD_BREAK, lex)
    parts = [
        match.end()
        for match in lex.part.finditer(lead)
        if _NUMBER.match(lead, match.end()) or lex.the.fullmatch(lead[: match.start()].strip())
    ]
    return bool(parts) and not _HARD_BREAK.search(lead[parts[-1] :])


def has_digit(text: str) -> bool:
    """Whether a text has a digit of any writing, raised and circled ones too."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(map(str.isdigit, text)))


def archived(clauses: Sequence[Clause], index: int, lex: Lexicon) -> bool:
    """Whether this clause stands in a section of earlier versions."""
    headings = clauses[index].section
    return any(len(heading) < 80 and lex.archive.search(fold(heading)) for heading in headings)


def listed_as_old(clauses: Sequence[Clause], index: int, lex: Lexicon) -> bool:
    """Whether the line above this run of dates says that they are of earlier versions."""
    for back in range(index - 1, max(-1, index - 30), -1):
        above = clauses[back]
        if above.kind is ClauseKind.HEADING or not has_digit(above.text):
            return len(above.text) < 100 and bool(lex.archive.search(fold(above.text)))
    return False
