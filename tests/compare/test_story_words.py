"""The words of a story: one form for each thing that can happen, and quotations that begin and end where people do."""

from __future__ import annotations

import random

import pytest

from storage.records import Clause, ClauseKind, Document, PolicyKind
from watcher.compare import compare
from watcher.compare.passage import passage
from watcher.compare.quote import LIMIT, around, quoted

PATH = ("Club rules", "Lending")
STANDING = tuple(
    f"Standing sentence number {n} of the club speaks about {thing} and stays as it is all year."
    for n, thing in enumerate(
        2 * ("kites", "canoes", "ladders", "lanterns", "drums", "tents", "skates", "sleds")
    )
)


def para(text: str, *path: str) -> Clause:
    return Clause(text, path or PATH)


def head(text: str) -> Clause:
    return Clause(text, PATH[:1], ClauseKind.HEADING, level=2)


def story(
    before: tuple[Clause, ...], after: tuple[Clause, ...], kind: PolicyKind = PolicyKind.PRIVACY
) -> str:
    standing = tuple(para(text) for text in STANDING)
    old, new = (Document("Club rules", "en", (*standing, *own)) for own in (before, after))
    return compare(old, new, kind=kind).summary


RULES = (
    "We lend boats in summer, and if the wind is strong we may ask every member of the crew to wear "
    "a vest, to sign the blue book, to leave a deposit at the desk and to be back before the lamp is lit."
)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            (para("We keep your letters."),),
            (para("We keep your letters. They may be used to train artificial intelligence models."),),
            "raining of AI models: adds “They may be used to train artificial intelligence models”",
        ),
        (
            (para("We keep your letters. You may lodge a complaint with the supervisory authority."),),
            (para("We keep your letters."),),
            "rivacy rights: drops “You may lodge a complaint with the supervisory authority”",
        ),
        (
            (),
            (para("Any dispute is settled by binding arbitration in the harbour."),),
            "rbitration: new clause “Any dispute is settled by binding arbitration in the harbour”",
        ),
        (
            (para("Any dispute is settled by binding arbitration in the harbour."),),
            (),
            "rbitration: drops clause “Any dispute is settled by binding arbitration in the harbour”",
        ),
        ((), (Clause("Sails are blue.", PATH, ClauseKind.ITEM),), "New clause “Sails are blue”"),
        ((para("Sails are blue."),), (), "Drops clause “Sails are blue”; 1 clause removed."),
        (
            (para("Lanterns hang in the hall of the house."),),
            (para("Lanterns hang in the hall and the kitchen of the house."),),
            "Adds “and the kitchen” in “Lanterns hang in the hall and the kitchen of the house”",
        ),
        (
            (para("Lanterns hang in the hall and the kitchen of the house."),),
            (para("Lanterns hang in the hall of the house."),),
            "Drops “and the kitchen” from “Lanterns hang in the hall and the kitchen of the house”",
        ),
    ],
)
def test_each_thing_that_happens_has_one_form(
    before: tuple[Clause, ...], after: tuple[Clause, ...], line: str
) -> None:
    """Words added and dropped, clauses added and dropped, with the matter first where one is known; that no meaning
    changed is said only of what is proved harmless."""
    assert line in story(before, after)


def test_names_that_come_and_go_are_one_fact() -> None:
    """Two vendors in, one out: told together, each under its verb."""

    def rows(*names: str) -> tuple[Clause, ...]:
        return tuple(Clause(f"{n}; Hosting; Norway", ("Subprocessors",), ClauseKind.ROW) for n in names)

    line = story(rows("Hazelnut Mail"), rows("Birch Desk", "Cedar Pay"), PolicyKind.SUBPROCESSORS)
    assert line.startswith("Subprocessors: adds Birch Desk and Cedar Pay, drops Hazelnut Mail; ")


def test_parties_that_go_are_told_together() -> None:
    """Two clauses that name a party each and went are one fact."""
    line = story(
        (
            para("Your data are kept by Kite Club Ltd. (“we”, “us”) in the red barn at the end of the lane."),
            para("The controller that uses your letters is Borealis Holding GmbH (“we”, “us”), before noon."),
        ),
        (),
    )
    assert line.startswith("Parties: drops Kite Club Ltd. and Borealis Holding GmbH; ")


