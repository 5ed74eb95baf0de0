"""Checks a second, end to end: fetch over loopback, read, compare, record, on real pages that change.

    python -m benchmarks.throughput [--documents N] [--steps N] [--stages] [--peer] [--webchanges PROGRAM]

The pages are the replay set beside the repository (``shared/replay``; without it there is nothing to run). Every
document is one host on loopback, served by a process of its own; every step moves all of them one capture on and
checks them all, then checks them all again (the second look, or the same bytes). The first step, in which every
page is read for the first time, is counted apart.

``--stages`` runs the same visits in one process, one after the other, and gives the processor's milliseconds a
check by stage. ``--peer`` reads the same pages with trafilatura and difflib, with no store and no second look.
Processor times are of this process and its workers; the site's are not in them.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import lzma
import multiprocessing
import os
import resource
import statistics
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, TypeVar

import httpx

from config.settings import Settings
from storage.database import Database
from storage.records import Outcome, Policy, PolicyKind
from storage.store import Store
from watcher import check as rooms
from watcher.check import Checked, House, check
from watcher.house import open_house

T = TypeVar("T")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "replay"
START = datetime(2025, 1, 1, tzinfo=UTC)
CONCURRENCY = 16
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Page:
    """One document and some of its captures in time order."""

    slug: str
    bodies: tuple[bytes, ...]
    content_type: str

    def at(self, step: int) -> bytes:
        return self.bodies[min(step, len(self.bodies) - 1)]


def pages(documents: int, steps: int) -> list[Page]:
    """Of each document a run of ``steps`` captures that follow each other, from the middle of its history."""
    found = []
    for entry in json.loads((SHARED / "index.json").read_text())[:documents]:
        captures = entry["captures"]
        first = max(0, (len(captures) - steps) // 2)
        chosen = captures[first : first + steps]
        names = {c["body"] for c in chosen}
        with lzma.open(SHARED / entry["archive"]) as raw, tarfile.open(fileobj=raw, mode="r|") as archive:
            bodies = {m.name: archive.extractfile(m).read() for m in archive if m.name in names}  # type: ignore[union-attr]
        found.append(Page(entry["slug"], tuple(bodies[c["body"]] for c in chosen), chosen[0]["content_type"]))
    return found


# ---------------------------------------------------------------- the site


def serve(shown: Sequence[Page], step: Synchronized[int], port: Synchronized[int]) -> None:
    """Page k on 127.0.1.k; no validators, so every visit carries the whole page."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                number = path.rpartition("/")[2]
                if number.isdigit():
                    page = shown[int(number)]
                    status, kind, body = "200 OK", page.content_type, page.at(step.value)
                else:
                    status, kind, body = "404 Not Found", "text/plain", b"none"
                lines = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(lines.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        first = await asyncio.start_server(answer, host(0), 0)
        number = first.sockets[0].getsockname()[1]
        for k in range(1, len(shown)):
            await asyncio.start_server(answer, host(k), number)
        port.value = number
        await asyncio.Event().wait()

    asyncio.run(run())


def host(number: int) -> str:
    return f"127.0.1.{number + 1}"


@dataclass
class Site:
    """The running site: move it with ``step``."""

    step: Synchronized[int]
    port: int

    def url(self, number: int) -> str:
        return f"http://{host(number)}:{self.port}/{number}"


@asynccontextmanager
async def site(shown: Sequence[Page]) -> AsyncIterator[Site]:
    spawn = multiprocessing.get_context("fork")
    step, port = spawn.Value("i", 0), spawn.Value("i", 0)
    process = spawn.Process(target=serve, args=(shown, step, port), daemon=True)
    process.start()
    try:
        while not port.value:  # noqa: ASYNC110 (the other side is a process)
            await asyncio.sleep(0.02)
        yield Site(step, port.value)
    finally:
        process.kill()
        process.join()


# ---------------------------------------------------------------- measuring


def workers_cpu() -> float:
    """Processor seconds of the living processes this one has started, but for the site (read from /proc)."""
    parents: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS)
    total = 0.0
    for number in parents:
        at, steps = number, 0
        while at in parents and at != os.getpid():
            at, steps = parents[at][0], steps + 1
        if at == os.getpid() and steps >= 2:  # the site is a child, workers are the fork server's
            total += parents[number][1]
    return total


@dataclass
class Figures:
    """What a run counted: per kind of visit its checks; per round wall and processor seconds."""

    kinds: Counter[str]
    outcomes: Counter[str]
    changes: int = 0
    wall: float = 0.0
    own: float = 0.0
    workers: float = 0.0


