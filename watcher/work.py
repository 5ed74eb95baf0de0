"""Worker processes that can be killed: pages are read where reading too long or too large harms nobody.

A worker that runs out of time is killed; one that asks for more memory than it may have gets a MemoryError, or
dies. Either way the caller gets `WorkFailed` in words, and the next call a fresh worker. Workers that die while
nothing is asked of them are replaced unseen. The event loop speaks to each over a socket: no threads between.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import pickle
import resource
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space for one worker. The largest policies need a tenth of it."""
TASKS_PER_WORKER = 4000
"""A worker is replaced after so many calls, so that fragmented memory does not grow for months. A new one has to
build its word tables again, which costs as much as some tens of pages."""
PRELOADED = ["__main__", "watcher.warm"]
"""What every worker needs, read once by the process they are forked from."""
_LENGTH = struct.Struct("!Q")


class WorkFailed(Exception):
    """A call that did not end well, in one line for people."""


class WorkTimeout(WorkFailed):
    """The call ran out of time and its worker was killed."""


class WorkCrashed(WorkFailed):
    """The worker died or ran out of memory."""


class Workers:
    """At most ``processes`` workers, started when first needed. Functions and arguments must be picklable;
    ``close`` ends them. Belongs to one event loop."""

    def __init__(self, processes: int = 2, *, memory_limit: int = MEMORY_LIMIT) -> None:
        self._memory_limit = memory_limit
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)
        self._places = asyncio.Semaphore(processes)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def call(self, work: Callable[..., T], /, *args: object, timeout_s: float) -> T:
        """What ``work(*args)`` gives, computed in a worker. Raises WorkFailed, or what ``work`` raises.

        ``timeout_s`` counts from the moment a worker has it. A cancelled call ends its worker."""
        asked = pickle.dumps((work, args), pickle.HIGHEST_PROTOCOL)
        async with self._places:
            worker = await self._ready()
            try:
                async with asyncio.timeout(timeout_s):
                    well, result = pickle.loads(await worker.ask(asked))  # noqa: S301 (our own process)
            except TimeoutError as error:
                self._end(worker)
                raise WorkTimeout(f"reading took longer than {timeout_s:g} s and was stopped") from error
            except OSError as error:
                self._end(worker)
                raise WorkCrashed("reading crashed its worker process, which was replaced") from error
            except BaseException:
                self._end(worker)
                raise
            if isinstance(result, MemoryError | RecursionError) and not well:
                self._end(worker)
                raise WorkCrashed("reading needed more memory than a page may take") from result
            if worker.asked < TASKS_PER_WORKER:
                self._idle.append(worker)
            else:
                self._end(worker)
        if not well:
            raise result
        found: T = result
        return found

    def close(self) -> None:
        """End the workers; what they were at is dropped."""
        while self._idle:
            self._end(self._idle.pop())
        for worker in self._all:
            worker.kill()  # its call hears of it, and closes the socket it waits on

    async def _ready(self) -> _Worker:
        """An idle worker that lives, or a new one. Raises WorkCrashed where none can be started."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.is_alive():
                return worker
            self._end(worker)
        # On a thread: the first start waits for the modules of the process that workers are forked from.
        try:
            worker = await asyncio.to_thread(_Worker, self._context, self._memory_limit)
        except (OSError, EOFError) as error:
            raise WorkCrashed("no worker process could be started") from error
        self._all.add(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._all.discard(worker)
        worker.end()


class _Worker:
    """One process and our end of the socket to it."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, memory_limit: int) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self.asked = 0
        with theirs:
            self.process: BaseProcess = context.Process(
                target=_serve, args=(theirs, memory_limit), name="clausewatch-worker", daemon=True
            )
            self.process.start()

    async def ask(self, asked: bytes) -> bytearray:
        """The answer to one request. Raises OSError where the worker is gone."""
        self.asked += 1
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._socket, _LENGTH.pack(len(asked)) + asked)
        (length,) = _LENGTH.unpack(await self._receive(loop, _LENGTH.size))
        return await self._receive(loop, length)

    async def _receive(self, loop: asyncio.AbstractEventLoop, length: int) -> bytearray:
        data = bytearray(length)
        view, at = memoryview(data), 0
        while at < length:
            came = await loop.sock_recv_into(self._socket, view[at:])
            if not came:
                raise ConnectionResetError("the worker is gone")
            at += came
        return data

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def end(self) -> None:
        self._socket.close()
        self.kill()


# ---------------------------------------------------------------- the worker's side


def _serve(channel: socket.socket, memory_limit: int) -> None:
    """Answers requests until the other end is closed."""
    _prepare(memory_limit)
    with channel, channel.makefile("rb") as asked, suppress(OSError, struct.error):
        while head := asked.read(_LENGTH.size):
            answer = _answer(asked.read(*_LENGTH.unpack(head)))
            channel.sendall(_LENGTH.pack(len(answer)) + answer)


def _answer(asked: bytes) -> bytes:
    try:
        work, args = pickle.loads(asked)  # noqa: S301 (our own process)
        del asked
        return _packed(True, work(*args))
    except Exception as error:
        try:
            answer = _packed(False, error)
            pickle.loads(answer)  # noqa: S301 (some errors can be packed and not unpacked)
            return answer
        except Exception:
            return _packed(False, WorkCrashed(f"reading failed: {error!r}"[:500]))


def _packed(well: bool, result: Any) -> bytes:
    return pickle.dumps((well, result), pickle.HIGHEST_PROTOCOL)


def _prepare(memory_limit: int) -> None:
    """Stop signals are for the parent: a worker ends with its work or with its pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    # A page makes some ten thousand objects that all go together: looking for circles among them, and among the
    # modules, took a tenth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)
