"""From the configuration to the reader: a recorded change reaches every configured channel, once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from config.settings import Settings
from storage.database import Database
from storage.records import (
    AlertType,
    Capture,
    ChangeIntent,
    ChangeKind,
    CheckIntent,
    Clause,
    ClauseChange,
    Comparison,
    Direction,
    Document,
    Judged,
    Materiality,
    Op,
    Outcome,
    Policy,
    PolicyKind,
    StatedDate,
    StatedDates,
    Topic,
    Variant,
    Verdict,
    Version,
)
from watcher.alert.deliver import Deliverer
from watcher.alert.message import SendFailed
from watcher.alert.render_feed import entries
from watcher.alert.route import Router
from watcher.alert.wiring import channels, digest_channels, router

from .samples import NOW, SECRET, message
from .servers import gate, mail_text, mailbox, receiver

POLICY = Policy("acme-terms", "https://acme.example/terms", "Acme", PolicyKind.TERMS)


def settings(tmp_path: Path, mail_port: int, hook: str, **more: str) -> tuple[Settings, dict[str, str]]:
    """A configuration with one channel of each type, its secrets elsewhere."""
    path = tmp_path / "clausewatch.toml"
    path.write_text(
        f"""
        [[channel]]
        name = "legal"
        type = "email"
        to = ["a@example.com"]
        from = "watch@clause.example"
        smtp = "smtp://127.0.0.1:{mail_port}"
        {more.get("legal", "")}
        [[channel]]
        name = "hook"
        type = "webhook"
        url = "env:HOOK_URL"
        secret = "file:{tmp_path}/secret"
        [[channel]]
        name = "news"
        type = "feed"
        path = "{tmp_path}/changes.atom"
        """
    )
    (tmp_path / "secret").write_text(SECRET + "\n")
    environ = {"HOOK_URL": hook}
    return Settings.load(path, environ), environ


def recorded(db: Database, routes: Router, at: datetime, effective: str, policy: Policy = POLICY) -> None:
    """Two looks at a policy whose text changed and states ``effective``."""
    clauses = (Clause("You may leave at any time.", ("3. Leaving",)),)
    before = Document(
        "Terms", "en", clauses, StatedDates(effective=StatedDate("2025-01-01", "Effective 2025"))
    )
    stated = StatedDates(effective=StatedDate(effective, f"Effective {effective}"))
    after = replace(before, clauses=(Clause("You may leave after a year.", ("3. Leaving",)),), dates=stated)
    db.call(lambda store: store.add_policy(policy, at))
    first = look(at, before, policy)
    db.call(lambda store: store.record(first, at))
    past = db.call(lambda store: store.past(policy.id))
    told = ClauseChange(
        Op.MODIFIED,
        "3. Leaving",
        before.clauses[0].text,
        after.clauses[0].text,
        topics=(Topic.TERMINATION,),
        materiality=Materiality.HIGH,
        reasons=("duration: at any time → after a year",),
    )
    summary = "Leaving is possible after a year; 1 clause modified."
    comparison = Comparison(
        ChangeKind.EDIT, Materiality.HIGH, (Topic.TERMINATION,), Direction.WORSE, summary, (told,), 3, 3, "en"
    )
    change = ChangeIntent(
        before=past.variants[0].standing,
        after=Version(None, after, at + timedelta(hours=1)),
        comparison=comparison,
        kind=ChangeKind.EDIT,
        judged=Judged(Verdict.ANNOUNCED_AHEAD, 30, ""),
        previous_seen_at=at,
        first_seen_at=at + timedelta(hours=1),
        confirmed_at=at + timedelta(hours=1),
        notify=True,
    )
    change = replace(
        change,
        channels=routes.change(policy, change, at),
        effective_notice_at=routes.effective_notice_at(change, at),
    )
    second = replace(look(at + timedelta(hours=1), after, policy), outcome=Outcome.CHANGED, changes=(change,))
    db.call(lambda store: store.record(second, at + timedelta(hours=1)))


def look(at: datetime, document: Document, policy: Policy = POLICY) -> CheckIntent:
    """One look that read ``document``."""
    body = "\n".join(clause.text for clause in document.clauses).encode()
    capture = Capture(policy.url, policy.url, 200, {"content-type": "text/plain"}, body, at)
    version = Version(None, document, at)
    return CheckIntent(
        policy=policy.id,
        started_at=at,
        duration_ms=5,
        outcome=Outcome.UNCHANGED,
        reason="",
        capture=capture,
        version=version,
        variants=(Variant(1, version, at),),
    )


async def test_a_recorded_change_reaches_every_channel_and_its_day_is_told(tmp_path: Path) -> None:
    """Mail, signed webhook and feed each get the change once, and on the stated day the notice."""
    async with mailbox() as box, receiver() as hook, gate() as opened:
        loaded, environ = settings(tmp_path, box.port, hook.url())
        with Database.open(tmp_path / "clausewatch.db") as db:
            recorded(db, router(loaded.channel), NOW, "2026-04-01")
            clock = [NOW + timedelta(hours=1)]
            made = channels(loaded.channel, opened.post, environ)
            deliverer = Deliverer(db, made, now=lambda: clock[0], digests=digest_channels(loaded.channel))
            assert await deliverer.drain() == {"sent": 3}
            assert await deliverer.drain() == {}
            clock[0] = datetime.fromisoformat("2026-04-01T08:00:00+00:00")
            assert await deliverer.drain() == {"sent": 3}

    changed, today = box.mails
    assert changed["Subject"] == (
        "[Clausewatch] Acme terms: leaving is possible after a year (announced-ahead, high)"
    )
    assert "it holds from 2026-04-01, 30 days after it was first seen" in " ".join(mail_text(changed).split())
    assert "[-at any time-]{+after a year+}" in mail_text(changed)
    assert "takes effect today (2026-04-01)" in today["Subject"]
    bodies = [request.body for request in hook.requests]
    assert [b'"type":"policy.changed"' in body for body in bodies] == [True, False]
    assert b'"type":"policy.effective-today"' in bodies[1]
    assert len(entries((tmp_path / "changes.atom").read_bytes())) == 2


async def test_a_rotated_secret_counts_from_the_next_message_on(tmp_path: Path) -> None:
    """The secret's file is read at each send, so the new key signs without a restart."""
    other = "whsec_" + "QUJD" * 10
    async with receiver() as hook, gate() as opened:
        loaded, environ = settings(tmp_path, 1, hook.url())
        made = channels(loaded.channel, opened.post, environ)
        with Database.open(tmp_path / "clausewatch.db") as db:
            recorded(db, Router(()), NOW, "2025-12-01")
        await made["hook"].send(message(), datetime.now(tz=NOW.tzinfo))
        (tmp_path / "secret").write_text(other)
        await made["hook"].send(message(), datetime.now(tz=NOW.tzinfo))
    for secret, request in zip((SECRET, other), hook.requests, strict=True):
        assert Webhook(secret).verify(request.body.decode(), request.headers)


