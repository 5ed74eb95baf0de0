"""Read once by the process that workers are forked from: the tables of words that the first page and the first
comparison build are then built for all of them, and shared by them in memory."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from storage.records import Capture, PolicyKind
from watcher.check import reading
from watcher.compare import compare

_PAGE = """<!doctype html><html lang="en"><head><title>Privacy notice</title></head><body><main>
<h1>Privacy notice</h1><p>Last updated: 3 February 2024</p><h2>1. What we collect</h2>
<p>We collect your name, your address and your e-mail address when you place an order with us.</p>
<p>We keep the messages you send to our support desk for {days} days and delete them afterwards.</p>
<h2>2. Sharing</h2><ul><li>We share your order with the parcel service that brings it to your door.</li>
<li>{more}</li></ul><p>You may ask us at any time which data we hold about you, and have them corrected.</p>
</main></body></html>"""


def warm() -> None:
    """One reading and one comparison, of a page of our own."""
    at = datetime(2024, 2, 3, tzinfo=UTC)
    pages = (
        _PAGE.format(days=30, more="We do not sell your personal data to anyone."),
        _PAGE.format(days=90, more="We may sell your personal data to advertising partners."),
    )
    headers = {"content-type": "text/html; charset=utf-8"}
    before, after = (
        reading(
            Capture("https://shop.example/", "https://shop.example/", 200, headers, page.encode(), at),
            None,
            PolicyKind.PRIVACY,
        )
        for page in pages
    )
    compare(before, after, kind=PolicyKind.PRIVACY)


# What fails here fails again at the first page, where it is told; the workers' parent must not end with it.
with suppress(Exception):
    warm()
