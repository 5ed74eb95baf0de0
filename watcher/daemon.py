"""The background process: ticks, signals, drain.

Due times are rows in the store; APScheduler only ticks. A tick claims what is due under a lease, as many as
there are free places; a check that ends frees its place and asks for the next at once. A restart therefore
continues where it was. What a killed process held is taken back at the next start on the same machine; on
another one, when its leases run out.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import StoreError
from storage.records import Policy
from watcher.check import Checked, House, check
from watcher.health import TROUBLE

log = structlog.get_logger("clausewatch")

TICK_S = 1.0
LEASE_S = 300.0
"""Longer than any check can take (the gate and the workers have their own limits), short enough that the
checks of a killed process are taken up soon."""


def owner_name() -> str:
    """Who holds a lease: unique per process, readable in the database."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(owner: str) -> bool:
    """Whether a holder was a process of this machine that runs no more. One of our own name is gone too: in a
    container every start has the same number."""
    machine, _, number = owner.rpartition(":")
    if owner == owner_name():
        return True
    if machine != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@dataclass(slots=True)
class Daemon:
    """Runs until `stop` is called, then drains: running checks get ``stop_within_s``, the rest their lease back."""

    house: House
    deliver: Callable[[datetime], Awaitable[int]]
    concurrency: int
    stop_within_s: float
    heartbeat: Callable[[], Awaitable[None]] | None = None
    heartbeat_every_s: float = 300.0
    owner: str = field(default_factory=owner_name)
    _running: dict[asyncio.Task[None], Policy] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _deliver_wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Check and deliver until told to stop; returns when everything is drained."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop)
        await self._take_back()
        await self._spread_overdue()
        scheduler = self._scheduler()
        scheduler.start()
        log.info("daemon.started", owner=self.owner, concurrency=self.concurrency)
        loops = [asyncio.create_task(self._check_loop()), asyncio.create_task(self._deliver_loop())]
        self._tick()
        try:
            await self._stopping.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._drain(loops)
            log.info("daemon.stopped")

    async def _take_back(self) -> None:
        """The checks that a killed process was at are due as they were."""
        holders: list[str] = await self.house.store.run(lambda store: store.lease_holders())
        for owner in filter(is_gone, holders):
            count = await self.house.store.run(partial(_release_all, owner=owner))
            log.info("leases.taken-back", owner=owner, count=count)

    async def _spread_overdue(self) -> None:
        """After a long stop much is due at once: what is, is taken up one by one over the next while."""
        now = self.house.now()
        overdue: list[tuple[Policy, datetime]] = await self.house.store.run(lambda store: store.overdue(now))
        for policy, due_at in overdue:
            later = self.house.timetable.after_a_stop(policy, now, due_at)
            if later > now:
                await self._put_off_to(policy, later)

    def stop(self) -> None:
        """Ask for an orderly end; safe to call twice."""
        self._stopping.set()
        self._tick()

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(timezone="UTC")
        always: dict[str, Any] = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(self._tick, "interval", seconds=TICK_S, id="tick", **always)
        if self.heartbeat:
            scheduler.add_job(
                self._beat,
                "interval",
                seconds=self.heartbeat_every_s,
                id="heartbeat",
                next_run_time=datetime.now(scheduler.timezone),
                **always,
            )
        return scheduler

    def _tick(self) -> None:
        self._wake.set()
        self._deliver_wake.set()

    async def _beat(self) -> None:
        if self.heartbeat:
            try:
                await self.heartbeat()
            except Exception as error:
                log.warning("heartbeat.failed", error=str(error))

    # ------------------------------------------------------------ checks

    async def _check_loop(self) -> None:
        while not self._stopping.is_set():
            await self._wake.wait()
            self._wake.clear()
            free = self.concurrency - len(self._running)
            if free <= 0 or self._stopping.is_set():
                continue
            try:
                due = await self._claim(free)
            except StoreError as error:
                log.error("store.failed", error=str(error))
                continue
            for policy in due:
                task = asyncio.create_task(self._one(policy))
                self._running[task] = policy
                task.add_done_callback(self._ended)

    async def _claim(self, limit: int) -> list[Policy]:
        now = self.house.now()
        due: list[Policy] = await self.house.store.run(
            lambda store: store.claim_due(now, limit=limit, lease_s=LEASE_S, owner=self.owner)
        )
        return due

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._wake.set()

    async def _one(self, policy: Policy) -> None:
        with structlog.contextvars.bound_contextvars(policy=policy.id):
            try:
                checked = await check(policy, self.house)
            except asyncio.CancelledError:
                await self._give_back(policy)
                raise
            except StoreError as error:
                log.error("store.failed", error=str(error))
            except Exception:
                log.exception("check.crashed")
                await self._put_off(policy)
            else:
                report(checked)
                if checked.change_ids:  # what else there is to send, the next tick finds
                    self._deliver_wake.set()

    async def _give_back(self, policy: Policy) -> None:
        await self.house.store.run(lambda store: store.release(policy.id))

    async def _put_off(self, policy: Policy) -> None:
        """A fault of ours must not loop: the policy comes up again with the ordinary rhythm."""
        now = self.house.now()
        due = self.house.timetable.next_check(policy, now, unsettled=False, failures=1, retry_at=None)
        await self._put_off_to(policy, due)

    async def _put_off_to(self, policy: Policy, due: datetime) -> None:
        await self.house.store.run(lambda store: store.put_off(policy.id, due))

    # ------------------------------------------------------------ deliveries

    async def _deliver_loop(self) -> None:
        while not self._stopping.is_set():
            await self._deliver_wake.wait()
            self._deliver_wake.clear()
            try:
                while not self._stopping.is_set() and await self.deliver(self.house.now()):
                    pass
            except StoreError as error:
                log.error("store.failed", error=str(error))
            except Exception:
                log.exception("delivery.crashed")

    # ------------------------------------------------------------ the end

    async def _drain(self, loops: list[asyncio.Task[None]]) -> None:
        deadline = asyncio.get_running_loop().time() + self.stop_within_s
        log.info("daemon.draining", checks=len(self._running))
        pending: set[asyncio.Task[None]] = {*self._running, *loops}
        self._tick()
        if pending:
            left = max(0.1, deadline - asyncio.get_running_loop().time() - 0.5)
            _, pending = await asyncio.wait(pending, timeout=left)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _release_all(store: Any, owner: str) -> int:
    count: int = store.release_all(owner)
    return count


def report(checked: Checked) -> None:
    """One event an outcome."""
    event: dict[str, Any] = {"status": checked.outcome.value, "ms": checked.duration_ms}
    if checked.reason:
        event["reason"] = checked.reason
    level = log.warning if checked.outcome in TROUBLE else log.info
    level("policy.checked", **event)
    for id_, change in zip(checked.change_ids, checked.changes, strict=False):
        log.info(
            "policy.changed" if change.before else "policy.first-read",
            change=id_,
            kind=change.kind.value,
            verdict=change.judged.verdict.value,
            materiality=change.comparison.materiality.value if change.comparison else None,
            notify=change.notify,
            channels=[name for name, _ in change.channels],
        )
