"""Cheap checks on a page before a parser touches it: bounded length, bounded nesting, no null bytes.

A tree builder's work grows with depth times length on hostile input (nesting 200,000 deep took a minute and
a half), so the depth is counted in one linear scan of the tags and what lies too deep is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
    text = text[:MAX_CHARS]
    if "\x00" in text:
        text = text.replace("\x00", "")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise Unreadable(f"the page has more than {MAX_TAGS} tags")
    if tags - text.count("</") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        raise Unreadable(f"the page is nested deeper than {MAX_DEPTH} elements")
    return text


def depth(text: str) -> int:
    """The deepest nesting a tree builder could reach on ``text``, counted from the tags alone."""
    tags = _TAG.findall(_without(text, _raw_parts(text, _UNREAD)))
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
    opened inside it swallow the rest of the page.
    """
    if "<noscript" not in text and "<NOSCRIPT" not in text:
        return text
    return _without(text, [part for part in _raw_parts(text, _NOSCRIPT) if part[0] == "noscript"])


def _without(text: str, parts: Iterable[tuple[str, int, int]]) -> str:
    kept: list[str] = []
    at = 0
    for _, start, end in parts:
        kept.append(text[at:start])
        at = end
    kept.append(text[at:])
    return "".join(kept)


def _raw_parts(text: str, opening: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """The raw parts that ``opening`` finds, in one pass however they are broken: name ("" of a comment), start
    and end. What never ends is no part beyond its opening, but for scripts and styles, which take the rest."""
    at = 0
    endless: set[str] = set()
    while found := opening.search(text, at):
        name = (found[1] or "").lower()
        start, at = found.span()
        if name not in endless:
            end = _end_of(text, name, found)
            if end >= 0:
                at = end
            elif name in ("script", "style"):
                at = len(text)
            else:
                endless.add(name)
        yield name, start, at


def _end_of(text: str, name: str, opened: re.Match[str]) -> int:
    if name:
        found = _END[name].search(text, opened.end())
        return found.end() if found else -1
    end = text.find("-->", opened.start() + 2)
    return end + 3 if end >= 0 else -1
