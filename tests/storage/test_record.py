from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_samples import HOUR, NOW, POLICY, alert, capture, check, document, edit, first_check, version

from storage.database import Database
from storage.errors import UnknownPolicy
from storage.records import (
    ChangeKind,
    DateSighting,
    Foreign,
    Health,
    Materiality,
    Outcome,
    Past,
    Topic,
    Validators,
    Variant,
    Verdict,
    Version,
)


def test_past_comes_back_as_it_was_recorded(database: Database, path: Path) -> None:
    """Variants with their texts, pending texts, counts and times survive a restart exactly."""
    own, other, waiting = version("We sell nothing."), version("Wir verkaufen nichts."), version("We sell.")
    variants = (
        Variant(1, own, NOW, waiting, NOW + HOUR, visits=3, streak=2, arrived_at=NOW - HOUR),
        Variant(4, other, NOW - HOUR, visits=2, streak=0, foreign=Foreign.LANGUAGE),
    )
    database.call(lambda s: s.record(check(own, variants=variants), NOW))
    database.close()
    with Database.open(path) as again:
        past = again.call(lambda s: s.past(POLICY.id))
    assert [
        replace(v, standing=_idless(v.standing), pending=_idless(v.pending)) for v in past.variants
    ] == list(variants)
    assert past.stood == {own.document.digest: past.variants[0].standing.id}
    assert past.sightings == (DateSighting(NOW, "2025-11-01", "d" * 64),)


def _idless(one: Version | None) -> Version | None:
    return replace(one, id=None) if one else None


def test_a_policy_never_read_has_an_empty_past(database: Database) -> None:
    """Nothing known is an empty past, not an error."""
    assert database.call(lambda s: s.past(POLICY.id)) == Past()


def test_equal_texts_are_one_version(database: Database) -> None:
    """Two captures that read the same are one version, whichever object carries the text."""
    database.call(lambda s: s.record(first_check("We sell nothing."), NOW))
    again = version("We sell nothing.", at=NOW + HOUR)
    database.call(
        lambda s: s.record(check(again, at=NOW + HOUR, variants=(Variant(1, again, NOW + HOUR),)), NOW)
    )
    rows = database.call(lambda s: s.versions(POLICY.id))
    assert [(r.number, r.seen_at) for r in rows] == [(1, NOW)]


def test_a_new_reader_makes_a_new_version(database: Database) -> None:
    """The same text read by another extractor version is told apart."""
    database.call(lambda s: s.record(first_check("We sell nothing."), NOW))
    newer = Version(None, document("We sell nothing.", extractor="2"), NOW + HOUR)
    database.call(lambda s: s.record(check(newer, variants=(Variant(1, newer, NOW + HOUR),)), NOW + HOUR))
    assert [r.extractor for r in database.call(lambda s: s.versions(POLICY.id))] == ["1", "2"]


def test_equal_clauses_are_one_row(database: Database) -> None:
    """A clause two versions share is stored once."""
    database.call(lambda s: s.record(first_check("We sell nothing.", "You may leave."), NOW))
    database.call(lambda s: s.record(check(version("We sell nothing.", "You may stay."), text="b"), NOW))
    (row,) = database.call(lambda s: s.rows("select count(*) as n from clauses"))
    assert row["n"] == 4  # the heading, the shared clause, the two others


def test_a_change_comes_back_whole(database: Database) -> None:
    """Every field of a change and its clauses, word operations included, is read back as it was written."""
    first = first_check("We never sell data.")
    database.call(lambda s: s.record(first, NOW))
    before = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
    after, at = version("We may sell data.", at=NOW + HOUR), NOW + HOUR
    intent = edit(before, after, at=at)
    ids = database.call(lambda s: s.record(check(after, at=at, changes=(intent,), text="b"), at))
    change = database.call(lambda s: s.change(ids[0]))
    assert change is not None and intent.comparison is not None
    assert change.clauses == intent.comparison.clauses
    assert (change.kind, change.verdict, change.materiality) == (
        intent.kind,
        Verdict.SILENT,
        Materiality.HIGH,
    )
    assert change.summary == "Data may be sold; the stated date stayed 2025-11-01."
    assert (change.from_version, change.to_version) == (1, 2)
    assert (change.previous_seen_at, change.first_seen_at, change.confirmed_at) == (NOW, at, at)
    assert change.stated_before == before.document.dates
    assert (change.url, change.service) == (POLICY.url, POLICY.service)


