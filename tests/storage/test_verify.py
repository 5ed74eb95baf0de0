from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from store_samples import HOUR, NOW, POLICY, capture, check, edit, first_check, version

from storage.database import Database
from storage.records import Outcome, Variant


@pytest.fixture
def history(database: Database, path: Path) -> Path:
    """Three versions, two told changes, an unchanged visit and a bot wall; the file is closed."""
    database.call(lambda s: s.record(first_check("We never sell data.", "You may leave."), NOW))
    for hours, text in ((1, "We may sell data."), (2, "We do sell data.")):
        at = NOW + hours * HOUR
        before = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
        after = version(text, "You may leave.", at=at)
        intent = check(
            after,
            at=at,
            variants=(Variant(1, after, at),),
            changes=(edit(before, after, at=at),),
            text=text * 9,
        )
        database.call(lambda s, i=intent, at=at: s.record(i, at))
    wall = check(
        None, at=NOW + 3 * HOUR, outcome=Outcome.BLOCKED, capture_=capture("human?", NOW + 3 * HOUR, 403)
    )
    database.call(lambda s: s.record(wall, NOW + 3 * HOUR))
    database.close()
    return path


def _tamper(path: Path, *statements: str) -> None:
    conn = sqlite3.connect(path)
    conn.execute("pragma foreign_keys = off")
    for statement in statements:
        done = conn.execute(statement)
        assert done.rowcount != 0, f"changed nothing: {statement}"
    conn.commit()
    conn.close()


def _findings(path: Path, expect: dict[str, str] | None = None) -> list[str]:
    with Database.open(path, read_only=True) as database:
        return [f.message for f in database.call(lambda s: s.verify(expect=expect))]


def test_an_untouched_history_holds(history: Path) -> None:
    """Nothing is found where nothing was done, and looking changes nothing."""
    before = history.read_bytes()
    assert _findings(history) == []
    assert history.read_bytes() == before


ALTERED = {
    "a clause's text": "update clauses set text = 'We never sell data!' where text = 'We may sell data.'",
    "a clause's text and key": "update clauses set text = 'x', key = '2d711642b726b04401627ca9fbac32f5'"
    " where text = 'We may sell data.'",
    "a clause's place": "update version_clauses set position = position + 10 where version = 2 and position = 1",
    "a clause's number": "update version_clauses set number = '9.' where version = 2 and position = 1",
    "a clause's section": "update sections set parts = '[\"Else\"]' where id = 2",
    "a clause of a version": "delete from version_clauses where version = 1 and position = 2",
    "a version's stated date": "update versions set updated = '2025-12-01' where id = 2",
    "a version's date evidence": "update versions set dates = replace(dates, '2025-11-01', '2025-12-01') where id = 2",
    "a version's title": "update versions set title = 'Terms' where id = 1",
    "a version's time": "update versions set seen_at = '2026-01-06T09:00:00.000000Z' where id = 2",
    "a body's bytes": "update bodies set data = zeroblob(length(data)) where id = 2",
    "a body's sha256": "update bodies set sha256 = 'aa' || substr(sha256, 3) where id = 2",
    "a capture's sha256": "update captures set sha256 = 'aa' || substr(sha256, 3) where id = 4",
    "a capture's time": "update captures set fetched_at = '2026-01-06T09:00:00.000000Z' where id = 1",
    "a capture's address": "update captures set final_url = 'https://else.test/' where id = 1",
    "a capture's headers": "update captures set headers = '{}' where id = 1",
    "a check's outcome": "update checks set outcome = 'unchanged' where id = 4",
    "a check's time": "update checks set started_at = '2026-01-06T09:00:00.000000Z' where id = 4",
    "a change's verdict": "update changes set verdict = 'announced' where id = 2",
    "a change's summary": "update changes set summary = 'Typos.' where id = 2",
    "a change's clause": "update clause_changes set after = 'We never sell data.' where change = 2 and position = 0",
}
REMOVED = {
    "the last check": "delete from checks where id = 4",
    "a check in the middle": "delete from checks where id = 2",
    "every check": "delete from checks",
    "the last version": "delete from versions where id = 3",
    "the first version": "delete from versions where id = 1",
    "every version": "delete from versions",
    "a change": "delete from changes where id = 3",
    "a clause of a change": "delete from clause_changes where change = 2 and position = 1",
    "a capture": "delete from captures where id = 4",
    "a body": "delete from bodies where id = 1",
    "the head": "delete from heads",
    "a clause": "delete from clauses where id = 2",
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_alteration_is_found(history: Path, what: str) -> None:
    """Any value of the evidence altered behind the program's back shows."""
    _tamper(history, ALTERED[what])
    assert _findings(history)


@pytest.mark.parametrize("what", REMOVED)
def test_a_removal_is_found(history: Path, what: str) -> None:
    """Any row of the evidence removed shows, also the last one."""
    _tamper(history, REMOVED[what])
    assert _findings(history)


def test_a_last_visit_removed_with_all_that_hangs_on_it_is_found(history: Path) -> None:
    """Cutting off the end cleanly is seen by the head that counted it."""
    _tamper(
        history,
        "delete from clause_changes where change = 3",
        "delete from deliveries where change = 3",
        "delete from changes where id = 3",
        "delete from version_clauses where version = 3",
        "delete from variants",
        "delete from versions where id = 3",
        "delete from checks where id >= 3",
        "delete from captures where id >= 3",
        "delete from bodies where id >= 3",
    )
    assert any("removed" in m for m in _findings(history))


def test_a_head_kept_elsewhere_outlasts_a_rewritten_file(history: Path) -> None:
    """Who rewrites the heads as well is caught by the head someone noted before."""
    with Database.open(history, read_only=True) as database:
        noted = {h.policy: h.digest for h in database.call(lambda s: s.heads())}
    assert _findings(history, noted) == []
    _tamper(
        history,
        "delete from checks where id = 4",
        "delete from captures where id = 4",
        "delete from bodies where id = 4",
        "update heads set checks = 3, check_digest = (select digest from checks where id = 3)",
    )
    assert _findings(history) == []
    assert any("no part of this history" in m for m in _findings(history, noted))
    assert any("removed" in m for m in _findings(history, {"other": "ab" * 32}))


def test_a_head_noted_earlier_still_holds_after_more_visits(history: Path) -> None:
    """History grows on; every state noted on the way stays provable."""
    with Database.open(history) as database:
        noted = {h.policy: h.digest for h in database.call(lambda s: s.heads())}
        later = NOW + 9 * HOUR
        new = version("We sell everything.", at=later)
        database.call(lambda s: s.record(check(new, at=later, text="later"), later))
    assert _findings(history, noted) == []


def test_verification_sees_one_state_while_others_write(history: Path) -> None:
    """A history that grows while it is being proved is not taken for an altered one."""

    def write(database: Database) -> None:
        for turn in range(40):
            at = NOW + (20 + turn) * HOUR
            intent = check(version(f"We sell edition {turn}.", at=at), at=at, text=f"{turn}")
            database.call(lambda s, i=intent, at=at: s.record(i, at))

    with (
        Database.open(history) as writer,
        Database.open(history, read_only=True) as reader,
        ThreadPoolExecutor(1) as pool,
    ):
        written = pool.submit(write, writer)
        while not written.done():
            assert reader.call(lambda s: s.verify()) == []
        written.result()
        assert reader.call(lambda s: s.verify()) == []
