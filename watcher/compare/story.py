"""The line a person would write: the point first, then where most of the change lies, then the counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from storage.records import ChangeKind, ClauseKind, Op
from watcher.compare.edit import fold
from watcher.compare.phrases import listed, plainly
from watcher.compare.pieces import NEW_SECTIONS, WHOLE, Judged, Piece, pieces, sections
from watcher.compare.quote import LIMIT, ROOMY, heading

_MOST_PIECES = 3
_ROOM_FOR = 2  # pieces that leave room for longer quotations
_FAR_BELOW = 1.4  # a piece so much lighter than the heaviest is told only where it covers much
_MUCH = 0.2  # share of the changed words
_SAME_CLAUSE, _SAME_SECTION, _SAME_TOPIC = 0.7, 1.2, 0.3
"""What a piece loses where another told of its clause, its section, its topic."""
_SAME_WORDS = 0.6
_MOST_HEADS = 2
_MOST_OF_REWRITE = 2
_NEW = re.compile(r": new (?:clause|row) (“[^”]*”)$")
_ALL, _MOST, _OF_TWO = 0.95, 0.5, 0.75  # shares of the changed words
_NOUN = {
    Op.ADDED: "added",
    Op.REMOVED: "removed",
    Op.MODIFIED: "modified",
    Op.MOVED: "moved",
    Op.RENUMBERED: "renumbered",
}
_HARMLESS = {
    "only a date differs": "dates",
    "numbering or cross-reference": "numbering and cross-references",
    "the same words in another place": "place of words",
    "the same words stand elsewhere": "repetitions",
    "the same words stood elsewhere": "repetitions",
    "order of words": "order of words",
    "heading reworded": "headings",
    "moved": "order of clauses",
    "renumbered": "numbering",
    "a cited law has another name": "name of a cited law",
    "link label": "links",
    "link target": "links",
}


def summary(kind: ChangeKind, judged: Judged, counts: Counter[Op]) -> str:
    """One line, ending in a full stop, without the verdict on the date."""
    if kind is ChangeKind.DATE_ONLY:
        return "Only the date changed."
    if not judged:
        return "The words are the same."
    if kind is ChangeKind.EDITORIAL:
        small = "" if any(j.harmless for _, j in judged) else _largest(judged)
        return _capital(f"{small or f'No meaning changed: {_harmless(judged)}'}; {_counts(counts)}.")
    if kind is ChangeKind.REWRITE:
        return _capital("; ".join([*_rewritten(judged), _counts(counts)])) + "."
    lead = "; ".join(facts(judged))
    return _capital("; ".join([*([lead] if lead else []), _place(judged, lead) + _counts(counts)])) + "."


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def facts(judged: Judged) -> list[str]:
    """The heaviest pieces, none that says what another said; a new section with the gravest words in it."""
    found = pieces(judged)
    told = _heaviest(found, _MOST_PIECES)
    limit = ROOMY if len(told) <= _ROOM_FOR else LIMIT
    return [p.at(limit) + _its_point(p, found, told, limit) for p in told]


def _its_point(section: Piece, found: list[Piece], told: list[Piece], limit: int) -> str:
    """ ": “…”", the gravest words of a new section that are not told by themselves."""
    if section.key != NEW_SECTIONS or any(p.sentence and p.clauses <= section.clauses for p in told):
        return ""
    for piece in found:
        if piece.sentence and piece.clauses <= section.clauses and (at := _NEW.search(piece.at(limit))):
            return f": {at[1]}"
    return ""


def _heaviest(found: list[Piece], most: int) -> list[Piece]:
    left = list(found)
    told: list[Piece] = []
    while left and len(told) < most:
        best = max(left, key=lambda p: _worth(p, told))
        if told and _worth(best, told) < told[0].weight - _FAR_BELOW and not _covers(best, told):
            left.remove(best)
            continue
        told.append(best)
        left = [p for p in left if not _repeats(p, best)]
    return told


def _worth(piece: Piece, told: list[Piece]) -> float:
    known = frozenset[int]().union(*(p.clauses for p in told if p.key not in WHOLE))
    in_section = any(piece.clauses <= p.clauses for p in told if p.key in WHOLE)
    same_topic = bool(piece.topic) and any(p.topic == piece.topic for p in told)
    return (
        piece.weight
        - (
            _SAME_SECTION
            if in_section and not piece.exact
            else _SAME_CLAUSE * (piece.clauses <= known or in_section)
        )
        - _SAME_TOPIC * same_topic
    )


def _covers(piece: Piece, told: list[Piece]) -> bool:
    return piece.share >= _MUCH and not any(piece.clauses & p.clauses for p in told)


def _repeats(piece: Piece, told: Piece) -> bool:
    if piece.key == told.key or piece.text == told.text:
        return True
    if piece.sentence and piece.sentence == told.sentence:
        return True
    if piece.key.startswith("plain") and piece.clauses <= told.clauses:
        return True
    return bool(piece.words) and len(piece.words & told.words) >= _SAME_WORDS * len(piece.words)


def _place(judged: Judged, lead: str) -> str:
    """ "in “Fees”: ", "mostly in “Fees” and “Refunds”: ", or "" where the change is spread or its place was told."""
    sizes: Counter[str] = Counter()
    for edit, j in judged:
        if not j.harmless:
            own = (edit.after or edit.before,) if edit.kind is ClauseKind.HEADING else ()
            sizes[(*edit.section, *own)[-1] if edit.section or own else ""] += edit.size
    total = max(1, sum(sizes.values()))
    top = [(heading(name), size / total) for name, size in sizes.most_common(2) if name]
    if not top or not top[0][0] or fold(top[0][0]).rstrip("s") in fold(lead):
        return ""
    if top[0][1] >= _MOST:
        return f"{'in' if top[0][1] >= _ALL else 'mostly in'} “{top[0][0]}”: "
    if len(top) == 2 and top[1][0] and top[0][1] + top[1][1] >= _OF_TWO:
        return f"mostly in “{top[0][0]}” and “{top[1][0]}”: "
    return ""


def _harmless(judged: Judged) -> str:
    reasons: Counter[str] = Counter()
    for edit, j in judged:
        reason = j.harmless.split(":")[0]
        if not reason:
            reasons["headings"] += edit.kind is ClauseKind.HEADING
            continue
        for part in [reason] if reason in _HARMLESS else reason.split(" and "):
            reasons[_HARMLESS.get(part, part)] += 1
    told = [reason for reason, n in reasons.most_common(3) if n]
    if not told:
        return "clauses moved or renumbered"
    return _and(told) + (" only" if sum(1 for n in reasons.values() if n) <= len(told) else " among others")


def _largest(judged: Judged) -> str:
    """What a change says that is too small to mean anything: its own words, as nothing proves them harmless."""
    return plainly(max((edit for edit, _ in judged), key=lambda edit: edit.size), ROOMY)[0]


def _rewritten(judged: Judged) -> list[str]:
    """Another party, law or price first; then the sections; then the gravest of the rest."""
    told = _heaviest([p for p in pieces(judged) if p.key not in WHOLE], _MOST_OF_REWRITE)
    first = [p.text for p in told if p.leads]
    parts = [*first, "rewritten"]
    for op, name in ((Op.ADDED, "new section"), (Op.REMOVED, "drops section")):
        heads = [f"“{name}”" for name, *_ in sections(judged, op)]
        if heads:
            parts.append(f"{name}{'s' * (len(heads) > 1)} {listed(heads, _MOST_HEADS)}")
    return [*parts, *(p.at(ROOMY if not first else LIMIT) for p in told if not p.leads)]


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _counts(counts: Counter[Op]) -> str:
    told = [f"{n} {_NOUN[op]}" for op in (Op.ADDED, Op.REMOVED, Op.MODIFIED, Op.MOVED) if (n := counts[op])]
    if not told:
        told = [f"{counts[Op.RENUMBERED]} renumbered"]
    first, *rest = told
    number, word = first.split(" ", 1)
    noun = "clause" if number == "1" else "clauses"
    return ", ".join([f"{number} {noun} {word}", *rest])
