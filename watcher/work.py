"""Worker processes that can be killed: pages are read where reading too long or too large harms nobody.

A worker that runs out of time is killed and replaced; one that asks for more memory than it may have gets a
MemoryError, or dies. Either way the caller gets `WorkFailed` in words, and the next call a fresh worker. Workers
that die by themselves are replaced unseen.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import pickle
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

T = TypeVar("T")

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space for one worker. The largest policies need a tenth of it."""
TASKS_PER_WORKER = 4000
"""A worker is replaced after so many calls, so that fragmented memory does not grow for months. A new one has to
build its word tables again, which costs as much as some tens of pages."""
PRELOADED = ["__main__", "watcher.warm"]
"""What every worker needs, read once by the process they are forked from."""
START_S = 60.0
"""Time for a worker to start and for its turn to come: where none can be started, calls end all the same."""


class WorkFailed(Exception):
    """A call that did not end well, in one line for people."""


class WorkTimeout(WorkFailed):
    """The call ran out of time and its worker was killed."""


class WorkCrashed(WorkFailed):
    """The worker died or ran out of memory."""


class Workers:
    """A pool of ``processes`` workers. Functions and arguments must be picklable; ``close`` ends them."""

    def __init__(self, processes: int = 2, *, memory_limit: int = MEMORY_LIMIT) -> None:
        self._processes, self._memory_limit = processes, memory_limit
        self._pool = self._new()

    async def call(self, work: Callable[..., T], /, *args: object, timeout_s: float) -> T:
        """What ``work(*args)`` gives, computed in a worker. Raises WorkFailed, or what ``work`` raises."""
        for _ in range(2):
            pool = self._whole()
            try:
                future: Future[T] = pool.schedule(_done, args=[work, *args], timeout=timeout_s)
                async with asyncio.timeout(timeout_s + START_S) as patience:
                    return await asyncio.wrap_future(future)
            except TimeoutError as error:
                if patience.expired():
                    raise WorkCrashed("no worker process could be started") from error
                raise WorkTimeout(f"reading took longer than {timeout_s:g} s and was stopped") from error
            except ProcessExpired as error:
                raise WorkCrashed("reading crashed its worker process, which was replaced") from error
            except (MemoryError, RecursionError) as error:
                raise WorkCrashed("reading needed more memory than a page may take") from error
            except RuntimeError:
                if pool.active:
                    raise
                # The pool broke, which no single page does: once more, with a new one.
        raise WorkCrashed("the worker processes died twice and were replaced")

    def close(self) -> None:
        """End the workers; what they were at is dropped."""
        _end(self._pool)

    def _new(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        return ProcessPool(
            max_workers=self._processes,
            max_tasks=TASKS_PER_WORKER,
            initializer=_prepare,
            initargs=[self._memory_limit],
            context=context,
        )

    def _whole(self) -> ProcessPool:
        """The pool, or a new one where it broke: a worker that dies while none is at work takes it along."""
        if not self._pool.active:
            threading.Thread(target=_end, args=(self._pool,), daemon=True).start()
            self._pool = self._new()
        return self._pool


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _prepare(memory_limit: int) -> None:
    """Stop signals are for the parent: a worker ends with its work or with its pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    # A page makes some ten thousand objects that all go together: looking for circles among them, and among the
    # modules, took a tenth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)


def _done(work: Callable[..., T], *args: object) -> T:
    """What ``work`` gives; an error that could not be unpacked on the other side comes as its words."""
    try:
        return work(*args)
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 (our own process)
        except Exception:
            raise WorkCrashed(f"reading failed: {error!r}"[:500]) from None
        raise
