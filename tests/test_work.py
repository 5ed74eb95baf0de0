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


class _Odd(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def _refuse_oddly() -> None:
    raise _Odd(1, 2)


def _die() -> None:
    os._exit(3)


def _reversed(body: bytes) -> bytes:
    return body[::-1]


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


async def test_a_worker_that_dies_at_work_fails_its_call_alone(workers: Workers) -> None:
    """The call is told so, and the next one finds a fresh worker."""
    with pytest.raises(WorkCrashed):
        await workers.call(_die, timeout_s=60)
    assert await workers.call(_double, 7, timeout_s=60) == 14


async def test_errors_that_cannot_travel_are_told_in_words(workers: Workers) -> None:
    """An error that cannot be unpacked on this side comes as its words, and its worker goes on."""
    first = await workers.call(os.getpid, timeout_s=60)
    with pytest.raises(WorkCrashed, match="1 and 2"):
        await workers.call(_refuse_oddly, timeout_s=60)
    assert await workers.call(os.getpid, timeout_s=60) == first


async def test_large_pages_travel_whole(workers: Workers) -> None:
    """What is larger than a socket holds comes over and back unchanged, several at a time."""
    pages = [bytes([n]) * 3_000_000 + b"." for n in range(4)]
    answers = await asyncio.gather(*(workers.call(_reversed, page, timeout_s=60) for page in pages))
    assert answers == [page[::-1] for page in pages]


async def test_a_cancelled_call_leaves_no_answer_behind(workers: Workers) -> None:
    """A call that was given up ends its worker: its answer is never taken for that of the next call."""
    call = asyncio.create_task(workers.call(_never_end, timeout_s=60))
    await asyncio.sleep(0.5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await workers.call(_double, 8, timeout_s=60) == 16


async def test_closing_ends_the_processes() -> None:
    """After `close` no worker is left, not even one at work."""
    made = Workers(2)
    number = await made.call(os.getpid, timeout_s=60)
    call = asyncio.create_task(made.call(_never_end, timeout_s=60))
    await asyncio.sleep(0.5)
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
