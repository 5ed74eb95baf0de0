"""The policy's part of a page that holds several documents."""

from __future__ import annotations

from storage.records import Clause, ClauseKind, Document, PolicyKind
from tests.extract.reading import SEEN_AT
from watcher.extract.dates import stated_dates
from watcher.part import part_of

PRIVACY = "We keep the letters of our members for {} days and show them to nobody but the harbour."
TERMS = "Members pay {} coins for each sail they borrow and bring it back before the evening bell."


def _under(title: str, text: str, number: int) -> tuple[Clause, ...]:
    head = Clause(title, ("Lantern Club",), ClauseKind.HEADING, level=2)
    return (head, *(Clause(text.format(n), ("Lantern Club", title)) for n in range(number)))


def _page(*parts: tuple[Clause, ...]) -> Document:
    opening = (
        Clause("Lantern Club", (), ClauseKind.HEADING, level=1),
        Clause("Last updated: 3 February 2024", ("Lantern Club",)),
    )
    clauses = (*opening, *(clause for part in parts for clause in part))
    return Document("Lantern Club", "en", clauses, stated_dates(clauses, language="en"))


def test_of_two_documents_on_a_page_the_watched_one_is_kept() -> None:
    """An edit of the terms on the same page is no change of the privacy policy; what stands above both stays."""
    page = _page(_under("Privacy policy", PRIVACY, 20), _under("Terms of use", TERMS, 20))
    part = part_of(page, PolicyKind.PRIVACY, SEEN_AT)
    texts = [c.text for c in part.clauses]
    assert "Last updated: 3 February 2024" in texts
    assert PRIVACY.format(7) in texts and TERMS.format(7) not in texts
    assert part.dates.updated and part.dates.updated.value == "2024-02-03"
    other = [c.text for c in part_of(page, PolicyKind.TERMS, SEEN_AT).clauses]
    assert TERMS.format(7) in other and PRIVACY.format(7) not in other


def test_a_section_called_terms_is_no_document_of_its_own() -> None:
    """What is a small part of the page belongs to the policy, whatever its heading says."""
    page = _page(
        _under("Privacy policy", PRIVACY, 140),
        _under("Additional terms for the club map", TERMS, 15),
    )
    assert part_of(page, PolicyKind.PRIVACY, SEEN_AT) is page


def test_a_page_without_the_watched_kind_is_left_whole() -> None:
    """Where no part is of the kind that is watched, nothing is cut."""
    page = _page(_under("Privacy policy", PRIVACY, 20), _under("Terms of use", TERMS, 20))
    assert part_of(page, PolicyKind.COOKIES, SEEN_AT) is page
