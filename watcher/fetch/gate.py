"""The one gate: every request this program makes to an address it was given goes through here."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx

from storage.records import Capture, Validators

from . import status as statuses
from .backend import Resolver, dialled
from .body import LARGE_AT_ONCE, encoding_of, read_body, read_start
from .errors import (
    BadAnswer,
    BadRedirect,
    FetchError,
    HostPaused,
    Interrupted,
    Refused,
    TimedOut,
    TooLarge,
    Unreachable,
)
from .pace import Pace
from .robots import MAX_BYTES as ROBOTS_BYTES
from .robots import MAX_REDIRECTS as ROBOTS_REDIRECTS
from .robots import Robots
from .transport import GuardedTransport, finish
from .urls import Address, follow, normalise
from .values import Answer, FetchSettings, HostMemory, NotModified, validators_of

MAX_HEADER = 64 * 1024
_POST_S = 15.0  # a webhook's receiver has no page to draw
_POST_BODY = 4096
_ROBOTS_S = 15.0
_LOOK_UP_S = 2.0
_ACCEPT = (
    "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/markdown;q=0.8,*/*;q=0.5"
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Allowance:
    """Seconds left for one visit. What runs under it is stopped, wherever it stands, when they are used up."""

    total: float
    left: float
    heard: bool = False  # a header came: the host is there, only slow

    @asynccontextmanager
    async def running(self, where: str) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(max(self.left, 0.001)):
                yield
        except TimeoutError as error:
            late = TimedOut(f"{where}: not complete within {self.total:g} s")
            late.counts_against_host = not self.heard
            raise late from error
        finally:
            self.left -= loop.time() - begun


@dataclass(frozen=True, slots=True)
class _Reply:
    """One answer, read. ``fault`` is what kept the body of an answer that says no from being read."""

    status: int
    headers: Mapping[str, str]
    location: str
    cookies: httpx.Cookies | None
    body: bytes


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
        self._settings = FetchSettings.of(settings)
        self._clock = clock
        self._transport = GuardedTransport(self._settings, resolver, ssl_context)
        self._pace = Pace(memory, clock)
        self._robots = Robots(self._read_robots, self._settings.user_agent, clock)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def get(
        self, url: str, *, validators: Validators | None = None, robots: bool = True
    ) -> Capture | NotModified:
        """One visit: redirects followed hop by hop, each hop checked, paced and allowed by its host's robots.

        `NotModified` comes only where ``validators`` were given. Raises `FetchError`; where a whole answer
        came, its ``capture`` holds it. ``Capture.final_url`` is ``url`` itself where nothing redirected.
        """
        address = normalise(url)
        conditional = validators is not None and bool(validators.etag or validators.last_modified)
        allowance = _Allowance(self._settings.timeout_s, self._settings.timeout_s)
        cookies: httpx.Cookies | None = None
        for hop in range(self._settings.max_redirects + 1):
            delay = 0.0
            if robots and self._settings.respect_robots:
                delay = await self._robots.check(address)
            headers = self._conditions(validators, first=hop == 0)
            final = str(address) if hop else url
            async with self._pace.turn(address.authority, max(delay, self._settings.host_interval_s)):
                try:
                    reply = await self._ask(address, headers, cookies, allowance)
                    captured = Capture(url, final, reply.status, reply.headers, reply.body, self._clock())
                    moved = reply.status in statuses.REDIRECTS and reply.location
                    error = (
                        None
                        if moved
                        else statuses.objection(captured, captured.fetched_at, conditional=conditional)
                    )
                    if error:
                        raise error
                except FetchError as error:
                    await self._pace.went_wrong(address.authority, error)
                    raise
                await self._pace.went_well(address.authority)
            if not moved:
                return _result(captured, validators)
            address = follow(address, reply.location)
            cookies = reply.cookies
        raise BadRedirect(
            f"{address.authority}: redirected more than {self._settings.max_redirects} times (last to {address})"
        )

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Sends ``body`` once, to exactly this address. Redirects are answers, not followed; robots and pace
        do not apply; at most 15 s. Raises `FetchError` where no answer came."""
        address = normalise(url)
        seconds = min(_POST_S, self._settings.timeout_s)
        allowance = _Allowance(seconds, seconds)
        request = self._request("POST", address, {"accept": "*/*", **headers}, body)
        where = address.authority
        async with allowance.running(where):
            response = await self._send(request, address)
        start = b""
        # The status is the receiver's word: an answer that breaks off or drips after it is still its answer.
        try:
            async with allowance.running(where):
                start, _ = await read_start(response.aiter_raw(), _POST_BODY)
        except FetchError:
            pass
        finally:
            await finish(response)
        kept = {name.lower(): value[:1000] for name, value in response.headers.items()}
        return Answer(response.status_code, kept, start, self._clock())

    async def close(self) -> None:
        """Closes every connection. The gate is not used after that."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # ------------------------------------------------------------ one request

    async def _ask(
        self,
        address: Address,
        headers: Mapping[str, str],
        cookies: httpx.Cookies | None,
        allowance: _Allowance,
        *,
        start_only: int = 0,
    ) -> _Reply:
        """One GET, read to its end, or to ``start_only`` bytes where that is enough."""
        where = address.authority
        request = self._request(
            "GET", address, {"accept": _ACCEPT, "accept-encoding": "gzip", **headers}, b"", cookies
        )
        allowance.heard = False
        async with allowance.running(where):
            response = await self._send(request, address)
            allowance.heard = True
            try:
                body = await self._body(response, where, start_only)
                jar = _cookies(response, cookies)
            finally:
                await finish(response)
        return _Reply(
            response.status_code,
            statuses.kept_headers(response.headers.multi_items()),
            response.headers.get("location", ""),
            jar,
            body,
        )

    async def _body(self, response: httpx.Response, where: str, start_only: int) -> bytes:
        if response.status_code in statuses.REDIRECTS:
            await read_start(response.aiter_raw(), MAX_HEADER)
            return b""
        try:
            encoding = encoding_of(response.headers.get("content-encoding", ""), where)
            return await read_body(
                response.aiter_raw(),
                encoding=encoding,
                length="" if start_only else response.headers.get("content-length", ""),
                max_bytes=start_only or self._settings.max_bytes,
                large=self._large,
                where=where,
                cut=bool(start_only),
            )
        except (BadAnswer, Interrupted):
            # The status has said no already; that its page cannot be kept changes nothing.
            if response.status_code >= 400:
                return b""
            raise

    async def _send(self, request: httpx.Request, address: Address) -> httpx.Response:
        if self._transport.proxied:
            await self._look_up(address)
        notes: list[str] = []
        token = dialled.set(notes)
        try:
            try:
                response = await self._transport.handle_async_request(request)
            except Unreachable:
                # A kept connection that its server closed meanwhile says nothing about the server.
                if notes:
                    raise
                response = await self._transport.handle_async_request(request)
        finally:
            dialled.reset(token)
        size = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        if size > MAX_HEADER:
            await finish(response)
            raise TooLarge(f"{address.authority}: the header is {size} bytes long (at most {MAX_HEADER})")
        return response

    async def _look_up(self, address: Address) -> None:
        """A proxy resolves names itself; what this machine's resolver knows to be forbidden is not sent to it."""
        try:
            async with asyncio.timeout(_LOOK_UP_S):
                await self._transport.backend.addresses(address.host, address.port)
        except (Unreachable, TimeoutError):
            pass

    def _request(
        self,
        method: str,
        address: Address,
        headers: Mapping[str, str],
        body: bytes,
        cookies: httpx.Cookies | None = None,
    ) -> httpx.Request:
        fields = {"host": address.authority, "user-agent": self._settings.user_agent, **headers}
        try:
            request = httpx.Request(method, str(address), headers=fields, content=body or None)
        except (UnicodeError, httpx.InvalidURL, TypeError) as error:
            raise Refused(f"{address.authority}: the request cannot be written", permanent=True) from error
        if cookies is not None:
            with suppress(UnicodeError):  # a cookie no header can carry is left out
                cookies.set_cookie_header(request)
        return request

    def _conditions(self, validators: Validators | None, *, first: bool) -> dict[str, str]:
        """Validators name one representation. An entity tag is safe to send along a redirect; a date is not:
        another, older page at the end of a new redirect would answer 304."""
        if validators is None:
            return {}
        kept = validators_of({"etag": validators.etag, "last-modified": validators.last_modified})
        found = {"if-none-match": kept.etag} if kept.etag else {}
        if kept.last_modified and first:
            found["if-modified-since"] = kept.last_modified
        return found

    # ------------------------------------------------------------ robots.txt

    async def _read_robots(self, address: Address) -> tuple[int, bytes]:
        """robots.txt with up to five redirects, through the same guard and pace. Raises `FetchError`."""
        seconds = min(_ROBOTS_S, self._settings.timeout_s)
        allowance = _Allowance(seconds, seconds)
        first = address.authority
        status = 0
        for hop in range(ROBOTS_REDIRECTS + 1):
            try:
                async with self._pace.turn(address.authority, self._settings.host_interval_s):
                    try:
                        reply = await self._ask(address, {}, None, allowance, start_only=ROBOTS_BYTES)
                    except FetchError as error:
                        await self._pace.went_wrong(address.authority, error)
                        raise
                status = reply.status
                if status not in statuses.REDIRECTS or not reply.location:
                    return status, reply.body
                address = follow(address, reply.location)
            except HostPaused:
                raise
            except Refused as error:
                if hop == 0 and not status:
                    raise
                raise BadRedirect(f"{first}: robots.txt redirects astray: {error.message}") from error
        return status, b""


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


def _cookies(response: httpx.Response, jar: httpx.Cookies | None) -> httpx.Cookies | None:
    """Cookies live for one visit, and only along its redirects: some pages redirect until theirs comes back."""
    if response.status_code in statuses.REDIRECTS and "set-cookie" in response.headers:
        jar = jar or httpx.Cookies()
        jar.extract_cookies(response)
    return jar
