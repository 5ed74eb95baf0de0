"""Bodies as they came over the wire, each compressed with an earlier body of its policy as dictionary.

A page barely differs from itself an hour ago, so its bytes cost a few hundred bytes instead of some tens of
thousand. Every 20th body is a keyframe, compressed against the keyframe before it, every 20th of those stands
alone: reading one body takes at most 40 steps.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import OrderedDict

import zstandard

KEYFRAME_EVERY = 20
LEVEL = 6
"""zstd level of a body against its dictionary: measured, 9 saves 2 % and costs half as much again."""
KEYFRAME_LEVEL = 12
LARGE = 1500
"""Bytes above which an older body is tried as dictionary too: pages that alternate come back to it."""
_CACHE_BYTES = 64_000_000


class Bodies:
    """The bodies of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._cache = _Cache(_CACHE_BYTES)

    def add(self, policy: str, sha256: str, body: bytes) -> int:
        """Keep ``body`` (once) and give its row id."""
        row = self._conn.execute("select id from bodies where sha256 = ?", (sha256,)).fetchone()
        if row:
            return int(row[0])
        last = self._conn.execute(
            "select id, base, keyframe, steps from bodies where policy = ? order by id desc limit 2",
            (policy,),
        ).fetchall()
        base, keyframe, steps, data = self._smallest(policy, body, last)
        cursor = self._conn.execute(
            "insert into bodies (sha256, size, policy, base, keyframe, steps, data) values (?,?,?,?,?,?,?)",
            (sha256, len(body), policy, base, int(keyframe), steps, data),
        )
        assert cursor.lastrowid
        self._cache.put(cursor.lastrowid, body)
        return cursor.lastrowid

    def get(self, body_id: int) -> bytes:
        """The bytes of a row; ValueError where the stored data does not decode."""
        chain: list[tuple[int, bytes]] = []
        at: int | None = body_id
        base: bytes | None = None
        while at is not None:
            base = self._cache.get(at)
            if base is not None:
                break
            found = self._conn.execute("select base, data, size from bodies where id = ?", (at,)).fetchone()
            if found is None:
                raise ValueError(f"body {at} is gone")
            chain.append((at, found[1]))
            if len(chain) > 4 * KEYFRAME_EVERY:
                raise ValueError(f"body {body_id} leads into a circle")
            at = found[0]
        for at, data in reversed(chain):
            base = inflate(data, base)
            self._cache.put(at, base)
        assert base is not None
        return base

    def by_sha256(self, sha256: str) -> bytes | None:
        """The bytes with this sha256 (hex; a beginning of 8 digits or more is enough); None where not kept."""
        start = sha256.lower()
        if len(start) < 8 or start.strip("0123456789abcdef"):
            return None
        rows = self._conn.execute(
            "select id from bodies where sha256 >= ? and sha256 < ? || 'g' limit 2", (start, start)
        ).fetchall()
        return self.get(rows[0][0]) if len(rows) == 1 else None

    def forget(self) -> None:
        """Drop what is remembered beside the file: a transaction was undone."""
        self._cache.clear()

    def _smallest(
        self, policy: str, body: bytes, last: list[tuple[int, int | None, int, int]]
    ) -> tuple[int | None, bool, int, bytes]:
        """Base, keyframe?, steps and data for a body that follows ``last`` (newest first)."""
        if not last:
            return None, True, 0, deflate(body, None, KEYFRAME_LEVEL)
        key = self._conn.execute(
            "select id, steps, (select count(*) from bodies b where b.policy = k.policy and b.id > k.id)"
            " from bodies k where policy = ? and keyframe = 1 order by id desc limit 1",
            (policy,),
        ).fetchone()
        if key[2] + 1 >= KEYFRAME_EVERY:
            if key[1] + 1 >= KEYFRAME_EVERY:
                return None, True, 0, deflate(body, None, KEYFRAME_LEVEL)
            return key[0], True, key[1] + 1, deflate(body, self.get(key[0]), KEYFRAME_LEVEL)
        base, _, _, steps = last[0]
        data = deflate(body, self.get(base), LEVEL)
        if len(data) > LARGE and len(last) > 1 and not last[0][2]:
            other = deflate(body, self.get(last[1][0]), LEVEL)
            if len(other) < 0.9 * len(data):
                base, steps, data = last[1][0], last[1][3], other
        return base, False, steps + 1, data


def deflate(body: bytes, base: bytes | None, level: int) -> bytes:
    """zstd of ``body``, with ``base`` as raw dictionary. The window spans both, or distant repeats are lost."""
    window = max(10, min(27, (len(body) + len(base or b"")).bit_length()))
    parameters = zstandard.ZstdCompressionParameters.from_level(level, window_log=window)
    dictionary = _dictionary(base)
    if dictionary is None:
        return zstandard.ZstdCompressor(compression_params=parameters).compress(body)
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary).compress(body)


def inflate(data: bytes, base: bytes | None) -> bytes:
    """What `deflate` took; ValueError where it does not decode."""
    dictionary = _dictionary(base)
    try:
        if dictionary is None:
            return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(data)
        return zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=1 << 27).decompress(data)
    except zstandard.ZstdError as error:
        raise ValueError(f"a stored body does not decode: {error}") from error


def sha256_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _dictionary(base: bytes | None) -> zstandard.ZstdCompressionDict | None:
    # zstd takes no dictionary shorter than 8 bytes.
    if base is None or len(base) < 8:
        return None
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


class _Cache:
    """The bodies read or written last, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._items: OrderedDict[int, bytes] = OrderedDict()

    def get(self, key: int) -> bytes | None:
        found = self._items.get(key)
        if found is not None:
            self._items.move_to_end(key)
        return found

    def put(self, key: int, value: bytes) -> None:
        if key in self._items or len(value) > self._limit:
            return
        self._items[key] = value
        self._size += len(value)
        while self._size > self._limit:
            self._size -= len(self._items.popitem(last=False)[1])

    def clear(self) -> None:
        self._items.clear()
        self._size = 0
