"""Worker processes that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from watcher.work import WorkCrashed, Workers, WorkTimeout


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(1, memory_limit=1024**3)
    yield made
    made.close()


def _double(value: int) -> int:
    return 2 * value


def _never_end() -> None:
    while True:
        time.sleep(0.01)


def _eat_memory() -> int:
    return len(bytearray(8 * 1024**3))


def _refuse() -> None:
    raise ValueError("no such thing")


async def test_a_call_gives_its_result(workers: Workers) -> None:
    """What the function gives comes back, and what it raises is raised."""
    assert await workers.call(_double, 21, timeout_s=60) == 42
    with pytest.raises(ValueError, match="no such thing"):
        await workers.call(_refuse, timeout_s=60)


async def test_a_worker_that_hangs_is_killed(workers: Workers) -> None:
    """A call past its time is ended, and the next call finds a fresh worker."""
    with pytest.raises(WorkTimeout):
        await workers.call(_never_end, timeout_s=1)
    assert await workers.call(_double, 4, timeout_s=60) == 8


async def test_memory_is_bounded(workers: Workers) -> None:
    """A call that asks for more memory than a page may take fails alone."""
    with pytest.raises(WorkCrashed):
        await workers.call(_eat_memory, timeout_s=60)
    assert await workers.call(_double, 5, timeout_s=60) == 10


async def test_workers_that_die_while_idle_are_replaced(workers: Workers) -> None:
    """What ends a worker between two calls harms no later call."""
    for _ in range(2):
        os.kill(await workers.call(os.getpid, timeout_s=60), signal.SIGKILL)
        await asyncio.sleep(0.5)
        assert await workers.call(_double, 6, timeout_s=60) == 12
