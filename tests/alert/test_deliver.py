"""From the outbox to the reader, with a real store and real receivers: at least once, and nobody waits for a
channel that is out."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from storage.database import Database
from storage.outbox import DeliveryRow
from storage.records import AlertIntent, AlertType
from watcher.alert.deliver import RETRY_AFTER_S, Deliverer, Patience
from watcher.alert.message import Channel, Message, SendFailed
from watcher.alert.webhook import WebhookChannel

from .samples import ALERTS, NOW, SECRET
from .servers import HANG, gate, receiver


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Fake:
    """A channel whose next failures are given; what it took in is kept."""

    name: str
    failures: list[BaseException] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    before: Callable[[], Any] | None = None

    async def send(self, message: Message, now: datetime) -> str:
        self.tried.append(message.event_id)
        if self.before:
            await self.before()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return "taken"


@dataclass
class House:
    """A store on disk, a clock and the deliverer over some channels."""

    db: Database
    clock: Clock = field(default_factory=Clock)

    def put(
        self, channel: str, type_: AlertType = AlertType.CHANGED, payload: dict[str, Any] | None = None
    ) -> int:
        alert = AlertIntent(channel, type_, ALERTS[type_] if payload is None else payload, self.clock())
        return self.db.call(lambda store: store.enqueue(alert, self.clock()))

    def rows(self) -> list[DeliveryRow]:
        return sorted(self.db.call(lambda store: store.deliveries(limit=1_000)), key=lambda row: row.id)

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def deliverer(self, *channels: Channel, digests: set[str] | None = None, **patience: Any) -> Deliverer:
        return Deliverer(
            self.db,
            {channel.name: channel for channel in channels},
            now=self.clock,
            digests=digests or set(),
            patience=Patience(**patience),
            dice=random.Random(7),
        )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A fresh store."""
    db = Database.open(tmp_path / "clausewatch.db")
    yield House(db)
    db.close()


async def test_what_is_due_is_sent_and_settled(house: House) -> None:
    """Each channel gets its alerts; the rows say so; a second look finds nothing."""
    mail, hook = Fake("mail"), Fake("hook")
    house.put("mail")
    house.put("hook", AlertType.BROKEN)
    deliverer = house.deliverer(mail, hook)
    assert await deliverer.drain() == {"sent": 2}
    assert house.states() == ["sent", "sent"]
    assert [m.type for m in mail.sent + hook.sent] == [AlertType.CHANGED, AlertType.BROKEN]
    assert await deliverer.drain() == {}


async def test_more_than_a_batch_is_sent_in_one_go(house: House) -> None:
    """Everything due goes out, batch after batch."""
    mail = Fake("mail")
    for _ in range(50):
        house.put("mail")
    assert await house.deliverer(mail).drain() == {"sent": 50}
    assert len({m.event_id for m in mail.sent}) == 50


async def test_a_failure_is_tried_again_later_each_time_under_the_same_id(house: House) -> None:
    """The waits grow along the schedule, a fifth up or down, and the event id never changes."""
    mail = Fake("mail", failures=[SendFailed("no", outage=True) for _ in range(6)])
    house.put("mail")
    deliverer = house.deliverer(mail)
    for wait in RETRY_AFTER_S[:6]:
        assert await deliverer.drain() == {"retry": 1}
        (row,) = house.rows()
        assert 0.8 * wait <= (row.due_at - house.clock()).total_seconds() <= 1.2 * wait
        house.clock.at = row.due_at
    assert await deliverer.drain() == {"sent": 1}
    assert len(set(mail.tried)) == 1
    assert len(mail.tried) == 7


async def test_an_alert_is_given_up_after_days_not_before(house: House) -> None:
    """A receiver that answers 404 for ever never counts as sent; after five days the row is dead and says why."""
    async with receiver() as running, gate() as opened:
        running.always = 404
        hook = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        deliverer = house.deliverer(hook)
        house.put("hook")
        while house.states() == ["waiting"]:
            house.clock.at = max(house.clock.at, house.rows()[0].due_at)
            await deliverer.drain()
        tries = len(running.requests)
        assert len({request.headers["webhook-id"] for request in running.requests}) == 1
    (row,) = house.rows()
    assert row.state == "dead"
    assert row.reason == "given up: the receiver answered 404"
    assert timedelta(days=3) < house.clock.at - NOW <= timedelta(days=5)
    assert tries > 10


