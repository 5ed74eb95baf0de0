"""Bytes off the wire into a body."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.fetch import BadEncoding, Bomb, FetchError, TooLarge
from watcher.fetch.body import PIECE, SMALL, Inflater, encoding_of, read_body, read_start


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def _read(
    *parts: bytes, encoding: str = "", length: str = "", max_bytes: int = 10_000_000, cut: bool = False
) -> bytes:
    async def run() -> bytes:
        return await read_body(
            _chunks(*parts),
            encoding=encoding,
            length=length,
            max_bytes=max_bytes,
            large=asyncio.Semaphore(1),
            where="policy.test",
            cut=cut,
        )

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", ""),
        ("identity", ""),
        (" Identity , ", ""),
        ("gzip", "gzip"),
        ("X-GZip", "gzip"),
        ("identity, gzip", "gzip"),
    ],
)
def test_plain_and_gzip_are_read(header: str, wanted: str) -> None:
    """No encoding, "identity" and gzip in any spelling are what was asked for."""
    assert encoding_of(header, "policy.test") == wanted


@pytest.mark.parametrize(
    "header", ["br", "zstd", "deflate", "gzip, gzip", "gzip,br", "compress", "gzip;q=1", "\x00"]
)
def test_other_and_stacked_encodings_are_refused(header: str) -> None:
    """Everything that was not asked for is refused before a byte of it is inflated."""
    with pytest.raises(BadEncoding):
        encoding_of(header, "policy.test")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=5000), st.integers(1, 900), st.integers(1, 4))
def test_gzip_comes_out_as_it_went_in(body: bytes, size: int, members: int) -> None:
    """However the stream is cut into chunks and the body into members, its bytes come out."""
    step = len(body) // members + 1
    stream = b"".join(gzip.compress(body[i : i + step]) for i in range(0, max(len(body), 1), step))
    chunks = [stream[i : i + size] for i in range(0, len(stream), size)]
    assert _read(*chunks, encoding="gzip") == body


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(gzip.compress)), max_size=4).map(
        b"".join
    ),
    st.integers(0, 200),
)
def test_arbitrary_bytes_are_a_body_or_an_error_of_ours(stream: bytes, flip: int) -> None:
    """Any bytes under "gzip", damaged anywhere, give a body or one of our errors."""
    if stream:
        at = flip % len(stream)
        stream = stream[:at] + bytes([stream[at] ^ (1 << flip % 8)]) + stream[at + 1 :]
    with contextlib.suppress(FetchError):
        assert isinstance(_read(stream, encoding="gzip"), bytes)


@settings(max_examples=30, deadline=None)
@given(
    st.binary(min_size=1, max_size=20),
    st.integers(1, 6),
    st.integers(0, 9),
    st.sampled_from([1024, 1 << 15, 1 << 20]),
)
def test_no_stream_is_inflated_past_its_bound(unit: bytes, mib: int, level: int, max_bytes: int) -> None:
    """Whatever is repeated however often at whatever level, memory stays within the limit and two pieces."""
    stream = gzip.compress(unit * (mib * SMALL // len(unit) + 1), level)
    chunks = [stream[i : i + PIECE] for i in range(0, len(stream), PIECE)]
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            _read(*chunks, encoding="gzip", max_bytes=max_bytes - 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < max_bytes + 8 * PIECE


def test_pieces_are_small_and_a_bomb_is_noticed_early() -> None:
    """A bomb gives pieces of 64 KiB and is refused soon after its first MiB."""
    inflater = Inflater("policy.test")
    sizes = []
    with pytest.raises(Bomb):
        sizes.extend(len(piece) for piece in inflater.feed(gzip.compress(b"a" * (40 * SMALL), 9)))
    assert max(sizes) <= PIECE and sum(sizes) <= SMALL + PIECE


def test_a_page_that_compresses_well_is_no_bomb() -> None:
    """Ten megabytes of the most repetitive markup, 120:1, are read to the end."""
    row = b"".join(b"<tr><td>%d</td><td>partner</td></tr>" % (n % 7) for n in range(3000))
    page = b"".join(row + b"%d" % n + bytes(range(256)) * 2 for n in range(85))
    packed = gzip.compress(page, 9)
    assert 30 < len(page) / len(packed) < 200
    assert _read(packed, encoding="gzip") == page


def test_a_promise_is_refused_before_it_is_kept() -> None:
    """A Content-Length beyond the limit is refused without reading a byte."""
    with pytest.raises(TooLarge):
        _read(length="10000001")
    with pytest.raises(TooLarge):
        _read(length="9" * 40)
    assert _read(b"x", length="nonsense") == b"x"


def test_the_start_of_a_long_body_can_be_enough() -> None:
    """With ``cut`` the first bytes are given, exactly as many as allowed, plain or inflated."""
    body = bytes(range(256)) * 40
    for limit in (1, 1000, len(body) - 1, len(body), len(body) + 1):
        assert _read(body[:50], body[50:], max_bytes=limit, cut=True) == body[:limit]
        assert _read(gzip.compress(body), encoding="gzip", max_bytes=limit, cut=True) == body[:limit]


def test_the_first_bytes_and_whether_there_were_more() -> None:
    """read_start gives at most so many bytes and says whether that was everything."""
    assert asyncio.run(read_start(_chunks(b"abc", b"def"), 4)) == (b"abcd", False)
    assert asyncio.run(read_start(_chunks(b"abc", b"d"), 4)) == (b"abcd", True)


async def test_large_bodies_take_turns() -> None:
    """Of many bodies over 1 MiB only as many grow at once as there are places; all come through."""
    large = asyncio.Semaphore(2)
    growing = most = 0

    async def slow() -> AsyncIterator[bytes]:
        nonlocal growing, most
        yield b"x" * SMALL
        yield b"x"
        growing += 1
        most = max(most, growing)
        await asyncio.sleep(0.01)
        yield b"x"
        growing -= 1

    async def one() -> int:
        return len(
            await read_body(
                slow(), encoding="", length="", max_bytes=2 * SMALL, large=large, where="policy.test"
            )
        )

    assert await asyncio.gather(*(one() for _ in range(8))) == [SMALL + 2] * 8
    assert most == 2


def test_empty_deflate_blocks_do_not_run_for_ever() -> None:
    """A stream of blocks that inflate to nothing is bounded by its bytes on the wire."""
    header, empty = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", b"\x00\x00\x00\xff\xff"
    assert zlib.decompressobj(31).decompress(header + empty * 9) == b""
    with pytest.raises(TooLarge):
        _read(header, *[empty * 400] * 20, encoding="gzip", max_bytes=20_000)
