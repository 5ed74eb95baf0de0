"""Does it grow? The resident memory of every process over many checks.

    python -m benchmarks.memory [--checks 10000] [--policies 50]

Pages of our own on loopback: every visit brings other bytes (a token in a script), every twentieth another text.
Printed is a line each tenth of the run: megabytes of this process (the one a daemon would be), of its workers, and
what the rows come to on disk. A cache that fills shows in the first lines, a leak in the last.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.throughput import CONCURRENCY, START, Clock, Page, opened, site
from storage.database import Database
from storage.records import Policy, PolicyKind
from watcher.check import check

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
STEPS_A_TEXT = 20
PARAGRAPHS = 60


@dataclass(frozen=True)
class Endless(Page):
    """A policy that never runs out of captures."""

    def at(self, step: int) -> bytes:
        days = 30 + step // STEPS_A_TEXT
        lines = "".join(
            f"<p>{self.slug}: for purpose number {n} we keep the data you gave us for {days if n == 7 else 14} days,"
            f" in the store of region {n % 9}, and share them with partner {n * 7 % 31} alone.</p>"
            for n in range(PARAGRAPHS)
        )
        token = f"<script>window.token = '{hash((self.slug, step)):x}';</script>"
        return (
            f'<!doctype html><html lang="en"><head><title>Privacy notice</title>{token}</head><body><main>'
            f"<h1>Privacy notice</h1><p>This notice tells what {self.slug} does with personal data.</p>{lines}"
            "</main></body></html>"
        ).encode()


def resident() -> tuple[float, list[float]]:
    """Megabytes of this process, and of the workers: what lives two steps below it, the site excepted."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    own = os.getpid()
    workers = [n for n, parent in parents.items() if parents.get(parent) == own]
    return _megabytes(own), [_megabytes(n) for n in sorted(workers)]


def _megabytes(number: int) -> float:
    try:
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * _PAGE_BYTES / 1e6
    except OSError:
        return 0.0


def on_disk(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


async def run(checks: int, policies: int) -> None:
    shown = [Endless(f"shop-{n}", (b"",), "text/html; charset=utf-8") for n in range(policies)]
    clock, done, step = Clock(), 0, 0
    print(
        f"{'checks':>8s}{'this process':>14s}  {'workers':24s}{'file':>10s}{'ms of processor a check':>26s}"
    )
    with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "bench.db") as database:
        async with site(shown) as running, opened(database, clock) as house:
            watched = [
                Policy(p.slug, running.url(k), "bench", kind=PolicyKind.PRIVACY) for k, p in enumerate(shown)
            ]
            for policy in watched:
                database.call(lambda store, policy=policy: store.add_policy(policy, START))
            places = asyncio.Semaphore(CONCURRENCY)

            async def one(policy: Policy) -> None:
                async with places:
                    await check(policy, house)

            spent, counted = time.process_time(), 0
            while done < checks:
                running.step.value = step
                clock.now = START + timedelta(minutes=20 * step)
                await asyncio.gather(*(one(p) for p in watched))
                step += 1
                done += policies
                if done * 10 // checks > (done - policies) * 10 // checks:
                    gc.collect()
                    own, workers = resident()
                    size = on_disk(Path(folder))
                    cost = (time.process_time() - spent) / (done - counted) * 1000
                    spent, counted = time.process_time(), done
                    print(
                        f"{done:8d}{own:11.1f} MB  {' '.join(f'{w:.1f}' for w in workers) + ' MB':24s}"
                        f"{size:7.1f} MB{cost:26.2f}",
                        flush=True,
                    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--checks", type=int, default=10_000)
    options.add_argument("--policies", type=int, default=50)
    chosen = options.parse_args()
    asyncio.run(run(chosen.checks, chosen.policies))


if __name__ == "__main__":
    main()
