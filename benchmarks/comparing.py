"""How long comparing and judging takes, beside a plain word-by-word difference of the same pairs in the same run.

    python benchmarks/comparing.py [--clauses N] [--seed N] [--wide N]

Pairs are written here: edited lightly, edited throughout, and wholly different, the largest of ``--clauses``
clauses (about 17 words each). Prints milliseconds of processor time (p50, p90, p99, max) over all pairs, the
slowest pairs, and the ratio to difflib's word difference of the same texts (clause by clause where equal clauses
allow it, as a careful user of difflib would); last the alignment of two wholly different documents of ``--wide``
clauses. The machine's speed cancels out of the ratio. The command exits with 0.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clause_edits import written
from storage.records import Clause, Document, PolicyKind
from watcher.compare import compare
from watcher.compare.align import align


def of(clauses: list[Clause]) -> Document:
    return Document("Terms", "en", tuple(clauses))


def pairs(largest: int, seed: int) -> Iterator[tuple[str, Document, Document]]:
    """Name, document before, document after; sizes rise to ``largest`` clauses."""
    random_ = random.Random(seed)
    for share in (0.1, 0.25, 0.5, 1.0):
        size = max(10, int(largest * share))
        before, other = written(random_, size), written(random_, size)
        for name, touched in (("one in fifty", 0.02), ("one in five", 0.2), ("every clause", 1.0)):
            after = [_reworded(random_, c) if random_.random() < touched else c for c in before]
            yield f"{size} clauses, {name} edited", of(before), of(after)
        yield f"{size} clauses, wholly different", of(before), of(other)


def _reworded(random_: random.Random, clause: Clause) -> Clause:
    words = clause.text.split()
    at = random_.randrange(len(words))
    words[at : at + 2] = random_.choices(["promptly", "our licensors", "90 days", "not", "in Norway"], k=2)
    return Clause(" ".join(words), clause.section, clause.kind, clause.number, clause.level)


def by_difflib(before: Document, after: Document) -> int:
    """Words in replaced, added and removed runs; equal clauses are taken out first."""
    lines = [[c.text for c in d.clauses] for d in (before, after)]
    changed = 0
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if tag != "equal":
            old, new = " ".join(lines[0][a0:a1]).split(), " ".join(lines[1][b0:b1]).split()
            blocks = SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
            changed += sum(b - a + d - c for op, a, b, c, d in blocks if op != "equal")
    return changed


def ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--clauses", type=int, default=700)
    parser.add_argument("--wide", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _, first, second = next(pairs(100, options.seed + 1))
    compare(first, second, kind=PolicyKind.TERMS)  # patterns and tables are read once a process
    rows = []
    for name, before, after in pairs(options.clauses, options.seed):
        ours = ms(lambda b=before, a=after: compare(b, a, kind=PolicyKind.TERMS))  # type: ignore[misc]
        theirs = ms(lambda b=before, a=after: by_difflib(b, a))  # type: ignore[misc]
        rows.append((ours, theirs, f"{name}, {before.words} words"))
    told = sorted(ours for ours, _, _ in rows)
    at = {f"p{p}": told[min(len(told) - 1, len(told) * p // 100)] for p in (50, 90, 99)}
    print("compare, ms: " + "  ".join(f"{k} {v:.0f}" for k, v in at.items()) + f"  max {told[-1]:.0f}")
    for ours, theirs, name in sorted(rows, reverse=True)[:10]:
        print(f"  {ours:7.0f} ms  {ours / max(theirs, 0.01):6.2f} × difflib  {name}")
    print(f"all pairs: {sum(r[0] for r in rows) / sum(r[1] for r in rows):.2f} × difflib's word difference")
    random_ = random.Random(options.seed)
    one, two = (
        [Clause(" ".join(f"{s}{random_.randrange(20_000)}" for _ in range(15))) for _ in range(options.wide)]
        for s in "ab"
    )
    print(
        f"align two wholly different documents of {options.wide} clauses: {ms(lambda: align(one, two)):.0f} ms"
    )


if __name__ == "__main__":
    main()
