"""The redline as one page of HTML."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from storage.records import Clause, ClauseChange, Document, Materiality, Op
from tests.alert.test_redline import DOCUMENT, HOSTILE, changed, modified
from watcher.alert import redline_html
from watcher.alert.redline_lines import of_change

ATTACKS = [
    *HOSTILE,
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- --><svg/onload=alert(1)>",
    "&lt;script&gt;&#x3C;b&#x3E;",
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "javascript:alert(1)",
]


def parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


@pytest.mark.parametrize("text", ATTACKS)
def test_page_text_never_becomes_markup(text: str) -> None:
    """Wherever a hostile text stands, the page has the same elements and attributes as with a harmless one."""

    def shape(filling: str) -> list[tuple[str | None, list[str]]]:
        clause = ClauseChange(
            Op.ADDED,
            filling,
            None,
            filling,
            reasons=(filling,),
            number_after=filling,
            materiality=Materiality.LOW,
        )
        change = replace(
            changed(clause, modified(filling, f"{filling} more")),
            summary=filling, policy=filling, service=filling, url=filling, language=filling,
        )  # fmt: skip
        nodes = parsed(redline_html.page(change)).css("*")
        return [(node.tag, sorted(node.attributes)) for node in nodes if node.tag not in ("ins", "del")]

    assert shape(text) == shape("harmless")


def test_page_asks_for_nothing_and_runs_nothing() -> None:
    """No script, image, frame, form or outside style; the content policy forbids them and knows the style."""
    page = redline_html.page(changed(modified()))
    tree = parsed(page)
    assert not tree.css("script, img, iframe, form, object, embed, link, video, audio, base")
    assert not [
        name for node in tree.css("*") for name in node.attributes if name.startswith("on") or name == "style"
    ]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style and "url(" not in style[1] and "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_words_are_ins_and_del() -> None:
    """Edits are marked by elements whose meaning does not hang on colour."""
    tree = parsed(redline_html.page(changed(modified())))
    new = tree.css_first(".modified .new")
    assert [node.text() for node in new.css("del")] == ["may", "30 days"]
    assert [node.text() for node in new.css("ins")] == ["will", "24 months"]
    css = tree.css_first("style").text()
    assert "line-through" in css and "underline" in css
    assert 'content: "+"' in css and 'content: "−"' in css


def test_marks_are_words_for_those_who_hear_the_page() -> None:
    """Signs are hidden from a screen reader; words that are not seen take their place, in both columns of the
    side-by-side view beside what that column shows."""
    tree = parsed(
        redline_html.page(
            changed(
                modified(number_before="4.", number_after="5."),
                ClauseChange(Op.ADDED, "A", None, "brand new"),
                ClauseChange(Op.REMOVED, "A", "long gone", None),
                modified("one two three", "one two four", moved=True),
            )
        )
    )
    for sign in tree.css("[aria-hidden]"):
        sign.decompose()
    heard = [" ".join((node.text() or "").split()) for node in tree.css(".clause")]
    assert heard[0].startswith("modified: ")
    assert "number 4. now number 5.: We [removed: may] [added: will] share data" in heard[0]
    assert heard[1:3] == ["added: brand new", "removed: long gone"]
    assert heard[3].startswith("modified and moved: one two")
    assert {(node.attributes["dir"], node.attributes["lang"]) for node in tree.css(".aloud")} == {
        ("ltr", "en")
    }
    css = tree.css_first("style").text()
    assert ".aloud { position: absolute; width: 1px; height: 1px" in css
    assert ".new :is(del, .del)" in css and ".old :is(ins, .ins)" in css


def test_both_views_are_in_the_page() -> None:
    """Inline opens first, side by side on wish; each modified clause has both columns; two buttons switch."""
    inline = parsed(redline_html.page(changed(modified())))
    side = parsed(redline_html.page(changed(modified()), side_by_side=True))
    assert [i.attributes["id"] for i in inline.css("input") if "checked" in i.attributes] == ["inline"]
    assert [i.attributes["id"] for i in side.css("input") if "checked" in i.attributes] == ["side"]
    assert len(inline.css(".modified .old")) == len(inline.css(".modified .new")) == 1
    assert [label.attributes["for"] for label in inline.css("label")] == ["inline", "side"]


def test_only_web_addresses_become_links() -> None:
    """A policy's address is a link when it is http or https, else plain text."""
    assert (
        parsed(redline_html.page(changed())).css_first("a").attributes["href"] == "https://acme.example/terms"
    )
    assert not parsed(redline_html.page(replace(changed(), url="javascript:alert(1)"))).css("a")


def test_unchanged_clauses_fold_without_a_script() -> None:
    """In the whole text, unchanged clauses lie in details elements that open by themselves."""
    after = (*DOCUMENT[:6], Clause("An entirely new matter appears here.", ("Sharing",)), *DOCUMENT[6:])
    both = Document("", "en", DOCUMENT), Document("", "en", after)
    tree = parsed(redline_html.page(of_change(changed(), documents=both, context=1)))
    assert [s.text() for s in tree.css("details > summary")] == [
        "4 unchanged clauses, 40 words",
        "6 unchanged clauses, 60 words",
    ]
    assert [n.text() for n in tree.css(".added ins")] == ["An entirely new matter appears here."]


def test_page_prints_and_follows_dark_and_light() -> None:
    """The style has rules for paper and for readers who prefer dark."""
    css = parsed(redline_html.page(changed())).css_first("style").text()
    assert "@media print" in css
    assert "prefers-color-scheme: dark" in css
