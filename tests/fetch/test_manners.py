"""How hosts are treated: robots.txt, one request at a time, an interval, pauses, validators."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from email.utils import format_datetime

import pytest

from storage.records import Capture, HostState, Outcome, Validators
from tests.attacks.servers import Clock, Memory, Names, Request, answer, gate, says, serve, site
from watcher.fetch import (
    Blocked,
    ConnectFailed,
    HostPaused,
    NotModified,
    RateLimited,
    RobotsDisallowed,
    RobotsUnreachable,
    ServerFailed,
    TimedOut,
    validators_of,
)

PAGE = answer(200, b"page")


def _robots(text: str, status: int = 200) -> dict[str, bytes]:
    return {"/robots.txt": answer(status, text.encode()), "/terms": PAGE, "/private/terms": PAGE}


# ---------------------------------------------------------------- robots.txt


async def test_robots_txt_is_asked_once_and_obeyed() -> None:
    """What robots.txt forbids is not fetched, what it allows is, and it is read once for both."""
    async with serve(site(_robots("User-agent: *\nDisallow: /private/\n"))) as host, gate() as g:
        assert isinstance(await g.get(host.url("/terms")), Capture)
        with pytest.raises(RobotsDisallowed, match="/private/terms") as caught:
            await g.get(host.url("/private/terms"))
        assert isinstance(await g.get(host.url("/private/terms"), robots=False), Capture)
    assert caught.value.outcome is Outcome.BLOCKED and caught.value.permanent
    assert [r.target for r in host.requests].count("/robots.txt") == 1


async def test_robots_txt_is_ignored_where_the_operator_says_so() -> None:
    """respect_robots = false asks for no robots.txt at all."""
    async with serve(site(_robots("User-agent: *\nDisallow: /\n"))) as host, gate(respect_robots=False) as g:
        assert isinstance(await g.get(host.url("/terms")), Capture)
    assert host.pages() == [r.target for r in host.requests]


async def test_robots_txt_is_asked_once_a_day_across_restarts() -> None:
    """A program started anew every hour obeys the rules it read before; one of another name asks for its own."""
    clock, memory = Clock(), Memory()
    pages = _robots("User-agent: *\nDisallow: /private/\n")
    async with serve(site(pages)) as host:
        for agent, asked in (("Clausewatch/0.1", 1), ("Clausewatch/0.1", 1), ("Otherwatch/1", 2)):
            clock.pass_s(3600)
            async with gate(clock=clock, memory=memory, user_agent=agent) as g:
                await g.get(host.url("/terms"))
                with pytest.raises(RobotsDisallowed):
                    await g.get(host.url("/private/terms"))
            assert [r.target for r in host.requests].count("/robots.txt") == asked
        clock.pass_s(24 * 3600)
        pages["/robots.txt"] = answer(500)
        async with gate(clock=clock, memory=memory, user_agent="Otherwatch/1") as g:
            assert isinstance(await g.get(host.url("/terms")), Capture)  # the rules read last still hold


async def test_robots_txt_is_read_again_after_a_day() -> None:
    """The rules are kept for 24 hours and not longer."""
    clock = Clock()
    async with serve(site(_robots("User-agent: *\nAllow: /\n"))) as host, gate(clock=clock) as g:
        for hours in (0, 23, 2):
            clock.pass_s(hours * 3600)
            await g.get(host.url("/terms"))
    assert [r.target for r in host.requests].count("/robots.txt") == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_no_robots_txt_allows_everything(status: int) -> None:
    """A 4xx means there are no rules (RFC 9309, 2.3.1.3)."""
    async with serve(site(_robots("User-agent: *\nDisallow: /\n", status))) as host, gate() as g:
        assert isinstance(await g.get(host.url("/terms")), Capture)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_an_unreachable_robots_txt_forbids_everything_for_now(status: int) -> None:
    """A 5xx (and a 429) means nothing may be fetched (2.3.1.4); it is asked again later, not each time."""
    clock = Clock()
    pages = _robots("", status)
    async with serve(site(pages)) as host, gate(clock=clock) as g:
        for _ in range(3):
            with pytest.raises(RobotsUnreachable) as caught:
                await g.get(host.url("/terms"))
        assert not caught.value.permanent and caught.value.retry_at is not None
        assert len(host.requests) == 1
        pages["/robots.txt"] = answer(404)
        clock.now = caught.value.retry_at
        assert isinstance(await g.get(host.url("/terms")), Capture)


async def test_a_pause_asked_for_with_robots_txt_is_kept() -> None:
    """A Retry-After on robots.txt itself pauses the host."""
    clock = Clock()
    pages = {"/robots.txt": answer(503, b"", [("Retry-After", "7200")]), "/terms": PAGE}
    async with serve(site(pages)) as host, gate(clock=clock) as g:
        with pytest.raises(RobotsUnreachable):
            await g.get(host.url("/terms"))
        clock.pass_s(3600)
        with pytest.raises(HostPaused):
            await g.get(host.url("/terms"))
    assert len(host.requests) == 1


async def test_known_rules_hold_while_robots_txt_is_unreachable() -> None:
    """A robots.txt that fails after a day of service is answered with the rules read last."""
    clock = Clock()
    pages = _robots("User-agent: *\nDisallow: /private/\n")
    async with serve(site(pages)) as host, gate(clock=clock) as g:
        await g.get(host.url("/terms"))
        pages["/robots.txt"] = answer(500)
        clock.pass_s(25 * 3600)
        assert isinstance(await g.get(host.url("/terms")), Capture)
        with pytest.raises(RobotsDisallowed):
            await g.get(host.url("/private/terms"))
        clock.pass_s(31 * 24 * 3600)
        with pytest.raises(RobotsUnreachable):
            await g.get(host.url("/terms"))


@pytest.mark.parametrize(("hops", "allowed"), [(5, False), (6, True)])
async def test_robots_txt_may_redirect_five_times(hops: int, allowed: bool) -> None:
    """Five redirects are followed, and their rules hold; more count as no rules (2.3.1.2)."""
    pages = _robots("")
    for i in range(hops):
        here = "/robots.txt" if i == 0 else f"/r{i}"
        pages[here] = answer(301, b"", [("Location", f"/r{i + 1}")])
    pages[f"/r{hops}"] = answer(200, b"User-agent: *\nDisallow: /\n")
    async with serve(site(pages)) as host, gate() as g:
        if allowed:
            assert isinstance(await g.get(host.url("/terms")), Capture)
        else:
            with pytest.raises(RobotsDisallowed):
                await g.get(host.url("/terms"))


async def test_each_hosts_robots_txt_is_asked_for_its_hop() -> None:
    """A redirect to another host is allowed or not by that host's own rules."""
    async with serve(site(_robots("User-agent: *\nDisallow: /private/\n"))) as other:
        moved = answer(301, b"", [("Location", other.url("/private/terms"))])
        async with serve(site({"/a": moved})) as host, gate() as g:
            with pytest.raises(RobotsDisallowed):
                await g.get(host.url("/a"))
    assert [r.target for r in other.requests] == ["/robots.txt"]


