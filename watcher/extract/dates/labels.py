"""The labels of one date, read from its own clause: in front ("last updated:") or behind ("2024年5月1日改定").

A label that needs help (a weak one, see ``languages/README.md``) counts only where the clause gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.extract.dates.context import (
    WORDS,
    disowned,
    of_a_part,
    others,
    rest_of,
    sentence_start,
    strangers,
)
from watcher.extract.dates.grammar import Mention
from watcher.extract.dates.lexicon import Label, Lexicon

_AFTER_GAP = re.compile(r"\s?-?(?:[^\W\d_]{1,6}\s)?[\s(（【\[,，:：|·日に]{0,3}")
_HOLES = re.compile(r"__|[\\\[\]…●\d]")  # "effective as of ____, 2009": the rest was never filled in
_BUILD = re.compile(r"(?<!\w)(?:rev|v|ver|version|build|release)[.:]?\s*$")
_NUMBERED = re.compile(r"\d{4}\.\d|\d\d?\.\d\d?\.\d\d$(?<!\d\d\.\d\d\.\d\d)")  # "rev 2021.2.5", "4.12.20"
_BY = re.compile(r"\s?(?:by|par|von|por|da|door|av|af)\s")
_NAME_WORDS = 7  # words of a title beyond "Privacy Policy": the company, its countries
_GOES_ON = re.compile(r"\s[^\W\d_A-Z]")  # "The Addendum (updated 3 May) is a document of its own"
_AND = re.compile(r"\s*(?:&|/|,|and|et|und|y|e|och|og|en)\s*(?:is |are )?")
_ANEW = re.compile(r"\s(?:and|et|und|y|e|en)\s")
STRONG = frozenset({Label.UPDATED, Label.EFFECTIVE})
MARKS = " ([>*_–—-•·:"


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the words make of a date; fields as in `candidates.Candidate`."""

    labels: frozenset[Label]
    evidence: str
    strong: bool
    unsure: int


def read_labels(
    text: str, folded: str, spot: Mention, previous: int, date_first: bool, place: str, lex: Lexicon
) -> Labelled | None:
    """The labels of one date from its own clause, None where they do not make it the document's."""
    before = folded[max(previous, spot.start - 200) : spot.start]
    base = spot.start - len(before)
    chain = [] if date_first else chain_of(before, lex)
    if not chain:
        behind = labels_behind(folded, spot, lex)
        if behind is None or disowned(before, len(before), text, spot.end, lex):
            return None
        labels, end = behind
        return Labelled(labels, text[spot.start : end], bool(labels & STRONG), 0)
    label_at = chain[0].start()
    labels = meant(before, chain)
    strong = bool(labels & STRONG)
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
    if of_a_part(before, label_at, lex, numbered=place != "body"):
        return None
    if not labels & {Label.EFFECTIVE, Label.VALID} and lex.ahead.search(
        before, sentence_start(before, label_at)
    ):
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
    return Labelled(labels, text[start : spot.end], strong, strangers(gap, lex))


def chain_of(before: str, lex: Lexicon) -> list[re.Match[str]]:
    """The run of labels that ends at the date: "Last updated & effective date: " has two."""
    chain: list[re.Match[str]] = []
    edge = len(before)
    for match in reversed(list(lex.labels.finditer(before))):
        gap = before[match.end() : edge]
        weak = match.lastgroup in (Label.TOUCHED, Label.VALID)
        if chain:
            allowed = 0
        elif weak:
            first = match.lastgroup == Label.TOUCHED and not before[: match.start()].strip(MARKS)
            allowed = 3 if first else 0
        else:
            allowed = 5 if lex.document.search(gap) else 2
        if len(gap) > 70 or strangers(gap, lex) > allowed or (weak and lex.ahead.search(gap)):
            break
        subject = bool(chain) and chain[0].lastgroup in STRONG and not gap.strip()
        if chain and (". " in gap or subject) and before[: match.start()].strip(MARKS):
            break  # "these updates take effect on": the first word is what takes effect
        if len(chain) == 1 and not gap.strip(" :") and set(chain[0][0].split()) <= lex.links:
            chain = [match]  # "Effective: as of"
        elif not (chain and weak) or _AND.fullmatch(gap):
            chain.insert(0, match)
        edge = match.start()
    return chain


def meant(before: str, chain: Sequence[re.Match[str]]) -> frozenset[Label]:
    """What a run of labels says; a weak word right at the date ("effective *as of*") adds nothing unless
    joined by "and"."""
    labels = [Label(match.lastgroup or "") for match in chain]
    if len(labels) > 1 and labels[-1] not in STRONG and STRONG & set(labels):
        gap = before[chain[-2].end() : chain[-1].start()]
        if not _AND.fullmatch(gap) or not gap.strip():
            labels.pop()
    return frozenset(labels)


def labels_behind(folded: str, spot: Mention, lex: Lexicon) -> tuple[frozenset[Label], int] | None:
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
        more = {Label(following.lastgroup or "")} & STRONG if following else set()
        return frozenset({label} | more), match.end()
    opened = "(" in folded[spot.end : match.start()]
    whole = not folded[: spot.start].strip(" (*_") and len(folded) - match.end() < 12
    if not (opened or whole) or label in (Label.VALID, Label.TOUCHED):
        return None
    return frozenset({label}), match.end()


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
    if not lead.strip(MARKS):
        return closes or (len(folded) < 160 and folded[spot.end : spot.end + 1] != ",")
    if text[label_at].isupper() and closes and place != "body":
        return True  # a line of its own, its break now a space
    if (
        place == "head"
        and lead.rstrip()[-1:] in ("(", "（", "[")
        and folded[spot.end : spot.end + 1] in (")", "）", "]")
        and (not _GOES_ON.match(text, spot.end + 1) or bool(lex.own.search(lead)))
    ):
        return True
    named = len(lead) < 90 and bool(lex.document.search(lead)) and strangers(lead, lex) <= _NAME_WORDS
    return len(folded) < 150 and closes and named
