"""The schema: what brings a file up to date, and what a file that is up to date is spared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from storage.database import Database
from storage.migrations import migrations
from storage.schema import MIGRATIONS


def test_every_migration_is_named_in_the_schema() -> None:
    """The names by which a file is found to be up to date are those of the migrations, in order."""
    assert tuple(m.name for m in migrations._migrations) == MIGRATIONS


def test_a_file_that_is_up_to_date_is_opened_without_the_migrations(tmp_path: Path) -> None:
    """What applies migrations is not even loaded for it: an ordinary question does not wait for that."""
    with Database.open(tmp_path / "a.db"):
        pass
    program = (
        "import sys; from storage.database import Database\n"
        f"with Database.open({str(tmp_path / 'a.db')!r}) as d: assert d.call(lambda s: s.policies()) == []\n"
        "print('sqlite_utils' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True
    )
    assert done.stdout.strip() == "False"
