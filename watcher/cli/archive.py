"""Commands about kept captures: import, backfill, export, verify."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import TimeRemainingColumn

from config.policies import host_of, policy_id
from storage.database import Database
from storage.records import Policy
from storage.store import Store
from watcher.archives import folder, warc
from watcher.archives.values import ArchiveError, Entry, Listing
from watcher.backfill import Imported, by_policy, import_policy, place
from watcher.backfill_web import WebArchive
from watcher.check import House
from watcher.cli.app import App, Failed, an_address, now, pass_app, run_async
from watcher.kinds import kind_of_address

PARALLEL = 2
"""Policies judged side by side in an import: enough to keep the workers busy."""


@click.command(
    "import",
    epilog="Example: clausewatch import captures.warc.gz\n\n"
    "Example: clausewatch import folder-with-captures-jsonl/\n\n"
    "Example: clausewatch import old.pdf --url https://example.com/terms --at 2021-03-01",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE…"
)
@click.option("--url", help="Whose text a single document is.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="When it was captured (UTC)."
)
@pass_app
def import_(app: App, files: tuple[Path, ...], url: str | None, at: datetime | None) -> None:
    """Make history of WARC files, capture folders and documents: judged as if seen then, told to nobody."""
    captured_at = at.replace(tzinfo=UTC) if at else None
    if url is not None:
        url = an_address(url)
    listings: list[Listing] = []
    problems: list[str] = []
    for file in files:
        try:
            listings.append(_listing(file, url, captured_at))
        except ArchiveError as error:
            problems.append(str(error))
    problems += [p for listing in listings for p in listing.problems]
    entries = [e for listing in listings for e in listing.entries]
    imported = Imported()
    if entries:
        with app.store() as database:
            imported = run_async(_import(app, database, entries))
    _tell(imported, problems)


def _listing(file: Path, url: str | None, at: datetime | None) -> Listing:
    if file.is_dir():
        return folder.listing(file)
    if url:
        if at is None:
            raise click.UsageError("--url needs --at: when was this document captured?")
        return Listing((folder.document(file, url, at),))
    if file.suffix.lower() in (".html", ".htm", ".pdf", ".md", ".txt"):
        raise click.UsageError(f"{file.name}: whose text is it, and of when? Add --url and --at.")
    return warc.listing(file)


async def _import(app: App, database: Database, entries: Sequence[Entry]) -> Imported:
    imported = Imported()
    groups = by_policy(entries)
    started = time.monotonic()
    with app.progress(TimeRemainingColumn()) as progress:
        bar = progress.add_task("importing", total=len(entries))
        async with app.house(database) as house:
            places = asyncio.Semaphore(PARALLEL)

            async def one(address: str, group: Sequence[Entry]) -> None:
                async with places:
                    policy = await _policy_for(database, address)
                    await import_policy(policy, group, house, imported, lambda: progress.advance(bar))

            await asyncio.gather(*(one(a, g) for a, g in groups.items()))
    seconds = max(0.001, time.monotonic() - started)
    app.err.print(
        f"{imported.captures} captures of {len(groups)} {'policy' if len(groups) == 1 else 'policies'} in {seconds:.1f} s"
        f" ({imported.captures / seconds:.0f} a second), {imported.changes} changes,"
        f" {imported.not_the_policy} captures that are not the policy,"
        f" {imported.known} known before"
    )
    return imported


async def _policy_for(database: Database, address: str) -> Policy:
    """The policy watched under this address or another spelling of it, else a new one nobody visits."""

    def ask(store: Store) -> Policy:
        watched = store.policies()
        same = [p for p in watched if place(p.url) == place(address)]
        if same:
            return max(same, key=lambda p: p.url == address)
        taken = {p.id for p in watched}
        free = policy_id(address)
        if free in taken:
            free = next(f"{free}-{n}" for n in range(2, len(taken) + 3) if f"{free}-{n}" not in taken)
        policy = Policy(free, address, host_of(address), kind_of_address(address), source="import")
        store.add_policy(policy, now(), paused=True)
        return policy

    return await database.run(ask)


def _tell(imported: Imported, problems: Sequence[str]) -> None:
    for problem in (*problems, *imported.problems):
        click.echo(f"clausewatch: {problem}", err=True)
    if imported.stopped:
        raise Failed(imported.stopped)
    if problems or imported.problems:
        done = "imported, but " if imported.captures or imported.known else ""
        raise Failed(f"{done}{_things(len(problems) + len(imported.problems))} could not be used.")


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


@click.command(
    epilog="Example: clausewatch backfill example-com-privacy --from 2019-01-01\n\n"
    "Asks the web archive for the captures it has, one at a time and slowly."
)
@click.argument("policy")
@click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="Not before this day.")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Not after this day.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Different bodies at most, spread over the time.",
)
@pass_app
def backfill(app: App, policy: str, from_: datetime | None, to: datetime | None, limit: int) -> None:
    """Fetch a policy's older captures from the web archive into its history; told to nobody."""
    with app.store() as database:
        found = app.policy(database, policy)

        async def work() -> Imported:
            async with app.house(database) as house:
                archive = WebArchive(house.gate, now, app.settings.archive.base)
                entries = await archive.entries(found.url, since=from_, until=to, limit=limit)
                return await _backfill(app, house, found, entries)

        imported = run_async(work())
    _tell(imported, ())


async def _backfill(app: App, house: House, policy: Policy, entries: Sequence[Entry]) -> Imported:
    imported = Imported()
    if not entries:
        raise Failed(f"the web archive has no captures of {policy.url} for that time.")
    with app.progress(TimeRemainingColumn()) as progress:
        bar = progress.add_task("fetching", total=len(entries))
        await import_policy(policy, entries, house, imported, lambda: progress.advance(bar))
    app.err.print(
        f"{imported.captures} captures, {imported.changes} changes,"
        f" {imported.not_the_policy} captures that are not the policy, {imported.known} known before"
    )
    return imported


COMMANDS = (import_, backfill)
