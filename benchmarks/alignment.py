"""How well and how fast clauses are aligned, beside difflib on the same pairs in the same run.

    python benchmarks/alignment.py [--documents N] [--texts texts.tar.xz] [--seed N]

Documents are written here and, where a collection of policy texts lies beside the repository
(``../shared/corpus/texts.tar.xz``), read from there. Every second text is for fitting, the others are held
out (``--half fit|held``). Prints recall and precision of modified pairs, moves, splits and merges, then
milliseconds of processor time: median and the largest documents. The command exits with 0.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clause_edits import Edited, edited, sentence, written
from storage.records import Aligned, Capture, Clause, Op
from watcher.compare.align import align
from watcher.extract import read

TEXTS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "texts.tar.xz"


def by_difflib(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[Aligned, ...]:
    """Line by line, longest common subsequence; clauses of a replaced block paired in order."""
    rows: list[Aligned] = []
    matcher = SequenceMatcher(None, [c.text for c in before], [c.text for c in after], autojunk=False)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        pairs = min(a1 - a0, b1 - b0)
        rows += [Aligned(None if tag == "equal" else Op.MODIFIED, (a0 + k,), (b0 + k,)) for k in range(pairs)]
        rows += [Aligned(Op.REMOVED, (i,)) for i in range(a0 + pairs, a1)]
        rows += [Aligned(Op.ADDED, (), (j,)) for j in range(b0 + pairs, b1)]
    return tuple(rows)


class Score:
    """Hits, misses and inventions of one method, by kind of operation."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.ms: list[tuple[int, float]] = []

    def count(self, kind: str, truth: set[object], told: set[object]) -> None:
        row = self.counts.setdefault(kind, [0, 0, 0])
        row[0] += len(truth & told)
        row[1] += len(truth)
        row[2] += len(told)

    def take(self, pair: Edited, rows: Sequence[Aligned], ms: float) -> None:
        self.ms.append((sum(len(c.text.split()) for c in pair.before), ms))
        one = [r for r in rows if len(r.before) == len(r.after) == 1]
        same = self._same(pair)
        self.count(
            "modified",
            same(pair.modified),
            same({(r.before[0], r.after[0]) for r in one if r.op is Op.MODIFIED}),
        )
        self.count("moved", same(pair.moved), same({(r.before[0], r.after[0]) for r in one if r.moved}))
        self.count(
            "split, merged",
            set(pair.regrouped),
            {(r.before, r.after) for r in rows if len(r.before) + len(r.after) > 2},
        )

    @staticmethod
    def _same(pair: Edited) -> Callable[[set[tuple[int, int]]], set[object]]:
        """Pairs by their texts: which of two equal clauses it was, nobody can tell."""
        return lambda pairs: {(pair.before[i].text, pair.after[j].text) for i, j in pairs}


def pairs_written(random_: random.Random, count: int) -> Iterator[Edited]:
    fresh = [f"{sentence(random_)} {sentence(random_)}" for _ in range(50)]
    for _ in range(count):
        document = written(random_, random_.choice([40, 80, 150, 400]))
        yield edited(random_, document, random_.choice([0.02, 0.05, 0.15, 0.3]), fresh)


def pairs_read(random_: random.Random, texts: Path, count: int, half: str) -> Iterator[Edited]:
    documents: list[list[Clause]] = []
    with tarfile.open(texts) as archive:
        members = sorted(m.name for m in archive.getmembers() if m.isfile() and m.name.endswith(".md"))
        chosen = set(random_.sample(members[half == "held" :: 2], min(count, len(members) // 2)))
        archive_members = [m for m in archive.getmembers() if m.name in chosen]
        for member in archive_members:
            handle = archive.extractfile(member)
            body = handle.read() if handle else b""
            capture = Capture(
                member.name, member.name, 200, {"content-type": "text/markdown"}, body, datetime.now(UTC)
            )
            clauses = list(read(capture).clauses)
            if len(clauses) >= 30:
                documents.append(clauses)
    fresh = [c.text for d in documents for c in d if 8 <= len(c.text.split()) <= 60]
    for document in documents:
        yield edited(random_, document, random_.choice([0.02, 0.05, 0.15, 0.3]), fresh)


def measure(name: str, pairs: Sequence[Edited]) -> None:
    methods: dict[str, Callable[[Sequence[Clause], Sequence[Clause]], tuple[Aligned, ...]]] = {
        "align": align,
        "difflib": by_difflib,
    }
    words = sorted(sum(len(c.text.split()) for c in p.before) for p in pairs)
    print(f"\n{name}: {len(pairs)} pairs, {words[len(words) // 2]} words median, {words[-1]} at most")
    for label, method in methods.items():
        score = Score()
        for pair in pairs:
            started = time.process_time()
            rows = method(pair.before, pair.after)
            score.take(pair, rows, (time.process_time() - started) * 1000)
        told = "  ".join(
            f"{kind}: recall {hit / max(1, truth):.3f} precision {hit / max(1, said):.3f} ({truth})"
            for kind, (hit, truth, said) in score.counts.items()
        )
        largest = max(score.ms)
        median = statistics.median(ms for _, ms in score.ms)
        print(f"  {label:8} {told}")
        print(f"  {'':8} median {median:.1f} ms, largest ({largest[0]} words) {largest[1]:.0f} ms")


def measure_limits(random_: random.Random) -> None:
    print("\nlimits")
    large = written(random_, 2600)
    fresh = [sentence(random_) for _ in range(50)]
    other = [Clause(f"{sentence(random_)} {k}") for k in range(10_000)]
    another = [Clause(f"{k} {sentence(random_)}") for k in range(10_000)]
    blob = " ".join(sentence(random_) for _ in range(12_000))[: 1 << 20]
    cases = {
        "60,000 words, 5 % touched": (large, edited(random_, large, 0.05, fresh).after),
        "10,000 clauses, all different": (other, another),
        "8,000 identical rows and 9,000": (
            [Clause("Yes; No; Session")] * 8000,
            [Clause("Yes; No; Session")] * 9000,
        ),
        "one clause of 1 MiB, edited": ([Clause(blob)], [Clause(blob.replace("advertising", "research"))]),
    }
    for name, (before, after) in cases.items():
        started = time.process_time()
        align(before, after)
        words = sum(len(c.text.split()) for c in before)
        print(
            f"  {name}: {(time.process_time() - started) * 1000:.0f} ms ({words} words, {len(before)} clauses)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=80, help="pairs of each sort (80)")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="a .tar.xz of Markdown policies")
    parser.add_argument("--half", choices=["fit", "held"], default="fit")
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    random_ = random.Random(options.seed)
    measure("written here", list(pairs_written(random_, options.documents)))
    if options.texts.is_file():
        found = list(pairs_read(random_, options.texts, options.documents, options.half))
        measure(f"read from {options.texts.name}, half '{options.half}'", found)
    else:
        print(f"\nno texts at {options.texts}: skipped")
    measure_limits(random_)


if __name__ == "__main__":
    main()
