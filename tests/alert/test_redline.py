"""The redline in the terminal and as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from storage.records import (
    Change,
    ChangeKind,
    Clause,
    ClauseChange,
    ClauseKind,
    Comparison,
    Direction,
    Document,
    Materiality,
    Op,
    StatedDate,
    StatedDates,
    Topic,
    Verdict,
    WordOp,
)
from watcher.alert import redline
from watcher.alert.redline_lines import Fold, Line, fold, of_change, of_clause, of_comparison, safe
from watcher.compare.words import word_ops

BEFORE = "We may share data with hosts. Kept for 30 days."
AFTER = "We will share data with hosts. Kept for 24 months."


def modified(before: str = BEFORE, after: str = AFTER, **more: object) -> ClauseChange:
    change = ClauseChange(Op.MODIFIED, "Privacy › 4. Sharing", before, after, word_ops(before, after))
    return replace(change, **more)  # type: ignore[arg-type]


def changed(*clauses: ClauseChange) -> Change:
    stated = StatedDates(effective=StatedDate("2023-11-10", "effective 10 November 2023"))
    return Change(
        id=17,
        policy="acme-terms",
        url="https://acme.example/terms",
        service="Acme",
        kind=ChangeKind.EDIT,
        verdict=Verdict.SILENT,
        materiality=Materiality.HIGH,
        topics=(Topic.SHARING,),
        direction=Direction.WORSE,
        summary="Data are kept longer: 30 days → 24 months.",
        language="en",
        previous_seen_at=datetime(2024, 6, 14, 8, 30, tzinfo=UTC),
        first_seen_at=datetime(2024, 6, 15, 8, 30, tzinfo=UTC),
        confirmed_at=None,
        notify=True,
        stated_before=stated,
        stated_after=stated,
        words_added=3,
        words_removed=3,
        from_version=3,
        to_version=4,
        clauses=clauses,
    )


def printed(shown: object, *, colour: bool = False, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None).print(
        shown
    )
    return out.getvalue()


def test_words_are_marked_where_there_are_no_colours() -> None:
    """Written to a file, what was taken out and put in is marked in the text itself."""
    told = printed(redline.terminal(changed(modified())))
    assert "We [-may-]{+will+} share data with hosts. Kept for [-30 days-]{+24 months+}." in told


def test_colours_replace_the_marks() -> None:
    """On a terminal, removed words are struck through and new ones underlined, without brackets."""
    told = printed(redline.terminal(changed(modified())), colour=True)
    assert "[-" not in told
    assert "\x1b[9;31mmay\x1b[0m\x1b[4;32mwill\x1b[0m" in told


def test_head_tells_verdict_dates_and_size() -> None:
    """The head names policy, verdict, stated dates, times in UTC and how much changed."""
    told = printed(redline.terminal(changed(modified())), width=200)
    for part in (
        "Acme · acme-terms",
        "silent: the text changed, but the date it states stayed 2023-11-10; the old text was last seen on",
        "2023-11-10 → 2023-11-10",
        "2024-06-15 08:30 UTC",
        "+3 −3 words",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("days", "said"), [(1, ", 1 day after 2023-11-10"), (99, ", 99 days after 2023-11-10")]
)
def test_days_of_a_verdict_are_counted_from_something(days: int, said: str) -> None:
    """A number of days never stands alone."""
    facts = dict(of_change(replace(changed(), days=days)).facts)
    assert facts["verdict"].endswith(f"the new one first on 2024-06-15{said}")


def test_a_first_reading_has_no_verdict() -> None:
    """Nothing was changed yet that a date could have announced."""
    facts = dict(of_change(replace(changed(), kind=ChangeKind.FIRST)).facts)
    assert facts["kind"] == "first reading"
    assert "verdict" not in facts


def test_each_operation_has_its_mark() -> None:
    """Added, removed, modified, moved, moved and modified, renumbered: each begins with its own mark."""
    told = printed(
        redline.terminal(
            changed(
                ClauseChange(Op.ADDED, "A", None, "brand new"),
                ClauseChange(Op.REMOVED, "A", "long gone", None),
                modified(section="A"),
                ClauseChange(Op.MOVED, "A", "went away", "went away", moved=True),
                modified("one two three", "one two four", section="A", moved=True),
                ClauseChange(
                    Op.RENUMBERED, "A", "same text", "same text", number_before="7.", number_after="8."
                ),
            )
        )
    )
    for line in (
        "+   brand new",
        "−   long gone",
        "~   We",
        "↷   went away",
        "~↷  one two",
        "#   [-7.-]{+8.+} same text",
    ):
        assert line in told


def test_reasons_and_weight_stand_below_the_clause() -> None:
    """A clause's materiality, reasons, topics and direction are told under it."""
    clause = modified(
        materiality=Materiality.HIGH,
        reasons=("duration: 30 days → 24 months",),
        topics=(Topic.RETENTION,),
        direction=Direction.WORSE,
    )
    told = printed(redline.terminal(changed(clause)), width=140)
    assert "high duration: 30 days → 24 months · retention · worse for the reader" in told


