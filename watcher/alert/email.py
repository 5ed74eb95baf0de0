"""The mail channel: one multipart message over SMTP, encrypted unless the server is this machine's own."""

from __future__ import annotations

import re
import ssl
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import Policy
from email.utils import format_datetime
from pathlib import Path

import aiosmtplib
from aiosmtplib import errors

from watcher.alert.message import Message, SendFailed
from watcher.alert.render_clean import one_line

_LONGEST_WORD = 60  # that is left as it is in a subject
_REMEMBERED = 1_000  # messages whose accepted recipients are kept for a later try


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes. ``tls``: "starttls" and "implicit" are enforced and verified; "none" is plain."""

    host: str
    port: int
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


class EmailChannel:
    """Sends each message to all recipients at once. ``server`` is asked for at each send."""

    def __init__(
        self,
        name: str,
        server: Callable[[], MailServer],
        to: Sequence[str],
        sender: str = "",
        timeout_s: float = 30.0,
    ) -> None:
        self._name, self._server, self._to = name, server, tuple(to)
        self._sender = sender or self._to[0]
        self._timeout_s = timeout_s
        self._accepted: OrderedDict[str, set[str]] = OrderedDict()

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, now: datetime) -> str:
        """See `Channel.send`. Recipients that accepted an earlier try of this message are not written to again
        (within one process; after a restart the Message-ID lets mail readers see it is the same)."""
        accepted = self._accepted.get(message.event_id, set())
        missing = [to for to in self._to if to not in accepted]
        refused = await self._hand_over(compose(message, self._name, self._sender, self._to), missing)
        accepted |= set(missing) - set(refused)
        self._remember(message.event_id, accepted)
        later = [to for to, code in refused.items() if _code(code) < 500]
        if later or not accepted:
            raise SendFailed(_refusals(refused), permanent=not later)
        self._accepted.pop(message.event_id, None)
        return f"accepted for {len(accepted)} of {len(self._to)}" + (
            f"; {_refusals(refused)}" if refused else ""
        )

    async def _hand_over(self, mail: EmailMessage, to: list[str]) -> Mapping[str, tuple[int, str]]:
        """The recipients refused, each with code and words. Raises SendFailed for anything wider."""
        server = self._server()
        try:
            client = aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                timeout=self._timeout_s,
                use_tls=server.tls == "implicit",
                start_tls=server.tls == "starttls",
                tls_context=ssl.create_default_context(cafile=server.ca_file)
                if server.tls != "none"
                else None,
            )
            async with client:
                if server.user:
                    await client.login(server.user, server.password)
                refused, _ = await client.send_message(mail, sender=self._sender, recipients=to)
        except errors.SMTPRecipientsRefused as error:
            return {r.recipient: (r.code, r.message) for r in error.recipients}
        except errors.SMTPDataError as error:
            why = f"the mail server refused the message ({error.code} {one_line(error.message, 200)})"
            raise SendFailed(why, permanent=error.code >= 500) from None
        except errors.SMTPAuthenticationError as error:
            raise SendFailed(f"the mail server refused the login ({error.code})", outage=True) from None
        except (errors.SMTPException, ssl.SSLError, OSError, ValueError) as error:
            raise SendFailed(_trouble(error), outage=True) from None
        return {to: (answer.code, answer.message) for to, answer in refused.items()}

    def _remember(self, event_id: str, accepted: set[str]) -> None:
        self._accepted[event_id] = accepted
        self._accepted.move_to_end(event_id)
        while len(self._accepted) > _REMEMBERED:
            self._accepted.popitem(last=False)


def compose(message: Message, channel: str, sender: str, to: Sequence[str]) -> EmailMessage:
    """The mail of a message: text and HTML, a Message-ID made of the event's id, and the headers by which
    programs know that nobody wrote it (RFC 3834) and sort it (RFC 2919)."""
    domain = sender.rpartition("@")[2] or "localhost"
    name = re.sub(r"[^a-z0-9]+", "-", channel.lower()).strip("-") or "alerts"
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = Address("Clausewatch", addr_spec=sender)
    mail["To"] = [Address(addr_spec=address) for address in to]
    mail["Subject"] = _Subject(one_line(message.subject, 200))
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{_token(message.event_id)}@{domain}>"
    mail["List-Id"] = f"Clausewatch {name} <{name}.clausewatch.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Clausewatch-Type"] = message.type.value
    mail["X-Clausewatch-Event"] = _token(message.event_id)
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail


class _Subject(str):
    """A subject that is written in one way from end to end. The standard library encodes only the words that
    need it, and where plain and encoded words meet, it loses or adds spaces when it folds. A value with a
    ``name`` is stored as it is and folds itself (`email.policy.EmailPolicy.header_store_parse`)."""

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: Policy) -> str:
        """The header as lines of at most 76 characters: plain ASCII broken at its spaces, all else as encoded
        words of UTF-8 (RFC 2047), none of which ends inside a character."""
        plain = self.isascii() and "=?" not in self and max(map(len, self.split(" "))) <= _LONGEST_WORD
        header = Header(str(self), "us-ascii" if plain else "utf-8", header_name=self.name, maxlinelen=76)
        lines = header.encode(splitchars=" ", linesep="\n").split("\n")
        return f"{self.name}: {policy.linesep.join(lines)}{policy.linesep}"


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)[:100]


def _code(answer: tuple[int, str]) -> int:
    return answer[0]


def _refusals(refused: Mapping[str, tuple[int, str]]) -> str:
    said = (f"{to} ({code} {one_line(words, 100)})" for to, (code, words) in list(refused.items())[:5])
    return f"refused for {', '.join(said)}"


def _trouble(error: Exception) -> str:
    words = {
        errors.SMTPConnectError: "the mail server cannot be reached",
        errors.SMTPTimeoutError: "the mail server did not answer in time",
        errors.SMTPServerDisconnected: "the mail server hung up",
        errors.SMTPNotSupported: "the mail server does not offer what is needed",
        errors.SMTPSenderRefused: "the mail server refused the sender's address",
    }
    said = next((text for kind, text in words.items() if isinstance(error, kind)), "the mail was not sent")
    return one_line(f"{said}: {error}", 300)
