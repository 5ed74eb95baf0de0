"""Puts the parts together, as configured: the gate, the store's thread, the workers, the rhythm, the routes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from config.settings import Settings
from storage.database import Database
from storage.records import HostState, RobotsState
from watcher.alert.wiring import router
from watcher.check import House
from watcher.fetch import FetchSettings, Gate
from watcher.health import Patience
from watcher.timetable import Timetable
from watcher.work import Workers


class StoredHosts:
    """What hosts asked for, kept in the store, so that a restart does not forget it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load_hosts(self) -> Sequence[HostState]:
        return await self._database.run(lambda store: store.load_hosts())

    async def save_host(self, state: HostState) -> None:
        await self._database.run(lambda store: store.save_host(state))

    async def load_robots(self, origin: str) -> RobotsState | None:
        return await self._database.run(lambda store: store.robots(origin))

    async def save_robots(self, state: RobotsState) -> None:
        await self._database.run(lambda store: store.save_robots(state))


@asynccontextmanager
async def open_house(
    settings: Settings, database: Database, now: Callable[[], datetime]
) -> AsyncIterator[House]:
    """A `House` on ``database``; its workers and connections end with the block."""
    gate = Gate(FetchSettings.of(settings.fetch), StoredHosts(database), clock=now)
    workers = Workers(processes=max(1, min(4, os.cpu_count() or 1)))
    try:
        yield House(
            gate=gate,
            store=database,
            workers=workers,
            routes=router(settings.channel),
            timetable=Timetable(settings.schedule.every, settings.schedule.confirm_after),
            now=now,
            patience=Patience(settings.alert.broken_after_checks, settings.alert.broken_after),
        )
    finally:
        await gate.close()
        workers.close()
