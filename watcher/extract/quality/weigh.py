"""How much a text looks like a policy: what share of its prose speaks of what policies speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Clause, ClauseKind
from watcher.extract.quality.vocabulary import concept_of, joined_concepts, unspaced, words_of

SAMPLE_WORDS = 3000  # a policy shows in its first pages; more words only cost time
_PROSE_WORDS = 8  # shorter clauses are labels, buttons and menu entries


@dataclass(frozen=True, slots=True)
class Weight:
    """Counts over (a sample of) the clauses. A word of a writing without spaces counts as two characters.

    ``prose`` words stand in clauses long enough to say something, ``policy`` words in those of them that
    speak of a policy's matters; ``concepts`` are the strong ones found; ``labels`` the short clauses.
    """

    words: int
    prose: int
    policy: int
    concepts: frozenset[str]
    prose_clauses: int
    labels: int

    @property
    def density(self) -> float:
        """Share of the prose that speaks of a policy's matters, 0–1."""
        return self.policy / self.prose if self.prose else 0.0


def weigh(clauses: Sequence[Clause]) -> Weight:
    """The weight of a document's clauses. Long documents are weighed by an even sample of their clauses."""
    total = sum(len(c.text) for c in clauses) // 6
    stride = max(1, total // SAMPLE_WORDS)
    words = prose = policy = prose_clauses = labels = 0
    concepts: set[str] = set()
    for clause in clauses[::stride]:
        tokens = words_of(clause.text)
        foreign = unspaced(clause.text) if not clause.text.isascii() else 0
        count = len(tokens) + foreign // 2
        words += count
        found = {c for c in map(concept_of, tokens) if c}
        strong = {name for name, is_strong in found if is_strong}
        if foreign:
            strong |= joined_concepts(clause.text)
        if clause.kind is ClauseKind.HEADING or count < _PROSE_WORDS:
            labels += 1
            continue
        concepts |= strong
        prose += count
        prose_clauses += 1
        if strong or len(found) >= 2:
            policy += count
    return Weight(words, prose, policy, frozenset(concepts), prose_clauses, labels)