def test_another_party_leads_even_where_all_is_rewritten() -> None:
    """Who the contract is with comes before the names of sections."""
    old = [head("Lending"), *(para(t) for t in STANDING[:8]), para("Your contract is with Acme Kites Ltd.")]
    new = [head("Renting")] + [
        para(f"Borrowers today pay {n + 2} coins for gadget {n} by card.", PATH[0], "Renting")
        for n in range(40)
    ]
    new.append(para("Your contract is with Borealis Holding GmbH."))
    summary = compare(
        Document("R", "en", tuple(old)), Document("R", "en", tuple(new)), kind=PolicyKind.TERMS
    ).summary
    assert summary.startswith(
        "Party: Acme Kites Ltd. → Borealis Holding GmbH; rewritten; new section “Renting”"
    )


def test_a_new_section_is_told_once_with_its_point() -> None:
    """What stands in the section is quoted with it, and not told again as a fact of its own."""
    own = (
        head("Night lending"),
        *(
            para(
                f"At night the lamp of shelf {n} is lit and members sign the blue book twice.",
                PATH[0],
                "Night lending",
            )
            for n in range(5)
        ),
        para("Disputes on night lending go to binding arbitration.", PATH[0], "Night lending"),
    )
    line = story((), own, PolicyKind.TERMS)
    assert line.startswith(
        "New section “Night lending” (about 90 words): “Disputes on night lending go to binding"
    )
    assert line.count("arbitration") == 1


def test_a_quotation_begins_and_ends_at_a_clause() -> None:
    """Of a long sentence the part that holds the words, from a mark or a word that opens it to another."""
    at = RULES.index("ask every member")
    assert around(RULES, at, at + 3) == "“…and if the wind is strong we may ask every member of the crew…”"
    at = RULES.index("deposit")
    assert (
        around(RULES, at, at + 7) == "“…to leave a deposit at the desk and to be back before the lamp is lit”"
    )


def test_scripts_without_spaces_are_cut_at_their_own_marks() -> None:
    """A full-width stop ends a sentence, a full-width comma a part of one."""
    text = "我们保存您的信件。我们收集您的面部特征，用于核实身份。您可以随时退出。"
    at = text.index("面部")
    assert around(text, at, at + 4) == "“我们收集您的面部特征，用于核实身份”"
    assert around(text, at, at + 4, 16) == "“我们收集您的面部特征…”"


def test_neither_numbers_of_items_nor_stray_marks_are_quoted() -> None:
    """What belongs to the words before or behind stays outside."""
    assert quoted("(ii) lend kites; ") == "“lend kites”"
    assert quoted(". Thomas Keel") == "“Thomas Keel”"
    assert quoted("kites (and drums)") == "“kites (and drums)”"
    assert around("Write to Acme Inc. Boats are ours.", 9, 13) == "“Write to Acme Inc. Boats are ours”"


def test_a_heading_is_not_quoted_for_what_stands_elsewhere() -> None:
    """A line that only names a matter gives way to the clause that says something of it."""
    line = story(
        (),
        (
            para("Automated decisions"),
            para("We decide by machine alone, in automated decisions, whether you may borrow a boat."),
        ),
    )
    assert "“Automated decisions”" not in line
    assert "whether you may borrow a boat" in line


def test_small_words_in_the_place_of_others_are_shown_in_their_sentence() -> None:
    """Two words say nothing without the sentence; a longer replacement speaks for itself."""
    assert (
        story((para("Sails are for sale."),), (para("Sails are on hire."),), PolicyKind.TERMS).count(
            "“Sails are on hire”"
        )
        == 1
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_stretch_holds_its_words_and_keeps_its_room(seed: int) -> None:
    """Whatever the text: the words are in it, it is no longer than the room, and no word is cut where there are
    spaces."""
    dice = random.Random(seed)
    words = [
        "kite",
        "boats,",
        "(lamp)",
        "drum.",
        "The",
        "if",
        "we",
        "–",
        "ladder;",
        "and",
        "tents:",
        "“sled”",
    ]
    text = " ".join(dice.choices(words, k=90))
    start = dice.choice([n for n in range(1, len(text) - 12) if text[n - 1] == " "])
    end = start + len(text[start:].split(" ")[0])
    a, b, *_ = passage(text, start, end, (0, len(text)), LIMIT)
    assert a <= start < end <= b <= a + LIMIT
    assert a == 0 or not text[a - 1].isalpha() or not text[a].isalpha()
    assert b == len(text) or not text[b - 1].isalpha() or not text[b].isalpha()
    assert passage(text, start, end, (0, len(text)), LIMIT)[:2] == (a, b)
