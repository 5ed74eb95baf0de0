"""The daemon as a real process: clean stop, restart, kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.site import Site, served
from tests.watches import BASE, LONGER, RETENTION, changed
from watcher.daemon import is_gone, owner_name

TOOL = str(Path(sys.executable).with_name("clausewatch"))
PATIENCE_S = 300.0
"""How long anything may take before a test gives up: far more than it needs on any machine."""


class Process:
    """One watch: its folder, its configuration, and the daemon when it runs."""

    def __init__(self, folder: Path, site: Site, policies: int) -> None:
        self.folder, self.site = folder, site
        self.config = folder / "clausewatch.toml"
        self.database = folder / "watch.db"
        self.process: subprocess.Popen[bytes] | None = None
        named = "".join(
            f'[[policy]]\nid = "p{n}"\nurl = "{site.url(f"/p{n}")}"\nservice = "S{n}"\nkind = "terms"\n'
            for n in range(policies)
        )
        self.config.write_text(
            f'[store]\npath = "{self.database}"\n'
            '[schedule]\nevery = "1s"\nconfirm_after = "200ms"\nstop_within = "5s"\n'
            "[alert]\nsend_timeout_s = 1\n"  # so that what a killed process was sending comes again soon
            '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_interval_s = 0\n'
            f'[[channel]]\nname = "feed"\ntype = "feed"\npath = "{folder / "feed.xml"}"\n' + named
        )

    def start(self) -> None:
        """Returns once it is at work."""
        before = self.started
        # Compiled modules are kept for the next start, wherever the tests run.
        environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPYCACHEPREFIX"] = str(self.folder.parent / "compiled")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [TOOL, "--config", str(self.config), "run"], stderr=log, env=environ
            )
        wait_until(lambda: self.started > before, "the daemon has started")

    def end(self, how: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)

    @property
    def started(self) -> int:
        log = self.folder / "log"
        return log.read_text().count('"daemon.started"') if log.exists() else 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []

    def count(self, table: str, where: str = "1") -> int:
        found = self.rows(f"select count(*) from {table} where {where}")
        return int(found[0][0]) if found else 0

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]


def wait_until(ready: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < until, f"gave up waiting until {what}"
        time.sleep(0.05)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Process]:
    with served(Site({f"/p{n}": BASE for n in range(3)})) as site:
        watch = Process(tmp_path, site, 3)
        yield watch
        if watch.process and watch.process.poll() is None:
            watch.process.kill()
            watch.process.wait()


def test_sigterm_ends_the_daemon_in_order(watch: Process) -> None:
    """Exit code 0, no lease left, every check whole, and one event an outcome in the log."""
    watch.start()
    wait_until(lambda: watch.count("checks") >= 6, "six checks were recorded")
    assert watch.end(signal.SIGTERM) == 0
    assert watch.count("policies", "lease_until is not null") == 0
    events = [e["event"] for e in watch.log()]
    assert events[0] == "daemon.started"
    assert events[-1] == "daemon.stopped"
    checked = [e for e in watch.log() if e["event"] == "policy.checked"]
    assert len(checked) == watch.count("checks")
    assert all({"policy", "status", "ms"} <= e.keys() for e in checked)


def test_restart_continues_where_it_was(watch: Process) -> None:
    """A difference seen before the stop gets its second look after the start, and is told once."""
    watch.start()
    wait_until(lambda: watch.count("checks", "policy = 'p0'") >= 1, "p0 was read")
    watch.end(signal.SIGTERM)
    watch.site.pages["/p0"] = changed(RETENTION, LONGER)
    watch.start()
    wait_until(lambda: watch.count("changes", "kind = 'edit'") == 1, "the edit was confirmed")
    wait_until(lambda: watch.count("deliveries", "state = 'sent'") == 1, "it was told")
    watch.end(signal.SIGTERM)
    assert watch.count("versions", "policy = 'p0'") == 2


def test_killed_again_and_again_it_loses_and_doubles_nothing(watch: Process) -> None:
    """SIGKILL at any moment: every edit of the pages is one change and one sent delivery in the end."""
    texts = [BASE, *(changed(RETENTION, LONGER.replace("24", str(n))) for n in (36, 48, 60))]
    kills = int(os.environ.get("CLAUSEWATCH_KILLS", "5"))
    watch.start()
    wait_until(lambda: watch.count("versions") >= 3, "all were read")
    for turn, text in enumerate(texts[1:], 1):
        for n in range(3):
            watch.site.pages[f"/p{n}"] = text
        for k in range(kills // 3 + 1):
            time.sleep(0.1 * k * turn)
            watch.end(signal.SIGKILL)
            watch.start()
        wait_until(
            lambda turn=turn: watch.count("changes", "kind = 'edit'") >= 3 * turn, "all edits were told"
        )
    wait_until(lambda: watch.count("deliveries", "state = 'sent'") == 9, "all alerts were sent")
    watch.end(signal.SIGTERM)
    assert watch.count("changes", "kind = 'edit'") == 9
    assert watch.count("deliveries") == 9
    assert (watch.folder / "feed.xml").read_text().count("<entry>") == 9
    done = subprocess.run(
        [TOOL, "--db", str(watch.database), "verify"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_what_a_killed_process_held_is_due_at_once(watch: Process) -> None:
    """The leases of a process that is gone are taken back at the next start, not waited for."""
    watch.start()
    wait_until(lambda: watch.count("checks") >= 3, "all were read")
    watch.end(signal.SIGKILL)
    gone = f"{socket.gethostname()}:{watch.process.pid}" if watch.process else ""
    with closing(sqlite3.connect(watch.database, timeout=30)) as connection, connection:
        connection.execute(
            "update policies set lease_owner = ?, lease_until = '9999-01-01T00:00:00.000000Z'", (gone,)
        )
    before = watch.count("checks")
    watch.start()
    wait_until(lambda: watch.count("checks") >= before + 3, "the policies are checked again")
    assert watch.end(signal.SIGTERM) == 0


def test_a_lease_of_a_living_process_is_left() -> None:
    """Who is at work on this machine, or may be on another, keeps what it holds."""
    assert not is_gone(f"{socket.gethostname()}:{os.getppid()}")
    assert not is_gone("another-machine:1")
    assert is_gone(owner_name())
