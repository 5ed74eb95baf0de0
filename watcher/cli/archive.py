"""Commands about kept captures: import, backfill, export, verify."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from config.policies import policy_id
from storage.database import Database
from storage.records import Policy
from watcher.archives import folder, warc, wayback
from watcher.archives.values import Entry, Listing
from watcher.backfill import Imported, by_policy, import_policy
from watcher.check import House
from watcher.cli.app import App, Failed, now, pass_app, run_async
from watcher.fetch import FetchError
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
def import_(app: App, files: tuple[Path, ...], url: str | None, at) -> None:  # type: ignore[no-untyped-def]
    """Make history of WARC files, capture folders and documents: judged as if seen then, told to nobody."""
    listings = []
    for file in files:
        listings.append(_listing(file, url, at.replace(tzinfo=now().tzinfo) if at else None))
    problems = [p for listing in listings for p in listing.problems]
    entries = [e for listing in listings for e in listing.entries]
    with app.store() as database:
        imported = run_async(_import(app, database, entries))
    _tell(app, imported, problems)


def _listing(file: Path, url: str | None, at) -> Listing:  # type: ignore[no-untyped-def]
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
    with _progress(app) as progress:
        bar = progress.add_task("importing", total=len(entries))
        async with app.house(database) as house:
            places = asyncio.Semaphore(PARALLEL)

            async def one(address: str, group: Sequence[Entry]) -> None:
                async with places:
                    policy = await _policy_for(database, address, group)
                    await import_policy(policy, group, house, imported, lambda: progress.advance(bar))

            await asyncio.gather(*(one(a, g) for a, g in groups.items()))
    seconds = max(0.001, time.monotonic() - started)
    app.err.print(
        f"{imported.captures} captures of {len(groups)} policies in {seconds:.1f} s"
        f" ({imported.captures / seconds:.0f} a second), {imported.changes} changes,"
        f" {imported.not_the_policy} captures that are not the policy,"
        f" {imported.known} known before"
    )
    return imported


async def _policy_for(database: Database, address: str, group: Sequence[Entry]) -> Policy:
    known = await database.run(lambda s: [p for p in s.policies() if p.url == address])
    if known:
        return known[0]
    kind = kind_of_address(address)
    policy = Policy(policy_id(address), address, "", kind, source="import")
    await database.run(lambda s: s.add_policy(policy, now(), paused=True))
    return policy


def _progress(app: App) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=app.err,
        transient=True,
        disable=not app.err.is_terminal,
    )


def _tell(app: App, imported: Imported, problems: Sequence[str]) -> None:
    for problem in (*problems, *imported.problems):
        click.echo(f"clausewatch: {problem}", err=True)
    if problems or imported.problems:
        raise Failed(f"imported, but {len(problems) + len(imported.problems)} things could not be used.")


@click.command(
    epilog="Example: clausewatch backfill example-com-privacy --from 2019-01-01\n\n"
    "Asks the web archive for the captures it has, one at a time and slowly."
)
@click.argument("policy")
@click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="Not before this day.")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Not after this day.")
@click.option("--limit", default=200, show_default=True, help="Captures at most, spread over the time.")
@pass_app
def backfill(app: App, policy: str, from_, to, limit: int) -> None:  # type: ignore[no-untyped-def]
    """Fetch a policy's older captures from the web archive into its history; told to nobody."""
    with app.store() as database:
        found = app.policy(database, policy)

        async def work() -> Imported:
            async with app.house(database) as house:
                listed = await wayback.found(
                    found.url, house.gate, base=app.settings.archive.base, since=from_, until=to, limit=limit
                )
                entries = [Entry(c.url, c.captured_at, partial(wayback.fetch, c, house.gate)) for c in listed]
                return await _backfill(app, house, found, entries)

        try:
            imported = run_async(work())
        except FetchError as error:
            raise Failed(f"the web archive could not be asked: {error}") from None
    _tell(app, imported, ())


async def _backfill(app: App, house: House, policy: Policy, entries: Sequence[Entry]) -> Imported:
    imported = Imported()
    if not entries:
        raise Failed(f"the web archive has no captures of {policy.url} for that time.")
    with _progress(app) as progress:
        bar = progress.add_task("fetching", total=len(entries))
        await import_policy(policy, entries, house, imported, lambda: progress.advance(bar))
    app.err.print(f"{imported.captures} captures, {imported.changes} changes, {imported.known} known before")
    return imported


COMMANDS = (import_, backfill)
