"""Commands that question the history: history, changes."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from datetime import datetime

import click
from rich.markup import escape

from storage.change_record import to_record
from storage.records import Change, ChangeKind, Materiality, Policy, Topic, Verdict
from storage.store import Store
from watcher.cli.app import App, pass_app
from watcher.cli.moments import moment_option
from watcher.cli.names import complete, find_known, policy_argument, safe

WEIGHT = {"high": "bold red", "medium": "yellow", "low": "cyan", "none": "dim"}


@click.command(
    epilog="Example: clausewatch history example-com-privacy\n\n"
    "Stated date and first seen stand side by side, so a gap is seen at a glance.",
)
@policy_argument()
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@pass_app
def history(app: App, policy: str, format_: str) -> None:
    """The versions of a policy: when each was first seen, what date it states, how much changed."""

    def ask(store: Store) -> tuple[Policy, list[Change]]:
        found = find_known(store, policy)
        return found, store.changes(policy=found.id)

    found, all_ = app.ask(ask)
    if format_ == "json":
        for change in all_:
            click.echo(json.dumps({**to_record(change), "clauses": len(change.clauses)}, ensure_ascii=False))
        return
    app.out.print(f"[bold]{escape(safe(found.service or found.id))}[/]  {escape(safe(found.url))}\n")
    if not all_:
        app.err.print(f"not read yet; `clausewatch check {escape(found.id)}` reads it", soft_wrap=True)
    for change in all_:
        own = change.stated_after.own
        first = change.kind is ChangeKind.FIRST
        gap = f"{change.days:+d} d" if change.days is not None else ""
        size = f"+{change.words_added} −{change.words_removed} words"
        head = (
            f"[bold]#{change.id:<4}[/] version {change.to_version:<3} seen {change.first_seen_at:%Y-%m-%d}"
            f"  stated {own.value if own else '—':10}"
        )
        if not first:
            head += f"  {gap:>7}  {change.verdict.value:15}  {_weight(change)}  {size}"
        app.say(head.rstrip() + ("" if change.notify or first else " [dim](not told)[/]"))
        app.say(escape(safe(change.summary)), below=6)


def _weight(change: Change) -> str:
    return f"[{WEIGHT[change.materiality.value]}]{change.materiality.value:6}[/]"


@click.command(
    epilog="Example: clausewatch changes --since 30d --verdict silent\n\n"
    "Example: clausewatch changes --format jsonl > changes.jsonl",
)
@click.option("--policy", help="Only this policy.", shell_complete=complete)
@moment_option(
    "--since", help="First seen then or later: a day (2024-05-01), month, year, or a span (30d, 1y)."
)
@moment_option("--until", help="First seen before then: written in the same ways.")
@click.option("--verdict", "verdicts", multiple=True, type=click.Choice([v.value for v in Verdict]))
@click.option("--kind", "kinds", multiple=True, type=click.Choice([k.value for k in ChangeKind]))
@click.option("--topic", "topics", multiple=True, type=click.Choice([t.value for t in Topic]))
@click.option("--min-materiality", type=click.Choice([m.value for m in Materiality]), default="none")
@click.option(
    "--format", "format_", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True
)
@pass_app
def changes(
    app: App,
    policy: str | None,
    since: datetime | None,
    until: datetime | None,
    verdicts: tuple[str, ...],
    kinds: tuple[str, ...],
    topics: tuple[str, ...],
    min_materiality: str,
    format_: str,
) -> None:
    """The changes of all policies, oldest first."""

    def ask(store: Store) -> list[Change]:
        return store.changes(
            policy=find_known(store, policy).id if policy else None,
            since=since,
            until=until,
            verdicts=[Verdict(v) for v in verdicts],
            kinds=[ChangeKind(k) for k in kinds],
            topics=[Topic(t) for t in topics],
            min_materiality=Materiality(min_materiality),
        )

    found = app.ask(ask)
    {"table": _table, "jsonl": _jsonl, "csv": _csv}[format_](app, found)
    if not any(c.kind is not ChangeKind.FIRST for c in found):
        after = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
        app.err.print(f"no change{after} is recorded that fits", soft_wrap=True)


def _table(app: App, found: Iterable[Change]) -> None:
    for change in found:
        if change.kind is ChangeKind.FIRST:
            continue
        topics = f"  [dim]{', '.join(t.value for t in change.topics)}[/]" if change.topics else ""
        app.say(
            f"[bold]#{change.id:<4}[/] {change.first_seen_at:%Y-%m-%d}  {_weight(change)}  "
            f"{change.verdict.value:15}  [bold]{escape(change.policy)}[/]{topics}"
        )
        app.say(escape(safe(change.summary)), below=6)


def _jsonl(_: App, found: Iterable[Change]) -> None:
    for change in found:
        click.echo(json.dumps(to_record(change), ensure_ascii=False))


def _csv(_: App, found: Iterable[Change]) -> None:
    names = ("id", "policy", "service", "url", "kind", "verdict", "days", "materiality", "direction", "topics",
             "from_version", "to_version", "first_seen_at", "previous_seen_at", "stated_before", "stated_after", "words_added", "words_removed", "notify", "summary")  # fmt: skip
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for c in found:
        own = [s.own.value if s.own else "" for s in (c.stated_before, c.stated_after)]
        record = {**to_record(c), "topics": " ".join(t.value for t in c.topics), "days": c.days}
        record |= {"stated_before": own[0], "stated_after": own[1]}
        writer.writerow([_cell(record[name]) for name in names])


def _cell(value: object) -> object:
    """A cell no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return "" if value is None else value


COMMANDS = (history, changes)
