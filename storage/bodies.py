"""Bodies as they came over the wire, each compressed with an earlier one as dictionary.

A page barely differs from itself an hour ago, so its bytes cost a few hundred bytes instead of some tens of
thousand. Every 20th body of a policy is a keyframe, compressed against the keyframe before it. A body that
stays large is a landmark: large ones of any policy are tried as dictionary for each other, since the pages of
one site share their frame and pages that alternate come back. Reading a body takes at most `MOST_STEPS` others.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.delta import ALIKE, KEYFRAME_LEVEL, LEVEL, deflate, inflate, sketch

KEYFRAME_EVERY = 20
MOST_STEPS = 60
LARGE = 2000
"""Bytes from which a compressed body is a landmark."""
LANDMARKS_TRIED = 3
_LANDMARKS_KNOWN = 4000
_CACHE_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class _Packed:
    data: bytes
    base: int | None
    steps: int
    keyframe: bool = False

    def unless(self, other: _Packed | None) -> _Packed:
        """This one, unless the other is a tenth smaller: a nearer base is cheaper to read."""
        return other if other and len(other.data) < 0.9 * len(self.data) else self


class Bodies:
    """The bodies of one database. Lives on its thread, inside the caller's transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._cache = _Cache(_CACHE_BYTES)
        self._landmarks: dict[int, frozenset[int]] | None = None

    def add(self, policy: str, sha256: str, body: bytes) -> int:
        """Keep ``body`` (once) and give its row id."""
        row = self._conn.execute("select id from bodies where sha256 = ?", (sha256,)).fetchone()
        if row:
            return int(row[0])
        packed = self._follow(policy, body)
        marks: frozenset[int] | None = None
        if len(packed.data) >= LARGE:
            marks = sketch(body)
            for like in self._alike(marks):
                packed = packed.unless(self._against(like, body, LEVEL))
        cursor = self._conn.execute(
            "insert into bodies (sha256, size, policy, base, keyframe, steps, sketch, data)"
            " values (?,?,?,?,?,?,?,?)",
            (
                sha256,
                len(body),
                policy,
                packed.base,
                int(packed.keyframe),
                packed.steps,
                None if marks is None else struct.pack(f"<{len(marks)}I", *sorted(marks)),
                packed.data,
            ),
        )
        assert cursor.lastrowid
        self._cache.put(cursor.lastrowid, body)
        if marks is not None and self._landmarks is not None:
            self._landmarks[cursor.lastrowid] = marks
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
            found = self._conn.execute("select base, data from bodies where id = ?", (at,)).fetchone()
            if found is None:
                raise ValueError(f"body {at} is gone")
            chain.append((at, found[1]))
            if len(chain) > MOST_STEPS + 1:
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
        self._landmarks = None

    def _follow(self, policy: str, body: bytes) -> _Packed:
        """Against the body before it, or as a keyframe against the keyframe before it."""
        last = self._conn.execute(
            "select id, keyframe from bodies where policy = ? order by id desc limit ?",
            (policy, KEYFRAME_EVERY),
        ).fetchall()
        if last and any(keyframe for _, keyframe in last[: KEYFRAME_EVERY - 1]):
            return self._against(last[0][0], body, LEVEL) or self._alone(body)
        if last:
            base = next((row for row, keyframe in last if keyframe), last[-1][0])
            found = self._against(base, body, KEYFRAME_LEVEL)
            if found is not None:
                return _Packed(found.data, found.base, found.steps, keyframe=True)
        return self._alone(body)

    def _alone(self, body: bytes) -> _Packed:
        return _Packed(deflate(body, None, KEYFRAME_LEVEL), None, 0, keyframe=True)

    def _against(self, base: int, body: bytes, level: int) -> _Packed | None:
        """None where reading that base takes too many steps already."""
        (steps,) = self._conn.execute("select steps from bodies where id = ?", (base,)).fetchone()
        if steps >= MOST_STEPS:
            return None
        return _Packed(deflate(body, self.get(base), level), base, steps + 1)

    def _alike(self, marks: frozenset[int]) -> Sequence[int]:
        """The landmarks most like it, the best first."""
        if self._landmarks is None:
            rows: Iterable[tuple[int, bytes]] = self._conn.execute(
                "select id, sketch from bodies where sketch is not null order by id desc limit ?",
                (_LANDMARKS_KNOWN,),
            ).fetchall()
            self._landmarks = {i: frozenset(struct.unpack(f"<{len(s) // 4}I", s)) for i, s in rows}
        common = sorted(((len(marks & other), i) for i, other in self._landmarks.items()), reverse=True)
        return [i for n, i in common[:LANDMARKS_TRIED] if n >= ALIKE]


class _Cache:
    """The bytes read or written last, up to a number of bytes."""

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
