"""`clausewatch alerts`: a test through every channel says what the other side answered."""

from __future__ import annotations

import json

from tests.cli.command import Command
from tests.cli.test_explain import Model, speaking


def channels(*tables: dict[str, object]) -> dict[str, str]:
    return {"CLAUSEWATCH_CHANNEL": json.dumps(tables)}


def webhook(name: str, port: int) -> dict[str, object]:
    secret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ="
    return {"name": name, "type": "webhook", "url": f"http://127.0.0.1:{port}/hook", "secret": secret}


def test_test_alert_names_its_channel(clausewatch: Command) -> None:
    """Several hooks may lead to one place: the payload says which channel it came through."""
    with speaking(Model()) as receiver:
        hooks = channels(webhook("one", receiver.port), webhook("two", receiver.port))
        done = clausewatch("alerts", "test", environ=hooks)
        assert done.code == 0, done.err
        only = clausewatch("alerts", "test", "two", environ=hooks)
        assert only.code == 0
    assert "one: sent" in done.out
    assert sorted(asked["data"]["channel"] for asked in receiver.asked) == ["one", "two", "two"]
    assert {asked["type"] for asked in receiver.asked} == {"clausewatch.test"}
    assert clausewatch("alerts", "list", environ=hooks).out.count("sent") == 3


def test_channel_that_does_not_work_is_said(clausewatch: Command) -> None:
    """Exit code 1, with what went wrong; the one that works is not held up."""
    done = clausewatch(
        "alerts",
        "test",
        environ=channels(webhook("gone", 9), {"name": "news", "type": "feed", "path": "news.atom"}),
    )
    assert done.code == 1
    assert "news: sent" in done.out
    assert "gone: waiting" in done.out
    assert "1 of 2 did not get through" in done.says_one_line()


def test_channel_nobody_configured(clausewatch: Command) -> None:
    """Wrong use where the name is wrong, and a hint where there is none at all."""
    done = clausewatch("alerts", "test", "nobody", environ=channels(webhook("one", 9)))
    assert done.code == 2
    assert "configured: one" in done.says_one_line()
    assert "no channel is configured" in clausewatch("alerts", "test").says_one_line()
