"""`clausewatch backfill` against a stand-in of the web archive, through the real gate."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from storage.database import Database
from storage.records import HostState
from tests.archives.captures import URL, Kept, at, warc
from tests.archives.stand_in import StandIn
from tests.archives.test_import import EDITED, LATER, changes, rows
from tests.cli.command import Command, Done
from tests.site import Site, served
from tests.watches import BASE

YEAR = (
    Kept(at(1), BASE), Kept(at(2), BASE), Kept(at(3), BASE), Kept(at(4), EDITED), Kept(at(5), EDITED),
    Kept(at(6), LATER), Kept(at(7), LATER),
)  # fmt: skip


def backfill(clausewatch: Command, archive: Site, *options: str) -> Done:
    known = (clausewatch.folder / "clausewatch.db").exists()
    if not known:
        assert clausewatch("add", URL, "--no-trial", "--id", "shop").code == 0
    return clausewatch("backfill", "shop", *options, environ={"CLAUSEWATCH_ARCHIVE__BASE": archive.url("")})


def test_archived_captures_become_history(clausewatch: Command) -> None:
    """Each change carries when its text was last and first seen; equal bodies are fetched once; nobody is told."""
    with served(StandIn(kept=YEAR)) as archive:
        done = backfill(clausewatch, archive)
    assert done.code == 0, done.err
    seen = [(c["previous_seen_at"][:10], c["first_seen_at"][:10]) for c in changes(clausewatch)]
    assert seen == [("2024-03-01", "2024-04-01"), ("2024-05-01", "2024-06-01")]
    assert len(archive.played) == 3
    assert rows(clausewatch, "select * from deliveries") == []
    assert clausewatch("verify").code == 0


def test_captures_keep_the_headers_they_came_with_then(clausewatch: Command) -> None:
    """The original's headers, not the archive's; the address and the time are the original's as well."""
    with served(StandIn(kept=YEAR[:1])) as archive:
        backfill(clausewatch, archive)
    (row,) = rows(clausewatch, "select url, final_url, fetched_at, headers from captures")
    assert (row["url"], row["final_url"]) == (URL, URL)
    assert row["fetched_at"].startswith("2024-01-01T08:00:00")
    kept = json.loads(row["headers"])
    assert kept["etag"] == '"of-that-day"'
    assert kept["server"] == "lantern/1.0"
    assert kept["content-type"] == "text/html; charset=utf-8"
    assert "x-archive-orig-etag" not in kept


def test_only_the_days_asked_for(clausewatch: Command) -> None:
    """``--from`` and ``--to`` take whole days; ``--limit`` spreads over the time."""
    with served(StandIn(kept=YEAR)) as archive:
        backfill(clausewatch, archive, "--from", "2024-04-01", "--to", "2024-06-01")
        months = [
            r["fetched_at"][5:7] for r in rows(clausewatch, "select fetched_at from captures order by 1")
        ]
        assert months == ["04", "05", "06"]
        again = backfill(clausewatch, archive, "--limit", "2")
    assert again.code == 0, again.err
    assert "known before" in again.err
    months = [r["fetched_at"][5:7] for r in rows(clausewatch, "select fetched_at from captures order by 1")]
    assert months == ["01", "03", "04", "05", "06", "07"]


def test_second_backfill_asks_for_nothing_it_has(clausewatch: Command) -> None:
    """Known captures are not fetched again."""
    with served(StandIn(kept=YEAR)) as archive:
        backfill(clausewatch, archive)
        archive.played.clear()
        done = backfill(clausewatch, archive)
    assert done.code == 0
    assert archive.played == []
    assert "6 known before" in done.err


def test_single_captures_that_fail_are_problems_and_the_rest_goes_on(clausewatch: Command) -> None:
    """Not found, broken, and replaced by a capture of another day: each one line; exit code 1."""
    bad = {
        "20240401080000": (404, {}, b""),
        "20240601080000": (500, {}, b"oops"),
        "20240701080000": (302, {"Location": f"/web/20240101080000id_/{URL}"}, b""),
    }
    kept = (*YEAR[:3], Kept(at(4), EDITED), Kept(at(5), LATER), Kept(at(6), EDITED), Kept(at(7), LATER))
    with served(StandIn(kept=kept, on_capture=bad.get)) as archive:
        done = backfill(clausewatch, archive)
    assert done.code == 1
    for day in ("2024-04-01", "2024-06-01", "2024-07-01"):
        assert day in done.err, done.err
    assert "3 things could not be used" in done.err
    assert len(rows(clausewatch, "select * from captures")) == 3
    assert len(changes(clausewatch)) == 1


