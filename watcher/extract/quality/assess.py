"""The reading of one capture: the policy, or what stands in its place.

The text decides first. A text that reads as a policy is one, whatever words for logins, captchas or cookies it
contains; only what the server itself says (a challenge header, a status) and a heading that says nothing but
"page not found" weigh more. Where the text is no policy, what the page says and carries names what it is.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from storage.records import Capture, ClauseKind, Document, Quality, Reading
from watcher.extract.quality import places, signs
from watcher.extract.quality.marks import PageMarks
from watcher.extract.quality.names import names_a_policy
from watcher.extract.quality.places import Place
from watcher.extract.quality.signs import Sign
from watcher.extract.quality.weigh import Weight, weigh

# A text of this much policy prose is one whatever it is called; a shorter one must bear a policy's name.
ENOUGH_POLICY_WORDS = 120
ENOUGH_DENSITY = 0.3
ENOUGH_CONCEPTS = 7
NAMED_POLICY_WORDS = 12
LONG_PROSE = 500
LONG_DENSITY = 0.08

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
    named = _named(document, marks)
    score = _score(weight, named)
    refused = (
        _refused_by_server(capture)
        or _says_not_found(document, marks, weight)
        or (
            None
            if _reads_as_policy(weight, named, document, marks)
            else _what_else(document, marks, capture, weight)
        )
        or _came_from_elsewhere(capture, named)
    )
    if refused is None:
        return Quality(Reading.POLICY, "", score)
    return Quality(refused[0], refused[1], min(score, 0.49))


def _score(weight: Weight, named: bool) -> float:
    amount = min(1.0, weight.policy / 300)
    share = min(1.0, weight.density / 0.6)
    breadth = min(1.0, len(weight.concepts) / 8)
    return round(min(1.0, 0.4 * amount + 0.25 * share + 0.25 * breadth + 0.1 * named), 3)


def _reads_as_policy(weight: Weight, named: bool, document: Document, marks: PageMarks | None) -> bool:
    concepts = len(weight.concepts)
    if weight.policy >= ENOUGH_POLICY_WORDS and (
        weight.density >= ENOUGH_DENSITY or concepts >= ENOUGH_CONCEPTS
    ):
        return named or concepts >= 3
    if named and weight.policy >= NAMED_POLICY_WORDS and weight.density >= ENOUGH_DENSITY:
        return concepts >= 2
    rows = sum(c.kind is ClauseKind.ROW for c in document.clauses)
    if named and rows >= 3 and weight.words >= 20:
        return True
    return named and weight.prose >= LONG_PROSE and weight.density >= LONG_DENSITY


def _named(document: Document, marks: PageMarks | None) -> bool:
    headings = [c.text for c in document.clauses[:12] if c.kind is ClauseKind.HEADING]
    titles = [document.title, *headings, marks.title if marks else ""]
    return any(names_a_policy(title) for title in titles)


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


def _says_not_found(
    document: Document, marks: PageMarks | None, weight: Weight
) -> tuple[Reading, str] | None:
    if weight.policy >= 600 and len(weight.concepts) >= ENOUGH_CONCEPTS:
        return None
    lines = [document.title, *(c.text for c in document.clauses if len(c.text) <= 120)]
    if marks:
        lines += [marks.title, *marks.headings]
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


def _what_else(
    document: Document, marks: PageMarks | None, capture: Capture, weight: Weight
) -> tuple[Reading, str]:
    """What a page is that holds no policy."""
    page = marks or PageMarks()
    place = places.place_of(capture.url, capture.final_url)
    if place in _PLACES:
        reading, reason = _PLACES[place]
        return reading, f"{reason} ({capture.final_url[:120]})"
    said = _said(document, page)
    small = page.text_length < 6000 and weight.prose < 400
    if page.refresh and page.text_length < 1500:
        return Reading.MISSING, f"the page only forwards elsewhere ({page.refresh[:120]})"
    if page.vendors and small:
        return Reading.BLOCKED, f"{Sign.BOT_WALL}: {page.vendors[0]}"
    for sign in (Sign.RATE_LIMIT, Sign.REGION, Sign.BOT_WALL, Sign.PARKED):
        if small and signs.PHRASES[sign].search(said):
            return _READING[sign], sign.value
    if page.password_fields and signs.PHRASES[Sign.LOGIN].search(said):
        return Reading.BLOCKED, Sign.LOGIN.value
    for sign in (Sign.CONSENT, Sign.MAINTENANCE, Sign.LOGIN, Sign.BROWSER):
        if small and signs.PHRASES[sign].search(said):
            return _READING[sign], sign.value
    if page.scripts and page.text_length < 1000:
        return Reading.UNREADABLE, Sign.SCRIPT.value
    if not weight.words and page.text_length < 200:
        return Reading.UNREADABLE, "empty page"
    if weight.prose < 40:
        return Reading.UNREADABLE, "no policy text in the page (menus, titles and links only)"
    return Reading.UNREADABLE, "another kind of page (no policy text: home, marketing, help or listing)"


def _said(document: Document, page: PageMarks) -> str:
    pieces = [page.title, document.title, *page.headings[:10], page.text[:4000], page.noscript[:400]]
    if not page.text:
        pieces += [c.text[:300] for c in document.clauses[:60]]
    return "\n".join(pieces).lower()