async def test_an_alert_written_long_before_it_is_due_gets_all_its_tries(house: House) -> None:
    """A notice for a day months ahead is not given up at its first failure: patience counts tries, not age."""
    mail = Fake("mail", failures=[SendFailed("down", outage=True)])
    house.put("mail")
    house.clock.forward(90 * 86_400)
    deliverer = house.deliverer(mail)
    assert await deliverer.drain() == {"retry": 1}
    house.clock.forward(60)
    assert await deliverer.drain() == {"sent": 1}


async def test_restarts_during_an_outage_do_not_use_the_tries_up(house: House) -> None:
    """A process that is restarted after every failure waits as long as one that runs on."""
    house.put("mail")
    for tries in range(1, 9):
        mail = Fake("mail", failures=[SendFailed("down", outage=True)])
        assert await house.deliverer(mail).drain() == {"retry": 1}
        (row,) = house.rows()
        assert (row.due_at - house.clock()).total_seconds() >= 0.8 * RETRY_AFTER_S[tries - 1]
        house.clock.at = row.due_at


async def test_one_old_alert_does_not_make_the_new_ones_wait(house: House) -> None:
    """An alert at its tenth try waits for hours after a hiccup; the channel's other alerts go out in seconds."""
    mail = Fake("mail")
    old = house.put("mail")
    for _ in range(9):
        mail.failures = [SendFailed("refused")]
        await house.deliverer(mail).drain()
        house.clock.at = house.rows()[0].due_at
    deliverer = house.deliverer(mail)
    mail.failures = [SendFailed("down", outage=True)]
    await deliverer.drain()
    house.put("mail")
    house.clock.forward(7)
    assert await deliverer.drain() == {"sent": 1}
    waiting = next(row for row in house.rows() if row.id == old)
    assert (waiting.due_at - house.clock()).total_seconds() > 3600


async def test_a_channel_that_hangs_does_not_hold_up_the_others(house: House) -> None:
    """While one receiver never answers, another channel's alerts arrive; what waits for the dead one is put
    off after one time-out, not tried one by one."""
    arrived = asyncio.Event()
    async with receiver() as running, gate() as opened:
        running.always = HANG
        hook = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        mail = Fake("mail")
        for _ in range(40):
            house.put("hook")
        house.put("mail")

        async def noted() -> None:
            arrived.set()

        mail.before = noted
        deliverer = house.deliverer(hook, mail, send_timeout_s=0.5)
        tally = await asyncio.wait_for(deliverer.drain(), 30)
        tried = len(running.requests)
    assert arrived.is_set()
    assert len(mail.sent) == 1
    assert tally == {"retry": 40, "sent": 1}
    assert tried <= 4


async def test_when_a_channel_comes_back_all_that_waited_goes_out(house: House) -> None:
    """Rows put off during an outage are due when it is probed next, and none has been given up."""

    async def down() -> None:
        raise SendFailed("down", outage=True)

    mail = Fake("mail", before=down)
    for _ in range(20):
        house.put("mail")
    deliverer = house.deliverer(mail)
    for _ in range(4):
        await deliverer.drain()
        assert set(house.states()) == {"waiting"}
        house.clock.at = max(row.due_at for row in house.rows())
    mail.before = None
    await deliverer.drain()
    assert house.states() == ["sent"] * 20


async def test_what_is_put_off_says_why_the_channel_is_out(house: House) -> None:
    """Each row that waits behind an outage names what the other side said last, and no address that is a key."""
    async with receiver(503, 500) as running, gate() as opened:
        deliverer = house.deliverer(
            WebhookChannel("hook", running.url, lambda: SECRET, opened.post), concurrency=1
        )
        for status in (503, 500):
            house.put("hook")
            house.put("hook")
            await deliverer.drain()
            reasons = {row.reason for row in house.rows()}
            said = f"the receiver answered {status}"
            assert reasons == {said, f"put off, the channel is out: {said}"}
            house.clock.at = max(row.due_at for row in house.rows())
        assert "T0KEN" not in str(reasons)
        await deliverer.drain()
    assert house.states() == ["sent"] * 4


