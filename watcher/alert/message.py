"""What every channel takes and gives: a message, ready to send, and a failure that says what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.records import AlertType


@dataclass(frozen=True, slots=True)
class Message:
    """One alert, rendered for every kind of channel. The same event renders to the same message each time.

    ``subject`` is one line without control characters. ``html`` is a complete page without scripts or remote
    parts, ``fragment`` its content alone. ``body`` is the JSON of a webhook in UTF-8. ``url`` is the policy's address, "" where there is none.
    """

    event_id: str  # the same on every try
    type: AlertType
    subject: str
    text: str
    html: str
    fragment: str
    body: bytes
    created_at: datetime
    url: str = ""


class SendFailed(Exception):
    """A message did not arrive.

    ``permanent``: this message will never arrive this way. ``closed``: the other side wants no more messages at
    all, now or later. ``outage``: nothing else would have arrived either, so what waits for the same channel need
    not be tried now. ``retry_at``: when the other side asked to be tried again. The text is one line for people,
    without addresses that are keys and without secrets.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        closed: bool = False,
        outage: bool = False,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent or closed
        self.closed = closed
        self.outage = outage
        self.retry_at = retry_at


class Channel(Protocol):
    """A way to reach people. Sending the same message twice must be harmless: the event id stays the same."""

    @property
    def name(self) -> str: ...

    async def send(self, message: Message, now: datetime) -> str:
        """Deliver; gives what the other side said, in one line. Raises SendFailed."""
        ...
