"""Commands that look at the pages: run, check."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import click
import structlog
from rich.markup import escape

from storage.database import Database
from storage.records import Outcome, Policy
from storage.store import Store
from watcher.check import Checked, House, check
from watcher.cli.alerts import deliverer
from watcher.cli.app import App, Failed, now, pass_app, run_async
from watcher.cli.names import safe
from watcher.cli.watching import take_in
from watcher.daemon import Daemon, owner_name
from watcher.health import TROUBLE

log = structlog.get_logger("clausewatch")

COLOUR = {Outcome.CHANGED: "bold cyan", Outcome.UNCHANGED: "green", Outcome.NOT_MODIFIED: "green"}


@click.command(epilog="Example: clausewatch --config clausewatch.toml run")
@pass_app
def run(app: App) -> None:
    """The daemon: checks what is due, tells what changed, until it is asked to stop."""
    app.log()
    with app.store() as database:
        for ended in take_in(app, database):
            log.warning("policy.ended", policy=ended.id, follows=ended.follows, reason=str(ended))
        run_async(_run(app, database))


async def _run(app: App, database: Database) -> None:
    settings = app.settings
    async with app.house(database) as house:
        carrier = deliverer(app, database, house)

        async def deliver(_: datetime) -> int:
            return sum((await carrier.once()).values())

        await Daemon(
            house=house,
            deliver=deliver,
            concurrency=settings.schedule.concurrency,
            stop_within_s=settings.schedule.stop_within,
            heartbeat=_heartbeat(app, house),
            heartbeat_every_s=settings.alert.heartbeat_every,
        ).run()


def _heartbeat(app: App, house: House):  # type: ignore[no-untyped-def]
    secret = app.settings.alert.heartbeat_url
    if secret is None:
        return None

    async def beat() -> None:
        from config.secret import reveal

        await house.gate.get(reveal(secret, os.environ), robots=False)

    return beat


@click.command(
    "check",
    epilog="Example: clausewatch check\n\nExample: clausewatch check --due   (for cron)",
)
@click.argument("policies", nargs=-1, metavar="[POLICY…]")
@click.option("--due", is_flag=True, help="Only what is due.")
@click.option("--quiet", is_flag=True, help="Only what changed or failed.")
@pass_app
def check_(app: App, policies: tuple[str, ...], due: bool, quiet: bool) -> None:
    """One pass now: fetch, read, compare, tell; with progress."""
    app.log()
    with app.store() as database:
        for ended in take_in(app, database):
            click.echo(f"clausewatch: {ended}", err=True)
        chosen = (
            [app.policy(database, name) for name in policies]
            if policies
            else database.call(lambda s: [p for p in s.policies() if s.next_due(p.id) is not None])
        )
        if not chosen:
            raise Failed("nothing is watched yet; `clausewatch add URL` or `clausewatch seed` begins.")
        results = run_async(_check(app, database, chosen, due=due, quiet=quiet))
    bad = [r for r in results if r.outcome in TROUBLE]
    changed = sum(bool(r.changes) for r in results)
    app.err.print(f"{len(results)} checked, {changed} with news, {len(bad)} in trouble")
    if bad:
        raise SystemExit(1)


async def _check(
    app: App, database: Database, chosen: Sequence[Policy], *, due: bool, quiet: bool
) -> list[Checked]:
    owner = owner_name()
    wanted = {p.id for p in chosen}
    results: list[Checked] = []
    async with app.house(database) as house:
        if due:
            claimed = await database.run(
                lambda s: s.claim_due(now(), limit=10**6, lease_s=3600.0, owner=owner)
            )
            chosen = [p for p in claimed if p.id in wanted]
            others = [p.id for p in claimed if p.id not in wanted]
            for other in others:
                await database.run(partial(_release, other, owner))
        places = asyncio.Semaphore(app.settings.schedule.concurrency)
        with app.progress() as progress:
            bar = progress.add_task("checking", total=len(chosen))

            async def one(policy: Policy) -> None:
                async with places:
                    checked = await check(policy, house)
                results.append(checked)
                progress.advance(bar)
                if not quiet or checked.changes or checked.outcome in TROUBLE:
                    progress.console.print(_line(checked), soft_wrap=True)

            await asyncio.gather(*(one(p) for p in chosen))
        await deliverer(app, database, house).drain()
    return results


def _release(policy_id: str, owner: str, store: Store) -> None:
    store.release(policy_id, owner=owner)


def _line(checked: Checked) -> str:
    colour = COLOUR.get(checked.outcome, "bold red")
    reason = f" [dim]{escape(safe(checked.reason))}[/]" if checked.reason else ""
    told = "".join(
        f"\n    #{id_} {escape(safe(change.comparison.summary if change.comparison else 'first text'))}"
        for id_, change in zip(checked.change_ids, checked.changes, strict=False)
        if change.before
    )
    return f"[{colour}]{checked.outcome.value:12}[/] {escape(checked.policy.id)}{reason}{told}"


COMMANDS = (run, check_)