async def test_only_the_start_of_a_huge_robots_txt_is_read() -> None:
    """500 KiB are enough: the rules there hold, the rest of a file without end is not waited for."""
    rules = "User-agent: *\nDisallow: /private/\n"
    huge = rules + "# padding\n" * 200_000 + "User-agent: *\nDisallow: /terms\n"
    async with serve(site(_robots(huge))) as host, gate() as g:
        assert isinstance(await g.get(host.url("/terms")), Capture)
        with pytest.raises(RobotsDisallowed):
            await g.get(host.url("/private/terms"))


async def test_a_crawl_delay_slows_the_visits() -> None:
    """Crawl-delay lengthens the interval of its host."""
    loop = asyncio.get_running_loop()
    async with serve(site(_robots("User-agent: *\nCrawl-delay: 0.3\n"))) as host, gate() as g:
        await g.get(host.url("/terms"))
        begun = loop.time()
        await g.get(host.url("/terms"))
    assert loop.time() - begun > 0.25


# ---------------------------------------------------------------- pace


async def test_a_host_has_one_request_at_a_time() -> None:
    """However many visits wait, no two requests of one host overlap."""
    running = most = 0

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        writer.write(PAGE)

    async with serve(script) as host, gate() as g:
        await asyncio.gather(*(g.get(host.url(f"/{i}")) for i in range(12)))
    assert most == 1


async def test_two_hosts_are_asked_at_the_same_time() -> None:
    """The wait is per host: one that is slow does not hold up another."""
    both = asyncio.Barrier(2)

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(20):
            await both.wait()
        writer.write(PAGE)

    async with serve(script) as one, serve(script) as two, gate(respect_robots=False) as g:
        await asyncio.gather(g.get(one.url()), g.get(two.url()))


