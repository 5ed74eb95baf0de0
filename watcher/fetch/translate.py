"""Foreign errors → our own: the one table. A test fails when a library below gains an error it does not name."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import zlib
from collections.abc import Callable

import anyio
import h11
import httpcore
import httpx

from .errors import (
    BadAddress,
    BadEncoding,
    BadRedirect,
    BrokenProtocol,
    ConnectFailed,
    FetchError,
    Interrupted,
    NameNotFound,
    ProxyFailed,
    Refused,
    TimedOut,
    TlsFailed,
)

Kind = Callable[[str], FetchError]


def _never_ours(message: str) -> FetchError:
    return Refused(message, permanent=True)


TABLE: dict[type[BaseException], tuple[Kind, str]] = {
    # sockets and the resolver
    socket.gaierror: (NameNotFound, "the name has no address"),
    socket.herror: (NameNotFound, "the name has no address"),
    ConnectionRefusedError: (ConnectFailed, "the connection was refused"),
    ConnectionResetError: (Interrupted, "the connection was reset"),
    ConnectionAbortedError: (Interrupted, "the connection was aborted"),
    BrokenPipeError: (Interrupted, "the connection was closed while sending"),
    ConnectionError: (Interrupted, "the connection failed"),
    TimeoutError: (TimedOut, "no answer in time"),
    OSError: (ConnectFailed, "no connection"),
    asyncio.IncompleteReadError: (Interrupted, "the answer ended early"),
    # TLS
    ssl.SSLCertVerificationError: (TlsFailed, "the certificate does not prove the host"),
    ssl.SSLEOFError: (Interrupted, "the connection was closed inside TLS"),
    ssl.SSLZeroReturnError: (Interrupted, "the connection was closed inside TLS"),
    ssl.SSLSyscallError: (Interrupted, "the connection failed inside TLS"),
    ssl.SSLWantReadError: (Interrupted, "the connection failed inside TLS"),
    ssl.SSLWantWriteError: (Interrupted, "the connection failed inside TLS"),
    ssl.SSLError: (TlsFailed, "no secure connection"),
    ssl.CertificateError: (TlsFailed, "the certificate does not prove the host"),
    # streams
    anyio.BrokenResourceError: (Interrupted, "the connection was reset"),
    anyio.ClosedResourceError: (Interrupted, "the connection was closed"),
    anyio.BusyResourceError: (Interrupted, "the connection was in use"),
    anyio.EndOfStream: (Interrupted, "the connection was closed"),
    h11.RemoteProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    h11.LocalProtocolError: (_never_ours, "the request could not be written"),
    h11.ProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    zlib.error: (BadEncoding, "the gzip encoding is damaged"),
    # httpcore
    httpcore.ConnectTimeout: (TimedOut, "no connection in time"),
    httpcore.ReadTimeout: (TimedOut, "no answer in time"),
    httpcore.WriteTimeout: (TimedOut, "the request could not be sent in time"),
    httpcore.PoolTimeout: (TimedOut, "no free connection in time"),
    httpcore.TimeoutException: (TimedOut, "no answer in time"),
    httpcore.ConnectError: (ConnectFailed, "no connection"),
    httpcore.ReadError: (Interrupted, "the connection was closed or reset"),
    httpcore.WriteError: (Interrupted, "the connection was closed while sending"),
    httpcore.NetworkError: (Interrupted, "the connection failed"),
    httpcore.ProxyError: (ProxyFailed, "the proxy refused"),
    httpcore.UnsupportedProtocol: (BadAddress, "not an http or https address"),
    httpcore.RemoteProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    httpcore.LocalProtocolError: (_never_ours, "the request could not be written"),
    httpcore.ProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    httpcore.ConnectionNotAvailable: (Interrupted, "the connection was closed"),
    # httpx
    httpx.ConnectTimeout: (TimedOut, "no connection in time"),
    httpx.ReadTimeout: (TimedOut, "no answer in time"),
    httpx.WriteTimeout: (TimedOut, "the request could not be sent in time"),
    httpx.PoolTimeout: (TimedOut, "no free connection in time"),
    httpx.TimeoutException: (TimedOut, "no answer in time"),
    httpx.ConnectError: (ConnectFailed, "no connection"),
    httpx.ReadError: (Interrupted, "the connection was closed or reset"),
    httpx.WriteError: (Interrupted, "the connection was closed while sending"),
    httpx.CloseError: (Interrupted, "the connection failed"),
    httpx.NetworkError: (Interrupted, "the connection failed"),
    httpx.ProxyError: (ProxyFailed, "the proxy refused"),
    httpx.UnsupportedProtocol: (BadAddress, "not an http or https address"),
    httpx.RemoteProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    httpx.LocalProtocolError: (_never_ours, "the request could not be written"),
    httpx.ProtocolError: (BrokenProtocol, "the answer is not HTTP"),
    httpx.TransportError: (Interrupted, "the connection failed"),
    httpx.DecodingError: (BadEncoding, "the content encoding is damaged"),
    httpx.TooManyRedirects: (BadRedirect, "too many redirects"),
    httpx.HTTPStatusError: (BrokenProtocol, "an unexpected status"),
    httpx.RequestError: (Interrupted, "the request failed"),
    httpx.HTTPError: (Interrupted, "the request failed"),
    httpx.InvalidURL: (BadAddress, "not an address"),
    httpx.CookieConflict: (BrokenProtocol, "contradicting cookies"),
    httpx.StreamClosed: (Interrupted, "the answer was closed"),
    httpx.StreamConsumed: (Interrupted, "the answer was read already"),
    httpx.ResponseNotRead: (Interrupted, "the answer was not read"),
    httpx.RequestNotRead: (Interrupted, "the request was not read"),
    httpx.StreamError: (Interrupted, "the answer could not be read"),
    UnicodeError: (_never_ours, "the request has characters HTTP cannot carry"),
}

_EARLY_END = ("without sending", "without sending complete", "closed connection")


def translate(error: BaseException, where: str) -> FetchError | None:
    """Our error for a foreign one, saying ``where`` ("example.com") it happened; None: not the network's.

    What lies beneath (a socket's or TLS error inside httpcore's) is more telling than its wrapper and decides.
    """
    if isinstance(error, FetchError):
        return error
    beneath = _beneath(error)
    for kind in type(beneath).__mro__:
        if kind in TABLE:
            make, words = TABLE[kind]
            detail = _detail(beneath)
            if make is BrokenProtocol and any(part in detail for part in _EARLY_END):
                make, words = Interrupted, "the connection was closed before the answer was complete"
                detail = ""
            return make(f"{where}: {words}" + (f" ({detail})" if detail else ""))
    return None


def _beneath(error: BaseException) -> BaseException:
    seen = error
    for _ in range(8):
        inner = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        inner = inner or seen.__cause__
        if inner is None or isinstance(inner, anyio.EndOfStream) or not _known(inner):
            break
        seen = inner
    return seen


def _known(error: BaseException) -> bool:
    return any(kind in TABLE for kind in type(error).__mro__)


def _detail(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return getattr(error, "verify_message", "") or ""  # an error without a handshake has none
    if isinstance(error, ssl.SSLError):
        return str(getattr(error, "reason", "") or "").replace("_", " ").lower()
    if isinstance(error, OSError):
        known = error.errno is not None and error.errno in errno.errorcode
        return (error.strerror or "") if known or isinstance(error, socket.gaierror) else ""
    return str(error)
