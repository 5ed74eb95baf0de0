"""The webhook channel: a JSON body, signed as Standard Webhooks asks (standardwebhooks.com, symmetric "v1").

Only 2xx is an arrival. A redirect is a failure and is never followed; 410 says that nobody wants more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from watcher.alert.message import Message, SendFailed
from watcher.alert.render_clean import one_line

_ABOUT_THE_MESSAGE = frozenset({400, 413, 415, 422})  # these speak of one body, not of the receiver's health


class Answer(Protocol):
    """What the receiver said, as the gate to the network gives it."""

    @property
    def status(self) -> int: ...
    @property
    def retry_at(self) -> datetime | None: ...


class Post(Protocol):
    """The gate's way to send: checks the address, follows no redirect, bounds time and size. Its exceptions
    carry one line for people and may carry ``retry_at``."""

    async def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class WebhookChannel:
    """Posts each message to one address. ``url`` and ``secret`` are asked for at each send."""

    def __init__(self, name: str, url: Callable[[], str], secret: Callable[[], str], post: Post) -> None:
        self._name, self._url, self._secret, self._post = name, url, secret, post

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, now: datetime) -> str:
        """See `Channel.send`."""
        url = self._url()
        try:
            signature = signed(self._secret(), message.event_id, now, message.body)
        except ValueError:
            raise SendFailed("the signing secret is no base64", outage=True) from None
        headers = {"content-type": "application/json; charset=utf-8", **signature}
        try:
            answer = await self._post(url, body=message.body, headers=headers)
        except Exception as error:
            retry_at = getattr(error, "retry_at", None)
            raise SendFailed(_without(url, str(error)), outage=True, retry_at=retry_at) from None
        return _judged(answer)


def signed(secret: str, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks: the id is the event's, the timestamp (seconds) the attempt's.

    ``secret`` is "whsec_" and base64; ValueError where it is not base64.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    timestamp = str(int(at.timestamp()))
    content = b".".join((event_id.encode(), timestamp.encode(), body))
    mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": event_id, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{mac}"}


def _judged(answer: Answer) -> str:
    status = answer.status
    if 200 <= status < 300:
        return f"accepted ({status})"
    if status == 410:
        raise SendFailed("the receiver wants no more messages (410)", closed=True)
    why = f"the receiver answered {status}"
    if 300 <= status < 400:
        why += ", a redirect; redirects are not followed"
    raise SendFailed(why, outage=status not in _ABOUT_THE_MESSAGE, retry_at=answer.retry_at)


def _without(url: str, text: str) -> str:
    """An error's text without the address: its path and query may be a key."""
    parts = urlsplit(url)
    for secret in (
        url,
        f"{parts.path}?{parts.query}",
        parts.path,
        parts.query,
        parts.netloc.rpartition("@")[0],
    ):
        if len(secret) > 2:
            text = text.replace(secret, "…")
    return one_line(text, 300) or "the request failed"