async def test_an_interval_lies_between_two_requests() -> None:
    """host_interval_s passes from the end of one request to the start of the next, redirects included."""
    times: list[float] = []

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        times.append(asyncio.get_running_loop().time())
        hop = request.target == "/a"
        writer.write(answer(302, b"", [("Location", "/b")]) if hop else PAGE)

    async with serve(script) as host, gate(host_interval_s=0.15, respect_robots=False) as g:
        await asyncio.gather(g.get(host.url("/a")), g.get(host.url("/c")))
    assert len(times) == 3
    assert all(later - earlier > 0.14 for earlier, later in itertools.pairwise(times))


async def test_a_cancelled_visit_gives_its_turn_back() -> None:
    """A visit stopped in the middle leaves the host free for the next."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.target == "/hangs":
            await asyncio.sleep(60)
        writer.write(PAGE)

    async with serve(script) as host, gate(respect_robots=False) as g:
        hanging = asyncio.create_task(g.get(host.url("/hangs")))
        await asyncio.sleep(0.05)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert isinstance(await g.get(host.url("/next")), Capture)


# ---------------------------------------------------------------- later


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured_and_remembered(form: str, status: int) -> None:
    """A host that says when gets no request before that, not even from a gate started anew."""
    clock, memory = Clock(), Memory()
    until = clock.now + timedelta(seconds=7200)
    asked = "7200" if form == "seconds" else format_datetime(until, usegmt=True)
    later = answer(status, b"slow down", [("Retry-After", asked)])
    async with serve(says(later, PAGE)) as host:
        async with gate(clock=clock, memory=memory, respect_robots=False) as g:
            with pytest.raises(RateLimited if status == 429 else ServerFailed) as caught:
                await g.get(host.url("/one"))
        assert caught.value.retry_at == until and caught.value.outcome is Outcome.FAILED
        assert caught.value.capture.body == b"slow down"
        async with gate(clock=clock, memory=memory, respect_robots=False) as g:
            clock.pass_s(7100)
            with pytest.raises(HostPaused, match=str(status)) as paused:
                await g.get(host.url("/two"))
            assert paused.value.retry_at == until and len(host.requests) == 1
            clock.pass_s(100)
            assert isinstance(await g.get(host.url("/two")), Capture)
    assert memory.states[f"127.0.0.1:{host.port}"].retry_at is None


async def test_a_host_that_says_later_without_a_time_is_backed_off_from() -> None:
    """429 after 429, the pause doubles from about a minute; one good answer ends it."""
    clock, memory = Clock(), Memory()
    async with serve(says(answer(429))) as host, gate(clock=clock, memory=memory, respect_robots=False) as g:
        pauses = []
        for _ in range(4):
            with pytest.raises(RateLimited) as caught:
                await g.get(host.url())
            assert caught.value.retry_at is not None
            pauses.append((caught.value.retry_at - clock.now).total_seconds())
            clock.now = caught.value.retry_at
    assert all(45 <= pause / 2**n <= 60 for n, pause in enumerate(pauses)), pauses


async def test_a_pause_of_years_is_cut_to_a_day() -> None:
    """A host cannot silence a watch for ever: it is asked again after a day at the latest."""
    clock = Clock()
    for asked in ("999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"):
        later = answer(429, b"", [("Retry-After", asked)])
        async with serve(says(later)) as host, gate(clock=clock) as g:
            with pytest.raises(RateLimited) as caught:
                await g.get(host.url(), robots=False)
        assert caught.value.retry_at == clock.now + timedelta(days=1)


@pytest.mark.parametrize(
    "asked", ["", "soon", "-5", "1e3", "Thu, 99 Foo 2026", "Mon, 01 Jan 0001 00:00:00 GMT", "٣"]
)
async def test_a_retry_after_that_is_none_leaves_our_own_pause(asked: str) -> None:
    """Nonsense in Retry-After is no time and no error; a time long past means now."""
    clock = Clock()
    later = answer(429, b"", [("Retry-After", asked.encode().decode("latin-1"))])
    async with serve(says(later)) as host, gate(clock=clock) as g:
        with pytest.raises(RateLimited) as caught:
            await g.get(host.url(), robots=False)
    assert caught.value.retry_at is not None
    assert clock.now <= caught.value.retry_at <= clock.now + timedelta(seconds=60)


async def test_a_short_pause_is_waited_out() -> None:
    """A host that asks for a second or two is given them, and the visit goes on."""
    later = answer(429, b"", [("Retry-After", "1")])
    async with serve(says(later, PAGE)) as host, gate(respect_robots=False) as g:
        with pytest.raises(RateLimited):
            await g.get(host.url())
        assert isinstance(await g.get(host.url()), Capture)


async def test_a_dead_host_is_left_alone_after_three_tries() -> None:
    """A host nobody reaches is paused from the third failure on, so that its other policies wait too."""
    clock, memory = Clock(), Memory()
    async with serve(says(PAGE)) as host:
        port = host.port
    async with gate(clock=clock, memory=memory, respect_robots=False) as g:
        for _ in range(3):
            with pytest.raises(ConnectFailed):
                await g.get(f"http://127.0.0.1:{port}/")
        with pytest.raises(HostPaused, match="refused"):
            await g.get(f"http://127.0.0.1:{port}/other")
    assert [s.failures for s in memory.saved] == [3]


async def test_errors_of_single_pages_do_not_pause_a_host() -> None:
    """404, 500, a reset or a slow page are one page's trouble: the host's other pages are still asked for."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.target == "/reset":
            writer.transport.abort()
        elif request.target == "/slow":
            writer.write(answer(200, b"x", [("Content-Length", "5")], length=False))
        else:
            writer.write(answer(int(request.target[1:])))

    memory = Memory()
    async with serve(script) as host, gate(memory=memory, respect_robots=False, timeout_s=1.0) as g:
        for target in ["/404", "/500", "/reset", "/slow"] * 4:
            with pytest.raises(Exception) as caught:
                await g.get(host.url(target))
            assert not isinstance(caught.value, HostPaused)
            assert isinstance(caught.value, TimedOut) == (target == "/slow")
    assert memory.saved == []


