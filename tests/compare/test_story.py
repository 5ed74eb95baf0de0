"""The story in one line: the point first, quotations that stand on their own, counts last."""

from __future__ import annotations

import re

import pytest

from storage.records import ChangeKind, Clause, ClauseKind, Document, PolicyKind
from watcher.compare import compare
from watcher.compare.quote import ROOMY, around, heading, quoted, shortened

PATH = ("Club rules", "Lending")
FILLER = tuple(
    f"Standing sentence number {n} of the club speaks about {thing} and stays as it is all year."
    for n, thing in enumerate(
        2 * ("kites", "canoes", "ladders", "lanterns", "drums", "tents", "skates", "sleds")
    )
)


def para(text: str, *path: str) -> Clause:
    return Clause(text, path or PATH)


def head(text: str, level: int = 2) -> Clause:
    return Clause(text, PATH[:1], ClauseKind.HEADING, level=level)


def story(
    before: tuple[Clause, ...],
    after: tuple[Clause, ...],
    kind: PolicyKind = PolicyKind.PRIVACY,
    language: str = "en",
) -> str:
    standing = tuple(para(text) for text in FILLER)
    old, new = (Document("Club rules", language, (*standing, *own)) for own in (before, after))
    return compare(old, new, kind=kind).summary


def told(before: str, after: str, kind: PolicyKind = PolicyKind.PRIVACY, language: str = "en") -> str:
    return story((para(before),), (para(after),), kind, language)


@pytest.mark.parametrize(
    ("before", "after", "starts", "ends"),
    [
        (
            "We keep your letters for 30 days after you leave the club.",
            "We keep your letters for 24 months after you leave the club.",
            "Period: 30 days → 24 months in “We keep your letters for 24 months after you leave the club”",
            "; in “Lending”: 1 clause modified.",
        ),
        (
            "We do not lend your letters to other clubs.",
            "We may lend your letters to other clubs.",
            "A negation is gone: “do not” → “may” in “We may lend your letters to other clubs”",
            "1 clause modified.",
        ),
        (
            "We answer letters within a fair time.",
            "We answer letters within a fair time, at most 45 days.",
            "Period: adds “We answer letters within a fair time, at most 45 days”",
            "1 clause modified.",
        ),
        (
            "Write to us at desk@club.example for help.",
            "Write to us at help@club.example for help.",
            "E-mail address: desk@club.example → help@club.example",
            "1 clause modified.",
        ),
        (
            "Wir bewahren Ihre Briefe 30 Tage lang auf.",
            "Wir bewahren Ihre Briefe 90 Tage lang auf.",
            "Period: 30 Tage → 90 Tage in “",
            "1 clause modified.",
        ),
    ],
)
def test_a_fact_is_told_first_with_a_few_words_around_it(
    before: str, after: str, starts: str, ends: str
) -> None:
    """What changed comes before where it lies and how many clauses there are."""
    line = told(before, after, language="de" if before.startswith("Wir") else "en")
    assert line.startswith(starts)
    assert line.endswith(ends)


def test_a_fact_comes_before_the_mention_of_a_matter() -> None:
    """Another party is told before a right that is spoken of in the same breath."""
    line = told(
        "Your contract is with Acme Kites Ltd.",
        "Your contract is with Borealis Holding GmbH. You may object to marketing by post.",
        PolicyKind.TERMS,
    )
    assert line.startswith("Party: Acme Kites Ltd. → Borealis Holding GmbH; ")


def test_a_new_section_is_told_by_its_name_and_size() -> None:
    """Ten clauses under a new heading are one thing that happened."""
    own = (
        head("4. Night lending"),
        *(
            para(
                f"At night the lamp of shelf {n} is lit and members sign the blue book twice.",
                PATH[0],
                "4. Night lending",
            )
            for n in range(10)
        ),
    )
    line = story((), own, PolicyKind.TERMS)
    assert line.startswith("New section “Night lending” (about 150 words); ")
    assert "in “Night lending”" not in line, "the place was told already"


def test_a_section_that_left_is_told_as_gone() -> None:
    """The other way round."""
    own = (
        head("Night lending"),
        *(
            para(
                f"At night the lamp of shelf {n} is lit and members sign the blue book twice.",
                PATH[0],
                "Night lending",
            )
            for n in range(4)
        ),
    )
    assert "rops section “Night lending” (about 60 words)" in story(own, (), PolicyKind.TERMS)


def test_names_of_one_kind_are_told_together() -> None:
    """Five new subprocessors are one piece of the story, and the first three are named."""
    rows = tuple(
        Clause(f"{name}; Hosting; Norway", ("Subprocessors",), ClauseKind.ROW)
        for name in ("Birch", "Cedar", "Elm", "Fir", "Hazel")
    )
    line = story((), rows, PolicyKind.SUBPROCESSORS)
    assert line == "Subprocessors: adds Birch, Cedar, Elm and 2 more; 5 clauses added."


def test_a_name_replaced_throughout_is_told_once() -> None:
    """A product's other name is the point, however many clauses carry it."""
    things = ("boats", "ropes", "oars", "sails", "paddles")
    line = story(
        tuple(para(f"Members of Kitewell may borrow {t} on request and return them dry.") for t in things),
        tuple(para(f"Members of Skyhollow may borrow {t} on request and return them dry.") for t in things),
        PolicyKind.TERMS,
    )
    assert line == "“Kitewell” → “Skyhollow” in 5 clauses; in “Lending”: 5 clauses modified."


