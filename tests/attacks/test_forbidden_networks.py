"""Ways into networks the program stays out of, tried against real sockets, for pages and for webhooks."""

# ruff: noqa: SIM117 — who serves and who asks read better as two steps

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.attacks.servers import INSIDE, OPEN, Host, Names, answer, gate, says, serve, site
from watcher.fetch import (
    BadAddress,
    BadRedirect,
    FetchError,
    ForbiddenAddress,
    Gate,
    NameNotFound,
    ProxyFailed,
    Refused,
    TimedOut,
)

Ask = Callable[[Gate, str], Awaitable[object]]


async def _get(gate: Gate, url: str) -> object:
    return await gate.get(url)


async def _get_without_robots(gate: Gate, url: str) -> object:
    return await gate.get(url, robots=False)


async def _post(gate: Gate, url: str) -> object:
    return await gate.post(url, body=b"{}", headers={"content-type": "application/json"})


every_way = pytest.mark.parametrize("ask", [_get, _get_without_robots, _post])


@every_way
async def test_a_forbidden_address_is_not_contacted(ask: Ask) -> None:
    """An address inside is refused for good, and the host there sees no connection."""
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside, gate() as g:
        with pytest.raises(ForbiddenAddress, match="loopback") as caught:
            await ask(g, inside.url())
    assert caught.value.permanent and inside.connections == 0


@every_way
async def test_a_name_that_points_inside_is_not_contacted(ask: Ask) -> None:
    """A harmless name whose address lies inside is refused after resolving it."""
    names = Names(policy_test=[INSIDE])
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside, gate(resolver=names) as g:
        with pytest.raises(ForbiddenAddress):
            await ask(g, f"http://policy.test:{inside.port}/")
    assert inside.connections == 0


@every_way
async def test_one_forbidden_address_among_several_refuses_the_name(ask: Ask) -> None:
    """A name with an allowed and a forbidden address is not dialled at either."""
    async with serve(says(answer())) as outside:
        for found in (
            [OPEN, INSIDE],
            [INSIDE, OPEN],
            [OPEN, "169.254.169.254"],
            [OPEN, "::1"],
            [OPEN, "0.0.0.0"],
        ):
            async with gate(resolver=Names(policy_test=found)) as g:
                with pytest.raises(ForbiddenAddress):
                    await ask(g, f"http://policy.test:{outside.port}/")
    assert outside.connections == 0


@every_way
async def test_rebinding_is_beaten(ask: Ask) -> None:
    """The address dialled is the one that was checked: what the name means a moment later is not asked."""
    names = Names(policy_test=[[OPEN], [INSIDE]])
    async with serve(says(answer(200, b"page"))) as outside:
        async with serve(says(answer(200, b"secret")), address=INSIDE) as inside:
            async with gate(resolver=names) as g:
                await ask(g, f"http://policy.test:{outside.port}/")
        assert names.asked == ["policy.test"]
        assert outside.connections == 1 and inside.connections == 0


async def test_every_new_connection_is_checked_anew() -> None:
    """A name that was harmless and now points inside is refused when the next connection is made."""
    names = Names(policy_test=[[OPEN], [INSIDE]])
    closing = answer(200, b"page", [("Connection", "close")])
    async with serve(says(closing)) as outside, gate(resolver=names) as g:
        url = f"http://policy.test:{outside.port}/"
        await g.get(url, robots=False)
        with pytest.raises(ForbiddenAddress) as caught:
            await g.get(url, robots=False)
    assert not caught.value.permanent


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "how", ["literal", "name", "decimal", "hex", "octal", "userinfo", "backslash", "file"]
)
async def test_a_redirect_inside_is_not_followed(status: int, how: str) -> None:
    """However a redirect spells the way inside, the hop is refused and the host there sees no connection."""
    names = Names(inner_test=[INSIDE])
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside:
        location = {
            "literal": f"http://{INSIDE}:{inside.port}/",
            "name": f"http://inner.test:{inside.port}/",
            "decimal": f"http://2130706434:{inside.port}/",
            "hex": f"http://0x7f000002:{inside.port}/",
            "octal": f"http://0177.0.0.2:{inside.port}/",
            "userinfo": f"http://{OPEN}@{INSIDE}:{inside.port}/",
            "backslash": f"http://{OPEN}\\@{INSIDE}:{inside.port}/",
            "file": "file:///etc/passwd",
        }[how]
        async with serve(says(answer(status, b"", [("Location", location)]))) as outside:
            async with gate(resolver=names) as g:
                with pytest.raises((ForbiddenAddress, BadAddress)):
                    await g.get(outside.url())
    assert inside.connections == 0