def test_short_pause_is_waited_out(clausewatch: Command) -> None:
    """429 with a near Retry-After, for the list and for a capture: the archive gets its pause, then goes on."""
    refused: Counter[str] = Counter()

    def later(what: str):  # type: ignore[no-untyped-def]
        refused[what] += 1
        return (429, {"Retry-After": "1"}, b"slow down") if refused[what] == 1 else None

    def on_capture(stamp: str):  # type: ignore[no-untyped-def]
        return later("capture") if stamp.startswith("202404") else None

    with served(StandIn(kept=YEAR, on_list=lambda: later("list"), on_capture=on_capture)) as archive:
        done = backfill(clausewatch, archive)
    assert done.code == 0, done.err
    assert refused == {"list": 2, "capture": 2}
    assert len(changes(clausewatch)) == 2


def test_long_pause_ends_it_in_one_line_and_the_next_call_goes_on(clausewatch: Command) -> None:
    """What came before the pause is kept and judged; the change to the live text is not told before the rest is in."""
    warc(clausewatch.folder / "live.warc", [Kept(at(9), LATER, URL), Kept(at(10), LATER, URL)])
    clausewatch("import", "live.warc")
    with Database.open(clausewatch.folder / "clausewatch.db") as database:
        (policy,) = database.call(lambda s: s.policies())
    pause = True

    def on_capture(stamp: str):  # type: ignore[no-untyped-def]
        return (429, {"Retry-After": "7200"}, b"") if pause and stamp.startswith("202404") else None

    with served(StandIn(kept=YEAR[:5], on_capture=on_capture)) as archive:
        environ = {"CLAUSEWATCH_ARCHIVE__BASE": archive.url("")}
        done = clausewatch("backfill", policy.id, environ=environ)
        assert done.code == 1
        assert "asks for a pause until" in done.err.splitlines()[-1]
        assert "Traceback" not in done.err
        assert len(rows(clausewatch, "select * from captures")) == 4
        assert changes(clausewatch) == []
        pause = False
        with Database.open(clausewatch.folder / "clausewatch.db") as database:
            database.call(lambda s: [s.save_host(HostState(known.host)) for known in s.load_hosts()])
        assert clausewatch("backfill", policy.id, environ=environ).code == 0
    seen = [(c["previous_seen_at"][:7], c["first_seen_at"][:7]) for c in changes(clausewatch)]
    assert seen == [("2024-03", "2024-04"), ("2024-05", "2024-09")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {"Content-Type": "text/html"}, b"<h1>Maintenance</h1>"), "something else than a list"),
        ((200, {"Content-Type": "application/json"}, b'{"error": "x"}'), "something else than a list"),
        ((200, {"Content-Type": "application/json"}, b'[["timestamp","orig'), "something else than a list"),
        ((200, {"Content-Type": "application/json"}, b'[["a","b"],["1","2"]]'), "something else than a list"),
        ((200, {"Content-Type": "application/json"}, b"[]"), "no captures of"),
        ((500, {}, b""), "could not be asked"),
        ((403, {}, b""), "could not be asked"),
        ((429, {"Retry-After": "7200"}, b""), "asks for a pause until"),
    ],
)
def test_list_that_is_none(clausewatch: Command, answer: object, said: str) -> None:
    """One clear line, exit code 1, nothing recorded."""
    with served(StandIn(kept=YEAR, on_list=lambda: answer)) as archive:  # type: ignore[arg-type, return-value]
        done = backfill(clausewatch, archive)
    assert done.code == 1
    assert said in done.says_one_line()
    assert rows(clausewatch, "select * from checks") == []


def test_rows_that_make_no_sense_are_passed_over(clausewatch: Command) -> None:
    """Broken rows of an otherwise good list cost nothing but themselves."""
    table = [
        ["original", "timestamp", "digest"],
        [URL, "20240101080000", "A"],
        [URL, "2024", "B"],
        [URL],
        None,
        "x",
    ]
    answer = (200, {"Content-Type": "application/json"}, json.dumps(table).encode())
    with served(StandIn(kept=YEAR, on_list=lambda: answer)) as archive:
        done = backfill(clausewatch, archive)
    assert done.code == 0, done.err
    assert "1 captures" in done.err


def test_archive_that_does_not_answer(clausewatch: Command) -> None:
    """One line."""
    assert clausewatch("add", URL, "--no-trial", "--id", "shop").code == 0
    done = clausewatch("backfill", "shop", environ={"CLAUSEWATCH_ARCHIVE__BASE": "http://127.0.0.1:9"})
    assert done.code == 1
    assert "could not be asked" in done.says_one_line()
