"""A folder of its own for each command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import SETTINGS, Command


@pytest.fixture
def clausewatch(tmp_path: Path) -> Command:
    return Command(tmp_path, dict(SETTINGS))
