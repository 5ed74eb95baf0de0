"""The command that gives a policy's history, or the text of one day, to other tools and to paper."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import click

from storage.export import captures_of, history_of, to_json, to_markdown, write_warc
from storage.records import Capture, Policy
from storage.store import Store
from watcher.cli import standing
from watcher.cli.app import App, Failed, pass_app
from watcher.cli.moments import moment_option
from watcher.cli.names import find_known, policy_argument


@click.command(
    epilog="Example: clausewatch export example-com-privacy --format markdown > history.md\n\n"
    "Example: clausewatch export example-com-privacy --format warc --out history.warc.gz\n\n"
    "Example: clausewatch export example-com-privacy --at 2024-06-15 --format markdown"
)
@policy_argument()
@click.option("--format", "format_", type=click.Choice(["json", "markdown", "warc"]), default="json")
@moment_option(
    "--at",
    end=True,
    help="Only the text that stood then, with what proves it: a day (its end, UTC) or a time.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of standard output."
)
@pass_app
def export(app: App, policy: str, format_: str, at: datetime | None, out: Path | None) -> None:
    """A policy's whole history: captures as WARC, texts as Markdown, everything as JSON."""

    def ask(store: Store) -> str:
        found = find_known(store, policy)
        return _history(store, found, format_, out) if at is None else _stood(store, found, at, format_, out)

    said = app.ask(ask)
    if out is not None:
        click.echo(f"{out}: {said}", err=True)


def _history(store: Store, policy: Policy, format_: str, out: Path | None) -> str:
    if format_ == "warc":
        return _warc(captures_of(store, policy.id), out)
    history = history_of(store, policy)
    _write(to_markdown(history) if format_ == "markdown" else _json(to_json(history)), out)
    return f"{len(history.versions)} versions, {len(history.changes)} changes"


def _stood(store: Store, policy: Policy, at: datetime, format_: str, out: Path | None) -> str:
    found = standing.standing(store, policy, at)
    if found is None:
        raise Failed(f"{policy.id} has not been read yet.")
    if isinstance(found, datetime):
        raise Failed(
            f"{policy.id} was first seen {found:%Y-%m-%d %H:%M} UTC; what stood on {at:%Y-%m-%d} is not known."
            " `clausewatch backfill` or `import` may bring older captures."
        )
    if format_ == "warc":
        return _warc(standing.captures_of(store, found), out)
    _write(standing.as_markdown(found) if format_ == "markdown" else _json(standing.as_json(found)), out)
    return f"version {found.version.number}. {found.proved}"


def _json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
    else:
        out.write_text(text.rstrip("\n") + "\n", "utf-8")


def _warc(captures: Iterable[Capture], out: Path | None) -> str:
    with _binary(out) as file:
        count = write_warc(captures, file, software=f"clausewatch {version('clausewatch')}")
    return f"{count} captures"


def _binary(out: Path | None) -> BinaryIO:
    if out is not None:
        return out.open("wb")
    if sys.stdout.isatty():
        raise click.UsageError("a WARC is no text for a terminal; name a file with --out")
    return sys.stdout.buffer


COMMANDS = (export,)
