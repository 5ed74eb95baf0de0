"""Resolve, check every address, dial exactly a checked one.

The guard sits where the connection is made, below redirects, pools, proxies and TLS: whatever way an address
was written or came, this is the only place that dials. The name goes on to TLS for SNI and the certificate.
"""

from __future__ import annotations

import asyncio
import contextvars
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore

from .addresses import Guard
from .errors import ConnectFailed, FetchError, ForbiddenAddress, NameNotFound, TooLarge
from .translate import translate

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]  # (name, port) → IP addresses, best first

_TRIES = 4  # addresses of one name tried in turn
_TRY_S = 8.0  # seconds for each but the last
_RESOLVER_THREADS = 32  # a resolver that hangs holds a thread; the loop's own few must not run out
_BEFORE_BODY = 256 * 1024  # interim answers, header, and what of the body comes with them
_FRAMING = 1 << 20

# Whether a connection was made for the request in hand: one on a kept connection may be tried again.
dialled: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar("dialled", default=None)


class SystemResolver:
    """The machine's own resolver, on threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's way to the network. ``trusted`` is the configured proxy, dialled wherever it is.

    Raises `NameNotFound`, `ForbiddenAddress`, `ConnectFailed` or `TimedOut`.
    """

    def __init__(self, guard: Guard, resolver: Resolver, *, trusted: tuple[str, int] | None = None) -> None:
        self._guard = guard
        self._resolver = resolver
        self._trusted = trusted
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self.addresses(host, port, trusted=(host, port) == self._trusted)
        last: FetchError = ConnectFailed(f"{host}: no connection")
        for number, address in enumerate(addresses[:_TRIES], 1):
            limit = timeout if number == len(addresses[:_TRIES]) else min(timeout or _TRY_S, _TRY_S)
            try:
                stream = await self._inner.connect_tcp(
                    address, port, timeout=limit, local_address=local_address, socket_options=socket_options
                )
            except Exception as error:
                ours = translate(error, f"{host} ({address})")
                if ours is None:
                    raise
                last = ours
                continue
            if (notes := dialled.get()) is not None:
                notes.append(address)
            return CountedStream(stream, host)
        raise last

    async def addresses(self, host: str, port: int, *, trusted: bool = False) -> Sequence[str]:
        """The addresses of ``host``, every one of them allowed (or ``trusted``, as the operator's proxy is).

        One forbidden address among them refuses them all: a public name has no business pointing inside.
        """
        literal = _is_address(host)
        found: Sequence[str] = [host]
        if not literal:
            try:
                found = await self._resolver(host, port)
            except FetchError:
                raise
            except (OSError, UnicodeError) as error:
                raise NameNotFound(f"{host}: the name has no address ({_why(error)})") from error
            if not found:
                raise NameNotFound(f"{host}: the name has no address")
        if not trusted:
            for address in found:
                if kind := self._guard.objection(address):
                    what = address if literal else f"{host} ({address})"
                    raise ForbiddenAddress(
                        f"{what} is a {kind} address; allow_networks opens what is meant to be watched",
                        permanent=literal,
                    )
        return found

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise ConnectFailed("no address leads to a local socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class CountedStream(httpcore.AsyncNetworkStream):
    """A connection that knows how much came since the last request was written, and refuses too much of what
    is not body: interim answers (100, 103), header, chunk framing, trailers. They cost little memory but much
    time to read. The body itself has its own limit (`watcher.fetch.body`).

    ``clean_end`` tells whether the answer ended exactly where what came ended; if not, leftovers could pass
    for the next one's answer.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, host: str) -> None:
        self._inner = inner
        self._host = host
        self._limit = _BEFORE_BODY
        self.received = 0
        self._head = b""  # until the header's end was seen
        self._head_length: int | None = None
        self._tail = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(max_bytes, timeout)
        self.received += len(data)
        if self.received > self._limit:
            raise TooLarge(f"{self._host}: {self.received} bytes came, most of them header and framing")
        if self._head_length is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end >= 0:
                self._head_length, self._head = end + 4, b""
        self._tail = data[-7:] if len(data) >= 7 else (self._tail + data)[-7:]
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.received, self._head, self._head_length, self._tail = 0, b"", None, b""
        self._limit = _BEFORE_BODY
        await self._inner.write(buffer, timeout)

    def header_came(self) -> None:
        """From here on there may be a body: framing has an allowance of its own."""
        self._limit += _FRAMING

    def body_came(self, length: int) -> None:
        """So many bytes were body: they and as many of framing are no cause for complaint."""
        self._limit += 2 * length

    def clean_end(self, body_length: int | None) -> bool:
        """``body_length`` is what the header promised (0 where there is no body), None for a chunked body."""
        if body_length is None:
            return self._tail == b"\r\n0\r\n\r\n"
        return self._head_length is not None and self.received == self._head_length + body_length

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except Exception as error:
            ours = translate(error, server_hostname or self._host)
            if ours is None:
                raise
            raise ours from error
        return CountedStream(inner, self._host)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _why(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
