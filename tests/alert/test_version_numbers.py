"""Numbers of versions count within their policy wherever people meet them, whatever the rows are called."""

from __future__ import annotations

import json
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.export import history_of, to_json
from tests.cli.command import SETTINGS, Command
from watcher.alert.deliver import Deliverer
from watcher.alert.redline_lines import of_change
from watcher.alert.render_feed import entries
from watcher.alert.wiring import channels, router

from .samples import NOW
from .servers import gate, mail_text, mailbox, receiver
from .test_whole_way import POLICY, recorded, settings

OTHER = replace(POLICY, id="other-terms", url="https://other.example/terms", service="Other")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two policies with a change each: the second one's versions 1 and 2 are the rows 3 and 4."""
    path = tmp_path / "clausewatch.db"
    with Database.open(path) as db:
        for policy in (POLICY, OTHER):
            recorded(db, router(()), NOW, "2026-04-01", policy)
        assert [v.id for v in db.call(lambda store: store.versions(OTHER.id))] == [3, 4]
    return path


async def test_the_command_in_a_mail_shows_the_change_the_mail_tells_of(tmp_path: Path) -> None:
    """Pasted into a shell, each printed command runs and shows this very change; webhook and feed say the same."""
    async with mailbox() as box, receiver() as hook, gate() as opened:
        loaded, environ = settings(tmp_path, box.port, hook.url())
        with Database.open(tmp_path / "clausewatch.db") as db:
            for policy in (POLICY, OTHER):
                recorded(db, router(loaded.channel), NOW, "2025-04-01", policy)
            made = channels(loaded.channel, opened.post, environ)
            assert await Deliverer(db, made, now=lambda: NOW + timedelta(hours=2)).drain() == {"sent": 6}
    bodies = [json.loads(request.body)["data"] for request in hook.requests]
    pairs = {data["policy"]: (data["from_version"], data["to_version"]) for data in bodies}
    assert pairs == {POLICY.id: (1, 2), OTHER.id: (1, 2)}
    command = Command(tmp_path, dict(SETTINGS))
    for mail in box.mails:
        text = mail_text(mail)
        (line,) = (line.strip() for line in text.splitlines() if line.strip().startswith("clausewatch diff"))
        policy = next(p for p in (POLICY, OTHER) if p.id in line)
        done = command(*shlex.split(line)[1:])
        assert done.code == 0, done.err
        assert policy.url in done.out
        assert "[-at any time-]{+after a year+}" in done.out
        assert f"clausewatch diff {policy.id} 1 2" in mail_text(mail, "html")
        (last,) = (line.strip() for line in text.splitlines() if line.strip().startswith("clausewatch hist"))
        assert "version 2 " in command(*shlex.split(last)[1:]).out
    feed = entries((tmp_path / "changes.atom").read_bytes())
    assert {p.id for p in (POLICY, OTHER) for e in feed if f"diff {p.id} 1 2" in e.content} == set(pairs)


def test_lines_of_json_name_versions_as_history_does(two: Path) -> None:
    """`changes --format jsonl`, `history --format json`, `diff --format json` and the export agree."""
    command = Command(two.parent, dict(SETTINGS))
    told = [
        json.loads(line)
        for words in (("changes", "--format", "jsonl"), ("history", "other-terms", "--format", "json"))
        for line in command(*words).out.splitlines()
    ]
    told.append(json.loads(command("diff", "other-terms", "--format", "json").out))
    told.append(json.loads(command("diff", "other-terms", 1, 2, "--format", "json").out))
    with Database.open(two, read_only=True) as db:
        told += to_json(db.call(lambda store: history_of(store, OTHER)))["changes"]
    assert len(told) == 6
    assert {(record["from_version"], record["to_version"]) for record in told} == {(1, 2)}


def test_a_redline_names_versions_as_history_does(two: Path) -> None:
    """The head of a redline counts within the policy; the store's own ids stay at hand for its readers."""
    with Database.open(two, read_only=True) as db:
        (change,) = db.call(lambda store: store.changes(policy=OTHER.id))
    assert ("versions", "1 → 2") in of_change(change).facts
    assert (change.from_id, change.to_id) == (3, 4)


def test_the_plugin_counts_within_a_policy_on_wish(two: Path) -> None:
    """The number a view shows is enough, once the policy is named; one it does not have is said in a line."""
    base = [sys.executable, "-m", "sqlite_utils", "clausewatch"]
    asked = [*base, "diff", str(two), "1", "2", "--policy", OTHER.id]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert shown.startswith("--- other-terms version 1\n+++ other-terms version 2\n")
    asked = [*base, "text", str(two), "3", "--policy", OTHER.id]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr[:35]) == (1, "Error: other-terms has no version 3")


def test_a_policy_no_longer_watched_is_exported_with_its_history(two: Path) -> None:
    """Removing a policy leaves what was seen of it, and the export takes it like any other."""
    command = Command(two.parent, dict(SETTINGS))
    assert command("remove", OTHER.id).code == 0
    done = command("export", OTHER.id, "--format", "markdown")
    assert done.code == 0, done.err
    assert "version 1 → 2: Leaving is possible after a year" in done.out


def test_views_count_versions_within_their_policy(two: Path) -> None:
    """The views show both numbers of a change; the tables keep the rows that are sealed, and the seal holds."""
    conn = sqlite3.connect(two)
    for view in ("history", "silent_changes"):
        conn.execute("update changes set verdict = 'silent'")
        found = conn.execute(f"select version_before, version from {view} where policy = 'other-terms'")
        assert found.fetchall() == [(1, 2)]
    conn.execute("rollback")
    rows = conn.execute("select from_version, to_version from changes order by id").fetchall()
    conn.close()
    assert rows == [(1, 2), (3, 4)]
    with Database.open(two, read_only=True) as db:
        assert db.call(lambda store: store.verify()) == []
