"""Learn the topic model from section headings: a heading names the subject of the clauses beneath it.

    python scripts/learn_topics.py CORPUS --out watcher/compare/topics.json [--check]

CORPUS is a folder of Markdown policy texts (any depth). Needs numpy, scipy and scikit-learn; none of them is
needed to use the model. Deterministic: files in name order, fixed seed, a split by document name. Only words
and weights are written, no sentence of any text. ``--check`` holds every fifth document out and prints scores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import Topic
from watcher.compare.headings import HEADINGS, named
from watcher.compare.topics import features

MOST_FEATURES = 8_000
LEAST_WEIGHT = 1.0
SCALE = 0.05


def clauses(path: Path) -> Iterator[tuple[frozenset[Topic], str]]:
    """Clauses of a Markdown text with the topics their nearest heading names."""
    topics: frozenset[Topic] = frozenset()
    for line in re.split(r"\n+", path.read_text(encoding="utf-8", errors="ignore")):
        line = line.strip()
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
        head = re.match(r"#{1,6}\s+(.+)", text) or re.fullmatch(r"\*\*(.{4,90}?)\*\*:?", text)
        text = " ".join(re.sub(r"[*_`#|\\]+", " ", text).split())
        if head:
            topics = named(re.sub(r"[*_`\\]+", "", head[1]))
        elif topics and len(text.split()) >= 6:
            yield topics, text


def held_out(path: Path) -> bool:
    return hashlib.sha256(path.name.encode()).digest()[0] % 5 == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", action="store_true", help="hold every fifth document out and print scores")
    args = parser.parse_args()

    rows: list[tuple[frozenset[Topic], frozenset[str], bool]] = []
    per_document: Counter[str] = Counter()
    seen: set[str] = set()
    for path in sorted(args.corpus.rglob("*.md")):
        in_document: set[str] = set()
        for topics, text in clauses(path):
            key = hashlib.sha256(text.encode()).hexdigest()
            if key in seen:
                continue
            seen.add(key)
            found = features(text)
            in_document |= found
            rows.append((topics, found, args.check and held_out(path)))
        per_document.update(in_document)
    print(f"{len(rows)} clauses under telling headings")
    train = [r for r in rows if not r[2]]
    vocabulary = _vocabulary(train, per_document)
    x = _matrix(train, vocabulary)
    order = sorted(HEADINGS, key=lambda t: t.value)
    weights, bias = [], []
    for topic in order:
        y = np.fromiter((topic in r[0] for r in train), dtype=bool, count=len(train))
        fit = LogisticRegression(C=10.0, solver="liblinear", random_state=0, max_iter=200).fit(x, y)
        weights.append(fit.coef_[0])
        bias.append(float(fit.intercept_[0]))
        print(f"{topic.value:14s} {int(y.sum()):6d} clauses", flush=True)
    table = np.array(weights)
    if args.check:
        _check([r for r in rows if r[2]], vocabulary, order, table, np.array(bias))
    _write(args.out, order, vocabulary, table, bias)


def _vocabulary(
    rows: list[tuple[frozenset[Topic], frozenset[str], bool]], per_document: Counter[str]
) -> list[str]:
    """Features in at least 12 documents, those that tell the topics apart best (chi-square), in alphabetical order."""
    with_feature: Counter[str] = Counter()
    by_topic: dict[str, Counter[Topic]] = defaultdict(Counter)
    totals: Counter[Topic] = Counter()
    for topics, found, _ in rows:
        totals.update(topics)
        for feature in found:
            if per_document[feature] >= 12:
                with_feature[feature] += 1
                by_topic[feature].update(topics)
    n = len(rows)

    def told(feature: str) -> float:
        f = with_feature[feature]
        return max(
            (by_topic[feature][t] - f * totals[t] / n) ** 2 / (f * totals[t] / n + 1.0) for t in totals
        )

    best = sorted(with_feature, key=lambda feature: (-told(feature), feature))[:MOST_FEATURES]
    return sorted(best)


def _matrix(rows: list[tuple[frozenset[Topic], frozenset[str], bool]], vocabulary: list[str]) -> csr_matrix:
    index = {feature: i for i, feature in enumerate(vocabulary)}
    data, columns, starts = [], [], [0]
    for _, found, _ in rows:
        here = sorted(index[f] for f in found if f in index)
        columns += here
        data += [1 / np.sqrt(len(found) or 1)] * len(here)
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(rows), len(vocabulary)))


def _check(rows, vocabulary, order, table, bias) -> None:  # type: ignore[no-untyped-def]
    scores = _matrix(rows, vocabulary) @ table.T + bias
    tp = fp = fn = 0
    for i, topic in enumerate(order):
        want = np.fromiter((topic in r[0] for r in rows), dtype=bool, count=len(rows))
        got = scores[:, i] > -0.4
        a, b, c = int((want & got).sum()), int((~want & got).sum()), int((want & ~got).sum())
        tp, fp, fn = tp + a, fp + b, fn + c
        print(f"{topic.value:14s} F1 {2 * a / max(1, 2 * a + b + c):.2f}  of {int(want.sum())}")
    print(f"micro-F1 on held-out documents {2 * tp / max(1, 2 * tp + fp + fn):.3f}")


def _write(path: Path, order, vocabulary, table, bias) -> None:  # type: ignore[no-untyped-def]
    weights = {}
    for j, feature in enumerate(vocabulary):
        row: list[int] = []
        for i in range(len(order)):
            value = round(float(table[i, j]) / SCALE)
            if abs(value) >= LEAST_WEIGHT / SCALE:
                row += [i, value]
        if row:
            weights[feature] = row
    data = {
        "topics": [t.value for t in order],
        "scale": SCALE,
        "bias": [round(b, 3) for b in bias],
        "weights": weights,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
    print(f"{len(weights)} features, {path.stat().st_size} bytes -> {path}")


if __name__ == "__main__":
    main()
