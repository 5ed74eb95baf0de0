"""What marks a part of a page as furniture: menus, footers, consent dialogs, share and feedback widgets.

Marks are suspicions, not verdicts: pages put their whole policy inside ``<form>``, ``class="modal"`` or
``<footer>``, so `watcher.extract.region` drops a suspect only where little of the page's prose stands in it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import lru_cache

from watcher.extract.vocabulary import words


class Suspect(enum.IntEnum):
    """How sure a mark is: what a marked part may hold and still be dropped differs (see `region`)."""

    NO = 0
    WEAK = 1  # a telling word in a class name: dropped only where no prose stands in it
    LIKELY = 2  # nav, footer, dialogs
    CONSENT = 3  # cookie banners and preference centres: long, and never the policy
    HIDDEN = 4  # not shown until asked for: closed accordions and tabs are too


# Members as plain names: in Python 3.11 each `Suspect.NO` is a look-up of a third of a microsecond, and these
# are asked for at every element.
NO, WEAK, LIKELY, CONSENT, HIDDEN = Suspect

MAY_HOLD = {WEAK: 0.35, LIKELY: 0.35, CONSENT: 0.9, HIDDEN: 0.0}
"""Share of the page's prose up to which a suspect part is dropped."""

NEVER_READ = words(
    "script style noscript template svg math iframe object embed canvas video audio select datalist option "
    "input textarea progress meter map area head title meta link base img picture source track param frame "
    "frameset applet"
)
"""Elements whose content is no text of the page."""

_LIKELY_TAGS = words("nav footer menu search")
_LIKELY_ROLES = words(
    "navigation contentinfo banner search menu menubar dialog alertdialog alert toolbar tooltip tree "
    "listbox complementary status log marquee timer"
)

# Parts of class and id names, split at case changes and punctuation.
_LIKELY_WORDS = words(
    "nav navbar navigation navi footer breadcrumb breadcrumbs menu submenu megamenu sidebar sidenav topbar "
    "offcanvas pagination pager newsletter skiplink masthead intercom zendesk disqus cookiebar cookiebanner "
    "modal popup lightbox toast snackbar"
)
_WEAK_WORDS = words(
    "share sharing sharer social socials related recommended subscribe subscription signup signin login "
    "comments feedback rating ratings survey tooltip advert advertisement "
    "adsense promo promotion cta skip appstore playstore language languages lang locale toc minitoc chat "
    "chatbot header help search btn button buttons"
)
# Of names in lower case: the makers of consent dialogs, and what a dialog of one's own is called.
_CONSENT_MAKERS = tuple(
    "onetrust optanon ot-sdk cybotcookie didomi usercentrics uc-banner qc-cmp truste- trustarc cmplz iubenda-cs "
    "osano-cm termly- tarteaucitron sp_message borlabs klaro axeptio cc-window cc-banner hs-eu-cookie pc__banner "
    "cmp-container cmpcontainer cmpbox fc-consent evidon cookiefirst moove-gdpr".split()
)
_CONSENT_STEMS = ("cookie", "consent", "gdpr", "privacy", "cky-")
_CONSENT = re.compile(
    r"cookies?[-_ ]?(?:banner|consent|notice|notification|bar|popup|modal|alert|law|message|overlay|dialog|disclaimer|"
    r"warning|info\b|tips?\b|prompt|layer|wall|hint|bot)|consent[-_ ]?(?:banner|manager|popup|modal|bar|overlay|"
    r"dialog|layer|prompt|sdk)|gdpr[-_ ]?(?:banner|popup|modal|bar|consent|cookie|overlay)|\bcky-|"
    r"privacy-?(?:banner|popup|manager|center-modal)"
)
_SPLIT = re.compile(r"[^a-z]+")
_CASES = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BESIDE = re.compile(r"(?:with|has|no|without|hide|hides|below|after|under)[-_]+[a-z]+", re.I)
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_UNSEEN_STEMS = ("hidden", "sr-only", "screen")
_UNSEEN = re.compile(r"\b(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|visuallyhidden|a11y-hidden)\b")
_TAGS = {"nav": LIKELY, "footer": LIKELY, "menu": LIKELY, "aside": WEAK, "form": LIKELY}
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_TEXT_TAGS = _HEADINGS | words("button summary td th dt dd caption")
_OPENER = re.compile(r"accordion|collaps|toggle|expand|faq|panel|\btab", re.I)
_NAMES = 600  # characters of an element's names that are looked at
_ROOTS = words("html body main article")


def suspect(tag: str, attributes: Mapping[str, str | None]) -> Suspect:
    """What the element's own tag and attributes say of it, without a look inside."""
    if not attributes or tag in _ROOTS:
        return _TAGS.get(tag, NO)
    classes = attributes.get("class") or ""
    names = classes if _slugged(tag, classes) else f"{attributes.get('id') or ''} {classes}"
    mark = named(names[:_NAMES]) if len(names) > 1 else NO
    if mark is CONSENT:
        return mark
    role = attributes.get("role")
    if tag in _LIKELY_TAGS or (role and role.lower() in _LIKELY_ROLES):
        return LIKELY
    if mark is WEAK and (tag in _TEXT_TAGS or "aria-expanded" in attributes or opens(names)):
        mark = NO
    mark = mark or _TAGS.get(tag, NO)
    style = attributes.get("style")
    if mark is NO and ("hidden" in attributes or (style and _UNSHOWN.search(style))):
        return HIDDEN
    return mark


def _slugged(tag: str, classes: str) -> bool:
    """Whether an id is made of the words of a heading, for links to it: "newsletter", "cookie-notice"."""
    return tag in _HEADINGS or (tag == "section" and not classes)


@lru_cache(maxsize=8192)
def opens(names: str) -> bool:
    """Whether class names say that an element is, or opens, a part that is closed at first."""
    return _OPENER.search(names) is not None


@lru_cache(maxsize=8192)
def named(names: str) -> Suspect:
    """What the names (id and classes) given to an element say of it."""
    lower = names.lower()
    if _any_in(_CONSENT_MAKERS, lower) or (_any_in(_CONSENT_STEMS, lower) and _CONSENT.search(lower)):
        return CONSENT
    if unseen(names):
        return LIKELY
    mark = _said(names)
    # What a name says stands beside the element ("with-sidebar") is none of it.
    return _said(_BESIDE.sub("", names)) if mark is not NO else NO


def _said(names: str) -> Suspect:
    parts = _SPLIT.split(names if names.islower() else _CASES.sub("-", names).lower())
    if not _LIKELY_WORDS.isdisjoint(parts):
        return LIKELY
    return NO if _WEAK_WORDS.isdisjoint(parts) else WEAK


@lru_cache(maxsize=8192)
def unseen(names: str) -> bool:
    """Whether class names say that an inline text is for screen readers only."""
    lower = names.lower()
    return _any_in(_UNSEEN_STEMS, lower) and _UNSEEN.search(lower) is not None


def _any_in(stems: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, stems))
