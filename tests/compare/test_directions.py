"""Directions: better or worse for the reader where the words say so, unclear where they do not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.compare.test_signals import found
from watcher.compare.signals.voice import Actor, Deed, sentence, voice

CASES = tomllib.loads((Path(__file__).parent / "cases" / "directions.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("rule", "language", "before", "after", "wanted"),
    [(rule, *row) for rule, rows in CASES.items() for row in rows["rows"]],
)
def test_a_rule_tells_for_whom_a_change_is_better(
    rule: str, language: str, before: str, after: str, wanted: str
) -> None:
    """The named rule is found and gives the direction that a reader would."""
    assert {h.direction.value for h in found(before, after, language) if h.rule == rule} == {wanted}


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pt", "nl"])
def test_every_language_with_rules_has_a_voice(language: str) -> None:
    """Each of the seven languages has words for the actor, the deed and its denial."""
    assert voice(language) is not None
    assert voice("ja") is None


def test_a_denial_reaches_over_a_list_but_not_past_a_turn() -> None:
    """ "not" holds for all that it lists; behind "but" or "unless" it holds no more."""
    speech = voice("en")
    assert speech
    text = "We do not collect names, addresses or voices, but we keep logs."
    assert speech.denied(text, text.index("voices"), text.index("voices") + 6)
    assert not speech.denied(text, text.index("logs"), text.index("logs") + 4)


def test_the_actor_and_the_deed_are_those_of_the_sentence() -> None:
    """What another sentence says of another person does not count."""
    speech = voice("en")
    assert speech
    text = "You may write to us. We share reports."
    at = text.index("share")
    assert speech.actor(text, at) is Actor.COMPANY
    assert speech.deed(text, at, at) is Deed.HARM
    assert text[slice(*sentence(text, at))].strip() == "We share reports."
