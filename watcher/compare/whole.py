"""The change as a whole: its kind, how material it is, its topics and its direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import ChangeKind, ClauseKind, Direction, Document, Materiality, Topic
from watcher.compare.blend import blend
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.judge import Judgement
from watcher.compare.topics import strongest, total

REWRITE_SHARE = 0.6
"""Share of the larger document's words that changed, from which a change is told as a rewrite."""

_MUCH_WORDS = 250
_LINE = 3


@dataclass(frozen=True, slots=True)
class Whole:
    kind: ChangeKind
    materiality: Materiality
    topics: tuple[Topic, ...]
    direction: Direction


def weigh(
    judged: Sequence[tuple[Edit, Judgement]],
    before: Document,
    after: Document,
    world: World,
    *,
    without: frozenset[str] = frozenset(),
) -> Whole:
    """The judgement of all operations together."""
    real = [(e, j) for e, j in judged if not j.harmless]
    if all(_heads(e, j) and not any(h.exact or h.sure for h in j.hits) for e, j in real):
        real = []  # a heading alone binds nobody: what stands under it would
    if not real:
        dates = [j for _, j in judged if j.harmless not in ("moved", "renumbered")]
        only = (
            bool(dates)
            and all(j.harmless == "only a date differs" for j in dates)
            and len(dates) == len(judged)
        )
        return Whole(
            ChangeKind.DATE_ONLY if only else ChangeKind.EDITORIAL, Materiality.NONE, (), Direction.UNCLEAR
        )
    changed = sum(e.size for e, _ in real)
    share = changed / max(1, before.words, after.words)
    kind = ChangeKind.REWRITE if share >= REWRITE_SHARE else ChangeKind.EDIT
    materiality = max((j.materiality for _, j in real), key=lambda m: m.rank)
    if sum(e.size for e, j in real if j.materiality.rank >= Materiality.MEDIUM.rank) >= _MUCH_WORDS:
        materiality = Materiality.HIGH
    if "blend" in without:
        topics = strongest(total(_scaled(j) for _, j in real), share=0.5, most=3)
    else:
        topics = blend().topics(real, share, modelled="model" not in without)
    return Whole(kind, materiality, topics, _direction([j for _, j in real]))


def _scaled(j: Judgement) -> dict[Topic, float]:
    force = (0.0, 0.4, 0.8, 1.2)[j.materiality.rank]
    return {topic: weight * force for topic, weight in j.weights.items()}


def _heads(edit: Edit, judged: Judgement) -> bool:
    """A heading, or a line so short that it can be nothing else."""
    text = edit.after or edit.before
    short = len(words_of(text)) <= _LINE and not any(c.isdigit() for c in text)
    return edit.kind is ClauseKind.HEADING or (
        short and edit.kind is ClauseKind.PARAGRAPH and not judged.hits
    )


def _direction(judged: Sequence[Judgement]) -> Direction:
    """The side of the gravest clauses that have one, where they agree."""
    gravest = max((j.materiality.rank for j in judged), default=0)
    sides = {j.direction for j in judged if j.materiality.rank == gravest} - {Direction.UNCLEAR}
    return sides.pop() if len(sides) == 1 else Direction.UNCLEAR


__all__ = ["REWRITE_SHARE", "Whole", "weigh"]
