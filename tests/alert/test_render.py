"""What a reader sees: subjects, sentences, marks and dates in text and HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from storage.change_record import to_record
from storage.records import (
    AlertType,
    Change,
    ChangeKind,
    ClauseChange,
    ClauseKind,
    Materiality,
    Op,
    StatedDate,
    StatedDates,
    Verdict,
)
from watcher.alert.render import render, render_plainly
from watcher.alert.render_story import document_name
from watcher.alert.render_verdict import verdict_sentence

from .samples import ALERTS, CHANGE, NOW, delivery


def rendered_text(change: Change) -> str:
    return render(delivery(to_record(change))).text


class Shown(HTMLParser):
    """The text a browser would show, and the tags it would build."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_subject_says_what_changed_where_and_how_grave() -> None:
    """Document, the strongest fact, verdict and materiality, in one line."""
    assert render(delivery()).subject == (
        "[Clausewatch] Acme terms: contracting entity changed: Acme Corp. → Acme Holding Limited (silent, high)"
    )


@pytest.mark.parametrize(
    ("summary", "part"),
    [
        (
            "A negation is gone: “not” → “”; 3 clauses modified.",
            "Acme terms: a negation is gone: “not” → “” (",
        ),
        ("new: “Md. Jones; Sons” under “Thanks”; 1 clause added.", "new: “Md. Jones; Sons” under “Thanks” ("),
        (
            "GPS data at 5200 N. Lanter Blvd. and e.g. St. Louis; it stayed.",
            "GPS data at 5200 N. Lanter Blvd. and e.g. St. Louis (",
        ),
        ("“Unclosed; quote. It goes", "“Unclosed ("),
        ("", "Acme terms: changed ("),
    ],
)
def test_a_subject_takes_the_first_fact_whole(summary: str, part: str) -> None:
    """Up to the first semicolon that is not inside a quotation; a full stop may be that of an abbreviation."""
    assert part in render(delivery(to_record(replace(CHANGE, summary=summary)))).subject


def test_the_text_tells_the_whole_story() -> None:
    """Summary, verdict with days, dates, sightings, sections, marks, reasons, address and commands."""
    text = render(delivery()).text
    flat = " ".join(text.split())
    for part in (
        "Contracting entity changed: Acme Corp. → Acme Holding Limited",
        "Silent: the text changed, but the date it states stayed 2025-11-10; the old text was last seen on "
        "2026-03-01, the new one first on 2026-03-02, 112 days after 2025-11-10.",
        "2025-11-10, as before (read from “Effective: 10 November 2025”)",
        "Old text last seen: 2026-03-01 09:30 UTC",
        "New text first seen: 2026-03-02 09:20 UTC",
        "Modified · 1. Who we are [high]",
        "[-Acme Corp-]",
        "party: Acme Corp. → Acme Holding Limited",
        "Added · 9. Disputes › 9.2 Arbitration [medium]",
        "{+Any dispute shall be settled by binding arbitration.+}",
        "Removed · 3. Your rights",
        "[-You may leave at any time.-]",
        "https://acme.example/terms",
        "clausewatch diff acme-terms 3 4",
    ):
        assert part in flat or part.replace("Corp-]", "Corp.-]") in flat, part
    assert all(len(line) <= 80 for line in text.splitlines())


def test_text_and_html_tell_the_same() -> None:
    """Everything the text says apart from its marks stands in the HTML, with del and ins."""
    message = render(delivery())
    shown = Shown(message.html)
    for part in (
        "Silent: the text changed",
        "9. Disputes › 9.2 Arbitration",
        "clausewatch diff acme-terms 3 4",
    ):
        assert part in shown.text
    assert {"del", "ins"} <= set(shown.tags)
    assert message.fragment in message.html


def test_a_page_needs_nothing_from_elsewhere() -> None:
    """No script, no image, no style sheet, no form: nothing is fetched when a mail is read."""
    for type_, payload in ALERTS.items():
        tags = set(Shown(render(delivery(payload, type_)).html).tags)
        assert not tags & {"script", "img", "link", "iframe", "form", "object", "style", "video", "svg"}, (
            type_
        )


