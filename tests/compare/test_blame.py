"""Since when each clause of the newest text stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.records import Clause, Document, Version
from watcher.compare.blame import blame

FIRST = datetime(2024, 1, 1, tzinfo=UTC)

COLLECT = "We collect the name and address you give when you open an account."
BANK = "Payment details are handled by our bank and never reach our servers."
CRASH = "Crash reports help us find faults in the software we ship to you."
COPY = "You may ask for a copy of everything we hold about you at any time."
KEEP = "Support tickets are deleted two years after they were closed."
KEEP_LONGER = "Support tickets are deleted five years after they were closed."


def versions(*texts: list[str] | list[Clause]) -> list[Version]:
    return [
        Version(
            n + 1,
            Document("", "en", tuple(c if isinstance(c, Clause) else Clause(c) for c in text)),
            FIRST + timedelta(days=n),
        )
        for n, text in enumerate(texts)
    ]


def test_no_versions_no_blame() -> None:
    """Without a version there is nothing to tell."""
    assert blame([]) == ()


def test_clauses_stand_since_they_came() -> None:
    """What never changed stands since the first version, what came later since then."""
    told = blame(versions([COLLECT, BANK], [COLLECT, CRASH, BANK], [COLLECT, CRASH, BANK, COPY]))
    assert [(b.clause.text, b.since, b.origin) for b in told] == [
        (COLLECT, 0, 0), (CRASH, 1, 1), (BANK, 0, 0), (COPY, 2, 2),
    ]  # fmt: skip


def test_modified_clause_is_credited_to_the_version_that_modified_it() -> None:
    """Its origin and each edit stay known."""
    told = blame(versions([COLLECT, KEEP], [COLLECT, KEEP_LONGER], [COLLECT, KEEP_LONGER, COPY]))
    assert (told[1].since, told[1].origin, told[1].edits) == (1, 0, (1,))


def test_moves_and_numbers_do_not_end_a_clause() -> None:
    """A clause that moved and got another number stands since it came; the move is remembered."""
    first = [Clause(t, number=f"{n}.") for n, t in enumerate([COLLECT, BANK, CRASH, COPY], 1)]
    second = [Clause(t, number=f"{n}.") for n, t in enumerate([BANK, CRASH, COPY, COLLECT], 1)]
    told = blame(versions(first, second))
    assert [b.since for b in told] == [0, 0, 0, 0]
    assert [b.moved for b in told] == [None, None, None, 1]
    assert [b.clause.number for b in told] == ["1.", "2.", "3.", "4."]


def test_clause_put_back_stands_since_its_return() -> None:
    """What was taken out and put back stands since then, and says when it stood before."""
    told = blame(versions([COLLECT, BANK, CRASH], [COLLECT, CRASH], [COLLECT, BANK, CRASH]))
    assert (told[1].since, told[1].earlier) == (2, 0)
    assert told[0].earlier is None


def test_split_parts_keep_the_origin_of_the_whole() -> None:
    """Both parts of a split clause are credited to the split and come from the whole's version."""
    told = blame(versions([CRASH, f"{COLLECT} {COPY}", BANK], [CRASH, COLLECT, COPY, BANK]))
    assert [(b.since, b.origin) for b in told] == [(0, 0), (1, 0), (1, 0), (0, 0)]


def test_merged_clause_has_the_oldest_origin() -> None:
    """A clause merged from two comes from the older of them."""
    told = blame(
        versions([COLLECT, BANK], [COLLECT, BANK, COPY], [f"{COPY} {CRASH}", BANK], [f"{COPY} {CRASH}", BANK])
    )
    assert told[0].since == 2
    both = blame(versions([CRASH, COLLECT], [CRASH, COLLECT, COPY], [CRASH, f"{COLLECT} {COPY}"]))
    assert (both[1].since, both[1].origin) == (2, 0)
