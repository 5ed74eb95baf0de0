"""Numbering in front of clauses."""

from __future__ import annotations

import pytest

from watcher.extract.numbering import depth_of, split_number


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("4. Sharing", "4.", "Sharing"),
        ("4.2 Sharing", "4.2", "Sharing"),
        ("4.2.Sharing", "4.2.", "Sharing"),
        ("(b) your name", "(b)", "your name"),
        ("(5.) To be able", "(5.)", "To be able"),
        ("iv) your name", "iv)", "your name"),
        ("Article 5 – Sharing", "Article 5", "Sharing"),
        ("Section 12: Sharing", "Section 12", "Sharing"),
        ("§ 3 Haftung", "§ 3", "Haftung"),
        ("• your name", "", "your name"),
        ("- your name", "", "your name"),
    ],
)
def test_numbering_is_taken_off(text: str, number: str, rest: str) -> None:
    """Numbers, letters and article words go into the number, bullets go altogether."""
    assert split_number(text) == (number, rest)


@pytest.mark.parametrize(
    "text",
    [
        "16. Mai 2024",
        "1.5 million people",
        "30 days after",
        "01.02.2024",
        "z. B. Cookies",
        "2024",
        "A cookie is",
        "4.",
    ],
)
def test_what_is_no_numbering_stays(text: str) -> None:
    """Dates, amounts and abbreviations at the start of a clause are its words."""
    assert split_number(text) == ("", text)


def test_a_heading_may_have_a_bare_number() -> None:
    """A number without a dot counts in headings alone, and depth follows the dots."""
    assert split_number("3 Cookies", heading=True) == ("3", "Cookies")
    assert split_number("3 Cookies") == ("", "3 Cookies")
    assert [depth_of(n) for n in ("", "4.", "4.2", "4.2.1.")] == [0, 1, 2, 3]
