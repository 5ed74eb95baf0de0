"""What a clause is about: topics by a small linear model over its words, their meanings and its headings.

The model (`topics.json`) was learned by `scripts/learn_topics.py` from clauses labelled by hand and from section
headings, which name the subject of the clauses beneath them. At run time it is a dot product: the clause and its
headings are added up apart, so that headings are counted once for all clauses beneath them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from storage.records import Topic
from watcher.compare.edit import words_of
from watcher.compare.headings import named_by
from watcher.compare.meanings import meanings

Section = tuple[str, ...]

_MOST_WORDS = 400  # of a clause; what it is about stands before that
_MOST_HEADING = 12
_LONG = 7  # letters from which a word also counts by its beginning
_BEGINNING = 5
_SHARES = {"": 1.0, "^": 0.7, "c:": 1.0, "d:": 0.55, "h:": 0.55, "n:": 0.55}
_ELISION = re.compile(r"(?:^|(?<=\s))(?:[a-zà-ÿ]{1,5})['’](?=[a-zà-ÿ]{3})", re.IGNORECASE)


@dataclass(frozen=True)
class Model:
    """Weights by feature, for each topic of ``topics`` in that order; the features are those of `features`."""

    topics: tuple[Topic, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]

    def score(self, text: str, section: Section = ()) -> dict[Topic, float]:
        """Probability 0–1 of each topic, independent of the others; all 0 where no word is known."""
        of_text = self._of_text(text)
        if of_text is None:
            return dict.fromkeys(self.topics, 0.0)
        sums = zip(self.topics, self.bias, of_text, self._of_section(section), strict=True)
        return {t: 1 / (1 + math.exp(-max(-30.0, min(30.0, b + x + y)))) for t, b, x, y in sums}

    def _of_text(self, text: str) -> tuple[float, ...] | None:
        return self._sum(text_features(text))

    def _of_section(self, section: Section) -> tuple[float, ...]:
        known = self._sections.get(section)
        if known is None:
            if len(self._sections) > 2000:
                self._sections.clear()
            known = self._sums(section)
            self._sections[section] = known
        return known

    @cached_property
    def _sections(self) -> dict[Section, tuple[float, ...]]:
        return {}

    def _sums(self, section: Section) -> tuple[float, ...]:
        return self._sum(section_features(section)) or (0.0,) * len(self.topics)

    def _sum(self, found: Mapping[str, float]) -> tuple[float, ...] | None:
        totals = [0.0] * len(self.topics)
        known = False
        for feature, value in found.items():
            row = self.weights.get(feature)
            if row:
                known = True
                for i, weight in row:
                    totals[i] += weight * value
        return tuple(totals) if known else None


def features(text: str, section: Section = ()) -> dict[str, float]:
    """All features of a clause under its headings, with their values."""
    return text_features(text) | section_features(section)


def text_features(text: str) -> dict[str, float]:
    """Words (digits folded to one sign), beginnings of long words, and meanings."""
    words = _words(text)[:_MOST_WORDS]
    return {
        **_block("", {w for w in words if len(w) > 1 or w == "0"}),
        **_block("^", {w[:_BEGINNING] for w in words if len(w) >= _LONG}),
        **_block("c:", {m for w in set(words) for m in meanings(w)}),
    }


def section_features(section: Section) -> dict[str, float]:
    """Words and meanings of the two nearest headings, and the topics that the nearest telling one names."""
    words = [w for heading in section[-2:] for w in _words(heading)[:_MOST_HEADING]]
    return {
        **_block("h:", {w for w in words if len(w) > 1}),
        **_block("d:", {m for w in words for m in meanings(w)}),
        **{f"n:{t.value}": _SHARES["n:"] for t in sorted(named_by(section))},
    }


def _block(prefix: str, found: set[str]) -> dict[str, float]:
    """Features of one kind, together of one length, so that a long clause weighs as much as a short one."""
    value = _SHARES[prefix] / math.sqrt(len(found) or 1)
    return dict.fromkeys([prefix + f for f in found], value)


def _words(text: str) -> list[str]:
    return ["0" if w.isdigit() else w for w in words_of(_ELISION.sub(" ", text))]


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
def about(text: str, section: Section = ()) -> Mapping[Topic, float]:
    """Topic probabilities of a text under its headings by the model; empty without one."""
    learned = model()
    return learned.score(text, section) if learned else {}


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
