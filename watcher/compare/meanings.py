"""Words by what they mean, whatever the language: the weights learned for a meaning in one hold in all.

The list (`concepts.txt`) was drawn up by hand from the vocabulary of policies in seven languages; its head
explains the signs.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

_SHORTEST, _LONGEST = 3, 16  # letters of a stem
_COMPOUND = 9  # a word of this many letters and more may hold another word
_REMEMBERED = 50_000


class _Stems:
    """Whole words, beginnings and inner parts, each with the meanings it stands for."""

    def __init__(self, text: str) -> None:
        self.whole: dict[str, set[str]] = {}
        self.beginning: dict[str, set[str]] = {}
        self.part: list[tuple[str, str]] = []
        for line in text.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            meaning, stems = line.split(":", 1)
            for stem in stems.split():
                if stem.startswith("*"):
                    self.part.append((stem[1:], meaning))
                elif stem.endswith("$"):
                    self.whole.setdefault(stem[:-1], set()).add(meaning)
                else:
                    self.beginning.setdefault(stem, set()).add(meaning)

    def of(self, word: str) -> set[str]:
        found = set(self.whole.get(word, ()))
        for size in range(_SHORTEST, min(len(word), _LONGEST) + 1):
            found |= self.beginning.get(word[:size], set())
        if len(word) >= _COMPOUND:
            found |= {meaning for part, meaning in self.part if part in word[2:]}
        return found


@lru_cache(maxsize=1)
def _stems() -> _Stems:
    return _Stems(files("watcher.compare").joinpath("concepts.txt").read_text(encoding="utf-8"))


@lru_cache(_REMEMBERED)
def meanings(word: str) -> tuple[str, ...]:
    """What a word in small letters may mean, in alphabetical order; most words mean nothing to a policy."""
    return tuple(sorted(_stems().of(word)))
