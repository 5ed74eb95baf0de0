"""What an answer's status and header say, before anyone reads the page. Pure.

Whether a page served with status 200 is the policy at all is for the reader to tell (`watcher.extract.quality`);
the headers it may want for that are kept in the capture (`kept_headers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus

from storage.records import Capture

from .errors import Blocked, Gone, RateLimited, ServerFailed, StatusError, UnexpectedStatus
from .values import retry_after

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_KEPT = frozenset(
    [
        "accept-ranges",
        "age",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "link",
        "location",
        "retry-after",
        "server",
        "vary",
        "via",
        "www-authenticate",
        "x-cache",
        "x-content-type-options",
        "x-powered-by",
        "x-robots-tag",
    ]
)
# Headers by which bot walls name themselves, as their vendors document them or as their answers show.
_WALL = (
    "cf-mitigated",
    "cf-chl-",
    "x-datadome",
    "x-dd-b",
    "x-amzn-waf-action",
    "x-vercel-mitigated",
    "x-vercel-challenge-token",
    "x-kpsdk-",
    "x-px-",
    "x-perimeterx",
    "x-sucuri-block",
    "x-distil-cs",
    "x-reblaze-protection",
)
# These stand on ordinary answers too: kept as evidence, and a wall only together with a status that says no.
_VENDOR = (
    "cf-ray",
    "cf-cache-status",
    "x-iinfo",
    "x-cdn",
    "x-sucuri-id",
    "akamai-",
    "x-akamai-",
    "x-vercel-id",
)
_WALL_SERVERS = (
    "akamaighost",
    "ddos-guard",
    "sucuri/cloudproxy",
    "imperva",
    "qrator",
    "datadome",
    "stackpath",
)
_MAX_VALUE = 1000
_OF_THE_ORIGINAL = "x-archive-orig-"  # what a web archive plays back of the answer it once got


def kept_headers(raw: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that matter, lower-case, repeated ones joined with ", ". Of cookies only the names are kept:
    they tell which wall stood there, their values are nobody's evidence."""
    kept: dict[str, str] = {}
    for name, value in raw:
        name = name.lower()
        if name == "set-cookie":
            value = value.partition("=")[0].strip()
        elif name.removeprefix(_OF_THE_ORIGINAL) not in _KEPT and not name.startswith((*_WALL, *_VENDOR)):
            continue
        value = value[:_MAX_VALUE]
        kept[name] = f"{kept[name]}, {value}" if name in kept else value
    return kept


def wall(headers: Mapping[str, str]) -> str:
    """The header by which a bot wall gives itself away on an answer that says no; "" where none does."""
    for name in headers:
        if name.startswith(_WALL):
            return name
    server = headers.get("server", "").lower()
    return f"server: {server}" if server.startswith(_WALL_SERVERS) else ""


def objection(capture: Capture, now: datetime, *, conditional: bool) -> StatusError | None:
    """The error a status comes to; None for an answer to read (2xx but 206, and 304 if it was asked for).

    404 and 410 → missing; 401, 403, 451, and any no behind which a bot wall stands → blocked; 429 and 5xx →
    failed, with the time the host named. Sources: RFC 9110 (15), RFC 6585 (4), RFC 7725.
    """
    status = capture.status
    if (200 <= status < 300 and status != 206) or (status == 304 and conditional):
        return None
    where = f"{_host(capture.final_url)} answered {status}{_phrase(status)}"
    retry_at = retry_after(capture.headers.get("retry-after", ""), now)
    mark = wall(capture.headers)
    if status in (404, 410):
        return Gone(where, capture=capture, permanent=status == 410, retry_at=retry_at)
    if mark and status in (401, 403, 405, 406, 409, 418, 429, 503):
        return Blocked(f"{where}: a bot wall ({mark})", capture=capture, retry_at=retry_at)
    if status in (401, 403, 407, 451):
        return Blocked(where, capture=capture, retry_at=retry_at)
    if status == 429:
        return RateLimited(where, capture=capture, retry_at=retry_at)
    if status >= 500:
        return ServerFailed(where, capture=capture, retry_at=retry_at)
    return UnexpectedStatus(where, capture=capture, retry_at=retry_at)


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") >= 2 else url


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
