"""The reading of one capture: the policy, or what stands in its place.

The text decides first. A text that reads as a policy is one, whatever words for logins, captchas or cookies it
contains; only what the server itself says (a challenge header, a status) and a heading that says nothing but
"page not found" weigh more. Where the text is no policy, what the page says and carries names what it is.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from storage.records import Capture, ClauseKind, Document, Quality, Reading, plain
from watcher.extract.quality import places, signs
from watcher.extract.quality.marks import PageMarks
from watcher.extract.quality.names import names_a_list, names_a_policy
from watcher.extract.quality.places import Place
from watcher.extract.quality.signs import Sign
from watcher.extract.quality.weigh import Weight, weigh

# How much policy prose makes a policy. Fitted on half of 2,000 public policy texts of all kinds and on marketing,
# help and home pages found in their place; see benchmarks/not_the_policy.py.
ENOUGH_WORDS = 120  # policy words; a shorter text must bear a policy's name
DENSE, MIXED, THIN = 0.45, 0.3, 0.15  # shares of the prose that speak of a policy's matters
HOME_DENSE = 0.6  # asked of a page that gives the home page as its own address
SHORT_WORDS = 60  # below this, "by continuing you agree to our terms" on a login page weighs as much
_ERROR_CLAUSES = 1_000  # an error page says that it is one before so many
NAMED_WORDS = 12  # the shortest policy: a sentence or two under its name
LIST_ENTRIES, LIST_WORDS = 3, 20  # a list of subprocessors, cookies or prices under its name
TORN_WORDS, TORN_CONCEPTS = 1000, 14
LONG_PROSE, LONG_SHARE = 250, 0.05  # a text under a policy's name, whatever its vocabulary

_READING = {
    Sign.BOT_WALL: Reading.BLOCKED,
    Sign.RATE_LIMIT: Reading.BLOCKED,
    Sign.REGION: Reading.BLOCKED,
    Sign.LOGIN: Reading.BLOCKED,
    Sign.CONSENT: Reading.BLOCKED,
    Sign.NOT_FOUND: Reading.MISSING,
    Sign.PARKED: Reading.MISSING,
    Sign.MAINTENANCE: Reading.UNREADABLE,
    Sign.SCRIPT: Reading.UNREADABLE,
    Sign.BROWSER: Reading.UNREADABLE,
}
_IN_ORDER = (
    Sign.RATE_LIMIT,
    Sign.REGION,
    Sign.BOT_WALL,
    Sign.PARKED,
    Sign.CONSENT,
    Sign.MAINTENANCE,
    Sign.BROWSER,
    Sign.LOGIN,
)
# Said anywhere on a small page; the others are in every site's header or script and count only at the top.
_TOLD = {
    Sign.RATE_LIMIT,
    Sign.REGION,
    Sign.BOT_WALL,
    Sign.PARKED,
    Sign.CONSENT,
    Sign.MAINTENANCE,
    Sign.BROWSER,
}
# Headings of the banners that stand above policies and home pages alike.
_BANNER = re.compile(
    r"\b(?:we|your|nous|wir|votre|ihre)\b.{0,40}\b(?:value|respect|care|choices|matters|privacy|vie privée|privatsphäre)"
    r"|cookie.{0,12}(?:settings|preferences|consent|einstellungen)|(?:paramètres|gestion|préférences).{0,12}cookies"
    r"|privacy (?:preference|settings|choices)|this (?:site|website) uses|uses cookies|utilise des cookies|verwendet cookies"
)
_BUTTON = re.compile(
    r"(?:i )?(?:accept|agree|allow|reject|refuse|decline|deny|manage|customi[sz]e|save)\b"
    r"|(?:tout )?(?:accepter|refuser|autoriser)|paramétrer|personnaliser|continuer sans"
    r"|(?:alle[sn]? )?(?:akzeptieren|ablehnen|zulassen|annehmen|erlauben)|zustimmen|einstellungen|auswahl"
    r"|(?:aceptar|rechazar|configurar|permitir|accetta|rifiuta|personalizza|consenti|aceitar|rejeitar|recusar|gerir)\b"
    r"|(?:alles )?(?:accepteren|weigeren|afwijzen)|akkoord|akceptuj|zaakceptuj|odrzuć|godkänn|acceptera|avvisa"
    r"|tillad|afvis|accepter|godta|avvis|hyväksy|hylkää|přijmout|odmítnout|souhlasím|принять|отклонить|同意|接受|拒否|동의"
)
_DIALOG_CONCEPTS = {
    "cookies",
    "consent",
    "privacy",
    "personal data",
    "third parties",
    "processing",
    "agreement",
}
_PLACES = {
    Place.HOME: (Reading.MISSING, "redirected to the home page"),
    Place.OTHER_SITE: (Reading.MISSING, "redirected to another site"),
    Place.LOGIN: (Reading.BLOCKED, "redirected to a login page"),
    Place.CONSENT: (Reading.BLOCKED, "redirected to a consent page"),
    Place.NOT_FOUND: (Reading.MISSING, "redirected to an error page"),
    Place.REGION: (Reading.BLOCKED, "redirected to a region block"),
    Place.CHALLENGE: (Reading.BLOCKED, "redirected to a bot wall"),
}


def assess(document: Document, marks: PageMarks | None, capture: Capture) -> Quality:
    """Whether a capture is the policy, and if not, what it is.

    ``marks`` is None for bodies that are no HTML. The score is 0–1: how much the text looks like a policy,
    whatever the reading. ``reason`` is one line for people, "" where it reads as a policy. Never raises.
    """
    weight = weigh(document.clauses)
    page = marks or PageMarks()
    named = _named(document, page)
    score = _score(weight, named)
    refused = _refused_by_server(capture) or _says_not_found(document, page, weight)
    if refused is None:
        if _reads_as_policy(weight, named, document, page):
            refused = _came_from_elsewhere(capture, named)
        else:
            refused = _what_else(document, page, capture, weight)
    if refused is None:
        return Quality(Reading.POLICY, "", score)
    return Quality(refused[0], plain(refused[1]), min(score, 0.49))


def _score(weight: Weight, named: bool) -> float:
    amount = min(1.0, weight.policy / 300)
    share = min(1.0, weight.density / 0.6)
    breadth = min(1.0, len(weight.concepts) / 8)
    return round(min(1.0, 0.4 * amount + 0.25 * share + 0.25 * breadth + 0.1 * named), 3)


def _reads_as_policy(weight: Weight, named: bool, document: Document, page: PageMarks) -> bool:
    concepts, share = len(weight.concepts), weight.density
    if not _titled(document, page) and _is_consent_dialog(document, weight):
        return False
    home = places.is_home(page.canonical) or places.is_home(page.og_url)
    if weight.policy >= ENOUGH_WORDS:
        if share >= (HOME_DENSE if home else DENSE) and (named or concepts >= (3 if home else 1)):
            return True
        if share >= MIXED and (named or (concepts >= 5 and not home)):
            return True
        if not home and (
            (share >= THIN and concepts >= 10) or (share >= HOME_DENSE and weight.policy >= LONG_PROSE)
        ):
            return True
    if named and weight.policy >= NAMED_WORDS and share >= MIXED:
        return weight.policy >= SHORT_WORDS or not _stands_before(document, page)
    if named and weight.prose >= 100 and share >= THIN:
        return True
    if any(map(names_a_list, (document.title, page.title))):
        entries = sum(c.kind in (ClauseKind.ROW, ClauseKind.ITEM) and " " in c.text for c in document.clauses)
        if entries >= LIST_ENTRIES and weight.words >= LIST_WORDS:
            return True
    if named and weight.prose >= LONG_PROSE and share >= LONG_SHARE:
        return True
    # Text torn into short lines (a PDF, a page built of spans) shows its matters only as a whole.
    return weight.words >= TORN_WORDS and len(weight.concepts_anywhere) >= TORN_CONCEPTS and not home


def _stands_before(document: Document, page: PageMarks) -> bool:
    """Whether a short text has the look of a page that stands before the policy: a form, a wall, an error."""
    top = _without_banner(_top(document, page))
    return bool(page.password_fields) or any(signs.PHRASES[sign].search(top) for sign in _IN_ORDER)


def _is_consent_dialog(document: Document, weight: Weight) -> bool:
    """Whether the text is that of a cookie dialog, long as such dialogs can be: its greeting, its buttons, and
    nothing beyond cookies, consent and personal data."""
    if len(weight.concepts - _DIALOG_CONCEPTS) >= 4:
        return False
    headings = [c.text for c in document.clauses[:20] if c.kind is ClauseKind.HEADING]
    greeted = any(_BANNER.search(line.lower()) for line in (document.title, *headings))
    return greeted and any(len(c.text) <= 40 and _BUTTON.match(c.text.lower()) for c in document.clauses)


def _titled(document: Document, page: PageMarks) -> bool:
    """Whether the page's title or first heading is that of a policy."""
    return names_a_policy(page.title) or (
        names_a_policy(document.title) and not _BANNER.search(document.title.lower())
    )


