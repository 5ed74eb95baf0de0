"""Two documents compared: kind, materiality, topics, direction, the story in one line, and clauses in order."""

from __future__ import annotations

import random

import pytest

from storage.records import (
    ChangeKind,
    Clause,
    ClauseKind,
    Comparison,
    Direction,
    Document,
    Materiality,
    Op,
    PolicyKind,
    Topic,
)
from watcher.compare import compare

BODY = (
    "Widgets are lent to members for play at home and in the garden.",
    "Members treat widgets with care and bring them back dry.",
    "A broken widget is mended by us wherever that can be done.",
    "Questions reach us at the counter during opening hours.",
)


def document(*texts: str | Clause, language: str = "en") -> Document:
    return Document(
        "Rules", language, tuple(t if isinstance(t, Clause) else Clause(t, ("Rules",)) for t in texts)
    )


def changed(before: str, after: str, kind: PolicyKind = PolicyKind.PRIVACY) -> Comparison:
    return compare(document(*BODY, before), document(*BODY, after), kind=kind)


def test_a_flipped_negation_is_high_and_told_first() -> None:
    """The strongest fact opens the story, and the counts close it."""
    change = changed("We do not sell your personal data.", "We may sell your personal data.")
    assert (change.kind, change.materiality) == (ChangeKind.EDIT, Materiality.HIGH)
    assert change.summary.startswith("A negation is gone: “do not” → “may”")
    assert change.summary.endswith("1 clause modified.")


def test_a_longer_retention_is_worse_for_the_reader() -> None:
    """Materiality, topic and direction follow from the changed period."""
    change = changed("We keep your messages for 30 days.", "We keep your messages for 24 months.")
    assert change.materiality is Materiality.HIGH
    assert change.direction is Direction.WORSE
    assert Topic.RETENTION in change.topics
    assert change.clauses[0].reasons[0] == "period: 30 days → 24 months"


def test_another_contracting_party_is_high_and_a_moved_office_medium() -> None:
    """Who stands behind the contract weighs more than where the office lies."""
    terms = PolicyKind.TERMS
    party = changed(
        "Your contract is with Acme Widgets Ltd.", "Your contract is with Borealis Holding GmbH.", terms
    )
    office = changed(
        "Our office: 12 Harbour Street, Springfield.", "Our office: 99 Mill Road, Springfield.", terms
    )
    assert party.materiality is Materiality.HIGH
    assert party.summary.startswith("Party: Acme Widgets Ltd. → Borealis Holding GmbH")
    assert Topic.CONTACT in party.topics
    assert office.materiality is Materiality.MEDIUM
    assert office.topics == (Topic.CONTACT,)


def test_only_the_date_line_differs() -> None:
    """A change of the stated date alone is date-only, with materiality none."""
    change = changed("Last updated: 3 May 2023", "Last updated: 9 June 2024")
    assert (change.kind, change.materiality) == (ChangeKind.DATE_ONLY, Materiality.NONE)
    assert change.summary == "Only the date changed."


def test_spelling_and_typography_are_editorial() -> None:
    """Nothing editorial is told as material, and the story says what it was."""
    change = changed("We recognise members' widgets.", "We recognize members’ widgets.")
    assert (change.kind, change.materiality, change.topics) == (ChangeKind.EDITORIAL, Materiality.NONE, ())
    assert change.summary.startswith("No meaning changed: spelling")


def test_clauses_in_another_order_are_editorial() -> None:
    """Pure reordering changes no meaning."""
    change = compare(document(*BODY), document(*reversed(BODY)), kind=PolicyKind.TERMS)
    assert (change.kind, change.materiality) == (ChangeKind.EDITORIAL, Materiality.NONE)
    assert (change.words_added, change.words_removed) == (0, 0)
    assert {c.op for c in change.clauses} == {Op.MOVED}


def test_equal_documents_have_no_clauses() -> None:
    """Comparing a text with itself gives an editorial comparison without clauses."""
    change = compare(document(*BODY), document(*BODY), kind=PolicyKind.TERMS)
    assert (change.kind, change.clauses, change.topics) == (ChangeKind.EDITORIAL, (), ())


