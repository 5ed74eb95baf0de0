"""The rules behind the reading of a page, one by one: server's word, place, weight, and hostile input."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from storage.records import Capture, Clause, ClauseKind, Document, Reading
from watcher.extract.quality import assess, marks
from watcher.extract.quality.places import Place, brand_of, is_home, place_of, site_of
from watcher.extract.quality.weigh import weigh

URL = "https://www.fernhill.example/legal/privacy"
NOW = datetime(2025, 5, 1, tzinfo=UTC)
POLICY = Document(
    "Privacy policy",
    "en",
    (
        Clause("Privacy policy", kind=ClauseKind.HEADING, level=1),
        *(
            Clause(
                f"We process personal data number {n} with your consent and disclose it to no third parties."
            )
            for n in range(20)
        ),
    ),
)


def capture(status: int = 200, final: str = URL, **headers: str) -> Capture:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Capture(URL, final, status, named, b"", NOW)


@pytest.mark.parametrize(
    ("status", "reading"),
    [(200, Reading.POLICY), (203, Reading.POLICY), (301, Reading.MISSING), (401, Reading.BLOCKED),
     (403, Reading.BLOCKED), (404, Reading.MISSING), (410, Reading.MISSING), (429, Reading.BLOCKED),
     (451, Reading.BLOCKED), (500, Reading.UNREADABLE), (503, Reading.UNREADABLE)],
)  # fmt: skip
def test_status_of_the_server_decides(status: int, reading: Reading) -> None:
    """What the server says of its own answer weighs more than any text."""
    assert assess(POLICY, None, capture(status)).reading is reading


@pytest.mark.parametrize(
    "headers",
    [{"cf_mitigated": "challenge"}, {"x_vercel_mitigated": "challenge"}, {"x_amzn_waf_action": "challenge"}],
)
def test_challenge_header_beats_the_text(headers: dict[str, str]) -> None:
    """A vendor that says it sent a challenge did, whatever the page looks like."""
    quality = assess(POLICY, None, capture(**headers))
    assert (quality.reading, "bot wall" in quality.reason) == (Reading.BLOCKED, True)


def test_guard_before_a_site_is_no_block() -> None:
    """Headers that a protection vendor adds to every answer say nothing."""
    quality = assess(POLICY, None, capture(server="cloudflare", cf_ray="1", x_datadome="protected"))
    assert quality.reading is Reading.POLICY


@pytest.mark.parametrize(
    ("final", "place"),
    [
        (URL, Place.SAME),
        (URL + "/", Place.SAME),
        ("https://fernhill.example/legal/privacy", Place.SAME),
        ("https://www.fernhill.example/en/legal/privacy", Place.SAME),
        ("https://help.fernhill.example/legal/privacy?lang=en", Place.SAME),
        ("https://www.fernhill.example/", Place.HOME),
        ("https://www.fernhill.example", Place.HOME),
        ("https://www.fernhill.example/en-GB", Place.HOME),
        ("https://www.fernhill.example/us/en/", Place.HOME),
        ("https://www.fernhill.example/index.html", Place.HOME),
        ("https://www.fernhill.example/login?next=%2Flegal", Place.LOGIN),
        ("https://accounts.fernhill.example/start", Place.LOGIN),
        ("https://consent.fernhill.example/m", Place.CONSENT),
        ("https://www.fernhill.example/404", Place.NOT_FOUND),
        ("https://www.fernhill.example/unsupported-country", Place.REGION),
        ("https://www.fernhill.example/sorry/index", Place.CHALLENGE),
        ("https://oakmoor.test/legal/privacy", Place.OTHER_SITE),
        ("https://[broken", Place.SAME),
        ("", Place.SAME),
    ],
)
def test_place_an_answer_came_from(final: str, place: Place) -> None:
    """The final address names the place; a moved page of the same site is the same place."""
    assert place_of(URL, final) is place


@pytest.mark.parametrize(
    "path", ["/terms", "/cgu", "/tos/", "/legal", "/en/legal", "/?page=privacy", "/agb.html"]
)
def test_short_path_of_a_policy_is_no_home_page(path: str) -> None:
    """Short path names are not taken for languages."""
    assert not is_home("https://www.fernhill.example" + path)


def test_site_is_the_registrable_domain() -> None:
    """Public suffixes come from the bundled list; addresses and local names stand for themselves."""
    assert site_of("www.shop.fernhill.co.uk") == "fernhill.co.uk"
    assert brand_of("fernhill.com.br") == brand_of("www.fernhill.de") == "fernhill"
    assert site_of("127.0.0.1") == "127.0.0.1"
    assert site_of("localhost") == "localhost"
    assert site_of("[::1]".strip("[]")) == "::1"


def test_policy_weighs_what_advertising_does_not() -> None:
    """The share of prose on a policy's matters tells the two apart."""
    advert = [Clause("Our growers choose every rose by hand and bring it to your door in three days.")] * 20
    assert weigh(POLICY.clauses).density > 0.9
    assert weigh(advert).density < 0.1


def test_long_documents_are_weighed_by_a_sample() -> None:
    """A hundred times the clauses weigh like one and cost no more words than the sample."""
    many = weigh(POLICY.clauses * 100)
    assert many.words < 6000
    assert many.concepts == weigh(POLICY.clauses).concepts


def test_marks_leave_the_tree_as_it_was() -> None:
    """The reader finds the tree untouched."""
    tree = LexborHTMLParser("<body><noscript>x</noscript><script>1</script><h1>Terms</h1><form>a</form>")
    before = tree.html
    marks(tree)
    assert tree.html == before


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=80), st.integers(0, 999))
def test_any_page_gets_a_reading(body: str, title: str, address: str, status: int) -> None:
    """No page, address or status makes it raise; the score stays within 0 and 1 and the reason on one line."""
    page = marks(LexborHTMLParser(f"<title>{title}</title><meta http-equiv=refresh content='{title}'>{body}"))
    document = Document(title, "", (Clause(" ".join(body.split())),))
    quality = assess(document, page, Capture(address, address[::-1], status, {title: body}, b"", NOW))
    assert 0 <= quality.score <= 1
    assert len(quality.reason.splitlines()) <= 1
