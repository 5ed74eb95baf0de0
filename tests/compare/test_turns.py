"""States of a contract's clauses: found where they came or went, in each language, and nowhere else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind, Direction, Document, Op, PolicyKind
from watcher.compare.edit import Edit, World
from watcher.compare.signals import Hit, signals
from watcher.compare.signals.turns import turns
from watcher.compare.words import word_ops

CASES = tomllib.loads((Path(__file__).parent / "cases" / "turns.toml").read_text(encoding="utf-8"))
ROWS = [(rule, *row) for rule, rows in CASES.items() for row in rows]
OTHERWISE = [
    (rule, *row)
    for rule, rows in tomllib.loads(
        (Path(__file__).parent / "cases" / "turns-not.toml").read_text(encoding="utf-8")
    ).items()
    for row in rows
]
OPPOSITE = {Direction.WORSE: Direction.BETTER, Direction.BETTER: Direction.WORSE}


def found(
    before: str,
    after: str,
    language: str = "en",
    kind: PolicyKind = PolicyKind.TERMS,
    section: tuple[str, ...] = (),
) -> dict[str, Hit]:
    old, new = (Document("", language, (Clause(t),) if t else ()) for t in (before, after))
    op = Op.MODIFIED if before and after else Op.ADDED if after else Op.REMOVED
    words = word_ops(before, after) if op is Op.MODIFIED else ()
    edit = Edit(op, before, after, words, section=section)
    return {hit.rule: hit for hit in signals(edit, World.of(old, new, kind))}


def test_every_rule_has_cases() -> None:
    """No state is told of that was never seen in a test, English first."""
    assert set(turns()) == set(CASES)
    assert all(rows[0][0] == "en" for rows in CASES.values())


@pytest.mark.parametrize(("rule", "language", "without", "having"), ROWS)
def test_a_state_that_came_is_a_signal_and_one_that_went_is_its_opposite(
    rule: str, language: str, without: str, having: str
) -> None:
    """The grades of the table hold, and what is worse one way is better the other way round."""
    came, went = found(without, having, language)[rule], found(having, without, language)[rule]
    assert (came.severity, went.severity) == (turns()[rule].new, turns()[rule].gone)
    assert came.new and not came.gone and went.gone and not went.new
    assert came.direction is OPPOSITE.get(went.direction, Direction.UNCLEAR)
    if turns()[rule].worse:
        assert came.direction is not Direction.UNCLEAR


@pytest.mark.parametrize(("rule", "language", "without", "having"), ROWS)
def test_a_state_that_stands_beside_an_edit_is_none(
    rule: str, language: str, without: str, having: str
) -> None:
    """The words of the rule stand in the clause before and after: an edit beside them turns nothing."""
    assert rule not in found(f"{having} Gate 4 is red.", f"{having} Gate 5 is grey.", language)


@pytest.mark.parametrize(("rule", "language", "clause"), OTHERWISE)
def test_words_in_another_sense_are_no_state(rule: str, language: str, clause: str) -> None:
    """A clause that has the words but denies them, or speaks of another matter or actor, is not told as the state."""
    assert rule in turns() and rule not in found("", clause, language)


def test_a_state_said_in_other_words_of_the_same_rule_is_none() -> None:
    """What was without reason before is no news when it is at discretion now."""
    before = "We may close your account for any reason."
    after = "We may close your account at our sole discretion."
    assert "at-will" not in found(before, after)


def test_at_any_time_is_a_freedom_of_the_one_who_may() -> None:
    """The company that may end the contract at any time is a loss for the reader; the reader who may is a gain."""
    ours = found("We may close the account in May.", "We may close the account at any time.")["at-will"]
    yours = found("You may close the account in May.", "You may close the account at any time.")["at-will"]
    assert (ours.direction, yours.direction) == (Direction.WORSE, Direction.BETTER)


def test_a_state_needs_its_matter_near_it_or_in_the_headings() -> None:
    """Opening hours at any time are no suspension; under a heading on suspension they would be."""
    assert "at-will" not in found("The gate opens at noon.", "The gate opens at any time.")
    bare = "It may happen at noon.", "It may happen at any time."
    assert "at-will" not in found(*bare) and "at-will" in found(*bare, section=("Suspension",))


def test_the_rules_of_contracts_leave_a_privacy_policy_alone() -> None:
    """A privacy policy that speaks of responsibility limits no liability; a notice of change is one anywhere."""
    row = "Bring it back without damage.", "We are not liable for damage to it."
    assert "not-answered" in found(*row) and "not-answered" not in found(*row, kind=PolicyKind.PRIVACY)
    change = "Changes apply in May.", "Changes take effect as soon as they are posted."
    assert "at-once" in found(*change, kind=PolicyKind.PRIVACY)


def test_a_new_clause_weighs_in_full_only_where_the_document_had_no_such_state() -> None:
    """One more refusal of refunds beside others is a mention; the first is news."""
    first = found("", "Tickets are non-refundable.")["no-refund"]
    assert first.sure and first.fresh
    old = Document("", "en", (Clause("Coupons are non-refundable."),))
    new = Document("", "en", (*old.clauses, Clause("Tickets are never refunded.")))
    edit = Edit(Op.ADDED, "", "Tickets are never refunded.")
    (again,) = [h for h in signals(edit, World.of(old, new, PolicyKind.TERMS)) if h.rule == "no-refund"]
    assert not again.sure and not again.fresh


@pytest.mark.parametrize(
    ("language", "before", "after", "rule"),
    [
        ("en", "You may not lend or sell the saw.", "You may not lend, paint with bright varnish or sell the saw.", "forbidden-item"),
        ("de", "Verboten sind Hunde und Lärm.", "Verboten sind Hunde, offene Feuerstellen mit Holzkohle und Lärm.", "forbidden-item"),
        ("it", "È vietato vendere o prestare la sega.", "È vietato vendere, dipingere con vernici lucide o prestare la sega.", "forbidden-item"),
        ("en", "Force majeure is war or flood.", "Force majeure is war, a shortage of trained wardens or flood.", "excuse-item"),
        ("fr", "La force majeure comprend la guerre et la crue.", "La force majeure comprend la guerre, le manque de gardiens formés et la crue.", "excuse-item"),
    ],
)  # fmt: skip
def test_a_list_of_prohibitions_or_excuses_grows_and_shrinks(
    language: str, before: str, after: str, rule: str
) -> None:
    """An item has no words of its own that a table could hold: the list it stands in makes it matter."""
    assert found(before, after, language)[rule].direction is Direction.WORSE
    assert found(after, before, language)[rule].direction is Direction.BETTER


def test_an_item_exchanged_or_added_to_another_list_is_none() -> None:
    """A list in which one item took the place of another did not grow, nor is a list of what is offered one of bans."""
    assert "forbidden-item" not in found(
        "You may not lend the old red saw.", "You may not lend the new blue hammer."
    )
    assert "forbidden-item" not in found(
        "We lend saws and hammers.", "We lend saws, ladders with rubber feet and hammers."
    )


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "The courts of Ghent decide.", "The courts of Bruges decide."),
        ("en", "Danish law governs this contract.", "Norwegian law governs this contract."),
        ("de", "Es gilt dänisches Recht.", "Es gilt norwegisches Recht."),
        ("de", "Gerichtsstand ist Kassel.", "Gerichtsstand ist Bremen."),
        ("fr", "Le droit belge s'applique.", "Le droit suisse s'applique."),
        ("es", "Rige la ley chilena.", "Rige la ley argentina."),
        ("it", "Si applica il diritto svizzero.", "Si applica il diritto maltese."),
        ("pt", "Aplica-se a lei brasileira.", "Aplica-se a lei argentina."),
        ("nl", "Belgisch recht is van toepassing.", "Duits recht is van toepassing."),
    ],
)
def test_another_law_or_court_is_told(language: str, before: str, after: str) -> None:
    """The law or the place of the courts that gives way to another one is a dispute over a new ground."""
    assert found(before, after, language)["governing-law"].severity.value == "high"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "The shop of Ghent is open.", "The shop of Bruges is open."),
        ("de", "Das Recht des Kunden besteht.", "Das Recht des Käufers besteht."),
        ("en", "Danish law governs this contract here.", "Danish law governs this contract there."),
    ],
)
def test_a_place_without_law_or_a_word_beside_it_is_no_other_law(
    language: str, before: str, after: str
) -> None:
    """Shops move and buyers are customers; the law stays."""
    assert "governing-law" not in found(before, after, language)


@pytest.mark.parametrize(
    ("rule", "language", "before", "after"),
    [
        ("forum", "en", "Write to us.", "Write to us; the courts of Ghent have jurisdiction."),
        ("forum", "fr", "Écrivez-nous.", "Écrivez-nous ou saisissez le médiateur."),
        ("forum", "de", "Schreiben Sie uns.", "Schreiben Sie uns oder der Schlichtungsstelle."),
        ("forum", "es", "Escríbanos.", "Escríbanos; deciden los tribunales."),
        ("forum", "it", "Ci scriva.", "Ci scriva; decide il foro competente."),
        ("forum", "pt", "Escreva-nos.", "Escreva-nos; decidem os tribunais."),
        ("forum", "nl", "Schrijf ons.", "Schrijf ons; de rechtbank beslist."),
        ("price", "en", "Gates are red.", "Gates are red and entry fees are due."),
        ("price", "fr", "La porte est rouge.", "La porte est rouge et les tarifs sont affichés."),
        ("price", "de", "Das Tor ist rot.", "Das Tor ist rot und die Preise hängen aus."),
        ("price", "es", "La puerta es roja.", "La puerta es roja y los precios están a la vista."),
        ("price", "it", "La porta è rossa.", "La porta è rossa e i prezzi sono esposti."),
        ("price", "pt", "A porta é vermelha.", "A porta é vermelha e os preços estão à vista."),
        ("price", "nl", "De poort is rood.", "De poort is rood en de prijzen hangen uit."),
        ("testing", "en", "We read your notes.", "We read your notes for market research."),
        ("testing", "fr", "Nous lisons vos notes.", "Nous lisons vos notes pour des études de marché."),
        ("testing", "de", "Wir lesen Ihre Notizen.", "Wir lesen Ihre Notizen zur Marktforschung."),
    ],
)
def test_courts_prices_and_tests_are_mentioned(rule: str, language: str, before: str, after: str) -> None:
    """Words of a broad matter that come are a mention, and beside an edit they are none."""
    assert rule in found(before, after, language)
    assert rule not in found(f"{after} Gate 4 is red.", f"{after} Gate 5 is grey.", language)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("suspension", "Ask the clerk.", "Ask the banks that keep the account."),
        ("prohibited", "Ask the clerk.", "Ask the banks along the river."),
        ("price", "Bring a hat.", "Bring a hat and a coupon for a discount."),
        ("service-level", "Call the Uptimers about it.", "Call the Uptimenauts about it."),
    ],
)
def test_words_that_only_look_like_a_matter_are_none(rule: str, before: str, after: str) -> None:
    """Banks ban nobody, and a name that begins with a promise promises nothing."""
    assert rule not in found(before, after)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Borealis Hosting Ltd, Oslo, Norway: keeps the backups of all customers"),
        ("fr", "Boréal Hébergement SAS, Nancy, France : sauvegarde des fichiers".replace(" :", ":")),
        ("de", "Nordlicht Rechenzentrum GmbH, Kiel, Deutschland: Sicherungskopien aller Kunden"),
    ],
)
def test_a_line_of_a_list_of_subprocessors_is_an_entry_of_it(language: str, line: str) -> None:
    """A list need not be a table: a line that begins with a company and its place names a subprocessor."""
    hits = found("", line, language, kind=PolicyKind.DPA, section=("Subprocessors",))
    assert hits["vendor-row"].severity.value == "high" and hits["vendor-row"].new[0] in line
    assert "vendor-row" not in found("", line, language, kind=PolicyKind.DPA, section=("Notices",))


def test_a_long_name_in_a_table_is_told_apart_to_its_last_word() -> None:
    """Two vendors whose names begin with the same sixty letters are two."""
    name = "The Royal and Ancient Borealis Society for the Keeping of Backups of the"
    before, after = f"Vendor: {name} North; Country: Norway", f"Vendor: {name} South; Country: Norway"
    edit = Edit(Op.MODIFIED, before, after, word_ops(before, after), kind=ClauseKind.ROW)
    old, new = (Document("", "en", (Clause(t),)) for t in (before, after))
    (hit,) = [
        h for h in signals(edit, World.of(old, new, PolicyKind.SUBPROCESSORS)) if h.rule == "vendor-row"
    ]
    assert hit.gone[0].endswith("North") and hit.new[0].endswith("South")
