"""Clauses written anew in their place: paired, and judged by what only one of them says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.records import Capture, Clause, ClauseKind, Comparison, Document, Materiality, Op, PolicyKind
from watcher.compare import compare
from watcher.compare.reworded import pairs
from watcher.extract import read

_FRAME = "# Bell Tower Hotel\n\n## Guests\n\nWe run one hotel in the old town.\n\n{}\n\nBreakfast is served from seven.\n"


def _document(clause: str) -> Document:
    url = "https://hotel.test/privacy"
    body = _FRAME.format(clause).encode()
    headers = {"content-type": "text/markdown"}
    return read(Capture(url, url, 200, headers, body, datetime(2026, 1, 1, tzinfo=UTC)))


def _compared(before: str, after: str) -> Comparison:
    return compare(_document(before), _document(after), kind=PolicyKind.PRIVACY)


_REWORDED = [
    (
        "The porter may hand your forwarding address to the couriers who bring luggage that was left behind.",
        "Left something? So that a courier can return luggage, forwarding addresses may be passed on by our porters.",
    ),
    (
        "Während Ihres Aufenthalts wird Ihr Meldeschein im Tresor der Rezeption aufbewahrt.",
        "Im Tresor an der Rezeption bewahren wir, solange Sie sich bei uns aufhalten, Ihren Meldeschein auf.",
    ),
]


@pytest.mark.parametrize(("before", "after"), _REWORDED)
def test_a_paragraph_reworded_in_its_place_is_one_modified_clause(before: str, after: str) -> None:
    """What stood in the place and speaks of the same matter is told side by side, not as gone and new."""
    told = _compared(before, after)
    assert [c.op for c in told.clauses] == [Op.MODIFIED]
    assert told.clauses[0].before == before
    assert told.clauses[0].after == after


def test_another_matter_in_the_same_place_is_one_clause_gone_and_one_new() -> None:
    """Standing in the place of a clause is not enough: the new one must speak of what the old one spoke of."""
    told = _compared(
        "Dogs of every size sleep free of charge in the rooms that face the garden.",
        "The lift is out of order until the spring, so please ask for a room on the first floor.",
    )
    assert sorted(c.op for c in told.clauses) == [Op.ADDED, Op.REMOVED]


def test_what_both_wordings_say_is_no_news() -> None:
    """A rule whose words stand on both sides of a reworded clause says neither that they came nor that they went."""
    told = _compared(
        "Your passport is scanned when you arrive, since the police ask hotels for a copy of it.",
        "Because the police want hotels to keep a copy, we make a scan of every guest's passport at check-in.",
    )
    assert [c.op for c in told.clauses] == [Op.MODIFIED]
    assert not any("identity" in reason for c in told.clauses for reason in c.reasons)
    assert told.materiality.rank <= Materiality.MEDIUM.rank


@pytest.mark.parametrize(("kind", "paired"), [(ClauseKind.PARAGRAPH, [(0, 0)]), (ClauseKind.HEADING, [])])
def test_only_running_text_is_reworded(kind: ClauseKind, paired: list[tuple[int, int]]) -> None:
    """A heading or a row of a table that gave way to another was replaced, whatever both speak of."""
    before, after = _REWORDED[0]
    assert pairs([Clause(before, kind=kind)], [Clause(after, kind=kind)], [], ([0], [0])) == paired


def test_numbers_that_govern_different_things_did_not_replace_each_other() -> None:
    """In a clause written anew a period of one thing is gone and that of another is new: no "30 days → 12 months"."""
    told = _compared(
        "Any warranty that the law implies for the hotel safe is limited to thirty days after you first used the safe.",
        "Nothing limits our liability for valuables kept in the hotel safe; a warranty claim is paid within twelve months.",
    )
    reasons = [reason for c in told.clauses for reason in c.reasons]
    assert not any("thirty days →" in reason and "none" not in reason for reason in reasons)


def test_what_a_word_said_may_be_said_by_another() -> None:
    """In a clause written anew at its old length a word that came alarms less than one put into a clause that
    stayed."""
    old = (
        "Guests may ask for a copy; the desk answers, and in the autumn every old form is shredded at the mill, "
        "and the mill is paid by the sack"
    )
    news = "and from spring on your location data tell the kitchen where you are on the hill."
    anew = f"In autumn the mill shreds forms; whoever asks the desk gets a copy, {news}"
    assert (
        _compared(f"{old}.", anew).materiality.rank < _compared(f"{old}.", f"{old}, {news}").materiality.rank
    )