def test_long_unchanged_stretches_inside_a_clause_are_folded() -> None:
    """Between two edits far apart only some words of context stay, and none are folded on wish."""
    middle = " ".join(f"word{k}" for k in range(200))
    change = changed(modified(f"30 days. {middle} in Ireland", f"24 months. {middle} in Texas"))
    told = printed(redline.terminal(change, context=5), width=300)
    assert "{+24 months+}. word0 word1 word2 word3 ⋯ word197 word198 word199 in [-Ireland-]" in told
    assert "word100" not in told
    assert "word100" in printed(redline.terminal(change, context=-1))


def test_a_split_without_other_edits_shows_its_beginning() -> None:
    """A clause that was only cut in two has no edit to show; its first words stand for it."""
    text = " ".join(f"word{k}" for k in range(100))
    told = printed(redline.terminal(changed(modified(text, text)), context=3), width=300)
    assert "~   word0 word1 word2 word3 word4 word5 ⋯" in told


def test_folding_keeps_the_space_after_an_edit() -> None:
    """A folded stretch never glues its first word to the edit before it."""
    text = " ".join(f"word{k}" for k in range(100))
    told = printed(redline.terminal(changed(modified(f"Acme {text}", f"Apex {text}")), context=2), width=300)
    assert "[-Acme-]{+Apex+} word0 word1 ⋯" in told


