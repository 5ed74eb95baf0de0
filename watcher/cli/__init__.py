"""The command line: the only place that prints.

Exit codes: 0 done · 1 done, something failed · 2 wrong use or configuration. Errors are one clear line on
standard error.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import click

from storage.errors import StoreError
from watcher.cli.app import App

COMMANDS = {
    "add": ("add", "Watch a page; a site's name finds its policy pages."),
    "alerts": ("alerts", "What was told to whom, and what still waits."),
    "backfill": (
        "archive",
        "Fetch a policy's older captures from the web archive into its history; told to nobody.",
    ),
    "blame": (
        "blame",
        "Each clause of the present text with the version and stated date in which it first stood.",
    ),
    "changes": ("history", "The changes of all policies, oldest first."),
    "check": ("watch", "One pass now: fetch, read, compare, tell; with progress."),
    "diff": (
        "diff",
        "A redline between versions A and B of a policy, as `history` numbers them (default: the last change).",
    ),
    "doctor": (
        "doctor",
        "Is everything in order? Configuration, database, daemon, watches, deliveries, disk.",
    ),
    "explain": (
        "explain",
        "A change in plain words (default: the last one), from the language model the configuration names.",
    ),
    "export": (
        "export",
        "A policy's whole history: captures as WARC, texts as Markdown, everything as JSON.",
    ),
    "history": (
        "history",
        "The versions of a policy: when each was first seen, what date it states, how much changed.",
    ),
    "import": (
        "archive",
        "Make history of WARC files, capture folders and documents: judged as if seen then, told to nobody.",
    ),
    "inspect": ("inspect", "What the reader sees in files or pages: one JSON line each."),
    "list": ("lists", "What is watched: last look, stated date, when it is due, whether the watch works."),
    "remove": ("lists", "Stop watching a policy; its history stays."),
    "run": ("watch", "The daemon: checks what is due, tells what changed, until it is asked to stop."),
    "seed": ("add", "Watch the catalogue of documents that ships with Clausewatch."),
    "verify": ("proof", "Prove that nothing in the history was altered or removed, or say what was."),
}
"""Command → its module here, which is loaded when the command is asked for, and its first line of help, which is
shown without loading it."""
TRACEBACK = "CLAUSEWATCH_TRACEBACK"
"""Set to anything, this variable adds the traceback of what ended the command."""
EPILOG = "Try `clausewatch COMMAND --help`: every command shows an example."


class Commands(click.Group):
    """The commands by name; a question does not wait for what a check needs to be loaded."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"watcher.cli.{COMMANDS[name][0]}")
        found: click.Command = next(c for c in module.COMMANDS if c.name == name)
        return found

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(context)])


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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


def main(argv: Sequence[str] | None = None) -> None:
    """The ``clausewatch`` command. Ends the process with the exit codes above; no traceback reaches a user
    who did not ask for one (``CLAUSEWATCH_TRACEBACK=1``)."""
    try:
        code = cli.main(args=argv, prog_name="clausewatch", standalone_mode=False)
    except Exception as error:
        code = _told(error)
    except KeyboardInterrupt:
        code = _told(click.exceptions.Abort())
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: Exception) -> int:
    """Say in one line what ended the command; gives the exit code."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    match error:
        case click.exceptions.Abort():
            _say("stopped; everything recorded so far is kept")
            return 1
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return 2
        case click.UsageError():
            _say(error.format_message(), usage=error.ctx.command_path if error.ctx else None)
            return 2
        case click.ClickException():
            _say(error.format_message())
            return error.exit_code
        case StoreError():
            _say(str(error))
            return 1
        case BrokenPipeError():
            # What the reader of our output did not want any more cannot be written at the exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case OSError() if error.filename is not None:
            _say(f"{error.filename}: {error.strerror}")
            return 1
        case OSError(errno=errno.ENOSPC | errno.EIO | errno.EDQUOT | errno.EFBIG):
            # An output that cannot take what is left in our buffer would fail once more at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _say(f"cannot write: {error.strerror}; the history is untouched.")
            return 1
    from config.settings import ConfigError
    from watcher.archives.values import ArchiveError
    from watcher.fetch.errors import one_line
    from watcher.logs import masked

    if isinstance(error, ConfigError):
        _say(str(error))
        return 2
    if isinstance(error, ArchiveError):
        _say(str(error))
        return 1
    said = one_line(masked(str(error)))
    _say(
        f"a fault of this program, {type(error).__name__}{f': {said}' if said else ''}; "
        f"the history is untouched. {TRACEBACK}=1 shows where it happened."
    )
    return 1


def _say(message: str, usage: str | None = None) -> None:
    click.echo(f"clausewatch: {message}", err=True)
    if usage:
        click.echo(f"Try `{usage} --help`.", err=True)
