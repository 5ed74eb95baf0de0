"""From written dates to candidates: which of them may the document claim for itself, and as what?

A date counts by the words beside it: labels in front, behind, in the line above. Patterns and pitfalls are
those of public policy pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.records import Clause
from watcher.extract.dates.context import (
    WORDS,
    archived,
    disowned,
    listed_as_old,
    of_a_part,
    others,
    rest_of,
    sentence_start,
    strangers,
)
from watcher.extract.dates.grammar import Mention, fold, mentions
from watcher.extract.dates.lexicon import Label, Lexicon

HEAD_CHARS = 1500  # two thirds of all stated dates stand here; else in the last tenth
_AFTER_GAP = re.compile(r"\s?-?(?:[^\W\d_]{1,6}\s)?[\s(（【\[,，:：|·日に]{0,3}")
_VERSIONED = re.compile(r"\bv(?:er(?:sion)?)?[.\s]*\d")
_HOLES = re.compile(r"__|[\\\[\]…●\d]")  # "effective as of ____, 2009": the rest was never filled in
_BUILD = re.compile(r"(?<!\w)(?:rev|v|ver|version|build|release)[.:]?\s*$")
_NUMBERED = re.compile(r"\d{4}\.\d|\d\d?\.\d\d?\.\d\d$(?<!\d\d\.\d\d\.\d\d)")  # "rev 2021.2.5", "4.12.20"
_BY = re.compile(r"\s?(?:by|par|von|por|da|door|av|af)\s")
_NAME_WORDS = 7  # words of a title beyond "Privacy Policy": the company, its countries
_AND = re.compile(r"\s*(?:&|/|,|and|et|und|y|e|och|og|en)\s*(?:is |are )?")
_ANEW = re.compile(r"\s(?:and|et|und|y|e|en)\s")
_MOST = 40  # dates looked at from each end of one clause: a page that came as one paragraph stays cheap
_LISTED = 3  # dates under one label in one line
_STRONG = frozenset({Label.UPDATED, Label.EFFECTIVE})
_MARKS = " ([>*_–—-•·:"


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


@dataclass(frozen=True, slots=True)
class _Read:
    labels: frozenset[Label]
    evidence: str
    strong: bool
    unsure: int


def places(clauses: Sequence[Clause]) -> list[str]:
    """Where each clause stands: "head" (first 1,500 characters or tenth), "tail" (last tenth) or "body"."""
    total = sum(len(clause.text) + 1 for clause in clauses)
    head, tail = max(HEAD_CHARS, total / 10), min(total * 0.9, total - 600)
    out, at = [], 0
    for clause in clauses:
        out.append("head" if at < head else "tail" if at + len(clause.text) >= tail else "body")
        at += len(clause.text) + 1
    return out


def dated(text: str, place: str) -> bool:
    """Whether a date can stand in this text at all: the cheap look before any pattern runs."""
    if "20" in text or "199" in text:
        return True
    if place != "body" and len(text) < 400 and any(char.isdigit() for char in text):
        return True
    return not text.isascii() and any(mark in text for mark in ("年", "２０", "٢٠", "۲۰", "२०", "๒๕", "25"))


def candidates(
    clauses: Sequence[Clause], where: Sequence[str], lex: Lexicon, *, body: bool = True
) -> list[Candidate]:
    """Every candidate in reading order; without ``body`` only those of head and tail."""
    found: list[Candidate] = []
    for index, clause in enumerate(clauses):
        if (body or where[index] != "body") and dated(clause.text, where[index]):
            found.extend(_in_clause(clauses, index, where[index], lex))
    return found


def _in_clause(clauses: Sequence[Clause], index: int, place: str, lex: Lexicon) -> list[Candidate]:
    text = clauses[index].text
    folded = fold(text)
    number = clauses[index].number
    spots = mentions(folded, lex.months, short=place != "body")
    if number.endswith(".") and number[:-1].isdigit() and spots and spots[0].start == 0:
        # whoever strips numbering also strips the day of "1. Januar 2024"
        joined = mentions(f"{number} {folded}", lex.months, short=place != "body")
        if joined[0].start == 0 and len(joined[0].value) > len(spots[0].value):
            text, folded, spots = f"{number} {text}", f"{number} {folded}", joined
    if not spots:
        return []
    if len(spots) > 2 * _MOST:
        spots = spots[:_MOST] + spots[-_MOST:]
    old = archived(clauses, index, lex)
    old_line = old or listed_as_old(clauses, index, lex)
    date_first = not folded[: spots[0].start].strip(_MARKS) and bool(_behind(folded, spots[0], lex))
    out: list[Candidate] = []
    previous = 0
    for spot in spots:
        found = _read(text, folded, spot, previous, date_first, place, lex)
        opens = not folded[: spot.start].strip(_MARKS)
        if found is None and opens:
            found = _above(clauses, index, text, folded, spot, lex)
        elif found is None and len(spots) == 1:
            found = _titled(text, folded, spot, lex)
        if found is not None:
            alone = not found.strong or others(text, folded, spot, previous, lex) <= 3
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


def _lone(clauses: Sequence[Clause], index: int) -> bool:
    """Whether no other line with a date follows: one line is no list."""
    return index + 1 == len(clauses) or not any(char.isdigit() for char in clauses[index + 1].text[:40])


def _read(
    text: str, folded: str, spot: Mention, previous: int, date_first: bool, place: str, lex: Lexicon
) -> _Read | None:
    """The labels of one date from its own clause, None where they do not make it the document's."""
    before = folded[max(previous, spot.start - 200) : spot.start]
    base = spot.start - len(before)
    chain = [] if date_first else _chain(before, lex)
    if not chain:
        behind = _behind(folded, spot, lex)
        if behind is None or disowned(before, len(before), text, spot.end, lex):
            return None
        labels, end = behind
        return _Read(labels, text[spot.start : end], bool(labels & _STRONG), 0)
    label_at = chain[0].start()
    labels = _meant(before, chain)
    strong = bool(labels & _STRONG)
    if len(spot.value) == 4 and not strong and Label.TOUCHED not in labels:
        return None
    gap = before[chain[-1].end() :]
    if len(spot.value) == 4 and (
        _HOLES.search(text[base + chain[-1].end() : spot.start]) or strangers(gap, lex)
    ):
        return None
    if _BUILD.search(before) and _NUMBERED.match(folded[spot.start : spot.end]):
        return None
    if disowned(
        before,
        label_at,
        text,
        spot.end,
        lex,
        wide=folded[max(0, base - 120) : base],
        effective=bool(labels & {Label.EFFECTIVE, Label.VALID}),
    ):
        return None
    if place == "body" and of_a_part(before, label_at, lex):
        return None
    if not strong and not _weak_holds(
        text, folded, spot, base + label_at, previous, place, lex, touched=Label.TOUCHED in labels
    ):
        return None
    sentence = sentence_start(before, label_at)
    if labels & {Label.EFFECTIVE, Label.VALID} and Label.UPDATED not in labels:
        # "Effective May 25, 2018, we will not …": something takes effect, not the document
        rest = rest_of(text, spot.end)
        if more := lex.labels.search(rest):
            rest = rest[: more.start()]
        if len(WORDS.findall(rest)) > 3 and not lex.document.search(before[sentence:] + " " + rest):
            return None
    start = base + (sentence if label_at - sentence < 60 else label_at)
    return _Read(labels, text[start : spot.end], strong, strangers(gap, lex))


