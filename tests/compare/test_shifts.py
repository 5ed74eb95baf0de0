"""Shifts: a substitution of a few words that turns a duty, an approval, a group or a condition."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind, Document, Materiality, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.signals import signals
from watcher.compare.words import word_ops

CASES = tomllib.loads((Path(__file__).parent / "cases" / "shifts.toml").read_text(encoding="utf-8"))


def hits(
    before: str, after: str, language: str, *above: str, kind: ClauseKind = ClauseKind.PARAGRAPH
) -> dict[str, tuple[str, str]]:
    """Direction and severity of each rule found."""
    old, new = (Document("", language, tuple(map(Clause, (*above, text)))) for text in (before, after))
    edit = Edit(Op.MODIFIED, before, after, word_ops(before, after), kind=kind)
    found = signals(edit, World.of(old, new, PolicyKind.TERMS))
    return {hit.rule: (hit.direction.value, hit.severity.value) for hit in found}


@pytest.mark.parametrize(
    ("rule", "language", "before", "after", "side"),
    [(rule, *row) for rule, table in CASES.items() for row in table["rows"]],
)
def test_a_shift_is_found_with_its_direction(
    rule: str, language: str, before: str, after: str, side: str
) -> None:
    """Each shift is told as high, with the direction for the reader; what only looks like it is not."""
    found = hits(before, after, language)
    assert found.get(rule) == ((side, Materiality.HIGH.value) if side else None)


@pytest.mark.parametrize(
    ("language", "above"),
    [
        ("en", "You can reach our data protection officer at:"),
        ("fr", "Voici où écrire au délégué à la protection des données du club :"),
        ("de", "So erreichen Sie unsere Datenschutzbeauftragte:"),
    ],
)
def test_another_person_under_the_line_that_names_the_officer_is_told(language: str, above: str) -> None:
    """A name that took the place of another below such a line is the officer's change."""
    before, after = "Dr Petra Wiesengrund, office@acorn.test", "Dr. Tomas Felder, office@acorn.test"
    assert "officer" in hits(before, after, language, above)
    assert "officer" not in hits(before, after, language, "Photographs by:")


def test_a_promise_that_goes_weighs_as_what_it_kept_away() -> None:
    """Where the company said that it does not do a thing, its words gone weigh as the thing would if it came."""
    before = "Paths are swept. We do not look into your income or your wages."
    assert hits(before, "Paths are swept.", "en")["means"] == ("worse", "high")
