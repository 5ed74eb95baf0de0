"""Fit how much an edit matters in which no known signal speaks (`watcher/compare/unknown.py`).

    python scripts/learn_unknown.py DATABASE [--out watcher/compare/unknown.json] [--together NAMES]

DATABASE is a history with the graded edits in it: the replay set, imported. `scripts/edit_grades.tsv` holds what
people said of each. A logistic regression: is the edit more than a detail (medium or high)? A company's documents
share their texts, so the honest figures leave out one company at a time: the last part of an address before its first
hyphen; those of ``--together`` (separated by commas) count as one. Prints those, ships the weights fitted on all.
Needs numpy and scikit-learn. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.database import Database
from storage.store import Store
from watcher.compare import judged
from watcher.compare.edit import World
from watcher.compare.judge import MORE
from watcher.compare.topics import about
from watcher.compare.unknown import features

GRADES = Path(__file__).with_name("edit_grades.tsv")
ORDER = ("none", "low", "medium", "high")
LEAST = ORDER.index("medium")
PENALTY = 0.1
Row = tuple[str, tuple[float, ...], int]


def grades() -> dict[str, int]:
    lines = (line for line in GRADES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {digest: ORDER.index(grade) for digest, grade in (line.split("\t") for line in lines)}


def rows_of(store: Store) -> Iterator[Row]:
    """End of the address, features and grade of each graded edit that stands in a change of the history."""
    known = grades()
    policies = {policy.id: policy for policy in store.policies()}
    for change in store.changes():
        if change.from_id is None or change.to_id is None:
            continue
        before, after = store.version_document(change.from_id), store.version_document(change.to_id)
        kind = policies[change.policy].kind
        world = World.of(before, after, kind)
        for edit, _ in judged(before, after, kind):
            digest = hashlib.sha256(f"{edit.before}\0{edit.after}".encode()).hexdigest()[:12]
            if digest in known:
                chances = about(edit.after or edit.before, edit.section)
                yield change.url.rsplit("/", 1)[-1], features(edit, world, chances), known.pop(digest)


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights of the features as they are, and the bias: the regression itself sees them scaled."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=3000).fit((x - mean) / spread, y >= LEAST)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--together", default="", help="companies with shared texts, separated by commas")
    args = parser.parse_args()
    database = Database.open(args.database, read_only=True)
    rows = database.call(lambda store: list(rows_of(store)))
    database.close()
    x, y = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    one = set(args.together.split(","))
    names = [row[0].split("-")[0] for row in rows]
    company = np.array(["together" if name in one else name for name in names])
    chances = np.zeros(len(y))
    for left_out in sorted(set(company)):
        here = company == left_out
        weights, bias = fit(x[~here], y[~here])
        chances[here] = 1 / (1 + np.exp(-(x[here] @ weights + bias)))
    told = np.bincount(y[chances >= MORE], minlength=4).tolist()
    print(f"{len(y)} edits of {len(set(company))} companies, each by weights of the others")
    print(
        f"area under the curve {roc_auc_score(y >= LEAST, chances):.3f}; told as more than a detail, by grade:"
    )
    print(
        ", ".join(
            f"{grade} {n} of {(y == k).sum()}" for k, (grade, n) in enumerate(zip(ORDER, told, strict=True))
        )
    )
    weights, bias = fit(x, y)
    data = {"weights": [round(float(w), 3) for w in weights], "bias": round(bias, 3)}
    if args.out:
        args.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
