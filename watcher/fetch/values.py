"""What goes into the gate and what comes out of it: frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from storage.records import HostState, RobotsState, Validators

from .addresses import Network, parse_networks

LONGEST_PAUSE = timedelta(
    days=1
)  # a host that asks for more is asked again after a day: no watch dies silently


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the gate behaves. Sizes in bytes, times in seconds."""

    timeout_s: float = 30.0  # one address with all its hops, waiting for the host's turn not counted
    max_bytes: int = 10_000_000  # of one answer, both on the wire and inflated
    max_redirects: int = 8
    host_interval_s: float = 1.0  # from the end of one request to a host to the start of the next
    respect_robots: bool = True
    allow_networks: tuple[Network, ...] = ()
    user_agent: str = "Clausewatch/0.1"  # sent as it is; add a way to reach whoever runs this
    proxy: str = field(default="", repr=False)  # "" for none; may carry a password

    @classmethod
    def of(cls, settings: object) -> FetchSettings:
        """From any object with (some of) these attributes; what it lacks keeps its default.

        ``identity``, where the object has one, is the full User-Agent; a ``proxy`` may be a secret string.
        Raises ``ValueError`` for a network or proxy that is none.
        """
        if isinstance(settings, cls):
            return settings
        given = {
            name: getattr(settings, name)
            for name in cls.__slots__
            if name not in ("allow_networks", "proxy") and hasattr(settings, name)
        }
        if identity := getattr(settings, "identity", ""):
            given["user_agent"] = identity
        proxy = getattr(settings, "proxy", None)
        secret = getattr(proxy, "get_secret_value", None)
        return cls(
            **given,
            allow_networks=parse_networks(getattr(settings, "allow_networks", ())),
            proxy=(secret() if secret else proxy) or "",
        )


class HostMemory(Protocol):
    """Where the gate keeps what hosts asked for, so that a restart does not forget it. The store has one."""

    async def load_hosts(self) -> Sequence[HostState]: ...

    async def save_host(self, state: HostState) -> None: ...

    async def load_robots(self, origin: str) -> RobotsState | None: ...

    async def save_robots(self, state: RobotsState) -> None: ...


class NoMemory:
    """A memory that lasts as long as the gate."""

    async def load_hosts(self) -> Sequence[HostState]:
        return ()

    async def save_host(self, state: HostState) -> None:
        pass

    async def load_robots(self, origin: str) -> RobotsState | None:
        return None

    async def save_robots(self, state: RobotsState) -> None:
        pass


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what was captured last still stands. ``validators`` are the ones to send next time."""

    url: str
    final_url: str
    headers: Mapping[str, str]
    validators: Validators
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook's receiver said. No redirect is followed: a 3xx is not ``ok``."""

    status: int
    headers: Mapping[str, str]
    body: bytes  # the first bytes of it, as they came, for the log
    received_at: datetime

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_at(self) -> datetime | None:
        """When the receiver asked to be tried again (Retry-After), if it did."""
        return retry_after(self.headers.get("retry-after", ""), self.received_at)


def retry_after(value: str, now: datetime) -> datetime | None:
    """A Retry-After header (RFC 9110, 10.2.3: seconds or a date) as a time; None where it is neither.

    Never before ``now`` and never more than a day ahead.
    """
    value = value.strip()
    latest = now + LONGEST_PAUSE
    if value.isascii() and value.isdigit():
        return latest if len(value) > 9 else min(latest, now + timedelta(seconds=int(value)))
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        return min(latest, max(now, at.astimezone(UTC)))
    except OverflowError:
        return None


def validators_of(headers: Mapping[str, str]) -> Validators:
    """The validators an answer carries; what could not be sent back as a header is left out."""
    return Validators(
        etag=_sendable(headers.get("etag", "")), last_modified=_sendable(headers.get("last-modified", ""))
    )


def _sendable(value: str) -> str:
    value = value.strip()
    return value if value.isascii() and value.isprintable() and len(value) <= 1024 else ""
