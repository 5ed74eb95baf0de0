"""One signal found in the changed words of one clause."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Direction, Materiality, Topic


@dataclass(frozen=True, slots=True)
class Hit:
    """``says`` is the reason in words, without a full stop. ``fresh``: the old document knew nothing of it."""

    rule: str
    family: str
    topics: tuple[Topic, ...]
    severity: Materiality
    says: str
    direction: Direction = Direction.UNCLEAR
    fresh: bool = False
    exact: bool = False  # a fact changed (number, name, address), not only a mention
    sure: bool = False  # words that say it all, new to the document or not: they weigh in full
    subject: str = ""  # what the signal is about: "period", "party", "refunds"
    gone: tuple[str, ...] = ()  # the words that carried it and went
    new: tuple[str, ...] = ()  # the words that carry it and came

    @property
    def strength(self) -> float:
        """For ordering reasons: severity first, then facts before mentions, then what is new to the document."""
        return self.severity.rank + 0.5 * self.exact + 0.3 * self.fresh


LESS = {
    Materiality.HIGH: Materiality.MEDIUM,
    Materiality.MEDIUM: Materiality.LOW,
    Materiality.LOW: Materiality.LOW,
    Materiality.NONE: Materiality.NONE,
}
