"""Nothing is lost: the daemon killed again and again while pages change, and every alert counted.

    python -m benchmarks.kills [--kills 1000] [--minutes 8] [--seed N]

Some policies on a site on loopback; each is edited again as soon as its last edit was recorded. The daemon tells a
webhook receiver and a mail server, both of which answer after a moment. It is ended with SIGKILL at random
moments of its life and started again, then left alone until nothing waits. In the end

- every edit is exactly one change,
- every change has exactly one delivery a channel, and arrived there at least once,
- every try of a delivery carried the same event id.

What arrived twice under one id (killed between the sending and the writing down) is counted apart: a receiver
knows it by its id. The daemon is forked from a process that has read the modules already, so that its life is
work and not start. Exit code 1 where anything was lost or told twice.
"""

from __future__ import annotations

import argparse
import asyncio
import http.server
import json
import multiprocessing.forkserver
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from importlib import import_module
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from scripts.loopback import listening

POLICIES = 10
AT_START = 0.2
"""Share of the lives that end while the daemon is still starting. The others end a moment after so many visits,
however long the machine takes to come to that."""
VISITS = (1, 2, 4, 8)
LOADED = (
    "watcher.cli.watch", "watcher.daemon", "watcher.house", "watcher.logs", "watcher.alert.wiring",
    "watcher.alert.email", "watcher.alert.webhook", "config.settings", "config.load", "config.schema",
    "storage.migrations", "anyio._backends._asyncio", "certifi",
)  # fmt: skip
"""What a daemon loads in its first second: read once for all its lives."""
SECRET = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
_EVENT = re.compile(r"msg_[0-9a-f]{32}")


def page(number: int, days: int) -> bytes:
    """A small policy; one clause of it says how many days something is kept."""
    lines = (
        f"This notice tells what shop number {number} does with the personal data of those who order from it.",
        "We collect your name, your address and your e-mail address when you place an order with us.",
        f"We keep the messages you send to our support desk for {days} days and delete them afterwards.",
        "We share your order with the parcel service that brings it to your door, and with nobody else.",
        "You may ask us at any time which data we hold about you, and have them corrected or deleted.",
        "We protect your data with encryption while they travel and with access controls where they rest.",
        "Write to privacy@shop.example with any question about this notice or about your data.",
    )
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Privacy notice</title></head>'
        f"<body><main><h1>Privacy notice</h1>{body}</main></body></html>"
    ).encode()


@dataclass
class World:
    """The pages, and what the receivers got: channel → event id → times; and the change each id spoke of."""

    edits: list[int] = field(default_factory=lambda: [0] * POLICIES)
    got: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    about: dict[str, int] = field(default_factory=dict)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))  # once a visit
    dice: random.Random = field(default_factory=random.Random)

    def site(self) -> type[http.server.BaseHTTPRequestHandler]:
        world = self

        class Handler(Quiet):
            def do_GET(self) -> None:
                world.asked.release()
                number = self.path.rpartition("/")[2]
                if number.isdigit():
                    self.answer(200, page(int(number), 30 + world.edits[int(number)]))
                else:
                    self.answer(404, b"none")

        return Handler

    def hook(self) -> type[http.server.BaseHTTPRequestHandler]:
        world = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                event = self.headers["webhook-id"]
                world.got["hook"][event] += 1
                world.about[event] = told["data"]["id"]
                time.sleep(world.dice.uniform(0, 0.05))
                self.answer(204, b"")

        return Handler

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """The mail server's side."""
        found = _EVENT.search(message_from_bytes(envelope.content)["Message-ID"])
        assert found
        self.got["mail"][found[0]] += 1
        await asyncio.sleep(self.dice.uniform(0, 0.03))
        return "250 kept"


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError, ValueError):  # the other side was killed, maybe in mid-sentence
            super().handle()


# ---------------------------------------------------------------- the daemon


