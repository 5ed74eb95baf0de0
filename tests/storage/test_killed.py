"""A real process, killed with SIGKILL in the middle of recording."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

from store_samples import HOUR, NOW, POLICY, check, edit, version

from storage.database import Database
from storage.records import Variant

KILLS = 40


def _write_for_ever(path: Path, said: int) -> None:
    """Record one changed check after another; one byte into the pipe for each."""
    with Database.open(path) as database:
        while True:
            turn = len(database.call(lambda s: s.captures(POLICY.id))) + 1
            at = NOW + turn * HOUR
            past = database.call(lambda s: s.past(POLICY.id))
            after = version(*(f"clause {i} in edition {turn // (i + 1)}" for i in range(60)), at=at)
            changes = (edit(past.variants[0].standing, after, at=at),) if past.variants else ()
            intent = check(
                after,
                at=at,
                variants=(Variant(1, after, at),),
                changes=changes,
                text=f"edition {turn} " * 500,
            )
            database.call(lambda s, i=intent, at=at: s.record(i, at))
            os.write(said, b".")


def test_a_killed_process_leaves_nothing_half_written(database: Database, path: Path) -> None:
    """After each of many kills: every acknowledged check is there, every chain holds, every told change has
    its delivery, and the next process goes on."""
    database.close()
    dice = random.Random(11)
    recorded = 0
    for _ in range(KILLS):
        heard, said = os.pipe()
        process = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(path, said))
        process.start()
        os.close(said)
        first = os.read(heard, 1)
        time.sleep(dice.random() * 0.05)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        acknowledged = recorded + len(first)
        while more := os.read(heard, 4096):
            acknowledged += len(more)
        os.close(heard)
        with Database.open(path) as after:
            assert after.call(lambda s: s.verify()) == []
            (row,) = after.call(
                lambda s: s.rows(
                    "select (select count(*) from checks) as checks,"
                    " (select count(*) from captures) as captures,"
                    " (select count(*) from deliveries) as deliveries,"
                    " (select count(*) from changes where kind = 'edit') as edits,"
                    " (select count(*) from changes c where kind = 'edit' and not exists"
                    "   (select 1 from deliveries d where d.change = c.id)) as untold"
                )
            )
            recorded = int(str(row["checks"]))
            assert recorded == row["captures"]
            assert row["untold"] == 0 and row["deliveries"] == row["edits"]
            assert acknowledged <= recorded <= acknowledged + 1
    assert recorded >= KILLS
