"""Answers that drip, swell, lie or break, from real sockets: each costs little and comes to one clear error."""

# ruff: noqa: SIM117 — who serves and who asks read better as two steps

from __future__ import annotations

import asyncio
import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.records import Capture, Outcome
from tests.attacks.servers import Request, Script, answer, gate, says, serve, site
from watcher.fetch import (
    BadEncoding,
    BadRedirect,
    Bomb,
    BrokenProtocol,
    FetchError,
    Interrupted,
    TimedOut,
    TooLarge,
    UnexpectedStatus,
)

MIB = 1 << 20


def _encoded(body: bytes, encoding: str) -> bytes:
    return answer(200, body, [("Content-Encoding", encoding), ("Content-Type", "text/html")])


def _drips(start: bytes, drop: bytes) -> Script:
    """Sends ``start`` at once and then ``drop`` every 20 ms for ever: no read ever waits long."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    return script


def _floods(start: bytes, flood: bytes) -> Script:
    """Sends ``start`` and then ``flood`` without end, as fast as it is taken."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(flood)
            await writer.drain()

    return script


def _breaks_off(start: bytes) -> Script:
    """Sends ``start`` and resets the connection."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.transport.abort()

    return script


def _closes(start: bytes) -> Script:
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        writer.close()

    return script


_BOMB = gzip.compress(b"a" * (80 * MIB), 9)
_ZSTD_BOMB = zstandard.ZstdCompressor(level=19).compress(b"a" * (80 * MIB))
_BROTLI_BOMB = brotli.compress(b"a" * (80 * MIB), quality=5)

CASES: dict[str, tuple[Callable[[], Script], type[FetchError]]] = {
    "a body that drips": (
        lambda: _drips(answer(200, b"", [("Content-Length", "9999")], length=False), b"x"),
        TimedOut,
    ),
    "a chunked body that drips": (
        lambda: _drips(answer(200, b"", [("Transfer-Encoding", "chunked")], length=False), b"1\r\nx\r\n"),
        TimedOut,
    ),
    "a header that drips": (lambda: _drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), TimedOut),
    "a status line that drips": (lambda: _drips(b"HTTP/1.1 200 ", b"O"), TimedOut),
    "silence": (lambda: _drips(b"", b""), TimedOut),
    "interim answers without end": (
        lambda: _drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        TimedOut,
    ),
    "a flood of interim answers": (
        lambda: _floods(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500),
        TooLarge,
    ),
    "a body without end": (lambda: _floods(answer(200, length=False), b"x" * 65536), TooLarge),
    "a chunked body without end": (
        lambda: _floods(
            answer(200, b"", [("Transfer-Encoding", "chunked")], length=False),
            b"1000\r\n" + b"x" * 4096 + b"\r\n",
        ),
        TooLarge,
    ),
    "chunks that are mostly framing": (
        lambda: _floods(
            answer(200, b"", [("Transfer-Encoding", "chunked")], length=False),
            (b"1;" + b"e" * 200 + b"\r\nx\r\n") * 100,
        ),
        TooLarge,
    ),
    "trailers without end": (
        lambda: _floods(
            answer(200, b"", [("Transfer-Encoding", "chunked")], length=False) + b"1\r\nx\r\n0\r\n",
            b"X: " + b"y" * 8000 + b"\r\n",
        ),
        BrokenProtocol,
    ),
    "a promise of too much": (
        lambda: says(answer(200, b"x", [("Content-Length", "9" * 15)], length=False)),
        TooLarge,
    ),
    "a header without end": (lambda: _floods(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536), BrokenProtocol),
    "a header too large": (lambda: says(answer(200, b"", [("X", "y" * 70_000)])), TooLarge),
    "a header of many lines": (
        lambda: says(answer(200, b"", [(f"X-{i}", "y" * 50) for i in range(1500)])),
        TooLarge,
    ),
    "a gzip bomb": (lambda: says(_encoded(_BOMB, "gzip")), Bomb),
    "a gzip bomb in many members": (
        lambda: says(_encoded(gzip.compress(b"a" * (4 * MIB), 9) * 20, "x-gzip")),
        Bomb,
    ),
    "a gzip bomb behind an honest start": (
        lambda: says(_encoded(gzip.compress(bytes(range(256)) * 40) + _BOMB, "gzip")),
        Bomb,
    ),
    "gzip in gzip": (lambda: says(_encoded(gzip.compress(_BOMB), "gzip, gzip")), BadEncoding),
    "gzip twice in two headers": (
        lambda: says(answer(200, gzip.compress(_BOMB), [("Content-Encoding", "gzip")] * 2)),
        BadEncoding,
    ),
    "brotli unasked": (lambda: says(_encoded(_BROTLI_BOMB, "br")), BadEncoding),
    "zstd unasked": (lambda: says(_encoded(_ZSTD_BOMB, "zstd")), BadEncoding),
    "deflate unasked": (lambda: says(_encoded(zlib.compress(b"a" * (80 * MIB)), "deflate")), BadEncoding),
    "an unknown encoding": (lambda: says(_encoded(b"x", "aes128gcm")), BadEncoding),
    "gzip that is none": (lambda: says(_encoded(b"<html>plain</html>", "gzip")), BadEncoding),
    "damaged gzip": (
        lambda: says(_encoded(gzip.compress(bytes(range(256)) * 99)[:60] + b"\xff" * 400, "gzip")),
        BadEncoding,
    ),
    "gzip cut short": (
        lambda: says(_encoded(gzip.compress(bytes(range(256)) * 99)[:-20], "gzip")),
        Interrupted,
    ),
    "a body shorter than promised": (
        lambda: _closes(answer(200, b"half", [("Content-Length", "999")], length=False)),
        Interrupted,
    ),
    "a chunked body that ends early": (
        lambda: _closes(answer(200, b"5\r\nhello\r\n", [("Transfer-Encoding", "chunked")], length=False)),
        Interrupted,
    ),
    "no answer at all": (lambda: _closes(b""), Interrupted),
    "a reset before the header": (lambda: _breaks_off(b""), Interrupted),
    "a reset in the header": (lambda: _breaks_off(b"HTTP/1.1 200 OK\r\nContent-"), Interrupted),
    "a reset in the body": (
        lambda: _breaks_off(answer(200, b"half", [("Content-Length", "999")], length=False)),
        Interrupted,
    ),
    "not HTTP": (lambda: _closes(b"220 smtp.test ESMTP\r\n\r\n"), BrokenProtocol),
    "HTTP/0.9": (lambda: _closes(b"<html>hello</html>\r\n\r\n"), BrokenProtocol),
    "two lengths": (
        lambda: says(answer(200, b"xx", [("Content-Length", "1"), ("Content-Length", "2")], length=False)),
        BrokenProtocol,
    ),
    "a negative length": (
        lambda: says(answer(200, b"x", [("Content-Length", "-1")], length=False)),
        BrokenProtocol,
    ),
    "a chunk size that is none": (
        lambda: says(answer(200, b"zz\r\nx\r\n0\r\n\r\n", [("Transfer-Encoding", "chunked")], length=False)),
        BrokenProtocol,
    ),
    "a header line without a name": (
        lambda: says(b"HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n"),
        BrokenProtocol,
    ),
    "a redirect in a circle": (lambda: says(answer(302, b"", [("Location", "/")])), BadRedirect),
    "a redirect without a place": (lambda: says(answer(302, b"x")), UnexpectedStatus),
    "304 unasked": (lambda: says(answer(304)), UnexpectedStatus),
    "206 unasked": (
        lambda: says(answer(206, b"part", [("Content-Range", "bytes 0-3/99")])),
        UnexpectedStatus,
    ),
    "a change of protocol": (lambda: says(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), FetchError),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_hostile_answer_comes_to_a_clear_error(case: str) -> None:
    """Each attack ends within the time allowed, in an error of its kind, with one line to read."""
    make, kind = CASES[case]
    slow = kind is TimedOut
    async with serve(make()) as host:
        async with gate(timeout_s=0.4 if slow else 20.0, respect_robots=False) as g:
            with pytest.raises(kind) as caught:
                await g.get(host.url())
    assert caught.value.message.isprintable() and caught.value.message
    assert caught.value.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "case", [c for c, (_, kind) in CASES.items() if "bomb" in c or issubclass(kind, BadEncoding)]
)
async def test_a_bomb_costs_at_most_a_few_mebibytes(case: str) -> None:
    """What Python allocates while a bomb is refused stays under 6 MiB (80 MiB lie inside)."""
    make, kind = CASES[case]
    async with serve(make()) as host, gate(respect_robots=False) as g:
        with pytest.raises(kind):  # connects, imports and warms up first
            await g.get(host.url())
        tracemalloc.start()
        with pytest.raises(kind):
            await g.get(host.url())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 6 * MIB


async def test_a_webhook_answer_cannot_swell_or_stall() -> None:
    """A receiver's word is its status: a body that floods, drips or breaks off after it changes nothing."""
    head = answer(200, b"", [("Content-Length", "99999999")], length=False)
    for script in (_floods(head, b"x" * 65536), _drips(head, b"x"), _breaks_off(head), _closes(head)):
        async with serve(script) as host, gate(timeout_s=2.0) as g:
            result = await g.post(host.url(), body=b"{}", headers={})
        assert result.ok and len(result.body) <= 4096


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n"])
async def test_a_webhook_receiver_that_never_answers_is_timed_out(start: bytes) -> None:
    """A receiver that drips its header holds the sender no longer than allowed."""
    async with serve(_drips(start, b"X: y\r\n" if start else b"")) as host, gate(timeout_s=0.4) as g:
        with pytest.raises(TimedOut):
            await g.post(host.url(), body=b"{}", headers={})


