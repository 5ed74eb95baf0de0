"""Two documents compared and judged: what changed, does it matter, what is it about, and the story in one line.

`compare` is pure and deterministic: nothing in it depends on when the documents were seen. The verdict on the
stated date is another room's (`watcher.compare.verdict`); its notice is appended to the summary by the caller.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from storage.records import (
    ChangeKind,
    Clause,
    ClauseChange,
    Comparison,
    Document,
    Materiality,
    Op,
    PolicyKind,
)
from watcher.compare.align import align
from watcher.compare.edit import Edit, World, renames, shown
from watcher.compare.judge import Judgement, judge
from watcher.compare.story import summary
from watcher.compare.whole import weigh
from watcher.compare.words import word_ops

__all__ = ["compare", "judged"]


def compare(
    before: Document, after: Document, *, kind: PolicyKind, without: frozenset[str] = frozenset()
) -> Comparison:
    """Align, compare word by word, judge each clause and the whole.

    ``kind`` weighs: a row of a subprocessor list is more than a row elsewhere. ``without`` leaves rule families
    out and serves only to measure them. Equal documents give an EDITORIAL comparison without clauses.
    """
    world, rows = _rows(before, after, kind, without)
    whole = weigh([(e, j) for _, e, j in rows], before, after, world, without=without)
    told = tuple(
        replace(change, topics=j.topics, materiality=j.materiality, direction=j.direction, reasons=j.reasons)
        for change, _, j in rows
    )
    counts = Counter(
        change.op for change, _, j in rows if not j.harmless or whole.kind is ChangeKind.EDITORIAL
    )
    return Comparison(
        kind=whole.kind,
        materiality=whole.materiality,
        topics=whole.topics,
        direction=whole.direction,
        summary=summary(whole.kind, [(e, j) for _, e, j in rows], counts),
        clauses=told,
        words_added=sum(_size(c, "+") for c in told),
        words_removed=sum(_size(c, "-") for c in told),
        language=world.language,
    )


def judged(before: Document, after: Document, kind: PolicyKind) -> list[tuple[Edit, Judgement]]:
    """Every clause operation with its judgement, for those who fit or measure."""
    _, rows = _rows(before, after, kind, frozenset())
    return [(edit, judgement) for _, edit, judgement in rows]


def _rows(
    before: Document, after: Document, kind: PolicyKind, without: frozenset[str]
) -> tuple[World, list[tuple[ClauseChange, Edit, Judgement]]]:
    world = World.of(before, after, kind)
    changes: list[tuple[ClauseChange, Edit]] = []
    for row in align(before.clauses, after.clauses):
        if row.op is None:
            continue
        old = [before.clauses[i] for i in row.before]
        new = [after.clauses[j] for j in row.after]
        changes.append(_change(row.op, old, new, row.moved))
    world = replace(world, renames=renames(edit for _, edit in changes))
    return world, [(change, edit, _judge(change, edit, world, without)) for change, edit in changes]


def _change(op: Op, old: list[Clause], new: list[Clause], moved: bool) -> tuple[ClauseChange, Edit]:
    text_before = shown(" ".join(c.text for c in old)) if old else None
    text_after = shown(" ".join(c.text for c in new)) if new else None
    there = (new or old)[0]
    words = word_ops(text_before or "", text_after or "") if op is Op.MODIFIED else ()
    change = ClauseChange(
        op=op,
        section=" › ".join(there.section),
        before=text_before,
        after=text_after,
        words=words,
        moved=moved or op is Op.MOVED,
        number_before=old[0].number if old else "",
        number_after=new[0].number if new else "",
        kind=there.kind,
    )
    edit = Edit(op, text_before or "", text_after or "", words, there.section, there.kind)
    return change, edit


def _judge(change: ClauseChange, edit: Edit, world: World, without: frozenset[str]) -> Judgement:
    if change.op is Op.MOVED:
        return Judgement(Materiality.NONE, reasons=("moved, words unchanged",), harmless="moved")
    if change.op is Op.RENUMBERED:
        return Judgement(Materiality.NONE, reasons=("renumbered, words unchanged",), harmless="renumbered")
    return judge(edit, world, without=without)


def _size(change: ClauseChange, sign: str) -> int:
    """Words added ("+") or removed ("-") by one operation; what only moved counts for neither."""
    if change.op is Op.MODIFIED:
        return sum(len(op.text.split()) for op in change.words if op.op == sign)
    if change.op is Op.ADDED and sign == "+":
        return len((change.after or "").split())
    if change.op is Op.REMOVED and sign == "-":
        return len((change.before or "").split())
    return 0
