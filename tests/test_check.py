"""One check from the address to the record: real HTTP on loopback, a real database, real workers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from storage.database import Database
from storage.records import AlertType, ChangeKind, Outcome, Policy, PolicyKind
from tests.site import Answer, Clock, Site, served
from tests.watches import BASE, LONGER, PROMOTION, RETENTION, START, changed
from watcher import check as check_module
from watcher.check import Checked, House, check
from watcher.house import open_house

EDITED = changed(RETENTION, LONGER)
SETTINGS = {
    "CLAUSEWATCH_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]',
    "CLAUSEWATCH_FETCH__HOST_INTERVAL_S": "0",
    "CLAUSEWATCH_CHANNEL": '[{"name": "feed", "type": "feed", "path": "feed.xml"}]',
}


class Bench:
    """One watched page and everything a check of it needs."""

    def __init__(self, site: Site, database: Database, house: House, clock: Clock) -> None:
        self.site, self.database, self.house, self.clock = site, database, house, clock
        self.policy = Policy("lantern", site.url("/privacy"), "Lantern Shop", PolicyKind.PRIVACY)
        database.call(lambda s: s.add_policy(self.policy, clock()))

    async def look(self, lines: object = None) -> Checked:
        """Serve ``lines`` from now on (None: as before) and check."""
        if lines is not None:
            self.site.pages["/privacy"] = lines  # type: ignore[assignment]
        self.clock.forward(hours=1)
        return await check(self.policy, self.house)

    def rows(self, sql: str) -> list[dict[str, object]]:
        return self.database.call(lambda s: s.rows(sql))


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
async def bench(site: Site, tmp_path: Path) -> AsyncIterator[Bench]:
    clock = Clock(START)
    with Database.open(tmp_path / "watch.db") as database:
        async with open_house(Settings.load(None, SETTINGS), database, clock) as house:
            yield Bench(site, database, house, clock)


async def test_change_goes_from_address_to_record_and_outbox(bench: Bench) -> None:
    """An edited page is told after its second look: change, clauses and one delivery stand in the database."""
    assert (await bench.look(BASE)).outcome is Outcome.CHANGED
    assert (await bench.look()).outcome is Outcome.NOT_MODIFIED
    assert not (await bench.look(EDITED)).changes
    confirmed = await bench.look()
    assert [c.kind for c in confirmed.changes] == [ChangeKind.EDIT]
    (row,) = bench.rows("select * from changes where kind = 'edit'")
    assert row["verdict"] == "silent"
    assert str(row["first_seen_at"]).startswith("2024-03-01T11")
    assert [r["after"] for r in bench.rows("select * from clause_changes where op = 'modified'")] == [LONGER]
    assert [r["channel"] for r in bench.rows("select * from deliveries")] == ["feed"]
    assert [r["outcome"] for r in bench.rows("select outcome from checks order by id")] == [
        "changed",
        "not-modified",
        "changed",
        "changed",
    ]


async def test_unchanged_page_is_confirmed_by_a_304(bench: Bench) -> None:
    """ "Not modified" is the second look of a difference: the validators of the first were saved with it."""
    await bench.look(BASE)
    await bench.look(EDITED)
    hits = bench.site.hits["/privacy"]
    told = await bench.look()
    assert bench.site.hits["/privacy"] == hits + 1
    assert bench.site.sent[-1].get("If-None-Match")
    assert [c.kind for c in told.changes] == [ChangeKind.EDIT]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((500, {}, b"broken"), Outcome.FAILED),
        ((404, {}, b"<h1>Not found</h1>"), Outcome.MISSING),
        ((403, {}, b"<h1>Forbidden</h1>"), Outcome.BLOCKED),
        ((200, {"Content-Type": "text/html"}, b""), Outcome.UNREADABLE),
        ((302, {"Location": "/elsewhere"}, b""), Outcome.MISSING),
        (
            (
                200,
                {"Content-Type": "text/html", "cf-mitigated": "challenge"},
                b"<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>",
            ),
            Outcome.BLOCKED,
        ),
    ],
    ids=["500", "404", "403", "empty", "redirect to nothing", "bot wall"],
)
async def test_page_in_place_of_the_policy_is_an_outcome_and_no_version(
    bench: Bench, answer: Answer, outcome: Outcome
) -> None:
    """Errors, walls and empty pages are recorded as what they are; the text that stands is untouched."""
    await bench.look(BASE)
    for _ in range(2):
        assert (await bench.look(lambda: answer)).outcome is outcome
    await bench.look(BASE)
    assert len(bench.rows("select * from versions")) == 1
    assert len(bench.rows("select * from changes")) == 1


async def test_lasting_trouble_is_told_once_and_its_end_once(bench: Bench) -> None:
    """Three failures in a row make one "watch is broken"; the first good look makes one "recovered"."""
    await bench.look(BASE)
    for _ in range(6):
        await bench.look(lambda: (503, {}, b"maintenance"))
        bench.clock.forward(hours=24)
    await bench.look(BASE)
    await bench.look()
    types = [r["type"] for r in bench.rows("select type from deliveries order by id")]
    assert types == [AlertType.BROKEN.value, AlertType.RECOVERED.value]


@pytest.mark.parametrize("read", [False, True])
async def test_trouble_says_whether_anything_was_ever_read(bench: Bench, read: bool) -> None:
    """A watch that breaks before its first reading has no text to keep, and its alert knows."""
    if read:
        await bench.look(BASE)
    for _ in range(3):
        await bench.look(lambda: (503, {}, b"maintenance"))
        bench.clock.forward(hours=24)
    (row,) = bench.rows("select payload from deliveries")
    assert json.loads(row["payload"])["read"] is read


async def test_failed_check_does_not_spoil_a_pending_change(bench: Bench) -> None:
    """An error between the first and the second look neither confirms nor forgets the difference."""
    await bench.look(BASE)
    await bench.look(EDITED)
    await bench.look(lambda: (500, {}, b""))
    told = await bench.look(EDITED)
    assert [c.kind for c in told.changes] == [ChangeKind.EDIT]


async def test_new_reader_takes_its_own_reading_as_baseline(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade of the reader the last capture is read again: the upgrade alerts nobody, and the next
    true edit is told."""
    with_offer = (*BASE, PROMOTION)
    await bench.look(with_offer)
    await bench.look()
    upgrade(monkeypatch)
    for _ in range(3):
        assert not (await bench.look()).changes
    told = [await bench.look(changed(RETENTION, LONGER, with_offer)), await bench.look()]
    (change,) = told[1].changes
    assert change.comparison is not None
    assert [c.op.value for c in change.comparison.clauses] == ["modified"]
    readers = {r["extractor"] for r in bench.rows("select extractor from versions")}
    assert "test-upgrade" in readers


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of another version that leaves promotions out, in this process and in the workers."""
    monkeypatch.setattr(check_module, "EXTRACTOR", "test-upgrade")
    monkeypatch.setattr(check_module, "reading_beside", upgraded_beside)
    monkeypatch.setattr(check_module, "reading", upgraded_read)


def upgraded_read(capture, select, kind):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    from watcher.extract import read

    document = read(capture, select=select)
    kept = tuple(c for c in document.clauses if c.text != PROMOTION)
    return replace(document, clauses=kept, extractor="test-upgrade")


def upgraded_beside(digest, capture, select, kind):  # type: ignore[no-untyped-def]
    return upgraded_read(capture, select, kind), False
