"""Webhooks: signed as the standard's own library checks them, and honest about what arrived."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from watcher.alert.message import SendFailed
from watcher.alert.webhook import WebhookChannel, signed
from watcher.fetch import FetchSettings, Gate, NoMemory

from .samples import NOW, SECRET, message
from .servers import HANG, Receiver, gate, receiver


def test_the_signature_is_the_one_of_the_standard() -> None:
    """The example of the specification's reference libraries signs to the same value."""
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_the_standards_own_library_verifies_what_arrives() -> None:
    """Headers and body as they came over the wire pass the oracle, non-ASCII text included; a changed byte
    does not."""
    async with receiver() as running, gate() as opened:
        channel = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        await channel.send(message(), datetime.now(UTC))
        (request,) = running.requests
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    data = Webhook(SECRET).verify(request.body.decode(), request.headers)
    assert data["type"] == "policy.changed"
    assert data["data"]["summary"].startswith("Contracting entity changed: Acme Corp. → ")
    with pytest.raises(Exception, match="signature"):
        Webhook(SECRET).verify(request.body.decode().replace("Acme", "Acne"), request.headers)


async def test_each_try_has_the_same_id_and_body_and_its_own_time() -> None:
    """Receivers tell repeats by the id; the timestamp is of the attempt, so late tries still verify."""
    async with receiver() as running, gate() as opened:
        channel = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        await channel.send(message(), NOW)
        await channel.send(message(), NOW + timedelta(hours=5))
        first, second = running.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "msg_0001"
    assert first.body == second.body
    gap = int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"])
    assert gap == 5 * 3600
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert json.loads(first.body)["timestamp"] == "2026-03-02T09:30:00Z"


async def failure(running: Receiver) -> SendFailed:
    async with gate() as opened:
        channel = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        with pytest.raises(SendFailed) as caught:
            await channel.send(message(), NOW)
        return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_an_arrival(status: int) -> None:
    """The receiver took it."""
    async with receiver(status) as running, gate() as opened:
        said = await WebhookChannel("hook", running.url, lambda: SECRET, opened.post).send(message(), NOW)
    assert str(status) in said


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503, 504])
async def test_nothing_else_is_an_arrival(status: int) -> None:
    """A 404 is not sent, nor is any other refusal; all of them are tried again."""
    async with receiver(status) as running:
        failed = await failure(running)
    assert str(status) in str(failed)
    assert not failed.permanent
    assert failed.outage is (status not in (400, 413, 415, 422))


async def test_410_closes_the_channel() -> None:
    """The receiver wants no more: permanent, and for all messages."""
    async with receiver(410) as running:
        failed = await failure(running)
    assert failed.closed
    assert failed.permanent


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    """The place it points to never hears of the message."""
    async with receiver() as other, receiver((status, {"location": other.url()})) as running:
        failed = await failure(running)
        assert other.requests == []
    assert "redirect" in str(failed)
    assert not failed.permanent


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(status: int) -> None:
    """The time the receiver asks for comes with the failure."""
    async with receiver((status, {"retry-after": "120"})) as running:
        failed = await failure(running)
    assert failed.retry_at is not None
    assert 100 < failed.retry_at.timestamp() - time.time() <= 121


async def test_a_forbidden_address_is_never_dialled() -> None:
    """Without an operator's leave, a webhook into the private network fails and says why, without its path."""
    async with receiver() as running:
        closed = Gate(FetchSettings(), NoMemory())
        with pytest.raises(SendFailed) as caught:
            await WebhookChannel("hook", running.url, lambda: SECRET, closed.post).send(message(), NOW)
        await closed.close()
        assert running.requests == []
    assert caught.value.outage
    assert "T0KEN" not in str(caught.value)


async def test_a_receiver_that_never_answers_is_left_by_the_callers_limit() -> None:
    """The send is cut by its own time limit and leaves nothing running."""
    async with receiver(HANG) as running, gate() as opened:
        channel = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await channel.send(message(), NOW)
