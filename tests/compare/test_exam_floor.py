"""A floor under the judgement, on edits that were written and graded apart from the rules (`benchmarks/exam.py`)."""

from __future__ import annotations

import pytest

from benchmarks.exam import edits, table


@pytest.mark.parametrize(
    ("part", "exact", "high", "idle", "missed", "side", "wrong"),
    [
        ("first series", 0.79, 0.89, 0.26, 0.02, 0.68, 0.05),
        ("held", 0.27, 0.58, 1.0, 0.03, 0.2, 0.06),
    ],
)
def test_the_judgement_keeps_its_marks(
    part: str, exact: float, high: float, idle: float, missed: float, side: float, wrong: float
) -> None:
    """Grades exactly right, high told from the rest, little told without meaning, hardly any meaning missed, and the
    reader's side named right and seldom wrong; the held edits are hard on purpose."""
    rows = [edit for edit in edits() if (edit.held if part == "held" else edit.series == 1)]
    n = table((edit, edit.compared()) for edit in rows)
    assert n["all"] > 150
    assert n["exact"] >= exact * n["all"]
    assert n["high"] >= high * n["all"]
    assert n["idle told"] <= idle * n["idle"]
    assert n["missed"] <= missed * n["real"]
    assert n["sided right"] >= side * n["sided"]
    assert n["sided wrong"] <= wrong * n["sided"]
