"""What a change is about: topics from the signals, from a small linear model, and from the headings above.

The model (`topics.json`) was learned by `scripts/learn_topics.py` from section headings, which name the subject
of the clauses beneath them. At run time it is a dot product over the words of the clause.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Topic
from watcher.compare.edit import words_of


@dataclass(frozen=True)
class Model:
    """Weights by feature, for each topic of ``topics`` in that order; features are words and pairs of words."""

    topics: tuple[Topic, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]

    def score(self, text: str) -> dict[Topic, float]:
        """Probability 0–1 of each topic, independent of the others; all 0 where no word is known."""
        totals = list(self.bias)
        known = 0
        found = features(text)
        norm = 1 / math.sqrt(len(found) or 1)
        for feature in found:
            row = self.weights.get(feature)
            if row:
                known += 1
                for i, weight in row:
                    totals[i] += weight * norm
        if not known:
            return dict.fromkeys(self.topics, 0.0)
        return {
            topic: 1 / (1 + math.exp(-max(-30.0, min(30.0, t))))
            for topic, t in zip(self.topics, totals, strict=True)
        }


def features(text: str) -> frozenset[str]:
    """Words of two letters and more (digits folded to one sign) and neighbouring pairs."""
    words = ["0" if w.isdigit() else w for w in words_of(text)]
    return frozenset(w for w in words if len(w) > 1 or w == "0") | frozenset(
        f"{a} {b}" for a, b in itertools.pairwise(words)
    )


@lru_cache(maxsize=1)
def model() -> Model | None:
    """The shipped model; None where the file is absent (the lists then stand alone)."""
    path = files("watcher.compare").joinpath("topics.json")
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    scale = data["scale"]
    return Model(
        tuple(Topic(t) for t in data["topics"]),
        tuple(data["bias"]),
        {
            f: tuple((i, w * scale) for i, w in zip(row[::2], row[1::2], strict=True))
            for f, row in data["weights"].items()
        },
    )


@lru_cache(maxsize=8192)
def about(text: str) -> Mapping[Topic, float]:
    """Topic probabilities of a text by the model; empty without one."""
    learned = model()
    return learned.score(text) if learned else {}


def strongest(weights: Mapping[Topic, float], *, share: float, most: int) -> tuple[Topic, ...]:
    """The topics that carry at least ``share`` of what the strongest carries, strongest first."""
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] <= 0:
        return ()
    floor = ranked[0][1] * share
    return tuple(t for t, w in ranked[:most] if w >= floor)


def total(parts: Iterable[Mapping[Topic, float]]) -> dict[Topic, float]:
    """The sum of weights, topic by topic."""
    out: dict[Topic, float] = {}
    for part in parts:
        for topic, weight in part.items():
            out[topic] = out.get(topic, 0.0) + weight
    return out