def test_changes_are_found_by_what_is_asked(database: Database) -> None:
    """Filters narrow by policy, time, verdict, kind, topic, materiality and telling."""
    database.call(lambda s: s.record(first_check("We never sell data."), NOW))
    before = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
    after, at = version("We may sell data.", at=NOW + HOUR), NOW + HOUR
    intent = check(after, at=at, changes=(edit(before, after, at=at),), text="b")
    database.call(lambda s: s.record(intent, at))

    def found(**filters: object) -> list[int]:
        return [c.id for c in database.call(lambda s: s.changes(**filters))]  # type: ignore[arg-type]

    assert found() == [1, 2]
    assert found(newest_first=True, limit=1) == [2]
    assert found(since=at) == [2] and found(until=at) == [1]
    assert found(verdicts=[Verdict.SILENT]) == [2] and found(verdicts=[Verdict.BACKDATED]) == []
    assert found(kinds=[ChangeKind.FIRST]) == [1]
    assert found(topics=[Topic.SHARING, Topic.AI]) == [2] and found(topics=[Topic.AI]) == []
    assert found(min_materiality=Materiality.MEDIUM) == [2]
    assert found(notify=True) == [2] and found(after_id=1) == [2]
    assert found(policy="other") == [] and found(service="Acme") == [1, 2]


def test_returns_count_only_what_was_told(database: Database) -> None:
    """`Past.returns` counts reverted changes that were told, by the text returned to."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    home = database.call(lambda s: s.past(POLICY.id)).variants[0].standing
    for hours, told in ((1, True), (2, False)):
        at = NOW + hours * HOUR
        change = replace(edit(home, home, at=at, kind=ChangeKind.REVERTED), notify=told)
        database.call(lambda s, c=change, at=at: s.record(check(home, at=at, changes=(c,)), at))
    assert database.call(lambda s: s.past(POLICY.id)).returns == {home.document.digest: 1}


def test_an_unchanged_visit_counts_as_seen_again(database: Database) -> None:
    """A visit that got the same bytes, or 304, moves the time the standing text was last seen."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    later = NOW + 12 * HOUR
    steady = replace(check(None, at=later, outcome=Outcome.NOT_MODIFIED), capture=None, validators=None)
    database.call(lambda s: s.record(steady, later))
    past = database.call(lambda s: s.past(POLICY.id))
    assert past.variants[0].standing_seen_at == later and past.variants[0].streak == 2
    assert database.call(lambda s: s.brief(POLICY.id)).settled


