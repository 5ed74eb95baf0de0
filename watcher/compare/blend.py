"""The topics of a change as a whole, from what its clauses say: a logistic blend with few weights.

A person who labels a change names the one to three subjects that stand out, not all that are touched. What
stands out was fitted (`scripts/learn_blend.py`): one weight for each kind of evidence below, the same for every
topic, so that a sector of which no change was ever labelled is judged like the others; and two for how much of
the document changed, because in a text written anew less stands out. At run time it is a sum of some twenty products.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import ClauseKind, Materiality, Topic
from watcher.compare.edit import Edit
from watcher.compare.headings import named, named_by
from watcher.compare.judge import CONTACT_ONLY, Judgement
from watcher.compare.topics import about

EVIDENCE = (
    "facts", "facts share", "fresh", "fresh share", "known", "known share", "grave", "first share", "second share",
    "model", "model share", "model best", "model rank", "heading share", "heading", "heading grave",
)  # fmt: skip
"""What is counted for each topic: exact facts, words new to the document, words known to it, the gravest of
them, the share of clauses that are first and second of all about it, the linear model, the headings above."""

MOST = 3
_ORDER = tuple(Topic)
_Sums = defaultdict[Topic, float]


@dataclass(frozen=True)
class Blend:
    """``weights`` in the order of `EVIDENCE`, ``size`` and ``share`` of the change, all of log odds.

    ``threshold`` and ``first`` are probabilities: from the one a topic is named, from the other the likeliest."""

    weights: tuple[float, ...]
    bias: float
    size: float
    share: float
    threshold: float
    first: float

    def topics(
        self, judged: Sequence[tuple[Edit, Judgement]], share: float, *, modelled: bool = True
    ) -> tuple[Topic, ...]:
        """The subjects that stand out, most certain first, at most three; none where nothing does.

        ``share`` is the part of the document's words that changed, 0 to 1."""
        rows, size = evidence(judged, modelled=modelled)
        shift = self.bias + self.size * size + self.share * min(1.0, share)
        chances = {}
        for topic, row in rows.items():
            total = shift + sum(w * x for w, x in zip(self.weights, row, strict=True))
            chances[topic] = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        ranked = sorted((t for t in chances if any(rows[t])), key=lambda t: (-chances[t], t))[:MOST]
        return tuple(t for i, t in enumerate(ranked) if chances[t] >= (self.threshold if i else self.first))


def evidence(
    judged: Sequence[tuple[Edit, Judgement]], *, modelled: bool = True
) -> tuple[dict[Topic, tuple[float, ...]], float]:
    """For each topic what speaks for it, in the order of `EVIDENCE`, and the size of the change (0 to about 1.6)."""
    facts: _Sums = defaultdict(float)
    fresh: _Sums = defaultdict(float)
    known: _Sums = defaultdict(float)
    grave: _Sums = defaultdict(float)
    first: _Sums = defaultdict(float)
    second: _Sums = defaultdict(float)
    model: _Sums = defaultdict(float)
    best: _Sums = defaultdict(float)
    heads: _Sums = defaultdict(float)
    head_grave: _Sums = defaultdict(float)
    words = 0
    for edit, j in judged:
        if j.harmless:
            continue
        words += edit.size
        size = math.log2(1 + edit.size)
        here: _Sums = defaultdict(float)
        if (
            j.weights and set(j.weights) <= CONTACT_ONLY
        ):  # an address changed: whatever the clause around it speaks of
            for topic, weight in j.weights.items():
                facts[topic] += weight
            first[Topic.CONTACT] += size
            continue
        for hit in j.hits:
            counter, force = (facts, 2.0) if hit.exact else (fresh, 1.5) if hit.fresh else (known, 0.7)
            for i, topic in enumerate(hit.topics):
                counter[topic] += 0.7**i
                here[topic] += force * 0.7**i
                if hit.severity is Materiality.HIGH and (hit.exact or hit.fresh):
                    grave[topic] = max(grave[topic], 0.7**i)
        changed, context = about(f"{edit.gone} {edit.new}"), about(edit.after or edit.before, edit.section)
        for topic in changed if modelled else ():
            p = 0.5 * changed[topic] + 0.5 * context[topic]
            model[topic] += p * size
            best[topic] = max(best[topic], p * min(1.0, edit.size / 10))
            here[topic] += 2 * p
        ranked = sorted(_ORDER, key=lambda t: -here[t])
        for counter, topic in ((first, ranked[0]), (second, ranked[1])):
            if here[topic] > 0.5:
                counter[topic] += size
        above = named(edit.after or edit.before) if edit.kind is ClauseKind.HEADING else frozenset()
        above = above or named_by(edit.section)
        for topic in above:
            heads[topic] += math.log2(2 + edit.size) / len(above)
            head_grave[topic] = max(head_grave[topic], j.materiality.rank / 3)
    most = max(model.values(), default=0.0) or 1.0
    rows: dict[Topic, tuple[float, ...]] = {
        t: (
            math.log1p(facts[t]), _share(facts, t), math.log1p(fresh[t]), _share(fresh, t),
            math.log1p(known[t]), _share(known, t), grave[t], _share(first, t), _share(second, t),
            math.log1p(model[t]), _share(model, t), best[t], model[t] / most,
            _share(heads, t), math.log1p(heads[t]), head_grave[t],
        )
        for t in _ORDER
    }  # fmt: skip
    return rows, math.log1p(words) / 6


def _share(counter: _Sums, topic: Topic) -> float:
    return counter[topic] / (sum(counter.values()) or 1.0)


@lru_cache(maxsize=1)
def blend() -> Blend:
    """The shipped weights (`topics_blend.json`)."""
    data = json.loads(files("watcher.compare").joinpath("topics_blend.json").read_text(encoding="utf-8"))
    return Blend(**data | {"weights": tuple(data["weights"])})
