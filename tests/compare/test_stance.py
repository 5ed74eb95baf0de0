"""Stance: a denial, a restriction or an exception is told where it came or went, and only there."""

from __future__ import annotations

import pytest

from storage.records import Clause, Document, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.phrases import told
from watcher.compare.signals import Hit, signals
from watcher.compare.words import word_ops


def edited(before: str, after: str) -> Edit:
    return Edit(Op.MODIFIED, before, after, word_ops(before, after))


def found(before: str, after: str, language: str = "en") -> dict[str, Hit]:
    old, new = (Document("", language, (Clause(t),)) for t in (before, after))
    world = World.of(old, new, PolicyKind.PRIVACY)
    return {hit.rule: hit for hit in signals(edited(before, after), world) if hit.family == "stance"}


@pytest.mark.parametrize(
    ("language", "before", "after", "rule"),
    [
        ("en", "We do not lend your letters.", "We lend your letters.", "negation"),
        ("fr", "Nous ne prêtons pas vos lettres.", "Nous prêtons vos lettres.", "negation"),
        ("en", "We read letters only to answer them.", "We read letters to answer them.", "restriction"),
        ("de", "Wir lesen Briefe nur für die Antwort.", "Wir lesen Briefe für die Antwort.", "restriction"),
        ("en", "We show letters.", "We show letters, unless you told us not to.", "exception"),
        ("es", "Mostramos las cartas, salvo si usted se opone.", "Mostramos las cartas.", "exception"),
    ],
)
def test_what_came_or_went_is_told(language: str, before: str, after: str, rule: str) -> None:
    """The plain cases stand, in several languages."""
    assert rule in found(before, after, language)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "You agree not to do any of these: sell the key.", "You agree to refrain from any of these: sell the key."),
        ("en", "You may not lend the saw.", "You are prohibited to lend the saw."),
        ("de", "Sie dürfen die Säge nicht verleihen.", "Es ist verboten, die Säge zu verleihen."),
        ("it", "Non potete prestare la sega.", "È vietato prestare la sega."),
    ],
)  # fmt: skip
def test_a_denial_in_another_word_did_not_go(language: str, before: str, after: str) -> None:
    """Where a word of prohibition takes the place of the negation, the sentence denies as before."""
    assert "negation" not in found(before, after, language)


def test_a_contraction_with_a_curly_apostrophe_denies() -> None:
    """ "don’t" is a negation however its apostrophe is set."""
    assert not found("We do not lend your letters.", "We don’t lend your letters.")
    assert "negation" in found("We don’t lend your letters.", "We lend your letters.")


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "We read letters only to answer them.", "We read letters solely to answer them."),
        ("en", "Reading letters is only for answers.", "Reading letters is limited to answers."),
        ("fr", "Nous lisons les lettres seulement pour répondre.", "Nous lisons les lettres simplement pour répondre."),
        ("nl", "Wij lezen brieven alleen voor het antwoord.", "Wij lezen brieven louter voor het antwoord."),
    ],
)  # fmt: skip
def test_a_restriction_in_other_words_is_still_there(language: str, before: str, after: str) -> None:
    """A synonym of "only" in its place leaves the restriction as it was."""
    assert "restriction" not in found(before, after, language)


def test_a_new_sentence_with_an_exception_of_its_own_is_no_exception_to_the_rest() -> None:
    """Nothing that stayed has an exception that it had not."""
    before = "We keep letters in a box."
    after = f"{before} We will not print your letters in the yearly brochure unless you told us to."
    assert "exception" not in found(before, after)


def test_the_words_quoted_hold_the_exception() -> None:
    """A long exception is quoted from its own first word."""
    before = "We show letters that reach us by post or by messenger to our members in the reading room."
    exception = (
        "except those whose senders asked us in writing to keep them closed until the next spring fair"
    )
    after = f"{before[:-1]}, {exception}."
    hit = found(before, after)["exception"]
    assert hit.new[0].startswith("except")
    assert "except" in told(hit, edited(before, after))