async def test_410_disables_the_channel_until_the_next_start(house: House) -> None:
    """After it nothing more is posted; what waited is dead with the reason, other channels go on."""
    async with receiver(410) as running, gate() as opened:
        hook = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        mail = Fake("mail")
        deliverer = house.deliverer(hook, mail)
        house.put("hook")
        await deliverer.drain()
        house.put("hook")
        house.put("mail")
        with capture_logs() as logs:
            await deliverer.drain()
        assert len(running.requests) == 1
    assert house.states() == ["dead", "dead", "sent"]
    assert all("410" in row.reason for row in house.rows()[:2])
    assert [entry["event"] for entry in logs].count("alert.dead") == 1


async def test_retry_after_is_waited_for(house: House) -> None:
    """A receiver that asks for two hours gets two hours."""
    asked = NOW + timedelta(hours=2)
    mail = Fake("mail", failures=[SendFailed("429", outage=True, retry_at=asked)])
    house.put("mail")
    await house.deliverer(mail).drain()
    assert house.rows()[0].due_at == asked


async def test_a_refusal_of_one_message_does_not_hold_back_the_next(house: House) -> None:
    """What speaks of the message alone is no outage: the other alerts are tried at once."""
    mail = Fake("mail", failures=[SendFailed("413"), SendFailed("550", permanent=True)])
    for _ in range(4):
        house.put("mail")
    assert await house.deliverer(mail, concurrency=1).drain() == {"retry": 1, "dead": 1, "sent": 2}


async def test_a_poisoned_alert_is_told_plainly_and_stops_nothing(house: House) -> None:
    """A payload that cannot be laid out arrives as a plain message; its neighbours arrive as they are."""
    mail = Fake("mail")
    house.put("mail", payload={"policy": "acme-terms", "clauses": 7})
    house.put("mail", AlertType.DIGEST, payload={"changes": [{"no": "record"}]})
    house.put("mail")
    assert await house.deliverer(mail).drain() == {"sent": 3}
    assert ["could not be laid out" in m.text for m in sorted(mail.sent, key=lambda m: m.event_id)].count(
        True
    ) == 2


async def test_a_fault_of_a_channel_is_an_ordinary_failure(house: House) -> None:
    """An exception nobody foresaw is retried later and stops neither the batch nor the channel."""
    mail = Fake("mail", failures=[RuntimeError("bug"), KeyError("bug")])
    for _ in range(3):
        house.put("mail")
    assert await house.deliverer(mail, concurrency=1).drain() == {"retry": 2, "sent": 1}
    house.clock.forward(3600)
    assert await house.deliverer(mail).drain() == {"sent": 2}


async def test_a_store_that_cannot_settle_costs_no_alert(house: House) -> None:
    """The alert was sent but not written down: it comes again after its lease under the same id."""
    mail = Fake("mail")
    house.put("mail")

    class Stubborn:
        def __init__(self) -> None:
            self.calls = 0

        async def run(self, work: Callable[[Any], Any]) -> Any:
            self.calls += 1
            if self.calls == 2:
                raise sqlite3.OperationalError("disk full")
            return await house.db.run(work)

    deliverer = Deliverer(Stubborn(), {"mail": mail}, now=house.clock)
    assert await deliverer.drain() == {"unsettled": 1}
    assert house.states() == ["sending"]
    assert await deliverer.drain() == {}
    house.clock.forward(Patience().lease_s + 1)
    assert await deliverer.drain() == {"sent": 1}
    assert len(mail.tried) == 2
    assert len(set(mail.tried)) == 1