def _named(document: Document, page: PageMarks) -> bool:
    """Whether the page calls itself a policy: by title, by a heading at its top, by its own address."""
    headings = [c.text for c in document.clauses[:12] if c.kind is ClauseKind.HEADING and " " in c.text]
    headings += [c.text for c in document.clauses[:2] if len(c.text) <= 80 and c.kind is ClauseKind.PARAGRAPH]
    own = page.canonical or page.og_url
    return (
        _titled(document, page)
        or any(names_a_policy(line) and not _BANNER.search(line.lower()) for line in headings)
        or (bool(own) and places.names_policy(own))
    )


def _refused_by_server(capture: Capture) -> tuple[Reading, str] | None:
    vendor = signs.challenge_vendor(capture.headers)
    if vendor:
        return Reading.BLOCKED, f"{Sign.BOT_WALL}: {vendor}"
    status = capture.status
    if status in (404, 410):
        return Reading.MISSING, f"the server says the page does not exist (HTTP {status})"
    if status in (401, 407):
        return Reading.BLOCKED, f"login required (HTTP {status})"
    if status in (429, 420):
        return Reading.BLOCKED, f"{Sign.RATE_LIMIT}, HTTP {status}"
    if status == 451:
        return Reading.BLOCKED, "unavailable for legal reasons (HTTP 451)"
    if status in (403, 405, 406, 418):
        vendor = signs.guard_vendor(capture.headers)
        return Reading.BLOCKED, f"access refused (HTTP {status}{', ' + vendor if vendor else ''})"
    if 300 <= status < 400:
        return Reading.MISSING, f"redirects elsewhere (HTTP {status})"
    if status >= 400:
        return Reading.UNREADABLE, f"error page (HTTP {status})"
    return None


