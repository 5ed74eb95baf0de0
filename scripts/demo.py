"""`make demo`: the whole story offline, in under a minute.

Six small sites on loopback, the real daemon as a process of its own with short intervals, a real mail server
and a real webhook receiver. It prints what arrived, a redline, and the commands to look into the database.
"""

from __future__ import annotations

import http.server
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook

from scripts import demo_pages as pages
from scripts.loopback import listening

OUT = Path("demo-out")
DEADLINE_S = 50.0
TODAY = f"Last updated: {datetime.now(UTC):%-d %B %Y}"


@dataclass
class Site:
    """One company's page; ``wall`` puts a bot wall before it."""

    name: str
    title: str
    kind: str
    lines: tuple[str, ...]
    port: int = 0
    wall: bool = False
    looks: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.kind}"


def sites() -> dict[str, Site]:
    return {
        s.name: s
        for s in (
            Site("lantern", "Lantern Shop privacy notice", "privacy-policy", pages.LANTERN),
            Site("quayside", "Quayside Boats terms of use", "terms", pages.QUAYSIDE),
            Site("meadow", "Meadow News cookie policy", "cookies", pages.MEADOW),
            Site("orchard", "Orchard Direct terms and conditions", "terms", pages.ORCHARD),
            Site("harbour", "Harbour Clinic privacy policy", "privacy-policy", pages.HARBOUR),
            Site("willow", "Willow library terms of use", "terms", pages.WILLOW),
        )
    }


