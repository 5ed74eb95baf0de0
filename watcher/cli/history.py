"""Commands that question the history: history, diff, changes, blame, inspect."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta

import click
from rich.markup import escape
from rich.table import Table

from config.duration import parse_duration
from storage.change_record import comparison_record, to_record
from storage.explanations import Explanation
from storage.records import Change, ChangeKind, Document, Materiality, Policy, Topic, Verdict, Version
from storage.store import Store
from watcher.alert import redline, redline_html
from watcher.alert.redline_lines import Redline, of_change, of_comparison, safe
from watcher.cli.app import App, Failed, find, now, pass_app
from watcher.cli.explain import shown
from watcher.compare import compare
from watcher.compare.blame import blame as blame_of

WEIGHT = {"high": "bold red", "medium": "yellow", "low": "cyan", "none": "dim"}


@click.command(
    epilog="Example: clausewatch history example-com-privacy\n\n"
    "Stated date and first seen stand side by side, so a gap is seen at a glance.",
)
@click.argument("policy")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@pass_app
def history(app: App, policy: str, format_: str) -> None:
    """The versions of a policy: when each was first seen, what date it states, how much changed."""

    def ask(store: Store) -> tuple[Policy, list[Change]]:
        found = find(store.policies(), policy)
        return found, store.changes(policy=found.id)

    found, all_ = app.ask(ask)
    if format_ == "json":
        for change in all_:
            click.echo(json.dumps({**to_record(change), "clauses": len(change.clauses)}, ensure_ascii=False))
        return
    app.out.print(f"[bold]{escape(found.service or found.id)}[/]  {escape(found.url)}\n")
    for change in all_:
        own = change.stated_after.own
        first = change.kind is ChangeKind.FIRST
        gap = f"{change.days:+d} d" if change.days is not None else ""
        size = "" if first else f"+{change.words_added} −{change.words_removed} words"
        head = (
            f"[bold]#{change.id:<4}[/] seen {change.first_seen_at:%Y-%m-%d}  stated "
            f"{own.value if own else '—':10}  {gap:>7}  {'' if first else change.verdict.value:15}"
            f"{_weight(change)}  {size}"
        )
        app.out.print(head.rstrip() + ("" if change.notify or first else " [dim](not told)[/]"))
        app.out.print(f"      {escape(safe(change.summary))}")


def _weight(change: Change) -> str:
    return f"[{WEIGHT[change.materiality.value]}]{change.materiality.value:6}[/]"


@click.command(
    epilog="Example: clausewatch diff example-com-privacy\n\n"
    "Example: clausewatch diff example-com-privacy 2 5 --format html > redline.html",
)
@click.argument("policy")
@click.argument("a", required=False, type=int)
@click.argument("b", required=False, type=int)
@click.option("--format", "format_", type=click.Choice(["terminal", "html", "json"]), default="terminal")
@click.option("--context", default=1, show_default=True, help="Unchanged clauses shown around each change.")
@pass_app
def diff(app: App, policy: str, a: int | None, b: int | None, format_: str, context: int) -> None:
    """A redline between two versions of a policy (default: the last change)."""

    def ask(store: Store) -> tuple[Redline, dict[str, object], Explanation | None]:
        found = find(store.policies(), policy)
        if a is None:
            line, record, pair = _last_change(store, found, context)
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


def _last_change(store: Store, policy: Policy, context: int) -> _Shown:
    told = [c for c in store.changes(policy=policy.id) if c.from_version is not None]
    if not told:
        raise Failed(f"{policy.id} has not changed since it was first seen.")
    change = told[-1]
    assert change.from_version is not None
    both = store.version_document(change.from_version), store.version_document(change.to_version)
    pair = change.from_version, change.to_version
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


@click.command(
    epilog="Example: clausewatch changes --since 30d --verdict silent\n\n"
    "Example: clausewatch changes --format jsonl > changes.jsonl",
)
@click.option("--policy", help="Only this policy.")
@click.option("--since", help="A date (2024-05-01) or a span (30d).")
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
    since: str | None,
    verdicts: tuple[str, ...],
    kinds: tuple[str, ...],
    topics: tuple[str, ...],
    min_materiality: str,
    format_: str,
) -> None:
    """The changes of all policies, oldest first."""
    after = _moment(since) if since else None

    def ask(store: Store) -> list[Change]:
        return store.changes(
            policy=find(store.policies(), policy).id if policy else None,
            since=after,
            verdicts=[Verdict(v) for v in verdicts],
            kinds=[ChangeKind(k) for k in kinds],
            topics=[Topic(t) for t in topics],
            min_materiality=Materiality(min_materiality),
        )

    {"table": _table, "jsonl": _jsonl, "csv": _csv}[format_](app, app.ask(ask))


def _table(app: App, found: Iterable[Change]) -> None:
    for change in found:
        if change.kind is ChangeKind.FIRST:
            continue
        topics = f"  [dim]{', '.join(t.value for t in change.topics)}[/]" if change.topics else ""
        app.out.print(
            f"[bold]#{change.id:<4}[/] {change.first_seen_at:%Y-%m-%d}  {_weight(change)}  "
            f"{change.verdict.value:15}[bold]{escape(change.policy)}[/]{topics}"
        )
        app.out.print(f"      {escape(safe(change.summary))}")


def _jsonl(_: App, found: Iterable[Change]) -> None:
    for change in found:
        click.echo(json.dumps(to_record(change), ensure_ascii=False))


def _csv(_: App, found: Iterable[Change]) -> None:
    names = ("id", "policy", "service", "url", "kind", "verdict", "days", "materiality", "topics", "first_seen_at",
             "previous_seen_at", "stated_before", "stated_after", "words_added", "words_removed", "notify", "summary")  # fmt: skip
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for c in found:
        own = [s.own.value if s.own else "" for s in (c.stated_before, c.stated_after)]
        record = {**to_record(c), "topics": " ".join(t.value for t in c.topics), "days": c.days}
        record |= {"stated_before": own[0], "stated_after": own[1]}
        writer.writerow([_cell(record[name]) for name in names])


def _cell(value: object) -> object:
    """A cell no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return "'" + value
    return "" if value is None else value


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            return now() - timedelta(seconds=parse_duration(text))
        except ValueError:
            raise click.BadParameter(f"{text!r} is no date (2024-05-01) and no span (30d)") from None
    return at if at.tzinfo else at.replace(tzinfo=now().tzinfo)


@click.command(
    epilog="Example: clausewatch blame example-com-privacy\n\nExample: clausewatch blame example-com-privacy --grep arbitration"
)
@click.argument("policy")
@click.option("--grep", help="Only clauses that contain this text.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@pass_app
def blame(app: App, policy: str, grep: str | None, format_: str) -> None:
    """Each clause of the present text with the version and stated date in which it first stood."""

    def ask(store: Store) -> list[tuple[int, Version]]:
        found = find(store.policies(), policy)
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
        table.add_row(f"{version.seen_at:%Y-%m-%d}", _own(version.document), str(number), shown)
    app.out.print(table)


COMMANDS = (history, diff, changes, blame)
