"""Whole pages: what is read of them stands beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.reading import capture, written
from watcher.extract import read

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("name", sorted(p.stem for p in PAGES.glob("*.txt")))
def test_a_page_reads_as_written_beside_it(name: str) -> None:
    """Sections, numbering, tables and closed parts are read; menus, footers and controls are not."""
    page = (PAGES / f"{name}.html").read_bytes()
    assert written(read(capture(page))) == (PAGES / f"{name}.txt").read_text()


def test_a_new_template_reads_the_same() -> None:
    """Another template, other entities, hidden addresses and other furniture leave every clause as it was."""
    before = read(capture((PAGES / "plain_template.html").read_bytes()))
    after = read(capture((PAGES / "other_template.html").read_bytes()))
    assert [c.text for c in after.clauses] == [c.text for c in before.clauses]
    assert after.digest == before.digest
    assert after.title == before.title


def test_a_changed_word_is_seen() -> None:
    """The same page with one word of one clause changed reads differently in that clause alone."""
    page = (PAGES / "plain_template.html").read_text()
    before = read(capture(page)).clauses
    after = read(capture(page.replace("nobody else", "our advertisers"))).clauses
    assert sum(a.text != b.text for a, b in zip(before, after, strict=True)) == 1


def test_sections_name_the_headings_above() -> None:
    """A clause knows the headings it stands under, without their numbers."""
    clauses = read(capture((PAGES / "plain_template.html").read_bytes())).clauses
    assert clauses[2].section == ("What we collect",)
    assert clauses[-1].section == ("Whom we share it with",)


def test_a_selection_restricts_the_reading() -> None:
    """With a selector only what it picks is read, and all of it; one that picks nothing reads nothing."""
    page = (PAGES / "plain_template.html").read_bytes()
    assert [c.text for c in read(capture(page), select="ul ~ h2").clauses] == ["Whom we share it with"]
    nothing = read(capture(page), select=".nothing")
    assert nothing.clauses == () and "'.nothing' picks nothing" in nothing.quality.reason
    assert read(capture(page), select="[[").clauses == ()


def test_a_heading_that_links_to_itself_stays() -> None:
    """Anchors around or behind a heading change nothing, wherever the heading stands."""
    prose = "<p>We keep your personal data for as long as your account with us is open.</p>" * 3
    plainly = read(capture(f"<h2>Keeping</h2>{prose}<h2>Questions</h2><p>Write to us.</p>"))
    linked = read(
        capture(
            f'<h2><a href="#k">Keeping<span aria-hidden="true"> #</span></a></h2>{prose}'
            '<h2><a href="#q">Questions</a> <a href="#q">¶</a></h2><p>Write to us.</p>'
        )
    )
    assert [c.text for c in linked.clauses] == [c.text for c in plainly.clauses]
    assert "Questions" in [c.text for c in linked.clauses]


def test_a_heading_is_read_whatever_its_anchor_is_called() -> None:
    """Static site makers name a heading's id after its words: "newsletter" and "cookie-notice" are no widgets."""
    prose = "<p>We keep your personal data for as long as your account with us is open.</p>" * 3
    page = (
        f'<main><h2 id="newsletter">Newsletter</h2>{prose}'
        f'<h2 id="our-cookie-notice">Our cookie notice</h2>{prose}'
        f'<section id="gdpr-consent"><h2>GDPR consent</h2>{prose}</section></main>'
    )
    heads = [c.text for c in read(capture(page)).clauses if c.level]
    assert heads == ["Newsletter", "Our cookie notice", "GDPR consent"]


def test_a_form_to_sign_up_is_no_part_of_the_policy() -> None:
    """A registration form beside the policy is left out; a page that stands in one form as a whole is read."""
    prose = (
        "<p>We keep your personal data for as long as your account with us is open, and not longer.</p>" * 8
    )
    form = (
        '<form action="/join"><h2>Join and try our service</h2><label>E-mail address</label><input type="email">'
        "<p>By joining you accept what the house says about names and passwords of all kinds.</p></form>"
    )
    alone = [c.text for c in read(capture(f"<main><h1>Privacy</h1>{prose}</main>")).clauses]
    assert [c.text for c in read(capture(f"<main><h1>Privacy</h1>{prose}{form}</main>")).clauses] == alone
    inside = read(capture(f'<form id="aspnetForm"><main><h1>Privacy</h1>{prose}</main></form>'))
    assert [c.text for c in inside.clauses] == alone
