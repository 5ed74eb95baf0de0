"""`clausewatch add`: the trial of a page before it is watched, and the policy pages of a site."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from storage.records import PolicyKind
from tests.cli.command import SETTINGS, Command
from tests.site import Site, page, served
from tests.watches import BASE, changed
from watcher import trial
from watcher.discover import hubs, leads
from watcher.kinds import kind_of_words

TERMS = (
    "Terms of service of the Lantern Shop, last updated on 4 March 2024, for everyone who orders from us.",
    "These terms govern your use of the shop; by placing an order you agree to be bound by them.",
    "You must be at least 18 years old to enter into a contract with us and to open an account.",
    "Our liability is limited to the price you paid, except where the law does not allow such a limit.",
    "These terms are governed by the laws of Ireland, and its courts have jurisdiction over any dispute.",
    "We may terminate your account if you breach these terms; you may close it at any time yourself.",
    "We may change these terms with thirty days' notice; continued use means that you accept them.",
)


@pytest.fixture
def clausewatch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setattr(trial, "PAUSE_S", 0.01)
    return Command(tmp_path, dict(SETTINGS))


def home(*links: tuple[str, str]) -> bytes:
    anchors = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<!doctype html><title>Lantern Shop</title><h1>Lanterns</h1><ul>{anchors}</ul>".encode()


def watched(clausewatch: Command) -> list[str]:
    lines = clausewatch("list").out.splitlines()[1:]
    return sorted(line.split()[0] for line in lines)


def test_add_reads_twice_and_shows_what_it_sees(clausewatch: Command) -> None:
    """Title, language, stated date, sections, words and what was left out stand before the watch begins."""
    with served(Site({"/privacy": BASE})) as site:
        done = clausewatch("add", site.url("/privacy"), "--id", "lantern")
        assert done.code == 0, done.err
        assert site.hits["/privacy"] == 2
    for shown in ("Privacy notice", "updated 2024-02-03", "sections", "words", "left out", "the same"):
        assert shown in done.err, shown
    assert "watching: " not in done.err
    assert "watching lantern" in done.out.replace(":", "")
    assert watched(clausewatch) == ["lantern"]


def test_page_that_does_not_read_the_same_twice_is_refused(clausewatch: Command) -> None:
    """A counter inside a paragraph is shown and refused, exit code 1; ``--force`` watches it all the same."""
    visits = count(1234)

    def counted():  # type: ignore[no-untyped-def]
        said = (
            f"This notice was read by {next(visits)} people who order from the Lantern Shop, thank you all."
        )
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page(changed(BASE[1], said))

    with served(Site({"/privacy": counted})) as site:
        done = clausewatch("add", site.url("/privacy"), "--id", "lantern")
        assert done.code == 1
        assert "2 clauses differ" in done.err
        assert "was read by 1234 people" in done.err
        assert "not watched" in done.err
        assert "--force" in done.err
        assert clausewatch("list").out.count("lantern") == 0
        assert clausewatch("add", site.url("/privacy"), "--id", "lantern", "--force").code == 0
    assert watched(clausewatch) == ["lantern"]


@pytest.mark.parametrize(
    "answer",
    [
        (404, {"Content-Type": "text/html"}, b"<title>Not found</title><h1>Not found</h1>"),
        (200, {"Content-Type": "text/html"}, b"<title>Log in</title><form><input type=password></form>"),
        (200, {"Content-Type": "text/html"}, b""),
    ],
    ids=["404", "login", "empty"],
)
def test_page_that_is_no_policy_is_refused(clausewatch: Command, answer: object) -> None:
    """What it is instead is said in one line."""
    with served(Site({"/privacy": lambda: answer})) as site:
        done = clausewatch("add", site.url("/privacy"))
    assert done.code == 1
    assert "not watched" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("privacy", "terms"),
    [
        ("Privacy Policy", "Terms of Service"),
        ("Datenschutzerklärung", "Nutzungsbedingungen"),
        ("Politique de confidentialité", "Conditions générales"),
        ("Política de privacidad", "Términos y condiciones"),
        ("Informativa sulla privacy", "Condizioni d'uso"),
        ("Privacyverklaring", "Algemene voorwaarden"),
        ("Polityka prywatności", "Regulamin"),
        ("Integritetspolicy", "Användarvillkor"),
        ("Tietosuojaseloste", "Käyttöehdot"),
        ("プライバシーポリシー", "利用規約"),
        ("개인정보 처리방침", "이용약관"),
        ("Политика конфиденциальности", "Условия использования"),
    ],
)
def test_link_words_of_many_languages_name_a_kind(privacy: str, terms: str) -> None:
    """The words of a link say what it leads to, whatever its address is."""
    assert kind_of_words(privacy) is PolicyKind.PRIVACY
    assert kind_of_words(terms) is PolicyKind.TERMS
    found = leads(home(("/a", privacy), ("/b", terms), ("/c", "Lanterns")).decode(), "https://shop.example/")
    assert {lead.url[-2:]: lead.kind for lead in found} == {"/a": PolicyKind.PRIVACY, "/b": PolicyKind.TERMS}


@pytest.mark.parametrize("text", ["Lanterns", "Bedrijfsgegevens", "Contact", "About us", "Terminal lamps"])
def test_other_links_name_no_kind(text: str) -> None:
    """What is no policy's name is none."""
    assert kind_of_words(text) is PolicyKind.OTHER


@pytest.mark.parametrize("text", ["Legal", "Rechtliches", "Mentions légales", "Aviso legal", "法的情報"])
def test_pages_that_gather_policies_are_hubs(text: str) -> None:
    """So are links into other sites not."""
    html = home(("/x", text), ("https://elsewhere.example/legal", text)).decode()
    assert hubs(html, "https://shop.example/") == ("https://shop.example/x",)


@pytest.mark.parametrize(
    "pages",
    [
        {"/": home(("/p/1", "Datenschutz"), ("/p/2", "AGB"), ("/p/3", "Lampen")), "/p/1": BASE, "/p/2": TERMS},
        {"/": home(("/company/legal", "Legal")),
         "/company/legal": home(("/p/1", "Privacy notice"), ("/p/2", "Terms of use")), "/p/1": BASE, "/p/2": TERMS},
        {"/": home(("/lamps", "Lamps")), "/legal": home(("/p/1", "Privacy"), ("/p/2", "Terms")), "/p/1": BASE,
         "/p/2": TERMS},
        {"/": home(("/lamps", "Lamps")), "/privacy-policy": BASE, "/terms": TERMS},
    ],
    ids=["link words", "a hub", "a hub at a usual place", "usual places"],
)  # fmt: skip
def test_site_leads_to_its_policies(clausewatch: Command, pages: dict[str, Sequence[str] | bytes]) -> None:
    """`add SITE` finds the policy pages and watches them."""
    with served(Site(dict(pages))) as site:
        done = clausewatch("add", site.url("/"))
    assert done.code == 0, done.err
    assert done.out.count("watching: ") + done.out.count("watching ") == 2, done.out
    assert len(watched(clausewatch)) == 2


def test_site_without_policies_says_so(clausewatch: Command) -> None:
    """One line that tells what to do; a site that does not answer is named."""
    with served(Site({"/": home(("/lamps", "Lamps"))})) as site:
        done = clausewatch("add", site.url("/"))
    assert done.code == 1
    assert "no policy pages found; name one" in done.says_one_line()
    gone = clausewatch("add", "http://127.0.0.1:9/")
    assert gone.code == 1
    assert "127.0.0.1:9" in gone.says_one_line()