async def test_a_second_hop_inside_is_not_followed() -> None:
    """Each hop is checked, not the first alone."""
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside:
        pages = {
            "/a": answer(302, b"", [("Location", "/b")]),
            "/b": answer(302, b"", [("Location", inside.url())]),
        }
        async with serve(site(pages)) as outside, gate() as g:
            with pytest.raises(ForbiddenAddress):
                await g.get(outside.url("/a"))
    assert outside.pages() == ["/a", "/b"] and inside.connections == 0


async def test_robots_txt_is_no_second_entry() -> None:
    """A robots.txt that redirects inside is not followed there, and counts as unreadable."""
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside:
        pages = {"/robots.txt": answer(302, b"", [("Location", inside.url("/robots.txt"))]), "/a": answer()}
        async with serve(site(pages)) as outside, gate() as g:
            with pytest.raises(FetchError, match="robots"):
                await g.get(outside.url("/a"))
    assert inside.connections == 0 and outside.pages() == []


async def test_a_webhook_redirect_is_a_failure_and_not_followed() -> None:
    """A webhook's 3xx comes back as an answer that is not ok; nothing is sent anywhere else."""
    async with serve(says(answer()), address=INSIDE) as inside, serve(says(answer())) as other:
        for target in (inside.url(), other.url(), "/elsewhere"):
            async with serve(says(answer(307, b"", [("Location", target)]))) as hook, gate() as g:
                result = await g.post(hook.url("/hook"), body=b"{}", headers={})
            assert result.status == 307 and not result.ok
            assert [r.target for r in hook.requests] == ["/hook"]
    assert inside.connections == 0 and other.connections == 0


@every_way
@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f000002:{port}/",
        "http://2130706434:{port}/",
        "http://0177.0.0.2:{port}/",
        "http://127.2:{port}/",
        "http://127.0.0.1@127.0.0.2:{port}/",
        "http://127.0.0.1\\@127.0.0.2:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/",
        "http://[::ffff:7f00:2]:{port}/",
        "http://[64:ff9b::7f00:2]:{port}/",
        "http://[2002:7f00:2::]:{port}/",
        "http://127。0。0。2:{port}/",
        "http://１２７.０.０.２:{port}/",
        "file://127.0.0.2:{port}/",
        "FiLe:///etc/passwd",
        "ftp://127.0.0.2:{port}/",
        "gopher://127.0.0.2:{port}/",
        "http://127.0.0.2:{port}#@127.0.0.1/",
        "http://127.0.0.2%00.example.com:{port}/",
        "http://localhost:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://[::]:{port}/",
    ],
)
async def test_no_spelling_leads_inside(ask: Ask, url: str) -> None:
    """Odd spellings of an address inside are refused, with nothing sent."""
    async with serve(says(answer(200, b"secret")), address=INSIDE) as inside:
        async with gate(allow_networks=[]) as g:
            with pytest.raises((BadAddress, ForbiddenAddress)):
                await ask(g, url.format(port=inside.port))
    assert inside.connections == 0


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY and its kin are ignored: a proxy comes from the configuration only."""
    async with serve(says(answer(200, b"proxied"))) as trap, serve(says(answer(200, b"direct"))) as outside:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, trap.url())
        async with gate() as g:
            capture = await g.get(outside.url())
    assert getattr(capture, "body", b"") == b"direct" and trap.connections == 0


async def test_a_configured_proxy_is_used_and_given_nothing_forbidden() -> None:
    """The proxy may stand on a private address; addresses and names known to lead inside are not sent to it."""
    names = Names(policy_test=["93.184.216.34"], inner_test=[INSIDE])
    async with serve(says(answer(200, b"proxied")), address=INSIDE) as proxy:
        async with gate(proxy=proxy.url(), resolver=names, respect_robots=False, allow_networks=[]) as g:
            capture = await g.get("http://policy.test/terms")
            for url in (
                f"http://{INSIDE}:{proxy.port}/",
                "http://inner.test/",
                "http://169.254.169.254/latest",
            ):
                with pytest.raises(ForbiddenAddress):
                    await g.get(url)
                with pytest.raises(ForbiddenAddress):
                    await g.post(url, body=b"", headers={})
    assert getattr(capture, "body", b"") == b"proxied"
    assert [r.target for r in proxy.requests] == ["http://policy.test/terms"]


async def test_a_name_without_address_says_so() -> None:
    """An unknown name is an error of its own kind; a real resolver's refusal too."""
    async with gate(resolver=Names()) as g:
        with pytest.raises(NameNotFound, match=r"nowhere\.test"):
            await g.get("http://nowhere.test/")
    async with gate() as g:
        with pytest.raises(NameNotFound):
            await g.get("http://nowhere.invalid/")


