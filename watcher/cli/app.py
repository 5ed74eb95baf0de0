"""What every command has at hand: the settings, the store, and the house a check lives in."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn

from config.policies import web_address
from config.settings import Settings
from storage.database import Database
from storage.errors import OlderSchema
from storage.records import Policy
from storage.store import Store
from watcher import logs
from watcher.check import House
from watcher.fetch import FetchError
from watcher.fetch.urls import normalise
from watcher.house import open_house

T = TypeVar("T")
DEFAULT_CONFIG = Path("clausewatch.toml")


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
        path = self.config
        if path is None and DEFAULT_CONFIG.exists():
            path = DEFAULT_CONFIG
        settings = Settings.load(path, os.environ)
        if self.log_format:
            settings = settings.model_copy(
                update={"log": settings.log.model_copy(update={"format": self.log_format})}
            )
        return settings

    @property
    def path(self) -> Path:
        """The database: --db, else the configuration."""
        return self.db or self.settings.store.path

    @cached_property
    def out(self) -> Console:
        """Standard output for tables and texts; plain where it is no terminal."""
        piped = not sys.stdout.isatty()
        return Console(highlight=False, soft_wrap=piped, width=160 if piped else None)

    @cached_property
    def err(self) -> Console:
        """Standard error for progress and notices."""
        piped = not sys.stderr.isatty()
        return Console(stderr=True, highlight=False, soft_wrap=piped, width=160 if piped else None)

    def progress(self, *more: ProgressColumn) -> Progress:
        """A bar on standard error for long work; nothing where that is no terminal."""
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
        database = Database.open(self.path, read_only=read_only, keep_bodies=self.settings.store.keep_bodies)
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

    @asynccontextmanager
    async def house(self, database: Database) -> AsyncIterator[House]:
        """Everything a check needs, from the settings."""
        async with open_house(self.settings, database, now) as house:
            yield house

    def log(self) -> None:
        """Set up logging as configured."""
        logs.set_up(self.settings.log.format, self.settings.log.level)

    def policy(self, database: Database, name: str) -> Policy:
        """The policy with this id, or the only one whose id contains it. Raises UsageError naming near ones."""
        return find(database.call(lambda s: s.policies()), name)


def find(policies: list[Policy], name: str) -> Policy:
    """See `App.policy`."""
    exact = [p for p in policies if name in (p.id, p.url)]
    part = exact or [p for p in policies if name.lower() in p.id or name.lower() in p.service.lower()]
    if len(part) == 1:
        return part[0]
    if not part:
        shown = repr(name if len(name) <= 80 else f"{name[:80]}…")
        raise click.UsageError(f"no policy {shown} is watched; `clausewatch list` shows those that are.")
    near = ", ".join(p.id for p in part[:6])
    raise click.UsageError(f"{name!r} could be several: {near}{' …' if len(part) > 6 else ''}")


def an_address(text: str) -> str:
    """``text`` as an address that can be fetched; UsageError in words where it is none."""
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
