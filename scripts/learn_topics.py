"""Learn the topic model from clauses labelled by hand and from section headings.

    python scripts/learn_topics.py CORPUS --out watcher/compare/topics.json [--check] [--cache FILE]

CORPUS is a folder of Markdown policy texts (`collection/Service--Document.md`). The hand labels are in
`scripts/topic_labels.tsv`: document, first 12 digits of the clause's SHA-256, topics; a clause is found in CORPUS by
its hash. Two steps: a logistic model of what headings name (free labels, many) and, over its scores and the same
features together with those of the headings, a ridge regression on the hand labels. Both are linear, so the result
is one table of weights. Only words and weights are written, no sentence of any text. Deterministic.

``--check`` holds a fifth of the services out of both steps, in turn, and prints the scores on their labelled
clauses by fold and by language; nothing is written. Needs numpy and scipy, which the use of the model does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums in one order

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import Capture, ClauseKind, Topic
from watcher.compare.headings import named_by
from watcher.compare.topics import section_features, text_features
from watcher.extract import read

LABELS = Path(__file__).with_name("topic_labels.tsv")
LANGUAGES = ("en", "fr", "de", "es", "pt", "nl", "it")
ORDER = tuple(sorted(Topic, key=lambda t: t.value))
FOLDS = 5
MOST_OF_A_DOCUMENT = 30  # clauses without a hand label
LEAST_SERVICES, LEAST_LABELLED = 10, 3  # services: of all clauses, or of labelled ones
HEADINGS_PENALTY, HEADINGS_STEPS = 0.3, 22
RIDGE, OF_HEADINGS = 2.0, 0.05
SLOPE, SHIFT = 9.0, -3.85  # ridge scores as log odds: of those at 0.43, half were right on unseen services
THRESHOLD, FIRST = 0.5, 0.12  # a topic is named from THRESHOLD; the first one from FIRST
MAX_BYTES = 400_000
SCALE = 0.05


@dataclass(frozen=True)
class Row:
    """One clause: its service, language, features, what its headings name, and its labels, None without."""

    service: str
    language: str
    text: dict[str, float]
    section: dict[str, float]
    named: frozenset[Topic]
    labels: frozenset[Topic] | None


def service_of(document: str) -> str:
    return re.sub(r"\W+", "", document.rsplit("/", 1)[-1].split("--")[0].casefold())


def fold_of(service: str) -> int:
    return hashlib.sha256(service.encode()).digest()[0] % FOLDS


def hand_labels(path: Path = LABELS) -> dict[tuple[str, str], frozenset[Topic]]:
    """Topics by document and clause hash; an empty set is a clause that is about none."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            document, clause, topics = line.split("\t")
            found[document, clause] = frozenset(Topic(t) for t in topics.split(",") if t != "-")
    return found


def rows_of(corpus: Path) -> list[Row]:
    """Labelled clauses, and of each document some others under telling headings, each text once."""
    labels = hand_labels()
    rows, seen, wanted = [], set(), {clause for _, clause in labels}
    for path in sorted(corpus.rglob("*.md")):
        name, body = str(path.relative_to(corpus)), path.read_bytes()
        url = f"https://corpus.test/{path.name}"
        headers = {"content-type": "text/markdown; charset=utf-8"}
        document = read(Capture(url, url, 200, headers, body, datetime(2026, 1, 1, tzinfo=UTC)))
        others = []
        for clause in document.clauses:
            digest = hashlib.sha256(clause.text.encode()).hexdigest()
            mine = labels.get((name, digest[:12]))
            if (
                clause.kind is ClauseKind.HEADING
                or digest in seen
                or (mine is None and digest[:12] in wanted)
            ):
                continue
            named = named_by(clause.section)
            if mine is None and (
                not named or document.language not in LANGUAGES or len(clause.text.split()) < 5
            ):
                continue
            seen.add(digest)
            others.append((mine is None, digest, clause.text, clause.section, named, mine))
        others.sort(key=lambda x: x[:2])
        hand = sum(not x[0] for x in others)
        for _, _, text, section, named, mine in others[: hand + MOST_OF_A_DOCUMENT]:
            rows.append(
                Row(
                    service_of(name),
                    document.language,
                    text_features(text),
                    section_features(section),
                    named,
                    mine,
                )
            )
    return rows


def vocabulary(rows: list[Row]) -> tuple[list[str], int]:
    """Features that stand in enough services, or in labelled clauses of enough, so that no service's name is one;
    those of the text first, and how many those are."""
    services: dict[str, set[str]] = {}
    for row in rows:
        services.setdefault(row.service, set()).update(row.text, row.section)
    spread = Counter(f for found in services.values() for f in found)
    labelled = Counter(
        f for _, f in {(r.service, f) for r in rows if r.labels is not None for f in (*r.text, *r.section)}
    )
    chosen = sorted(f for f, n in spread.items() if labelled[f] >= LEAST_LABELLED or n >= LEAST_SERVICES)
    of_text = {f for r in rows for f in r.text}
    ordered = [f for f in chosen if f in of_text] + [f for f in chosen if f not in of_text]
    return ordered, sum(f in of_text for f in chosen)


def matrix(rows: list[Row], features: list[str]) -> csr_matrix:
    index = {f: i for i, f in enumerate(features)}
    data, columns, starts = [], [], [0]
    for row in rows:
        for f, value in (*row.text.items(), *row.section.items()):
            if f in index:
                columns.append(index[f])
                data.append(value)
        starts.append(len(columns))
    table = csr_matrix((data, columns, starts), shape=(len(rows), len(features)), dtype=np.float64)
    table.sort_indices()
    return table


