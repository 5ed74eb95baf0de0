"""What must never be material: typography, spelling, numbering, dates, links, furniture; and what only looks like it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind, Document, Op, PolicyKind
from watcher.compare.edit import Edit, World, renames
from watcher.compare.editorial import harmless
from watcher.compare.words import word_ops

CASES = tomllib.loads((Path(__file__).parent / "cases" / "editorial.toml").read_text(encoding="utf-8"))


def edit(
    before: str, after: str, kind: ClauseKind = ClauseKind.PARAGRAPH, section: tuple[str, ...] = ()
) -> Edit:
    op = Op.MODIFIED if before and after else Op.ADDED if after else Op.REMOVED
    return Edit(op, before, after, word_ops(before, after) if op is Op.MODIFIED else (), section, kind)


def world(before: str = "", after: str = "", *, of: PolicyKind = PolicyKind.PRIVACY) -> World:
    return World.of(*(Document("", "en", (Clause(t),) if t else ()) for t in (before, after)), of)


@pytest.mark.parametrize(("reason", "before", "after"), CASES["harmless"])
def test_no_meaning_changed(reason: str, before: str, after: str) -> None:
    """Each kind of editorial difference is recognised and told by its name."""
    assert reason in harmless(edit(before, after), world(before, after))


@pytest.mark.parametrize(("before", "after"), CASES["meaning"])
def test_a_small_difference_may_carry_all_the_meaning(before: str, after: str) -> None:
    """A number, a negation, a prefix, a modal, a name: one word is enough to be no editorial change."""
    assert harmless(edit(before, after), world(before, after)) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("我们保存订单三年。", "我们保存订单三年，并将您的指纹交给广告公司。"),
        ("Мы храним заказы.", "Мы храним заказы и отпечатки ваших пальцев."),
        ("私たちは注文を保存します。", "私たちは注文と指紋を保存します。"),
        ("เราเก็บคำสั่งซื้อ", "เราเก็บคำสั่งซื้อและลายนิ้วมือ"),
        ("نحتفظ بالطلبات.", "نحتفظ بالطلبات وبصمات الأصابع."),
    ],
)
def test_words_of_any_script_are_words(before: str, after: str) -> None:
    """A difference in a script without Latin letters is no matter of accents, and its words count."""
    change = edit(before, after)
    assert harmless(change, world(before, after)) == ""
    assert change.size > 0


@pytest.mark.parametrize(
    "text",
    [
        "Back to top", "Table of contents", "Print or save as PDF", "Was this article helpful?", "Related articles",
        "Download on the App Store", "Share on Facebook", "Accept all cookies", "En savoir plus", "Zurück nach oben",
        "Imprimer et enregistrer en format pdf", "English", "Sources", "History",
        "We use cookies to make our site better. Accept all or change your settings.",
    ],
)  # fmt: skip
def test_page_furniture_is_no_clause(text: str) -> None:
    """Menus, feedback widgets, share buttons and banners that reach the comparison are told as page furniture."""
    assert harmless(edit("", text), world("A policy.", f"A policy. {text}")).startswith(
        ("page furniture", "table of")
    )


@pytest.mark.parametrize(
    "text",
    [
        "We share your data with partners who print and save reports.",
        "You may cancel at any time.",
        "Cookies: we set one that lasts a year.",
        "Records of deaf members stay with Borealis.",
    ],
)
def test_a_real_clause_is_never_swallowed(text: str) -> None:
    """A sentence that has furniture's words in it is still a sentence."""
    assert harmless(edit("", text), world("A policy.", f"A policy. {text}")) == ""


def test_a_sentence_that_stands_elsewhere_is_not_gone() -> None:
    """A removed clause whose words the new document has in another clause changed no meaning."""
    sentence = "Members may ask for a copy of everything that we hold about them."
    told = harmless(edit(sentence, ""), world(sentence, f"Some other start. {sentence} And an end."))
    assert told == "the same words stand elsewhere"


def test_a_name_replaced_throughout_is_found_and_an_address_is_not() -> None:
    """Three equal substitutions of a name make a rename; numbers never do."""
    pairs = [(f"Alpha runs part {word}.", f"Omega runs part {word}.") for word in ("one", "two", "three")]
    assert renames([edit(a, b) for a, b in pairs]) == {("Alpha", "Omega")}
    streets = [
        (f"Write to 12 Mill Road {word}.", f"Write to 99 Lake Road {word}.") for word in ("a", "b", "c")
    ]
    assert renames([edit(a, b) for a, b in streets]) == frozenset()


def test_entries_of_a_table_of_contents_are_told_as_such() -> None:
    """An item under a contents heading is furniture, whatever it says."""
    assert (
        harmless(edit("", "Who pays the fees", section=("Table of contents",)), world())
        == "table of contents"
    )