async def test_a_digest_channel_waits_for_its_hour(tmp_path: Path) -> None:
    """The change is due at the next digest and comes then, as a digest; other channels hear at once."""
    async with mailbox() as box, receiver() as hook, gate() as opened:
        loaded, environ = settings(tmp_path, box.port, hook.url(), legal='digest = "daily"')
        with Database.open(tmp_path / "clausewatch.db") as db:
            recorded(db, router(loaded.channel), NOW, "2026-02-28")
            clock = [NOW + timedelta(hours=1)]
            made = channels(loaded.channel, opened.post, environ)
            deliverer = Deliverer(db, made, now=lambda: clock[0], digests=digest_channels(loaded.channel))
            assert await deliverer.drain() == {"sent": 2}
            assert box.mails == []
            clock[0] = datetime.fromisoformat("2026-03-03T08:00:00+00:00")
            assert await deliverer.drain() == {"sent": 1}
    (mail,) = box.mails
    assert mail["X-Clausewatch-Type"] == AlertType.DIGEST.value
    assert mail["Subject"] == "[Clausewatch] 1 change: Acme terms (1 high)"


async def test_a_secret_that_has_gone_is_an_outage_told_by_its_name(tmp_path: Path) -> None:
    """A secret's file removed under a running daemon, or filled with something else, delays alerts and loses
    none; the reason names the file and not its content."""
    async with receiver() as hook, gate() as opened:
        loaded, environ = settings(tmp_path, 1, hook.url())
        made = channels(loaded.channel, opened.post, environ)
        (tmp_path / "secret").write_text("whsec_not base64 at all")
        with pytest.raises(SendFailed) as spoiled:
            await made["hook"].send(message(), NOW)
        (tmp_path / "secret").unlink()
        with pytest.raises(SendFailed) as gone:
            await made["hook"].send(message(), NOW)
        assert hook.requests == []
    assert spoiled.value.outage
    assert "not base64 at all" not in str(spoiled.value)
    assert gone.value.outage
    assert f"{tmp_path}/secret" in str(gone.value)


@pytest.mark.parametrize("secret", ["smtp://me:hunter2@127.0.0.1:1", "env:SMTP"])
async def test_what_a_channel_shows_of_itself_has_no_secret(tmp_path: Path, secret: str) -> None:
    """Channels made from settings carry no password in what they print."""
    loaded, environ = settings(tmp_path, 1, "http://127.0.0.1:1/T0KEN")
    mail = loaded.channel[0].model_copy(update={"smtp": SecretStr(secret)})
    async with gate() as opened:
        made = channels((mail, *loaded.channel[1:]), opened.post, environ)
        shown = repr(made) + repr([vars(channel) for channel in made.values()])
    assert "hunter2" not in shown
    assert "T0KEN" not in shown
    assert SECRET not in shown
