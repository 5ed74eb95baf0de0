"""From written dates to candidates: which of them does the document claim for itself, and as what?

A date counts by the words beside it. The patterns and pitfalls are those of public policy pages: labels in
front, behind, in the heading above; statutes, earlier versions, dates for some readers, canaries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Clause, ClauseKind
from watcher.extract.dates.grammar import Mention, fold, mentions
from watcher.extract.dates.lexicon import Label, Lexicon

HEAD_CHARS = 1500  # two thirds of all stated dates stand here; else in the last tenth
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END = re.compile(r"(?<!\b[a-z])(?<!\bno)(?<!\d)[.!?]\s+(?=[^\W\d_])|[。；;•]\s*|\)\s*\.\s+")
_VERSION = re.compile(r"(?<!\w)v?\d{1,3}(?:\.\d{1,3}){0,3}(?!\w)|(?<!\w)n[°ºr]")
_AFTER_GAP = re.compile(r"\s?-?(?:[^\W\d_]{1,6}\s)?[\s(（【\[,，:：|·日に]{0,3}")
_HARD_BREAK = re.compile(r"[.:;|–—•]|\s-\s")
_SOFT_BREAK = re.compile(r"[.:;|(),–—•]|\s-\s|\s(?:and|et|und|y|e|i|en|och|og|ja|a|is|are)\s")
_OPEN_LINK = re.compile(r"[\s(\[|–—-]*(?:view|see|read|voir|siehe|ver|vedi)\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date the document may state for itself.

    ``labels``: what the words say it is, empty for a date that stands alone. ``rank``: 0 strongest.
    ``opens``: the clause begins with the date (a line of a change log)."""

    mention: Mention
    labels: frozenset[Label]
    evidence: str
    clause: int
    place: str
    strong: bool
    alone: bool
    unsure: int = 0
    opens: bool = False
    archived: bool = False
    log: bool = False


def places(clauses: Sequence[Clause]) -> list[str]:
    """Where each clause stands: "head" (first 1,500 characters or tenth), "tail" (last tenth) or "body"."""
    total = sum(len(clause.text) + 1 for clause in clauses)
    head, tail = max(HEAD_CHARS, total / 10), min(total * 0.9, total - 600)
    out, at = [], 0
    for clause in clauses:
        out.append("head" if at < head else "tail" if at + len(clause.text) >= tail else "body")
        at += len(clause.text) + 1
    return out


def dated(clause: Clause, place: str) -> bool:
    """Whether a date can stand in this clause at all: the cheap look before any pattern runs."""
    text = clause.text
    if "20" in text or "199" in text:
        return True
    if text.isascii():
        return place != "body" and len(text) < 400 and any(char.isdigit() for char in text)
    return any(mark in text for mark in ("年", "２０", "٢٠", "۲۰", "२०", "๒๕", "25")) or (
        place != "body" and len(text) < 400 and any(char.isdigit() for char in text)
    )


def candidates(clauses: Sequence[Clause], where: Sequence[str], lex: Lexicon) -> list[Candidate]:
    """Every candidate in reading order."""
    found: list[Candidate] = []
    for index, clause in enumerate(clauses):
        if dated(clause, where[index]):
            found.extend(_in_clause(clauses, index, where[index], lex))
    return found


def _in_clause(clauses: Sequence[Clause], index: int, place: str, lex: Lexicon) -> list[Candidate]:
    clause = clauses[index]
    text = clause.text
    folded = fold(text)
    if clause.number.rstrip(".").isdigit() and clause.number.endswith("."):
        # a reader that strips numbering also strips the day of "1. Januar 2024"
        text, folded = f"{clause.number} {text}", f"{clause.number} {folded}"
        if not any(mention.start == 0 for mention in mentions(folded, lex.months)):
            text, folded = clause.text, fold(clause.text)
    spots = mentions(folded, lex.months, short=place != "body")
    if not spots:
        return []
    archived = _archived(clauses, index, lex)
    behind = _labels_behind(folded, spots[0], lex)
    out: list[Candidate] = []
    previous = 0
    for spot, follower in zip(spots, [*spots[1:], None], strict=True):
        limit = follower.start if follower else len(folded)
        found = _read(text, folded, spot, previous, limit, bool(behind), lex)
        if found is None and not folded[: spot.start].strip(" ([*_–—-•·:"):
            found = _above(clauses, index, text, folded, spot, lex)
        if found is not None:
            labels, evidence, strong, unsure = found
            alone = _others(folded, evidence_span=None, spot=spot, lex=lex) <= 3
            out.append(
                Candidate(
                    spot, labels, evidence, index, place, strong, alone, unsure, spot.start < 3, archived
                )
            )
        previous = spot.end
    return out


