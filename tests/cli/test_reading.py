"""Questions to the history, as people and pipes ask them."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import termios
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.archives.captures import Kept, at, warc
from tests.cli.command import SETTINGS, Command, beside
from tests.watches import BASE, LONGER, RETENTION, changed
from watcher.cli.moments import moment

EDITED = changed(RETENTION, LONGER)
OTHER = "https://shop.example/terms"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Two policies with a change each, so that numbers within a policy and over all differ."""
    folder = tmp_path_factory.mktemp("reading")
    looks = ((1, BASE), (5, BASE), (10, EDITED), (20, EDITED))
    rows = [Kept(at(1, day), lines) for day, lines in looks]
    rows += [Kept(at(2, day), lines, url=OTHER) for day, lines in looks]
    warc(folder / "old.warc", rows)
    command = Command(folder, dict(SETTINGS))
    assert command("import", "old.warc").code == 0
    return command


def test_numbers_of_versions_are_the_same_everywhere(history: Command) -> None:
    """What `history` calls a version, `diff` takes and prints."""
    for policy in ("privacy", "terms"):
        assert "version 1 " in history("history", policy).out
        assert "version 2 " in history("history", policy).out
        shown = history("diff", policy).out
        assert "1 → 2" in shown
        assert history("diff", policy, 1, 2).code == 0
        record = json.loads(history("diff", policy, "--format", "json").out)
        assert (record["from_version"], record["to_version"]) == (1, 2)


def test_redline_of_one_change_by_its_number(history: Command) -> None:
    """The number an alert carries finds its redline; another policy's is wrong use."""
    lines = [json.loads(line) for line in history("changes", "--format", "jsonl").out.splitlines()]
    ids = {c["policy"]: c["id"] for c in lines if c["kind"] != "first"}
    mine, others = ids["shop-example-privacy"], ids["shop-example-terms"]
    assert LONGER.split()[-4] in history("diff", "privacy", "--change", mine).out
    assert history("diff", "privacy", "--change", others).code == 2
    assert history("diff", "privacy", 1, 2, "--change", mine).code == 2


def test_csv_leaves_empty_what_is_empty(history: Command) -> None:
    """No cell holds a mark of ours where there is nothing to say; formulas are still defused."""
    rows = list(csv.DictReader(io.StringIO(history("changes", "--format", "csv").out)))
    assert [r["previous_seen_at"] for r in rows if r["kind"] == "first"] == ["", ""]
    assert not any(cell == "'" for row in rows for cell in row.values())
    assert next((r["from_version"], r["to_version"]) for r in rows if r["kind"] != "first") == ("1", "2")


def test_piped_tables_are_one_line_a_row(history: Command) -> None:
    """grep and awk see whole rows: nothing folded, nothing padded at the end."""
    text = history("blame", "privacy").out
    assert LONGER in text
    assert not any(line.endswith(" ") for line in text.splitlines())
    assert len(history("list").out.splitlines()) == 3


def on_a_terminal(history: Command, *words: str) -> list[str]:
    """What a terminal of 60 columns shows, without colours."""
    inner, outer = pty.openpty()
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    environ = {k: v for k, v in {**os.environ, **history.environ}.items() if k not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        [beside("clausewatch"), *words], cwd=history.folder, stdout=outer, env={**environ, "TERM": "xterm"}
    )
    os.close(outer)
    text = b""
    with contextlib.suppress(OSError):  # how Linux says that the other end of a terminal is closed
        while piece := os.read(inner, 4096):
            text += piece
    assert process.wait(60) == 0
    return [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip() for line in text.decode().splitlines()]


def test_table_too_wide_for_the_terminal_loses_nothing(history: Command) -> None:
    """Each row is a record of its own, with all cells under their names."""
    lines = on_a_terminal(history, "list")
    text = " ".join(" ".join(lines).split())
    assert all(len(line) <= 60 for line in lines), lines
    assert [line for line in lines if not line.startswith(" ")] == [
        "shop-example-privacy",
        "shop-example-terms",
    ]
    for said in ("kind privacy-policy", "outcome", "changes 1", "due paused", "watch ok"):
        assert said in text


def test_narrow_terminal_keeps_the_indent(history: Command) -> None:
    """On a terminal of 60 columns no line is longer, and a summary's further lines stay under its first."""
    lines = on_a_terminal(history, "changes")
    assert len(lines) > 6
    assert all(len(line) <= 60 for line in lines), lines
    assert all(line.startswith(("#", "      ")) for line in lines if "shop-example" not in line), lines


