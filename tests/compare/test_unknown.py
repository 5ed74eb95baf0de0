"""Edits in which no known signal speaks: judged by size, place and subject."""

from __future__ import annotations

from storage.records import Materiality, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.judge import judge
from watcher.compare.topics import about
from watcher.compare.unknown import features, unknown
from watcher.compare.words import word_ops

_WORLD = World(
    PolicyKind.PRIVACY, "en", "we note the size of your boots. ", "we note the size of your boots. "
)


def _modified(before: str, after: str) -> Edit:
    return Edit(Op.MODIFIED, before, after, word_ops(before, after), ("What we note",))


def _chance(edit: Edit) -> float:
    return unknown().chance(features(edit, _WORLD, about(edit.after or edit.before, edit.section)))


def test_every_feature_has_its_weight() -> None:
    """The shipped weights fit the features of the code: a feature added without a new fit would fail here."""
    row = features(_modified("We note your boots.", "We note your coat."), _WORLD, {})
    assert len(row) == len(unknown().weights)


def test_words_put_in_weigh_more_than_a_changed_form() -> None:
    """Three new things that are noted are more than another form of the same word."""
    before = "When you hire boots we write down what you need for the walk."
    form = _modified(before, "When you hire boots we write down what you needed for the walk.")
    more = _modified(
        before,
        "When you hire boots we write down what you need for the walk, your weight, the names of those who walk "
        "with you and where you mean to sleep.",
    )
    assert _chance(form) + 0.1 < _chance(more)


def test_an_edit_without_a_signal_says_that_none_decides() -> None:
    """The reader is told that the grade rests on size and place alone."""
    got = judge(
        _modified("The bridge is old.", "The bridge is old and the path to it is steep in places."), _WORLD
    )
    assert got.materiality in (Materiality.LOW, Materiality.MEDIUM)
    assert got.reasons[0].startswith("no known signal decides")
