"""Durations as people write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.duration import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2s", 2),
        ("10m", 600),
        ("12h", 43200),
        ("30d", 2592000),
        ("1w", 604800),
        ("1h30m", 5400),
        ("0.5s", 0.5),
        ("250ms", 0.25),
        (" 12 H ", 43200),
        ("400d", 34560000),
    ],
)
def test_any_positive_duration_is_taken(text: str, seconds: float) -> None:
    """Numbers with a unit, several in a row, any case, any length."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "12", "h", "-5m", "5 minutes", "1h-", "0s", "0h0m", "1y", "٣m", "9" * 400 + "d"]
)
def test_anything_else_is_refused_in_words(text: str) -> None:
    """No number, no unit, nothing or less: a sentence, not a guess."""
    with pytest.raises(ValueError, match="takes a duration"):
        parse_duration(text)


@given(st.text(max_size=20))
def test_no_text_ever_gives_a_duration_that_is_not_positive(text: str) -> None:
    """Whatever is written, either a positive number of seconds or ValueError."""
    with contextlib.suppress(ValueError):
        assert parse_duration(text) > 0
