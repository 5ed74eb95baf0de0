"""What one more look means: confirmed, flicker, variant, another text."""

from __future__ import annotations

from datetime import timedelta

from storage.records import ChangeKind, Foreign, Materiality, Outcome, PolicyKind, Verdict
from tests.watches import (
    BASE,
    FRENCH,
    LONGER,
    PROMOTION,
    RETENTION,
    SHARING,
    SOLD,
    START,
    Watch,
    changed,
    document,
)
from watcher.settle import at_word

EDITED = changed(RETENTION, LONGER)
TWICE = changed(SHARING, SOLD, EDITED)


def test_first_text_is_recorded_and_told_to_nobody() -> None:
    """The first reading becomes the text that stands, as a change of kind first without a notice."""
    watch = Watch()
    settled = watch.see(BASE)
    assert [c.kind for c in settled.changes] == [ChangeKind.FIRST]
    assert not settled.changes[0].notify


def test_change_waits_for_its_second_look() -> None:
    """A difference is told only when the next look still shows it, with the time it first stood."""
    watch = Watch()
    watch.looks(BASE, EDITED)
    assert watch.told == []
    watch.see(EDITED)
    (change,) = watch.told
    assert change.first_seen_at == START + timedelta(hours=1)
    assert change.confirmed_at == START + timedelta(hours=2)
    assert change.previous_seen_at == START
    assert change.judged.verdict is Verdict.SILENT


def test_change_is_told_once() -> None:
    """Further looks at the new text say nothing more."""
    watch = Watch()
    watch.looks(BASE, EDITED, EDITED, EDITED, EDITED)
    assert len(watch.told) == 1


def test_what_one_look_showed_is_flicker() -> None:
    """A paragraph gone for one look, and one there for one look, are no changes."""
    watch = Watch()
    watch.looks(BASE, changed(SHARING, None), BASE, (*BASE, PROMOTION), BASE, BASE)
    assert watch.recorded == []


def test_flicker_beside_a_true_edit_is_left_out_of_it() -> None:
    """The told change holds the clause two looks agree on, and not the one only a single look showed."""
    watch = Watch()
    watch.looks(BASE, (*EDITED, PROMOTION), EDITED)
    (change,) = watch.told
    assert change.comparison is not None
    assert [c.after for c in change.comparison.clauses] == [LONGER]
    assert change.after.composed is False or PROMOTION not in {c.text for c in change.after.document.clauses}
    watch.see(EDITED)
    assert len(watch.told) == 1


def test_two_edits_on_two_looks_running_are_two_changes() -> None:
    """Each edit is told with the look in which it first stood."""
    watch = Watch()
    watch.looks(BASE, EDITED, TWICE, TWICE)
    assert [c.first_seen_at for c in watch.told] == [START + timedelta(hours=1), START + timedelta(hours=2)]


def test_clause_edited_again_before_its_second_look_is_told_twice() -> None:
    """30 days → 24 months → 36 months on three looks running loses neither step."""
    watch = Watch()
    longest = changed(RETENTION, LONGER.replace("24 months", "36 months"))
    watch.looks(BASE, EDITED, longest, longest)
    assert [c.first_seen_at for c in watch.told] == [START + timedelta(hours=1), START + timedelta(hours=2)]


def test_exact_return_is_reverted_and_told_once() -> None:
    """An earlier text that comes back for good is told as reverted; further turns are only counted."""
    watch = Watch()
    watch.looks(BASE, EDITED, EDITED, BASE, BASE)
    assert [c.kind for c in watch.told] == [ChangeKind.EDIT, ChangeKind.REVERTED]
    watch.looks(EDITED, EDITED, BASE, BASE, EDITED, EDITED, BASE, BASE)
    assert (
        sum(
            c.kind is ChangeKind.REVERTED and c.after.document.digest == document(BASE).digest
            for c in watch.told
        )
        == 1
    )


def test_alternating_page_tells_nothing_and_says_so_once() -> None:
    """Two texts in turn for weeks are variants: no change is told, the alternation is reported one time."""
    watch = Watch()
    reported = 0
    for _ in range(10):
        reported += bool(watch.see(BASE).alternating)
        reported += bool(watch.see(EDITED).alternating)
    assert watch.told == []
    assert reported == 1


def test_true_edit_inside_an_alternating_page_is_told_once() -> None:
    """A and B take turns; a clause changed in both is told, and only once."""
    watch = Watch()
    offer = (*BASE, PROMOTION)
    for _ in range(4):
        watch.looks(BASE, offer)
    sold, sold_offer = changed(SHARING, SOLD), changed(SHARING, SOLD, offer)
    for _ in range(4):
        watch.looks(sold, sold_offer)
    assert len(watch.told) == 1
    assert watch.told[0].comparison is not None
    assert [c.after for c in watch.told[0].comparison.clauses] == [SOLD]


def test_flicker_that_comes_back_for_good_is_told() -> None:
    """A text seen once in passing and later to stay is a change after all."""
    watch = Watch()
    watch.looks(BASE, EDITED, BASE, EDITED, EDITED, EDITED)
    assert len(watch.told) == 1


def test_another_language_is_kept_and_not_told() -> None:
    """The page in French for a while, or for good, is no edit of the English text."""
    watch = Watch()
    watch.see(BASE)
    assert watch.see(FRENCH, "fr").outcome is Outcome.CHANGED
    watch.looks(BASE, BASE)
    assert watch.recorded == []
    watch.see(FRENCH, "fr")
    settled = watch.see(FRENCH, "fr")
    assert settled.moved_to is Foreign.LANGUAGE
    assert watch.told == []
    (followed,) = watch.recorded
    assert followed.judged.verdict is not Verdict.SILENT
    assert followed.comparison is not None
    assert followed.comparison.materiality is Materiality.NONE


