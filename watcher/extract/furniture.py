"""What marks a part of a page as furniture: menus, footers, consent dialogs, share and feedback widgets.

Marks are suspicions, not verdicts: pages put their whole policy inside ``<form>``, ``class="modal"`` or
``<footer>``, so `watcher.extract.region` drops a suspect only where little of the page's prose stands in it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping


class Suspect(enum.IntEnum):
    """How sure a mark is: the share of the page's prose a part may hold and still be dropped differs."""

    NO = 0
    LIKELY = 1  # nav, footer, breadcrumbs, share buttons
    CONSENT = 2  # cookie banners and preference centres: long, and never the policy
    HIDDEN = 3  # not shown until asked for: closed accordions and tabs are too


NEVER_READ = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "video",
        "audio",
        "select",
        "datalist",
        "option",
        "input",
        "textarea",
        "progress",
        "meter",
        "map",
        "area",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "dialog-polyfill",
        "img",
        "picture",
        "source",
        "track",
        "param",
        "frame",
        "frameset",
        "applet",
    ]
)
"""Elements whose content is no text of the page."""

_LIKELY_TAGS = frozenset({"nav", "footer", "menu", "search"})
_LIKELY_ROLES = frozenset(
    [
        "navigation",
        "contentinfo",
        "banner",
        "search",
        "menu",
        "menubar",
        "dialog",
        "alertdialog",
        "alert",
        "toolbar",
        "tooltip",
        "tree",
        "listbox",
        "complementary",
        "status",
        "log",
        "marquee",
        "timer",
    ]
)

# Parts of class and id names, split at case changes and punctuation.
_LIKELY_WORDS = frozenset(
    [
        "nav",
        "navbar",
        "navigation",
        "navi",
        "footer",
        "breadcrumb",
        "breadcrumbs",
        "menu",
        "submenu",
        "megamenu",
        "sidebar",
        "sidenav",
        "topbar",
        "offcanvas",
        "pagination",
        "pager",
        "share",
        "sharing",
        "sharer",
        "social",
        "socials",
        "related",
        "recommended",
        "newsletter",
        "subscribe",
        "subscription",
        "signup",
        "signin",
        "login",
        "comments",
        "disqus",
        "feedback",
        "rating",
        "survey",
        "popup",
        "modal",
        "lightbox",
        "toast",
        "snackbar",
        "tooltip",
        "advert",
        "advertisement",
        "adsense",
        "promo",
        "promotion",
        "cta",
        "skip",
        "skiplink",
        "appstore",
        "playstore",
        "language",
        "languages",
        "lang",
        "locale",
        "toc",
        "minitoc",
        "masthead",
        "intercom",
        "zendesk",
        "chat",
        "chatbot",
        "widget",
        "cookiebar",
        "cookiebanner",
    ]
)
_CONSENT = re.compile(
    r"cookie[-_ ]?(?:banner|consent|notice|bar|popup|modal|alert|law|message|overlay|dialog|disclaimer|"
    r"warning|info\b|prompt|layer|wall|hint|bot)|consent[-_ ]?(?:banner|manager|popup|modal|bar|overlay|"
    r"dialog|layer|prompt|sdk)|gdpr[-_ ]?(?:banner|popup|modal|bar|consent|cookie|overlay)|"
    r"onetrust|optanon|ot-sdk|cybotcookie|didomi|usercentrics|uc-banner|qc-cmp|truste-|trustarc|cky-|"
    r"cmplz|iubenda-cs|osano-cm|termly-|tarteaucitron|sp_message|borlabs|klaro|axeptio|cc-window|cc-banner|"
    r"hs-eu-cookie|pc__banner|cmp-?container|cmpbox|fc-consent|evidon|cookiefirst|moove-gdpr|"
    r"privacy-?(?:banner|popup|manager|center-modal)",
    re.I,
)
_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ROOTS = frozenset({"html", "body", "main", "article"})


def suspect(tag: str, attributes: Mapping[str, str | None]) -> Suspect:
    """What the element's own tag and attributes say of it, without a look inside."""
    if tag in _ROOTS:
        return Suspect.NO
    names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
    if _CONSENT.search(names):
        return Suspect.CONSENT
    if tag in _LIKELY_TAGS or (attributes.get("role") or "").lower() in _LIKELY_ROLES:
        return Suspect.LIKELY
    if len(names) > 1 and any(w.lower() in _LIKELY_WORDS for w in _SPLIT.split(names)):
        return Suspect.LIKELY
    if "hidden" in attributes or _UNSHOWN.search(attributes.get("style") or ""):
        return Suspect.HIDDEN
    return Suspect.NO
