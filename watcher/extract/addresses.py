"""E-mail addresses as a reader sees them, however the page hides them from robots."""

from __future__ import annotations

import re

PLACEHOLDER = "[email protected]"
"""What an obfuscated address reads as where the page does not carry the address itself."""

_HIDDEN = re.compile(r"\[\s*(?:email|e-mail)[\s\u00a0]*protected\s*\]", re.I)
_HREF = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{6,})")


def decoded(code: str) -> str:
    """The address in a ``data-cfemail`` value: hex, the first byte is XORed over the others; "" if it is none."""
    try:
        raw = bytes.fromhex(code.strip())
    except ValueError:
        return ""
    if len(raw) < 2:
        return ""
    text = bytes(b ^ raw[0] for b in raw[1:]).decode("utf-8", "replace")
    return text if "@" in text else ""


def from_href(href: str) -> str:
    """The address a protected link leads to, "" where the link carries none."""
    found = _HREF.search(href)
    return decoded(found[1]) if found else ""


def steady(text: str) -> str:
    """``text`` with every spelling of the placeholder the same."""
    return _HIDDEN.sub(PLACEHOLDER, text) if "[" in text else text
