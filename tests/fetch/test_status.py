"""What a status and a header say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import Capture, Outcome
from watcher.fetch import (
    Blocked,
    FetchSettings,
    Gone,
    RateLimited,
    ServerFailed,
    UnexpectedStatus,
    retry_after,
)
from watcher.fetch.status import kept_headers, objection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _capture(status: int, **headers: str) -> Capture:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Capture("https://policy.test/", "https://policy.test/", status, named, b"<p>", NOW)


@pytest.mark.parametrize(
    ("status", "kind", "outcome", "permanent"),
    [
        (404, Gone, Outcome.MISSING, False),
        (410, Gone, Outcome.MISSING, True),
        (401, Blocked, Outcome.BLOCKED, False),
        (403, Blocked, Outcome.BLOCKED, False),
        (451, Blocked, Outcome.BLOCKED, False),
        (429, RateLimited, Outcome.FAILED, False),
        (500, ServerFailed, Outcome.FAILED, False),
        (503, ServerFailed, Outcome.FAILED, False),
        (599, ServerFailed, Outcome.FAILED, False),
        (400, UnexpectedStatus, Outcome.FAILED, False),
        (418, UnexpectedStatus, Outcome.FAILED, False),
        (206, UnexpectedStatus, Outcome.FAILED, False),
        (304, UnexpectedStatus, Outcome.FAILED, False),
        (300, UnexpectedStatus, Outcome.FAILED, False),
    ],
)
def test_a_status_that_says_no_has_its_kind(
    status: int, kind: type[Exception], outcome: Outcome, permanent: bool
) -> None:
    """Each status comes to its outcome, carries the capture, and says in words what the host answered."""
    capture = _capture(status)
    error = objection(capture, NOW, conditional=False)
    assert type(error) is kind
    assert (error.outcome, error.permanent, error.capture) == (outcome, permanent, capture)
    assert error.message.startswith(f"policy.test answered {status}")


@pytest.mark.parametrize("status", [200, 201, 203, 204, 226])
def test_an_answer_is_no_error(status: int) -> None:
    """Any whole 2xx goes on to the reader."""
    assert objection(_capture(status), NOW, conditional=False) is None


def test_304_is_an_answer_where_it_was_asked_for() -> None:
    """Not modified counts only for a conditional request."""
    assert objection(_capture(304), NOW, conditional=True) is None


@pytest.mark.parametrize("status", [403, 405, 429, 503])
@pytest.mark.parametrize(
    "header",
    [
        {"cf_mitigated": "challenge"},
        {"x_datadome": "protected"},
        {"x_amzn_waf_action": "challenge"},
        {"x_vercel_mitigated": "challenge"},
        {"x_kpsdk_ct": "1"},
        {"server": "ddos-guard"},
        {"server": "AkamaiGHost"},
    ],
)
def test_a_wall_with_a_vendors_mark_is_blocked(status: int, header: dict[str, str]) -> None:
    """A no with a bot wall's header is the wall's no, whatever its number; a named time to retry is kept."""
    error = objection(_capture(status, retry_after="60", **header), NOW, conditional=False)
    assert isinstance(error, Blocked) and "bot wall" in error.message
    assert error.retry_at == NOW + timedelta(seconds=60)


def test_an_ordinary_answer_through_a_vendor_is_no_wall() -> None:
    """A 503 that merely came through a content network is the server's failure."""
    error = objection(_capture(503, server="cloudflare", cf_ray="1"), NOW, conditional=False)
    assert type(error) is ServerFailed


def test_headers_are_kept_that_matter() -> None:
    """Repeated headers are joined, cookie values and unknown headers left out, long values cut."""
    kept = kept_headers(
        [
            ("Content-Type", "a"),
            ("content-type", "b"),
            ("Set-Cookie", "s=secret; Path=/"),
            ("X-Secret", "x"),
            ("ETag", "e" * 5000),
            ("Set-Cookie", "t=u"),
        ]
    )
    assert kept["content-type"] == "a, b" and kept["set-cookie"] == "s, t"
    assert "x-secret" not in kept and len(kept["etag"]) == 1000


@given(st.text(max_size=60))
def test_any_retry_after_is_a_time_soon_or_none(value: str) -> None:
    """Whatever stands there, the time lies between now and a day from now, or there is none."""
    at = retry_after(value, NOW)
    assert at is None or NOW <= at <= NOW + timedelta(days=1)


def test_settings_are_taken_from_any_object() -> None:
    """Attributes of the right name are taken, what is lacking keeps its default, a secret proxy is opened."""

    class Secret:
        def get_secret_value(self) -> str:
            return "http://u:p@proxy.test:3128"

    class Given:
        timeout_s = 5.0
        allow_networks = ("10.0.0.0/8",)
        user_agent = "x"
        identity = "x (+mailto:y@policy.test)"
        proxy = Secret()

    taken = FetchSettings.of(Given())
    assert (taken.timeout_s, taken.max_bytes) == (5.0, 10_000_000)
    assert taken.user_agent == "x (+mailto:y@policy.test)" and taken.proxy == "http://u:p@proxy.test:3128"
    assert [str(n) for n in taken.allow_networks] == ["10.0.0.0/8"]
    assert "u:p" not in repr(taken)