@pytest.mark.parametrize("type_", list(AlertType))
def test_every_kind_of_alert_has_a_readable_message(type_: AlertType) -> None:
    """Each type gives a subject, a text that names the matter and commands to look deeper, and a page."""
    message = render(delivery(ALERTS[type_], type_))
    assert message.subject.startswith("[Clausewatch] ")
    assert "\n" not in message.subject
    assert "clausewatch " in message.text
    assert "None" not in message.text
    assert message.html.startswith("<!DOCTYPE html>")
    if type_ is not AlertType.TEST:
        assert "Acme" in message.subject


@pytest.mark.parametrize(
    ("type_", "subject"),
    [
        (AlertType.BROKEN, "[Clausewatch] Acme terms: watch is broken: bot wall (challenge page)"),
        (AlertType.RECOVERED, "[Clausewatch] Acme terms: watch has recovered"),
        (AlertType.VARIANTS, "[Clausewatch] Acme terms: this page serves 2 variants of its text"),
        (AlertType.DIGEST, "[Clausewatch] 2 changes: Acme terms, Acme dpa (2 high)"),
        (AlertType.TEST, "[Clausewatch] test alert for legal"),
    ],
)
def test_subjects_of_the_other_alerts(type_: AlertType, subject: str) -> None:
    """Each says in one line what is the matter."""
    assert render(delivery(ALERTS[type_], type_)).subject == subject


def test_a_broken_watch_says_since_when_and_how_often() -> None:
    """The owner reads what happened, since when, after how many checks, and that the last text is kept."""
    text = " ".join(render(delivery(ALERTS[AlertType.BROKEN], AlertType.BROKEN)).text.split())
    for part in (
        "bot wall (challenge page)",
        "Failing since: 2026-02-28 09:30 UTC",
        "Failed checks: 3",
        "is kept",
    ):
        assert part in text


def test_a_broken_watch_of_a_page_never_read_promises_no_kept_text() -> None:
    """Where nothing has been read yet, nothing is said to be kept."""
    payload = ALERTS[AlertType.BROKEN] | {"read": False}
    text = " ".join(render(delivery(payload, AlertType.BROKEN)).text.split())
    assert "nothing of it has been read yet" in text
    assert "kept" not in text
    assert "again" not in text


def test_marks_in_a_page_are_signs_too() -> None:
    """Without colours and lines, − and + still say what went and what came; not at a whole clause, whose title
    says it."""
    shown = Shown(render(delivery()).html).text
    assert "These terms are between you and −Acme Corp.+Acme Holding Limited." in shown
    assert "+Any dispute" not in shown
    assert "−You may leave" not in shown


def test_an_effective_date_is_told_on_its_day() -> None:
    """The notice names the day and repeats what it changes."""
    message = render(delivery(ALERTS[AlertType.EFFECTIVE_TODAY], AlertType.EFFECTIVE_TODAY))
    assert "takes effect today (2026-03-02)" in message.subject
    assert "first seen on 2026-02-10" in " ".join(message.text.split())


A, B = StatedDates(StatedDate("2026-02-20", "")), StatedDates(StatedDate("2026-01-05", ""))
MONTH = StatedDates(StatedDate("2026-02", ""))
E_OLD, E_NEW = (replace(B, effective=StatedDate(day, "")) for day in ("2025-12-01", "2026-03-01"))