Reading = tuple[frozenset[Label], str, bool, int]


def _read(
    text: str, folded: str, spot: Mention, previous: int, limit: int, date_first: bool, lex: Lexicon
) -> Reading | None:
    """The labels of one date from the words around it, None where it is not the document's own."""
    before = folded[max(previous, spot.start - 200) : spot.start]
    base = spot.start - len(before)
    chain = [] if date_first else _chain(before, lex)
    after = folded[spot.end : min(limit, spot.end + 40)]
    if not chain:
        labels = _labels_behind(folded, spot, lex)
        if labels is not None:
            if _disowned(before, len(before), after, lex, strong=True):
                return None
            return labels[0], text[spot.start : labels[1]].strip(), True, 0
        return None
    first, last = chain[0], chain[-1]
    labels_found = frozenset(Label(match.lastgroup or "") for match in chain)
    strong = bool(labels_found & {Label.UPDATED, Label.EFFECTIVE})
    if len(spot.value) == 4 and not strong and Label.TOUCHED not in labels_found:
        return None
    if _disowned(before, first.start(), folded[spot.end :], lex, strong=strong):
        return None
    unsure = _unknown(before[last.end() :], lex)
    sentence = _sentence(before, first.start())
    start = base + (sentence if first.start() - sentence < 60 else first.start())
    end = spot.end
    if not strong and not _weak_holds(folded, spot, base + first.start(), lex):
        return None
    if labels_found & {Label.EFFECTIVE, Label.VALID} and Label.UPDATED not in labels_found:
        rest = _rest_of_sentence(folded, spot.end)
        whole = before[sentence:] + " " + rest
        if len(_WORDS.findall(rest)) > 3 and not lex.document.search(whole):
            return None
    return labels_found, text[start:end].strip(" *_|"), strong, unsure


def _chain(before: str, lex: Lexicon) -> list[re.Match[str]]:
    """The run of labels that ends at the date: "Last updated & effective date: " has two."""
    chain: list[re.Match[str]] = []
    edge = len(before)
    for match in reversed(list(lex.labels.finditer(before))):
        gap = before[match.end() : edge]
        weak = match.lastgroup in (Label.TOUCHED, Label.VALID)
        allowed = 0 if weak or chain else 2
        if len(gap) > 70 or _unknown(gap, lex) > allowed:
            break
        if chain and weak:
            edge = match.start()
            continue
        chain.insert(0, match)
        edge = match.start()
    return chain


def _unknown(gap: str, lex: Lexicon) -> int:
    """How many words of a gap are neither links, the document's name nor a version number."""
    if not gap.strip():
        return 0
    count = 0
    gap = _VERSION.sub(" ", gap)
    for word in _WORDS.findall(gap):
        if word in lex.links or lex.document.fullmatch(word):
            continue
        if lex.joined and not word.isascii():
            rest = word
            for link in sorted(lex.links, key=len, reverse=True):
                rest = rest.replace(link, "")
            rest = lex.document.sub("", rest)
            if len(rest) <= 1:
                continue
            count += len(rest)
            continue
        if word.isdigit() and len(word) < 4:
            continue
        count += 1
    return count


def _labels_behind(folded: str, spot: Mention, lex: Lexicon) -> tuple[frozenset[Label], int] | None:
    """Labels that follow the date: "2024年5月1日改定", "May 1, 2024 (effective date)"."""
    tail = folded[spot.end : spot.end + 40]
    gap = _AFTER_GAP.match(tail)
    match = None
    for skip in sorted({0, gap.end() if gap else 0, len(tail) - len(tail.lstrip(" (（[【"))}, reverse=True):
        match = lex.labels.match(folded, spot.end + skip)
        if match:
            break
    if not match:
        return None
    label = Label(match.lastgroup or "")
    joined = not match[0].isascii() and lex.joined
    if not joined:
        opened = "(" in folded[spot.end : match.start()]
        whole = not folded[: spot.start].strip(" (*_") and len(folded) - match.end() < 12
        if not (opened or whole) or label in (Label.VALID, Label.TOUCHED):
            return None
    elif label in (Label.VALID,) or (label is Label.TOUCHED and len(match[0]) < 2):
        return None
    labels: set[Label] = {label}
    nearby = lex.labels.match(folded, match.end() + 1) or lex.labels.match(folded, match.end())
    if nearby and joined and nearby.lastgroup in (Label.UPDATED, Label.EFFECTIVE):
        labels.add(Label(nearby.lastgroup))
    return frozenset(labels), match.end()


