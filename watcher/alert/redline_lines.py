"""What a redline shows, before anyone decides how: lines of runs, headed and folded, safe to print.

Text of a page is never trusted: control characters, terminal escapes and characters that turn the writing
direction are made visible here, once, for every rendering.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from storage.records import (
    Aligned,
    Change,
    ChangeKind,
    Clause,
    ClauseChange,
    ClauseKind,
    Comparison,
    Direction,
    Document,
    Materiality,
    Op,
    StatedDates,
    WordOp,
)
from watcher.alert.render_verdict import verdict_words
from watcher.compare.align import align, joined
from watcher.compare.words import word_ops

# Controls (C0, DEL, C1), soft hyphen, direction marks, embeddings, overrides and isolates, zero-width and
# annotation characters, tags, and noncharacters: nothing a reader sees, all of it able to mislead one.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def safe(text: str) -> str:
    """The text with every character a terminal or browser might obey made visible as ⟨U+XXXX⟩; line breaks
    and tabs become spaces. Letters of any script, and the joiners they need, stay."""
    return _UNSEEN.sub(
        lambda m: " " if m[0] in "\t\n\r\x0b\x0c\u2028\u2029" else f"⟨U+{ord(m[0]):04X}⟩", text
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One clause of a redline. ``op`` None: unchanged, shown as context. ``runs`` hold the whole text."""

    op: Op | None
    section: str
    runs: tuple[WordOp, ...]
    moved: bool = False
    number_before: str = ""
    number_after: str = ""
    kind: ClauseKind = ClauseKind.PARAGRAPH
    level: int = 0
    materiality: Materiality = Materiality.NONE
    direction: Direction = Direction.UNCLEAR
    reasons: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    note: str = ""  # "moved from 4. Sharing", "split in 2"

    @property
    def whole(self) -> str:
        """All its text, before and after together."""
        return "".join(run.text for run in self.runs)

    @property
    def below(self) -> str:
        """For a heading: the section path of the clauses beneath it, in the new text."""
        title = "".join(run.text for run in self.runs if run.op != "-" or self.op is Op.REMOVED)
        return f"{self.section} › {title}" if self.section else title


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged clauses between two changes, folded away."""

    lines: tuple[Line, ...]

    @property
    def words(self) -> int:
        return sum(len(line.whole.split()) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Redline:
    """Everything a rendering needs: texts are safe, times are printed in UTC."""

    title: str
    link: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Line | Fold, ...]
    words_added: int
    words_removed: int
    language: str = ""
    counts: tuple[tuple[str, int], ...] = field(default=())


def of_change(
    change: Change, *, documents: tuple[Document, Document] | None = None, context: int = 2
) -> Redline:
    """The redline of a stored change: its clause operations, or, with both ``documents``, the whole text with
    unchanged clauses folded but for ``context`` of them around each change."""
    lines = _with_context(*documents, change.clauses, context) if documents else _operations(change.clauses)
    return Redline(
        title=safe(f"{change.service} · {change.policy}" if change.service else change.policy),
        link=safe(change.url),
        summary=safe(change.summary),
        facts=tuple((label, safe(value)) for label, value in _facts(change) if value),
        parts=lines,
        words_added=change.words_added,
        words_removed=change.words_removed,
        language=change.language,
        counts=_counts(change.clauses),
    )


def of_comparison(
    comparison: Comparison,
    before: Document,
    after: Document,
    *,
    title: str,
    link: str = "",
    facts: Sequence[tuple[str, str]] = (),
    rows: Sequence[Aligned] | None = None,
    context: int = 2,
) -> Redline:
    """The redline of any two versions. ``rows`` is their alignment where it is at hand; ``facts`` are label
    and value pairs for the head (versions, dates, verdict)."""
    own = (("materiality", comparison.materiality.value), ("topics", ", ".join(comparison.topics)))
    return Redline(
        title=safe(title),
        link=safe(link),
        summary=safe(comparison.summary),
        facts=tuple((label, safe(value)) for label, value in (*facts, *own) if value),
        parts=_with_context(before, after, comparison.clauses, context, rows),
        words_added=comparison.words_added,
        words_removed=comparison.words_removed,
        language=comparison.language,
        counts=_counts(comparison.clauses),
    )


def runs(change: ClauseChange) -> tuple[WordOp, ...]:
    """The whole text of a clause operation as runs, as stored; worked out where none came with it."""
    before, after = change.before, change.after
    if change.op is Op.ADDED or before is None:
        return (WordOp("+", after or ""),)
    if change.op is Op.REMOVED or after is None:
        return (WordOp("-", before),)
    if before == after:
        return (WordOp("=", after),)
    return change.words or word_ops(before, after)


def of_clause(change: ClauseChange) -> Line:
    """One clause operation as a line."""
    return Line(
        op=change.op,
        section=safe(change.section),
        runs=tuple(WordOp(run.op, safe(run.text)) for run in runs(change) if run.text),
        moved=change.moved or change.op is Op.MOVED,
        number_before=safe(change.number_before),
        number_after=safe(change.number_after),
        kind=change.kind,
        materiality=change.materiality,
        direction=change.direction,
        reasons=tuple(safe(reason) for reason in change.reasons),
        topics=tuple(topic.value for topic in change.topics),
    )


def _operations(changes: Sequence[ClauseChange]) -> tuple[Line | Fold, ...]:
    return tuple(of_clause(change) for change in changes)


def _with_context(
    before: Document,
    after: Document,
    judged: Sequence[ClauseChange],
    context: int,
    rows: Sequence[Aligned] | None = None,
) -> tuple[Line | Fold, ...]:
    known = {(change.before, change.after): change for change in judged}
    lines = [
        _of_row(row, before.clauses, after.clauses, known)
        for row in (rows if rows is not None else align(before.clauses, after.clauses))
    ]
    return fold(lines, context)


def _of_row(
    row: Aligned,
    before: Sequence[Clause],
    after: Sequence[Clause],
    known: dict[tuple[str | None, str | None], ClauseChange],
) -> Line:
    old = joined(before, row.before) if row.before else None
    new = joined(after, row.after) if row.after else None
    clause = after[row.after[0]] if row.after else before[row.before[0]]
    judged = known.get((old, new))
    line = of_clause(
        ClauseChange(
            op=row.op or Op.MOVED,
            section=" › ".join(clause.section),
            before=old,
            after=new,
            words=judged.words if judged else (),
            topics=judged.topics if judged else (),
            materiality=judged.materiality if judged else Materiality.NONE,
            direction=judged.direction if judged else Direction.UNCLEAR,
            reasons=judged.reasons if judged else (),
            number_before=before[row.before[0]].number if row.before else "",
            number_after=after[row.after[0]].number if row.after else "",
            kind=clause.kind,
        )
    )
    notes = []
    if row.moved and row.before and (path := " › ".join(before[row.before[0]].section)) != line.section:
        notes.append(f"moved from {safe(path)}" if path else "")
    if len(row.after) > 1:
        notes.append(f"split in {len(row.after)}")
    if len(row.before) > 1:
        notes.append(f"merged from {len(row.before)}")
    return replace(
        line, op=row.op, moved=row.moved, level=clause.level, note="; ".join(note for note in notes if note)
    )


def fold(lines: Sequence[Line], context: int) -> tuple[Line | Fold, ...]:
    """The lines with long unchanged stretches folded; the heading right above a change stays open."""
    keep = [line.op is not None for line in lines]
    for k, line in enumerate(lines):
        if line.op is None:
            continue
        for near in range(max(0, k - context), min(len(lines), k + context + 1)):
            keep[near] = True
        above = next((n for n in range(k, -1, -1) if lines[n].kind is ClauseKind.HEADING), None)
        if above is not None:
            keep[above] = True
    parts: list[Line | Fold] = []
    hidden: list[Line] = []
    for line, kept in zip(lines, keep, strict=True):
        if not kept:
            hidden.append(line)
            continue
        if hidden:
            parts += [Fold(tuple(hidden))] if len(hidden) > 1 else hidden
            hidden = []
        parts.append(line)
    if hidden:
        parts += [Fold(tuple(hidden))] if len(hidden) > 1 else hidden
    return tuple(parts)


def _counts(changes: Sequence[ClauseChange]) -> tuple[tuple[str, int], ...]:
    tally = {op: sum(change.op is op for change in changes) for op in Op}
    return tuple((op.value, n) for op, n in tally.items() if n)


def _facts(change: Change) -> list[tuple[str, str]]:
    first = change.kind is ChangeKind.FIRST
    return [
        ("verdict", "" if first else f"{change.verdict.value}: {verdict_words(change)}"),
        ("materiality", change.materiality.value),
        ("for the reader", "" if change.direction is Direction.UNCLEAR else change.direction.value),
        ("topics", ", ".join(change.topics)),
        ("stated date", f"{stated(change.stated_before)} → {stated(change.stated_after)}"),
        ("last seen before", _time(change.previous_seen_at)),
        ("first seen", _time(change.first_seen_at)),
        ("confirmed", _time(change.confirmed_at)),
        ("versions", f"{change.from_version} → {change.to_version}" if change.from_version else ""),
        ("kind", "first reading" if first else change.kind.value),
    ]


def stated(dates: StatedDates) -> str:
    """The document's own dates in a few words: "2023-11-10", "2023-11-10 (effective 2023-12-01)", "none"."""
    if dates.updated and dates.effective and dates.updated.value != dates.effective.value:
        return f"{dates.updated.value} (effective {dates.effective.value})"
    return dates.own.value if dates.own else "none"


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
