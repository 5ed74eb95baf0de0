"""What a user can get wrong: one clear line on standard error, the right exit code, and nothing lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from storage.database import Database
from tests.cli.command import Command, beside
from tests.site import Site, served
from tests.watches import BASE
from watcher.cli import history as history_commands


def watched(clausewatch: Command, *urls: str) -> None:
    for number, url in enumerate(urls):
        assert clausewatch("add", url, "--no-trial", "--id", f"shop-{number}").code == 0


def test_configuration_is_refused_with_every_problem_at_once(clausewatch: Command) -> None:
    """Unknown keys, wrong values and broken addresses of file and environment are told together; exit code 2."""
    (clausewatch.folder / "clausewatch.toml").write_text(
        '[schedule]\nevery = "soon"\nevry = "1h"\n[fetch]\nmax_redirects = -1\n'
        '[[policy]]\nurl = "shop.example"\nkind = "novel"\n[[channel]]\nname = "x"\ntype = "pigeon"\n'
    )
    done = clausewatch("list", environ={"CLAUSEWATCH_SCHEDULE__CONCURRENCY": "many"})
    assert done.code == 2
    assert "Traceback" not in done.err
    for word in ("every", "evry", "max_redirects", "url", "kind", "pigeon", "CONCURRENCY"):
        assert word in done.err, word
    assert len(done.err.splitlines()) >= 8


@pytest.mark.parametrize("content", [b"[schedule", b"\xff\xfe\x00", b"every = \n"])
def test_file_that_is_no_toml_is_refused(clausewatch: Command, content: bytes) -> None:
    """Which file, and what is wrong with it."""
    (clausewatch.folder / "c.toml").write_bytes(content)
    done = clausewatch("--config", "c.toml", "list")
    assert done.code == 2
    assert "c.toml" in done.err
    assert "Traceback" not in done.err


def test_configuration_that_is_not_there_is_refused(clausewatch: Command) -> None:
    """A file named by the user must exist: no silent defaults."""
    done = clausewatch("--config", "gone.toml", "list")
    assert done.code == 2
    assert "gone.toml" in done.says_one_line()


@pytest.mark.parametrize(
    "url",
    ["not a url", "ftp://shop.example/", "http://", "https://", "https://me:pw@shop.example/x",
     "javascript:alert(1)", "https://shop.example:99999/", "http://[::1/", "https://a b.example/x", "..", "/etc/passwd"],
)  # fmt: skip
def test_url_that_is_none_is_wrong_use(clausewatch: Command, url: str) -> None:
    """Exit code 2 and one line; no database is begun for it."""
    for more in ((), ("--no-trial",)):
        done = clausewatch("add", url, *more)
        assert done.code == 2, done
        done.says_one_line()
    assert not (clausewatch.folder / "clausewatch.db").exists()


@pytest.mark.parametrize("command", [("list",), ("check",), ("seed",), ("import", "page.warc")])
def test_file_that_is_no_database_is_left_as_it_is(clausewatch: Command, command: tuple[str, ...]) -> None:
    """A text, and another program's database, are refused in one line and not touched."""
    from tests.archives.captures import Kept, at, warc

    warc(clausewatch.folder / "page.warc", [Kept(at(1), BASE)])
    strange = clausewatch.folder / "strange.db"
    strange.write_bytes(b"just a text, and a long one at that\n" * 100)
    other = clausewatch.folder / "other.db"
    with sqlite3.connect(other) as conn:
        conn.execute("create table bookmarks (url text)")
    conn.close()
    for path in (strange, other):
        before = path.read_bytes()
        done = clausewatch("--db", path.name, *command)
        assert done.code == 1
        assert path.name in done.says_one_line()
        assert path.read_bytes() == before


def test_database_of_an_older_release_is_brought_up_to_date(clausewatch: Command) -> None:
    """A question finds an older schema, has it migrated, and is answered."""
    watched(clausewatch, "https://shop.example/privacy")
    conn = sqlite3.connect(clausewatch.folder / "clausewatch.db")
    conn.execute("drop table explanations")
    conn.execute("delete from _sqlite_migrations where name = 'explanations'")
    conn.commit()
    conn.close()
    done = clausewatch("list")
    assert done.code == 0, done.err
    assert "shop-0" in done.out


def test_database_that_is_a_folder_or_nowhere(clausewatch: Command) -> None:
    """One line that names it."""
    (clausewatch.folder / "folder").mkdir()
    for path in ("folder", "gone/away.db"):
        for command in ("list", "seed"):
            done = clausewatch("--db", path, command)
            assert done.code == 1
            assert path in done.says_one_line()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_database_that_may_not_be_written(clausewatch: Command) -> None:
    """Reading works; writing is refused in one line and the history stays."""
    watched(clausewatch, "https://shop.example/privacy")
    path = clausewatch.folder / "clausewatch.db"
    path.chmod(0o444)
    clausewatch.folder.chmod(0o555)
    try:
        assert "shop-0" in clausewatch("list").out
        done = clausewatch("remove", "shop-0")
        assert done.code == 1
        assert "cannot be written" in done.says_one_line()
    finally:
        clausewatch.folder.chmod(0o755)


def test_policy_nobody_knows_and_name_that_could_be_several(clausewatch: Command) -> None:
    """Exit code 2; the near ones are named."""
    watched(clausewatch, "https://shop.example/privacy", "https://shop.example/terms")
    for command in ("history", "diff", "blame", "remove", "check", "export", "backfill"):
        unknown = clausewatch(command, "nobody")
        assert unknown.code == 2, command
        assert "'nobody'" in unknown.says_one_line()
        several = clausewatch(command, "shop")
        assert several.code == 2, command
        assert "shop-0, shop-1" in several.says_one_line()
    assert len(clausewatch("list").out.splitlines()) == 3


