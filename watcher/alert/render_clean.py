"""Page text made harmless for the places where it is shown (pure).

Text of a page is never markup, never a header, never a terminal's command. Control characters go; so do the
characters that reorder or hide text (Unicode bidi controls, UAX #9; tags, variation of nothing), since with
them a line can read as something it does not say.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

_REORDER = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F, *range(0xE0000, 0xE0080)}
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACE = re.compile(r"\s+")


def one_line(text: str, limit: int = 0) -> str:
    """The text as a single line of printable characters, cut at ``limit`` characters (0: not cut)."""
    shown = "".join(_visible(c) for c in text)
    shown = _SPACE.sub(" ", shown).strip()
    return shortened(shown, limit) if limit else shown


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where the script has them, with "…" where cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit * 0.6 else head).rstrip(" ,;:–—-") + "…"


def escaped(text: str) -> str:
    """The text, cleaned, as HTML shows it."""
    return html.escape("".join(_visible(c) for c in text), quote=True)


def public_url(url: str) -> str:
    """The address without a user name or password in it; "" where it is none of the web."""
    try:
        parts = urlsplit(one_line(url))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).replace(" ", "%20")
    except ValueError:
        return ""


def _visible(character: str) -> str:
    if character in "\n\t ":
        return character
    if ord(character) in _REORDER:
        return ""
    if unicodedata.category(character) in _UNSEEN:
        return (
            " "
            if character in "\r\v\f\x85\u2028\u2029"
            else "\ufffd"
            if "\ud800" <= character <= "\udfff"
            else ""
        )
    return character
