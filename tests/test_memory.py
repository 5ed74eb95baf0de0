"""What a check leaves in memory once the caches know the page: nothing."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

from config.settings import Settings
from storage.database import Database
from storage.records import Outcome, Policy, PolicyKind
from tests.site import Answer, Clock, served
from tests.watches import BASE, START
from watcher.check import check
from watcher.house import open_house

SETTINGS = {"CLAUSEWATCH_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]', "CLAUSEWATCH_FETCH__HOST_INTERVAL_S": "0"}
LOOKS = 40
BYTES_A_LOOK = 1500
"""Far less than the page, its text or its reading: none of them may stay behind."""


async def test_a_check_leaves_nothing_in_memory(tmp_path: Path) -> None:
    """Other bytes at every visit, the same text: after a warm-up, forty more checks hold no more than before."""
    turn = 0

    def answer() -> Answer:
        lines = "".join(f"<p>{line}</p>" for line in BASE)
        token = f"<script>{turn} {'x' * 50_000}</script>"
        body = f"<html lang=en><title>Privacy notice</title>{token}<h1>Privacy notice</h1>{lines}"
        return 200, {"Content-Type": "text/html; charset=utf-8"}, body.encode()

    clock = Clock(START)
    with served() as site, Database.open(tmp_path / "watch.db") as database:
        site.pages["/privacy"] = answer
        policy = Policy("lantern", site.url("/privacy"), "Lantern Shop", PolicyKind.PRIVACY)
        database.call(lambda s: s.add_policy(policy, START))
        async with open_house(Settings.load(None, SETTINGS), database, clock) as house:

            async def held(looks: int) -> int:
                nonlocal turn
                for _ in range(looks):
                    turn += 1
                    clock.forward(hours=1)
                    assert (await check(policy, house)).outcome in (Outcome.CHANGED, Outcome.UNCHANGED)
                site.sent.clear()  # the test's own record
                gc.collect()
                return tracemalloc.get_traced_memory()[0]

            tracemalloc.start()
            try:
                before = await held(LOOKS)
                assert await held(LOOKS) - before < LOOKS * BYTES_A_LOOK
            finally:
                tracemalloc.stop()
