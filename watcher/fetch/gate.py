"""The one gate: every request this program makes to an address it was given goes through here."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from storage.records import Capture, Validators

from . import status as statuses
from .backend import Resolver
from .errors import BadRedirect, FetchError, HostPaused, Refused, StatusError
from .exchange import Allowance, Exchange, Reply
from .pace import Pace
from .robots import MAX_BYTES as ROBOTS_BYTES
from .robots import MAX_REDIRECTS as ROBOTS_REDIRECTS
from .robots import Robots
from .transport import GuardedTransport
from .urls import Address, follow, normalise
from .values import Answer, FetchSettings, HostMemory, NotModified, validators_of

_POST_S = 15.0  # a webhook's receiver has no page to draw
_ROBOTS_S = 15.0
_ACCEPT = (
    "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/markdown;q=0.8,*/*;q=0.5"
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """``settings``: any object with `FetchSettings`' attributes. ``memory`` keeps what hosts asked for across
    restarts. ``clock`` gives aware UTC datetimes. ``resolver`` and ``ssl_context`` stand in for the machine's
    own; a context that does not verify is refused. Raises ``ValueError`` for settings it cannot work with.

    One gate serves the whole program: it belongs to one event loop and is closed with `close`.
    """

    def __init__(
        self,
        settings: object,
        memory: HostMemory,
        *,
        clock: Callable[[], datetime] = _utc_now,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = own = FetchSettings.of(settings)
        self._clock = clock
        self._transport = GuardedTransport(own, resolver, ssl_context)
        self._exchange = Exchange(self._transport, user_agent=own.user_agent, max_bytes=own.max_bytes)
        self._pace = Pace(memory, clock)
        self._robots = Robots(self._read_robots, own.user_agent, clock, memory)

    async def get(
        self, url: str, *, validators: Validators | None = None, robots: bool = True
    ) -> Capture | NotModified:
        """One visit: redirects followed hop by hop, each hop checked, paced and allowed by its host's robots.

        `NotModified` comes only where ``validators`` were given. Raises `FetchError`; where a whole answer
        came, its ``capture`` holds it. ``Capture.final_url`` is ``url`` itself where nothing redirected.
        """
        address = normalise(url)
        allowance = Allowance.of(self._settings.timeout_s)
        cookies: httpx.Cookies | None = None
        for hop in range(self._settings.max_redirects + 1):
            delay = 0.0
            if robots and self._settings.respect_robots:
                delay = await self._robots.check(address)
            headers = {"accept": _ACCEPT, **_conditions(validators, first=hop == 0)}
            async with self._pace.turn(address.authority, max(delay, self._settings.host_interval_s)):
                try:
                    reply = await self._exchange.get(address, headers, allowance, cookies=cookies)
                    capture = self._capture(url, str(address) if hop else url, reply)
                    if not reply.moved and (error := self._objection(capture, validators)):
                        raise error
                except FetchError as error:
                    await self._pace.went_wrong(address.authority, error)
                    raise
                await self._pace.went_well(address.authority)
            if not reply.moved:
                return _result(capture, validators)
            address, cookies = follow(address, reply.location), reply.cookies
        raise BadRedirect(
            f"{address.authority}: redirected more than {self._settings.max_redirects} times (last to {address})"
        )

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        answer_bytes: int | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Sends ``body`` once, to exactly this address. Redirects are answers, not followed; robots and pace
        do not apply. Of the answer at most ``answer_bytes`` are read (by default 4 kB, enough for a log), within
        ``timeout_s`` (by default 15 s). Raises `FetchError` where no answer came."""
        address = normalise(url)
        allowance = Allowance.of(timeout_s or min(_POST_S, self._settings.timeout_s))
        more = {} if answer_bytes is None else {"start_bytes": answer_bytes}
        status, kept, start = await self._exchange.post(
            address, {"accept": "*/*", **headers}, body, allowance, **more
        )
        return Answer(status, kept, start, self._clock())

    async def close(self) -> None:
        """Closes every connection. The gate is not used after that."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read_robots(self, address: Address) -> tuple[int, bytes]:
        """robots.txt with up to five redirects, through the same guard and pace. Raises `FetchError`."""
        allowance = Allowance.of(min(_ROBOTS_S, self._settings.timeout_s))
        first = address.authority
        reply: Reply | None = None
        for hop in range(ROBOTS_REDIRECTS + 1):
            try:
                async with self._pace.turn(address.authority, self._settings.host_interval_s):
                    reply = await self._one_of_robots(address, allowance)
                if not reply.moved:
                    return reply.status, reply.body
                address = follow(address, reply.location)
            except HostPaused:
                raise
            except Refused as error:
                if hop == 0 and reply is None:
                    raise
                raise BadRedirect(f"{first}: robots.txt redirects astray: {error.message}") from error
        return (reply.status if reply else 0), b""

    async def _one_of_robots(self, address: Address, allowance: Allowance) -> Reply:
        try:
            reply = await self._exchange.get(address, {}, allowance, start_only=ROBOTS_BYTES)
        except FetchError as error:
            await self._pace.went_wrong(address.authority, error)
            raise
        if reply.status in (429, 503) and (
            later := self._objection(self._capture(str(address), str(address), reply), None)
        ):
            await self._pace.went_wrong(address.authority, later)
        return reply

    def _capture(self, url: str, final_url: str, reply: Reply) -> Capture:
        return Capture(url, final_url, reply.status, reply.headers, reply.body, self._clock())

    def _objection(self, capture: Capture, validators: Validators | None) -> StatusError | None:
        return statuses.objection(
            capture, capture.fetched_at, conditional=bool(_conditions(validators, first=True))
        )


def _conditions(validators: Validators | None, *, first: bool) -> dict[str, str]:
    """Validators name one representation. An entity tag is safe to send along a redirect; a date is not:
    another, older page at the end of a new redirect would answer 304."""
    if validators is None:
        return {}
    kept = validators_of({"etag": validators.etag, "last-modified": validators.last_modified})
    found = {"if-none-match": kept.etag} if kept.etag else {}
    if kept.last_modified and first:
        found["if-modified-since"] = kept.last_modified
    return found


def _result(capture: Capture, validators: Validators | None) -> Capture | NotModified:
    if capture.status != 304:
        return capture
    fresh, old = validators_of(capture.headers), validators or Validators()
    return NotModified(
        capture.url,
        capture.final_url,
        capture.headers,
        Validators(fresh.etag or old.etag, fresh.last_modified or old.last_modified),
        capture.fetched_at,
    )
