"""The line a person would write: the point first, then where most of the change lies, then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from storage.records import ChangeKind, ClauseKind, Op
from watcher.compare.edit import fold
from watcher.compare.pieces import WHOLE, Judged, Piece, pieces, sections
from watcher.compare.quote import ROOMY, heading

_MOST_PIECES = 3
_ROOM_FOR = 2  # pieces that leave room for longer quotations
_SMALL_SECTION = 6  # clauses of a section that is told by its name alone
_FAR_BELOW = 1.4  # a piece so much lighter than the heaviest is told only where it covers much
_MUCH = 0.2  # share of the changed words
_SAME_CLAUSE, _SAME_TOPIC = 0.7, 0.3  # what a piece loses where another told of its clause, its topic
_SAME_WORDS = 0.6
_MOST_HEADS = 3
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
        return f"No meaning changed: {_harmless(judged)}; {_counts(counts)}."
    if kind is ChangeKind.REWRITE:
        return "; ".join([*_rewritten(judged), *facts(judged, most=1, whole=False), _counts(counts)]) + "."
    told = facts(judged)
    lead = "; ".join(told)
    return (
        "; ".join([*([lead[:1].upper() + lead[1:]] if lead else []), _place(judged, lead) + _counts(counts)])
        + "."
    )


def facts(judged: Judged, *, most: int = _MOST_PIECES, whole: bool = True) -> list[str]:
    """The heaviest pieces, none that says what another said; ``whole`` sections among them."""
    told = _heaviest(pieces(judged), most, whole)
    if len(told) <= _ROOM_FOR:
        told = _heaviest(pieces(judged, ROOMY), most, whole)
    return [p.text for p in told]


def _heaviest(found: list[Piece], most: int, whole: bool) -> list[Piece]:
    left = [p for p in found if whole or p.key not in WHOLE]
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
    known = frozenset[int]().union(
        *(p.clauses for p in told if p.key not in WHOLE or len(p.clauses) <= _SMALL_SECTION)
    )
    same_topic = bool(piece.topic) and any(p.topic == piece.topic for p in told)
    return piece.weight - _SAME_CLAUSE * (piece.clauses <= known) - _SAME_TOPIC * same_topic


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


def _rewritten(judged: Judged) -> list[str]:
    parts = ["Rewritten"]
    for op, name in ((Op.ADDED, "new sections"), (Op.REMOVED, "gone")):
        heads = [name for name, *_ in sections(judged, op)]
        if heads:
            rest = f" and {len(heads) - _MOST_HEADS} more" if len(heads) > _MOST_HEADS else ""
            parts.append(f"{name}: {', '.join(heads[:_MOST_HEADS])}{rest}")
    return parts


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
