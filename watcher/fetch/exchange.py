"""One request and its answer, read within its limits: what the gate does at every hop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx

from . import status as statuses
from .backend import dialled
from .body import LARGE_AT_ONCE, encoding_of, read_body, read_start
from .errors import BadAnswer, FetchError, Interrupted, Refused, TimedOut, TooLarge, Unreachable
from .transport import GuardedTransport, finish
from .urls import Address

MAX_HEADER = 64 * 1024
_ANSWER_BODY = 4096  # of a webhook's answer, for the log
_LOOK_UP_S = 2.0


@dataclass(slots=True)
class Allowance:
    """Seconds left for one visit. What runs under it is stopped, wherever it stands, when they are used up:
    time-outs of single reads never fire on a host that drips."""

    total: float
    left: float
    heard: bool = False  # a header came: the host is there, only slow

    @classmethod
    def of(cls, seconds: float) -> Allowance:
        return cls(seconds, seconds)

    @asynccontextmanager
    async def running(self, where: str) -> AsyncIterator[None]:
        """Raises `TimedOut`."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self.heard = False
        try:
            async with asyncio.timeout(max(self.left, 0.001)):
                yield
        except TimeoutError as error:
            what = "the answer was not complete" if self.heard else "no answer"
            late = TimedOut(f"{where}: {what} within {self.total:g} s")
            late.counts_against_host = not self.heard
            raise late from error
        finally:
            self.left -= loop.time() - begun


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read. ``headers`` are those kept; ``location`` is the raw Location header."""

    status: int
    headers: Mapping[str, str]
    location: str
    cookies: httpx.Cookies | None
    body: bytes

    @property
    def moved(self) -> bool:
        """A redirect that names a place."""
        return self.status in statuses.REDIRECTS and bool(self.location)


class Exchange:
    """Sends single requests over ``transport``; all of them share the memory bound of `read_body`."""

    def __init__(self, transport: GuardedTransport, *, user_agent: str, max_bytes: int) -> None:
        self._transport = transport
        self._user_agent = user_agent
        self._max_bytes = max_bytes
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def get(
        self,
        address: Address,
        headers: Mapping[str, str],
        allowance: Allowance,
        *,
        cookies: httpx.Cookies | None = None,
        start_only: int = 0,
    ) -> Reply:
        """One GET, read to its end, or to ``start_only`` bytes where that is enough. Raises `FetchError`."""
        where = address.authority
        request = self._request("GET", address, {"accept-encoding": "gzip", **headers}, b"", cookies)
        async with allowance.running(where):
            response = await self._send(request, address)
            allowance.heard = True
            try:
                body = await self._body(response, where, start_only)
                jar = _cookies(response, cookies)
            finally:
                await finish(response)
        return Reply(
            response.status_code,
            statuses.kept_headers(response.headers.multi_items()),
            response.headers.get("location", ""),
            jar,
            body,
        )

    async def post(
        self,
        address: Address,
        headers: Mapping[str, str],
        body: bytes,
        allowance: Allowance,
        *,
        start_bytes: int = _ANSWER_BODY,
    ) -> tuple[int, dict[str, str], bytes]:
        """One POST: status, headers, and the first bytes of the answer. Raises `FetchError`.

        The status is the receiver's word: an answer that breaks off or drips after it is still its answer.
        """
        where = address.authority
        request = self._request("POST", address, headers, body)
        async with allowance.running(where):
            response = await self._send(request, address)
        start = b""
        try:
            with suppress(FetchError):
                async with allowance.running(where):
                    start, _ = await read_start(response.aiter_raw(), start_bytes)
        finally:
            await finish(response)
        kept = {name.lower(): value[:1000] for name, value in response.headers.items()}
        return response.status_code, kept, start

    async def _body(self, response: httpx.Response, where: str, start_only: int) -> bytes:
        says_no = response.status_code in statuses.REDIRECTS or response.status_code >= 400
        try:
            if response.status_code in statuses.REDIRECTS and "location" in response.headers:
                await read_start(response.aiter_raw(), MAX_HEADER)
                return b""
            return await read_body(
                response.aiter_raw(),
                encoding=encoding_of(response.headers.get("content-encoding", ""), where),
                length="" if start_only else response.headers.get("content-length", ""),
                max_bytes=start_only or self._max_bytes,
                large=self._large,
                where=where,
                cut=bool(start_only),
            )
        except (BadAnswer, Interrupted):
            # The status has said no, or where to go, already; that its page cannot be kept changes nothing.
            if says_no:
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
        with suppress(Unreachable, TimeoutError):
            async with asyncio.timeout(_LOOK_UP_S):
                await self._transport.backend.addresses(address.host, address.port)

    def _request(
        self,
        method: str,
        address: Address,
        headers: Mapping[str, str],
        body: bytes,
        cookies: httpx.Cookies | None = None,
    ) -> httpx.Request:
        fields = {"host": address.authority, "user-agent": self._user_agent, **headers}
        try:
            request = httpx.Request(method, str(address), headers=fields, content=body or None)
        except (UnicodeError, httpx.InvalidURL, TypeError) as error:
            raise Refused(f"{address.authority}: the request cannot be written", permanent=True) from error
        if cookies is not None:
            with suppress(UnicodeError):  # a cookie no header can carry is left out
                cookies.set_cookie_header(request)
        return request


def _cookies(response: httpx.Response, jar: httpx.Cookies | None) -> httpx.Cookies | None:
    """Cookies live for one visit, and only along its redirects: some pages redirect until theirs comes back."""
    if response.status_code in statuses.REDIRECTS and "set-cookie" in response.headers:
        jar = jar or httpx.Cookies()
        jar.extract_cookies(response)
    return jar
