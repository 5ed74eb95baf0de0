"""Facts: periods, amounts, ages, dates, addresses and names, by value and in seven languages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.compare.facts import FactKind, changed_facts, facts, without
from watcher.compare.names import addresses, laws, party_names


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("within thirty (30) days", "period", "30 day"),
        ("a 12-month plan", "period", "12 month"),
        ("innerhalb von zwei Wochen", "period", "2 week"),
        ("dans un délai de deux mois", "period", "2 month"),
        ("durante tres años", "period", "3 year"),
        ("entro trenta giorni", "period", "30 day"),
        ("por seis meses", "period", "6 month"),
        ("binnen veertien dagen", "period", "14 day"),
        ("$1,000.50 a year", "amount", "1000.5 usd"),
        ("1.000,50 € im Jahr", "amount", "1000.5 eur"),
        ("5 percent", "percentage", "5"),
        ("under the age of 16", "age", "16"),
        ("18 ans ou plus", "age", "18"),
        ("write to Privacy@Acme.example", "e-mail", "privacy@acme.example"),
        ("on 3rd May 2024", "date", "3rd may 2024"),
        ("am 3. Mai 2024", "date", "3 mai 2024"),
        ("2024-05-03", "date", "2024 05 03"),
    ],
)
def test_a_fact_is_read_by_value(text: str, kind: str, value: str) -> None:
    """However it is printed, a fact has one canonical value."""
    assert (kind, value) in {(f.kind.value, f.value) for f in facts(text)}


def test_equal_facts_cancel_out() -> None:
    """Only what one side states and the other does not is a changed fact."""
    gone, new = changed_facts("30 days, then 5%", "thirty (30) days, then 8 %")
    assert [f.value for f in gone] == ["5"]
    assert [f.value for f in new] == ["8"]


def test_facts_can_be_taken_out_of_a_text() -> None:
    """Texts that differ in their dates alone are equal without them."""
    kinds = (FactKind.DATE,)
    assert without("Updated 3 May 2023.", kinds) == without("Updated 9 June 2024.", kinds)


@given(st.text(max_size=300))
def test_any_text_has_facts_inside_its_bounds(text: str) -> None:
    """Facts never overlap and never reach beyond the text, whatever it is."""
    found = facts(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_companies_are_known_by_their_legal_form() -> None:
    """A name counts with its form; a plain capitalised word does not."""
    assert party_names("Between Acme Widgets Ltd. and Exemple SAS, in Paris.") == (
        "Acme Widgets Ltd.",
        "Exemple SAS",
    )
    assert party_names("The Services and the Users agree.") == ()


def test_addresses_and_years_are_told_apart() -> None:
    """A street with its number is an address; a year before a capital letter is none."""
    assert addresses("at 12 Harbour Street, Springfield") == ("12 Harbour Street",)
    assert addresses("Terms of 2025 Members") == ()


def test_the_law_that_governs_is_read_with_its_place() -> None:
    """The place whose law or courts are named is the fact."""
    assert laws("governed by the laws of the State of Texas") == ("Texas",)
