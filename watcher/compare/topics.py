"""What a clause is about: topics by a small linear model over its words, their meanings and its headings.

The model (`topics.json`) was learned by `scripts/learn_topics.py` from clauses labelled by hand and from section
headings, which name the subject of the clauses beneath them. At run time it is a dot product: the clause and its
headings are added up apart, so that headings are counted once for all clauses beneath them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from storage.records import Topic
from watcher.compare.edit import words_of
from watcher.compare.headings import named_by
from watcher.compare.meanings import meanings

Section = tuple[str, ...]
Block = tuple[list[str], float]  # features and the value they all have

_MOST_WORDS = 400  # of a clause; what it is about stands before that
_MOST_HEADING = 12
_LONG = 7  # letters from which a word also counts by its beginning
_BEGINNING = 5
_BEGINNINGS_WEIGH, _HEADINGS_WEIGH = 0.7, 0.55  # of a word, or of the clause itself
_SECTIONS = 2000  # headings whose sums are kept
_ELISION = re.compile(r"(?:^|(?<=\s))(?:[a-zà-ÿ]{1,5})['’](?=[a-zà-ÿ]{3})", re.IGNORECASE)


@dataclass(frozen=True)
class Model:
    """Weights by feature, one for each topic of ``topics`` in that order; the features are those of `features`."""

    topics: tuple[Topic, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def score(self, text: str, section: Section = ()) -> dict[Topic, float]:
        """Probability 0–1 of each topic, independent of the others; all 0 where no word is known."""
        of_text = self._sums(_text_blocks(text))
        if of_text is None:
            return dict.fromkeys(self.topics, 0.0)
        sums = zip(self.topics, self.bias, of_text, self._of_section(section), strict=True)
        return {t: 1 / (1 + math.exp(-max(-30.0, min(30.0, b + x + y)))) for t, b, x, y in sums}

    def _of_section(self, section: Section) -> Sequence[float]:
        known = self._sections.get(section)
        if known is None:
            if len(self._sections) > _SECTIONS:
                self._sections.clear()
            known = self._sums(_section_blocks(section)) or (0.0,) * len(self.topics)
            self._sections[section] = known
        return known

    @cached_property
    def _sections(self) -> dict[Section, Sequence[float]]:
        return {}

    def _sums(self, blocks: Iterable[Block]) -> Sequence[float] | None:
        """The weights of all known features, block by block; None where none is known."""
        parts = []
        for names, value in blocks:
            rows = [row for name in names if (row := self.weights.get(name))]
            if rows:
                parts.append([value * sum(column) for column in zip(*rows, strict=True)])
        return [sum(column) for column in zip(*parts, strict=True)] if parts else None


def features(text: str, section: Section = ()) -> dict[str, float]:
    """All features of a clause under its headings, with their values."""
    return text_features(text) | section_features(section)


def text_features(text: str) -> dict[str, float]:
    """Words (digits folded to one sign), beginnings of long words, and meanings."""
    return {name: value for names, value in _text_blocks(text) for name in names}


def section_features(section: Section) -> dict[str, float]:
    """Words and meanings of the two nearest headings, and the topics that the nearest telling one names."""
    return {name: value for names, value in _section_blocks(section) for name in names}


def _text_blocks(text: str) -> tuple[Block, ...]:
    words = sorted(set(_words(text)[:_MOST_WORDS]))
    return (
        _block([w for w in words if len(w) > 1 or w == "0"]),
        _block(sorted({f"^{w[:_BEGINNING]}" for w in words if len(w) >= _LONG}), _BEGINNINGS_WEIGH),
        _block(sorted({f"c:{m}" for w in words for m in meanings(w)})),
    )


def _section_blocks(section: Section) -> tuple[Block, ...]:
    words = sorted({w for heading in section[-2:] for w in _words(heading)[:_MOST_HEADING]})
    return (
        _block([f"h:{w}" for w in words if len(w) > 1], _HEADINGS_WEIGH),
        _block(sorted({f"d:{m}" for w in words for m in meanings(w)}), _HEADINGS_WEIGH),
        ([f"n:{t.value}" for t in sorted(named_by(section))], _HEADINGS_WEIGH),
    )


def _block(names: list[str], weigh: float = 1.0) -> Block:
    """Features of one kind, together of one length, so that a long clause weighs as much as a short one."""
    return names, weigh / math.sqrt(len(names) or 1)


def _words(text: str) -> list[str]:
    return ["0" if w.isdigit() else w for w in words_of(_ELISION.sub(" ", text))]


@lru_cache(maxsize=1)
def model() -> Model | None:
    """The shipped model; None where the file is absent (the lists then stand alone)."""
    path = files("watcher.compare").joinpath("topics.json")
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    topics = tuple(Topic(t) for t in data["topics"])
    values = {
        n: n * data["scale"] for row in data["weights"].values() for n in row[1::2]
    }  # one object a value
    weights = {}
    for feature, row in data["weights"].items():
        dense = [0.0] * len(topics)
        for i, n in zip(row[::2], row[1::2], strict=True):
            dense[i] = values[n]
        weights[feature] = tuple(dense)
    return Model(topics, tuple(data["bias"]), weights)


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
