"""Sentences that date their text in other words than the usual labels, and sentences that only look so."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind
from watcher.extract.dates import stated_dates

STATEMENTS = tomllib.loads((Path(__file__).parent / "statements.toml").read_text("utf-8"))
ORDINARY = {
    "en": "You keep the rights to what you upload here.",
    "de": "Sie behalten die Rechte an Ihren Inhalten.",
    "fr": "Vous conservez les droits sur vos contenus.",
}


def read(language: str, sentence: str) -> tuple[str, str]:
    around = Clause(ORDINARY.get(language, ""))
    clauses = [*[around] * 8, Clause(sentence), around, around]
    found = stated_dates(clauses, language=language, seen_at=datetime(2026, 6, 1, tzinfo=UTC))
    return (found.updated.value if found.updated else "", found.effective.value if found.effective else "")


@pytest.mark.parametrize("row", STATEMENTS["stated"], ids=lambda row: row["sentence"])
def test_reads_who_is_dated_by_what_and_when(row: dict[str, str]) -> None:
    """The document, a verb of revising or applying and a date in one sentence state that date."""
    assert read(row["language"], row["sentence"]) == (row["updated"], row["effective"])


@pytest.mark.parametrize("row", STATEMENTS["pitfall"], ids=lambda row: row["sentence"])
def test_leaves_the_dates_of_others(row: dict[str, str]) -> None:
    """A law, a part, an earlier edition, a forecast, some readers or a deadline give the text no date."""
    assert read(row["language"], row["sentence"]) == ("", "")


def row(text: str) -> Clause:
    return Clause(text, kind=ClauseKind.ROW)


def test_reads_a_row_of_two_columns_across() -> None:
    """The label of a date in a table is the cell beside it, not the head of its column; the heads may be the
    first row."""
    rows = [
        row("Owner: Wording reworked on; Harbour office: 3 May 2024"),
        row("Owner: In use from; Harbour office: 1 June 2024"),
    ]
    found = stated_dates(rows, language="en")
    assert found.updated and found.updated.value == "2024-05-03"
    assert found.effective and found.effective.value == "2024-06-01"
    found = stated_dates([row("Wording of: In use from; 3 May 2024: 1 June 2024")], language="en")
    assert found.effective and found.effective.value == "2024-06-01"


def test_doubts_the_language_of_a_few_lines() -> None:
    """A short text is read in the language of its small words where the reader of pages took another."""
    lines = [
        "El taller abre los lunes.",
        "No se guardan datos.",
        "Estas normas se retocaron el 3 de mayo de 2024.",
    ]
    found = stated_dates([Clause(line) for line in lines], language="fr")
    assert found.updated and found.updated.value == "2024-05-03"


def test_newest_entry_of_a_log_whose_entries_sound_like_labels() -> None:
    """Under the heading of a change log the newest line counts, whatever an older one calls itself."""
    section = ("History of changes",)
    lines = [
        "3 May 2024: cookie of the shop removed",
        "2 April 2023: list updated",
        "1 March 2020: first version",
    ]
    clauses = [
        Clause("You keep what you upload."),
        Clause("History of changes", kind=ClauseKind.HEADING, level=2),
    ]
    clauses += [Clause(line, section, ClauseKind.ITEM) for line in lines]
    found = stated_dates(clauses, language="en")
    assert found.updated and found.updated.value == "2024-05-03"
