"""The line a person would write: the strongest two or three facts, then the counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from storage.records import ChangeKind, ClauseKind, Materiality, Op
from watcher.compare.edit import Edit
from watcher.compare.judge import Judgement

_MOST_FACTS = 3
_NOUN = {
    Op.ADDED: "added",
    Op.REMOVED: "removed",
    Op.MODIFIED: "modified",
    Op.MOVED: "moved",
    Op.RENUMBERED: "renumbered",
}


def summary(kind: ChangeKind, judged: Sequence[tuple[Edit, Judgement]], counts: Counter[Op]) -> str:
    """One line, ending in a full stop, without the verdict on the date."""
    if kind is ChangeKind.DATE_ONLY:
        return "Only the date changed."
    if kind is ChangeKind.EDITORIAL:
        return _editorial(judged, counts)
    if kind is ChangeKind.REWRITE:
        return _rewrite(judged, counts)
    return "; ".join([*facts(judged), _counts(counts)]) + "."


def facts(judged: Sequence[tuple[Edit, Judgement]], *, most: int = _MOST_FACTS) -> list[str]:
    """The strongest reasons, each once, one of a rule before a second of the same."""
    hits = [(hit, edit, j) for edit, j in judged if not j.harmless for hit in j.hits]
    hits.sort(key=lambda item: (-item[0].strength, -item[1].size))
    told: list[str] = []
    rules: set[str] = set()
    for hit, *_ in hits:
        if hit.rule in rules or hit.says in told or hit.severity.rank < Materiality.MEDIUM.rank:
            continue
        rules.add(hit.rule)
        told.append(hit.says)
        if len(told) == most:
            break
    if not told:
        told = _largest(judged)
    return [told[0][:1].upper() + told[0][1:], *told[1:]] if told else []


def _largest(judged: Sequence[tuple[Edit, Judgement]]) -> list[str]:
    real = [edit for edit, j in judged if not j.harmless]
    if not real:
        return []
    edit = max(real, key=lambda e: e.size)
    where = f" under “{edit.section[-1][:50]}”" if edit.section else ""
    gone, new = (re.sub(r"\s+", " ", t).strip()[:70] for t in (edit.gone, edit.new))
    if gone and new:
        return [f"“{gone}” → “{new}”{where}"]
    return [f"new: “{new}”{where}" if new else f"gone: “{gone}”{where}"]


def _editorial(judged: Sequence[tuple[Edit, Judgement]], counts: Counter[Op]) -> str:
    reasons = Counter(j.harmless.split(":")[0] for _, j in judged if j.harmless)
    told = ", ".join(reason for reason, _ in reasons.most_common(3)) or "clauses moved or renumbered"
    return f"No meaning changed: {told}; {_counts(counts)}."


def _rewrite(judged: Sequence[tuple[Edit, Judgement]], counts: Counter[Op]) -> str:
    new = [e.after for e, _ in judged if e.kind is ClauseKind.HEADING and e.op is Op.ADDED]
    gone = [e.before for e, _ in judged if e.kind is ClauseKind.HEADING and e.op is Op.REMOVED]
    parts = ["Rewritten"]
    for name, heads in (("new sections", new), ("gone", gone)):
        if heads:
            rest = f" and {len(heads) - 3} more" if len(heads) > 3 else ""
            parts.append(f"{name}: {', '.join(h[:40] for h in heads[:3])}{rest}")
    return "; ".join([*parts, *facts(judged, most=2), _counts(counts)]) + "."


def _counts(counts: Counter[Op]) -> str:
    told = [f"{n} {_NOUN[op]}" for op in (Op.ADDED, Op.REMOVED, Op.MODIFIED, Op.MOVED) if (n := counts[op])]
    if not told:
        told = [f"{counts[Op.RENUMBERED]} renumbered"]
    first, *rest = told
    number, word = first.split(" ", 1)
    noun = "clause" if number == "1" else "clauses"
    return ", ".join([f"{number} {noun} {word}", *rest])
