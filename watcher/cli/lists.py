"""Commands about what is watched: list, remove."""

from __future__ import annotations

import click
from rich.markup import escape
from rich.table import Table

from watcher.cli.app import App, now, pass_app
from watcher.cli.names import policy_argument, safe


@click.command("list", epilog="Example: clausewatch list")
@pass_app
def list_(app: App) -> None:
    """What is watched: last look, stated date, when it is due, whether the watch works."""
    rows = app.ask(lambda s: s.rows("select * from latest"))
    table = Table(box=None, pad_edge=False)
    for name in ("policy", "kind", "last check", "outcome", "stated", "changes", "due", "watch"):
        table.add_column(name, no_wrap=name != "watch", overflow="fold")
    for row in rows:
        watch = str(row["watch"])
        table.add_row(
            escape(str(row["policy"])),
            str(row["kind"]),
            _minute(row["last_check_at"]) or "never",
            str(row["last_outcome"] or "—"),
            str(row["stated_updated"] or row["stated_effective"] or "—"),
            str(row["changes"]),
            _minute(row["next_due_at"]) or "paused",
            "[green]ok[/]" if watch == "ok" else f"[bold red]{escape(safe(watch))}[/]",
        )
    app.show(table)


def _minute(at: object) -> str:
    return str(at or "")[:16].replace("T", " ")


@click.command(epilog="Example: clausewatch remove example-com-privacy")
@policy_argument()
@pass_app
def remove(app: App, policy: str) -> None:
    """Stop watching a policy; its history stays."""
    with app.store() as database:
        found = app.policy(database, policy)
        database.call(lambda s: s.remove_policy(found.id, now()))
    click.echo(f"no longer watched: {found.id}; its history stays")
    if found.source == "config":
        click.echo(
            "clausewatch: it came from the configuration: take it out there as well, or the next start watches it"
            " again",
            err=True,
        )


COMMANDS = (list_, remove)
