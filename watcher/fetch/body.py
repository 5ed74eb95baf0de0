"""Bytes off the wire into a body, within bounds that hold for all requests together.

`Inflater` is pure. gzip is the only encoding asked for and the only one read; servers that send others anyway,
or several at once, are refused, because a few kilobytes of those can cost gigabytes before a cap is noticed.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from .errors import BadEncoding, Bomb, Interrupted, TooLarge

PIECE = 1 << 16
SMALL = 1 << 20  # a body up to this size needs no leave to grow
LARGE_AT_ONCE = 4  # bodies that may be larger than that at the same time
# DEFLATE reaches 1032:1. Markup rarely passes 30:1; what is still past this after SMALL is no page.
BOMB_RATIO = 200

_MAGIC = b"\x1f\x8b"
_GZIP = {"gzip", "x-gzip"}


class Inflater:
    """Feeds on gzip (several members too), gives pieces of at most 64 KiB. Raises `BadEncoding`, `Bomb`."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._member = zlib.decompressobj(47)
        self._held = b""
        self._eaten = 0
        self._given = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._held = self._held + data, b""
        before, whole = self._eaten, len(data)
        while data:
            if self._member.eof:
                if data == _MAGIC[:1]:
                    self._held = data  # the rest of a member's mark may come with the next chunk
                    return
                if not data.startswith(_MAGIC):
                    return  # padding after the last member: ignored, as browsers and gzip(1) do
                self._member = zlib.decompressobj(47)
            try:
                piece = self._member.decompress(data, PIECE)
            except zlib.error as error:
                raise BadEncoding(f"{self._where}: the gzip encoding is damaged") from error
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self._eaten = before + whole - len(data)
            if piece:
                self._given += len(piece)
                if self._given > SMALL and self._given > BOMB_RATIO * self._eaten:
                    raise Bomb(
                        f"{self._where}: {self._eaten} compressed bytes inflate to more than {self._given}"
                    )
                yield piece

    def finish(self) -> None:
        """Raises `Interrupted` where the encoding has no end. Nothing at all counts as complete."""
        if self._eaten and not self._member.eof:
            raise Interrupted(f"{self._where}: the gzip encoding ends in the middle")


def encoding_of(header: str, where: str) -> str:
    """ "gzip" or "" from a Content-Encoding header. Raises `BadEncoding` for any other, or more than one."""
    names = [name for name in (part.strip().lower() for part in header.split(",")) if name != "identity"]
    if not any(names):
        return ""
    if len(names) == 1 and names[0] in _GZIP:
        return "gzip"
    raise BadEncoding(f"{where}: sent content encoding {header[:80]!r}; only gzip was asked for")


async def read_body(
    chunks: AsyncIterator[bytes],
    *,
    encoding: str,
    length: str,
    max_bytes: int,
    large: asyncio.Semaphore,
    where: str,
    cut: bool = False,
) -> bytes:
    """The whole body, inflated. ``length`` is the Content-Length header, refused early where it is too large.
    With ``cut``, the first ``max_bytes`` are enough and a longer body is no fault.

    A body larger than 1 MiB needs one of ``large``'s places to go on, so that n requests at once hold at most
    n MiB + places x ``max_bytes``. Raises `TooLarge`, `Bomb`, `BadEncoding`, `Interrupted`, and what
    ``chunks`` raises.
    """
    if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > max_bytes):
        raise TooLarge(f"{where}: the answer is {length[:20]} bytes long (at most {max_bytes})")
    inflater = Inflater(where) if encoding else None
    pieces: list[bytes] = []
    size = wire = 0
    holding = False
    try:
        async for chunk in chunks:
            wire += len(chunk)
            for piece in inflater.feed(chunk) if inflater else (chunk,):
                size += len(piece)
                if cut and size >= max_bytes:
                    pieces.append(piece[: len(piece) - (size - max_bytes)])
                    return b"".join(pieces)
                if size > max_bytes:
                    raise TooLarge(f"{where}: the answer is longer than {max_bytes} bytes")
                if size > SMALL and not holding:
                    await large.acquire()
                    holding = True
                pieces.append(piece)
            if wire > max_bytes:  # what inflates to little or nothing
                raise TooLarge(f"{where}: more than {max_bytes} bytes came over the wire")
        if inflater:
            inflater.finish()
        return b"".join(pieces)
    finally:
        pieces.clear()  # an error's traceback keeps this frame, and with it what was read, alive
        if holding:
            large.release()


async def read_start(chunks: AsyncIterator[bytes], limit: int) -> tuple[bytes, bool]:
    """The first ``limit`` bytes as they come, and whether that was all."""
    pieces: list[bytes] = []
    size = 0
    async for chunk in chunks:
        pieces.append(chunk[: limit - size])
        size += len(chunk)
        if size > limit:
            return b"".join(pieces), False
    return b"".join(pieces), True