def test_a_failed_visit_leaves_the_text_alone(database: Database) -> None:
    """A bot wall is kept as evidence and moves nothing but the health of the watch."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    past = database.call(lambda s: s.past(POLICY.id))
    wall, later = capture("are you human?", NOW + HOUR, 403), NOW + HOUR
    sick = Health(1, later, False, "bot wall")
    intent = replace(
        check(None, at=later, outcome=Outcome.BLOCKED, capture_=wall, health=sick),
        validators=None,
        sighting=None,
    )
    database.call(lambda s: s.record(intent, later))
    assert database.call(lambda s: s.past(POLICY.id)) == past
    assert database.call(lambda s: s.health(POLICY.id)) == sick
    assert database.call(lambda s: s.body(wall.sha256)) == wall.body
    assert database.call(lambda s: s.validators(POLICY.id)) == Validators('"a"', "yesterday")


def test_the_last_sightings_are_kept_in_time_order(database: Database) -> None:
    """Ten looks are remembered, the newest ones, even where older captures are imported afterwards."""
    for hours in [*range(12), -5]:
        at = NOW + hours * HOUR
        database.call(lambda s, at=at: s.record(check(version("a clause"), at=at), at))
    seen = [s.seen_at for s in database.call(lambda s: s.past(POLICY.id)).sightings]
    assert seen == [NOW + hours * HOUR for hours in range(2, 12)]


def test_an_import_leaves_the_watch_alone(database: Database) -> None:
    """An archived capture is no visit: due time, lease, health and validators stay as they are."""
    claimed = database.call(lambda s: s.claim_due(NOW, limit=1, lease_s=60, owner="a"))
    intent = replace(first_check("a clause", at=NOW - 100 * HOUR), archived=True)
    database.call(lambda s: s.record(intent, NOW))
    assert claimed == [POLICY]
    assert database.call(lambda s: s.claim_due(NOW, limit=1, lease_s=60, owner="b")) == []
    assert database.call(lambda s: s.next_due(POLICY.id)) == NOW
    assert database.call(lambda s: s.validators(POLICY.id)) == Validators()
    assert database.call(lambda s: s.look_times(POLICY.id)) == {NOW - 100 * HOUR}


def test_older_captures_go_before_the_history(database: Database) -> None:
    """The first text after an archive's end is the one that stood next, with the time it first stood."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    old = version("an older clause", at=NOW - HOUR)
    archived = replace(check(old, at=NOW - HOUR, text="old"), archived=True)
    database.call(lambda s: s.record(archived, NOW))
    after = database.call(lambda s: s.first_text_after(POLICY.id, NOW - HOUR))
    assert after is not None and after.document == document("a clause") and after.seen_at == NOW
    ids = database.call(
        lambda s: s.record_changes(POLICY.id, (edit(old, after, at=NOW, channels=()),), None, NOW)
    )
    change = database.call(lambda s: s.change(ids[0]))
    assert change is not None and (change.from_version, change.to_version) == (2, 1)
    assert database.call(lambda s: s.verify()) == []


def test_the_last_capture_is_that_of_the_text_shown(database: Database) -> None:
    """After A, B, A the text to read again is A, though B's bytes were the last ones kept."""
    for hours, text in enumerate(("a", "b", "a")):
        at = NOW + hours * HOUR
        one = version(text, at=at)
        intent = check(one, at=at, variants=(Variant(1, one, at),), text=text * 2)
        outcome = Outcome.UNCHANGED if hours == 2 else Outcome.CHANGED
        intent = replace(intent, outcome=outcome)
        database.call(lambda s, i=intent, at=at: s.record(i, at))
    last = database.call(lambda s: s.last_capture(POLICY.id))
    assert last is not None and b"aa" in last.body
    first = database.call(lambda s: s.version_capture(2))
    assert first is not None and b"bb" in first.body


@pytest.mark.parametrize(("keep", "kept"), [("versions", 1), ("all", 3)])
def test_bodies_are_kept_as_configured(path: Path, keep: str, kept: int) -> None:
    """ "versions" keeps the bytes a text was first read from, "all" those of every capture."""
    with Database.open(path, keep_bodies=keep) as database:
        database.call(lambda s: s.add_policy(POLICY, NOW))
        for hours in range(3):
            at = NOW + hours * HOUR
            outcome = Outcome.UNCHANGED if hours else Outcome.CHANGED
            intent = check(version("a clause"), at=at, outcome=outcome, text=f"request {hours}")
            database.call(lambda s, i=intent, at=at: s.record(i, at))
        rows = database.call(lambda s: s.captures(POLICY.id))
    assert len(rows) == 3 and sum(r.kept for r in rows) == kept


def test_nothing_is_recorded_for_an_unknown_policy(database: Database) -> None:
    """A policy removed while it was being read leaves an error that says so, and no rows."""
    with pytest.raises(UnknownPolicy, match="no policy 'gone'"):
        database.call(lambda s: s.record(replace(first_check("a"), policy="gone"), NOW))
    assert database.call(lambda s: s.captures()) == []


def test_a_check_that_fails_midway_leaves_nothing(database: Database) -> None:
    """An error after the capture, version and change were written undoes them all, in memory too."""
    broken = replace(alert(), payload={"not JSON": object()})
    with pytest.raises(TypeError):
        database.call(lambda s: s.record(replace(first_check("a clause"), alerts=(broken,)), NOW))
    for table in ("captures", "bodies", "versions", "clauses", "changes", "checks", "deliveries", "variants"):
        (row,) = database.call(lambda s, t=table: s.rows(f"select count(*) as n from {t}"))
        assert row["n"] == 0, table
    assert database.call(lambda s: s.validators(POLICY.id)) == Validators()
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    assert database.call(lambda s: s.version_document(1)) == document("a clause")
    assert database.call(lambda s: s.verify()) == []


