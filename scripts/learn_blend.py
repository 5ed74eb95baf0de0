"""Fit how a change's topics follow from what its clauses say (`watcher/compare/blend.py`).

    python scripts/learn_blend.py PAIRS --out watcher/compare/topics_blend.json

PAIRS is a pickle of rows (name, kind of policy, judged clauses, topics named by a person), as written by
`benchmarks/judgement.py SET --pairs PAIRS`. Needs numpy and scikit-learn. Deterministic. Prints the micro-F1 of
each half of the documents (by first letter, a–h and i–z) with weights fitted on the other half; ships those of all.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import PolicyKind, Topic
from watcher.compare.blend import EVIDENCE, MOST, evidence

ORDER = tuple(Topic)
THRESHOLD = 0.36


def design(kind: PolicyKind, judged: list) -> np.ndarray:  # type: ignore[type-arg]
    rows, size = evidence(judged)
    eye = np.eye(len(ORDER))
    table = np.array([rows[t] for t in ORDER])
    return np.hstack([table, eye, eye * (kind is PolicyKind.TERMS), eye * size])


def fit(x: list[np.ndarray], y: list[np.ndarray]) -> LogisticRegression:
    return LogisticRegression(C=0.7, max_iter=5000).fit(np.vstack(x), np.concatenate(y))


def f1(model: LogisticRegression, x: list[np.ndarray], y: list[np.ndarray]) -> float:
    tp = fp = fn = 0
    for table, want in zip(x, y, strict=True):
        p = model.predict_proba(table)[:, 1]
        got = np.zeros(len(ORDER), dtype=bool)
        got[[k for k in np.argsort(-p)[:MOST] if p[k] >= THRESHOLD]] = True
        tp, fp, fn = tp + (got & want).sum(), fp + (got & ~want).sum(), fn + (~got & want).sum()
    return float(2 * tp / max(1, 2 * tp + fp + fn))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = pickle.loads(args.pairs.read_bytes())
    x = [design(kind, judged) for _, kind, judged, _ in rows]
    y = [np.array([t.value in topics for t in ORDER]) for *_, topics in rows]
    early = [name[0] <= "h" for name, *_ in rows]
    for half in (True, False):
        train = [i for i, e in enumerate(early) if e != half]
        test = [i for i, e in enumerate(early) if e == half]
        model = fit([x[i] for i in train], [y[i] for i in train])
        score = f1(model, [x[i] for i in test], [y[i] for i in test])
        print(f"{'a–h' if half else 'i–z'} by weights of the other half: micro-F1 {score:.3f}")
    model = fit(x, y)
    print(f"all, fitted on all: micro-F1 {f1(model, x, y):.3f}")
    coef = [round(float(c), 3) for c in model.coef_[0]]
    n, k = len(EVIDENCE), len(ORDER)
    data: dict[str, object] = {"weights": coef[:n], "threshold": THRESHOLD}
    shift = float(model.intercept_[0])
    for place, name in enumerate(("bias", "contract", "size")):
        part = coef[n + place * k : n + (place + 1) * k]
        data[name] = {
            t.value: round(c + (shift if name == "bias" else 0.0), 3)
            for t, c in zip(ORDER, part, strict=True)
        }
    args.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
