"""Mail against real servers: what arrives, over which line, and what each refusal means."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from watcher.alert.email import EmailChannel, MailServer
from watcher.alert.message import SendFailed

from .samples import NOW, message
from .servers import Mailbox, mail_text, mailbox

TO = ["a@example.com", "b@example.com"]


def channel(box: Mailbox, tls: str = "none", to: list[str] = TO, **server: object) -> EmailChannel:
    where = MailServer("127.0.0.1", box.port, tls, **server)  # type: ignore[arg-type]
    return EmailChannel("legal team", lambda: where, to, "watch@clause.example", timeout_s=5)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    """A certificate authority of our own, and its certificate as a file."""
    made = trustme.CA()
    path = tmp_path / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


async def test_a_mail_has_text_and_html_and_the_headers_machines_need() -> None:
    """Multipart with both readings; ids, list and automation headers; subject in any script."""
    async with mailbox() as box:
        await channel(box).send(message(subject="Règles “ACME” → 条款"), NOW)
        (mail,) = box.mails
    assert mail.get_content_type() == "multipart/alternative"
    assert "Silent: the text changed" in mail_text(mail)
    assert "<del" in mail_text(mail, "html")
    assert mail["Subject"] == "Règles “ACME” → 条款"
    assert mail["Message-ID"] == "<msg_0001@clause.example>"
    assert mail["List-Id"] == "Clausewatch legal-team <legal-team.clausewatch.clause.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"
    assert mail["From"] == "Clausewatch <watch@clause.example>"
    assert mail["To"] == "a@example.com, b@example.com"
    assert mail["X-Clausewatch-Type"] == "policy.changed"


async def test_no_line_is_longer_than_mail_allows() -> None:
    """Lines stay under 998 bytes (RFC 5322), so no server on the way has to break them."""
    async with mailbox() as box:
        await channel(box).send(message(), NOW)
        content = box.envelopes[0].content
    assert isinstance(content, bytes)
    assert max(len(line) for line in content.splitlines()) < 998


async def test_starttls_is_used_with_a_verified_certificate(authority: tuple[trustme.CA, Path]) -> None:
    """The mail goes over an encrypted line to a server whose certificate holds, with the login after it."""
    made, path = authority
    async with mailbox(tls="starttls", authority=made, login=True) as box:
        await channel(box, "starttls", user="me", password="right", ca_file=path).send(message(), NOW)
        assert box.encrypted == [True]
        assert box.logins == ["me"]


async def test_tls_from_the_start_works_too(authority: tuple[trustme.CA, Path]) -> None:
    """smtps is encrypted before the first word."""
    made, path = authority
    async with mailbox(tls="implicit", authority=made) as box:
        await channel(box, "implicit", ca_file=path).send(message(), NOW)
        assert box.encrypted == [True]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_nobody_vouches_for_is_refused(tls: str) -> None:
    """No mail and no password over a line that could be anyone's."""
    async with mailbox(tls=tls, login=True) as box:
        with pytest.raises(SendFailed) as caught:
            await channel(box, tls, user="me", password="right").send(message(), NOW)
        assert box.mails == []
        assert box.logins == []
    assert caught.value.outage
    assert "certificate" in str(caught.value).lower()


async def test_a_server_without_starttls_gets_nothing() -> None:
    """A line from which encryption was stripped is not spoken on in the clear."""
    async with mailbox(tls="none", login=True) as box:
        with pytest.raises(SendFailed) as caught:
            await channel(box, "starttls", user="me", password="right").send(message(), NOW)
        assert box.mails == []
        assert box.logins == []
    assert caught.value.outage


async def test_a_wrong_password_is_an_outage_and_is_not_shown() -> None:
    """The operator can mend it, so the mail is tried again; the log has no password."""
    async with mailbox(login=True) as box:
        with pytest.raises(SendFailed) as caught:
            await channel(box, user="me", password="wr0ng").send(message(), NOW)
    assert caught.value.outage
    assert not caught.value.permanent
    assert "login" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


async def test_one_refused_recipient_does_not_cost_the_others_their_mail() -> None:
    """The mail is sent to who takes it; the receipt names who did not."""
    async with mailbox() as box:
        box.refuse["a@example.com"] = ["550 no such user"]
        said = await channel(box).send(message(), NOW)
        assert [e.rcpt_tos for e in box.envelopes] == [["b@example.com"]]
    assert "accepted for 1 of 2" in said
    assert "a@example.com (550 no such user)" in said


async def test_a_recipient_put_off_is_tried_again_alone() -> None:
    """Greylisting one recipient brings one more try to it, and no second mail to the others."""
    async with mailbox() as box:
        box.refuse["a@example.com"] = ["451 come back later"]
        mails = channel(box)
        with pytest.raises(SendFailed) as caught:
            await mails.send(message(), NOW)
        assert not caught.value.permanent
        assert not caught.value.outage
        said = await mails.send(message(), NOW)
        assert [e.rcpt_tos for e in box.envelopes] == [["b@example.com"], ["a@example.com"]]
        assert len({mail["Message-ID"] for mail in box.mails}) == 1
    assert "accepted for 2 of 2" in said


@pytest.mark.parametrize(("answer", "permanent"), [("550 unknown", True), ("450 busy", False)])
async def test_when_all_recipients_are_refused_their_code_decides(answer: str, permanent: bool) -> None:
    """5xx is for good (RFC 5321), 4xx is for now."""
    async with mailbox() as box:
        box.refuse = {to: [answer] for to in TO}
        with pytest.raises(SendFailed) as caught:
            await channel(box).send(message(), NOW)
    assert caught.value.permanent is permanent
    assert not caught.value.outage


@pytest.mark.parametrize(("answer", "permanent"), [("554 no thanks", True), ("452 full", False)])
async def test_a_refused_message_is_told_by_its_code(answer: str, permanent: bool) -> None:
    """After the text was handed over, too."""
    async with mailbox(refuse_data=answer) as box:
        with pytest.raises(SendFailed) as caught:
            await channel(box).send(message(), NOW)
    assert caught.value.permanent is permanent


async def test_a_server_on_this_machine_is_not_forced_to_encrypt() -> None:
    """Plain means plain: a local server's own certificate is nobody's business."""
    async with mailbox(tls="starttls") as box:
        await channel(box, "none").send(message(), NOW)
        assert box.encrypted == [False]


async def test_the_server_is_asked_for_at_each_send() -> None:
    """A rotated password or moved server counts from the next mail on."""
    async with mailbox() as first, mailbox() as second:
        ports = iter([first.port, second.port])
        mails = EmailChannel("m", lambda: MailServer("127.0.0.1", next(ports), "none"), TO)
        await mails.send(message(1), NOW)
        await mails.send(message(2), NOW)
        assert len(first.mails) == len(second.mails) == 1


def test_a_mail_server_never_prints_its_password() -> None:
    """Not even in a traceback's locals."""
    assert "hunter2" not in repr(MailServer("h", 1, password="hunter2"))
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
