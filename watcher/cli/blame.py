"""The command that dates each clause of the present text."""

from __future__ import annotations

import json

import click
from rich.markup import escape
from rich.table import Table

from storage.records import Version
from storage.store import Store
from watcher.cli.app import App, Failed, pass_app
from watcher.cli.names import find_known, policy_argument, safe
from watcher.compare.blame import blame as blame_of


@click.command(
    epilog="Example: clausewatch blame example-com-privacy\n\nExample: clausewatch blame example-com-privacy --grep arbitration"
)
@policy_argument()
@click.option("--grep", help="Only clauses that contain this text.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@pass_app
def blame(app: App, policy: str, grep: str | None, format_: str) -> None:
    """Each clause of the present text with the version and stated date in which it first stood."""

    def ask(store: Store) -> list[tuple[int, Version]]:
        found = find_known(store, policy)
        stood = [v for v in store.versions(found.id) if v.stood_at]
        return [(v.number, store.version(v.id)) for v in sorted(stood, key=lambda v: (v.seen_at, v.id))]

    versions = app.ask(ask)
    if not versions:
        raise Failed(f"{policy} has not been read yet; `clausewatch check {policy}` reads it.")
    rows = [
        (x, *versions[x.since])
        for x in blame_of([version for _, version in versions])
        if not grep or grep.lower() in x.clause.text.lower()
    ]
    if format_ == "json":
        for x, number, version in rows:
            record = {
                "clause": x.clause.text,
                "number": x.clause.number,
                "section": " › ".join(x.clause.section),
                "since_version": number,
                "since": version.seen_at.isoformat().replace("+00:00", "Z"),
                "stated": version.document.dates.own.value if version.document.dates.own else None,
                "origin_version": versions[x.origin][0],
                "edited_in": [versions[e][0] for e in x.edits],
            }
            click.echo(json.dumps(record, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("since", "stated", "version", "clause"):
        table.add_column(name, no_wrap=name != "clause", overflow="fold")
    for x, number, version in rows:
        text = escape(safe(f"{x.clause.number} {x.clause.text}".strip()))
        shown = f"[bold]{text}[/]" if x.clause.level else text
        table.add_row(
            f"{version.seen_at:%Y-%m-%d}",
            own.value if (own := version.document.dates.own) else "no date",
            str(number),
            shown,
        )
    app.show(table)
    if not rows:
        app.err.print("no clause of the present text contains that", soft_wrap=True)


COMMANDS = (blame,)
