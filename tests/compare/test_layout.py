"""What a new template does to the same text is no news; what it brings along in words is."""

from __future__ import annotations

from storage.records import Clause, ClauseKind, Comparison, Document, Materiality, PolicyKind
from watcher.compare import compare

TEXT = "We hand your order to the parcel service that brings it to your door."
ROWS = (
    ("Quill Parcel", "delivery", "30 days"),
    ("Harbour Mail", "letters", "one year"),
    ("Lantern Pay", "payment", "ten years"),
)


def _document(*clauses: Clause) -> Document:
    opening = Clause("This notice tells what the shop does with the data of people who order from it.")
    return Document("Notice", "en", (opening, *clauses))


def _compared(before: tuple[Clause, ...], after: tuple[Clause, ...]) -> Comparison:
    return compare(_document(*before), _document(*after), kind=PolicyKind.PRIVACY)


def _rows(*, named: bool, last: str = "ten years") -> tuple[Clause, ...]:
    rows = [*ROWS[:-1], (*ROWS[-1][:2], last)]
    text = "Name: {}; Purpose: {}; Kept for: {}" if named else "{}; {}; {}"
    return tuple(Clause(text.format(*row), ("Vendors",), ClauseKind.ROW) for row in rows)


def test_a_heading_set_apart_from_its_clause_is_layout() -> None:
    """ "Sharing. We hand …" becomes the heading "Sharing" over "We hand …", and back."""
    run_in = Clause(f"Sharing. {TEXT}", ("Notice",))
    apart = (Clause("Sharing", ("Notice",), ClauseKind.HEADING, "", 3), Clause(TEXT, ("Notice", "Sharing")))
    for before, after in (((run_in,), apart), (apart, (run_in,))):
        assert _compared(before, after).materiality is Materiality.NONE


def test_names_of_columns_that_come_or_go_are_layout() -> None:
    """Rows that name their columns say no more than rows that do not."""
    assert _compared(_rows(named=False), _rows(named=True)).materiality is Materiality.NONE
    header = Clause("Name; Purpose; Kept for", ("Vendors",), ClauseKind.ROW)
    assert _compared((header, *_rows(named=False)), _rows(named=True)).materiality is Materiality.NONE


def test_a_cell_that_changes_under_new_names_of_columns_is_news() -> None:
    """Layout hides no edit: the period differs, and that is told."""
    told = _compared(_rows(named=False), _rows(named=True, last="twenty years"))
    assert told.materiality is Materiality.HIGH


def test_a_phrase_said_twice_and_then_once_is_layout() -> None:
    """A repetition that goes takes nothing along; a phrase said once that goes does."""
    address = "Write to Lantern Shop, Quay Street 9, Harbour Town"
    twice = Clause(f"{address}, Quay Street 9, Harbour Town, for any question about your data.", ("Contact",))
    once = Clause(f"{address}, for any question about your data.", ("Contact",))
    assert _compared((twice,), (once,)).materiality is Materiality.NONE
    without = Clause("Write to Lantern Shop, for any question about your data.", ("Contact",))
    assert _compared((once,), (without,)).materiality is not Materiality.NONE


def test_markup_shown_as_text_is_read_as_the_text_it_marks() -> None:
    """A page that shows its own tags for a while has not changed its words."""
    marked = Clause(f"<p><strong>Sharing</strong> <span>{TEXT}</span></p>", ("Sharing",))
    plain = Clause(f"Sharing {TEXT}", ("Sharing",))
    assert _compared((plain,), (marked,)).materiality is Materiality.NONE