HOSTILE = [
    "[bold red]not markup[/bold red] [link=file:///etc/passwd]x[/link] :warning:",
    "\x1b[2J\x1b]0;title\x07 cleared",
    "\x9b31m eight bit escape",
    "left \u202eright to left override",
    "isolate \u2066 and \u2069, tag \U000e0041, backspace \x08\x08",
    "line\u2028separator",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_page_text_is_never_obeyed(text: str) -> None:
    """Markup stays text; escapes, direction overrides, tags and other unseen characters are made visible."""
    clause = ClauseChange(Op.ADDED, f"Section {text}", None, text, reasons=(text,))
    change = replace(changed(clause), summary=text, policy=text, url=text)
    told = printed(redline.terminal(change), width=400)
    assert not any(ord(c) < 32 and c != "\n" for c in told)
    assert not any(c in told for c in "\x7f\x9b\u202e\u2066\u2069\u2028\U000e0041")
    assert safe(text) in told


def test_letters_of_every_script_stay() -> None:
    """Making unseen characters visible leaves the joiners that Persian and Indic letters need."""
    for text in ("می\u200cخواهیم", "क्\u200dष", "数据、クッキー", "👩\u200d💻", "naïve façade"):
        assert safe(text) == text
    assert safe("a\u202eb\tc") == "a⟨U+202E⟩b c"


def test_json_carries_record_and_runs() -> None:
    """The JSON has the design's fields, the word runs as pairs, and texts as stored."""
    hostile = ClauseChange(Op.ADDED, "", None, "\x1b[31m <b>")
    data = json.loads(json.dumps(redline.as_json(changed(modified(), hostile))))
    assert data["verdict"] == "silent"
    assert data["stated_after"] == {"updated": None, "effective": "2023-11-10"}
    assert data["first_seen_at"] == "2024-06-15T08:30:00Z"
    assert data["clauses"][0]["words"][:3] == [["=", "We "], ["-", "may"], ["+", "will"]]
    assert data["clauses"][1]["after"] == "\x1b[31m <b>"


def test_a_change_without_runs_gets_them() -> None:
    """A modified clause stored without word runs is compared on the spot."""
    assert of_clause(modified(words=())).runs[:2] == (WordOp("=", "We "), WordOp("-", "may"))


DOCUMENT = tuple(
    [Clause("Sharing", (), ClauseKind.HEADING, "4.", 2)]
    + [Clause(f"Clause {k} about the matter numbered {k} and nothing else.", ("Sharing",)) for k in range(12)]
)


def test_whole_documents_fold_their_unchanged_clauses() -> None:
    """With both documents, clauses around a change stay as context, its heading too, the rest is folded."""
    after = [*DOCUMENT]
    after[8] = replace(after[8], text="Clause 7 about another matter numbered 7 and nothing else.")
    comparison = Comparison(
        ChangeKind.EDIT, Materiality.LOW, (), Direction.UNCLEAR, "One clause.", (), 1, 1, "en"
    )
    both = Document("", "en", DOCUMENT), Document("", "en", tuple(after))
    shown = of_comparison(comparison, *both, title="Acme", facts=(("versions", "3 → 5"),), context=1)
    assert [type(part).__name__ for part in shown.parts] == ["Line", "Fold", "Line", "Line", "Line", "Fold"]
    told = printed(redline.terminal(shown))
    assert "⋯ 6 unchanged clauses" in told
    assert "[-the-]{+another+} matter" in told
    assert "3 → 5" in told


def test_whole_documents_show_the_reasons_of_the_judge() -> None:
    """The stored judgement of a clause is shown in its place in the whole text."""
    after = [*DOCUMENT]
    after[3] = replace(after[3], text="Clause 2 about the matter numbered 2 and advertisers too.")
    clause = modified(DOCUMENT[3].text, after[3].text, reasons=("recipient: advertisers",))
    both = Document("", "en", DOCUMENT), Document("", "en", tuple(after))
    lines = [p for p in of_change(changed(clause), documents=both).parts if isinstance(p, Line) and p.op]
    assert [line.reasons for line in lines] == [("recipient: advertisers",)]


def test_moved_clause_says_where_it_came_from() -> None:
    """In the whole text, a clause that moved to another section names the one it left."""
    other = Clause("Deletion", (), ClauseKind.HEADING, "9.", 2)
    before = (*DOCUMENT, other, Clause("Kept for a year and not a day more than that.", ("Deletion",)))
    after = (DOCUMENT[0], replace(before[-1], section=("Sharing",)), *DOCUMENT[1:], other)
    lines = of_change(changed(), documents=(Document("", "en", before), Document("", "en", after))).parts
    moved = next(part for part in lines if isinstance(part, Line) and part.moved)
    assert moved.note == "moved from Deletion"


def test_one_unchanged_clause_is_not_worth_a_fold() -> None:
    """A single clause between two stretches of context is shown, not folded."""
    same = Line(None, "", (WordOp("=", "same"),))
    edit = Line(Op.ADDED, "", (WordOp("+", "new"),))
    parts = fold([edit, same, same, same, edit, same, same, same, same], 1)
    assert [isinstance(part, Fold) for part in parts] == [False] * 6 + [True]
