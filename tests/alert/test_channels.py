"""The contract of a channel, held by every one of them against real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.records import AlertType
from watcher.alert.email import EmailChannel, MailServer
from watcher.alert.feed import FeedChannel
from watcher.alert.message import Channel, SendFailed
from watcher.alert.render import render
from watcher.alert.render_feed import entries
from watcher.alert.webhook import WebhookChannel

from .samples import ALERTS, NOW, SECRET, delivery, message
from .servers import gate, mailbox, receiver


@dataclass
class Set:
    """A channel that works, one whose other side is gone, and what has arrived (event ids)."""

    channel: Channel
    gone: Channel
    arrived: Callable[[], list[str]]


@asynccontextmanager
async def email(tmp_path: Path) -> AsyncIterator[Set]:
    async with mailbox() as box, mailbox() as closed:
        dead = closed.port
    async with mailbox() as box:
        yield Set(
            EmailChannel("legal", lambda: MailServer("127.0.0.1", box.port, "none"), ["a@example.com"]),
            EmailChannel("legal", lambda: MailServer("127.0.0.1", dead, "none"), ["a@example.com"]),
            lambda: [str(mail["X-Clausewatch-Event"]) for mail in box.mails],
        )


@asynccontextmanager
async def webhook(tmp_path: Path) -> AsyncIterator[Set]:
    async with receiver() as closed:
        dead = closed.url()
    async with receiver() as running, gate() as opened:
        yield Set(
            WebhookChannel("legal", running.url, lambda: SECRET, opened.post),
            WebhookChannel("legal", lambda: dead, lambda: SECRET, opened.post),
            lambda: [request.headers["webhook-id"] for request in running.requests],
        )


@asynccontextmanager
async def feed(tmp_path: Path) -> AsyncIterator[Set]:
    path = tmp_path / "changes.atom"
    yield Set(
        FeedChannel("legal", path),
        FeedChannel("legal", tmp_path / "missing" / "changes.atom"),
        lambda: [e.id.removeprefix("urn:clausewatch:") for e in entries(path.read_bytes())],
    )


KINDS = [email, webhook, feed]
Kind = Callable[[Path], AbstractAsyncContextManager[Set]]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_arrives_and_the_receipt_is_one_line(kind: Kind, tmp_path: Path) -> None:
    """A send that returns has arrived; what the other side said is a line for the log."""
    async with kind(tmp_path) as them:
        said = await them.channel.send(message(), NOW)
        assert them.arrived() == ["msg_0001"]
        assert said
        assert "\n" not in said


@pytest.mark.parametrize("kind", KINDS)
async def test_a_second_try_carries_the_same_id(kind: Kind, tmp_path: Path) -> None:
    """Sending twice is harmless: the other side can tell that it is the same event."""
    async with kind(tmp_path) as them:
        await them.channel.send(message(), NOW)
        await them.channel.send(message(), NOW)
        assert set(them.arrived()) == {"msg_0001"}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_type_of_alert_can_be_carried(kind: Kind, tmp_path: Path) -> None:
    """No channel chokes on any type."""
    async with kind(tmp_path) as them:
        for number, type_ in enumerate(AlertType):
            await them.channel.send(render(delivery(ALERTS[type_], type_, id=number)), NOW)
        assert len(set(them.arrived())) == len(AlertType)


@pytest.mark.parametrize("kind", KINDS)
async def test_another_side_that_is_gone_is_an_outage_to_be_tried_again(kind: Kind, tmp_path: Path) -> None:
    """The failure is typed, one line, not permanent, and keeps what waits from being tried in vain."""
    async with kind(tmp_path) as them:
        with pytest.raises(SendFailed) as caught:
            await them.gone.send(message(), NOW)
    assert caught.value.outage
    assert not caught.value.permanent
    assert str(caught.value)
    assert "\n" not in str(caught.value)
    assert "T0KEN" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_channel_knows_its_name(kind: Kind, tmp_path: Path) -> None:
    """The name is the one deliveries are addressed to."""
    async with kind(tmp_path) as them:
        assert them.channel.name == "legal"
