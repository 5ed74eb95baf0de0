"""Fit how a change's topics follow from what its clauses say (`watcher/compare/blend.py`).

    python scripts/learn_blend.py PAIRS --out watcher/compare/topics_blend.json [--together NAMES]

PAIRS is a pickle of rows (name, share of the words that changed, judged clauses, topics named by a person), as
written by `benchmarks/judgement.py SET HTML --pairs PAIRS`. What a second reader named (`scripts/second_reader.tsv`)
is learned from as well: two readers agree on two topics of three, so one alone teaches habits. A company's documents
share their texts, so the honest figure leaves out one company at a time: the part of a name before the first hyphen;
those of ``--together`` (separated by commas) count as one. Prints that micro-F1 and the fitted one; ships the weights
fitted on all. Needs numpy and scikit-learn. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import Topic
from watcher.compare.blend import EVIDENCE, MOST, evidence

ORDER = tuple(Topic)
THRESHOLD, FIRST = 0.3, 0.2
SECOND = Path(__file__).with_name("second_reader.tsv")


def design(share: float, judged: list) -> np.ndarray:  # type: ignore[type-arg]
    rows, size = evidence(judged)
    table = np.array([rows[t] for t in ORDER])
    ones = np.ones((len(ORDER), 1))
    return np.hstack([table, ones * size, ones * min(1.0, share)])


def second_reader() -> dict[str, np.ndarray]:
    """What the second reader named, by the digest of a change's name."""
    lines = (line for line in SECOND.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = (line.split("\t") for line in lines)
    return {digest: np.array([t.value in topics.split(",") for t in ORDER]) for digest, topics in rows}


def fit(x: list[np.ndarray], y: list[np.ndarray]) -> LogisticRegression:
    return LogisticRegression(C=0.5, max_iter=5000).fit(np.vstack(x), np.concatenate(y))


def named(model: LogisticRegression, table: np.ndarray) -> np.ndarray:
    p = model.predict_proba(table)[:, 1]
    p[~table[:, : len(EVIDENCE)].any(1)] = 0.0
    got = np.zeros(len(ORDER), dtype=bool)
    ranked = np.argsort(-p, kind="stable")[:MOST]
    got[[k for i, k in enumerate(ranked) if p[k] >= (THRESHOLD if i else FIRST)]] = True
    return got


def scores(got: list[np.ndarray], want: list[np.ndarray]) -> str:
    g, w = np.array(got), np.array(want)
    hits = (g & w).sum()
    f1 = 2 * hits / max(1, g.sum() + w.sum())
    return f"micro-F1 {f1:.3f}, precision {hits / max(1, g.sum()):.3f}, recall {hits / max(1, w.sum()):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--together", default="", help="companies with shared texts, separated by commas")
    args = parser.parse_args()
    rows = pickle.loads(args.pairs.read_bytes())
    x = [design(share, judged) for _, share, judged, _ in rows]
    y = [np.array([t.value in topics for t in ORDER]) for *_, topics in rows]
    read = second_reader()
    digests = [hashlib.sha256(name.encode()).hexdigest()[:12] for name, *_ in rows]
    both = {i: [y[i], *([read[d]] if d in read else [])] for i, d in enumerate(digests)}
    one = set(args.together.split(","))
    companies = [name.split("-")[0] for name, *_ in rows]
    companies = ["together" if c in one else c for c in companies]
    got = [np.zeros(len(ORDER), dtype=bool) for _ in rows]
    for company in sorted(set(companies)):
        train = [i for i, c in enumerate(companies) if c != company]
        model = fit([x[i] for i in train for _ in both[i]], [topics for i in train for topics in both[i]])
        for i in (i for i, c in enumerate(companies) if c == company):
            got[i] = named(model, x[i])
    print(f"{len(set(companies))} companies, each by weights of the others: {scores(got, y)}")
    known = [i for i, d in enumerate(digests) if d in read]
    print(f"  against the second reader: {scores([got[i] for i in known], [both[i][1] for i in known])}")
    print(f"  the two readers: {scores([both[i][1] for i in known], [y[i] for i in known])}")
    model = fit([x[i] for i in both for _ in both[i]], [topics for i in both for topics in both[i]])
    print(f"fitted on all: {scores([named(model, table) for table in x], y)}")
    coef = [round(float(c), 3) for c in model.coef_[0]]
    data = {
        "weights": coef[: len(EVIDENCE)],
        "bias": round(float(model.intercept_[0]), 3),
        "size": coef[-2],
        "share": coef[-1],
        "threshold": THRESHOLD,
        "first": FIRST,
    }
    if args.out:
        args.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
