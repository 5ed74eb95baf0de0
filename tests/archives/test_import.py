"""`clausewatch import`: archived captures become history, in time order, whatever they came in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fpdf import FPDF
from warcio.archiveiterator import ArchiveIterator

from storage.database import Database
from tests.archives.captures import URL, Kept, at, folder, warc
from tests.cli.command import Command
from tests.watches import BASE, LONGER, RETENTION, SHARING, SOLD, changed

EDITED = changed(RETENTION, LONGER)
LATER = changed(SHARING, SOLD, EDITED)
LONG = (
    "Privacy Policy of the Lantern Shop",
    *BASE,
    "Controller within the meaning of the data protection law is Lantern Shop Ltd, 4 Harbour Lane, Cork.",
    "The legal basis for processing your personal data is the contract you enter into when you order from us.",
    "You have the right of access, rectification, erasure, restriction of processing and data portability.",
    "We use cookies that are necessary for the basket; they expire when you close your browser.",
    "We do not transfer personal data to third countries outside the European Economic Area.",
    "You may lodge a complaint with the supervisory authority if you believe that we process data unlawfully.",
    "We may change this privacy policy; the date at its top says when it was last updated.",
)
FOUR = (Kept(at(1), BASE), Kept(at(2), BASE), Kept(at(3), EDITED), Kept(at(4), EDITED))


def changes(clausewatch: Command) -> list[dict]:  # type: ignore[type-arg]
    done = clausewatch("changes", "--format", "jsonl")
    assert done.code == 0, done.err
    return [row for line in done.out.splitlines() if (row := json.loads(line))["kind"] != "first"]


def rows(clausewatch: Command, sql: str) -> list[dict]:  # type: ignore[type-arg]
    with Database.open(clausewatch.folder / "clausewatch.db", read_only=True) as database:
        return database.call(lambda s: s.rows(sql))


@pytest.mark.parametrize("name", ["captures.warc", "captures.warc.gz"])
def test_warc_is_judged_in_time_order(clausewatch: Command, name: str) -> None:
    """Whatever order the file has, the change carries the times the texts stood; nobody is told."""
    warc(clausewatch.folder / name, FOUR[::-1])
    done = clausewatch("import", name)
    assert done.code == 0, done.err
    assert "4 captures of 1 policy" in done.err
    (change,) = changes(clausewatch)
    assert change["previous_seen_at"].startswith("2024-02-01")
    assert change["first_seen_at"].startswith("2024-03-01")
    assert change["confirmed_at"].startswith("2024-04-01")
    assert change["verdict"] == "silent"
    assert rows(clausewatch, "select * from deliveries") == []


def test_second_import_of_the_same_file_changes_nothing(clausewatch: Command) -> None:
    """Every capture is known before; not one row is written."""
    warc(clausewatch.folder / "a.warc.gz", FOUR)
    clausewatch("import", "a.warc.gz")
    before = [rows(clausewatch, f"select count(*) n from {t}") for t in ("checks", "versions", "changes")]
    done = clausewatch("import", "a.warc.gz")
    assert done.code == 0
    assert "4 known before" in done.err
    assert "0 captures" in done.err
    assert before == [
        rows(clausewatch, f"select count(*) n from {t}") for t in ("checks", "versions", "changes")
    ]


def test_older_archive_goes_before_the_history_that_stands(clausewatch: Command) -> None:
    """The change between the archive's last text and the first one known is recorded with the times of both."""
    warc(clausewatch.folder / "new.warc", (Kept(at(6), EDITED), Kept(at(7), EDITED)))
    warc(clausewatch.folder / "old.warc", (Kept(at(1), BASE), Kept(at(2), BASE)))
    clausewatch("import", "new.warc")
    assert changes(clausewatch) == []
    done = clausewatch("import", "old.warc")
    assert done.code == 0, done.err
    (change,) = changes(clausewatch)
    assert change["previous_seen_at"].startswith("2024-02-01")
    assert change["first_seen_at"].startswith("2024-06-01")
    assert rows(clausewatch, "select * from deliveries") == []
    assert clausewatch("verify").code == 0


