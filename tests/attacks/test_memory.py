"""What 64 visits at once cost in memory, measured on a process of its own against real bombs."""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
import random
import sys
from pathlib import Path

import brotli
import pytest
import zstandard

from tests.attacks.servers import answer, serve, site

MIB = 1 << 20
_PROBE = Path(__file__).with_name("many_at_once.py")


def _encoded(body: bytes, encoding: str) -> bytes:
    return answer(200, body, [("Content-Encoding", encoding), ("Content-Type", "text/html")])


def _dense() -> bytes:
    """About 9.5 MB that compress 100:1 — under every limit, so each is read to its end."""
    block = random.Random(7).randbytes(600)
    return (block + b"a" * 64_000) * 147


@functools.cache
def _pages() -> dict[str, bytes]:
    huge = b"a" * (200 * MIB)
    gz = gzip.compress(huge, 6)
    return {
        "/small": answer(200, b"small"),
        "/gzip": _encoded(gz, "gzip"),
        "/stacked": _encoded(gzip.compress(gz), "gzip, gzip"),
        "/brotli": _encoded(brotli.compress(huge, quality=1), "br"),
        "/zstd": _encoded(zstandard.compress(huge), "zstd"),
        "/dense": _encoded(gzip.compress(_dense(), 6), "gzip"),
        "/plain": answer(200, b"p" * 9_900_000),
        "/unbounded": answer(200, b"p" * 12_000_000, length=False),
    }


async def _run(port: int, target: str) -> dict[str, object]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(_PROBE), str(port), target, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    result: dict[str, object] = json.loads(printed)
    print(target, result)
    return result


@pytest.mark.parametrize(
    ("targets", "outcome", "most_mib"),
    [
        # 64 x 1 MiB before a bomb shows itself, and the reading buffers of 64 connections
        (["/gzip"], "Bomb", 130),
        (["/stacked", "/brotli", "/zstd"], "BadEncoding", 40),
        # 64 x 1 MiB + 4 x 10 MB read and joined
        (["/dense", "/plain"], "Capture", 190),
        (["/unbounded"], "TooLarge", 190),
    ],
)
async def test_64_visits_at_once_stay_within_their_bound(
    targets: list[str], outcome: str, most_mib: int
) -> None:
    """64 bombs of 200 MiB, or 64 pages just under the limit, cost what the bound says and not 64 times that."""
    async with serve(site(_pages())) as host:
        for target in targets:
            result = await _run(host.port, target)
            assert result["outcomes"] == {outcome: 64}
            assert float(str(result["grown_mib"])) < most_mib
