"""Text from pages is never markup, never a header, never a command of a terminal, and never the letter's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.change_record import to_record
from storage.records import AlertType, ClauseChange, Op, StatedDate, StatedDates
from watcher.alert.email import compose
from watcher.alert.render import render
from watcher.alert.render_clean import escaped, one_line, public_url

from .samples import ALERTS, CHANGE, WATCH, delivery
from .test_render import Shown

ATTACKS = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">',
    '"><a href="https://evil.example">Click</a><!-- ',
    "{{7*7}} ${7*7} {0.__class__} %s %(x)s #{1} <%= 1 %>",
    "x\r\nBcc: victim@example.com\r\n\r\nbody",
    "a\nSubject: other\u2028Bcc: v@example.com\u0085X: y\x0bZ: q",
    "\x1b[31mred\x1b]8;;https://evil.example\x07link\x07",
    "safe\u202eexe.terms\u2066\u200e",
    "lone \ud800 surrogate and \x00 null",
    "=?utf-8?q?Bcc=3A?= x",
    "\ufeff\U000e0041tag",
)


def poisoned(attack: str) -> dict[str, object]:
    clause = ClauseChange(Op.MODIFIED, attack, f"old {attack}", f"new {attack} more", reasons=(attack,))
    return to_record(
        replace(
            CHANGE,
            service=attack,
            policy=attack,
            summary=attack,
            url=f"https://acme.example/{attack}",
            stated_after=StatedDates(StatedDate("2026-01-01", attack)),
            clauses=(clause, replace(clause, op=Op.ADDED, before=None)),
        )
    )


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("type_", [AlertType.CHANGED, AlertType.DIGEST, AlertType.BROKEN])
def test_no_text_of_a_page_becomes_markup_or_a_header(attack: str, type_: AlertType) -> None:
    """With an attack in every field the page has the tags of a harmless one, and the mail its headers alone."""
    payload: dict[str, object] = poisoned(attack)
    if type_ is AlertType.DIGEST:
        payload = {"changes": [payload]}
    elif type_ is AlertType.BROKEN:
        payload = {**WATCH, "reason": attack, "service": attack, "policy": attack}
    message = render(delivery(payload, type_))
    shown, harmless = Shown(message.html), Shown(render(delivery(ALERTS[type_], type_)).html)
    assert set(shown.tags) <= set(harmless.tags)
    assert {name for name, _ in shown.attributes} <= {name for name, _ in harmless.attributes}
    links = [value or "" for name, value in shown.attributes if name == "href"]
    assert all(link.startswith("https://acme.example/") for link in links)
    assert not any(c in message.subject for c in "\r\n\x0b\x85\u2028\u2029\x00\x1b\u202e")
    for character in "\x1b\x00\u202e\u2066":
        assert character not in message.text
        assert character not in message.html

    mail = compose(message, "legal", "from@example.com", ["to@example.com"])
    names = [name.lower() for name in mail]
    expected = compose(render(delivery()), "legal", "from@example.com", ["to@example.com"])
    assert names == [name.lower() for name in expected]
    assert b"\r\nBcc:" not in mail.as_bytes().split(b"\r\n\r\n")[0]
    assert "victim@example.com" not in str(mail["To"])


def test_templates_are_never_filled_in() -> None:
    """What looks like a template stays as it stands on the page."""
    message = render(delivery(poisoned(ATTACKS[2])))
    assert "{{7*7}}" in message.html
    assert "49" not in message.text.replace("2026", "")


def test_page_text_cannot_pose_as_the_letter() -> None:
    """Clause text stands behind a margin, so a line of it cannot pass for a fact, a link or the end."""
    fake = "Stated date: 2026-01-01 " * 8 + "-- Sent by Clausewatch, which says all is well."
    clause = ClauseChange(Op.ADDED, "", None, fake)
    text = render(delivery(to_record(replace(CHANGE, clauses=(clause,))))).text
    lines = [line for line in text.splitlines() if "all is well" in line or "Stated date: 2026" in line]
    assert lines
    assert all(line.startswith("    | ") for line in lines)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pass@acme.example/terms", "https://acme.example/terms"),
        ("javascript:alert(1)", ""),
        ("data:text/html,<b>", ""),
        (" JaVaScRiPt:alert(1)", ""),
        ("https://acme.example/a b", "https://acme.example/a%20b"),
        ("http://[::1", ""),
    ],
)
def test_only_web_addresses_become_links_and_never_with_a_password(url: str, shown: str) -> None:
    """Other schemes are not linked; a name and password in an address are left out."""
    assert public_url(url) == shown
    html = render(delivery(to_record(replace(CHANGE, url=url)))).html
    assert "pass@" not in html
    assert ("<a href=" in html) is bool(shown)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_at_all_renders_and_composes(text: str) -> None:
    """Whatever a page says, an alert of it can be made, encoded and given headers."""
    message = render(delivery(poisoned(text)))
    assert compose(message, "legal", "from@example.com", ["to@example.com"]).as_bytes()
    assert "<script" not in message.html
    assert one_line(text) == one_line(one_line(text))
    assert "<" not in escaped(text)
    message.text.encode("utf-8")
    message.html.encode("utf-8")
