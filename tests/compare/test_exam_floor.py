"""A floor under the judgement, on edits that were written and graded apart from the rules (`benchmarks/exam.py`)."""

from __future__ import annotations

import pytest

from benchmarks.exam import edits, table


@pytest.mark.parametrize(
    ("half", "exact", "high", "idle", "missed", "side"),
    [("open", 0.85, 0.93, 0.18, 0.02, 0.75), ("held", 0.70, 0.83, 0.40, 0.03, 0.55)],
)
def test_the_judgement_keeps_its_marks(
    half: str, exact: float, high: float, idle: float, missed: float, side: float
) -> None:
    """Of each half: grades exactly right, high told from the rest, little told without meaning, hardly any meaning
    missed, and the reader's side named right and seldom wrong."""
    rows = [edit for edit in edits() if edit.held == (half == "held")]
    n = table((edit, edit.compared()) for edit in rows)
    assert n["all"] > 150
    assert n["exact"] >= exact * n["all"]
    assert n["high"] >= high * n["all"]
    assert n["idle told"] <= idle * n["idle"]
    assert n["missed"] <= missed * n["real"]
    assert n["sided right"] >= side * n["sided"]
    assert n["sided wrong"] <= 0.08 * n["sided"]