async def test_time_is_counted_over_all_hops() -> None:
    """Redirects do not start the clock anew: five hops of 0.2 s do not fit into 0.5 s."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(answer(302, b"", [("Location", request.target + "x")]))

    async with serve(script) as host, gate(timeout_s=0.5, respect_robots=False) as g:
        with pytest.raises(TimedOut):
            await g.get(host.url("/"))
    assert len(host.requests) < 5


async def test_waiting_for_the_hosts_turn_is_not_counted_as_time() -> None:
    """Sixteen pages of one host, 0.15 s each and 2.4 s together, are all read with 2 s allowed for each."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(answer(200, b"page"))

    async with serve(script) as host, gate(timeout_s=2.0, respect_robots=False) as g:
        got = await asyncio.gather(*(g.get(host.url(f"/{i}")) for i in range(16)))
    assert len(got) == 16


async def test_leftovers_do_not_become_the_next_answer() -> None:
    """Bytes sent beyond an answer's promised length are never read as the answer to the next request."""
    smuggled = answer(200, b"a")[:-1] + b"a" + answer(200, b"smuggled")
    beyond_304 = b'HTTP/1.1 304 X\r\nETag: "x"\r\n\r\n' + answer(200, b"smuggled")
    chunked = answer(200, b"1\r\na\r\n0\r\n\r\n", [("Transfer-Encoding", "chunked")], length=False)
    for first in (smuggled, beyond_304, chunked + answer(200, b"smuggled")):
        async with serve(says(first, answer(200, b"right"))) as host, gate(respect_robots=False) as g:
            with contextlib.suppress(UnexpectedStatus):
                await g.get(host.url("/one"))
            second = await g.get(host.url("/two"))
        assert isinstance(second, Capture) and second.body == b"right"


