from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import HOUR, NOW, POLICY, capture, check, document, edit, first_check, version
from warcio.archiveiterator import ArchiveIterator

from storage.database import Database
from storage.export import captures_of, history_of, to_json, to_markdown, write_warc
from storage.records import ChangeKind, Variant, Verdict
from storage.views import VIEWS


@pytest.fixture
def history(database: Database, path: Path) -> Path:
    """A clause that goes silently, one announced change with its own date, one that takes its word back."""
    texts = [
        (0, ("We never sell data.", "You may leave."), "2025-11-01", Verdict.UNDATED, ChangeKind.FIRST),
        (24, ("We may sell data.", "You may leave."), "2025-11-01", Verdict.SILENT, ChangeKind.EDIT),
        (48, ("We may sell data.", "Nobody leaves."), "2026-01-04", Verdict.ANNOUNCED, ChangeKind.EDIT),
        (72, ("We may sell data.", "You may leave."), "2025-11-01", Verdict.ROLLED_BACK, ChangeKind.REVERTED),
    ]
    for hours, words, date, verdict, kind in texts:
        at = NOW + hours * HOUR
        past = database.call(lambda s: s.past(POLICY.id))
        new = version(*words, at=at, date=date)
        if kind is ChangeKind.FIRST:
            intent = first_check(*words)
        else:
            before = past.variants[0].standing
            change = edit(before, new, at=at, kind=kind, verdict=verdict)
            intent = check(
                new, at=at, variants=(Variant(1, new, at),), changes=(change,), text=f"{hours}" * 99
            )
        database.call(lambda s, i=intent, at=at: s.record(i, at))
    database.close()
    return path


