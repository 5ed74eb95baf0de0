"""The command that shows two versions of a policy as a redline."""

from __future__ import annotations

import json

import click
from rich.markup import escape

from storage.change_record import comparison_record
from storage.explanations import Explanation
from storage.records import Document, Policy
from storage.store import Store
from watcher.alert import redline, redline_html
from watcher.alert.redline_lines import Redline, of_change, of_comparison
from watcher.cli.app import App, Failed, pass_app
from watcher.cli.explain import shown
from watcher.cli.names import find_known, policy_argument
from watcher.compare import compare


@click.command(
    epilog="Example: clausewatch diff example-com-privacy\n\n"
    "Example: clausewatch diff example-com-privacy 2 5 --format html > redline.html\n\n"
    "Example: clausewatch diff example-com-privacy --change 17",
)
@policy_argument()
@click.argument("a", required=False, type=int)
@click.argument("b", required=False, type=int)
@click.option("--change", type=int, help="The change with this number, as `changes` and alerts give it.")
@click.option("--format", "format_", type=click.Choice(["terminal", "html", "json"]), default="terminal")
@click.option("--context", default=1, show_default=True, help="Unchanged clauses shown around each change.")
@pass_app
def diff(
    app: App, policy: str, a: int | None, b: int | None, change: int | None, format_: str, context: int
) -> None:
    """A redline between versions A and B of a policy, as `history` numbers them (default: the last change)."""
    if change is not None and a is not None:
        raise click.UsageError("name two versions or a change, not both.")

    def ask(store: Store) -> tuple[Redline, dict[str, object], Explanation | None]:
        found = find_known(store, policy)
        if a is None:
            line, record, pair = _one_change(store, found, change, context)
        else:
            line, record, pair = _between(store, found, a, b, context)
        return line, record, store.explanation(*pair)

    line, record, explanation = app.ask(ask)
    if format_ == "html":
        click.echo(redline_html.page(line))
    elif format_ == "json":
        record |= {"explanation": explanation.text} if explanation else {}
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        app.out.print(redline.terminal(line, width=app.out.width))
        if explanation:
            app.out.print(f"\n[dim]{escape(shown(explanation))}[/]")


_Shown = tuple[Redline, dict[str, object], tuple[int, int]]
"""A redline, its record, and the row ids of its two versions."""


def _one_change(store: Store, policy: Policy, number: int | None, context: int) -> _Shown:
    told = [c for c in store.changes(policy=policy.id) if c.from_version is not None]
    if not told:
        raise Failed(f"{policy.id} has not changed since it was first seen.")
    change = next((c for c in told if c.id == number), None) if number is not None else told[-1]
    if change is None:
        near = ", ".join(f"{c.id}" for c in told[-12:])
        raise click.UsageError(f"{policy.id} has no change {number}; its latest are {near}.")
    assert change.from_id is not None and change.to_id is not None
    pair = change.from_id, change.to_id
    both = store.version_document(pair[0]), store.version_document(pair[1])
    return of_change(change, documents=both, context=context), redline.as_json(change), pair


def _between(store: Store, policy: Policy, a: int, b: int | None, context: int) -> _Shown:
    rows = {v.number: v for v in store.versions(policy.id)}
    last = b if b is not None else max(rows, default=0)
    for number in (a, last):
        if number not in rows:
            raise click.UsageError(
                f"{policy.id} has no version {number}; it has {', '.join(map(str, rows)) or 'none'}."
            )
    before, after = store.version_document(rows[a].id), store.version_document(rows[last].id)
    comparison = compare(before, after, kind=policy.kind)
    line = of_comparison(
        comparison,
        before,
        after,
        title=f"{policy.service or policy.id}: version {a} → {last}",
        link=policy.url,
        facts=(
            ("first seen", f"{rows[a].seen_at:%Y-%m-%d} → {rows[last].seen_at:%Y-%m-%d}"),
            ("stated", f"{_own(before)} → {_own(after)}"),
        ),
        context=context,
    )
    record = {
        "policy": policy.id,
        "url": policy.url,
        "from_version": a,
        "to_version": last,
        **comparison_record(comparison),
    }
    return line, record, (rows[a].id, rows[last].id)


def _own(document: Document) -> str:
    return document.dates.own.value if document.dates.own else "no date"


COMMANDS = (diff,)