def test_a_rewrite_is_told_by_its_sections() -> None:
    """When most of the text is another, the story names what sections came and went instead of every clause."""
    old = [Clause("Lending", level=2, kind=ClauseKind.HEADING), *(Clause(t, ("Lending",)) for t in BODY)]
    new = [Clause("Renting", level=2, kind=ClauseKind.HEADING)] + [
        Clause(
            f"Members pay {n + 3} coins for gadget number {n}, which they rent by day in spring.",
            ("Renting",),
        )
        for n in range(9)
    ]
    change = compare(document(*old), document(*new), kind=PolicyKind.TERMS)
    assert change.kind is ChangeKind.REWRITE
    assert change.materiality is Materiality.HIGH
    assert change.summary.startswith("Rewritten; new section “Renting”; drops section “Lending”")


def test_an_unknown_change_says_that_no_signal_decided() -> None:
    """What the rules don't know is judged by its size and place, and the reason says so."""
    change = changed("Widgets are blue on Mondays.", "Widgets are green and striped on Mondays.")
    assert change.materiality is Materiality.LOW
    assert change.clauses[0].reasons == ("no known signal decides: judged by 3 changed words under “Rules”",)


def test_page_furniture_beside_nothing_else_is_editorial() -> None:
    """A feedback widget that slipped through the reader is no change of the policy."""
    change = compare(document(*BODY), document(*BODY, "Was this article helpful?"), kind=PolicyKind.TERMS)
    assert (change.kind, change.materiality) == (ChangeKind.EDITORIAL, Materiality.NONE)
    assert change.clauses[0].reasons[0].startswith("page furniture")


def test_clauses_stand_in_the_order_of_the_document_with_their_section() -> None:
    """The record lists clauses as a reader meets them, each with its section path."""
    added = Clause("We also record precise location by GPS.", ("Rules", "Data"))
    change = compare(document(*BODY), document(BODY[0], added, *BODY[1:3]), kind=PolicyKind.PRIVACY)
    assert [c.op for c in change.clauses] == [Op.ADDED, Op.REMOVED]
    assert change.clauses[0].section == "Rules › Data"


def test_a_feature_of_the_kind_of_document_weighs() -> None:
    """The same row is high in a list of subprocessors and medium in a privacy policy."""
    row = Clause("Borealis Hosting; Hosting; Norway", ("Vendors",), ClauseKind.ROW)
    levels = {
        kind: compare(document(*BODY), document(*BODY, row), kind=kind).materiality
        for kind in (PolicyKind.SUBPROCESSORS, PolicyKind.PRIVACY)
    }
    assert levels == {PolicyKind.SUBPROCESSORS: Materiality.HIGH, PolicyKind.PRIVACY: Materiality.MEDIUM}


def test_a_subprocessor_in_a_plain_list_is_told_by_name() -> None:
    """A list of subprocessors is often no table: an item that appears is a new subprocessor all the same."""
    item = Clause("Borealis Hosting – cloud hosting, Norway", ("Subprocessors",), ClauseKind.ITEM)
    change = compare(document(*BODY), document(*BODY, item), kind=PolicyKind.SUBPROCESSORS)
    assert change.summary == "Subprocessor: adds Borealis Hosting; 1 clause added."


@pytest.mark.parametrize("seed", range(4))
def test_the_same_pair_always_gives_the_same_record(seed: int) -> None:
    """Comparing is deterministic, whatever was compared before."""
    dice = random.Random(seed)
    words = [w for text in BODY for w in text.split()]
    old = document(*(" ".join(dice.choices(words, k=12)) for _ in range(30)))
    new = document(*(" ".join(dice.choices(words, k=12)) for _ in range(30)))
    assert compare(old, new, kind=PolicyKind.TERMS) == compare(old, new, kind=PolicyKind.TERMS)


def test_hostile_text_is_judged_without_blowing_up() -> None:
    """Long runs of one sign, thousands of brackets and tags end in a judgement like any other text."""
    nasty = [
        "(" * 5000,
        "<" * 5000 + "p" * 5000,
        "a " * 5000,
        "1." * 5000,
        "@" * 5000,
        "not " * 3000,
        "A. " * 3000,
    ]
    change = compare(document(*BODY), document(*BODY, *nasty), kind=PolicyKind.OTHER)
    assert change.kind in (ChangeKind.EDIT, ChangeKind.REWRITE, ChangeKind.EDITORIAL)