def _chain(before: str, lex: Lexicon) -> list[re.Match[str]]:
    """The run of labels that ends at the date: "Last updated & effective date: " has two."""
    chain: list[re.Match[str]] = []
    edge = len(before)
    for match in reversed(list(lex.labels.finditer(before))):
        gap = before[match.end() : edge]
        weak = match.lastgroup in (Label.TOUCHED, Label.VALID)
        if chain:
            allowed = 0
        elif weak:
            first = match.lastgroup == Label.TOUCHED and not before[: match.start()].strip(_MARKS)
            allowed = 3 if first else 0
        else:
            allowed = 5 if lex.document.search(gap) else 2
        if len(gap) > 70 or strangers(gap, lex) > allowed:
            break
        subject = bool(chain) and chain[0].lastgroup in _STRONG and not gap.strip()
        if chain and (". " in gap or subject) and before[: match.start()].strip(_MARKS):
            break  # "these updates take effect on": the first word is what takes effect
        if len(chain) == 1 and not gap.strip(" :") and set(chain[0][0].split()) <= lex.links:
            chain = [match]  # "Effective: as of"
        elif not (chain and weak) or _AND.fullmatch(gap):
            chain.insert(0, match)
        edge = match.start()
    return chain


def _meant(before: str, chain: Sequence[re.Match[str]]) -> frozenset[Label]:
    """What a run of labels says; a weak word right at the date ("effective *as of*") adds nothing unless
    joined by "and"."""
    labels = [Label(match.lastgroup or "") for match in chain]
    if len(labels) > 1 and labels[-1] not in _STRONG and _STRONG & set(labels):
        gap = before[chain[-2].end() : chain[-1].start()]
        if not _AND.fullmatch(gap) or not gap.strip():
            labels.pop()
    return frozenset(labels)