async def test_an_interrupted_send_comes_again_under_the_same_id(house: House) -> None:
    """Stopped in the middle of a send, the next start sends the same event once its lease is over."""
    started = asyncio.Event()

    async def hang() -> None:
        started.set()
        await asyncio.Event().wait()

    mail = Fake("mail", before=hang)
    house.put("mail")
    running = asyncio.create_task(house.deliverer(mail).drain())
    await asyncio.wait_for(started.wait(), 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    mail.before = None
    house.clock.forward(Patience().lease_s + 1)
    assert await house.deliverer(mail).drain() == {"sent": 1}
    assert len(set(mail.tried)) == 1


async def test_never_more_sends_at_once_than_allowed(house: House) -> None:
    """The bound holds over all channels together, and no channel takes more than four places."""
    under_way: dict[str, int] = {}
    peaks = {"all": 0, "one": 0}

    def busy(name: str) -> Callable[[], Any]:
        async def work() -> None:
            under_way[name] = under_way.get(name, 0) + 1
            peaks["all"] = max(peaks["all"], sum(under_way.values()))
            peaks["one"] = max(peaks["one"], *under_way.values())
            await asyncio.sleep(0.01)
            under_way[name] -= 1

        return work

    fakes = [Fake(name, before=busy(name)) for name in ("a", "b", "c")]
    for name in ("a", "b", "c") * 5:
        house.put(name)
    assert await house.deliverer(*fakes, concurrency=6).drain() == {"sent": 15}
    assert peaks["all"] <= 6
    assert peaks["one"] <= 4


async def test_a_digest_channel_gets_its_changes_as_one(house: House) -> None:
    """Three changes make one message, a broken watch its own; all rows are settled by it."""
    mail = Fake("mail")
    for _ in range(3):
        house.put("mail")
    house.put("mail", AlertType.BROKEN)
    assert await house.deliverer(mail, digests={"mail"}).drain() == {"sent": 4}
    assert sorted(m.type for m in mail.sent) == [AlertType.DIGEST, AlertType.BROKEN]
    assert house.states() == ["sent"] * 4


async def test_a_digest_that_fails_comes_again_as_the_same_digest(house: House) -> None:
    """Its id is made of its rows' ids, so a second try of the same rows is the same event."""
    mail = Fake("mail", failures=[SendFailed("down", outage=True)])
    for _ in range(3):
        house.put("mail")
    deliverer = house.deliverer(mail, digests={"mail"})
    assert await deliverer.drain() == {"retry": 3}
    house.clock.forward(60)
    assert await deliverer.drain() == {"sent": 3}
    assert len(mail.tried) == 2
    assert len(set(mail.tried)) == 1


async def test_alerts_for_a_channel_that_is_not_configured_wait(house: House) -> None:
    """A name mistyped in the configuration loses nothing: mended, the alert goes out."""
    house.put("mial")
    assert await house.deliverer(Fake("mail")).drain() == {"retry": 1}
    assert "no channel 'mial'" in house.rows()[0].reason
    house.clock.forward(3601)
    assert await house.deliverer(Fake("mial")).drain() == {"sent": 1}


async def test_stopping_takes_no_further_batch(house: House) -> None:
    """What is under way ends, what is not claimed stays waiting."""
    mail = Fake("mail")
    for _ in range(40):
        house.put("mail")
    await house.deliverer(mail).drain(stop=lambda: bool(mail.sent))
    assert set(house.states()) == {"sent", "waiting"}
    assert "sending" not in house.states()


async def test_each_outcome_is_one_event_without_secrets(house: House) -> None:
    """The log says channel, type, event and reason, and never an address or key of a webhook."""
    async with receiver(500) as running, gate() as opened:
        hook = WebhookChannel("hook", running.url, lambda: SECRET, opened.post)
        deliverer = house.deliverer(hook)
        house.put("hook")
        with capture_logs() as logs:
            await deliverer.drain()
            house.clock.forward(60)
            await deliverer.drain()
    assert [entry["event"] for entry in logs] == ["alert.retry", "alert.sent"]
    assert logs[0]["channel"] == "hook"
    assert logs[0]["reason"] == "the receiver answered 500"
    assert "T0KEN" not in str(logs)
    assert SECRET not in str(logs)
