"""A real web site on loopback whose pages the test changes while it runs."""

from __future__ import annotations

import hashlib
import http.server
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from scripts.loopback import listening

Answer = tuple[int, Mapping[str, str], bytes]


def page(lines: Sequence[str], title: str = "Privacy notice", language: str = "en") -> bytes:
    """A page with a menu, the lines as paragraphs under one heading, and a footer."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        '<body><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>'
        f"<main><h1>{escape(title)}</h1>{body}</main><footer>© Lantern Shop</footer></body></html>"
    ).encode()


@dataclass
class Site:
    """``pages``: path → lines of a policy, bytes, or a function giving a whole answer."""

    pages: dict[str, Sequence[str] | bytes | Callable[[], Answer]] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)
    sent: list[Mapping[str, str]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        self.hits[path] += 1
        self.sent.append(headers)
        found = self.pages.get(path)
        if callable(found):
            return found()
        if found is None:
            return 404, {"Content-Type": "text/html"}, b"<title>Not found</title><h1>Not found</h1>"
        body = found if isinstance(found, bytes) else page(found)
        tag = f'"{hashlib.sha1(body).hexdigest()}"'
        if headers.get("If-None-Match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"Content-Type": "text/html; charset=utf-8", "ETag": tag}, body


@contextmanager
def served(site: Site | None = None) -> Iterator[Site]:
    """The site, answering on a free port until the block ends."""
    site = site or Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 304:
                with suppress(ConnectionError):  # whoever asked may be gone
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as site.port:
        yield site


@dataclass
class Clock:
    """A clock the test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)
