"""Signals: every rule finds what it names in the changed words, and leaves alone what did not change."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind, Direction, Document, Materiality, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.furniture import furniture
from watcher.compare.signals import Hit, signals
from watcher.compare.signals.lookup import Lookup, beginnings
from watcher.compare.signals.mentions import rules
from watcher.compare.words import word_ops

_FOLDER = Path(__file__).parent / "cases"
CASES: dict[str, dict[str, list[list[str]]]] = {}
for _file in sorted(_FOLDER.glob("signals*.toml")):
    for _rule, _rows in tomllib.loads(_file.read_text(encoding="utf-8")).items():
        for _sort in ("yes", "no"):
            CASES.setdefault(_rule, {"yes": [], "no": []})[_sort] += _rows.get(_sort, [])


def found(
    before: str,
    after: str,
    language: str = "en",
    kind: PolicyKind = PolicyKind.PRIVACY,
    of: ClauseKind = ClauseKind.PARAGRAPH,
) -> tuple[Hit, ...]:
    old, new = (Document("", language, (Clause(t),) if t else ()) for t in (before, after))
    op = Op.MODIFIED if before and after else Op.ADDED if after else Op.REMOVED
    words = word_ops(before, after) if op is Op.MODIFIED else ()
    return signals(Edit(op, before, after, words, kind=of), World.of(old, new, kind))


def table(sort: str) -> list[tuple[str, str, str, str]]:
    return [(rule, row[0], row[1], row[2]) for rule, rows in CASES.items() for row in rows[sort]]


@pytest.mark.parametrize(("rule", "language", "before", "after"), table("yes"))
def test_a_rule_finds_its_words_where_they_changed(rule: str, language: str, before: str, after: str) -> None:
    """Words of the rule that come or go in the changed words are a signal, in each language of the case."""
    hits = {hit.rule: hit for hit in found(before, after, language)}
    assert rule in hits
    assert hits[rule].says and not hits[rule].says.endswith(".")


@pytest.mark.parametrize(("rule", "language", "before", "after"), table("no"))
def test_a_rule_leaves_alone_what_did_not_change(rule: str, language: str, before: str, after: str) -> None:
    """A clause that speaks of the matter before and after, edited elsewhere, carries no signal of it."""
    assert rule not in {hit.rule for hit in found(before, after, language)}


def test_every_rule_of_high_severity_has_cases_on_both_sides() -> None:
    """A rule that can wake somebody up is tested for what it finds and for what it must not find."""
    high = {r.name for r in rules() if Materiality.HIGH in (r.new, r.gone)} - {"forum", "price", "testing"}
    assert high <= set(CASES)
    assert all(CASES[name]["yes"] and CASES[name]["no"] for name in high)


def test_patterns_found_by_their_beginnings_are_all_that_plain_search_finds() -> None:
    """Looking only at words that can begin a pattern misses none of its matches."""
    import re

    text = " ".join(row[i] for cases in CASES.values() for row in cases["yes"] for i in (1, 2)).lower()
    for rule in rules():
        for pattern in rule.patterns.values():
            plain = {(m.start(), m.end()) for m in re.finditer(rf"(?<!\w)(?:{pattern})", text) if m[0]}
            looked = {(a, b) for _, a, b in Lookup([(rule.name, pattern)]).find(text, 0, len(text))}
            assert plain <= looked, rule.name


def test_the_beginnings_of_a_pattern_are_read_from_its_source() -> None:
    """Optional parts, groups and classes give every way a match can begin; a free letter ends what is known."""
    assert beginnings("(?:geo)?location|ip\\b") == {"geoloca", "locatio", "ip"}
    assert beginnings("a[bc]d") == {"abd", "acd"}
    assert beginnings(r"x\w+") == {"x"}


def test_longer_retention_is_worse_and_shorter_is_better() -> None:
    """The direction of a retention period follows the period."""
    longer = found("We keep logs for 30 days.", "We keep logs for 24 months.")
    shorter = found("We keep logs for 24 months.", "We keep logs for 30 days.")
    assert [h.direction for h in longer if h.rule == "number-period"] == [Direction.WORSE]
    assert [h.direction for h in shorter if h.rule == "number-period"] == [Direction.BETTER]


@pytest.mark.parametrize(
    ("kind", "severity"),
    [(PolicyKind.DPA, "high"), (PolicyKind.SUBPROCESSORS, "high"), (PolicyKind.PRIVACY, "medium")],
)
def test_a_vendor_weighs_most_in_a_list_of_subprocessors(kind: PolicyKind, severity: str) -> None:
    """The same new row is high in a list of subprocessors and medium elsewhere."""
    hits = found(
        "", "Vendor: Borealis Hosting; Purpose: Hosting; Country: Norway", kind=kind, of=ClauseKind.ROW
    )
    assert {h.severity.value for h in hits if h.rule == "vendor-row"} == {severity}


def test_a_cookie_row_is_a_cookie_and_no_vendor() -> None:
    """In a cookie policy a new row is told as a cookie, with its name."""
    row = "Cookie: _abc; Provider: Borealis Ltd; Duration: 2 years"
    hits = {h.rule: h for h in found("", row, kind=PolicyKind.COOKIES, of=ClauseKind.ROW)}
    assert hits["cookie-row"].says == "cookie or tracker: _abc appears"
    assert "vendor-row" not in hits


def test_share_capital_is_no_price() -> None:
    """The amount of a company's capital is a matter of imprint, never of payment."""
    (hit,) = [
        h
        for h in found("Acme SAS, paid-in capital of €10,000.", "Acme SAS, paid-in capital of €20,000.")
        if h.rule == "number-amount"
    ]
    assert hit.severity is Materiality.LOW


def test_a_denial_inside_a_sentence_is_no_button() -> None:
    """ "non", "video" or "help" alone may be page furniture; in the midst of a sentence each is a word of it."""
    for before, after in (
        (
            "I messaggi possono essere letti da nostri fornitori.",
            "I messaggi non possono essere letti da nostri fornitori.",
        ),
        ("You upload a photo and we keep it.", "You upload a photo, video and we keep it."),
    ):
        edit = Edit(Op.MODIFIED, before, after, word_ops(before, after))
        assert not furniture(edit)
