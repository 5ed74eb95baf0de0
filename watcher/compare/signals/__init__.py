"""Signals of a material change: one small named rule each, with its reason in words and a direction.

A signal counts only when the changed words themselves carry it. The rules live in tables (`privacy.toml`,
`terms.toml`: words that appear or vanish; `turns.toml`: states of a clause) and in the modules beside this one.
Sources of the severities: Article 29 WP 260 ¶29–30, Colorado Privacy Act Rules 6.03–6.04, FTC notice of
February 2024 on quiet changes. Languages: en, fr, de, es, it, pt, nl.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from watcher.compare.edit import Edit, World
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.lists import lists
from watcher.compare.signals.lookup import LANGUAGES
from watcher.compare.signals.mentions import mentions
from watcher.compare.signals.numbers import numbers
from watcher.compare.signals.parties import parties
from watcher.compare.signals.shifts import shifts
from watcher.compare.signals.stance import stance
from watcher.compare.signals.tables import tables
from watcher.compare.signals.turns import turned

Rule = Callable[[Edit, World], Iterable[Hit]]

RULES: tuple[Rule, ...] = (stance, shifts, numbers, parties, tables, turned, lists, mentions)
"""Every family, in the order in which equal reasons are told."""


def signals(edit: Edit, world: World, *, without: frozenset[str] = frozenset()) -> tuple[Hit, ...]:
    """All hits on one clause operation, strongest first; ``without`` leaves rule families out (for ablation)."""
    found = [hit for rule in RULES for hit in rule(edit, world) if hit.family not in without]
    return tuple(sorted(found, key=lambda hit: -hit.strength))


__all__ = ["LANGUAGES", "RULES", "Hit", "signals"]