class Clock:
    """Visits lie ten minutes apart, so that a host's robots.txt is asked for in the first round only."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def kind_of(page: Page, step: int, again: bool, read_as: Callable[[], bool]) -> str:
    if again or page.at(step) == page.at(step - 1):
        return "same bytes"
    return "other text" if read_as() else "other bytes, same text"


async def run_checks(
    shown: Sequence[Page], running: Site, house: House, clock: Clock, steps: int
) -> tuple[Figures, Figures]:
    first, rest = Figures(Counter(), Counter()), Figures(Counter(), Counter())
    policies = [
        Policy(page.slug, running.url(k), "bench", kind=PolicyKind.PRIVACY) for k, page in enumerate(shown)
    ]
    for policy in policies:
        await house.store.run(lambda store, policy=policy: store.add_policy(policy, START))
    places = asyncio.Semaphore(CONCURRENCY)

    async def one(policy: Policy) -> Checked:
        async with places:
            return await check(policy, house)

    for step in range(steps):
        running.step.value = step
        for again in (False, True):
            clock.now = START + timedelta(minutes=20 * step + 10 * again)
            figures = rest if step else first
            wall, own, others = time.perf_counter(), time.process_time(), workers_cpu()
            done = await asyncio.gather(*(one(p) for p in policies))
            figures.wall += time.perf_counter() - wall
            figures.own += time.process_time() - own
            figures.workers += workers_cpu() - others
            for page, checked in zip(shown, done, strict=True):
                differs = checked.outcome is Outcome.CHANGED
                figures.kinds[kind_of(page, step, again, lambda d=differs: d)] += 1  # type: ignore[misc]
                figures.outcomes[checked.outcome.value] += 1
                figures.changes += len(checked.change_ids)
    return first, rest


def tell(name: str, figures: Figures) -> None:
    checks = sum(figures.kinds.values())
    cpu = figures.own + figures.workers
    print(
        f"{name}: {checks} checks, {checks / figures.wall:.0f} a second by the wall clock,"
        f" {cpu / checks * 1000:.1f} ms of processor a check"
        f" (this process {figures.own / checks * 1000:.1f}, workers {figures.workers / checks * 1000:.1f})"
    )
    print(
        f"    what a processor of 2 cores gives when alone: {min(2 / cpu, 1 / figures.own) * checks:.0f} a second"
    )
    print(f"    {dict(figures.kinds)}, {dict(figures.outcomes)}, {figures.changes} changes")


# ---------------------------------------------------------------- by stage


class Inline:
    """Workers that are none: the work is done here."""

    async def call(self, work: Callable[..., T], /, *args: object, timeout_s: float) -> T:
        return work(*args)


def timed(spent: dict[str, float], name: str, work: Callable[..., T]) -> Callable[..., T]:
    def run(*args: Any, **named: Any) -> T:
        start = time.thread_time()
        try:
            return work(*args, **named)
        finally:
            spent[name] += time.thread_time() - start

    return run


class TimedStore:
    """The store's thread, timed by the name of what is asked."""

    def __init__(self, database: Database, spent: dict[str, float]) -> None:
        self.database, self.spent = database, spent

    async def run(self, work: Callable[[Store], T]) -> T:
        return await self.database.run(timed(self.spent, "store", work))


async def by_stage(shown: Sequence[Page], steps: int) -> None:
    """Every visit of the run alone, in this process, each stage by the processor's time."""
    spent: dict[str, float] = defaultdict(float)
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    clock = Clock()
    real_read, real_settle = rooms.read, rooms.settle
    rooms.read, rooms.settle = timed(spent, "read", real_read), timed(spent, "settle", real_settle)
    try:
        with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "bench.db") as database:
            async with site(shown) as running, opened(database, clock) as house:
                house = replace(house, workers=Inline(), store=TimedStore(database, spent))
                for k, page in enumerate(shown):
                    policy = Policy(page.slug, running.url(k), "bench", kind=PolicyKind.PRIVACY)
                    database.call(lambda store, policy=policy: store.add_policy(policy, START))
                    for step in range(steps):
                        running.step.value = step
                        for again in (False, True):
                            clock.now = START + timedelta(minutes=20 * step + 10 * again)
                            spent.clear()
                            begin = time.process_time()
                            checked = await check(policy, house)
                            row = {"whole": time.process_time() - begin, **spent}
                            row["fetch and rest"] = row["whole"] - sum(spent.values())
                            differs = checked.outcome is Outcome.CHANGED
                            kind = kind_of(page, step, again, lambda d=differs: d) if step else "first text"  # type: ignore[misc]
                            if kind == "same bytes" and ("read" in row or "settle" in row):
                                kind = "second look"
                            rows[kind].append(row)
    finally:
        rooms.read, rooms.settle = real_read, real_settle
    names = ("whole", "fetch and rest", "read", "settle", "store")
    print(f"{'ms of processor a check':26s}{'checks':>8s}" + "".join(f"{n:>16s}" for n in names))
    for kind, found in sorted(rows.items()):
        means = "".join(f"{statistics.mean(r.get(n, 0.0) for r in found) * 1000:16.2f}" for n in names)
        print(f"{kind:26s}{len(found):8d}{means}")


