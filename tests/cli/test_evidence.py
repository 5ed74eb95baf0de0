"""`clausewatch export --at`: the text that stood on a day, with what proves it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.archives.captures import Kept, at, warc
from tests.cli.command import SETTINGS, Command
from tests.site import page
from tests.watches import BASE, LONGER, RETENTION, changed

EDITED = changed(RETENTION, LONGER)
SHA256 = hashlib.sha256(page(BASE)).hexdigest()
NAME = "shop-example-privacy"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Looked at on four days: two texts, two looks each."""
    folder = tmp_path_factory.mktemp("evidence")
    kept = [Kept(at(1, day), lines) for day, lines in ((1, BASE), (5, BASE), (10, EDITED), (20, EDITED))]
    warc(folder / "old.warc", kept)
    command = Command(folder, dict(SETTINGS))
    assert command("import", "old.warc").code == 0
    return command


def stood(history: Command, when: str) -> dict[str, object]:
    done = history("export", "shop", "--at", when)
    assert done.code == 0, done.err
    record: dict[str, object] = json.loads(done.out)
    return record


def day(number: int) -> str:
    return f"{at(1, number):%Y-%m-%d}"


def test_day_between_two_looks_that_read_the_same(history: Command) -> None:
    """The text, the looks on both sides, the capture it was read from, and the chain it hangs in."""
    record = stood(history, day(3))
    assert record["policy"] == NAME
    assert RETENTION in json.dumps(record["version"])
    before, after = record["look_before"], record["look_after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["at"][:10], after["at"][:10], after["same_text"]) == (day(1), day(5), True)
    assert "still the same" in str(record["proved"])
    assert record["verified"] is True
    capture = record["capture"]
    assert isinstance(capture, dict)
    assert capture["sha256"] == SHA256
    assert record["head"] in history("verify", "--heads").out


def test_day_between_two_texts_says_that_nobody_looked(history: Command) -> None:
    """The older text is given, and that it still stood that day is not claimed."""
    record = stood(history, day(7))
    assert RETENTION in json.dumps(record["version"])
    assert "another text" in str(record["proved"])
    assert str(record["replaced_at"])[:10] == day(10)


def test_day_of_a_change_ends_with_the_new_text(history: Command) -> None:
    """A day stands for its end; the version that stood earlier that day is named, and a time picks it."""
    record = stood(history, day(10))
    assert LONGER in json.dumps(record["version"])
    assert record["also_that_day"] == [1]
    assert RETENTION in json.dumps(stood(history, f"{day(10)}T00:00")["version"])


def test_day_before_the_first_look_is_not_known(history: Command) -> None:
    """Exit code 1, with the day of the first look and where older captures come from."""
    done = history("export", "shop", "--at", "2001-01-01")
    assert done.code == 1
    line = done.says_one_line()
    assert day(1) in line
    assert "backfill" in line


def test_on_paper(history: Command) -> None:
    """Markdown says what stood, what shows it, and the text, in this order."""
    text = history("export", "shop", "--at", day(3), "--format", "markdown").out
    record = stood(history, day(3))
    version, capture = record["version"], record["capture"]
    assert isinstance(version, dict)
    assert isinstance(capture, dict)
    for said in (
        record["proved"],
        version["text_sha256"],
        version["digest"],
        capture["sha256"],
        record["head"],
    ):
        assert str(said) in text
    assert text.index("## Evidence") < text.index("## Text") < text.index(RETENTION)
    assert LONGER not in text


def test_captures_that_show_it(history: Command, tmp_path: Path) -> None:
    """The WARC holds the bytes the text was read from, as they came."""
    out = tmp_path / "day.warc.gz"
    assert history("export", "shop", "--at", day(3), "--format", "warc", "--out", out).code == 0
    with out.open("rb") as file:
        bodies = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert page(BASE) in bodies
    assert page(EDITED) not in bodies


def test_altered_history_is_said(tmp_path: Path) -> None:
    """Where the chain does not hold, the paper says so."""
    warc(tmp_path / "old.warc", [Kept(at(1, 1), BASE), Kept(at(1, 5), BASE)])
    command = Command(tmp_path, dict(SETTINGS))
    assert command("import", "old.warc").code == 0
    with sqlite3.connect(tmp_path / "clausewatch.db") as conn:
        conn.execute("update clauses set text = replace(text, '30 days', '3 days')")
    conn.close()
    done = command("export", "shop", "--at", day(3), "--format", "markdown")
    assert "DOES NOT HOLD" in done.out
