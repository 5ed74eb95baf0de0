"""The country a page speaks to, guessed from its address and its declared language."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Country code domains sold to the whole world say nothing of a country (ICANN's and Google's lists agree on most).
_GENERIC = frozenset(
    {"io", "co", "ai", "me", "tv", "cc", "gg", "ly", "to", "fm", "am", "la", "ws", "app", "eu", "su"}
)
_LOCALE = re.compile(r"(?:^|/)([a-z]{2})[-_]([a-zA-Z]{2})(?=/|$|\.)")
_TAG = re.compile(r"^[a-zA-Z]{2,3}[-_]([a-zA-Z]{2})\b")


def country_of(url: str, declared: str = "") -> str:
    """ISO 3166 code ("GB", "DE"), "" where nothing tells.

    Order: country domain, locale in the path, the region of the declared language (``en-US`` is every
    template's default and counts for nothing).
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    domain = host.rpartition(".")[2].lower()
    if len(domain) == 2 and domain.isalpha() and domain not in _GENERIC and "." in host:
        return "GB" if domain == "uk" else domain.upper()
    found = _LOCALE.search(parts.path)
    if found:
        return found[2].upper()
    told = _TAG.match(declared.strip())
    if told and declared[:5].lower().replace("_", "-") != "en-us":
        return told[1].upper()
    return ""