async def test_a_connection_closed_in_the_pool_is_no_failure() -> None:
    """A kept connection that the host closed meanwhile is replaced without anybody noticing."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("sockname") and getattr(writer, "used", False):
            writer.transport.abort()
            return
        writer.used = True  # type: ignore[attr-defined]
        writer.write(answer(200, b"page"))

    async with serve(script) as host, gate(respect_robots=False) as g:
        for _ in range(4):
            await g.get(host.url())
    assert host.connections == 4


async def test_an_honest_page_passes() -> None:
    """Plain, chunked, gzip, gzip in members with padding, and close-delimited pages come out byte for byte."""
    page = ("<p>Ünïcode policy, clause by clause. " * 9000).encode()
    half = len(page) // 2
    members = gzip.compress(page[:half]) + gzip.compress(page[half:]) + b"\0" * 20
    chunks = b"".join(f"{len(c):x}\r\n".encode() + c + b"\r\n" for c in (page[:10], page[10:99], page[99:]))
    pages = {
        "/plain": answer(200, page),
        "/gzip": _encoded(gzip.compress(page), "gzip"),
        "/members": _encoded(members, "GZIP"),
        "/identity": _encoded(page, "identity"),
        "/chunked": answer(200, chunks + b"0\r\n\r\n", [("Transfer-Encoding", "chunked")], length=False),
        "/empty-gzip": _encoded(b"", "gzip"),
    }
    async with serve(site(pages)) as host, gate() as g:
        for target in pages:
            capture = await g.get(host.url(target))
            assert isinstance(capture, Capture)
            assert capture.body == (b"" if target == "/empty-gzip" else page), target
    async with serve(_closes(answer(200, page, length=False))) as host, gate(respect_robots=False) as g:
        capture = await g.get(host.url())
        assert isinstance(capture, Capture) and capture.body == page


async def test_a_lying_charset_leaves_the_bytes_alone() -> None:
    """The gate decodes nothing: whatever a page claims of its charset, the capture has its bytes."""
    body = "naïve".encode("latin-1")
    for claim in (
        "text/html; charset=utf-8",
        "text/html; charset=utf-7",
        "text/html; charset=\xff",
        ";;",
        "x" * 5000,
    ):
        async with serve(says(answer(200, body, [("Content-Type", claim)]))) as host, gate() as g:
            capture = await g.get(host.url())
        assert isinstance(capture, Capture) and capture.body == body


async def test_a_refusal_whose_page_cannot_be_read_is_still_a_refusal() -> None:
    """A 403 with a brotli page is a 403, not an encoding error."""
    async with serve(says(answer(403, _BROTLI_BOMB, [("Content-Encoding", "br")]))) as host, gate() as g:
        with pytest.raises(FetchError, match="403") as caught:
            await g.get(host.url(), robots=False)
    assert caught.value.outcome is Outcome.BLOCKED


_HEADS = st.sampled_from(
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b"HTTP/1.1 302 Found\r\nLocation: ",
        b"HTTP/1.1 429 X\r\nRetry-After: ",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: ",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: ",
        b"HTTP/1.1 ",
    ]
)


@settings(max_examples=250, deadline=None)
@given(_HEADS, st.binary(max_size=200), st.sampled_from([b"", b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"]))
def test_any_bytes_are_a_capture_or_one_of_our_errors(head: bytes, middle: bytes, end: bytes) -> None:
    """Whatever a host sends, the gate gives a capture or raises an error of ours; nothing else gets out."""

    async def visit() -> None:
        async with serve(_closes(head + middle + end)) as host:
            async with gate(respect_robots=False, timeout_s=5.0, max_redirects=2) as g:
                try:
                    capture = await g.get(host.url())
                except FetchError as error:
                    assert error.message.isprintable()
                else:
                    assert isinstance(capture, Capture)

    asyncio.run(visit())
