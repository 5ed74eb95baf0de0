"""The cheap facts of a raw page, taken before the reader touches the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from watcher.extract.quality.signs import VENDOR_MARKS

_MAX_NODES = 20_000  # what lies beyond tells nothing more of what kind of page it is
_MAX_TEXT = 12_000  # characters of visible text kept
_MAX_MARKUP = 200_000  # characters of scripts and addresses searched for vendor marks
_REFRESH = re.compile(r"\s*(\d+(?:\.\d*)?)\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"'>]*)", re.I)
_VISIBLE = "body :not(script):not(style):not(template):not(noscript):not(svg):not(path)"


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a raw page shows at a glance. Lengths are characters, the rest counts or strings ("" where absent).

    ``text`` is the start of the visible text of the body, menus and banners included (at most 12,000
    characters); ``noscript`` the text for browsers without scripts. ``refresh`` is the target of a meta
    refresh of at most 10 seconds. ``vendors`` names the protection vendors whose challenge marks it carries.
    """

    title: str = ""
    language: str = ""
    text: str = ""
    text_length: int = 0  # up to the same limit
    noscript: str = ""
    headings: tuple[str, ...] = ()
    scripts: int = 0
    password_fields: int = 0
    refresh: str = ""
    canonical: str = ""
    og_url: str = ""
    noindex: bool = False
    app_root: bool = False
    vendors: tuple[str, ...] = ()


def marks(tree: LexborHTMLParser) -> PageMarks:
    """The facts of a page. Reads the tree and leaves it as it was; about half a millisecond a page."""
    pieces: list[str] = []
    length = 0
    for node in tree.css(_VISIBLE)[:_MAX_NODES]:
        own = node.text(deep=False)
        if own and not own.isspace():
            pieces.append(own)
            length += len(own)
            if length > _MAX_TEXT:
                break
    if tree.body is not None:
        pieces.append(tree.body.text(deep=False))
    text = _folded(" ".join(pieces))
    scripts = tree.css("script")
    metas: dict[str, str] = {}
    for node in tree.css("head > meta, body > meta")[:200]:
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv") or ""
        metas.setdefault(name.lower(), attributes.get("content") or "")
    title = tree.css_first("title")
    html = tree.css_first("html")
    canonical = tree.css_first('link[rel="canonical"]')
    return PageMarks(
        title=_folded(title.text())[:300] if title is not None else "",
        language=(html.attributes.get("lang") or "")[:20] if html is not None else "",
        text=text[:_MAX_TEXT],
        text_length=len(text),
        noscript=_folded(" ".join(n.text() for n in tree.css("body noscript")[:20]))[:1000],
        headings=tuple(_folded(n.text())[:300] for n in tree.css("h1,h2,h3,h4")[:80]),
        scripts=len(scripts),
        password_fields=len(tree.css('input[type="password" i]')),
        refresh=_refresh(metas.get("refresh", "")),
        canonical=((canonical.attributes.get("href") or "") if canonical is not None else "")[:2000],
        og_url=metas.get("og:url", "")[:2000],
        noindex="noindex" in metas.get("robots", "").lower(),
        app_root=tree.css_first("#root,#app,#__next,#__nuxt,app-root,[ng-app],[data-reactroot]") is not None,
        vendors=_vendors(tree),
    )


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
