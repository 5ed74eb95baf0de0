"""Names in their clause: parties, vendors, representatives, officers, cookies, places."""

from __future__ import annotations

import pytest

from storage.records import Clause, ClauseKind, Document, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.gazetteer import is_arbitration_body, is_place
from watcher.compare.names import addresses, party_names
from watcher.compare.signals import Hit, signals

PARAGRAPH, ITEM, ROW = ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.ROW


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("You use the Acorn. Acorn Inc. may write.", ("Acorn Inc.",)),
        ("our parent, Borealis Group Inc., and", ("Borealis Group Inc.",)),
        ("Copyright 2021 Acme Widgets, Inc.", ("Acme Widgets, Inc.",)),
        ("the brand of acme Germany GmbH, Berlin", ("acme Germany GmbH",)),
        ("wie z. B. Eiche, Inc. oder Borke Inc.", ("Eiche, Inc.", "Borke Inc.")),
        ("Rent A Boat System, LLC rents boats.", ("Rent A Boat System, LLC",)),
        ("YOUR CONTRACT WITH ACORN HARBOUR LIMITED STARTS", ("ACORN HARBOUR LIMITED",)),
        (
            "Elm Holding Limited, Oak Trading Ltd and Ash LLC (“we”)",
            ("Elm Holding Limited", "Oak Trading Ltd", "Ash LLC"),
        ),
        ("OUR LIABILITY SHALL BE LIMITED TO TEN", ()),
        ("a Delaware Corporation", ()),
    ],
)
def test_a_name_begins_and_ends_with_the_name(text: str, names: tuple[str, ...]) -> None:
    """The end of a sentence, a year or a word of the sentence is no part of a legal person's name."""
    assert party_names(text) == names


def test_a_place_is_a_place_by_what_it_is() -> None:
    """Capital letters make no place, and words of law around a place take nothing from it."""
    assert all(
        map(is_place, ("the State of Ohio", "England and Wales", "irischem Recht", "the United States"))
    )
    assert not any(map(is_place, ("OUR", "Privacy Rights", "us", "carriers", "California Privacy Rights")))
    assert is_arbitration_body("the American Arbitration Association") and not is_arbitration_body(
        "the Forum"
    )


def test_an_address_is_told_with_the_name_of_its_street() -> None:
    """A street of a Romance language is named after the word for street; a short code is no post code."""
    assert addresses("8 rue du Moulin Vert, 75002 Paris")[0] == "8 rue du Moulin Vert"
    assert addresses("send HELP to 58585 at any time") == ()


@pytest.mark.parametrize(
    ("text", "heads", "of", "kind", "said"),
    [
        ("Borke, Inc.", ("Our processors",), ITEM, PolicyKind.PRIVACY, "vendor: Borke, Inc. appears"),
        (
            "Eiche, Inc. and Borke, Inc. help us.", ("Service providers",), PARAGRAPH, PolicyKind.PRIVACY,
            "vendor: Eiche, Inc., Borke, Inc. appear",
        ),
        (
            "This site uses a map. It is provided by Borke Inc.", (), PARAGRAPH, PolicyKind.PRIVACY,
            "vendor: Borke Inc. appears",
        ),
        (
            "Our data protection officer is Eiche GmbH.", (), PARAGRAPH, PolicyKind.PRIVACY,
            "data protection officer: Eiche GmbH appears",
        ),
        ("Courier; Names; Norway", ("Third parties we share data with",), ROW, PolicyKind.PRIVACY, "vendor: Courier appears"),
        ("Analytics Cookies; _abc; 1 year", (), ROW, PolicyKind.COOKIES, "cookie or tracker: _abc appears"),
        ("Type: Local Storage; Name: abc_1; Life: 1 year", (), ROW, PolicyKind.COOKIES, "cookie or tracker: abc_1 appears"),
    ],
)  # fmt: skip
def test_a_name_is_told_as_what_it_is(
    text: str, heads: tuple[str, ...], of: ClauseKind, kind: PolicyKind, said: str
) -> None:
    """The words and headings around a name say what it is."""
    assert said in {hit.says for hit in _added(text, heads, of, kind)}


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        (
            "Category of Personal Information: Location data; Shared with: providers",
            ("Sharing with third parties",),
        ),
        ("Vendor privacy policy; Link", ("Vendors",)),
        ("Pictures of the yard; 1 month", ("How long we keep data",)),
    ],
)
def test_kinds_and_headers_are_no_vendors_and_no_cookies(text: str, heads: tuple[str, ...]) -> None:
    """A row on a kind of data, or a row of headers, names nobody."""
    hits = _added(text, heads, ROW, PolicyKind.PRIVACY)
    assert not {"vendor-row", "cookie-row"} & {hit.rule for hit in hits}


def _added(text: str, heads: tuple[str, ...], of: ClauseKind, kind: PolicyKind) -> tuple[Hit, ...]:
    world = World.of(Document("", "en", ()), Document("", "en", (Clause(text),)), kind)
    return signals(Edit(Op.ADDED, "", text, (), heads, of), world)