async def test_a_remembered_pause_from_a_wrong_clock_ends_in_a_day() -> None:
    """A pause far in the future, kept from a clock that ran ahead, is cut to the longest one there is."""
    clock = Clock()
    async with serve(says(PAGE)) as host:
        state = HostState(f"127.0.0.1:{host.port}", 1, clock.now + timedelta(days=400), "asked")
        async with gate(clock=clock, memory=Memory(state), respect_robots=False) as g:
            with pytest.raises(HostPaused):
                await g.get(host.url())
            clock.pass_s(24 * 3600 + 1)
            assert isinstance(await g.get(host.url()), Capture)


async def test_a_webhook_is_not_held_up_by_a_pause_and_says_when_to_retry() -> None:
    """A receiver's 429 comes back as an answer with its time; nothing of it is held against page visits."""
    clock = Clock()
    later = answer(429, b"busy", [("Retry-After", "90")])
    async with serve(says(later, later, PAGE)) as host, gate(clock=clock) as g:
        for _ in range(2):
            result = await g.post(
                host.url("/hook"), body=b'{"a": 1}', headers={"content-type": "application/json"}
            )
            assert (result.ok, result.status, result.body) == (False, 429, b"busy")
            assert result.retry_at == clock.now + timedelta(seconds=90)
        assert isinstance(await g.get(host.url("/page"), robots=False), Capture)
    assert (
        host.requests[0].body == b'{"a": 1}'
        and host.requests[0].headers["content-type"] == "application/json"
    )


# ---------------------------------------------------------------- who asks, and what for


async def test_every_request_says_who_asks() -> None:
    """The configured User-Agent goes out with robots.txt, page and webhook, and gzip alone is asked for."""
    async with serve(says(PAGE)) as host, gate(user_agent="Clausewatch/9 (+mailto:me@policy.test)") as g:
        await g.get(host.url())
        await g.post(host.url(), body=b"", headers={})
    assert {r.headers["user-agent"] for r in host.requests} == {"Clausewatch/9 (+mailto:me@policy.test)"}
    assert len(host.requests) == 3
    assert {r.headers.get("accept-encoding") for r in host.requests if r.method == "GET"} == {"gzip"}
    assert not any("cookie" in r.headers or "referer" in r.headers for r in host.requests)


