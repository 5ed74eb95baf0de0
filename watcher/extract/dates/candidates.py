"""From written dates to candidates: which of them may the document claim for itself, and as what?

A date counts by the words beside it: labels in front, behind, in the line above. Patterns and pitfalls are
those of public policy pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.records import Clause, ClauseKind
from watcher.extract.dates.context import (
    WORDS,
    archived,
    disowned,
    listed_as_old,
    others,
    strangers,
)
from watcher.extract.dates.grammar import Mention, fold, mentions
from watcher.extract.dates.labels import MARKS, STRONG, Labelled, chain_of, labels_behind, meant, read_labels
from watcher.extract.dates.lexicon import Label, Lexicon
from watcher.extract.dates.sentence import said

HEAD_CHARS = 1500  # two thirds of all stated dates stand here; else in the last tenth
_VERSIONED = re.compile(
    r"\b(?:v(?:er(?:s(?:ion)?)?)?|r[eé]v(?:isi[oó]n)?|issue|indice|index|edition|ausgabe|versie|versione)"
    r"[.\s]*(?:n[°or]\.?\s*)?(?:\d{1,3}(?!\d)|[a-h]\b)"
)
_SIGNED = re.compile(r"[^\W\d_][^\d,:;.]{1,30},\s(?:(?:den|le|im|il|li|el|em|a|dnia|den|on)\s)?")
_DIGIT = re.compile(r"\d")
_PAIR = re.compile(r"([^;:]{1,60}): ([^;:]{1,80}); ([^;:]{1,60}): ([^;]{1,80})")
_ELSEWHERE = ("年", "２０", "٢٠", "۲۰", "२०", "๒๕", "25")  # how years begin in other digits and calendars
_MOST = 40  # dates looked at from each end of one clause: a page that came as one paragraph stays cheap
_MOST_CLAUSES = 1_500  # clauses with a date looked at from each end of a page
_LISTED = 3  # dates under one label in one line


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date the document may state for itself.

    ``labels``: what the words say it is, none for a date that stands alone. ``strong``: a label that needs
    no help. ``alone``: its sentence says nothing else. ``unsure``: words between that are not understood, or
    words after a date without label. ``opens``: the clause begins with it (a line of a change log).
    ``archived``: it stands in a list of earlier versions."""

    mention: Mention
    labels: frozenset[Label]
    evidence: str
    clause: int
    place: str
    strong: bool
    alone: bool
    unsure: int
    opens: bool
    archived: bool


def places(clauses: Sequence[Clause]) -> list[str]:
    """Where each clause stands: "head" (first 1,500 characters or tenth), "tail" (last tenth) or "body"."""
    sizes = [len(clause.text) + 1 for clause in clauses]
    total = sum(sizes)
    head, tail = max(HEAD_CHARS, total / 10), min(total * 0.9, total - 600)
    out, at = [], 0
    for size in sizes:
        out.append("head" if at < head else "tail" if at + size > tail else "body")
        at += size
    return out


def dated(text: str, place: str) -> bool:
    """Whether a date can stand in this text at all: the cheap look before any pattern runs."""
    if "20" in text or "199" in text:
        return True
    if place != "body" and len(text) < 400 and _DIGIT.search(text):
        return True
    if not text.isascii():
        for mark in _ELSEWHERE:
            if mark in text:
                return True
    return False


def candidates(
    clauses: Sequence[Clause], where: Sequence[str], lex: Lexicon, *, body: bool = True
) -> list[Candidate]:
    """Every candidate in reading order; without ``body`` only those of head and tail."""
    dates = [
        index
        for index, clause in enumerate(clauses)
        if (body or where[index] != "body") and dated(clause.text, where[index])
    ]
    if len(dates) > 2 * _MOST_CLAUSES:
        dates = dates[:_MOST_CLAUSES] + dates[-_MOST_CLAUSES:]
    found: list[Candidate] = []
    for index in dates:
        found.extend(_in_clause(clauses, index, where[index], lex))
    return found


def _in_clause(clauses: Sequence[Clause], index: int, place: str, lex: Lexicon) -> list[Candidate]:
    if clauses[index].kind is not ClauseKind.ROW:
        return _in_line(clauses[index].text, clauses, index, place, lex)
    lines = _cells(clauses[index].text)
    return [found for line in lines for found in _in_line(line, clauses, index, place, lex)]


def _cells(row: str) -> list[str]:
    """The lines of a row: one of two columns reads across, and its heads may be a row themselves."""
    found = _PAIR.fullmatch(row)
    if not found:
        return [row]
    across = f"{found[2]}: {found[4]}"
    return [f"{found[1]}: {found[3]}", across] if _DIGIT.search(found[3]) else [across]


