"""httpx's request and answer over httpcore's pool with the guarded backend: the only module that sends.

httpx's own client is not used: it keeps cookies between unrelated visits, reads proxies from the environment,
and logs full addresses (a webhook's address is a secret).
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any

import certifi
import httpcore
import httpx

from .addresses import Guard
from .backend import CountedStream, GuardedBackend, Resolver, SystemResolver
from .errors import FetchError
from .translate import translate
from .values import FetchSettings

_CONNECTIONS = 256
_KEPT = 4
"""Connections kept for the next request: robots.txt and the page, a redirect. The pool asks every kept one at every
request whether it still stands, and visits to one host lie hours apart: 64 of them took 7 ms a visit."""
_KEPT_S = 5.0
_CONNECT_S = 15.0
_NO_BODY = (204, 304)


def verifying_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, verified against the machine's trust store and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class GuardedTransport(httpx.AsyncBaseTransport):
    """One request, one answer; errors are ours. Raises ``ValueError`` for a proxy or context it cannot use."""

    def __init__(
        self, settings: FetchSettings, resolver: Resolver | None, ssl_context: ssl.SSLContext | None
    ) -> None:
        context = ssl_context or verifying_context()
        if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
            raise ValueError("a TLS context that does not verify is never used")
        self._own_resolver = None if resolver else SystemResolver()
        proxy = _proxy(settings.proxy)
        self.proxied = proxy is not None
        self.backend = GuardedBackend(
            Guard(settings.allow_networks),
            resolver or self._own_resolver or SystemResolver(),
            trusted=(proxy.url.host.decode("ascii"), proxy.url.origin.port) if proxy else None,
        )
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            proxy=proxy,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_S,
            network_backend=self.backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = request.headers["host"]
        assert isinstance(request.stream, httpx.AsyncByteStream)
        try:
            answer = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions={"timeout": {"connect": _CONNECT_S}},
                )
            )
        except Exception as error:
            raise _ours(error, where) from error
        counted = _counted(answer.extensions)
        if counted:
            counted.header_came()
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer, where, counted),
            extensions=answer.extensions,
            request=request,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()
        if self._own_resolver:
            self._own_resolver.close()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, where: str, counted: CountedStream | None) -> None:
        self._answer = answer
        self._where = where
        self._counted = counted

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._answer.aiter_stream():
                if self._counted:
                    self._counted.body_came(len(part))
                yield part
        except Exception as error:
            raise _ours(error, self._where) from error

    async def aclose(self) -> None:
        await self._answer.aclose()


async def finish(response: httpx.Response) -> None:
    """Close the answer; drop the connection too where bytes beyond the answer came over it."""
    await response.aclose()
    counted = _counted(response.extensions)
    if counted and not counted.clean_end(_promised(response)):
        await counted.aclose()


def _counted(extensions: Mapping[str, Any]) -> CountedStream | None:
    stream = extensions.get("network_stream")
    return stream if isinstance(stream, CountedStream) else None


def _promised(response: httpx.Response) -> int | None:
    if response.status_code in _NO_BODY:
        return 0
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _ours(error: Exception, where: str) -> FetchError | Exception:
    return translate(error, where) or error


def _proxy(url: str) -> httpcore.Proxy | None:
    if not url:
        return None
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError("the proxy's address is not valid") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("a proxy's address begins with http:// or https://")
    auth = (parsed.username.encode(), parsed.password.encode()) if parsed.username else None
    return httpcore.Proxy(
        httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=b"/"), auth=auth
    )
