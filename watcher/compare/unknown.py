"""How much an edit matters in which no known signal speaks: judged by its size, its place and what it is about.

Of 920 such edits of real policies, read one by one, 33 % were more than a detail. What parts them from the others is
no single word but how many words are new, whether they were put in or took the place of others, and the subject of
the clause. The weights (`unknown.json`, fitted by `scripts/learn_unknown.py`) sum that up; the rules that know more
(`judge.py`) come first. The same weights can't tell wording from meaning well enough to keep an edit untold.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import Indel

from storage.records import ClauseKind, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, fold, words_of
from watcher.compare.meanings import meanings
from watcher.compare.paraphrase import SMALL, STANCE
from watcher.compare.reworded import alike

TOPICS = tuple(Topic)
_KINDS = (PolicyKind.PRIVACY, PolicyKind.TERMS, PolicyKind.COOKIES, PolicyKind.GUIDELINES)
_STEM = 5
_CAPITAL = re.compile(r"(?<=[\w,] )[A-ZÀ-Þ]\w")
_LONGEST = 600  # letters compared one by one


@dataclass(frozen=True)
class Unknown:
    """``weights`` in the order of `features`, of log odds."""

    weights: tuple[float, ...]
    bias: float

    def chance(self, row: Sequence[float]) -> float:
        """Probability (0–1) that the edit is more than a detail."""
        total = self.bias + sum(w * x for w, x in zip(self.weights, row, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features(edit: Edit, world: World, about: Mapping[Topic, float]) -> tuple[float, ...]:
    """What the weights look at, in their order; ``about`` are the topic probabilities of the clause."""
    gone, new = _content(edit.gone), _content(edit.new)
    fresh, lost = _without(new, gone), _without(gone, new)
    size = max(len(words_of(edit.before)), len(words_of(edit.after)), 1)
    changed = f"{edit.gone} {edit.new}"
    modified = edit.op is Op.MODIFIED
    return (
        float(edit.op is Op.ADDED),
        float(edit.op is Op.REMOVED),
        float(edit.kind is ClauseKind.HEADING),
        float(edit.kind is ClauseKind.ITEM),
        float(edit.kind is ClauseKind.ROW),
        float(modified and bool(new) and not gone),
        float(modified and bool(gone) and not new),
        math.log1p(len(new)),
        math.log1p(len(gone)),
        math.log1p(len(fresh)),
        math.log1p(len(lost)),
        math.log1p(size),
        min(1.0, edit.size / size),
        _share(fresh, world.before_words),
        _share(lost, world.after_words),
        alike(edit.gone, edit.new) if modified else 0.0,
        Indel.normalized_similarity(fold(edit.gone)[:_LONGEST], fold(edit.new)[:_LONGEST]) if modified else 0.0,
        math.log1p(_meant(fresh)),
        math.log1p(_meant(lost)),
        float(_stance(edit.gone)),
        float(_stance(edit.new)),
        min(1.0, len(_CAPITAL.findall(changed)) / max(1, len(gone) + len(new))),
        float(any(c.isdigit() for c in changed)),
        *(float(world.kind is kind) for kind in _KINDS),
        max(about.values(), default=0.0),
        *(about.get(topic, 0.0) for topic in TOPICS),
    )  # fmt: skip


def _content(text: str) -> list[str]:
    return [word for word in words_of(text) if word not in SMALL]


def _without(these: list[str], those: list[str]) -> list[str]:
    """The words of which no form stands on the other side."""
    stems = {word[:_STEM] for word in those}
    return [word for word in these if word[:_STEM] not in stems]


def _share(words: list[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words) if words else 0.0


def _meant(words: list[str]) -> int:
    return len({meaning for word in words for meaning in meanings(word)})


def _stance(text: str) -> bool:
    return any(STANCE.fullmatch(word) for word in words_of(text))


@lru_cache(maxsize=1)
def unknown() -> Unknown:
    """The shipped weights."""
    data = json.loads(files("watcher.compare").joinpath("unknown.json").read_text(encoding="utf-8"))
    return Unknown(tuple(data["weights"]), data["bias"])
