"""The one table from the libraries' errors to ours."""

from __future__ import annotations

import asyncio
import errno
import inspect
import socket
import ssl
from types import ModuleType

import anyio
import h11
import httpcore
import httpx
import pytest

from storage.records import Outcome
from watcher.fetch import (
    BrokenProtocol,
    ConnectFailed,
    FetchError,
    Interrupted,
    NameNotFound,
    TimedOut,
    TlsFailed,
    errors,
)
from watcher.fetch.translate import TABLE, translate

# Errors of anyio that belong to parts of it no connection of ours uses (processes, tasks, buffered streams), and
# its ConnectionFailed, which is an OSError and looked through.
_NOT_OF_CONNECTIONS = {
    "FutureAlreadyFinished",
    "FutureCancelled",
    "FutureFailed",
    "FutureNotFinished",
    "TaskCancelled",
    "TaskFailed",
    "TaskNotFinished",
    "BrokenWorkerInterpreter",
    "BrokenWorkerProcess",
    "ConnectionFailed",
    "DelimiterNotFound",
    "IncompleteRead",
    "NoEventLoopError",
    "RunFinishedError",
    "TypedAttributeLookupError",
    "WouldBlock",
}


def _errors_of(module: ModuleType) -> list[type[BaseException]]:
    found = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
    return [f for f in found if inspect.isclass(f) and issubclass(f, Exception)]


@pytest.mark.parametrize("module", [httpx, httpcore, h11, ssl, anyio], ids=lambda m: m.__name__)
def test_every_error_of_the_libraries_is_in_the_table(module: ModuleType) -> None:
    """A library that gains an error fails this test until the table names it, itself and not by a parent."""
    missing = [
        e.__name__ for e in _errors_of(module) if e not in TABLE and e.__name__ not in _NOT_OF_CONNECTIONS
    ]
    assert _errors_of(module) and missing == []


def test_every_connection_error_of_python_is_in_the_table() -> None:
    """The operating system's connection errors each have an entry of their own."""
    kinds = {ConnectionError, *ConnectionError.__subclasses__(), TimeoutError, OSError}
    kinds -= {k for k in kinds if k.__module__ not in ("builtins",)}
    assert kinds - set(TABLE) == set()
    assert {socket.gaierror, socket.herror} <= set(TABLE)


@pytest.mark.parametrize("kind", list(TABLE), ids=lambda k: f"{k.__module__}.{k.__name__}")
def test_every_entry_makes_an_error_of_ours(kind: type[BaseException]) -> None:
    """Each entry gives one of our errors, with one printable line that names the host."""
    make, words = TABLE[kind]
    error = make(f"policy.test: {words}")
    assert isinstance(error, FetchError)
    assert error.message.startswith("policy.test: ") and error.message.isprintable()


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (httpcore.ConnectError(ConnectionRefusedError(errno.ECONNREFUSED, "refused")), ConnectFailed),
        (httpcore.ConnectError(OSError(errno.EHOSTUNREACH, "no route")), ConnectFailed),
        (httpcore.ConnectError(socket.gaierror(-2, "unknown")), NameNotFound),
        (httpcore.ConnectError(ssl.SSLCertVerificationError("bad certificate")), TlsFailed),
        (httpcore.ConnectError(ssl.SSLError(1, "handshake")), TlsFailed),
        (httpcore.ConnectTimeout(TimeoutError()), TimedOut),
        (httpcore.ReadError(anyio.BrokenResourceError()), Interrupted),
        (httpcore.ReadError(ConnectionResetError(errno.ECONNRESET, "reset")), Interrupted),
        (httpcore.RemoteProtocolError("Server disconnected without sending a response."), Interrupted),
        (httpcore.RemoteProtocolError("illegal status line"), BrokenProtocol),
        (httpx.ReadTimeout("slow"), TimedOut),
        (OSError(errno.ETIMEDOUT, "timed out"), TimedOut),
        (OSError(errno.EMFILE, "too many open files"), ConnectFailed),
    ],
)
def test_what_lies_beneath_decides(foreign: Exception, ours: type[FetchError]) -> None:
    """The socket's or TLS error inside a wrapper is what the visit failed of."""
    error = translate(foreign, "policy.test")
    assert type(error) is ours and error.outcome is Outcome.FAILED and not error.permanent


@pytest.mark.parametrize(
    "error", [KeyError("x"), ZeroDivisionError(), asyncio.CancelledError(), AssertionError()]
)
def test_mistakes_of_this_program_are_not_dressed_up(error: BaseException) -> None:
    """What no network can cause is not translated: it stays visible as the mistake it is."""
    assert translate(error, "policy.test") is None


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    """errors.py draws every error of its tree, each under its parent."""
    drawn = {}
    path: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        name = line.strip("│├└─ ").split(" ")[0]
        if not hasattr(errors, name) or not line.startswith("    "):
            continue
        depth = len(line) - len(line.lstrip("│├└─ "))
        path = [p for p in path if p[0] < depth]
        drawn[name] = path[-1][1] if path else ""
        path.append((depth, name))
    defined = {
        kind.__name__: kind.__bases__[0].__name__ if kind is not FetchError else ""
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, FetchError)
    }
    assert drawn == defined


def test_a_message_is_one_line_whatever_is_put_in() -> None:
    """Line breaks, escapes and sheer length do not get into a log or a mail through an error."""
    error = FetchError("a\r\nb\x1b[31m\u202e" + "c" * 900)
    assert error.message.isprintable() and len(error.message) == 400
    assert str(error) == error.message
