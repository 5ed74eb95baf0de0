"""The command that says whether everything is in order."""

from __future__ import annotations

import shutil
from datetime import timedelta

import click
from rich.markup import escape

from storage.overview import Overview
from watcher.cli.app import App, Failed, now, pass_app
from watcher.cli.names import safe

LATE = timedelta(minutes=15)
"""A due policy nobody has looked at for this long means that no daemon is at work."""
LOW_DISK = 200 * 1024**2


@click.command(
    epilog="Example: clausewatch doctor\n\nExample: clausewatch doctor --quick   (for health checks)"
)
@click.option("--quick", is_flag=True, help="Only whether the daemon is at work and the disk has room; fast.")
@pass_app
def doctor(app: App, quick: bool) -> None:
    """Is everything in order? Configuration, database, daemon, watches, deliveries, disk."""
    rows: list[_Row] = []
    if quick:
        rows += [_at_work(app.ask(lambda s: s.overview(now()))), _disk(app)]
    else:
        rows += _configured(app)
        if app.path.exists():
            overview = app.ask(lambda s: s.overview(now()))
            rows += [_at_work(overview), *_all(app, overview)]
        else:
            rows.append((False, "database", f"none at {app.path} yet: clausewatch run or check begins it"))
    for good, name, said in rows:
        mark = "[green]ok  [/]" if good else "[bold red]look[/]"
        app.out.print(f"{mark} {name:12} {escape(safe(said))}")
    bad = sum(not good for good, _, _ in rows)
    if bad:
        raise Failed(f"{bad} of {len(rows)} need a look.")


_Row = tuple[bool, str, str]
"""Whether it is in order, what, and what there is to say of it."""


def _configured(app: App) -> list[_Row]:
    settings = app.settings
    told = ", ".join(c.name for c in settings.channel) or "none: nobody is told"
    policies = f"{len(settings.policy)} policies" if settings.policy else "no policies of its own"
    return [
        (True, "settings", f"{app.config_file or 'no file, defaults and environment'}: {policies}"),
        (True, "channels", told),
    ]


def _at_work(overview: Overview) -> _Row:
    since = overview.overdue_since
    if since is None or now() - since <= LATE:
        return True, "daemon", "nothing is overdue"
    waits = (now() - since).total_seconds() / 60
    return False, "daemon", f"a check has been due for {waits:.0f} minutes: is `clausewatch run` at work?"


def _all(app: App, overview: Overview) -> list[_Row]:
    findings = app.ask(lambda s: s.verify())
    size = f"{app.path.name}, {overview.file_bytes / 1e6:.1f} MB, {overview.captures} captures"
    proof = f"{len(findings)} findings: clausewatch verify" if findings else "the chains of all policies hold"
    watches = f"{overview.policies} watched, {overview.paused} paused, {overview.failing} failing"
    dead = overview.deliveries_dead
    retry = ": clausewatch alerts retry" if dead else ""
    return [
        (True, "database", f"{size}, {overview.versions} versions, {overview.changes} changes"),
        (not findings, "proof", proof),
        _disk(app),
        (not overview.broken, "watches", f"{watches}, {overview.broken} broken"),
        (not dead, "deliveries", f"{overview.deliveries_waiting} waiting, {dead} given up{retry}"),
    ]


def _disk(app: App) -> _Row:
    free = shutil.disk_usage(app.path.resolve().parent).free
    return free > LOW_DISK, "disk", f"{free / 1e9:.1f} GB free"


COMMANDS = (doctor,)
