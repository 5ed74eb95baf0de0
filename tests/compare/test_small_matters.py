"""Where a small edit weighs, and where a large one does not."""

from __future__ import annotations

import pytest

from storage.records import Clause, ClauseKind, Comparison, Document, Materiality, PolicyKind
from watcher.compare import compare

OPENING = "This notice tells what the club does with the personal data of people who borrow from it."


def _compared(
    before: tuple[Clause, ...], after: tuple[Clause, ...], kind: PolicyKind = PolicyKind.PRIVACY
) -> Comparison:
    old, new = (Document("Notice", "en", (Clause(OPENING), *own)) for own in (before, after))
    return compare(old, new, kind=kind)


def _item(text: str) -> Clause:
    return Clause(text, ("Notice", "List of sub-processors"), ClauseKind.ITEM)


def test_an_entry_of_a_list_of_subprocessors_is_a_vendor() -> None:
    """Another site's name at the head of an entry is another vendor, not another link target."""
    others = (_item("Quill: for hosting."), _item("Harbour Mail: for letters."))
    swapped = _compared(
        (*others, _item("onelamp.example: for chat and support.")),
        (*others, _item("twolamps.example: for chat and support.")),
    )
    assert swapped.materiality.rank >= Materiality.LOW.rank
    added = _compared(others, (*others, _item("Lantern Chat: for support of members.")))
    assert added.materiality is Materiality.MEDIUM
    assert "Lantern Chat" in added.summary


def test_to_accept_the_terms_is_no_consent_to_processing() -> None:
    """A rewording of "if you do not accept the terms" takes no consent away."""
    told = _compared(
        (Clause("If you do not accept these rules, please leave the boats ashore.", ("Rules",)),),
        (Clause("If you do not agree with these rules, please leave the boats ashore.", ("Rules",)),),
        PolicyKind.TERMS,
    )
    assert told.materiality is not Materiality.HIGH


def test_a_product_renamed_in_many_clauses_is_one_small_matter() -> None:
    """Sixty clauses that differ by the product's name alone are no grave change."""
    things = [f"boat number {n} of the harbour and pay the fee for it on the same evening" for n in range(60)]
    told = _compared(
        tuple(Clause(f"Members of Kitewell may borrow {thing}.", ("Fees",)) for thing in things),
        tuple(Clause(f"Members of Skyhollow may borrow {thing}.", ("Fees",)) for thing in things),
        PolicyKind.TERMS,
    )
    assert told.materiality is Materiality.LOW


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Letters lie in the blue drawer upstairs and are deleted after eighteen months.", "medium", "high"),
        ("Letters wait in the blue drawer upstairs while the kettle sings softly.", "low", "low"),
        (
            "편지는 위층 파란 서랍에 보관되며 광고 회사에 제공될 수 있습니다. 회사는 사전에 동의를 받지 않습니다.",
            "low",
            "medium",
        ),
    ],
)
def test_a_sentence_is_told_whatever_its_words(text: str, least: str, most: str) -> None:
    """A new paragraph is never taken for page furniture because it lacks a policy's usual words, least of all in a
    script without rules."""
    told = _compared((), (Clause(text, ("Letters",)),))
    assert Materiality(least).rank <= told.materiality.rank <= Materiality(most).rank


def test_a_purpose_in_the_first_cell_is_no_vendor() -> None:
    """Rows whose first cell is a purpose, or a column's name, name nobody."""
    rows = tuple(
        Clause(text, ("Notice", "How our partners are involved"), ClauseKind.ROW)
        for text in (
            "Purpose; Data",
            "Creating and maintaining your account; name and address",
            "Running surveys among members who said yes to them; answers",
        )
    )
    told = _compared((), rows)
    assert "endor" not in told.summary
    named = Clause(
        "Quill Parcel; name and address", ("Notice", "How our partners are involved"), ClauseKind.ROW
    )
    assert "Vendor: adds Quill Parcel" in _compared((), (named,)).summary