def test_captures_of_a_gap_continue_what_stood_before_it(clausewatch: Command) -> None:
    """Captures between two known looks are judged from the text before them to the look after them; what the
    history has told of them already is not told twice."""
    warc(clausewatch.folder / "ends.warc", (Kept(at(1), BASE), Kept(at(6), LATER), Kept(at(7), LATER)))
    clausewatch("import", "ends.warc")
    assert len(changes(clausewatch)) == 1
    warc(clausewatch.folder / "same.warc", (Kept(at(2), BASE),))
    assert clausewatch("import", "same.warc").code == 0
    assert len(changes(clausewatch)) == 1
    warc(clausewatch.folder / "gap.warc", (Kept(at(3), EDITED), Kept(at(4), EDITED)))
    assert clausewatch("import", "gap.warc").code == 0
    seen = [(c["previous_seen_at"][5:7], c["first_seen_at"][5:7]) for c in changes(clausewatch)]
    assert sorted(seen) == [("01", "06"), ("02", "03"), ("04", "06")]


def test_a_history_has_one_first_reading(clausewatch: Command) -> None:
    """Older captures brought later, even twice, take the place of the first reading; the text that was the first
    is then an edit of the older one, or no news where it reads the same. The seals hold and nobody is told."""
    warc(clausewatch.folder / "live.warc", (Kept(at(8), LATER), Kept(at(9), LATER)))
    clausewatch("import", "live.warc")
    noted = clausewatch("verify", "--heads")
    assert noted.code == 0
    for name, kept in (
        ("late", (Kept(at(6), LATER), Kept(at(7), LATER))),
        ("early", (Kept(at(1), BASE), Kept(at(2), BASE))),
    ):
        warc(clausewatch.folder / f"{name}.warc", kept)
        assert clausewatch("import", f"{name}.warc").code == 0
    told = rows(clausewatch, "select kind, substr(first_seen_at, 1, 7) as month from history")
    assert [(r["kind"], r["month"]) for r in told] == [("first", "2024-01"), ("edit", "2024-06")]
    done = clausewatch("changes", "--format", "jsonl")
    assert [json.loads(line)["kind"] for line in done.out.splitlines()] == ["first", "edit"]
    assert rows(clausewatch, "select * from deliveries") == []
    assert clausewatch("verify").code == 0


def test_revisit_records_are_second_looks(clausewatch: Command) -> None:
    """A revisit whose payload stands earlier in the file confirms the text; one without is left out and said."""
    once = (Kept(at(1), BASE), Kept(at(3), EDITED))
    repeats = ((at(2), once[0]), (at(4), once[1]), (at(5), Kept(at(5), LATER)))
    warc(clausewatch.folder / "r.warc.gz", once, repeats=repeats)
    done = clausewatch("import", "r.warc.gz")
    assert done.code == 1
    assert "1 revisit records repeat captures that are not in it" in done.err
    (change,) = changes(clausewatch)
    assert change["previous_seen_at"].startswith("2024-02-01")
    assert change["confirmed_at"].startswith("2024-04-01")


def test_archived_status_is_the_outcome(clausewatch: Command) -> None:
    """Errors and walls of the past are recorded as what they were and are no version of the text."""
    answers = [(404, "missing"), (403, "blocked"), (503, "failed"), (301, "failed"), (200, "changed")]
    kept = [Kept(at(n + 1), BASE, status=status) for n, (status, _) in enumerate(answers)]
    warc(clausewatch.folder / "s.warc", kept)
    done = clausewatch("import", "s.warc")
    assert done.code == 0, done.err
    assert "4 captures that are not the policy" in done.err
    outcomes = [r["outcome"] for r in rows(clausewatch, "select outcome from checks order by started_at")]
    assert outcomes == [outcome for _, outcome in answers]


