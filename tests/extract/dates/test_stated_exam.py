"""The floor under the examination of stated dates: `benchmarks/stated.py`."""

import pytest

from benchmarks.stated import examine


@pytest.mark.parametrize(("part", "share", "false"), [("open", 0.95, 2), ("held", 0.75, 4)])
def test_reads_less_usual_statements(part: str, share: float, false: int) -> None:
    """On texts written apart from the rules most dates are read right, and hardly one is made up."""
    figures = examine(part)
    assert figures["right"] / figures["fields"] >= share
    assert figures["wrong"] + figures["invented"] <= false
