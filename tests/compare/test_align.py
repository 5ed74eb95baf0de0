"""Which clause of the old text is which of the new."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.records import Aligned, Clause, ClauseKind, Op
from watcher.compare.align import align, joined

LETTERS = (
    "We collect the name and address you give when you open an account.",
    "Payment details are handled by our bank and never reach our servers.",
    "Crash reports help us find faults in the software we ship to you.",
    "You may ask for a copy of everything we hold about you at any time.",
    "Support tickets are deleted two years after they were closed.",
    "Our offices are in Lisbon and a small team works from Tallinn.",
    "Children under sixteen need the consent of a parent to join.",
    "We answer requests from courts only when they show a valid order.",
)


def clauses(*texts: str) -> list[Clause]:
    return [Clause(text) for text in texts]


def heading(text: str, number: str = "") -> Clause:
    return Clause(text, (), ClauseKind.HEADING, number, 2)


def told(rows: tuple[Aligned, ...]) -> list[tuple[Op | None, tuple[int, ...], tuple[int, ...], bool]]:
    return [(row.op, row.before, row.after, row.moved) for row in rows if row.op is not None]


def test_equal_documents_have_only_equal_rows() -> None:
    """A text aligned with itself gives one row a clause, none with an operation."""
    rows = align(clauses(*LETTERS), clauses(*LETTERS))
    assert [(r.op, r.before, r.after) for r in rows] == [(None, (i,), (i,)) for i in range(len(LETTERS))]


def test_one_edited_clause_is_modified() -> None:
    """A clause with a few other words is modified in place, its neighbours equal."""
    after = [*LETTERS]
    after[4] = "Support tickets are deleted five years after they were closed."
    assert told(align(clauses(*LETTERS), clauses(*after))) == [(Op.MODIFIED, (4,), (4,), False)]


def test_added_and_removed_clauses_stand_in_order() -> None:
    """New clauses stand where they are, removed ones after the clause they followed."""
    before = clauses(*LETTERS)
    fresh = Clause("Machines may review photographs before a person sees them.")
    after = [*before[:2], *before[3:6], fresh, *before[6:]]
    rows = align(before, after)
    assert told(rows) == [(Op.REMOVED, (2,), (), False), (Op.ADDED, (), (5,), False)]
    assert [r.before for r in rows][:3] == [(0,), (1,), (2,)]


def test_moved_clause_is_told_once() -> None:
    """A clause that went elsewhere unchanged is one moved row; the clauses it passed stayed."""
    order = [1, 2, 3, 4, 5, 6, 0, 7]
    after = clauses(*(LETTERS[i] for i in order))
    assert told(align(clauses(*LETTERS), after)) == [(Op.MOVED, (0,), (6,), True)]


def test_moved_and_edited_clause_keeps_both_facts() -> None:
    """A clause that went elsewhere and was edited is modified, with its move marked."""
    edited = "We collect the name, birthday and address you give when you open an account."
    after = clauses(*LETTERS[1:7], edited, LETTERS[7])
    assert told(align(clauses(*LETTERS), after)) == [(Op.MODIFIED, (0,), (6,), True)]


def test_lighter_part_of_a_swap_has_moved() -> None:
    """Where two parts change places, the one with fewer and shorter clauses is told as moved."""
    after = clauses(*LETTERS[6:], *LETTERS[:6])
    assert [row[1] for row in told(align(clauses(*LETTERS), after))] == [(6,), (7,)]


def test_split_clause_is_one_row() -> None:
    """A clause cut in two is one modified row with both parts; joined they are its text."""
    long = f"{LETTERS[0]} {LETTERS[3]}"
    before = clauses(LETTERS[1], long, LETTERS[2])
    after = clauses(LETTERS[1], LETTERS[0], LETTERS[3], LETTERS[2])
    assert told(align(before, after)) == [(Op.MODIFIED, (1,), (1, 2), False)]
    assert joined(after, (1, 2)) == long


def test_paragraph_that_became_a_list_is_one_row() -> None:
    """A sentence turned into an introduction with items is a split in as many parts."""
    before = clauses(
        LETTERS[1],
        "We share account records with hosting providers in Europe, payment processors chosen by you, "
        "and courier firms that deliver parcels.",
        LETTERS[2],
    )
    after = clauses(
        LETTERS[1],
        "We share account records with",
        "hosting providers in Europe,",
        "payment processors chosen by you, and",
        "courier firms that deliver parcels.",
        LETTERS[2],
    )
    assert told(align(before, after)) == [(Op.MODIFIED, (1,), (1, 2, 3, 4), False)]


def test_merged_clauses_are_one_row() -> None:
    """Two neighbours written as one paragraph are one modified row with both origins."""
    before = clauses(LETTERS[1], LETTERS[0], LETTERS[3], LETTERS[2])
    after = clauses(LETTERS[1], f"{LETTERS[0]} {LETTERS[3]}", LETTERS[2])
    assert told(align(before, after)) == [(Op.MODIFIED, (1, 2), (1,), False)]


def test_renumbered_clause_keeps_its_identity() -> None:
    """Equal text under another number is renumbered; another way to print the same number is not."""
    before = [
        Clause(LETTERS[0], number="4.1"),
        Clause(LETTERS[1], number="4.2"),
        Clause(LETTERS[2], number="(a)"),
    ]
    after = [
        Clause(LETTERS[0], number="4.1."),
        Clause(LETTERS[1], number="4.3"),
        Clause(LETTERS[2], number="a)"),
    ]
    assert told(align(before, after)) == [(Op.RENUMBERED, (1,), (1,), False)]


def test_renamed_section_leaves_its_clauses_in_place() -> None:
    """Under a heading with quite other words the clauses are equal, and the heading is modified."""
    before = [heading("Sharing"), *(Clause(t, ("Sharing",)) for t in LETTERS[:3])]
    after = [heading("Who else sees it"), *(Clause(t, ("Who else sees it",)) for t in LETTERS[:3])]
    assert told(align(before, after)) == [(Op.MODIFIED, (0,), (0,), False)]


def test_renamed_heading_above_a_split_clause() -> None:
    """A heading is recognised by what stands beneath it, also where that was split."""
    before = [heading("Sharing"), Clause(f"{LETTERS[0]} {LETTERS[3]}"), Clause(LETTERS[5])]
    after = [heading("Who else sees it"), Clause(LETTERS[0]), Clause(LETTERS[3]), Clause(LETTERS[5])]
    assert told(align(before, after)) == [
        (Op.MODIFIED, (0,), (0,), False),
        (Op.MODIFIED, (1,), (1, 2), False),
    ]


def test_renamed_section_whose_first_clause_is_new() -> None:
    """The heading is recognised by most of its clauses, not only by the one right beneath it."""
    before = [Clause(LETTERS[6]), heading("Sharing"), *clauses(*LETTERS[:3])]
    after = [
        Clause(LETTERS[6]),
        heading("Who else sees it"),
        *clauses("A short word of welcome first.", *LETTERS[:3]),
    ]
    assert told(align(before, after)) == [(Op.MODIFIED, (1,), (1,), False), (Op.ADDED, (), (2,), False)]


def test_section_moved_as_a_whole() -> None:
    """A heading and its clauses that went to the end are moved, all of them and nothing else."""
    short = [heading("Contact"), Clause(LETTERS[5], ("Contact",))]
    rest = [heading("Data"), *(Clause(t, ("Data",)) for t in LETTERS[:4])]
    rows = told(align([*short, *rest], [*rest, *short]))
    assert rows == [(Op.MOVED, (0,), (5,), True), (Op.MOVED, (1,), (6,), True)]


def test_repeated_row_goes_with_its_neighbours() -> None:
    """Of several equal clauses, the one beside a moved clause moves with it."""
    before = clauses(LETTERS[0], "Optional.", LETTERS[1], "Optional.", *LETTERS[2:6])
    after = clauses(LETTERS[0], "Optional.", *LETTERS[2:6], LETTERS[1], "Optional.")
    rows = told(align(before, after))
    assert rows == [(Op.MOVED, (2,), (6,), True), (Op.MOVED, (3,), (7,), True)]


def test_rows_are_not_paired_for_their_column_titles() -> None:
    """Table rows that share only their column titles are one gone and one come, not one modified."""
    before = [
        Clause("Name: _alpha; Purpose: remembers your language; Kept: one year", kind=ClauseKind.ROW),
        Clause(LETTERS[0]),
    ]
    after = [
        Clause(
            "Name: trk9; Purpose: advertising profiles on partner sites; Kept: session", kind=ClauseKind.ROW
        ),
        Clause(LETTERS[0]),
    ]
    assert [row[0] for row in told(align(before, after))] == [Op.REMOVED, Op.ADDED]


def test_row_whose_cell_changed_is_modified() -> None:
    """A table row with the same first cell and another value is modified."""
    before = [Clause("Name: _alpha; Purpose: remembers your language; Kept: one year", kind=ClauseKind.ROW)]
    after = [Clause("Name: _alpha; Purpose: remembers your language; Kept: ten years", kind=ClauseKind.ROW)]
    assert told(align(before, after)) == [(Op.MODIFIED, (0,), (0,), False)]


def test_unlike_clauses_are_not_paired() -> None:
    """Clauses that share only common words are removed and added, even in the same place."""
    before = clauses(LETTERS[0], LETTERS[1], LETTERS[2])
    after = clauses(LETTERS[0], "Arbitration takes place in Zurich under Swiss rules.", LETTERS[2])
    assert [row[0] for row in told(align(before, after))] == [Op.REMOVED, Op.ADDED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("我们会在您注销账户后三十天内删除您的个人信息。", "我们会在您注销账户后六个月内删除您的个人信息。"),
        (
            "当社は、お客様の同意なく個人情報を第三者に提供しません。",
            "当社は、お客様の個人情報を第三者に提供する場合があります。",
        ),
        ("เราเก็บข้อมูลส่วนบุคคลของคุณไว้สามสิบวัน", "เราเก็บข้อมูลส่วนบุคคลของคุณไว้สองปี"),
    ],
)
def test_scripts_without_spaces_are_compared_by_characters(before: str, after: str) -> None:
    """Chinese, Japanese and Thai clauses with an edit are modified though no word limits are written."""
    rows = align(clauses(LETTERS[0], before), clauses(LETTERS[0], after))
    assert told(rows) == [(Op.MODIFIED, (1,), (1,), False)]


def test_empty_sides() -> None:
    """From nothing all is added, to nothing all is removed, and nothing to nothing is no row."""
    some = clauses(*LETTERS[:2])
    assert align([], []) == ()
    assert [r.op for r in align([], some)] == [Op.ADDED, Op.ADDED]
    assert [r.op for r in align(some, [])] == [Op.REMOVED, Op.REMOVED]


TEXTS = st.lists(
    st.sampled_from([*LETTERS, *(t.replace("We", "They") for t in LETTERS), "Yes", "No", "", "是的"]),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_every_clause_is_in_exactly_one_row(before: list[str], after: list[str]) -> None:
    """Whatever is aligned, each index of both sides appears once, new ones in order, and again the same."""
    old, new = clauses(*before), clauses(*after)
    rows = align(old, new)
    assert sorted(i for r in rows for i in r.before) == list(range(len(old)))
    assert [j for r in rows for j in r.after] == list(range(len(new)))
    assert align(old, new) == rows
    for row in rows:
        if row.op in (None, Op.MOVED, Op.RENUMBERED):
            assert old[row.before[0]].key == new[row.after[0]].key


def test_moved_rows_are_what_leaves_the_rest_in_order() -> None:
    """Rows without a move mark keep the old order, whatever was shuffled."""
    random_ = random.Random(5)
    before = clauses(*(f"{text} {k}" for k in range(6) for text in LETTERS))
    after = before[:]
    random_.shuffle(after)
    stay = [row.before[0] for row in align(before, after) if not row.moved]
    assert stay == sorted(stay)
    assert len(stay) >= 5
