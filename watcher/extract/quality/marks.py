"""The cheap facts of a raw page, beside what the reader makes of its text."""

from __future__ import annotations

import re
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from watcher.extract.quality.signs import VENDOR_MARKS

_MAX_NODES = 20_000  # what lies beyond tells nothing more of what kind of page it is
_MAX_TEXT = 12_000  # characters of visible text kept
_MAX_MARKUP = 200_000  # characters of scripts and addresses searched for vendor marks
_REFRESH = re.compile(r"\s*(\d+(?:\.\d*)?)\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"'>]*)", re.I)
_VISIBLE = "body :not(script):not(style):not(template):not(noscript):not(svg):not(path)"
_APP_ROOTS = "#root,#app,#__next,#__nuxt,app-root,[ng-app],[data-reactroot]"


class PageMarks:
    """What a raw page shows at a glance, each fact read from the tree when it is first asked for.

    Most pages read as policies by their text, and then little of this is needed. Lengths are characters, the
    rest counts or strings ("" where absent). Without a tree (bodies that are no HTML) all facts are empty.
    ``raw`` is the source of a page whose tree was made without its ``<noscript>``: most facts are of all of it.
    """

    def __init__(self, tree: LexborHTMLParser | None = None, raw: str | None = None) -> None:
        self._tree = tree if tree is not None else LexborHTMLParser("")
        self._source = raw

    @cached_property
    def _whole(self) -> LexborHTMLParser:
        return self._tree if self._source is None else LexborHTMLParser(self._source)

    @cached_property
    def title(self) -> str:
        title = self._tree.css_first("title")
        return _folded(title.text())[:300] if title is not None else ""

    @cached_property
    def language(self) -> str:
        html = self._tree.css_first("html")
        return (html.attributes.get("lang") or "")[:20] if html is not None else ""

    @cached_property
    def text(self) -> str:
        """The start of the visible text of the body, menus and banners included (at most 12,000 characters)."""
        return self._visible[:_MAX_TEXT]

    @property
    def text_length(self) -> int:
        """Length of the visible text, up to about the same limit."""
        return len(self._visible)

    @cached_property
    def noscript(self) -> str:
        """The text for browsers without scripts."""
        return _folded(" ".join(n.text() for n in self._whole.css("body noscript")[:20]))[:1000]

    @cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(_folded(n.text())[:300] for n in self._whole.css("h1,h2,h3,h4")[:80])

    @cached_property
    def scripts(self) -> int:
        return len(self._whole.css("script"))

    @cached_property
    def password_fields(self) -> int:
        return len(self._whole.css('input[type="password" i]'))

    @property
    def refresh(self) -> str:
        """The target of a meta refresh of at most 10 seconds."""
        return _refresh(self._metas.get("refresh", ""))

    @cached_property
    def canonical(self) -> str:
        link = self._tree.css_first('link[rel="canonical"]')
        return ((link.attributes.get("href") or "") if link is not None else "")[:2000]

    @property
    def og_url(self) -> str:
        return self._metas.get("og:url", "")[:2000]

    @property
    def noindex(self) -> bool:
        return "noindex" in self._metas.get("robots", "").lower()

    @cached_property
    def app_root(self) -> bool:
        return self._whole.css_first(_APP_ROOTS) is not None

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        """The protection vendors whose challenge marks the page carries."""
        return _vendors(self._whole)

    @cached_property
    def _metas(self) -> dict[str, str]:
        metas: dict[str, str] = {}
        for node in self._tree.css("head > meta, body > meta")[:200]:
            attributes = node.attributes
            name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv") or ""
            metas.setdefault(name.lower(), attributes.get("content") or "")
        return metas

    @cached_property
    def _visible(self) -> str:
        pieces: list[str] = []
        length = 0
        for node in self._whole.css(_VISIBLE)[:_MAX_NODES]:
            own = node.text(deep=False)
            if own and not own.isspace():
                pieces.append(own)
                length += len(own)
                if length > _MAX_TEXT:
                    break
        if self._whole.body is not None:
            pieces.append(self._whole.body.text(deep=False))
        return _folded(" ".join(pieces))


def marks(tree: LexborHTMLParser, raw: str | None = None) -> PageMarks:
    """The facts of a page. They are read from the tree later, which therefore must stay as it is."""
    return PageMarks(tree, raw)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _refresh(content: str) -> str:
    match = _REFRESH.match(content)
    return match.group(2).strip()[:2000] if match and float(match.group(1)) <= 10 else ""


def _vendors(tree: LexborHTMLParser) -> tuple[str, ...]:
    pieces: list[str] = []
    room = _MAX_MARKUP
    for node in tree.css("script,iframe,form,noscript,#px-captcha,#sec-if-cpt-container,#cf-error-details")[
        :300
    ]:
        attributes = node.attributes
        piece = " ".join(attributes.get(a) or "" for a in ("id", "src", "action"))
        if node.tag in ("script", "noscript"):
            # Challenge scripts are small or say who they are at once; a bundle of megabytes is the site's own.
            piece += " " + node.text()[:4000]
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            break
    markup = " ".join(pieces).lower()
    return tuple(dict.fromkeys(vendor for mark, vendor in VENDOR_MARKS if mark in markup))
