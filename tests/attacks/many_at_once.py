"""Run as a process of its own: 64 visits at once, each to a host of its own name on one port of loopback.

    many_at_once.py PORT TARGET

Prints what they came to and by how many MiB the process grew at its largest, as one JSON line.
"""

from __future__ import annotations

import asyncio
import collections
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from watcher.fetch import FetchError, FetchSettings, Gate, NoMemory
from watcher.fetch.addresses import parse_networks

AT_ONCE = 64


async def _loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def _peak_mib() -> float:
    """The largest resident size of this process image; getrusage would still count the parent's before exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def main(port: str, target: str) -> None:
    settings = FetchSettings(
        allow_networks=parse_networks(["127.0.0.1/32"]),
        host_interval_s=0,
        respect_robots=False,
        timeout_s=120,
    )
    outcomes: collections.Counter[str] = collections.Counter()
    async with Gate(settings, NoMemory(), resolver=_loopback) as gate:

        async def visit(host: str, path: str) -> None:
            try:
                result: object = await gate.get(f"http://{host}.test:{port}{path}")
            except FetchError as error:
                result = error
            outcomes[type(result).__name__] += 1

        await visit("warm", "/small")
        outcomes.clear()
        before = _peak_mib()
        await asyncio.gather(*(visit(f"h{i}", target) for i in range(AT_ONCE)))
        print(json.dumps({"outcomes": dict(outcomes), "grown_mib": round(_peak_mib() - before, 1)}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
