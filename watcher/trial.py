"""A first look before a watch begins: does this page read, and does it read the same twice?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from storage.records import Capture, Clause, Document, Reading
from watcher.check import READ_TIMEOUT_S, Gate, Mind, reading
from watcher.discover import HUB_PATHS, USUAL_PATHS, Lead, hubs, leads
from watcher.extract.charset import decode
from watcher.fetch import FetchError
from watcher.kinds import kind_of_address
from watcher.work import WorkFailed

PAUSE_S = 2.0
"""Between the two reads: long enough for counters and rotating blocks to show themselves."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What two reads of a page showed. ``problem`` is "" where it can be watched."""

    url: str
    document: Document | None
    left_out_words: int = 0
    only_once: tuple[Clause, ...] = ()  # clauses one of the two reads did not show
    problem: str = ""

    @property
    def steady(self) -> bool:
        """Both reads gave the same clauses."""
        return self.document is not None and not self.only_once


async def read_page(url: str, gate: Gate, workers: Mind, select: str | None) -> tuple[Capture, Document]:
    """Fetch and read a page once. Raises FetchError and WorkFailed."""
    answer = await gate.get(url)
    assert isinstance(answer, Capture), "no validators were sent"
    return answer, await workers.call(reading, answer, select, kind_of_address(url), timeout_s=READ_TIMEOUT_S)


async def try_out(
    url: str,
    gate: Gate,
    workers: Mind,
    select: str | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Trial:
    """Read ``url`` twice and compare."""
    try:
        capture, first = await read_page(url, gate, workers, select)
        if first.quality.reading is not Reading.POLICY:
            return Trial(url, first, problem=f"{first.quality.reading.value}: {first.quality.reason}")
        await sleep(PAUSE_S)
        _, second = await read_page(url, gate, workers, select)
        if second.quality.reading is not Reading.POLICY:
            return Trial(url, first, problem=f"the second read was {second.quality.reading.value}")
    except (FetchError, WorkFailed) as error:
        return Trial(url, None, problem=str(error))
    once = _only_once(first, second)
    clauses = "1 clause" if len(once) == 1 else f"{len(once)} clauses"
    problem = f"{clauses} stood in only one of two reads" if once else ""
    return Trial(url, first, _words_left_out(capture, first), once, problem)


def _only_once(first: Document, second: Document) -> tuple[Clause, ...]:
    a, b = {c.key for c in first.clauses}, {c.key for c in second.clauses}
    return tuple(c for c in (*first.clauses, *second.clauses) if (c.key in a) != (c.key in b))


def _words_left_out(capture: Capture, document: Document) -> int:
    from selectolax.lexbor import LexborHTMLParser

    if "html" not in capture.content_type:
        return 0
    tree = LexborHTMLParser(decode(capture.body, capture.content_type))
    tree.strip_tags(["script", "style", "template", "noscript"])
    words = len(tree.body.text(separator=" ").split()) if tree.body else 0
    return max(0, words - document.words)


async def find_policies(site: str, gate: Gate) -> tuple[Lead, ...]:
    """The policy pages of a site: from its home page, its "legal" pages, else the usual addresses.

    Raises FetchError where the home page cannot be fetched."""
    home = site if "://" in site else f"https://{site.rstrip('/')}/"
    answer = await gate.get(home)
    assert isinstance(answer, Capture), "no validators were sent"
    html = decode(answer.body, answer.content_type)
    found = list(leads(html, answer.final_url))
    for hub in hubs(html, answer.final_url):
        found += await _leads_of(hub, gate)
    for path in HUB_PATHS if not found else ():
        found += await _leads_of(urljoin(answer.final_url, path), gate)
    if not found:
        found = [lead for path in USUAL_PATHS for lead in await _usual(urljoin(answer.final_url, path), gate)]
    return _one_a_kind(found)


async def _leads_of(url: str, gate: Gate) -> Sequence[Lead]:
    try:
        page = await gate.get(url)
    except FetchError:
        return ()
    return leads(decode(page.body, page.content_type), page.final_url) if isinstance(page, Capture) else ()


async def _usual(url: str, gate: Gate) -> Sequence[Lead]:
    try:
        page = await gate.get(url)
    except FetchError:
        return ()
    if not isinstance(page, Capture) or urlsplit(page.final_url).path.rstrip("/") == "":
        return ()
    return (Lead(page.final_url, kind_of_address(url), "", 0),)


def _one_a_kind(found: Iterable[Lead]) -> tuple[Lead, ...]:
    best: dict[str, Lead] = {}
    for lead in sorted(found, key=lambda lead: (-lead.sure, len(lead.url))):
        best.setdefault(lead.kind, lead)
    return tuple(best.values())
