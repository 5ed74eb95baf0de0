"""Commands about trust: verify, export, doctor."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import click
from rich.markup import escape

from storage.export import captures_of, history_of, to_json, to_markdown, write_warc
from storage.overview import Overview
from storage.store import Store
from watcher.alert.redline_lines import safe
from watcher.cli.app import App, Failed, find, now, pass_app

LATE = timedelta(minutes=15)
"""A due policy nobody has looked at for this long means that no daemon is at work."""
LOW_DISK = 200 * 1024**2


@click.command(
    epilog="Example: clausewatch verify\n\n"
    "Example: clausewatch verify --heads > heads.json   (keep elsewhere; later: --expect heads.json)"
)
@click.option(
    "--heads", is_flag=True, help="Print the end of each policy's chain as JSON, to keep elsewhere."
)
@click.option(
    "--expect",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Heads printed earlier: prove that the history still continues them.",
)
@pass_app
def verify(app: App, heads: bool, expect: Path | None) -> None:
    """Prove that nothing in the history was altered or removed, or say what was."""
    if heads:
        click.echo(json.dumps({h.policy: h.digest for h in app.ask(lambda s: s.heads())}, indent=1))
        return
    expected = _heads(expect) if expect else None
    findings, counts = app.ask(lambda s: (s.verify(expect=expected), s.heads()))
    for finding in findings:
        click.echo(f"{finding.policy or 'database'}: {finding.what}: {safe(finding.message)}")
    if findings:
        raise Failed(
            f"{len(findings)} things do not hold; keep this file as it is and compare with a backup."
        )
    versions, checks = sum(h.versions for h in counts), sum(h.checks for h in counts)
    click.echo(f"all holds: {len(counts)} policies, {versions} versions, {checks} checks")


def _heads(path: Path) -> dict[str, str]:
    try:
        read = json.loads(path.read_text("utf-8"))
        return {str(k): str(v) for k, v in read.items()}
    except (ValueError, AttributeError, OSError) as error:
        raise click.UsageError(f"{path.name}: no heads printed by `clausewatch verify --heads`") from error


@click.command(
    epilog="Example: clausewatch export example-com-privacy --format markdown > history.md\n\n"
    "Example: clausewatch export example-com-privacy --format warc --out history.warc.gz"
)
@click.argument("policy")
@click.option("--format", "format_", type=click.Choice(["json", "markdown", "warc"]), default="json")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of standard output."
)
@pass_app
def export(app: App, policy: str, format_: str, out: Path | None) -> None:
    """A policy's whole history: captures as WARC, texts as Markdown, everything as JSON."""

    def ask(store: Store) -> str:
        found = find(store.policies(), policy)
        if format_ == "warc":
            with _binary(out) as file:
                count = write_warc(
                    captures_of(store, found.id), file, software=f"clausewatch {version('clausewatch')}"
                )
            return f"{count} captures"
        history = history_of(store, found.id)
        text = (
            to_markdown(history)
            if format_ == "markdown"
            else json.dumps(to_json(history), ensure_ascii=False, indent=1)
        )
        if out is None:
            click.echo(text)
        else:
            out.write_text(text + "\n", "utf-8")
        return f"{len(history.versions)} versions, {len(history.changes)} changes"

    said = app.ask(ask)
    if out is not None:
        click.echo(f"{out}: {said}", err=True)


def _binary(out: Path | None) -> BinaryIO:
    if out is not None:
        return out.open("wb")
    if sys.stdout.isatty():
        raise click.UsageError("a WARC is no text for a terminal; name a file with --out")
    return sys.stdout.buffer


@click.command(
    epilog="Example: clausewatch doctor\n\nExample: clausewatch doctor --quick   (for health checks)"
)
@click.option("--quick", is_flag=True, help="Only whether the daemon is at work; fast.")
@pass_app
def doctor(app: App, quick: bool) -> None:
    """Is everything in order? Configuration, database, daemon, watches, deliveries, disk."""
    settings = app.settings
    overview = app.ask(lambda s: s.overview(now()))
    rows: list[tuple[bool, str, str]] = [_at_work(overview)]
    if not quick:
        rows += _all(app, overview)
        rows.append((True, "channels", ", ".join(c.name for c in settings.channel) or "none: nobody is told"))
    for good, name, said in rows:
        mark = "[green]ok  [/]" if good else "[bold red]look[/]"
        app.out.print(f"{mark} {name:12} {escape(safe(said))}")
    bad = sum(not good for good, _, _ in rows)
    if bad:
        raise Failed(f"{bad} of {len(rows)} need a look.")


def _at_work(overview: Overview) -> tuple[bool, str, str]:
    since = overview.overdue_since
    if since is None or now() - since <= LATE:
        return True, "daemon", "nothing is overdue"
    waits = (now() - since).total_seconds() / 60
    return False, "daemon", f"a check has been due for {waits:.0f} minutes: is `clausewatch run` at work?"


def _all(app: App, overview: Overview) -> list[tuple[bool, str, str]]:
    path = app.path.resolve()
    free = shutil.disk_usage(path.parent).free
    findings = app.ask(lambda s: s.verify())
    size = f"{path.name}, {overview.file_bytes / 1e6:.1f} MB, {overview.captures} captures"
    proof = f"{len(findings)} findings: clausewatch verify" if findings else "the chains of all policies hold"
    watches = f"{overview.policies} watched, {overview.paused} paused, {overview.failing} failing"
    dead = overview.deliveries_dead
    retry = ": clausewatch alerts retry" if dead else ""
    return [
        (True, "database", f"{size}, {overview.versions} versions, {overview.changes} changes"),
        (not findings, "proof", proof),
        (free > LOW_DISK, "disk", f"{free / 1e9:.1f} GB free"),
        (not overview.broken, "watches", f"{watches}, {overview.broken} broken"),
        (not dead, "deliveries", f"{overview.deliveries_waiting} waiting, {dead} given up{retry}"),
    ]


COMMANDS = (verify, export, doctor)