def _sqlite_utils(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers_to_plain_sqlite(history: Path, view: str) -> None:
    """A view asks for no function that a plain sqlite3 connection does not know."""
    conn = sqlite3.connect(history)
    assert conn.execute(f"select * from {view}").fetchall()
    conn.close()


def test_history_shows_the_stated_date_beside_the_first_sight(history: Path) -> None:
    """One line a change: stated date, day first seen, the days between, size and words."""
    rows = json.loads(_sqlite_utils("rows", str(history), "history"))
    assert [(r["version"], r["stated"], r["days_after_stated"], r["verdict"]) for r in rows] == [
        (1, "2025-11-01", 65, ""),
        (2, "2025-11-01", 66, "silent"),
        (3, "2026-01-04", 3, "announced"),
        (2, "2025-11-01", 68, "rolled-back"),
    ]
    assert rows[1]["words"] == "+3 −4" and rows[1]["size"].strip("█") == "" and rows[1]["size"]
    assert rows[1]["first_seen_at"] == "2026-01-06T08:00:00Z"


def test_silent_changes_are_listed_and_editorial_ones_are_not(history: Path) -> None:
    """Silent means: the text changed in substance and the stated date stayed."""
    rows = json.loads(_sqlite_utils("query", str(history), "select change, topics from silent_changes"))
    assert rows == [{"change": 2, "topics": "sharing"}]
    with Database.open(history) as database:
        before = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
        at = NOW + 99 * HOUR
        typo = version("We may sell data.", "You may  leave.", at=at)
        change = edit(before, typo, at=at, kind=ChangeKind.EDITORIAL)
        database.call(lambda s: s.record(check(typo, at=at, changes=(change,)), at))
        assert len(database.call(lambda s: s.rows("select * from silent_changes"))) == 1


def test_clause_history_tells_when_each_clause_came_and_went(history: Path) -> None:
    """A clause that went has an end, one that stands has none, also when it was away for a while."""
    rows = json.loads(_sqlite_utils("rows", str(history), "clause_history"))
    spans = {r["text"]: (r["first_seen_at"][:10], r["gone_at"] and r["gone_at"][:10]) for r in rows}
    assert spans == {
        "Terms › of use": ("2026-01-05", None),
        "We never sell data.": ("2026-01-05", "2026-01-06"),
        "We may sell data.": ("2026-01-06", None),
        "Nobody leaves.": ("2026-01-07", "2026-01-08"),
        "You may leave.": ("2026-01-05", None),
    }
    assert {r["section"] for r in rows} == {"", "Terms › of use › Sharing"}


def test_a_service_has_a_record_of_its_dates(history: Path) -> None:
    """Announced, silent, rolled back, and the median days from stated date to first sight."""
    (row,) = json.loads(_sqlite_utils("rows", str(history), "service_record"))
    assert (row["policies"], row["changes"], row["announced"], row["silent"]) == (1, 3, 1, 1)
    assert (row["rolled_back"], row["backdated"], row["date_only"]) == (1, 0, 0)
    assert row["median_days_after_stated"] == 3.0


def test_latest_shows_the_text_that_stands_and_the_watch(history: Path) -> None:
    """One line a policy: its stated date, size, last look and how the watch fares."""
    (row,) = json.loads(_sqlite_utils("rows", str(history), "latest"))
    assert (row["policy"], row["stated_updated"], row["version"]) == (POLICY.id, "2025-11-01", 2)
    assert (row["changes"], row["last_outcome"], row["watch"]) == (3, "changed", "ok")


def test_texts_and_search_need_no_plugin(history: Path) -> None:
    """A version reads as one text, and every clause of every version can be searched."""
    (text,) = json.loads(
        _sqlite_utils("query", str(history), "select text from version_texts where version = 3")
    )
    assert text["text"] == "# Terms › of use\n\n- (0) We may sell data.\n\n- (1) Nobody leaves."
    found = json.loads(_sqlite_utils("search", str(history), "clauses", "sell"))
    assert sorted(r["text"] for r in found) == ["We may sell data.", "We never sell data."]


def test_views_are_made_anew_when_they_differ(history: Path) -> None:
    """A view of an older release is replaced on opening, without a migration."""
    conn = sqlite3.connect(history)
    conn.execute("drop view latest")
    conn.execute("create view latest as select 1 as old")
    conn.commit()
    conn.close()
    with Database.open(history) as database:
        assert "stated_updated" in database.call(lambda s: s.rows("select * from latest"))[0]


def test_the_plugin_prints_bodies_texts_differences_and_proof(history: Path) -> None:
    """What needs code is a sqlite-utils command."""
    base = ("clausewatch",)
    body = capture("first").sha256
    assert "<body>first</body>" in _sqlite_utils(*base, "body", str(history), body[:12])
    assert _sqlite_utils(*base, "text", str(history), "3").startswith("# Terms › of use\n")
    diff = _sqlite_utils(*base, "diff", str(history), "1", "2")
    assert "-- (0) We never sell data." in diff and "+- (0) We may sell data." in diff
    assert "--- acme-terms version 1" in diff and "+++ acme-terms version 2" in diff
    assert "Nobody leaves." in _sqlite_utils(*base, "text", str(history), "3", "--policy", POLICY.id)
    assert diff == _sqlite_utils(*base, "diff", str(history), "1", "2", "--policy", POLICY.id)
    assert "4 checks\t3 versions" in _sqlite_utils(*base, "verify", str(history))
    conn = sqlite3.connect(history)
    conn.execute("update changes set verdict = 'announced' where id = 2")
    conn.commit()
    conn.close()
    done = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", *base, "verify", str(history)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "breaks at check 2" in done.stderr


def test_the_plugin_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    """No traceback for a missing file."""
    done = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "clausewatch", "verify", str(tmp_path / "none.db")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.startswith("Error: there is no database")


def test_a_history_goes_out_as_warc_and_comes_back(history: Path) -> None:
    """Every kept capture is a response record with its bytes, address and time."""
    out = io.BytesIO()
    with Database.open(history, read_only=True) as database:
        captures = database.call(lambda s: list(captures_of(s, POLICY.id)))
    assert write_warc(captures, out, software="clausewatch test") == 4
    out.seek(0)
    read = [
        (r.rec_headers["WARC-Target-URI"], r.http_headers.get_statuscode(), r.content_stream().read())
        for r in ArchiveIterator(out)
        if r.rec_type == "response"
    ]
    assert read == [(c.final_url, "200", c.body) for c in captures]


def test_a_history_goes_out_as_json_and_markdown(history: Path) -> None:
    """JSON carries every version, clause and change; Markdown reads from the changes down to the texts."""
    with Database.open(history, read_only=True) as database:
        gathered = database.call(lambda s: history_of(s, POLICY))
    data = json.loads(json.dumps(to_json(gathered)))
    assert [v["version"] for v in data["versions"]] == [1, 2, 3] and len(data["changes"]) == 4
    assert data["versions"][0]["clauses"][1]["text"] == document("We never sell data.").clauses[1].text
    assert len(data["head"]) == 64
    text = to_markdown(gathered)
    assert text.index("## Changes") < text.index("## Version 1") < text.index("### Terms › of use")
    assert "- 2026-01-05 (states 2025-11-01) first reading: 3 clauses, 11 words." in text
    assert "(states 2026-01-04) edit, announced, high, version 2 → 3: Data may be sold" in text


def test_flicker_is_a_version_that_never_stood(history: Path) -> None:
    """A text seen once keeps its row and its place in the chain, and no time at which it stood."""
    with Database.open(history) as database:
        at = NOW + 80 * HOUR
        past = database.call(lambda s: s.past(POLICY.id))
        odd = version("Half a page.", at=at)
        waiting = replace(past.variants[0], pending=odd, pending_seen_at=at)
        database.call(lambda s: s.record(check(odd, at=at, variants=(waiting,)), at))
        rows = database.call(lambda s: s.versions(POLICY.id))
        assert [r.stood_at is None for r in rows] == [False, False, False, True]
        assert odd.document.digest not in database.call(lambda s: s.past(POLICY.id)).stood