def launcher(config: str, log: str) -> None:
    """Forks a daemon for every line on standard input, says its number, and says when it has ended."""
    from watcher import cli

    for name in LOADED:
        import_module(name)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "watcher.warm"])
    for _ in sys.stdin:
        serving(context)
        number = os.fork()
        if number == 0:
            # The fork server is the parent's: it serves this life too, but cannot be waited for from here.
            multiprocessing.forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
            output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            try:
                cli.main(["--config", config, "run"])
            finally:
                os._exit(0)
        print(number, flush=True)
        os.waitpid(number, 0)
        print("ended", flush=True)


def serving(context: multiprocessing.context.ForkServerContext) -> None:
    """Make sure of the fork server: a life that ended in the middle of a request takes it along, a moment later."""
    while True:
        with suppress(OSError, EOFError):
            probe = context.Process(target=int)
            probe.start()
            probe.join()
            return


@dataclass
class Lives:
    """Starts and kills the daemon."""

    process: subprocess.Popen[str]
    number: int = 0

    def start(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("start\n")
        self.process.stdin.flush()
        self.number = int(self.process.stdout.readline())

    def end(self, how: signal.Signals) -> None:
        assert self.process.stdout
        os.kill(self.number, how)
        assert self.process.stdout.readline() == "ended\n"


def configuration(folder: Path, site: int, hook: int, smtp: int) -> str:
    policies = "".join(
        f'[[policy]]\nid = "p{n}"\nurl = "http://127.0.0.1:{site}/{n}"\nservice = "S{n}"\n'
        'kind = "privacy-policy"\n'
        for n in range(POLICIES)
    )
    return (
        f'[store]\npath = "{folder / "watch.db"}"\n'
        '[schedule]\nevery = "1s"\nconfirm_after = "100ms"\n'
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_interval_s = 0\nrespect_robots = false\n'
        "[alert]\nsend_timeout_s = 3\n"
        '[[channel]]\nname = "mail"\ntype = "email"\nto = ["legal@example.org"]\n'
        f'from = "clausewatch@example.org"\nsmtp = "smtp://127.0.0.1:{smtp}"\nwatch_alerts = false\n'
        f'[[channel]]\nname = "hook"\ntype = "webhook"\nurl = "http://127.0.0.1:{hook}/"\nsecret = "{SECRET}"\n'
        "watch_alerts = false\n" + policies
    )


# ---------------------------------------------------------------- the run


def ask(database: Path, sql: str) -> list[tuple[Any, ...]]:
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError:  # the tables are being made
            return []


def edit_what_was_told(world: World, database: Path) -> None:
    """Edit every page whose last edit is recorded."""
    told = dict(ask(database, "select policy, count(*) from changes where kind <> 'first' group by policy"))
    read = {p for (p,) in ask(database, "select policy from changes where kind = 'first'")}
    for number in range(POLICIES):
        if f"p{number}" in read and told.get(f"p{number}", 0) >= world.edits[number]:
            world.edits[number] += 1


def kill_again_and_again(world: World, lives: Lives, database: Path, kills: int, until: float) -> int:
    done = 0
    lives.start()
    while ask(database, "select count(*) from changes") != [(POLICIES,)]:
        time.sleep(0.1)  # every page is read once
    while done < kills and time.monotonic() < until:
        if world.dice.random() < AT_START:
            time.sleep(world.dice.uniform(0, 0.3))
        else:
            for _ in range(world.dice.choice(VISITS)):
                world.asked.acquire(timeout=2)
            edit_what_was_told(world, database)
            time.sleep(world.dice.uniform(0, 0.2))
        lives.end(signal.SIGKILL)
        done += 1
        lives.start()
    return done


def settle_down(world: World, lives: Lives, database: Path, patience_s: float) -> None:
    """Leave the daemon alone until every edit is a change and every delivery is sent."""
    until = time.monotonic() + patience_s
    waiting = "select count(*) from deliveries where state <> 'sent'"
    while time.monotonic() < until:
        changes = ask(database, "select count(*) from changes where kind <> 'first'")
        if changes and changes[0][0] >= sum(world.edits) and ask(database, waiting) == [(0,)]:
            time.sleep(3)  # anything told twice would come now
            break
        time.sleep(0.5)
    lives.end(signal.SIGTERM)


def findings(world: World, database: Path) -> list[str]:
    """Everything that is not as it must be, a line each."""
    wrong = []
    for number, edits in enumerate(world.edits):
        rows = ask(
            database,
            "select c.before, c.after from changes k join clause_changes c on c.change = k.id"
            f" where k.policy = 'p{number}' and k.kind <> 'first' order by k.id",
        )
        kept = [(_days(before), _days(after)) for before, after in rows]
        if kept != [(30 + n, 31 + n) for n in range(edits)]:
            wrong.append(f"p{number}: {edits} edits, but the changes tell {kept[-5:]} …")
    deliveries = ask(database, "select event_id, channel, change, state, attempts from deliveries")
    changes = {c for (c,) in ask(database, "select id from changes where kind <> 'first'")}
    for channel in ("mail", "hook"):
        own = [d for d in deliveries if d[1] == channel]
        if Counter(d[2] for d in own) != Counter(changes):
            wrong.append(f"{channel}: {len(own)} deliveries for {len(changes)} changes")
        if missing := [d for d in own if not world.got[channel][d[0]]]:
            wrong.append(f"{channel}: {len(missing)} lost, such as {missing[0]}")
        if strange := set(world.got[channel]) - {d[0] for d in own}:
            wrong.append(f"{channel}: {len(strange)} event ids nobody knows")
    wrong += [f"{d[0]} told of another change" for d in deliveries if world.about.get(d[0], d[2]) != d[2]]
    return wrong


def _days(text: str | None) -> int:
    found = re.search(r"(\d+) days", text or "")
    return int(found[1]) if found else -1


def run(kills: int, minutes: float, seed: int, folder: Path) -> int:
    world = World(dice=random.Random(seed))
    database, config = folder / "watch.db", folder / "clausewatch.toml"
    with ExitStack() as stack:
        site = stack.enter_context(listening(world.site()))
        hook = stack.enter_context(listening(world.hook()))
        with socket.create_server(("127.0.0.1", 0)) as free:
            smtp = free.getsockname()[1]
        mail = Controller(world, hostname="127.0.0.1", port=smtp)
        mail.start()
        stack.callback(mail.stop)
        config.write_text(configuration(folder, site, hook, smtp), "utf-8")
        launch = [sys.executable, "-m", "benchmarks.kills", "--launcher", str(config), str(folder / "log")]
        process = stack.enter_context(
            subprocess.Popen(launch, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        lives = Lives(process)
        started = time.monotonic()
        done = kill_again_and_again(world, lives, database, kills, started + 60 * minutes)
        print(f"{done} kills in {time.monotonic() - started:.0f} s, seed {seed}", flush=True)
        settle_down(world, lives, database, 600)
        process.kill()
    wrong = findings(world, database)
    (checks,), (tries,) = (ask(database, f"select count(*) from {t}")[0] for t in ("checks", "attempts"))
    twice = sum(n - 1 for got in world.got.values() for n in got.values())
    print(
        f"{sum(world.edits)} edits, {checks} checks, {sum(map(len, world.got.values()))} deliveries arrived in"
        f" {tries} tries; {twice} of them twice under the same event id; {len(wrong)} lost or wrong"
    )
    verified = subprocess.run(
        [Path(sys.executable).with_name("clausewatch"), "--db", str(database), "verify"],
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"verify: {(verified.stdout or verified.stderr).strip()[-200:]}")
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong or verified.returncode else 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--minutes", type=float, default=60.0, help="stop killing after so long")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--launcher", nargs=2, help=argparse.SUPPRESS)
    options.add_argument("--keep", type=Path, help="a new folder for the database and the log")
    chosen = options.parse_args()
    if chosen.launcher:
        launcher(*chosen.launcher)
        return
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.keep or Path(folder)
        where.mkdir(exist_ok=True)
        sys.exit(run(chosen.kills, chosen.minutes, chosen.seed, where))


if __name__ == "__main__":
    main()
