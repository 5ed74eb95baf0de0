"""Leads: what stands above a clause says whose prohibition it is."""

from __future__ import annotations

import pytest

from storage.records import Clause, ClauseKind, Direction, Document, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.signals import signals
from watcher.compare.signals.leads import forbidden, lead

ITEM = "train models of your own on what others post here"


def listed(opening: str, section: tuple[str, ...] = ()) -> tuple[Edit, World]:
    items = tuple(Clause(t, ClauseKind.ITEM) for t in ("sing after ten", ITEM))
    after = Document("", "en", (Clause(opening), *items))
    world = World.of(Document("", "en", (Clause(opening), items[0])), after, PolicyKind.TERMS)
    return Edit(Op.ADDED, "", ITEM, (), section, ClauseKind.ITEM), world


@pytest.mark.parametrize(
    ("opening", "section", "wanted"),
    [
        ("As a guest you may not:", (), True),
        ("As a guest you may:", (), False),
        ("What guests do here:", ("Prohibited conduct",), True),
        ("Es ist verboten:", (), True),
    ],
)
def test_an_item_of_a_list_of_prohibitions_is_known_by_its_lead_or_heading(
    opening: str, section: tuple[str, ...], wanted: bool
) -> None:
    """The line that opens the list, or the heading above, says that its items are forbidden to the reader."""
    edit, world = listed(opening, section)
    assert lead(edit, world, after=True) == opening.casefold()
    assert forbidden(edit, world, after=True) is wanted


def test_what_the_reader_may_not_do_is_not_told_as_done_to_him() -> None:
    """Training models in a list of prohibitions is no news of data used for training."""
    hits = {hit.rule: hit for hit in signals(*listed("As a guest you may not:"))}
    assert hits["ai-training"].direction is Direction.UNCLEAR
    hits = {hit.rule: hit for hit in signals(*listed("With your posts we will:"))}
    assert hits["ai-training"].direction is Direction.WORSE