def test_since_and_until_cut_out_a_span(history: Command) -> None:
    """A year, a month, a day; a span back from now that holds nothing says since when it looked."""

    def told(*options: str) -> int:
        return len(history("changes", "--format", "jsonl", *options).out.splitlines())

    assert told() == 4
    assert told("--since", "2024", "--until", "2025") == 4
    assert told("--since", "2024-02") == told("--until", "2024-02") == 2
    assert told("--since", "2025") == 0
    recent = history("changes", "--since", "6m")
    assert (recent.code, recent.out) == (0, "")
    assert "no change since" in recent.err


def test_policy_no_longer_watched_can_be_read(tmp_path: Path) -> None:
    """Its history stays within reach of every question; a check refuses it."""
    warc(tmp_path / "old.warc", [Kept(at(1, 1), BASE), Kept(at(1, 9), EDITED), Kept(at(1, 12), EDITED)])
    command = Command(tmp_path, dict(SETTINGS))
    assert command("import", "old.warc").code == 0
    assert command("remove", "privacy").code == 0
    for question in (("history",), ("diff",), ("blame",), ("export",), ("changes", "--policy")):
        done = command(*question, "shop-example-privacy")
        assert done.code == 0, (question, done.err)
        assert done.out
    assert command("check", "privacy").code == 2


def test_name_that_is_nearly_right_is_suggested(history: Command) -> None:
    """A slip of the finger names what was meant."""
    assert "did you mean shop-example-privacy?" in history("history", "privcay").says_one_line()
    assert "clausewatch list" in history("history", "zzz").says_one_line()


def test_question_needs_no_secret_of_the_channels(history: Command) -> None:
    """Who reads the history need not hold the daemon's passwords; what sends still refuses to start."""
    tables = [{"name": "h", "type": "webhook", "url": "https://hooks.example", "secret": "env:NOT_HERE"}]
    environ = {"CLAUSEWATCH_CHANNEL": json.dumps(tables)}
    assert history("list", environ=environ).code == 0
    assert history("changes", environ=environ).code == 0
    for command in (("check",), ("doctor",), ("alerts", "test")):
        done = history(*command, environ=environ)
        assert done.code == 2
        assert "NOT_HERE" in done.err


def test_output_that_takes_nothing_more(history: Command) -> None:
    """A full disk behind the output is said as that, and is no fault of the program."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [beside("clausewatch"), "changes", "--format", "jsonl"],
            cwd=history.folder,
            env={**os.environ, **history.environ},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("clausewatch: cannot write: No space left")
    assert len(done.stderr.splitlines()) == 1


def test_shell_completes_commands_and_policies(history: Command) -> None:
    """Both from the database the command line names; where there is none, nothing and no error."""

    def completed(words: str, folder: Path) -> list[str]:
        asked = {
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split())),
            "_CLAUSEWATCH_COMPLETE": "bash_complete",
        }
        if not words.endswith(" "):
            asked["COMP_CWORD"] = str(len(words.split()) - 1)
        done = subprocess.run(
            [beside("clausewatch")], cwd=folder, env={**os.environ, **history.environ, **asked},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        return [line.partition(",")[2] for line in done.stdout.split()]

    assert completed("clausewatch hist", history.folder) == ["history"]
    assert completed("clausewatch diff pri", history.folder) == ["shop-example-privacy"]
    other = f"clausewatch --db {history.folder / 'clausewatch.db'} blame shop"
    assert len(completed(other, history.folder.parent)) == 2
    assert completed("clausewatch diff ", history.folder.parent) == []


def test_moments_people_write() -> None:
    """Days, months and years begin where they begin; a time without a zone is UTC."""
    assert moment("2024") == datetime(2024, 1, 1, tzinfo=UTC)
    assert moment("2024-06") == datetime(2024, 6, 1, tzinfo=UTC)
    assert moment("2024-06-15") == datetime(2024, 6, 15, tzinfo=UTC)
    assert moment("2024-06-15T12:00+02:00") == datetime(2024, 6, 15, 10, tzinfo=UTC)
    assert moment("yesterday") + timedelta(days=1) == moment("today")
    assert timedelta(days=364) < datetime.now(UTC) - moment("1y") < timedelta(days=367)
    for wrong in ("whenever", "15.06.2024", "2024-13", "0d", "99999999d"):
        with pytest.raises(ValueError, match="is no day"):
            moment(wrong)
