"""The start of a command: what is asked quickly is answered without loading what fetches, reads and configures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from watcher.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_overview_shows_the_first_line_of_each_help(name: str) -> None:
    """The line the overview shows without loading a command is the one its own help begins with."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.get_short_help_str(200) == COMMANDS[name][1]


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        (["--help"], ["pydantic", "rich.console", "httpx", "watcher.check", "sqlite_utils"]),
        (["--db", "none.db", "list"], ["httpx", "watcher.check", "sqlite_utils", "apscheduler"]),
    ],
)
def test_little_is_loaded_for_a_question(words: list[str], needless: list[str], tmp_path: Path) -> None:
    """The modules that cost most are left alone."""
    program = (
        "import sys; from watcher.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: print([m for m in {needless!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