def test_pdf_markdown_and_text_are_read_from_folders(clausewatch: Command) -> None:
    """A capture's type is what its index says, or its file's name."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    for line in LONG:
        pdf.multi_cell(0, 8, line)
        pdf.ln(4)
    markdown = "# " + "\n\n".join(LONG)
    kept = [
        Kept(at(1), bytes(pdf.output()), "https://shop.example/a.pdf", content_type="application/pdf"),
        Kept(at(1), markdown.encode(), "https://shop.example/b.md", content_type="text/markdown"),
        Kept(at(1), "\n\n".join(LONG).encode(), "https://shop.example/c.txt", content_type="text/plain"),
    ]
    folder(clausewatch.folder / "kept", kept)
    warc(clausewatch.folder / "kept.warc", [Kept(at(2), k.lines, k.url, 200, k.content_type) for k in kept])
    for name in ("kept", "kept.warc"):
        done = clausewatch("import", name)
        assert done.code == 0, done.err
        assert " 0 captures that are not the policy" in done.err
    for row in rows(clausewatch, "select policy, updated, words from versions where number = 1"):
        assert row["updated"] == "2024-02-03", row
    assert len(rows(clausewatch, "select distinct policy from versions")) == 3


def test_one_page_under_two_spellings_of_its_address_is_one_policy(clausewatch: Command) -> None:
    """Archives hold a page under http and https, with and without "www."."""
    warc(
        clausewatch.folder / "w.warc",
        [Kept(at(1), BASE, "http://www.shop.example/privacy/"), Kept(at(2), BASE), Kept(at(3), EDITED)],
    )
    clausewatch("import", "w.warc")
    policies = rows(clausewatch, "select url from policies")
    assert [p["url"] for p in policies] == [URL]
    assert len(changes(clausewatch)) == 1


def test_imported_policy_is_not_visited_until_it_is_added(clausewatch: Command) -> None:
    """An import makes history, no watch; `add` makes the watch."""
    warc(clausewatch.folder / "a.warc", FOUR)
    clausewatch("import", "a.warc")
    assert "nothing is watched" in clausewatch("check").err
    assert "watching" in clausewatch("add", URL, "--no-trial").out
    (row,) = rows(clausewatch, "select next_due_at from policies")
    assert row["next_due_at"]


def start_of_last(path: Path) -> int:
    """The byte at which the last record of a WARC file begins."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        return [records.get_record_offset() for _ in records][-1]


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
@pytest.mark.parametrize("where", ["in a body", "in a header", "at a record's end"])
def test_cut_warc_gives_what_it_holds(clausewatch: Command, suffix: str, where: str) -> None:
    """The whole captures before the cut are used, half a page never is, and the exit code says so."""
    whole = warc(clausewatch.folder / f"whole{suffix}", FOUR).read_bytes()
    three = start_of_last(clausewatch.folder / f"whole{suffix}")
    at_ = {
        "in a body": (three + len(whole)) // 2 + 40,
        "in a header": three + 60,
        "at a record's end": three - 3,
    }
    (clausewatch.folder / f"cut{suffix}").write_bytes(whole[: at_[where]])
    done = clausewatch("import", f"cut{suffix}")
    assert done.code == 1, done.err
    assert "Traceback" not in done.err
    stood = rows(clausewatch, "select fetched_at, size, status from captures order by fetched_at")
    assert 2 <= len(stood) <= 3
    assert {r["size"] for r in stood} <= {len(k.body) for k in FOUR}


@pytest.mark.parametrize("content", [b"", b"<html>no warc</html>", b"\x1f\x8b broken", b"\x00" * 4096])
def test_what_is_no_warc_is_refused_in_one_line(clausewatch: Command, content: bytes) -> None:
    """Nothing is recorded, not even an empty database."""
    (clausewatch.folder / "x.warc.gz").write_bytes(content)
    done = clausewatch("import", "x.warc.gz")
    assert done.code == 1
    assert "x.warc.gz" in done.err
    assert "Traceback" not in done.err
    assert not (clausewatch.folder / "clausewatch.db").exists()


def test_bad_lines_of_an_index_are_left_out_and_named(clausewatch: Command, tmp_path: Path) -> None:
    """Lines that are no JSON, name nothing, lie, or lead out of the folder: each one line; the rest is used."""
    (tmp_path / "secret.html").write_bytes(b"<p>not yours</p>")
    bad = (
        "{not json",
        "[1, 2]",
        '{"url": "https://shop.example/privacy"}',
        '{"url": "ftp://shop.example/", "captured_at": "2024-01-01", "file": "0.bin"}',
        '{"url": "https://shop.example/privacy", "captured_at": "yesterday", "file": "0.bin"}',
        '{"url": "https://shop.example/privacy", "captured_at": "2024-05-01", "file": "../secret.html"}',
        f'{{"url": "https://shop.example/privacy", "captured_at": "2024-05-01", "file": "{tmp_path}/secret.html"}}',
        '{"url": "https://shop.example/privacy", "captured_at": "2024-05-01", "file": "link.html"}',
        '{"url": "https://shop.example/privacy", "captured_at": "2024-05-01", "file": "gone.html"}',
        '{"url": "https://shop.example/privacy", "captured_at": "2024-05-02", "file": "a\\u0000b"}',
    )
    kept = folder(clausewatch.folder / "kept", FOUR, extra=bad)
    (kept / "link.html").symlink_to(tmp_path / "secret.html")
    done = clausewatch("import", "kept")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert len([line for line in done.err.splitlines() if line.startswith("clausewatch: ")]) == len(bad) + 1
    assert len(rows(clausewatch, "select * from captures")) == 4
    assert len(changes(clausewatch)) == 1
