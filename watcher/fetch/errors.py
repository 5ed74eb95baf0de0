"""What can go wrong between an address and a capture, as types.

Nothing but these leaves the gate (besides cancellation and mistakes in this program)::

    FetchError
    ├── Refused                 we did not ask
    │   ├── BadAddress              the address is no plain http(s) address
    │   ├── ForbiddenAddress        it leads into a network this program stays out of
    │   ├── RobotsDisallowed        the host's robots.txt asks us not to
    │   └── HostPaused              the host asked for a pause, or is being left alone after failures
    ├── Unreachable             nobody answered
    │   ├── NameNotFound            no address for the name
    │   ├── ConnectFailed           refused, no route, no free socket
    │   ├── TlsFailed               certificate or handshake
    │   ├── ProxyFailed             the configured proxy
    │   ├── Interrupted             reset or closed before the answer was complete
    │   ├── TimedOut                not complete within the time allowed
    │   └── RobotsUnreachable       robots.txt could not be read, so nothing may be asked (RFC 9309, 2.3.1.4)
    ├── BadAnswer               what came is not an answer to keep
    │   ├── BrokenProtocol          not HTTP
    │   ├── BadEncoding             a content encoding we did not ask for, or a damaged one
    │   ├── TooLarge                more bytes, or more header, than allowed
    │   │   └── Bomb                    few bytes that inflate to very many
    │   └── BadRedirect             too many hops, or a hop to nowhere
    └── StatusError             a whole answer whose status says no; it carries the capture
        ├── Gone                    404, 410
        ├── Blocked                 401, 403, 451, a bot wall
        ├── RateLimited             429
        ├── ServerFailed            5xx
        └── UnexpectedStatus        any other

Each says in ``message`` (one line) what failed, in ``permanent`` that asking again unchanged will not help,
in ``retry_at`` when asking again makes sense (None: whenever the caller's own schedule says), and in
``outcome`` what the visit comes to.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from storage.records import Capture, Outcome

_MAX_LINE = 400


def one_line(text: object) -> str:
    """Any text as one printable line of at most 400 characters: it goes to logs, mails and terminals."""
    words = " ".join(str(text).split())
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
    return shown if len(shown) <= _MAX_LINE else shown[: _MAX_LINE - 1] + "…"


class FetchError(Exception):
    """The base. ``permanent`` and ``outcome`` have a default for each kind. ``counts_against_host``: the host
    itself could not be reached; that, again and again, earns it a pause."""

    default_outcome: ClassVar[Outcome] = Outcome.FAILED
    default_permanent: ClassVar[bool] = False
    counts_against_host: bool = False

    def __init__(
        self,
        message: str,
        *,
        permanent: bool | None = None,
        retry_at: datetime | None = None,
        outcome: Outcome | None = None,
        capture: Capture | None = None,
    ) -> None:
        self.message = one_line(message)
        super().__init__(self.message)
        self.permanent = self.default_permanent if permanent is None else permanent
        self.retry_at = retry_at
        self.outcome = outcome or self.default_outcome
        self.capture: Capture | None = capture


class Refused(FetchError):
    """We did not ask."""


class BadAddress(Refused):
    """The address is no plain http(s) address."""

    default_permanent = True


class ForbiddenAddress(Refused):
    """The address leads into a network this program stays out of (see ``allow_networks``)."""

    default_permanent = True


class RobotsDisallowed(Refused):
    """The host's robots.txt asks us not to fetch this address."""

    default_outcome = Outcome.BLOCKED
    default_permanent = True


class HostPaused(Refused):
    """The host is being left alone until ``retry_at``."""


class Unreachable(FetchError):
    """Nobody answered, or not to the end."""


class NameNotFound(Unreachable):
    """The name has no address, or the resolver did not say."""

    counts_against_host = True


class ConnectFailed(Unreachable):
    """No connection."""

    counts_against_host = True


class TlsFailed(Unreachable):
    """The certificate does not prove the host, or the handshake failed. Never tried without verification."""

    counts_against_host = True


class ProxyFailed(Unreachable):
    """The configured proxy did not let us through."""


class Interrupted(Unreachable):
    """The connection ended before the answer was complete."""


class TimedOut(Unreachable):
    """The answer was not complete within the time allowed."""

    counts_against_host = True


class RobotsUnreachable(Unreachable):
    """robots.txt could not be read, which RFC 9309 (2.3.1.4) takes as "nothing may be fetched"."""


class BadAnswer(FetchError):
    """What came is not an answer to keep."""


class BrokenProtocol(BadAnswer):
    """Not HTTP as RFC 9112 has it."""


class BadEncoding(BadAnswer):
    """A content encoding other than the gzip that was asked for, several at once, or a damaged one."""


class TooLarge(BadAnswer):
    """More bytes, or a larger header, than allowed."""


class Bomb(TooLarge):
    """Few bytes that inflate to very many."""


class BadRedirect(BadAnswer):
    """Too many hops, or a hop that leads nowhere we would go."""


class StatusError(FetchError):
    """A whole answer whose status says no. ``capture`` holds it, so that it can be kept as evidence."""

    capture: Capture

    def __init__(
        self,
        message: str,
        *,
        capture: Capture,
        permanent: bool | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message, permanent=permanent, retry_at=retry_at, capture=capture)

    @property
    def status(self) -> int:
        return self.capture.status


class Gone(StatusError):
    """404, or 410 (which is ``permanent``)."""

    default_outcome = Outcome.MISSING


class Blocked(StatusError):
    """401, 403, 451, or a status behind which a bot wall stands."""

    default_outcome = Outcome.BLOCKED


class RateLimited(StatusError):
    """429: ``retry_at`` is what the host asked for, or our own backoff."""


class ServerFailed(StatusError):
    """5xx."""


class UnexpectedStatus(StatusError):
    """A status no reader would call an answer: 206 unasked, 304 unasked, 4xx of other kinds."""
