"""The command in a folder of its own, for archives to be brought in."""

from __future__ import annotations

from tests.cli.conftest import clausewatch

__all__ = ["clausewatch"]
