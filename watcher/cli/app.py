"""What every command has at hand: the settings, the store, and the house a check lives in."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from storage.database import Database
from storage.errors import MissingStore, OlderSchema
from storage.records import Policy
from storage.store import Store
from watcher.cli.names import find

# What fetches, reads and logs is loaded by the commands that do: a question is answered in half the time.
if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn
    from rich.table import Table

    from config.settings import Settings
    from watcher.check import House

T = TypeVar("T")
DEFAULT_CONFIG = Path("clausewatch.toml")
_WIDEST = 100_000
"""Columns of a line in a pipe: no clause is cut or folded there."""


class Failed(click.ClickException):
    """Done, but something failed: exit code 1, one line."""

    exit_code = 1


def now() -> datetime:
    """The clock, read here and nowhere deeper."""
    return datetime.now(UTC)


@dataclass
class App:
    """The options before the command, and what they open."""

    config: Path | None
    db: Path | None
    log_format: str | None

    @cached_property
    def settings(self) -> Settings:
        """Raises `config.settings.ConfigError` with every problem at once."""
        from config.settings import Settings

        settings = Settings.load(self.config_file, os.environ)
        if self.log_format:
            settings = settings.model_copy(
                update={"log": settings.log.model_copy(update={"format": self.log_format})}
            )
        return settings

    @cached_property
    def _for_reading(self) -> Settings:
        """The settings a question needs. It sends nothing, so it asks for no secret: whoever reads the
        history need not hold the daemon's passwords."""
        from config.settings import Settings

        known: Settings | None = self.__dict__.get("settings")
        return known or Settings.load(self.config_file, os.environ, secrets=False)

    @property
    def config_file(self) -> Path | None:
        """The configuration: --config, else ./clausewatch.toml where there is one."""
        return self.config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)

    @property
    def path(self) -> Path:
        """The database: --db, else the configuration."""
        return self.db or self._for_reading.store.path

    @cached_property
    def out(self) -> Console:
        """Standard output for tables and texts; plain where it is no terminal."""
        from rich.console import Console

        piped = not sys.stdout.isatty()
        return Console(highlight=False, soft_wrap=piped, width=160 if piped else None)

    @cached_property
    def err(self) -> Console:
        """Standard error for progress and notices."""
        from rich.console import Console

        piped = not sys.stderr.isatty()
        return Console(stderr=True, highlight=False, soft_wrap=piped, width=160 if piped else None)

    def show(self, table: Table) -> None:
        """A table as wide as the terminal, row by row where that is too narrow for it; into a pipe one line a
        row, for what reads lines."""
        from rich.console import Console

        from watcher.cli.narrow import records

        if self.out.is_terminal:
            for piece in records(table, self.out) or (table,):
                self.out.print(piece)
            return
        text = io.StringIO()
        Console(file=text, highlight=False, width=_WIDEST).print(table)
        for line in text.getvalue().splitlines():
            click.echo(line.rstrip())

    def say(self, text: str, *, below: int = 0) -> None:
        """Marked-up text; on a terminal its further lines stay ``below`` columns in, a pipe gets one line."""
        if not self.out.is_terminal:
            self.out.print(" " * below + text)
            return
        from rich.padding import Padding

        self.out.print(Padding(text, (0, 0, 0, below)))

    def progress(self, *more: ProgressColumn) -> Progress:
        """A bar on standard error for long work; nothing where that is no terminal."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            *more,
            console=self.err,
            transient=True,
            disable=not self.err.is_terminal,
        )

    @contextmanager
    def store(self, *, read_only: bool = False) -> Iterator[Database]:
        """The database, closed at the end."""
        keep = self._for_reading.store.keep_bodies
        database = Database.open(self.path, read_only=read_only, keep_bodies=keep)
        try:
            yield database
        finally:
            database.close()

    def ask(self, question: Callable[[Store], T]) -> T:
        """One question to the history, which must exist; nothing is written."""
        try:
            with self.store(read_only=True) as database:
                return database.call(question)
        except OlderSchema:
            with self.store():  # brings the schema up to date
                pass
            with self.store(read_only=True) as database:
                return database.call(question)
        except MissingStore as error:
            raise Failed(
                f"{error} `clausewatch add URL` or `clausewatch check` begins one; --db names another."
            ) from error

    @asynccontextmanager
    async def house(self, database: Database) -> AsyncIterator[House]:
        """Everything a check needs, from the settings."""
        from watcher.house import open_house

        async with open_house(self.settings, database, now) as house:
            yield house

    def log(self, level: str | None = None) -> None:
        """Set up logging as configured, or at another level."""
        from watcher import logs

        logs.set_up(self.settings.log.format, level or self.settings.log.level)

    def policy(self, database: Database, name: str) -> Policy:
        """The policy with this id, or the only one whose id contains it. Raises UsageError naming near ones."""
        return find(database.call(lambda s: s.policies()), name)


def an_address(text: str) -> str:
    """``text`` as an address that can be fetched; UsageError in words where it is none."""
    from config.policies import web_address
    from watcher.fetch import FetchError
    from watcher.fetch.urls import normalise

    try:
        url = web_address(text)
        normalise(url)
    except ValueError as error:
        raise click.UsageError(f"{text}: {error}") from None
    except FetchError as error:
        raise click.UsageError(str(error)) from None
    return url


def run_async(work: Awaitable[T]) -> T:
    """Run a coroutine to its end; Ctrl-C ends it in order."""

    async def main() -> T:
        return await work

    return asyncio.run(main())


pass_app = click.make_pass_decorator(App)
