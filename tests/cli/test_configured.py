"""What a changed configuration does at the next start, and how a watch begins and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from storage.database import Database
from tests.archives.captures import Kept, at, warc
from tests.cli.command import Command, beside
from tests.site import Site, served
from tests.watches import BASE


def write(clausewatch: Command, *tables: str) -> None:
    text = "\n".join(f"[[policy]]\n{table}" for table in tables)
    (clausewatch.folder / "clausewatch.toml").write_text(text)


def watched(clausewatch: Command) -> list[str]:
    with Database.open(clausewatch.folder / "clausewatch.db", read_only=True) as database:
        return sorted(p.id for p in database.call(lambda s: s.policies()))


def test_policy_taken_out_of_the_configuration_ends(clausewatch: Command) -> None:
    """It is said, its history stays; what was added by command stays watched."""
    with served(Site({"/privacy": BASE, "/terms": BASE, "/dpa": BASE})) as site:
        one = f'url = "{site.url("/privacy")}"\nid = "one"'
        two = f'url = "{site.url("/terms")}"\nid = "two"'
        assert clausewatch("add", site.url("/dpa"), "--no-trial", "--id", "mine").code == 0
        write(clausewatch, one, two)
        assert clausewatch("check").code == 0
        assert watched(clausewatch) == ["mine", "one", "two"]
        write(clausewatch, one)
        done = clausewatch("check", "one")
        assert done.code == 0
        assert "two is no longer in the configuration and no longer watched" in done.err
        assert watched(clausewatch) == ["mine", "one"]
        assert "First reading" in clausewatch("history", "two").out
        write(clausewatch, one, two)
        assert clausewatch("check", "two").code == 0
        assert watched(clausewatch) == ["mine", "one", "two"]


def test_policy_under_another_id_is_followed(clausewatch: Command) -> None:
    """The old id ends, naming the new one: nobody is told twice of one page."""
    with served(Site({"/privacy": BASE})) as site:
        write(clausewatch, f'url = "{site.url("/privacy")}"\nid = "old"')
        assert clausewatch("check").code == 0
        write(clausewatch, f'url = "{site.url("/privacy")}"\nid = "new"')
        done = clausewatch("check")
    assert done.code == 0
    assert "old is no longer in the configuration" in done.err
    assert "its address is watched as new" in done.err
    assert watched(clausewatch) == ["new"]


def test_policy_at_another_address_keeps_its_history(clausewatch: Command) -> None:
    """The id is what a policy is: the same text elsewhere is no change."""
    with served(Site({"/privacy": BASE, "/legal": BASE})) as site:
        for path in ("/privacy", "/legal"):
            write(clausewatch, f'url = "{site.url(path)}"\nid = "one"')
            assert clausewatch("check").code == 0
        assert site.hits["/legal"] == 1
    assert len(clausewatch("changes", "--format", "jsonl").out.splitlines()) == 1


def test_configuration_without_policies_ends_nothing(clausewatch: Command) -> None:
    """A command from another folder, or with another file, stops no watch."""
    with served(Site({"/privacy": BASE})) as site:
        write(clausewatch, f'url = "{site.url("/privacy")}"\nid = "one"')
        assert clausewatch("check").code == 0
        (clausewatch.folder / "clausewatch.toml").unlink()
        assert clausewatch("check").code == 0
    assert watched(clausewatch) == ["one"]


def test_configured_policy_known_from_an_import_is_visited(clausewatch: Command) -> None:
    """Its archived captures are its past, and the watch goes on from there."""
    with served(Site({"/privacy": BASE})) as site:
        url = site.url("/privacy")
        warc(clausewatch.folder / "old.warc", [Kept(at(1), BASE, url=url)])
        assert clausewatch("import", "old.warc").code == 0
        (known,) = watched(clausewatch)
        write(clausewatch, f'url = "{url}"\nid = "{known}"')
        assert clausewatch("check", "--due").code == 0
        assert site.hits["/privacy"] == 1


def test_removed_policy_that_is_configured_comes_back_and_says_so(clausewatch: Command) -> None:
    """`remove` names the configuration, which watches it again."""
    with served(Site({"/privacy": BASE})) as site:
        write(clausewatch, f'url = "{site.url("/privacy")}"\nid = "one"')
        assert clausewatch("check").code == 0
        assert "configuration" in clausewatch("remove", "one").err


def test_address_that_is_watched_already_is_not_watched_twice(clausewatch: Command) -> None:
    """`add` finds it under the id it has; a configured one is left as the configuration says."""
    with served(Site({"/privacy": BASE, "/terms": BASE})) as site:
        write(clausewatch, f'url = "{site.url("/privacy")}"\nid = "one"\nservice = "Lantern"')
        assert clausewatch("check").code == 0
        done = clausewatch("add", site.url("/privacy"), "--no-trial")
        assert (done.code, "watched already: one" in done.out) == (0, True)
        assert clausewatch("add", site.url("/terms"), "--no-trial", "--id", "two").code == 0
        assert "two" in clausewatch("add", site.url("/terms") + "#top", "--no-trial").out
    assert watched(clausewatch) == ["one", "two"]
    assert "Lantern" in clausewatch("history", "one").out


@pytest.mark.parametrize("option", [("--select", "main >> article["), ("--id", "Our Terms")])
def test_selector_and_id_that_are_none_are_refused(clausewatch: Command, option: tuple[str, str]) -> None:
    """At once, in one line: a wrong selector would otherwise look like an unreadable page."""
    done = clausewatch("add", "https://shop.example/terms", "--no-trial", *option)
    assert done.code == 2
    assert "takes" in done.says_one_line()
    assert not (clausewatch.folder / "clausewatch.db").exists()
    if option[0] == "--select":
        (clausewatch.folder / "a.html").write_bytes(b"<p>text</p>")
        assert clausewatch("inspect", "a.html", *option).code == 2


def test_daemon_says_what_it_no_longer_watches(clausewatch: Command, tmp_path: Path) -> None:
    """As one line of its log; the others are visited as ever."""
    with served(Site({"/privacy": BASE, "/terms": BASE})) as site:
        one = f'url = "{site.url("/privacy")}"\nid = "one"'
        write(clausewatch, one, f'url = "{site.url("/terms")}"\nid = "two"')
        assert clausewatch("check").code == 0
        write(clausewatch, one + '\nevery = "1s"')
        before = site.hits["/privacy"]
        process = subprocess.Popen(
            [beside("clausewatch"), "--log-format", "json", "run"],
            cwd=clausewatch.folder, env={**os.environ, **clausewatch.environ},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        end = time.monotonic() + 60
        while site.hits["/privacy"] <= before and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert site.hits["/privacy"] > before
    assert '"event": "policy.ended"' in err
    assert watched(clausewatch) == ["one"]
