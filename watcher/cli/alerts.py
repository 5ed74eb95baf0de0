"""Commands about alerts: what waits, what was sent, what failed; try again; try a channel."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from storage.database import Database
from storage.records import AlertIntent, AlertType
from storage.store import Store
from watcher.cli.app import App, Failed, now, pass_app, run_async
from watcher.cli.names import safe

if TYPE_CHECKING:
    from watcher.alert.deliver import Deliverer
    from watcher.check import House

STATE = {"sent": "green", "waiting": "yellow", "sending": "yellow", "dead": "bold red"}


@click.group()
def alerts() -> None:
    """What was told to whom, and what still waits."""


@alerts.command("list", epilog="Example: clausewatch alerts list --state dead")
@click.option("--state", type=click.Choice(["waiting", "sending", "sent", "dead"]))
@click.option("--limit", default=50, show_default=True)
@pass_app
def list_(app: App, state: str | None, limit: int) -> None:
    """The deliveries, newest first: one change to one channel each."""
    from watcher.logs import masked

    rows = app.ask(lambda s: s.deliveries(state=state, limit=limit))
    table = Table(box=None, pad_edge=False)
    for name in ("id", "created", "channel", "type", "about", "state", "tries", "last answer"):
        table.add_column(name, no_wrap=name != "last answer", overflow="fold")
    for row in rows:
        about = f"{row.policy or ''}{f' #{row.change}' if row.change else ''}"
        table.add_row(
            str(row.id),
            f"{row.created_at:%Y-%m-%d %H:%M}",
            escape(row.channel),
            row.type.value,
            escape(about),
            f"[{STATE[row.state]}]{row.state}[/]",
            str(row.attempts),
            escape(safe(masked(row.reason))),
        )
    app.show(table)
    if not rows:
        app.err.print("nothing to show: no such alert was written down yet", soft_wrap=True)


@alerts.command(epilog="Example: clausewatch alerts retry --channel legal")
@click.argument("delivery", required=False, type=int)
@click.option("--channel", help="Everything given up for this channel.")
@pass_app
def retry(app: App, delivery: int | None, channel: str | None) -> None:
    """Send again what was given up (one delivery, one channel's, or all)."""
    with app.store() as database:
        count = database.call(lambda s: s.requeue(now(), delivery=delivery, channel=channel))
    if not count:
        raise Failed("nothing that was given up matches; `clausewatch alerts list --state dead` shows it.")
    click.echo(f"{count} waiting again; the daemon sends them within seconds.")


@alerts.command(epilog="Example: clausewatch alerts test legal")
@click.argument("channel", required=False)
@pass_app
def test(app: App, channel: str | None) -> None:
    """Send a test alert through one channel (default: all) and say what the other side answered."""
    names = [c.name for c in app.settings.channel]
    if not names:
        raise Failed("no channel is configured; the example configuration shows how.")
    if channel is not None and channel not in names:
        raise click.UsageError(f"no channel {channel!r}; configured: {', '.join(names)}")
    wanted = [channel] if channel else names
    app.log("critical")  # what the other sides answered is said below, once
    with app.store() as database:
        bad = run_async(_test(app, database, wanted))
    if bad:
        raise Failed(f"{bad} of {len(wanted)} did not get through.")


async def _test(app: App, database: Database, names: list[str]) -> int:
    from watcher.logs import masked

    note = "a test from `clausewatch alerts test`: if you can read this, the channel works"
    ids: dict[str, int] = {}
    for name in names:
        payload = {"channel": name, "note": note}
        ids[name] = await database.run(partial(_enqueue, AlertIntent(name, AlertType.TEST, payload, now())))
    async with app.house(database) as house:
        await deliverer(app, database, house).drain()
    rows = {row.id: row for row in await database.run(lambda s: s.deliveries(limit=1000))}
    for name, id_ in ids.items():
        row = rows[id_]
        later = " (tried again while the daemon runs)" if row.state == "waiting" else ""
        click.echo(f"{name}: {row.state}: {safe(masked(row.reason))}{later}")
    return sum(rows[id_].state != "sent" for id_ in ids.values())


def _enqueue(alert: AlertIntent, store: Store) -> int:
    return store.enqueue(alert, now())


def deliverer(app: App, database: Database, house: House) -> Deliverer:
    """What carries the deliveries, through the configured channels."""
    from watcher.alert.deliver import Deliverer, Patience
    from watcher.alert.wiring import channels as configured
    from watcher.alert.wiring import digest_channels

    alert = app.settings.alert
    return Deliverer(
        database,
        configured(app.settings.channel, house.gate.post, os.environ, timeout_s=alert.send_timeout_s),
        now=now,
        digests=digest_channels(app.settings.channel),
        patience=Patience(alert.give_up_after, alert.send_timeout_s, alert.concurrency),
    )


COMMANDS = (alerts,)
