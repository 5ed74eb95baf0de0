"""Subjects: short enough to be read in a list, cut between words, and the same to every mail reader."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.header import decode_header

import pytest

from storage.change_record import to_record
from storage.records import AlertType, ChangeKind, Verdict
from watcher.alert.email import EmailChannel, MailServer
from watcher.alert.render import render
from watcher.alert.render_feed import entry
from watcher.alert.render_story import headline

from .samples import ALERTS, CHANGE, delivery, message
from .servers import mailbox

ROOM = 60
LONG = (
    "Sharing with advertisers: adds “we may share the identifiers of the device on which you use the App "
    "for 30 days, and longer…”; how long data are kept: drops “for as long as it takes”; 2 clauses "
    "modified; the stated date stayed 2025-11-10."
)


def test_a_long_quotation_is_cut_between_words_and_closed() -> None:
    """What is left of it stands in its marks; verdict and materiality are never cut off."""
    subject = render(delivery(to_record(replace(CHANGE, summary=LONG)))).subject
    assert subject == (
        "[Clausewatch] Acme terms: sharing with advertisers: adds “we may share the identifiers of the device…” "
        "(silent, high)"
    )


@pytest.mark.parametrize(
    ("summary", "kind", "shown"),
    [
        (
            "Postal address: adds 5200 N. Lanter Blvd, Suite 140, Quay, UT 84999; 1 clause modified.",
            ChangeKind.EDIT,
            "postal address: adds 5200 N. Lanter Blvd, Suite 140, Quay…",
        ),
        ("No meaning changed: typography only; 1 clause.", ChangeKind.EDITORIAL, "no meaning changed: typography only"),
        (
            "Identity documents, selfies or other checks: new clause “… or verification photos”; 1 clause added.",
            ChangeKind.EDIT,
            "identity documents, selfies or other checks: new clause",
        ),
        (
            "Stronger wording: “might” → “will” in “The words around it and more of them”; 1 clause modified.",
            ChangeKind.EDIT,
            "stronger wording: “might” → “will” in “The words around…”",
        ),
        (
            "Rewritten; new sections “Algorithms” and “Your choices”; 30 clauses added.",
            ChangeKind.REWRITE,
            "rewritten; new sections “Algorithms” and “Your choices”",
        ),
        ("Vendors of ours are named in the list that we keep and of the others", ChangeKind.EDIT,
         "vendors of ours are named in the list that we keep…"),
        ("条款" * 60, ChangeKind.EDIT, "条款" * 29 + "条…"),
    ],
)  # fmt: skip
def test_the_strongest_fact_fits(summary: str, kind: ChangeKind, shown: str) -> None:
    """A full stop in an abbreviation ends nothing; a quotation of which nothing is left goes; a joint never
    ends the line; a rewrite says what came with it."""
    assert headline(replace(CHANGE, summary=summary, kind=kind), ROOM) == shown
    assert len(shown) <= ROOM


@pytest.mark.parametrize("type_", [t for t in AlertType if t is not AlertType.TEST])
def test_no_subject_is_longer_than_a_line_of_a_mail_reader(type_: AlertType) -> None:
    """However long names, reasons and summaries are: 120 characters, 140 where the name alone is long."""
    for name, most in (("acme-terms", 120), ("a-policy-with-a-very-long-name-" * 4, 140)):
        changed = replace(CHANGE, summary=LONG, policy=name, verdict=Verdict.ANNOUNCED_AHEAD)
        payload: dict[str, object] = {**ALERTS[type_], "policy": name, "reason": "the page is gone " * 30}
        if type_ is AlertType.DIGEST:
            payload = {"changes": [to_record(replace(changed, id=n, policy=f"{name}{n}")) for n in range(9)]}
        elif "clauses" in payload:
            payload = to_record(changed) | {"stated_after": payload["stated_after"]}
        rendered = render(delivery(payload, type_))
        assert len(rendered.subject) <= most
        assert entry(rendered).title == rendered.subject.removeprefix("[Clausewatch] ")


@pytest.mark.parametrize(
    "subject",
    [
        "Short",
        "[Clausewatch] Quill privacy policy: stays in the Ap p “…and the App” for 30 days → gone (silent, high)",
        "[Clausewatch] Acme terms: data: adds “…in the App for 30 days and in the App for 24 months” (high)",
        "Règles : " + "données à caractère personnel, " * 5 + "fin",
        "条款和隐私政策" * 20,
        "Ascii words only, " * 8 + "end",
        "a-word-that-no-line-takes-" * 6 + " and more",
        "what looks encoded: =?utf-8?q?not?= stays as it is",
        "“quoted” here and there " + "and so on " * 12 + "“end”",
    ],
)
async def test_every_reader_shows_a_subject_as_it_was_written(subject: str) -> None:
    """As it came over the wire, parsed by the standard library's policy and decoded by hand (RFC 2047): one
    and the same text, in lines of at most 76 characters, in encoded words alone or in none."""
    async with mailbox() as box:
        there = MailServer("127.0.0.1", box.port, "none")
        await EmailChannel("legal", lambda: there, ["a@example.com"], timeout_s=5).send(
            message(subject=subject), message().created_at
        )
        content = box.envelopes[0].content
    assert isinstance(content, bytes)
    assert email.message_from_bytes(content, policy=email.policy.default)["Subject"] == subject
    start = content.index(b"Subject: ")
    raw = content[start:].decode("ascii").split("\r\n")
    lines = [raw[0], *_continued(raw[1:])]
    assert all(len(line) <= 76 for line in lines)
    unfolded = "".join(lines).removeprefix("Subject: ")
    parts = decode_header(unfolded)
    shown = "".join(p if isinstance(p, str) else p.decode(charset or "ascii") for p, charset in parts)
    assert shown == subject
    encoded = [word.startswith("=?utf-8?") and word.endswith("?=") for word in unfolded.split(" ")]
    assert all(encoded) or (subject.isascii() and unfolded == subject)


def _continued(lines: list[str]) -> list[str]:
    end = next(n for n, line in enumerate(lines) if not line.startswith(" "))
    return lines[:end]