async def test_a_second_address_is_tried_when_the_first_does_not_answer() -> None:
    """A name with two allowed addresses is reached at the one that listens."""
    names = Names(policy_test=["127.0.0.3", OPEN])
    async with serve(says(answer(200, b"page"))) as outside:
        async with gate(resolver=names, allow_networks=["127.0.0.1/32", "127.0.0.3/32"]) as g:
            capture = await g.get(f"http://policy.test:{outside.port}/")
    assert getattr(capture, "body", b"") == b"page"


async def test_the_name_stays_in_the_host_header() -> None:
    """The checked address is dialled, the name is asked for."""
    async with serve(says(answer(200, b"page"))) as outside, gate(resolver=Names(policy_test=[OPEN])) as g:
        await g.get(f"http://policy.test:{outside.port}/a?b")
    host: Host = outside
    assert host.requests[-1].headers["host"] == f"policy.test:{outside.port}"
    assert host.requests[-1].target == "/a?b"


async def test_a_redirect_astray_from_robots_keeps_its_kind() -> None:
    """The refusal of a page's own host by robots.txt handling keeps the guard's type."""
    async with gate() as g:
        with pytest.raises(ForbiddenAddress):
            await g.get(f"http://{INSIDE}:9/")
    assert issubclass(BadRedirect, FetchError)


async def test_a_tunnel_is_asked_for_by_name_and_a_refusal_is_the_proxys() -> None:
    """https through a proxy is a CONNECT to the name; a proxy that says no is an error of its own kind."""
    names = Names(policy_test=["93.184.216.34"])
    for status in (407, 502, 403):
        async with serve(says(answer(status, b"no")), address=INSIDE) as proxy:
            async with gate(proxy=proxy.url(), resolver=names, respect_robots=False) as g:
                with pytest.raises(ProxyFailed) as caught:
                    await g.get("https://policy.test/terms")
        assert [(r.method, r.target) for r in proxy.requests] == [("CONNECT", "policy.test:443")]
        assert str(status) in caught.value.message


async def test_a_proxys_password_goes_to_the_proxy_only() -> None:
    """Credentials in the proxy's address become its header, and stand in no error."""
    names = Names(policy_test=["93.184.216.34"])
    async with serve(says(answer(502, b"")), address=INSIDE) as proxy:
        url = proxy.url().replace("http://", "http://me:hunter2@")
        async with gate(proxy=url, resolver=names, respect_robots=False) as g:
            with pytest.raises(FetchError) as caught:
                await g.get("https://policy.test/terms")
    assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://proxy.test", "proxy.test:3128", "http://"])
def test_a_proxy_that_cannot_be_used_is_refused_at_once(proxy: str) -> None:
    """Only http and https proxies are taken; another address is a wrong setting, told before any visit."""
    with pytest.raises(ValueError, match="proxy"):
        gate(proxy=proxy)


async def test_a_resolver_that_hangs_or_breaks_is_timed_out_or_no_address() -> None:
    """A resolver costs no more than the time allowed, and its errors are ours."""

    async def hangs(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async def breaks(host: str, port: int) -> list[str]:
        raise UnicodeError("label too long")

    async def lies(host: str, port: int) -> list[str]:
        return ["not an address"]

    for resolver, kind in ((hangs, TimedOut), (breaks, NameNotFound), (lies, ForbiddenAddress)):
        async with gate(resolver=resolver, timeout_s=0.3, respect_robots=False) as g:
            with pytest.raises(kind):
                await g.get("http://policy.test/")
            with pytest.raises(kind):
                await g.post("http://policy.test/", body=b"", headers={})


@pytest.mark.parametrize(
    "header", [{"x": "a\r\nb: c"}, {"x\r\ny": "z"}, {"x": "ü\u20ac"}, {"x y": "z"}, {"": "z"}]
)
async def test_a_header_cannot_be_smuggled_into_a_webhook(header: dict[str, str]) -> None:
    """A header with a line break, a foreign letter or no name is refused; nothing is sent."""
    async with serve(says(answer())) as host, gate() as g:
        with pytest.raises(Refused):
            await g.post(host.url(), body=b"{}", headers=header)
    assert host.requests == []


async def test_ipv6_is_dialled_and_guarded_alike() -> None:
    """An IPv6 host is reached where its network is opened, under its bracketed name, and not otherwise."""
    try:
        server = serve(says(answer(200, b"page")), address="::1")
        async with server as host:
            url = f"http://[0:0::1]:{host.port}/"
            async with gate(allow_networks=["::1/128"]) as g:
                capture = await g.get(url)
            async with gate(allow_networks=["::/128"]) as g:
                with pytest.raises(ForbiddenAddress, match="loopback"):
                    await g.get(url)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert getattr(capture, "body", b"") == b"page"
    assert {r.headers["host"] for r in host.requests} == {f"[::1]:{host.port}"}
