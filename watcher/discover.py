"""Which links of a site lead to its policies (pure): from the words of the link and of its address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from storage.records import PolicyKind
from watcher.kinds import kind_of_address, kind_of_words

USUAL_PATHS = (
    "/privacy",
    "/privacy-policy",
    "/legal/privacy",
    "/terms",
    "/terms-of-service",
    "/legal/terms",
    "/cookies",
)
"""Tried where the home page names no policy: the commonest places, in this order."""
HUB_PATHS = ("/legal", "/policies")
"""Where sites commonly gather their policies."""
_HUB = re.compile(
    r"\b(legal|policies|trust|rechtliche[sr]?|impressum|mentions|juridique|juridisch|juridisk|prawne|legales"
    r"|legais|legali|oikeudelliset|правовая)\b|法的|法律|법적",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """One address that may be a policy. ``sure`` counts how many of link text and address say so (0–2)."""

    url: str
    kind: PolicyKind
    text: str
    sure: int


def leads(html: str, base: str) -> tuple[Lead, ...]:
    """The policy links of a page, surest first, one an address; only of the same site and its subdomains."""
    found: dict[str, Lead] = {}
    for lead in _links(html, base):
        known = found.get(lead.url)
        if known is None or lead.sure > known.sure:
            found[lead.url] = lead
    return tuple(sorted(found.values(), key=lambda lead: (-lead.sure, len(lead.url))))


def hubs(html: str, base: str) -> tuple[str, ...]:
    """Links to pages that gather the policies ("Legal"), at most three."""
    tree = LexborHTMLParser(html)
    pages = dict.fromkeys(
        url
        for node in tree.css("a[href]")
        if _HUB.search(node.text(strip=True)[:80]) and (url := _address(node.attributes.get("href"), base))
    )
    return tuple(pages)[:3]


def _links(html: str, base: str) -> Iterable[Lead]:
    for node in LexborHTMLParser(html).css("a[href]"):
        url = _address(node.attributes.get("href"), base)
        text = " ".join(node.text(strip=True).split())[:120]
        if not url or len(text.split()) > 10:
            continue
        by_text, by_address = kind_of_words(text), kind_of_address(url)
        kind = by_text if by_text is not PolicyKind.OTHER else by_address
        if kind is not PolicyKind.OTHER:
            sure = (by_text is not PolicyKind.OTHER) + (by_address is not PolicyKind.OTHER)
            yield Lead(url, kind, text, sure)


def _address(href: str | None, base: str) -> str:
    """The link as an address of the same site, without its fragment; "" for any other."""
    try:
        url = urldefrag(urljoin(base, href or "")).url
        host, home = urlsplit(url).hostname or "", urlsplit(base).hostname or ""
    except ValueError:
        return ""
    if urlsplit(url).scheme not in ("http", "https") or not _same_site(host, home):
        return ""
    return url


def _same_site(host: str, home: str) -> bool:
    home = home.removeprefix("www.")
    return host == home or host.endswith(f".{home}") or (bool(host) and home.endswith(f".{host}"))