@contextmanager
def serving(site: Site) -> Iterator[None]:
    """The site on a free port of loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                return self.answer(404, b"", {})
            site.looks += 1
            if site.wall:
                body = (
                    b"<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>"
                )
                return self.answer(403, body, {"cf-mitigated": "challenge"})
            return self.answer(200, pages.page(site.title, site.lines), {})

        def answer(self, status: int, body: bytes, extra: dict[str, str]) -> None:
            self.send_response(status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **extra}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as port:
        site.port = port
        yield


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass
class Inbox:
    """What arrived: mails, and webhooks whose signature held."""

    secret: str = field(default_factory=lambda: "whsec_" + b64encode(secrets.token_bytes(32)).decode())
    mails: list[Any] = field(default_factory=list)
    hooks: list[dict[str, Any]] = field(default_factory=list)
    bad_signatures: int = 0

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 kept"

    def receiver(self) -> type[http.server.BaseHTTPRequestHandler]:
        inbox = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    Webhook(inbox.secret).verify(body, dict(self.headers))
                    inbox.hooks.append(json.loads(body))
                except Exception:
                    inbox.bad_signatures += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def heard(self, policy: str, kind: str) -> bool:
        return any(h["type"] == kind and h["data"].get("policy") == policy for h in self.hooks)


def configuration(world: dict[str, Site], smtp: int, hook: int, secret: str) -> str:
    policies = "".join(
        f'[[policy]]\nid = "{s.name}"\nurl = "{s.url}"\nservice = "{s.name.title()}"\nkind = "{s.kind}"\n'
        for s in world.values()
    )
    return (
        f'[store]\npath = "{OUT}/clausewatch.db"\n'
        '[schedule]\nevery = "2s"\nconfirm_after = "1s"\n'
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_interval_s = 0\n'
        f'[[channel]]\nname = "legal"\ntype = "email"\nto = ["legal@example.org"]\n'
        f'from = "clausewatch@example.org"\nsmtp = "smtp://127.0.0.1:{smtp}"\n'
        f'[[channel]]\nname = "hook"\ntype = "webhook"\nurl = "http://127.0.0.1:{hook}/"\nsecret = "{secret}"\n'
        + policies
    )


def wait(what: str, ready: Callable[[], bool], started: float) -> None:
    while not ready():
        if time.monotonic() - started > DEADLINE_S:
            sys.exit(f"demo: gave up waiting until {what}; the daemon's log is {OUT}/daemon.log")
        time.sleep(0.1)


def story(world: dict[str, Site], inbox: Inbox, started: float) -> None:
    """What the companies do while the daemon watches."""
    wait("every page was read twice", lambda: all(s.looks >= 2 for s in world.values()), started)
    say("every page has been read; now the companies act:")
    lantern, quayside = world["lantern"], world["quayside"]
    say("  Lantern rewrites its retention clause and leaves the date as it was")
    lantern.lines = tuple(pages.LONGER if x == pages.RETENTION else x for x in pages.LANTERN)
    say("  Quayside swaps courts for arbitration and dates its terms today")
    quayside.lines = (TODAY, *(pages.ARBITRATION if x == pages.COURTS else x for x in pages.QUAYSIDE[1:]))
    say("  Meadow changes nothing but the date; Orchard moves a paragraph")
    world["meadow"].lines = (TODAY, *pages.MEADOW[1:])
    world["orchard"].lines = pages.MOVED
    say("  Willow drops a paragraph for a single visit; Harbour hides behind a bot wall")
    willow, harbour = world["willow"], world["harbour"]
    willow.lines, seen = pages.WILLOW_FOR_ONE_LOOK, willow.looks
    harbour.wall = True
    wait("Willow was looked at", lambda: willow.looks > seen, started)
    willow.lines = pages.WILLOW
    wait("Harbour's watch was told broken", lambda: inbox.heard("harbour", "watch.broken"), started)
    harbour.wall = False
    wait(
        "both changes were told",
        lambda: all(inbox.heard(p, "policy.changed") for p in ("lantern", "quayside")),
        started,
    )
    wait("Harbour's watch recovered", lambda: inbox.heard("harbour", "watch.recovered"), started)
    wait("the mails came", lambda: len(inbox.mails) >= 4, started)
    looks = {s.name: s.looks for s in world.values()}
    wait("all had a second look", lambda: all(s.looks >= looks[s.name] + 2 for s in world.values()), started)


def report(inbox: Inbox, tool: list[str], seconds: float) -> None:
    say(
        f"\n{len(inbox.mails)} mails and {len(inbox.hooks)} webhooks arrived ({inbox.bad_signatures} with a bad signature):"
    )
    for mail in inbox.mails:
        say(f"  mail     {mail['Subject']}")
    for hook in inbox.hooks:
        data = hook["data"]
        say(
            f"  webhook  {hook['type']:16} {data.get('policy', '')}: {data.get('summary') or data.get('reason')}"
        )
    say("\nall changes, told or not (clausewatch changes):\n")
    subprocess.run([*tool, "changes"], check=True)
    say("\nthe redline of the silent one (clausewatch diff lantern):\n")
    subprocess.run([*tool, "diff", "lantern"], check=True)
    base = f"clausewatch --db {OUT}/clausewatch.db"
    say(
        f"\nthe story took {seconds:.0f} s. Look into the database it left ({OUT}/clausewatch.db):\n"
        f"  {base} history lantern\n  {base} blame quayside\n  {base} verify\n"
        f"  sqlite-utils rows {OUT}/clausewatch.db silent_changes\n"
        f'  sqlite-utils query {OUT}/clausewatch.db "select outcome, count(*) from checks group by outcome"\n'
        f"  sqlite-utils search {OUT}/clausewatch.db clauses arbitration"
    )


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    started = time.monotonic()
    OUT.mkdir(exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    inbox, world = Inbox(), sites()
    with ExitStack() as stack:
        for site in world.values():
            stack.enter_context(serving(site))
        hook = stack.enter_context(listening(inbox.receiver()))
        smtp = free_port()
        mail = Controller(inbox, hostname="127.0.0.1", port=smtp)
        mail.start()
        stack.callback(mail.stop)
        config = OUT / "clausewatch.toml"
        config.write_text(configuration(world, smtp, hook, inbox.secret), "utf-8")
        tool = [str(Path(sys.executable).with_name("clausewatch")), "--config", str(config)]
        say(f"starting the daemon on {len(world)} small sites (log: {OUT}/daemon.log)")
        with (OUT / "daemon.log").open("wb") as log:
            daemon = subprocess.Popen([*tool, "run"], stderr=log, env={**os.environ, "NO_COLOR": "1"})
        try:
            story(world, inbox, started)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(15)
        report(inbox, tool, time.monotonic() - started)


if __name__ == "__main__":
    main()
