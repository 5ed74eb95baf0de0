"""What a story may tell of a change, each piece a phrase that reads without the text, with its weight.

A piece weighs by how material it is, by how specific its rule is (facts, then stance, then named mentions, then
generic ones) and by the share of the changed words it covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from storage.records import ClauseKind, Materiality, Op
from watcher.compare.edit import Edit, bare_name, fold, renames, words_of
from watcher.compare.judge import Judgement
from watcher.compare.moves import is_move, moves
from watcher.compare.phrases import NAME_LETTERS, apart, listed, plainly, sentence_told, told
from watcher.compare.quote import heading, quoted, shortened
from watcher.compare.signals import Hit
from watcher.compare.signals.hit import LESS

Judged = Sequence[tuple[Edit, Judgement]]

# Families whose words say by themselves what they mean.
_NAMED = frozenset({"data", "disputes", "contact", "children"})
NEW_SECTIONS = "new sections"
WHOLE = frozenset({NEW_SECTIONS, "drops sections"})
"""Keys of the pieces that tell of whole sections."""
_LISTED = frozenset({"vendor-row", "cookie-row", "company", "ai-vendor"})
_FIRST = frozenset({"party", "governing-law", "number-amount"})  # who it is with, where to sue, what it costs
_GRAVE, _CRUMB = 0.3, 1.5
_STOPS = ".!?;…。！？；”’)"
_SECTION_WORDS = 30
_MOST_SECTIONS = 2
_SECTION_CLAUSES = 3  # with the heading
_FEW_WORDS = 4
_FLIP_WORDS = 2  # "not", "no longer": more that came or went on its own is a new statement
_SENTENCE_WORDS = 12  # a heading so long is a sentence that the page prints as one


@dataclass(frozen=True)
class Piece:
    """``key``: two pieces with the same one say the same. ``clauses``: what of the changed clauses it tells."""

    text: str
    weight: float
    key: str
    clauses: frozenset[int] = frozenset()
    topic: str = ""
    words: frozenset[str] = frozenset()  # of what it tells, to see repetitions
    share: float = 0.0  # of the changed words that stand in its clauses
    sentence: tuple[int, int] | None = None  # clause and sentence it quotes from
    retold: Callable[[int], str] | None = field(default=None, compare=False)

    @property
    def exact(self) -> bool:
        """Does it state a fact, and quote no sentence?"""
        return self.sentence is None and not self.key.startswith("plain")

    @property
    def leads(self) -> bool:
        """Is the party, the law or the price another one?"""
        other = " → " in self.text or ": drops " in self.text
        return self.exact and other and any(self.key.startswith(rule) for rule in _FIRST)

    def at(self, limit: int) -> str:
        """The text with quotations of at most ``limit`` characters."""
        return self.retold(limit) if self.retold else self.text


def pieces(judged: Judged) -> list[Piece]:
    """All that may be told of the real operations, heaviest first, in a fixed order where equal."""
    total = max(1, sum(e.size for e, j in judged if not j.harmless))
    found = [
        *_single(judged, total),
        *_moved(judged, total),
        *_listed(judged, total),
        *_renamed(judged),
        *_sections(judged, total),
        *_largest(judged, total),
    ]
    return sorted(found, key=lambda p: -p.weight)


def _single(judged: Judged, total: int) -> Iterator[Piece]:
    """The heaviest of each rule: two pieces of one rule are never told, and only what is told is put into words."""
    by_key: dict[str, list[tuple[float, int, Hit]]] = {}
    for i, (edit, j) in enumerate(judged):
        for hit in j.hits if not j.harmless else ():
            if (
                hit.severity.rank < Materiality.MEDIUM.rank
                or (hit.rule in _LISTED and not (hit.gone and hit.new))
                or is_move(hit)
            ):
                continue
            key = f"{hit.rule}{i}" if hit.exact and hit.gone and hit.new else hit.rule
            weight = _weight(hit, j) + 0.8 * edit.size / total - _CRUMB * (_is_crumb(edit) and not hit.exact)
            by_key.setdefault(key, []).append((weight, i, hit))
    for key, found in by_key.items():
        for weight, i, hit in sorted(found, key=lambda f: -f[0]):
            edit = judged[i][0]
            if text := told(hit, edit):
                topic = hit.topics[0] if hit.topics and not hit.exact else ""
                sentence = None if hit.exact else (i, sentence_told(hit, edit))
                share = edit.size / total
                words = _words(hit, text)
                again = partial(told, hit, edit)
                yield Piece(text, weight, key, frozenset({i}), topic, words, share, sentence, again)
                break


def _moved(judged: Judged, total: int) -> Iterator[Piece]:
    """Names and addresses in the place of others."""
    rows = [
        (i, hit)
        for i, (_, j) in enumerate(judged)
        for hit in (j.hits if not j.harmless else ())
        if is_move(hit) and hit.severity.rank >= Materiality.MEDIUM.rank
    ]
    for move in moves(rows):
        if not (text := move.text):
            continue
        clauses = frozenset(i for i, _ in move.rows)
        share = sum(judged[i][0].size for i in clauses) / total
        weight = max(_weight(hit, judged[i][1]) for i, hit in move.rows) + 0.8 * share
        words = frozenset(words_of(" ".join(move.names)))
        yield Piece(text, weight, move.rule, clauses, words=words, share=share)


def _words(hit: Hit, text: str) -> frozenset[str]:
    """The fact itself; of a mention what is quoted, as two rules may stand on the same words."""
    quotes = re.findall(r"“([^”]*)”", text)
    return frozenset(words_of(" ".join((*hit.gone, *hit.new) if hit.exact or not quotes else quotes)))


def _weight(hit: Hit, j: Judgement) -> float:
    both = bool(hit.gone and hit.new)
    if hit.family == "stance":
        flipped = all(hit.gone + hit.new) or len(words_of("".join(hit.gone + hit.new))) <= _FLIP_WORDS
        return hit.severity.rank + (0.8 if flipped else 0.4)
    if hit.exact:
        return hit.severity.rank + (0.9 if both else 0.6) + _GRAVE * (hit.rule in _FIRST)
    if hit.family in ("numbers", "parties"):
        return hit.severity.rank + 0.3
    named = hit.family in _NAMED
    carries = j.materiality.rank >= hit.severity.rank and not any(h.exact for h in j.hits)
    severity = hit.severity if hit.fresh or named or carries else LESS[hit.severity]
    return severity.rank + 0.3 * hit.fresh + 0.2 * named - 0.3 * both


def _is_crumb(edit: Edit) -> bool:
    """A heading, or a few words that end in no stop: they name a matter and say nothing of it."""
    text = edit.after or edit.before
    if edit.kind is ClauseKind.HEADING:
        return edit.size < _SENTENCE_WORDS
    alone = edit.op is not Op.MODIFIED and edit.kind is ClauseKind.PARAGRAPH
    return alone and len(words_of(text)) < _SENTENCE_WORDS and text.rstrip()[-1:] not in _STOPS


def _listed(judged: Judged, total: int) -> Iterator[Piece]:
    """Names of one kind that came, or went, told together."""
    groups: dict[tuple[str, str], list[tuple[int, Hit]]] = {}
    for i, (_, j) in enumerate(judged):
        for hit in j.hits if not j.harmless else ():
            if hit.rule in _LISTED and not (hit.gone and hit.new):
                groups.setdefault((hit.rule, hit.subject), []).append((i, hit))
    for (rule, subject), rows in groups.items():
        gone, new = _names(h.gone for _, h in rows), _names(h.new for _, h in rows)
        if not gone and not new:
            continue
        clauses = frozenset(i for i, _ in rows)
        size = sum(judged[i][0].size for i in clauses)
        weight = max(_weight(hit, judged[i][1]) for i, hit in rows) + 0.8 * size / total
        words = frozenset(words_of(" ".join((*gone, *new))))
        yield Piece(apart(subject, gone, new), weight, rule, clauses, words=words, share=size / total)


def _names(sides: Iterable[Sequence[str]]) -> list[str]:
    names = dict.fromkeys(shortened(name, NAME_LETTERS) for side in sides for name in side)
    return [name for name in names if fold(name)]


def _renamed(judged: Judged) -> Iterator[Piece]:
    """One name put in the place of another again and again."""
    real = [(i, e) for i, (e, j) in enumerate(judged) if not j.harmless and e.op is Op.MODIFIED]
    for gone, new in sorted(renames(e for _, e in real)):
        touched = frozenset(
            i for i, e in real if (gone, new) in {(bare_name(a), bare_name(b)) for a, b in e.pairs}
        )
        share = len(touched) / max(1, len(real))
        if quoted(gone) and quoted(new) and fold(gone) != fold(new):
            text = f"{quoted(gone)} → {quoted(new)} in {len(touched)} clauses"
            yield Piece(
                text, 1.6 + 2.4 * share, "renamed", touched, words=frozenset(words_of(f"{gone} {new}"))
            )


def _sections(judged: Judged, total: int) -> Iterator[Piece]:
    """Sections that came or went with what stands under them."""
    for op, one, many in (
        (Op.ADDED, "new section", NEW_SECTIONS),
        (Op.REMOVED, "drops section", "drops sections"),
    ):
        found = sections(judged, op)
        found = [f for f in found if f[1] >= _SECTION_WORDS or len(f[2]) >= _SECTION_CLAUSES]
        if not found:
            continue
        clauses = frozenset().union(*(f[2] for f in found))
        size = sum(judged[i][0].size for i in clauses)
        names = [f"“{name}”" for name, *_ in found]
        rank = max(judged[i][1].materiality.rank for i in clauses)
        size_told = _about(sum(f[1] for f in found))
        text = f"{many if len(found) > 1 else one} {listed(names, _MOST_SECTIONS)} ({size_told} words)"
        yield Piece(text, rank + 0.2 + 1.4 * min(1.0, size / total), many, clauses)


def sections(judged: Judged, op: Op) -> list[tuple[str, int, frozenset[int]]]:
    """Headings that came (or went), each with the words that came (went) under it and their clauses; largest first.

    A heading that only lost or gained its number is none, nor is one under another that is listed."""
    heads = {
        e.after or e.before: e
        for e, j in judged
        if e.kind is ClauseKind.HEADING and e.op is op and not j.harmless
    }
    other = Op.REMOVED if op is Op.ADDED else Op.ADDED
    twins = {
        fold(heading(e.after or e.before))
        for e, _ in judged
        if e.kind is ClauseKind.HEADING and e.op is other
    }
    found: list[tuple[str, int, frozenset[int]]] = []
    names: set[str] = set()
    for text, head in heads.items():
        name = heading(text)
        if (
            not name
            or fold(name) in names
            or fold(name) in twins
            or any(above in heads for above in head.section)
        ):
            continue
        under = frozenset(
            i
            for i, (e, j) in enumerate(judged)
            if e.op is op and not j.harmless and (e is head or text in e.section)
        )
        names.add(fold(name))
        found.append((name, sum(judged[i][0].size for i in under if judged[i][0] is not head), under))
    return sorted(found, key=lambda f: -f[1])


def _about(size: int) -> str:
    step = 10 if size < 100 else 50
    return f"about {max(step, round(size / step) * step):,}"


def _largest(judged: Judged, total: int) -> Iterator[Piece]:
    """The largest operations by their own words, for what no signal knows."""
    real = [
        (i, e, j)
        for i, (e, j) in enumerate(judged)
        if not j.harmless and (e.kind is not ClauseKind.HEADING or e.size >= _SENTENCE_WORDS)
    ]
    real = real or [(i, e, j) for i, (e, j) in enumerate(judged) if not j.harmless]
    for i, edit, j in sorted(real, key=lambda r: -r[1].size)[:2]:
        text, words = plainly(edit)
        if text:
            yield Piece(
                text,
                j.materiality.rank - 0.4 + 0.8 * edit.size / total,
                f"plain{i}",
                frozenset({i}),
                words=frozenset(words_of(words)),
                share=edit.size / total if _tells(words) else 0.0,
                retold=partial(_plainly, edit),
            )


def _plainly(edit: Edit, limit: int) -> str:
    return plainly(edit, limit)[0]


def _tells(words: str) -> bool:
    """Some words, or a name or number among few; one small word in the place of another tells nothing."""
    return len(words_of(words)) >= _FEW_WORDS or any(c.isupper() or c.isdigit() for c in words)