def opened(database: Database, clock: Clock) -> Any:
    settings = Settings.model_validate(
        {"fetch": {"allow_networks": ["127.0.0.0/8"], "host_interval_s": 0.0, "max_bytes": 50_000_000}}
    )
    return open_house(settings, database, clock)


# ---------------------------------------------------------------- the peer


async def peer(shown: Sequence[Page], steps: int) -> None:
    """The shortest watch one would write: httpx, trafilatura, and difflib where the text differs."""
    try:
        from trafilatura import extract
    except ImportError:
        print("peer: trafilatura is not installed (the bench extra)")
        return
    checks, start = 0, time.process_time()
    async with site(shown) as running, httpx.AsyncClient(trust_env=False) as client:
        for k in range(len(shown)):
            before = ""
            for step in range(steps):
                running.step.value = step
                for _ in range(2):
                    body = (await client.get(running.url(k))).content
                    text = extract(body, include_tables=True) or ""
                    if before and text != before:
                        list(difflib.unified_diff(before.splitlines(), text.splitlines()))
                    before = text
                    checks += 1
    cpu = time.process_time() - start
    print(f"peer (trafilatura + difflib): {checks} checks, {cpu / checks * 1000:.1f} ms of processor a check")


async def webchanges(program: Path, shown: Sequence[Page], steps: int) -> None:
    """The same visits by webchanges (html2text and unified diff), a run of the program a visit."""
    checks, spent = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with site(shown) as running:
            jobs = "---\n".join(
                f"url: {running.url(k)}\nfilters:\n  - html2text\n" for k in range(len(shown))
            )
            (home / "jobs.yaml").write_text(jobs)
            (home / "config.yaml").write_text("report:\n  stdout:\n    enabled: true\n")
            command = [program, "--jobs", home / "jobs.yaml", "--config", home / "config.yaml"]
            command += ["--hooks", home / "hooks.py", "--database", home / "snapshots.db"]
            for step in range(steps):
                running.step.value = step
                for _ in range(2):
                    before = resource.getrusage(resource.RUSAGE_CHILDREN)
                    process = await asyncio.create_subprocess_exec(
                        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
                    )
                    await process.wait()
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                    if step:
                        spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                        checks += len(shown)
    print(f"webchanges: {checks} checks after the first, {spent / checks * 1000:.1f} ms of processor a check")


async def run(options: argparse.Namespace) -> None:
    shown = pages(options.documents, options.steps)
    size = statistics.mean(len(b) for p in shown for b in p.bodies)
    print(f"{len(shown)} documents, {options.steps} steps of two visits, {size / 1000:.0f} kB a page")
    clock = Clock()
    if not options.stages or options.peer:
        with tempfile.TemporaryDirectory() as folder, Database.open(Path(folder) / "bench.db") as database:
            async with site(shown) as running, opened(database, clock) as house:
                first, rest = await run_checks(shown, running, house, clock, options.steps)
        tell("first texts", first)
        tell("checks after that", rest)
    if options.stages:
        await by_stage(shown, options.steps)
    if options.peer:
        await peer(shown, options.steps)
    if options.webchanges:
        await webchanges(options.webchanges, shown, options.steps)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--documents", type=int, default=60)
    options.add_argument("--steps", type=int, default=12)
    options.add_argument("--stages", action="store_true", help="the processor's time by stage")
    options.add_argument("--peer", action="store_true", help="the same pages with trafilatura and difflib")
    options.add_argument("--webchanges", type=Path, metavar="PROGRAM", help="and with this webchanges")
    if not (SHARED / "index.json").exists():
        print("no shared/replay folder beside the repository: nothing to run")
        return
    asyncio.run(run(options.parse_args()))


if __name__ == "__main__":
    main()