def _says_not_found(document: Document, page: PageMarks, weight: Weight) -> tuple[Reading, str] | None:
    if weight.policy >= 600:
        return None
    short = weight.policy < ENOUGH_WORDS
    lines = [page.title, document.title, *page.headings]
    lines += [c.text for c in document.clauses[:_ERROR_CLAUSES] if short or c.level]
    for line in lines:
        if 3 <= len(line) <= 120 and signs.NOT_FOUND_HEADING.match(line.lower()):
            return Reading.MISSING, f"{Sign.NOT_FOUND}: “{line[:80]}”"
    return None


def _came_from_elsewhere(capture: Capture, named: bool) -> tuple[Reading, str] | None:
    place = places.place_of(capture.url, capture.final_url)
    if place is Place.OTHER_SITE:
        asked, got = urlsplit(capture.url).hostname or "", urlsplit(capture.final_url).hostname or ""
        same_brand = places.brand_of(asked) == places.brand_of(got)
        if not (same_brand or (named and places.names_policy(capture.final_url))):
            return Reading.MISSING, f"redirected to another site ({got})"
    return None


def _what_else(document: Document, page: PageMarks, capture: Capture, weight: Weight) -> tuple[Reading, str]:
    """What a page is that holds no policy."""
    place = places.place_of(capture.url, capture.final_url)
    if place in _PLACES:
        reading, reason = _PLACES[place]
        return reading, f"{reason} ({capture.final_url[:120]})"
    if page.refresh and page.text_length < 1500:
        return Reading.MISSING, f"the page only forwards elsewhere ({page.refresh[:120]})"
    if not _titled(document, page) and _is_consent_dialog(document, weight):
        return Reading.BLOCKED, Sign.CONSENT.value
    said, top = _said(document, page), _top(document, page)
    small = page.text_length < 6000 and weight.prose < 400
    if page.vendors and small:
        return Reading.BLOCKED, f"{Sign.BOT_WALL}: {page.vendors[0]}"
    if weight.prose >= 40:  # the reader left the banner out, and there is a page behind it
        top = _without_banner(top)
    for sign in _IN_ORDER:
        if sign is Sign.CONSENT and weight.prose >= 40:
            said = _own(document)
        if signs.PHRASES[sign].search(top) or (small and sign in _TOLD and signs.PHRASES[sign].search(said)):
            return _READING[sign], sign.value
    if page.password_fields and small and signs.PHRASES[Sign.LOGIN].search(said) and weight.prose < 120:
        return Reading.BLOCKED, Sign.LOGIN.value
    if not weight.words and page.text_length < 20 and not page.scripts:
        return Reading.UNREADABLE, "empty page"
    if page.scripts and (page.text_length < 400 or (page.app_root and page.text_length < 1000)):
        return Reading.UNREADABLE, Sign.SCRIPT.value
    if weight.prose < 40:
        return Reading.UNREADABLE, "no policy text in the page (menus, titles and links only)"
    if places.is_home(page.canonical) or places.is_home(page.og_url):
        return Reading.UNREADABLE, "the site's home page in place of the policy"
    return Reading.UNREADABLE, "another kind of page in place of the policy (marketing, help or a list)"


def _without_banner(lines: str) -> str:
    return "\n".join(line for line in lines.splitlines() if not _BANNER.search(line))


def _top(document: Document, page: PageMarks) -> str:
    """What the page puts above everything else."""
    return "\n".join((page.title, document.title, *page.headings[:3])).lower()


def _own(document: Document) -> str:
    return "\n".join((document.title, *(c.text[:300] for c in document.clauses[:60]))).lower()


def _said(document: Document, page: PageMarks) -> str:
    pieces = [page.title, *page.headings[:10], page.text[:4000], page.noscript[:400]]
    return "\n".join(pieces).lower() if page.text else _own(document)
