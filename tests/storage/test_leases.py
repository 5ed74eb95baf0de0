from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from store_samples import HOUR, NOW, POLICY, first_check

from storage.database import Database
from storage.records import HostState, Policy, RobotsState


def _watch(database: Database, *names: str) -> None:
    for i, name in enumerate(names):
        policy = Policy(name, f"https://acme.test/{name}", "Acme")
        due = NOW + timedelta(minutes=i)
        database.call(lambda s, p=policy, d=due: s.add_policy(p, NOW, due_at=d))


def test_due_policies_are_claimed_once_in_due_order(path: Path) -> None:
    """Two processes share the due policies without overlap, the longest due first."""
    with Database.open(path) as one, Database.open(path) as two:
        _watch(one, "a", "b", "c", "d")
        later = NOW + timedelta(minutes=2)
        first = one.call(lambda s: s.claim_due(later, limit=2, lease_s=60, owner="one"))
        second = two.call(lambda s: s.claim_due(later, limit=2, lease_s=60, owner="two"))
    assert [p.id for p in first] == ["a", "b"] and [p.id for p in second] == ["c"]


def test_a_lease_lost_in_a_crash_is_taken_up_when_it_ends(path: Path) -> None:
    """A policy whose checker died is due again after the lease, not before."""
    with Database.open(path) as database:
        _watch(database, "a")
        database.call(lambda s: s.claim_due(NOW, limit=9, lease_s=300, owner="dead"))

        def claim(seconds: int) -> list[Policy]:
            at = NOW + timedelta(seconds=seconds)
            return database.call(lambda s: s.claim_due(at, limit=9, lease_s=300, owner="new"))

        assert claim(299) == []
        assert [p.id for p in claim(300)] == ["a"]


def test_a_released_policy_is_due_at_once(path: Path) -> None:
    """Giving a lease back on the way out loses no time; a lease someone else holds by now stays."""
    with Database.open(path) as database:
        _watch(database, "a")
        database.call(lambda s: s.claim_due(NOW, limit=9, lease_s=300, owner="one"))
        database.call(lambda s: s.release("a", owner="other"))
        assert database.call(lambda s: s.claim_due(NOW, limit=9, lease_s=300, owner="two")) == []
        database.call(lambda s: s.release("a", owner="one"))
        assert len(database.call(lambda s: s.claim_due(NOW, limit=9, lease_s=300, owner="two"))) == 1


def test_recording_ends_the_lease_and_sets_the_next_due_time(database: Database) -> None:
    """After a check the policy comes up again at its next due time."""
    database.call(lambda s: s.claim_due(NOW, limit=9, lease_s=300, owner="one"))
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    later = NOW + 12 * HOUR
    assert database.call(lambda s: s.next_due(POLICY.id)) == later
    assert database.call(lambda s: s.claim_due(later - HOUR, limit=9, lease_s=9, owner="one")) == []
    assert database.call(lambda s: s.claim_due(later, limit=9, lease_s=9, owner="one")) == [POLICY]


def test_a_paused_policy_is_never_due(path: Path) -> None:
    """Paused from the start or put off for ever, it waits to be put on again."""
    with Database.open(path) as database:
        database.call(lambda s: s.add_policy(POLICY, NOW, paused=True))
        far = NOW + timedelta(days=9999)
        assert database.call(lambda s: s.claim_due(far, limit=9, lease_s=9, owner="one")) == []
        database.call(lambda s: s.put_off(POLICY.id, NOW))
        assert database.call(lambda s: s.claim_due(far, limit=9, lease_s=9, owner="one")) == [POLICY]
        database.call(lambda s: s.put_off(POLICY.id, None))
        assert database.call(lambda s: s.next_due()) is None


def test_what_hosts_asked_for_survives_a_restart(database: Database, path: Path) -> None:
    """A host to be left alone is remembered; one that is well again is forgotten."""
    tired = HostState("slow.test", 2, NOW + HOUR, "Retry-After")
    for state in (tired, HostState("well.test", 1), HostState("well.test")):
        database.call(lambda s, state=state: s.save_host(state))
    database.close()
    with Database.open(path) as again:
        assert again.call(lambda s: s.load_hosts()) == [tired]


def test_what_robots_txt_said_survives_a_restart(database: Database, path: Path) -> None:
    """The last reading of an origin's rules is there again, with its time; an unknown origin has none."""
    first = RobotsState("https://one.test", "clausewatch", "", NOW)
    last = RobotsState("https://one.test", "clausewatch", "User-agent: *\ndisallow: /x", NOW + HOUR)
    for state in (first, last):
        database.call(lambda s, state=state: s.save_robots(state))
    database.close()
    with Database.open(path) as again:
        assert again.call(lambda s: s.robots("https://one.test")) == last
        assert again.call(lambda s: s.robots("https://two.test")) is None


async def test_many_coroutines_share_the_one_thread(database: Database) -> None:
    """Calls from many coroutines at once are all carried out, one after another."""

    async def add(i: int) -> None:
        policy = Policy(f"p{i:03}", f"https://acme.test/{i}", "Acme")
        await database.run(lambda s: s.add_policy(policy, NOW))

    await asyncio.gather(*(add(i) for i in range(100)))
    assert len(await database.run(lambda s: s.policies())) == 101