async def test_validators_are_sent_and_304_keeps_them() -> None:
    """What the last capture was marked with is sent back; a 304 gives the validators for next time."""
    first = answer(200, b"page", [("ETag", 'W/"1"'), ("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT")])
    still = answer(304, b"", [("ETag", 'W/"2"')])
    async with serve(says(first, still)) as host, gate() as g:
        capture = await g.get(host.url())
        assert isinstance(capture, Capture)
        known = validators_of(capture.headers)
        result = await g.get(host.url(), validators=known)
    assert known == Validators('W/"1"', "Sun, 01 Mar 2026 10:00:00 GMT")
    assert host.requests[-1].headers["if-none-match"] == 'W/"1"'
    assert host.requests[-1].headers["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert isinstance(result, NotModified)
    assert result.validators == Validators('W/"2"', "Sun, 01 Mar 2026 10:00:00 GMT")


async def test_a_date_is_not_sent_along_a_redirect() -> None:
    """If-Modified-Since goes to the address itself only: an older page at a new target would say 304."""
    pages = {"/a": answer(302, b"", [("Location", "/b")]), "/b": PAGE}
    async with serve(site(pages)) as host, gate(respect_robots=False) as g:
        await g.get(host.url("/a"), validators=Validators('"1"', "Sun, 01 Mar 2026 10:00:00 GMT"))
    assert ["if-modified-since" in r.headers for r in host.requests] == [True, False]
    assert ["if-none-match" in r.headers for r in host.requests] == [True, True]


async def test_validators_no_header_can_carry_are_left_out() -> None:
    """A stored validator with a line break, a foreign letter or 2,000 letters is not sent."""
    for bad in ('"a\r\nX: y"', '"ü"', "x" * 2000, '"\x00"'):
        async with serve(says(PAGE)) as host, gate() as g:
            assert isinstance(await g.get(host.url(), validators=Validators(bad, bad)), Capture)
        assert not {"if-none-match", "if-modified-since", "x"} & set(host.requests[-1].headers)


async def test_a_cookie_lives_for_one_visit() -> None:
    """A page that redirects until its cookie comes back is read; the next visit starts without it."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("cookie") == "seen=1"
        again = answer(302, b"", [("Location", request.target), ("Set-Cookie", "seen=1; Path=/")])
        writer.write(PAGE if known else again)

    names = Names(policy_test=["127.0.0.1"])
    async with serve(script) as host, gate(respect_robots=False, resolver=names) as g:
        for _ in range(2):
            capture = await g.get(f"http://policy.test:{host.port}/terms")
            assert isinstance(capture, Capture) and capture.body == b"page"
    assert ["cookie" in r.headers for r in host.requests] == [False, True, False, True]


async def test_a_cookie_is_not_told_to_another_host() -> None:
    """A redirect to another site does not carry the first one's cookie."""
    names = Names(policy_test=["127.0.0.1"], other_test=["127.0.0.1"])
    async with serve(says(PAGE)) as other:
        moved = answer(302, b"", [("Location", f"http://other.test:{other.port}/"), ("Set-Cookie", "a=1")])
        async with serve(says(moved)) as host, gate(respect_robots=False, resolver=names) as g:
            await g.get(f"http://policy.test:{host.port}/")
    assert "cookie" not in other.requests[0].headers


async def test_the_capture_tells_where_it_came_from() -> None:
    """url is what was asked for, final_url what answered; without a redirect they are the same text."""
    pages = {"/a": answer(301, b"", [("Location", "/b#x")]), "/b": PAGE}
    clock = Clock()
    async with serve(site(pages)) as host, gate(clock=clock) as g:
        moved = await g.get(host.url("/a"))
        plain = await g.get(host.url("/b#part"))
    assert isinstance(moved, Capture) and isinstance(plain, Capture)
    assert (moved.url, moved.final_url, moved.fetched_at) == (host.url("/a"), host.url("/b"), clock.now)
    assert plain.url == plain.final_url == host.url("/b#part")


async def test_a_bot_wall_is_blocked_and_kept() -> None:
    """A 503 behind which a vendor's wall stands is blocked, with the page and the telling header kept."""
    page = answer(
        503, b"<title>Just a moment", [("CF-Mitigated", "challenge"), ("Set-Cookie", "__cf_bm=secret; x")]
    )
    async with serve(says(page)) as host, gate() as g:
        with pytest.raises(Blocked, match="bot wall") as caught:
            await g.get(host.url())
    kept = caught.value.capture
    assert caught.value.outcome is Outcome.BLOCKED
    assert kept.body.startswith(b"<title>") and kept.headers["cf-mitigated"] == "challenge"
    assert kept.headers["set-cookie"] == "__cf_bm"
