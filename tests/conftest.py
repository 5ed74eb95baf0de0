"""What every test may rely on: the log's set-up of one test never reaches the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_as_delivered() -> Iterator[None]:
    """structlog as it is before anyone configures it."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
