"""TLS is always verified, against the name that was asked for."""

# ruff: noqa: SIM117 — who serves and who asks read better as two steps

from __future__ import annotations

import asyncio
import datetime as dt
import ssl

import pytest
import trustme

from tests.attacks.servers import OPEN, Names, answer, gate, says, serve
from watcher.fetch import Interrupted, TimedOut, TlsFailed

NAMES = Names(policy_test=[OPEN], other_test=[OPEN])


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _server(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


def _client(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_a_proven_host_is_read_and_named_in_sni(authority: trustme.CA) -> None:
    """The connection goes to the checked address; SNI and the certificate are about the name."""
    context = _server(authority.issue_cert("policy.test"))
    seen: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    async with serve(says(answer(200, b"page")), tls=context) as host:
        async with gate(resolver=NAMES, ssl_context=_client(authority)) as g:
            capture = await g.get(f"https://policy.test:{host.port}/")
            result = await g.post(f"https://policy.test:{host.port}/hook", body=b"x", headers={})
    assert getattr(capture, "body", b"") == b"page" and result.ok
    assert set(seen) == {"policy.test"}


async def test_a_certificate_for_another_name_is_refused(authority: trustme.CA) -> None:
    """A trusted certificate that names another host proves nothing; nothing is sent."""
    context = _server(authority.issue_cert("other.test"))
    async with serve(says(answer(200, b"page")), tls=context) as host:
        async with gate(resolver=NAMES, ssl_context=_client(authority)) as g:
            with pytest.raises(TlsFailed, match="certificate"):
                await g.get(f"https://policy.test:{host.port}/")
            with pytest.raises(TlsFailed):
                await g.post(f"https://policy.test:{host.port}/", body=b"x", headers={})
    assert host.requests == []


async def test_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    """A self-made certificate is refused by the gate's own trust store."""
    async with serve(says(answer()), tls=_server(authority.issue_cert("policy.test"))) as host:
        async with gate(resolver=NAMES) as g:
            with pytest.raises(TlsFailed):
                await g.get(f"https://policy.test:{host.port}/")
    assert host.requests == []


async def test_an_expired_certificate_is_refused(authority: trustme.CA) -> None:
    """A certificate past its day is refused, and the message says so."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    cert = authority.issue_cert("policy.test", not_before=past - dt.timedelta(days=9), not_after=past)
    async with serve(says(answer()), tls=_server(cert)) as host:
        async with gate(resolver=NAMES, ssl_context=_client(authority)) as g:
            with pytest.raises(TlsFailed, match="expired"):
                await g.get(f"https://policy.test:{host.port}/")


async def test_plain_text_where_tls_was_asked_for_is_a_tls_failure() -> None:
    """A host that answers https with plain text is not fallen back to."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, b"page"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, OPEN, 0)
    port = server.sockets[0].getsockname()[1]
    async with server, gate(resolver=NAMES) as g:
        with pytest.raises((TlsFailed, Interrupted)):
            await g.get(f"https://policy.test:{port}/")


async def test_a_handshake_that_never_ends_is_timed_out() -> None:
    """A host that accepts and says nothing to a TLS greeting holds the gate no longer than allowed."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, OPEN, 0)
    port = server.sockets[0].getsockname()[1]
    async with server, gate(resolver=NAMES, timeout_s=0.5) as g:
        with pytest.raises(TimedOut):
            await g.get(f"https://policy.test:{port}/")


def test_a_context_that_does_not_verify_is_refused() -> None:
    """No one can hand the gate a TLS context that takes any certificate."""
    loose = ssl.create_default_context()
    loose.check_hostname = False
    with pytest.raises(ValueError, match="verify"):
        gate(ssl_context=loose)
    loose.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="verify"):
        gate(ssl_context=loose)


async def test_a_redirect_to_plain_http_is_asked_over_https(authority: trustme.CA) -> None:
    """https never turns into http on the way: another port over http is refused."""
    context = _server(authority.issue_cert("policy.test"))
    async with serve(says(answer(200, b"plain"))) as plain:
        location = f"http://policy.test:{plain.port}/"
        async with serve(says(answer(302, b"", [("Location", location)])), tls=context) as host:
            async with gate(resolver=NAMES, ssl_context=_client(authority)) as g:
                with pytest.raises(Exception, match="plain http"):
                    await g.get(f"https://policy.test:{host.port}/")
    assert plain.connections == 0