def of_headings(x: csr_matrix, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logistic regression of all topics at once: weights (features by topics) and bias."""
    d, k = x.shape[1], y.shape[1]
    turned = x.T.tocsr()

    def loss(v: np.ndarray) -> tuple[float, np.ndarray]:
        w, b = v[: d * k].reshape(d, k), v[d * k :]
        z = x @ w + b
        miss = 1 / (1 + np.exp(-z)) - y
        value = (np.logaddexp(0, z) - y * z).sum() + 0.5 * HEADINGS_PENALTY * (w * w).sum()
        return value, np.concatenate([(turned @ miss + HEADINGS_PENALTY * w).ravel(), miss.sum(0)])

    start = np.zeros(d * k + k)
    share = y.mean(0)
    start[d * k :] = np.log((share + 1e-4) / (1 - share))
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": HEADINGS_STEPS, "maxcor": 6}
    ).x
    return found[: d * k].reshape(d, k), found[d * k :]


def fit(rows: list[Row], x: csr_matrix, of_text: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias in log odds: ridge on the labelled rows over the features and the heading model's scores."""
    free = np.array([i for i, r in enumerate(rows) if r.labels is None])
    hand = np.array([i for i, r in enumerate(rows) if r.labels is not None])
    named = np.array([[t in rows[i].named for t in ORDER] for i in free], dtype=float)
    w0, b0 = of_headings(x[free][:, :of_text], named)
    mine = x[hand]
    scores = np.asarray(mine[:, :of_text] @ w0) + b0 + 3.0
    y = np.array([[t in (rows[i].labels or ()) for t in ORDER] for i in hand], dtype=float)
    mean = y.mean(0)
    kernel = (mine @ mine.T).toarray() + OF_HEADINGS * (scores @ scores.T) + 0.2
    alpha = cho_solve(cho_factor(kernel + RIDGE * np.eye(len(hand))), y - mean)
    weights = np.asarray(mine.T @ alpha)
    mix = OF_HEADINGS * (scores.T @ alpha)
    weights[:of_text] += w0 @ mix
    bias = mean + (b0 + 3.0) @ mix + 0.2 * alpha.sum(0)
    return SLOPE * weights, SLOPE * bias + SHIFT


def decide(p: np.ndarray) -> np.ndarray:
    got = p >= THRESHOLD
    at = np.arange(len(p))
    best = p.argmax(1)
    got[at, best] |= p[at, best] >= FIRST
    return got


def f1(got: np.ndarray, want: np.ndarray) -> float:
    return float(2 * (got & want).sum() / max(1, got.sum() + want.sum()))


def chances(x: csr_matrix, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(x @ weights + bias)))


def check(rows: list[Row]) -> None:
    """Scores on the labelled clauses of services that neither step has seen."""
    want_all, got_all, language = [], [], []
    for k in range(FOLDS):
        train = [r for r in rows if fold_of(r.service) != k]
        test = [r for r in rows if fold_of(r.service) == k and r.labels is not None]
        features, of_text = vocabulary(train)
        table = shortened(features, *fit(train, matrix(train, features), of_text))
        got = decide(chances(matrix(test, table[0]), table[1], table[2]))
        want = np.array([[t in (r.labels or ()) for t in ORDER] for r in test])
        print(f"fold {k}: {len(test)} clauses of unseen services, micro-F1 {f1(got, want):.3f}", flush=True)
        want_all.append(want)
        got_all.append(got)
        language += [r.language for r in test]
    got, want, of = np.vstack(got_all), np.vstack(want_all), np.array(language)
    hits = (got & want).sum()
    print(
        f"all: micro-F1 {f1(got, want):.3f}, precision {hits / got.sum():.3f}, recall {hits / want.sum():.3f}"
    )
    for code in LANGUAGES:
        print(f"{code}: {f1(got[of == code], want[of == code]):.3f} of {(of == code).sum()}")
    for i, topic in enumerate(ORDER):
        print(f"{topic.value:14s} F1 {f1(got[:, i], want[:, i]):.2f} of {want[:, i].sum()}")


def shortened(
    features: list[str], weights: np.ndarray, bias: np.ndarray
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Weights as they are shipped: rounded, the smallest left out until the table is small enough."""
    steps = np.round(weights / SCALE)
    sizes = np.sort(np.abs(steps[steps != 0]))[::-1]
    least = max(3.0, sizes[min(len(sizes) - 1, MAX_BYTES // 6)])
    steps[np.abs(steps) < least] = 0
    kept = np.flatnonzero(np.abs(steps).sum(1))
    return [features[i] for i in kept], steps[kept] * SCALE, np.round(bias, 3)


def write(path: Path, features: list[str], weights: np.ndarray, bias: np.ndarray) -> None:
    table = {}
    for feature, row in zip(features, np.round(weights / SCALE).astype(int), strict=True):
        table[feature] = [int(n) for i in np.flatnonzero(row) for n in (i, row[i])]
    data = {
        "topics": [t.value for t in ORDER],
        "scale": SCALE,
        "bias": [float(b) for b in bias],
        "weights": table,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
    print(f"{len(table)} features, {path.stat().st_size} bytes -> {path}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--check", action="store_true", help="hold services out and print scores")
    parser.add_argument("--cache", type=Path, help="keep the features read from the corpus here")
    args = parser.parse_args()
    if args.cache and args.cache.exists():
        rows = pickle.loads(args.cache.read_bytes())
    else:
        rows = rows_of(args.corpus)
        if args.cache:
            args.cache.write_bytes(pickle.dumps(rows))
    hand = sum(r.labels is not None for r in rows)
    print(f"{hand} clauses labelled by hand, {len(rows) - hand} under telling headings", flush=True)
    if args.check:
        check(rows)
    if args.out:
        features, of_text = vocabulary(rows)
        write(args.out, *shortened(features, *fit(rows, matrix(rows, features), of_text)))


if __name__ == "__main__":
    main()
