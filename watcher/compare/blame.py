"""When each clause of the newest text first stood, and what became of it since.

A clause keeps its origin through moves, renumbering and renamed sections. A modified clause is credited to the
version that modified it, and its earlier origin is kept, so that counsel sees both. A clause that was taken
out and later put back stands since it came back; `Blamed.earlier` then says when it had stood before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.records import Aligned, Clause, Document, Op, Version
from watcher.compare.align import align


@dataclass(frozen=True, slots=True)
class Blamed:
    """One clause of the newest version. Indexes are places in the list of versions given to `blame`.

    ``since``: the version in which its present text first stood, and stood in every one since. ``origin``:
    the version in which its oldest ancestor first stood (equal to ``since`` where it was never modified).
    ``edits``: versions that modified it, oldest first. ``moved``: the last version that moved it, or None.
    ``earlier``: the first version that held the very same text before it was taken out, or None."""

    clause: Clause
    since: int
    origin: int
    edits: tuple[int, ...] = ()
    moved: int | None = None
    earlier: int | None = None


def blame(versions: Sequence[Version]) -> tuple[Blamed, ...]:
    """The clauses of the newest version in their order. ``versions`` are of one policy, oldest first.

    Times and stated dates are the versions' own: ``versions[b.since].seen_at`` and ``.document.dates``.
    Gives () for no versions."""
    if not versions:
        return ()
    first_held: dict[str, int] = {}
    now: list[Blamed] = []
    previous: Document | None = None
    for n, version in enumerate(versions):
        clauses = version.document.clauses
        if previous is None:
            now = [Blamed(clause, n, n) for clause in clauses]
        elif previous.digest != version.document.digest or previous.clauses != clauses:
            now = _step(n, now, clauses, align(previous.clauses, clauses), first_held)
        for clause in clauses:
            first_held.setdefault(clause.key, n)
        previous = version.document
    return tuple(now)


def _step(
    n: int,
    old: Sequence[Blamed],
    clauses: Sequence[Clause],
    rows: Sequence[Aligned],
    first_held: dict[str, int],
) -> list[Blamed]:
    """The blame of version ``n`` from that of the version before and the alignment of the two."""
    new: dict[int, Blamed] = {}
    for row in rows:
        for j in row.after:
            clause = clauses[j]
            earlier = first_held.get(clause.key)
            if not row.before:
                new[j] = Blamed(clause, n, n, earlier=earlier)
                continue
            ancestors = [old[i] for i in row.before]
            oldest = min(ancestors, key=lambda b: b.origin)
            kept = replace(
                ancestors[0],
                clause=clause,
                origin=oldest.origin,
                moved=n if row.moved else ancestors[0].moved,
            )
            if row.op is Op.MODIFIED:
                edits = sorted({edit for ancestor in ancestors for edit in ancestor.edits} | {n})
                kept = replace(kept, since=n, edits=tuple(edits), earlier=earlier)
            new[j] = kept
    return [new[j] for j in range(len(clauses))]