def test_two_rules_on_the_same_words_make_one_piece() -> None:
    """What is quoted once is not quoted again under another name."""
    line = story((), (para("Letters train artificial intelligence models."),))
    assert line.count("Letters train") == 1


def test_one_address_that_moves_in_two_places_is_one_move() -> None:
    """What stood in several clauses and gave way to one thing is told once; so is what went here and came there."""
    line = story(
        (para("Write to Kite Club, 6 Portland Street."), para("Notices go to Kite Club, 9 Old Mill Road.")),
        (para("Write to Kite Club, 1 Ashley Avenue."), para("Notices go to Kite Club, 1 Ashley Avenue.")),
    )
    assert line.startswith("Postal address: 6 Portland Street, 9 Old Mill Road → 1 Ashley Avenue; ")
    line = story(
        (para("Your data are kept by Kite Club Ltd. (“we”, “us”) in the red barn at the end of the lane."),),
        (para("The controller that uses your letters is Borealis Holding GmbH (“we”, “us”), before noon."),),
    )
    assert line.startswith("Party: Kite Club Ltd. → Borealis Holding GmbH")


def test_a_short_section_that_goes_is_one_thing() -> None:
    """A heading and the two clauses under it are told by the heading, not clause by clause."""
    own = (
        head("Right to complain"),
        para("You may lodge a complaint with the harbour authority.", PATH[0], "Right to complain"),
        para("Harbour authority, 9 Quay Street, SK9 5AF.", PATH[0], "Right to complain"),
    )
    assert story(own, ()).startswith("Drops section “Right to complain” (about ")


def test_two_matters_in_one_sentence_are_quoted_once() -> None:
    """A new sentence that speaks of biometric data and of identity checks is one piece."""
    line = told(
        "We keep your letters.",
        "We keep your letters. We collect face geometry, which may be biometric data, to verify your identity.",
    )
    assert line.count("face geometry") == 1


def test_no_quotation_ends_on_a_word_that_leads_on() -> None:
    """The cut falls behind a word that carries something."""
    assert (
        shortened("a claim for relief with respect to a violation of the rules", 40)
        == "a claim for relief with respect…"
    )


def test_an_unknown_change_quotes_what_stood_and_what_stands() -> None:
    """Without a known signal the words speak for themselves."""
    line = told("Sledges are kept in the red barn.", "Sledges are kept in the green tower.", PolicyKind.TERMS)
    assert line == (
        "“red barn” → “green tower” in “Sledges are kept in the green tower”; in “Lending”: 1 clause modified."
    )


def test_equal_texts_have_no_counts() -> None:
    """Nothing happened, and the line says just that."""
    assert told("Kites are blue.", "Kites are blue.") == "The words are the same."


def test_editorial_changes_are_told_by_their_sort() -> None:
    """A reader learns which trifles differed."""
    line = told("Members' kites are “blue”.", 'Members’ kites are "blue".')
    assert line == "No meaning changed: typography only; 1 clause modified."


def test_a_rewrite_names_sections_without_their_numbers() -> None:
    """Headings that only got another number are neither new nor gone."""
    old = [head("1. Scope"), head("2. Lending")] + [
        para(f"Old words on matter {n} of lending.") for n in range(30)
    ]
    new = [head("3. Scope"), head("4. Renting")] + [
        para(f"Borrowers today pay {n + 2} coins for gadget {n} by card.", PATH[0], "4. Renting")
        for n in range(60)
    ]
    change = compare(Document("R", "en", tuple(old)), Document("R", "en", tuple(new)), kind=PolicyKind.TERMS)
    assert change.kind is ChangeKind.REWRITE
    assert change.summary.startswith("Rewritten; new section “Renting”; drops section “Lending”; ")


def test_quotations_are_short_whole_and_never_empty() -> None:
    """At most a hundred and ten characters and the sign of what is left out, whatever was changed."""
    long = "We lend " + ", ".join(f"kite number {n}" for n in range(40)) + " and biometric data to nobody."
    for line in (told("We lend kites.", long), story((), (para(long),)), story((para(long),), ())):
        for quotation in re.findall("“([^”]*)”", line):
            assert 0 < len(quotation.strip("…")) <= ROOMY
            assert all(word in long.replace(".", "") or word in line for word in quotation.strip("…").split())
        assert line.count("; ") <= 4


def test_quotations_end_between_words() -> None:
    """The pieces themselves: beginnings, surroundings, headings."""
    assert shortened("one two three four", 12) == "one two…"
    assert quoted(" … ") == ""
    assert (
        around("We came. Kites fly high over the hill. We left.", 9, 14) == "“Kites fly high over the hill”"
    )
    assert around("a " * 60 + "kite" + " b" * 60, 120, 124, 20).startswith("“…a")
    assert quoted("the “blue” kite") == "“the ‘blue’ kite”"


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("4.2 Fees:", "Fees"),
        ("Article 7 – Refunds", "Refunds"),
        ("§ 3 Kündigung", "Kündigung"),
        ("IV. Notices", "Notices"),
        ("Civil matters", "Civil matters"),
        ("12", "12"),
        ("***", ""),
    ],
)
def test_headings_lose_their_number(printed: str, bare: str) -> None:
    """A reader of the story does not need the numbering of the page."""
    assert heading(printed) == bare
