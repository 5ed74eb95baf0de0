"""Hostile content: bounded work, an outcome in words, never an exception."""

from __future__ import annotations

import pytest

from storage.records import Reading
from tests.extract.reading import capture
from watcher.extract import read
from watcher.extract.guard import MAX_DEPTH, Unreadable, checked, without_noscript

HOSTILE = {
    "nesting": "<div>" * 200_000,
    "unclosed formatting": "<p><b>" * 200_000,
    "one tag": "<li>" * 2_500_000,
    "open comments": "<!--" * 100_000,
    "open scripts": "<script>" * 100_000,
    "null bytes": "\x00" * 1_000_000,
    "entity bomb": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + "&b;" * 1_000,
    "nothing": "",
    "no page": "\ufffd\ufffe\uffff" * 50,
    "long name": f'<div class="{"cookie-" * 200_000}">',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_unreadable(name: str) -> None:
    """A page made to hurt its reader comes back without policy text, and never as an exception."""
    document = read(capture(HOSTILE[name]))
    assert document.quality.reading is not Reading.POLICY
    assert document.quality.reason


@pytest.mark.parametrize("body", [b"%PDF-1.7 broken", b"%PDF-", b"%PDF-1.4\n%%EOF"])
def test_a_broken_pdf_is_unreadable(body: bytes) -> None:
    """A PDF that cannot be opened is told as such."""
    document = read(capture(body, "application/pdf"))
    assert document.quality.reading is Reading.UNREADABLE
    assert "PDF" in document.quality.reason


def test_nesting_is_counted_without_what_closes_itself() -> None:
    """Paragraphs, items and cells that were never closed are no nesting; open elements are."""
    checked("<p>text<li>item" * 3 * MAX_DEPTH)
    with pytest.raises(Unreadable):
        checked("<span>" * (MAX_DEPTH + 1))


def test_noscript_cannot_swallow_the_page() -> None:
    """What stands in noscript is gone up to its end tag, as for a browser that runs scripts."""
    assert without_noscript("a<noscript><iframe></noscript>b") == "ab"
    page = "<p>a</p>"
    assert without_noscript(page) is page


def test_null_bytes_do_not_part_words() -> None:
    """Null bytes inside a page vanish."""
    page = "<p>We keep your per\x00sonal data for as long as your account is open.</p>" * 4
    assert read(capture(page)).clauses[0].text.startswith("We keep your personal data")