def _behind(folded: str, spot: Mention, lex: Lexicon) -> tuple[frozenset[Label], int] | None:
    """Labels that follow the date: "2024年5月1日改定", "May 1, 2024 (effective date)"; where they end."""
    tail = folded[spot.end : spot.end + 40]
    gap = _AFTER_GAP.match(tail)
    skips = {0, gap.end() if gap else 0, len(tail) - len(tail.lstrip(" (（[【"))}
    match = None
    for skip in sorted(skips, reverse=True):
        match = lex.labels.match(folded, spot.end + skip)
        if match:
            break
    if not match:
        return None
    label = Label(match.lastgroup or "")
    if lex.joined and not match[0].isascii():
        if label is Label.VALID or (label is Label.TOUCHED and len(match[0]) < 2):
            return None
        following = lex.labels.match(folded, match.end() + 1) or lex.labels.match(folded, match.end())
        more = {Label(following.lastgroup or "")} & _STRONG if following else set()
        return frozenset({label} | more), match.end()
    opened = "(" in folded[spot.end : match.start()]
    whole = not folded[: spot.start].strip(" (*_") and len(folded) - match.end() < 12
    if not (opened or whole) or label in (Label.VALID, Label.TOUCHED):
        return None
    return frozenset({label}), match.end()


def _above(
    clauses: Sequence[Clause], index: int, text: str, folded: str, spot: Mention, lex: Lexicon
) -> _Read | None:
    """A date that begins its clause: labelled by the line above, or standing alone."""
    rest = len(WORDS.findall(folded[spot.end :]))
    above = clauses[index - 1].text if index else ""
    if above and rest <= 12 and len(above) <= 90 and not any(char.isdigit() for char in above[-4:]):
        line = fold(above)
        chain = _chain(line, lex)
        if chain and not disowned(line, chain[0].start(), text, spot.end, lex):
            labels = _meant(line, chain)
            strong = bool(labels & _STRONG)
            if strangers(line[: chain[0].start()], lex) <= (2 if strong else 0):
                return _Read(labels, f"{above} {text[: spot.end]}", strong, 0)
    if len(spot.value) == 4:
        return None
    return _Read(frozenset(), text[spot.start : spot.end], False, rest)


def _titled(text: str, folded: str, spot: Mention, lex: Lexicon) -> _Read | None:
    """A line that is the document's name and a date: "Privacy Policy May 2025", "Acme Ltd, May 2024, v1.2"."""
    rest = folded[spot.end :]
    if len(folded) > 80 or len(spot.value) == 4 or strangers(rest, lex) > 0:
        return None
    lead = folded[: spot.start]
    if not (lex.document.search(lead) or _VERSIONED.search(rest)) or strangers(lead, lex) > 4:
        return None
    if lex.law.search(lead) or lex.former.search(lead) or lex.claim.search(lead) or lex.some.search(lead):
        return None
    return _Read(frozenset(), text, False, 0)


def _weak_holds(
    text: str,
    folded: str,
    spot: Mention,
    label_at: int,
    previous: int,
    place: str,
    lex: Lexicon,
    *,
    touched: bool,
) -> bool:
    """A weak label needs a line or a bracket of its own, or to open the clause, or the document's name."""
    if not touched and folded[spot.end : spot.end + 2] == ", ":
        return False  # "From 12 April 2023, orders are …" goes on to say what begins then
    if others(text, folded, spot, previous, lex) <= (2 if touched else 1):
        return True
    rest = rest_of(text, spot.end).strip("_*,")
    closes = not rest.strip() or bool(_BY.match(rest) or _ANEW.match(rest))
    lead = folded[previous:label_at]
    if not lead.strip(_MARKS):
        return closes or (len(folded) < 160 and folded[spot.end : spot.end + 1] != ",")
    if text[label_at].isupper() and closes and place != "body":
        return True  # a line of its own, its break now a space
    if (
        place == "head"
        and lead.rstrip()[-1:] in ("(", "（", "[")
        and folded[spot.end : spot.end + 1] in (")", "）", "]")
    ):
        return True
    named = len(lead) < 90 and bool(lex.document.search(lead)) and strangers(lead, lex) <= _NAME_WORDS
    return len(folded) < 150 and closes and named