def _above(
    clauses: Sequence[Clause], index: int, text: str, folded: str, spot: Mention, lex: Lexicon
) -> Reading | None:
    """A date that begins its clause: labelled by the line above, or standing alone."""
    rest = len(_WORDS.findall(folded[spot.end :]))
    if index and rest <= 12:
        above = clauses[index - 1]
        if len(above.text) <= 90 and not any(char.isdigit() for char in above.text[-4:]):
            line = fold(above.text)
            chain = _chain(line, lex)
            if chain and not _disowned(line, chain[0].start(), folded[spot.end :], lex, strong=True):
                labels = frozenset(Label(match.lastgroup or "") for match in chain)
                strong = bool(labels & {Label.UPDATED, Label.EFFECTIVE})
                short = _unknown(line[: chain[0].start()], lex) <= 2
                if (strong and short) or (_unknown(line[: chain[0].start()], lex) == 0):
                    return labels, f"{above.text} {text[: spot.end]}", strong, 0
    if len(spot.value) == 4:
        return None
    return frozenset(), text[spot.start : spot.end], False, rest


def _others(folded: str, evidence_span: None, spot: Mention, lex: Lexicon) -> int:
    """Words of the clause that are neither the date, a label, a link nor the document's name."""
    around = lex.labels.sub(" ", folded[: spot.start]) + " | " + lex.labels.sub(" ", folded[spot.end :])
    return _unknown(around, lex)


def _sentence(before: str, until: int) -> int:
    start = 0
    for found in _SENTENCE_END.finditer(before, 0, until):
        start = found.end()
    return start


def _rest_of_sentence(folded: str, start: int) -> str:
    rest = folded[start : start + 200]
    found = _SENTENCE_END.search(rest)
    return rest[: found.start()] if found else rest


def _weak_holds(folded: str, spot: Mention, label_at: int, lex: Lexicon) -> bool:
    """A weak label needs a line of its own, or to open the clause, or the document's name before it."""
    if _others(folded, None, spot, lex) <= 2:
        return True
    follows = folded[spot.end : spot.end + 2]
    closes = not follows.strip() or follows[0] in ".(|–—[" or follows == " ("
    lead = folded[:label_at]
    if not lead.strip(" (*_|–—-•"):
        return closes or len(folded) < 160
    return len(folded) < 150 and closes and bool(lex.document.search(lead)) and len(lead) < 90


def _disowned(before: str, label_at: int, after: str, lex: Lexicon, *, strong: bool) -> bool:
    """Whether the words around say that the date is a statute's, an earlier version's or for some only."""
    start = _sentence(before, label_at)
    lead, between = before[start:label_at], before[label_at:]
    for pattern, breaks in ((lex.law, _HARD_BREAK), (lex.former, _SOFT_BREAK)):
        ends = [match.end() for match in pattern.finditer(lead)]
        if ends:
            rest = lead[ends[-1] :]
            if not breaks.search(rest) and not (pattern is lex.law and lex.document.search(rest)):
                return True
    if lex.former.search(between) and not lex.labels.search(between[: lex.former.search(between).start()]):  # type: ignore[union-attr]
        return True
    if lex.law.search(lex.labels.sub(" ", between)):
        return True
    rest = _rest_of_sentence(after, 0)
    if lex.some.search(lead) or lex.claim.search(lead) or lex.some.search(between):
        return True
    if lex.claim.search(rest) and len(rest) > 12:
        return True
    opening = after.lstrip(" (–—-|,[")[:40]
    if lex.former.match(opening) or lex.archive.match(opening):
        return not _OPEN_LINK.match(after)
    return bool(lex.some.search(rest[:80]))


def _archived(clauses: Sequence[Clause], index: int, lex: Lexicon) -> bool:
    """Whether this clause stands in a list of earlier versions."""
    for heading in clauses[index].section:
        if len(heading) < 80 and lex.archive.search(fold(heading)):
            return True
    for back in range(index - 1, max(-1, index - 30), -1):
        above = clauses[back]
        if above.kind is ClauseKind.HEADING or not any(char.isdigit() for char in above.text):
            return len(above.text) < 100 and bool(lex.archive.search(fold(above.text)))
    return False
