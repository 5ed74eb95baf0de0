"""A letter: the content of one alert in reading order, before it becomes text, HTML or a feed entry (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from storage.records import Direction, Materiality, Op, WordOp


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a table: "Stated date" – "2023-11-10 → 2024-06-01"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause operation as shown: where, what happened, the words with their marks, and why it matters."""

    op: Op
    title: str  # "Modified, moved"
    section: str
    words: tuple[WordOp, ...]
    materiality: Materiality
    direction: Direction
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One change. ``commands`` are shell lines that look deeper; ``omitted`` clauses are not shown."""

    title: str
    url: str
    tags: tuple[str, ...]
    materiality: Materiality
    summary: str
    verdict: str
    facts: tuple[Fact, ...]
    clauses: tuple[ClauseView, ...]
    omitted: int
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert. ``tone`` colours it: the materiality of its gravest change, HIGH for a broken watch."""

    subject: str
    title: str
    lead: tuple[str, ...]  # paragraphs
    tone: Materiality
    url: str = ""
    facts: tuple[Fact, ...] = ()
    stories: tuple[Story, ...] = ()
    commands: tuple[str, ...] = ()
    footer: str = "Sent by Clausewatch, which watches this document for you."


def minute(at: datetime) -> str:
    """ "2024-06-15 08:00 UTC"."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 day", "3 days", "1,024 words"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
