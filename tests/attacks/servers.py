"""The other end of the wire, under the tests' control: hosts on loopback that answer byte for byte as told,
a resolver that says what it is told, and a clock that stands where it is put."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.records import HostState, RobotsState
from watcher.fetch import FetchSettings, Gate, NoMemory
from watcher.fetch.addresses import parse_networks
from watcher.fetch.transport import verifying_context

OPEN = "127.0.0.1"  # opened by `gate`'s settings
INSIDE = "127.0.0.2"  # on this machine too, but never opened: what an attacker wants to reach


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Host:
    address: str
    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def url(self, target: str = "/") -> str:
        return f"http://{self.address}:{self.port}{target}"

    def pages(self) -> list[str]:
        """The targets asked for, robots.txt left out."""
        return [r.target for r in self.requests if r.target != "/robots.txt"]


def answer(
    status: int = 200, body: bytes = b"", headers: Iterable[tuple[str, str]] = (), *, length: bool = True
) -> bytes:
    """A whole HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers)]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(*replies: bytes) -> Script:
    """Answers request after request with ``replies`` (the last one for ever); robots.txt with 404."""
    waiting = list(replies)

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.target == "/robots.txt":
            writer.write(answer(404))
            return
        writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    return script


def site(pages: dict[str, bytes]) -> Script:
    """Answers by target; 404 for the rest."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(pages.get(request.target) or answer(404))

    return script


@contextlib.asynccontextmanager
async def serve(script: Script, *, address: str = OPEN, tls: object = None) -> AsyncIterator[Host]:
    """A host that keeps connections open and runs ``script`` for each request read."""
    host = Host(address, 0)
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            while request := await _read(reader):
                host.requests.append(request)
                await script(request, writer)
                await writer.drain()
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            asyncio.CancelledError,
            asyncio.LimitOverrunError,
        ):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(talk, address, 0, ssl=tls)  # type: ignore[arg-type]
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, target, _ = head[0].split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


class Names:
    """A resolver. A name has one list of addresses, or several: one for each time it is asked for."""

    def __init__(self, **names: Sequence[str] | Sequence[Sequence[str]]) -> None:
        self._names = {name.replace("_", "."): list(found) for name, found in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        found = self._names.get(host, [])
        if found and not isinstance(found[0], str):
            turn = self.asked.count(host) - 1
            return found[min(turn, len(found) - 1)]  # type: ignore[return-value]
        return found  # type: ignore[return-value]


@dataclass
class Clock:
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Memory:
    """What the store does for the gate, without a store."""

    def __init__(self, *states: HostState) -> None:
        self.states = {s.host: s for s in states}
        self.saved: list[HostState] = []
        self.robots: dict[str, RobotsState] = {}

    async def load_hosts(self) -> Sequence[HostState]:
        return list(self.states.values())

    async def save_host(self, state: HostState) -> None:
        self.saved.append(state)
        self.states[state.host] = state

    async def load_robots(self, origin: str) -> RobotsState | None:
        return self.robots.get(origin)

    async def save_robots(self, state: RobotsState) -> None:
        self.robots[state.origin] = state


@functools.cache
def _trust() -> ssl.SSLContext:
    return verifying_context()  # the gate's own; reading it anew for every test takes longer than the test


def gate(
    *,
    memory: object = None,
    clock: object = None,
    resolver: object = None,
    ssl_context: object = None,
    **settings: object,
) -> Gate:
    """A gate to which only 127.0.0.1 is open, without an interval between requests unless asked for."""
    settings = {"allow_networks": [f"{OPEN}/32"], "host_interval_s": 0.0, "timeout_s": 20.0, **settings}
    settings["allow_networks"] = parse_networks(settings["allow_networks"])  # type: ignore[arg-type]
    given = {k: v for k, v in (("clock", clock), ("resolver", resolver)) if v}
    given["ssl_context"] = ssl_context or _trust()
    return Gate(FetchSettings(**settings), memory or NoMemory(), **given)  # type: ignore[arg-type]