def test_edit_after_the_language_moved_is_told() -> None:
    """Once the page stays French, its French text is the one changes are told against."""
    watch = Watch()
    watch.see(BASE)
    watch.see(FRENCH, "fr")
    watch.see(FRENCH, "fr")
    edited = changed(FRENCH[3], FRENCH[3].replace("trente jours", "cinq ans"), FRENCH)
    watch.see(edited, "fr")
    watch.see(edited, "fr")
    (change,) = watch.told
    assert change.comparison is not None
    assert change.comparison.clauses[0].after == edited[3]


def test_edit_of_the_other_language_is_told_when_the_page_comes_back_to_it() -> None:
    """A page that returns to its French text, edited meanwhile, tells that edit and not the change of language."""
    watch = Watch()
    watch.looks(BASE, BASE)
    watch.see(FRENCH, "fr")
    watch.looks(BASE, BASE)
    edited = changed(FRENCH[3], FRENCH[3].replace("trente jours", "cinq ans"), FRENCH)
    watch.see(edited, "fr")
    watch.see(edited, "fr")
    (change,) = watch.told
    assert change.comparison is not None
    assert change.comparison.clauses[0].after == edited[3]


def test_edition_between_two_others_is_told_by_its_own_date() -> None:
    """Of three editions seen once each, the middle one is told whole: its date vouches for it."""
    watch = Watch(every=timedelta(days=60))
    second = changed(
        "Last updated: 3 February 2024", "Last updated: 4 April 2024", (*BASE[:4], SOLD, *BASE[5:])
    )
    third = changed("Last updated: 4 April 2024", "Last updated: 2 June 2024", changed(SOLD, SHARING, second))
    watch.looks(BASE, second, third, third)
    first, then = watch.told
    assert first.comparison and then.comparison
    assert SOLD in [row.after for row in first.comparison.clauses]
    assert SOLD in [row.before for row in then.comparison.clauses]


def test_the_same_words_in_another_layout_make_one_second_look() -> None:
    """An address in three paragraphs at one look and in one at the next is not two edits."""
    watch = Watch()
    address = ("Lantern Shop, Quay Street 9", "4010 Harbour", "privacy@lantern.example")
    watch.looks(BASE, (*BASE, *address), (*BASE, " ".join(address)), (*BASE, " ".join(address)))
    (change,) = watch.told
    assert change.comparison is not None
    assert " ".join(c.after or "" for c in change.comparison.clauses) == " ".join(address)


def test_half_a_page_is_no_edit_until_it_lasts() -> None:
    """A text cut to its first lines is kept aside, however often it is seen in one day, and told the day
    after when it is still all there is."""
    watch = Watch()
    watch.looks(BASE, BASE[:3], BASE, BASE)
    assert watch.recorded == []
    watch.looks(*[BASE[:3]] * 20)
    assert watch.recorded == []
    watch.looks(*[BASE[:3]] * 6)
    assert len(watch.told) == 1


def test_page_that_stamps_itself_falls_silent() -> None:
    """A date that is the day of every visit over a steady text is no news."""
    watch = Watch(every=timedelta(days=1))
    for _ in range(8):
        stamp = f"Last updated: {watch.now.day} {watch.now:%B %Y}"
        watch.see(changed(BASE[0], stamp))
    assert watch.told == []
    assert len(watch.recorded) <= 2


def test_another_text_between_the_two_looks_is_no_second_look() -> None:
    """An edit, then an unrelated text for one look, then the edit again: one change, with its own first time."""
    watch = Watch()
    other = tuple(
        f"Members of the reading circle number {n} may borrow {n} books at a time." for n in range(2, 9)
    )
    watch.looks(BASE, EDITED, other, EDITED, EDITED)
    (change,) = watch.told
    assert change.first_seen_at == START + timedelta(hours=1)
    assert change.comparison is not None
    assert [c.after for c in change.comparison.clauses] == [LONGER]


def test_rewrite_is_told_when_it_stays() -> None:
    """A text that replaces nearly everything, in the same language, is told as a rewrite after two looks."""
    watch = Watch()
    other = tuple(
        f"Members of the reading circle number {n} may borrow {n} books at a time." for n in range(2, 9)
    )
    watch.looks(BASE, other, other)
    (change,) = watch.told
    assert change.kind is ChangeKind.REWRITE
    assert change.first_seen_at == START + timedelta(hours=1)


def test_newest_capture_of_an_archive_is_taken_at_its_word() -> None:
    """Where no later capture can confirm, the last difference is a change without confirmed_at."""
    watch = Watch()
    watch.looks(BASE, EDITED)
    variants, changes = at_word(PolicyKind.PRIVACY, watch.past)
    (change,) = changes
    assert change.confirmed_at is None
    assert change.first_seen_at == START + timedelta(hours=1)
    assert variants[0].standing.document.digest == document(EDITED).digest
    assert variants[0].pending is None


def test_reordered_or_repeated_text_is_no_news() -> None:
    """Moved paragraphs and a text that stands twice on the page are told to nobody."""
    watch = Watch()
    moved = (BASE[0], *BASE[4:], *BASE[1:4])
    watch.looks(BASE, moved, moved, moved)
    watch.looks((*BASE, *BASE[1:]), (*BASE, *BASE[1:]))
    assert watch.told == []