@pytest.mark.parametrize(
    ("verdict", "before", "after", "days", "said"),
    [
        (
            Verdict.SILENT,
            B,
            B,
            None,
            "stayed 2026-01-05; the old text was last seen on 2026-03-01, the new one",
        ),
        (Verdict.SILENT, B, B, 1, "the new one first on 2026-03-02, 1 day after 2026-01-05."),
        (
            Verdict.ANNOUNCED,
            B,
            A,
            10,
            "from 2026-01-05 to 2026-02-20; the new text was first seen 10 days after that",
        ),
        (Verdict.ANNOUNCED, B, A, 0, "to 2026-02-20; the new text was first seen on that day."),
        (Verdict.ANNOUNCED, B, MONTH, 0, "to 2026-02; the new text was first seen in that month."),
        (Verdict.ANNOUNCED, E_OLD, E_NEW, None, "moved from 2025-12-01 to 2026-03-01."),
        (Verdict.ANNOUNCED_AHEAD, B, A, 30, "it holds from 2026-02-20, 30 days after it was first seen."),
        (Verdict.BACKDATED, B, A, 9, "old one was still served on 2026-03-01, 9 days after 2026-02-20."),
        (Verdict.ROLLED_BACK, A, B, None, "went back from 2026-02-20 to 2026-01-05."),
        (Verdict.AUTO_DATED, A, A, None, "its date proves nothing."),
        (Verdict.DATE_ADDED, StatedDates(), A, None, "now states a date, 2026-02-20"),
        (Verdict.DATE_REMOVED, B, StatedDates(), None, "before it stated 2026-01-05."),
        (Verdict.UNDATED, StatedDates(), StatedDates(), None, "the new one first on 2026-03-02."),
        (Verdict.DATE_ONLY, B, A, None, "from 2026-01-05 to 2026-02-20."),
    ],
)
def test_each_verdict_is_a_sentence(
    verdict: Verdict, before: StatedDates, after: StatedDates, days: int | None, said: str
) -> None:
    """What the stated date says, with the days between claim and observation where they mean something."""
    change = replace(CHANGE, verdict=verdict, stated_before=before, stated_after=after, days=days)
    assert said in verdict_sentence(change)


def test_every_verdict_has_its_sentence() -> None:
    """A verdict added later must be told in words too."""
    assert all(verdict_sentence(replace(CHANGE, verdict=verdict)) for verdict in Verdict)


def test_both_stated_dates_are_shown_before_and_after() -> None:
    """Updated and effective each have their line where either text states them."""
    before = StatedDates(StatedDate("2025-01-01", ""), StatedDate("2025-02", ""))
    after = StatedDates(StatedDate("2026-02-01", "Last updated: 1 February 2026"), None)
    text = " ".join(rendered_text(replace(CHANGE, stated_before=before, stated_after=after)).split())
    assert "Stated as updated: 2025-01-01 → 2026-02-01 (read from “Last updated: 1 February 2026”)" in text
    assert "Stated as effective: 2025-02 → none" in text


def test_a_long_change_shows_the_weightiest_clauses_in_order_and_counts_the_rest() -> None:
    """Of 200 clauses a mail shows thirty: what matters most, in the document's order, and says how many more."""
    clauses = [ClauseChange(Op.ADDED, "S", None, f"Clause number {i} here.") for i in range(200)]
    clauses[150] = replace(clauses[150], materiality=Materiality.HIGH)
    text = rendered_text(replace(CHANGE, clauses=tuple(clauses)))
    assert text.count("* Added") == 30
    assert text.index("number 0 here") < text.index("number 150 here")
    assert "number 40 here" not in text
    assert "170 more clauses" in text


def test_a_small_edit_in_a_long_clause_is_shown_with_its_surroundings() -> None:
    """Unchanged stretches fold to what stands next to the change."""
    filler = "and so it goes on for a long while " * 60
    clause = replace(
        CHANGE.clauses[0], before=f"{filler}for 30 days {filler}", after=f"{filler}for 24 months {filler}"
    )
    text = rendered_text(replace(CHANGE, clauses=(clause,)))
    assert "[…]" in text
    assert len(text) < 2500
    assert "[-30 days-]" in " ".join(text.replace("| ", "").split())