def test_removing_a_policy_keeps_its_history(database: Database) -> None:
    """A removed policy is no longer due or listed; added again, its history is there."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    assert database.call(lambda s: s.remove_policy(POLICY.id, NOW))
    assert database.call(lambda s: s.policies()) == []
    assert database.call(lambda s: s.claim_due(NOW + timedelta(days=9), limit=5, lease_s=9, owner="a")) == []
    assert database.call(lambda s: s.add_policy(POLICY, NOW))
    assert len(database.call(lambda s: s.past(POLICY.id)).variants) == 1


def test_another_address_starts_without_validators(database: Database) -> None:
    """An etag of the old address must not make the new one "not modified"."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    database.call(lambda s: s.update_policy(replace(POLICY, name="renamed")))
    assert database.call(lambda s: s.validators(POLICY.id)).etag == '"a"'
    moved = replace(POLICY, url="https://acme.test/legal")
    assert not database.call(lambda s: s.add_policy(moved, NOW))
    assert database.call(lambda s: s.validators(POLICY.id)) == Validators()
    assert database.call(lambda s: s.policy(POLICY.id)) == moved


@pytest.mark.parametrize("came", [True, False])
def test_a_text_read_again_keeps_its_time_and_its_capture(database: Database, came: bool) -> None:
    """After an upgrade of the reader the new readings of the standing and the pending text point to the
    captures those were read from, whether or not the visit brought new bytes."""
    own = version("a clause", at=NOW)
    database.call(lambda s: s.record(check(own, variants=(Variant(1, own, NOW),)), NOW))
    at = NOW + HOUR
    odd = version("another clause", at=at)
    waiting = (Variant(1, own, NOW, odd, at),)
    database.call(lambda s: s.record(check(odd, at=at, variants=waiting, text="odd"), at))

    later = NOW + 2 * HOUR
    own2 = Version(None, document("a clause", "a footnote", extractor="2"), NOW)
    odd2 = Version(None, document("another clause", "a footnote", extractor="2"), at)
    looked = replace(odd2, seen_at=later)
    intent = check(looked, at=later, variants=(Variant(1, own2, NOW, odd2, at),), text="later")
    database.call(lambda s: s.record(intent if came else replace(intent, capture=None), later))

    rows = {r.id: r for r in database.call(lambda s: s.versions())}
    variant = database.call(lambda s: s.past(POLICY.id)).variants[0]
    assert variant.pending is not None and variant.standing.id and variant.pending.id
    assert (variant.standing.seen_at, variant.pending.seen_at) == (NOW, at)
    assert rows[variant.standing.id].capture == rows[1].capture
    assert rows[variant.pending.id].capture == rows[2].capture
    again = database.call(lambda s: s.version_capture(variant.standing.id or 0))
    assert again is not None and b"first" in again.body
    assert database.call(lambda s: s.verify()) == []


def test_a_text_composed_of_two_looks_is_marked_as_such(database: Database) -> None:
    """What two looks agree on is marked as composed; a look that shows just that is not."""
    own = version("a clause")
    database.call(lambda s: s.record(check(own, variants=(Variant(1, own, NOW),)), NOW))
    at = NOW + HOUR
    composed = Version(None, document("a", "b"), NOW, composed=True)
    seen = version("a", "b", "banner", at=at)
    database.call(lambda s: s.record(check(seen, at=at, variants=(Variant(1, composed, at),), text="c"), at))
    assert [r.composed for r in database.call(lambda s: s.versions())] == [False, False, True]
    assert database.call(lambda s: s.past(POLICY.id)).variants[0].standing.composed
    shown = version("x", "y", at=at + HOUR)
    both = replace(shown, composed=True)
    intent = check(shown, at=at + HOUR, variants=(Variant(1, both, at),), text="d")
    database.call(lambda s: s.record(intent, at))
    assert not database.call(lambda s: s.versions())[-1].composed