def _in_line(text: str, clauses: Sequence[Clause], index: int, place: str, lex: Lexicon) -> list[Candidate]:
    folded = fold(text)
    number = clauses[index].number
    spots = mentions(folded, lex.months, short=place != "body", days=lex.days)
    if number.endswith(".") and number[:-1].isdigit() and spots and spots[0].start == 0:
        # whoever strips numbering also strips the day of "1. Januar 2024"
        joined = mentions(f"{number} {folded}", lex.months, short=place != "body", days=lex.days)
        if joined[0].start == 0 and len(joined[0].value) > len(spots[0].value):
            text, folded, spots = f"{number} {text}", f"{number} {folded}", joined
    if not spots:
        return []
    if len(spots) > 2 * _MOST:
        spots = spots[:_MOST] + spots[-_MOST:]
    old = archived(clauses, index, lex)
    old_line = old or listed_as_old(clauses, index, lex)
    date_first = not folded[: spots[0].start].strip(MARKS) and bool(labels_behind(folded, spots[0], lex))
    out: list[Candidate] = []
    previous = 0
    for spot in spots:
        sure = said(text, folded, spot, spots, place, lex) if lex.joined else None
        found = sure[0] if sure else read_labels(text, folded, spot, previous, date_first, place, lex)
        if not lex.joined and (found is None or not found.strong):
            sure = said(text, folded, spot, spots, place, lex)
            if found is not None and not (sure and sure[0].strong and _turned(found, sure[0])):
                sure = None  # a weak label gives way where the sentence says that it is the other one
            found = sure[0] if sure else found
        opens = not folded[: spot.start].strip(MARKS)
        if found is None and opens:
            found = _above(clauses, index, text, folded, spot, lex)
        elif found is None and len(spots) == 1:
            found = _titled(text, folded, spot, lex)
        if found is not None:
            alone = sure[1] if sure else not found.strong or others(text, folded, spot, previous, lex) <= 3
            out.append(
                Candidate(
                    spot,
                    found.labels,
                    found.evidence.strip(" *_|"),
                    index,
                    place,
                    found.strong,
                    alone,
                    found.unsure,
                    opens,
                    old
                    if found.strong or (found.labels and place == "head" and _lone(clauses, index))
                    else old_line,
                )
            )
        previous = spot.end
    if (
        len(out) >= _LISTED
        and not lex.joined
        and len({c.labels for c in out}) == 1
        and len(spots) == len(out)
    ):
        out = [replace(candidate, archived=True) for candidate in out]  # one line of links to old versions
    return out


def _turned(weak: Labelled, said: Labelled) -> bool:
    """Whether a sentence speaks of the force of a text where the words beside the date spoke of its change."""
    return Label.TOUCHED in weak.labels and Label.EFFECTIVE in said.labels


def _lone(clauses: Sequence[Clause], index: int) -> bool:
    """Whether no other line with a date follows: one line is no list."""
    return index + 1 == len(clauses) or not any(char.isdigit() for char in clauses[index + 1].text[:40])


def _above(
    clauses: Sequence[Clause], index: int, text: str, folded: str, spot: Mention, lex: Lexicon
) -> Labelled | None:
    """A date that begins its clause: labelled by the line above, or standing alone."""
    rest = len(WORDS.findall(folded[spot.end :]))
    above = clauses[index - 1].text if index else ""
    if above and rest <= 12 and len(above) <= 90 and not any(char.isdigit() for char in above[-4:]):
        line = fold(above)
        chain = chain_of(line, lex)
        if chain and not disowned(line, chain[0].start(), text, spot.end, lex):
            labels = meant(line, chain)
            strong = bool(labels & STRONG)
            if strangers(line[: chain[0].start()], lex) <= (2 if strong else 0):
                return Labelled(labels, f"{above} {text[: spot.end]}", strong, 0)
    if len(spot.value) == 4:
        return None
    return Labelled(frozenset(), text[spot.start : spot.end], False, rest)


def _titled(text: str, folded: str, spot: Mention, lex: Lexicon) -> Labelled | None:
    """A line that is the document's name and a date: "Privacy Policy May 2025", "Acme Ltd, May 2024, v1.2"."""
    rest = folded[spot.end :]
    if len(folded) > 80 or len(spot.value) == 4 or strangers(rest, lex) > 0:
        return None
    lead = folded[: spot.start]
    if _SIGNED.fullmatch(lead) and 0 < strangers(lead, lex) <= 2 and not rest.strip(" ."):
        return Labelled(frozenset(), text, False, 0)  # "Lyon, le 4 mars 2024"
    if not (lex.document.search(lead) or _VERSIONED.search(f"{lead} | {rest}")) or strangers(lead, lex) > 4:
        return None
    if lex.law.search(lead) or lex.former.search(lead) or lex.claim.search(lead) or lex.some.search(lead):
        return None
    return Labelled(frozenset(), text, False, 0)
