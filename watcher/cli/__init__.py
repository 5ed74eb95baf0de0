"""The command line: the only place that prints.

Exit codes: 0 done · 1 done, something failed · 2 wrong use or configuration. Errors are one clear line on
standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from config.settings import ConfigError
from storage.errors import StoreError
from watcher.archives.values import ArchiveError
from watcher.cli import alerts, archive, history, proof, watch
from watcher.cli.app import App

EPILOG = "Try `clausewatch COMMAND --help`: every command shows an example."


@click.group(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(version("clausewatch"), prog_name="clausewatch")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="CLAUSEWATCH_CONFIG",
    help="Configuration file (default: ./clausewatch.toml where there is one).",
)
@click.option(
    "--db",
    type=click.Path(path_type=Path),
    envvar="CLAUSEWATCH_DB",
    help="Database file; wins over the configuration.",
)
@click.option("--log-format", type=click.Choice(["console", "json"]), envvar="CLAUSEWATCH_LOG_FORMAT")
@click.pass_context
def cli(context: click.Context, config: Path | None, db: Path | None, log_format: str | None) -> None:
    """Watch policies and terms: what changed, clause by clause, and whether their own date admits it."""
    context.obj = App(config, db, log_format)


for group in (watch, history, archive, alerts, proof):
    for command in group.COMMANDS:
        cli.add_command(command)


def main(argv: Sequence[str] | None = None) -> None:
    """The ``clausewatch`` command. Ends the process with the exit codes above."""
    try:
        code = cli.main(args=argv, prog_name="clausewatch", standalone_mode=False)
    except click.exceptions.Abort:
        _say("stopped; everything recorded so far is kept")
        code = 1
    except click.UsageError as error:
        _say(error.format_message(), usage=error.ctx.command_path if error.ctx else None)
        code = 2
    except click.ClickException as error:
        _say(error.format_message())
        code = error.exit_code
    except ConfigError as error:
        _say(str(error))
        code = 2
    except (StoreError, ArchiveError) as error:
        _say(str(error))
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str, usage: str | None = None) -> None:
    click.echo(f"clausewatch: {message}", err=True)
    if usage:
        click.echo(f"Try `{usage} --help`.", err=True)
