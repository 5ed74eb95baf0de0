"""Addresses and ids of policies."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 80
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}", re.ASCII)


def policy_id(url: str) -> str:
    """A readable id from an address: "https://www.example.com/privacy.html" → "example-com-privacy"."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"\.(html?|php|aspx?|md|txt|pdf)$", "", parts.path.rstrip("/"), flags=re.IGNORECASE)
    return slug(f"{host}{path} {parts.query}") or "policy"


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens, at most 80; "" where nothing is left."""
    return _NOT_IN_ID.sub("-", text.lower())[:_LONGEST_ID].strip("-")


def plain_id(text: str) -> str:
    """The id as given; ValueError in words where it is none."""
    if not _ID.fullmatch(text):
        as_one = slug(text)
        raise ValueError(
            "takes lower-case letters, digits, hyphens, dots and underscores, at most 80"
            + (f", such as {as_one!r}" if as_one else "")
        )
    return text


def host_of(url: str) -> str:
    """Whose page it is where nobody said: "https://www.example.com/terms" → "example.com"."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def css_selector(text: str) -> str:
    """The selector as given; ValueError in words where it is none the reader can use."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        raise ValueError('takes a CSS selector such as "main article" or "#terms"') from None
    return text


def web_address(url: str) -> str:
    """The address as given; ValueError in words where it is no http(s) address or carries a password."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no web address") from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in url.strip()):
        raise ValueError("takes an address that starts with https:// or http://")
    if "@" in parts.netloc:
        raise ValueError("takes an address without a user name or password")
    return url.strip()


Web = Annotated[str, AfterValidator(web_address)]
