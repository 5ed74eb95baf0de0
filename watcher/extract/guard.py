"""Cheap checks on a page before a parser touches it: bounded length, bounded nesting, no null bytes.

A tree builder's work grows with depth times length on hostile input (nesting 200,000 deep took a minute and
a half), so the depth is counted in one linear scan of the tags and what lies too deep is refused.
"""

from __future__ import annotations

import re

MAX_CHARS = 12_000_000
"""Longer pages are cut here: no policy is near it (the longest known reads as 1.5 million characters)."""

MAX_DEPTH = 1_000
"""Open elements at one time. Browsers stop nesting at 512; tag soup with unclosed inline tags goes higher."""

MAX_TAGS = 250_000
"""Tags in one page; the largest policies known have 20,000."""

_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
_UNREAD = re.compile(r"<(?:(script|style)(?=[\s/>])|!--)", re.I)
_NOSCRIPT = re.compile(r"<(?:(script|style|noscript)(?=[\s/>])|!--)", re.I)
_END = {name: re.compile(rf"</{name}[^>]*>", re.I) for name in ("script", "style", "noscript")}
# Void elements never nest; the others close themselves when the next of their kind opens.
_NEVER_NEST = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"}
    | {"wbr", "p", "li", "dt", "dd", "option", "tr", "td", "th", "thead", "tbody", "tfoot", "path", "rect"}
    | {"circle", "use", "line", "polygon", "stop", "html", "body", "head"}
)


class Unreadable(ValueError):
    """The content cannot be read within bounds; the message is one line for people."""


def checked(text: str) -> str:
    """The page as a parser may have it, null bytes gone.

    Raises `Unreadable` where the nesting is deeper than `MAX_DEPTH` or there are more than `MAX_TAGS` tags.
    """
    text = text[:MAX_CHARS].replace("\x00", "")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise Unreadable(f"the page has more than {MAX_TAGS} tags")
    if tags - text.count("</") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        raise Unreadable(f"the page is nested deeper than {MAX_DEPTH} elements")
    return text


def depth(text: str) -> int:
    """The deepest nesting a tree builder could reach on ``text``, counted from the tags alone."""
    tags = _TAG.findall(_without(text, _UNREAD))
    steps = {tag: _step(tag.lower()) for tag in set(tags)}
    open_now = deepest = 0
    for tag in tags:
        open_now += steps[tag]
        if open_now > deepest:
            deepest = open_now
        elif open_now < 0:
            open_now = 0
    return deepest


def _step(tag: str) -> int:
    """How a tag ("div", "/div") changes the number of open elements."""
    if tag.removeprefix("/") in _NEVER_NEST:
        return 0
    return -1 if tag.startswith("/") else 1


def without_noscript(text: str) -> str:
    """``text`` as a browser that runs scripts takes it; the very same object where it has no ``<noscript>``.

    Such a browser takes all up to ``</noscript>`` for text, where a parser without scripts may let an element
    opened inside it swallow the rest of the page. Scripts, styles and comments go with it.
    """
    return _without(text, _NOSCRIPT) if "<noscript" in text or "<NOSCRIPT" in text else text


def _without(text: str, opening: re.Pattern[str]) -> str:
    """``text`` without the raw parts that ``opening`` finds, in one pass however they are broken."""
    kept: list[str] = []
    at = 0
    endless: set[str] = set()
    while found := opening.search(text, at):
        name = (found[1] or "").lower()
        kept.append(text[at : found.start()])
        at = found.end()
        if name in endless:
            continue
        if name:
            end = _END[name].search(text, at)
            after = end.end() if end else -1
        else:
            after = text.find("-->", found.start() + 2)
            after = after + 3 if after >= 0 else -1
        if after >= 0:
            at = after
        elif name in ("script", "style"):
            return "".join(kept)
        else:
            endless.add(name)
    kept.append(text[at:])
    return "".join(kept)