def test_a_mail_stays_small_enough_to_be_shown_whole() -> None:
    """However much changed, a mail stays under the 100 kB at which mail readers begin to cut."""
    before = " ".join(f"old{i} kept{i}" for i in range(5_000))
    after = before.replace("old", "new")
    clauses = (replace(CHANGE.clauses[0], before=before, after=after),) * 60
    change = replace(CHANGE, clauses=clauses, summary="word " * 5_000)
    assert len(render(delivery(to_record(change))).html) < 100_000
    text = rendered_text(replace(change, clauses=clauses[:1]))
    assert "[…]" in text
    many = render(
        delivery({"changes": [to_record(replace(change, clauses=clauses[:2]))] * 30}, AlertType.DIGEST)
    )
    assert "25 weightiest" in many.text


def test_moved_and_renumbered_clauses_say_so() -> None:
    """What kept its words is named by what happened to it, without marks."""
    clauses = (
        ClauseChange(Op.MOVED, "4. Other", "Same words.", "Same words."),
        ClauseChange(Op.RENUMBERED, "5", "Same.", "Same.", number_before="4.1", number_after="5.1"),
        replace(CHANGE.clauses[0], moved=True),
        ClauseChange(Op.ADDED, "", None, "A new heading", kind=ClauseKind.HEADING),
    )
    text = rendered_text(replace(CHANGE, clauses=clauses))
    for part in ("* Moved · 4. Other", "* Renumbered, 4.1 → 5.1", "* Modified, moved", "* Added heading"):
        assert part in text
    assert "[-Same" not in text


def test_a_digest_puts_the_gravest_first_and_counts() -> None:
    """Changes are ordered by materiality and told by document."""
    low = replace(CHANGE, id=1, policy="zeta-privacy", service="Zeta", materiality=Materiality.LOW)
    message = render(delivery({"changes": [to_record(low), to_record(CHANGE)]}, AlertType.DIGEST))
    assert message.subject == "[Clausewatch] 2 changes: Acme terms, Zeta privacy (1 high, 1 low)"
    assert message.text.index("1. Acme terms") < message.text.index("2. Zeta privacy")


def test_a_first_reading_and_an_editorial_change_are_tagged_by_kind() -> None:
    """The kind stands in the subject where it says more than edit."""
    change = replace(CHANGE, kind=ChangeKind.EDITORIAL, verdict=Verdict.SILENT, materiality=Materiality.NONE)
    assert render(delivery(to_record(change))).subject.endswith("(editorial, silent)")


@pytest.mark.parametrize(
    ("service", "policy", "name"),
    [
        ("Acme", "acme-terms", "Acme terms"),
        ("Acme & Sons", "acme-sons-privacy-policy", "Acme & Sons privacy policy"),
        ("Acme", "other", "Acme (other)"),
        ("", "acme-terms", "acme-terms"),
        ("acme", "acme", "acme"),
    ],
)
def test_documents_have_readable_names(service: str, policy: str, name: str) -> None:
    """Service and policy id make a name; neither is lost."""
    assert document_name(service, policy) == name


def test_the_same_event_renders_to_the_same_bytes() -> None:
    """A second try sends what the first sent."""
    assert render(delivery(attempts=1)) == render(delivery(attempts=7))


def test_what_cannot_be_laid_out_is_still_told() -> None:
    """A payload of another shape gives a plain message with the way to look, not nothing."""
    broken = delivery({"policy": "acme-terms", "kind": "no such kind"})
    with pytest.raises((KeyError, ValueError)):
        render(broken)
    message = render_plainly(broken)
    assert "acme-terms" in message.subject
    assert "clausewatch changes" in message.text
    assert message.event_id == broken.event_id


def test_the_record_survives_the_way_there_and_back() -> None:
    """A change read back from its record renders and compares as the change it was."""
    from storage.change_record import from_record

    assert from_record(to_record(CHANGE)) == CHANGE
    later = replace(CHANGE, confirmed_at=None, previous_seen_at=None, from_version=None, days=None)
    assert from_record(to_record(later)) == later
    assert rendered_text(replace(later, first_seen_at=NOW + timedelta(days=1)))
