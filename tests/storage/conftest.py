from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import NOW, POLICY

from storage.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clausewatch.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """A new store that watches one policy."""
    with Database.open(path) as database:
        database.call(lambda store: store.add_policy(POLICY, NOW))
        yield database
