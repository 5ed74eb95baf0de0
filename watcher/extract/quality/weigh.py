"""How much a text looks like a policy: what share of its prose speaks of what policies speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Clause
from watcher.extract.blocks import HEADING
from watcher.extract.quality.vocabulary import CONCEPTS, joined_concepts, unspaced

SAMPLE_WORDS = 2000  # a policy shows in its first pages; more words only cost time
_FEW_CLAUSES = 40  # of these at least are looked at
_LONG_CLAUSE = 4000  # characters of one clause that are looked at
_LABELS = 600
_PROSE_WORDS = 8  # shorter clauses are labels, buttons and menu entries


@dataclass(frozen=True, slots=True)
class Weight:
    """Counts over (a sample of) the clauses. A word of a writing without spaces counts as two characters.

    ``prose`` words stand in clauses long enough to say something, ``policy`` words in those of them that
    speak of a policy's matters; ``concepts`` are the strong ones found there, ``concepts_anywhere`` those in headings and
    short clauses too; ``labels`` the short clauses.
    """

    words: int
    prose: int
    policy: int
    concepts: frozenset[str]
    concepts_anywhere: frozenset[str]
    prose_clauses: int
    labels: int

    @property
    def density(self) -> float:
        """Share of the prose that speaks of a policy's matters, 0–1."""
        return self.policy / self.prose if self.prose else 0.0


def weigh(clauses: Sequence[Clause]) -> Weight:
    """The weight of a document's clauses. Long documents are weighed by an even sample of their clauses."""
    total = sum(len(c.text) for c in clauses) // 6
    stride = max(1, min(total // SAMPLE_WORDS, len(clauses) // _FEW_CLAUSES))
    concept_of = CONCEPTS.__getitem__
    words = prose = policy = prose_clauses = labels = 0
    concepts: set[str] = set()
    named: set[str] = set()
    for clause in clauses[::stride]:
        text = clause.text[:_LONG_CLAUSE]
        tokens = text.lower().split()
        foreign = unspaced(text)
        count = len(tokens) + foreign // 2
        words += count
        if clause.kind is HEADING or count < _PROSE_WORDS or _is_code(text):
            labels += 1
            if labels <= _LABELS:
                named |= {found[0] for found in map(concept_of, tokens) if found and found[1]}
            continue
        found = set(map(concept_of, tokens))
        found.discard(None)
        strong = {concept[0] for concept in found if concept and concept[1]}
        if foreign:
            strong |= joined_concepts(text)
        concepts |= strong
        prose += count
        prose_clauses += 1
        if strong or len(found) >= 2:
            policy += count
    return Weight(
        words, prose, policy, frozenset(concepts), frozenset(concepts | named), prose_clauses, labels
    )


def _is_code(text: str) -> bool:
    """Scripts and style sheets that ended up in the text of a broken page."""
    if not ("{" in text or "}" in text or ";" in text):
        return False
    return 25 * (text.count("{") + text.count("}") + text.count(";")) > len(text)
