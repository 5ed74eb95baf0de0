"""The command that proves the history: verify."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from watcher.cli.app import App, Failed, pass_app
from watcher.cli.names import safe

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


COMMANDS = (verify,)
