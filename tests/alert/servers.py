"""Real servers on loopback: an HTTP receiver whose answers are scripted, and mail servers with and without TLS."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as default_policy
from ipaddress import ip_network
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP as SmtpServer
from aiosmtpd.smtp import AuthResult, Envelope

from watcher.fetch import FetchSettings, Gate, NoMemory

HANG = -1  # a scripted "status": the request is read and never answered


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A receiver of webhooks. ``answers`` are statuses, or statuses with headers; then ``always``."""

    port: int = 0
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=list)
    always: int = 204
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str = "/hook/T0KEN") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ", 2)
            pairs = (line.split(":", 1) for line in head[1:] if ":" in line)
            headers = {name.lower(): value.strip() for name, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.requests.append(Request(method, path, headers, body))
            answer = self.answers.pop(0) if self.answers else self.always
            status, extra = answer if isinstance(answer, tuple) else (answer, {})
            if status == HANG:
                await reader.read()
                return
            lines = [f"HTTP/1.1 {status} X", "content-length: 0", "connection: close"]
            lines += [f"{name}: {value}" for name, value in extra.items()]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiver(*answers: int | tuple[int, dict[str, str]]) -> AsyncIterator[Receiver]:
    """A running receiver."""
    running = Receiver(answers=list(answers))
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()


@asynccontextmanager
async def gate() -> AsyncIterator[Gate]:
    """The gate to the network, with loopback opened as an operator would."""
    opened = Gate(FetchSettings(allow_networks=(ip_network("127.0.0.0/8"),)), NoMemory())
    try:
        yield opened
    finally:
        await opened.close()


@dataclass
class Mailbox:
    """What a mail server took in. ``refuse`` maps a recipient to the answers it gets, one after the other;
    ``refuse_data`` is an answer to the message itself."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    refuse_data: str = ""
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuse.get(address):
            return self.refuse[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.refuse_data:
            return self.refuse_data
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=default_policy)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.envelopes.append(envelope)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


@asynccontextmanager
async def mailbox(
    *, tls: str = "none", authority: trustme.CA | None = None, login: bool = False, refuse_data: str = ""
) -> AsyncIterator[Mailbox]:
    """A running mail server; ``tls`` "starttls", "implicit" or "none"."""
    box = Mailbox(refuse_data=refuse_data)
    context = None
    if tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (authority or trustme.CA()).issue_cert("localhost", "127.0.0.1").configure_cert(context)

    def protocol() -> SmtpServer:
        return SmtpServer(
            box,
            tls_context=context if tls == "starttls" else None,
            require_starttls=False,
            authenticator=box.authenticate if login else None,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls == "implicit" else None)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


def mail_text(mail: EmailMessage, kind: str = "plain") -> str:
    """The text or HTML part of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