def test_questions_before_anything_was_recorded(clausewatch: Command) -> None:
    """There is nothing to show, and it says so; asking does not create a file."""
    for command in (("list",), ("changes",), ("history", "x"), ("verify",), ("alerts", "list")):
        done = clausewatch(*command)
        assert done.code == 1
        assert "no database" in done.says_one_line()
        assert "clausewatch add" in done.err
    looked = clausewatch("doctor")
    assert looked.code == 1
    assert "clausewatch run or check begins it" in looked.out
    assert not (clausewatch.folder / "clausewatch.db").exists()


def test_page_that_cannot_be_fetched(clausewatch: Command) -> None:
    """`check` ends with 1 and records the failed visit; `add` refuses; `inspect` says which."""
    with served(Site({"/privacy": BASE})) as site:
        good, closed = site.url("/privacy"), "http://127.0.0.1:9/privacy"
        watched(clausewatch, good, closed)
        done = clausewatch("check")
        assert done.code == 1
        assert "2 checked, 1 with news, 1 in trouble" in done.err
        refused = clausewatch("add", closed)
        assert refused.code == 1
        assert "not watched" in refused.says_one_line()
        seen = clausewatch("inspect", closed, "gone.html")
        assert seen.code == 1
        assert "127.0.0.1:9" in seen.err
        assert "gone.html" in seen.err
    with Database.open(clausewatch.folder / "clausewatch.db", read_only=True) as database:
        outcomes = database.call(lambda s: s.rows("select outcome from checks order by policy"))
    assert [r["outcome"] for r in outcomes] == ["changed", "failed"]


def test_check_of_good_pages_ends_with_zero_and_prints_nothing(clausewatch: Command) -> None:
    """Standard output is for what was asked for; a check asks for nothing."""
    with served(Site({"/privacy": BASE})) as site:
        watched(clausewatch, site.url("/privacy"))
        done = clausewatch("check")
    assert (done.code, done.out) == (0, "")


def test_fault_of_the_program_is_one_line(clausewatch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The type of the error, that the history is untouched, and how to see more; no traceback unasked."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("password in smtp://me:hunter2@mail.example\nsecond line")

    watched(clausewatch, "https://shop.example/privacy")
    monkeypatch.setattr(history_commands, "_table", broken)
    done = clausewatch("changes")
    assert done.code == 1
    line = done.says_one_line()
    assert "ZeroDivisionError" in line
    assert "untouched" in line
    assert "CLAUSEWATCH_TRACEBACK=1" in line
    assert "hunter2" not in line
    asked = clausewatch("changes", environ={"CLAUSEWATCH_TRACEBACK": "1"})
    assert asked.code == 1
    assert "Traceback" in asked.err


def test_output_that_cannot_be_written(clausewatch: Command) -> None:
    """A file in a folder that is not there is named, with the reason."""
    watched(clausewatch, "https://shop.example/privacy")
    done = clausewatch("export", "shop", "--out", "gone/history.json")
    assert done.code == 1
    assert "gone/history.json" in done.says_one_line()


def test_numbers_and_dates_out_of_place(clausewatch: Command) -> None:
    """Wrong use, exit code 2."""
    watched(clausewatch, "https://shop.example/privacy")
    (clausewatch.folder / "a.html").write_bytes(b"<p>text</p>")
    for command in (
        ("changes", "--since", "whenever"),
        ("diff", "shop", "7"),
        ("diff", "shop", "one"),
        ("add", "https://shop.example/x", "--every", "never"),
        ("add", "https://shop.example/x", "--channel", "nobody"),
        ("import", "gone.warc"),
        ("import", "a.html"),
        ("import", "a.html", "--url", "https://shop.example/x"),
        ("import", "a.html", "--url", "shop", "--at", "2024-01-01"),
        ("alerts", "retry", "x"),
        ("frobnicate",),
        ("--nonsense",),
    ):
        done = clausewatch(*command)
        assert done.code == 2, (command, done)
        done.says_one_line()


def test_interrupt_ends_in_order(clausewatch: Command, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a fetch: one line, exit code 1, what was recorded is kept."""
    asked = tmp_path / "asked"

    over = threading.Event()

    def hanging():  # type: ignore[no-untyped-def]
        asked.touch()
        over.wait(60)
        return 200, {}, b""

    with served(Site({"/privacy": hanging})) as site:
        watched(clausewatch, site.url("/privacy"))
        process = subprocess.Popen(
            [beside("clausewatch"), "check"],
            cwd=clausewatch.folder,
            env={**os.environ, **clausewatch.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        _until(asked.exists)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        over.set()
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "stopped; everything recorded so far is kept" in err
    assert "shop-0" in clausewatch("list").out


def test_daemon_writes_nothing_to_standard_output(clausewatch: Command) -> None:
    """Its log goes to standard error; it ends with 0 when asked to."""
    with served(Site({"/privacy": BASE})) as site:
        watched(clausewatch, site.url("/privacy"))
        process = subprocess.Popen(
            [beside("clausewatch"), "run"],
            cwd=clausewatch.folder,
            env={**os.environ, **clausewatch.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        _until(lambda: site.hits["/privacy"] > 0)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out == ""
    assert "Traceback" not in err


def _until(holds, within_s: float = 60.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
