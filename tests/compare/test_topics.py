"""Topics: from headings, from the learned model, and blended over a whole change."""

from __future__ import annotations

import pytest

from storage.records import Topic
from watcher.compare.blend import EVIDENCE, blend, evidence
from watcher.compare.headings import named, named_by
from watcher.compare.meanings import meanings
from watcher.compare.topics import about, features, model, strongest


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("How long we keep it: retention", Topic.RETENTION),
        ("Children", Topic.CHILDREN),
        ("Droit applicable et litiges", Topic.DISPUTES),
        ("Gewährleistung und Haftung", Topic.LIABILITY),
        ("Contáctenos", Topic.CONTACT),
        ("Cookie", Topic.COOKIES),
    ],
)
def test_a_heading_names_its_subject(heading: str, topic: Topic) -> None:
    """Sections are called alike everywhere; the words that name a subject are known in seven languages."""
    assert topic in named(heading)


def test_the_nearest_heading_that_names_a_subject_counts() -> None:
    """A heading without a subject hands over to the one above it, and the title comes last."""
    assert named_by(("Privacy", "Data retention", "More")) == {Topic.RETENTION}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Any dispute shall be settled by binding arbitration under the laws of the state.", Topic.DISPUTES),
        ("We use cookies and pixels to remember your browser; session cookies expire.", Topic.COOKIES),
        ("Your subscription renews each month and your card is charged the price.", Topic.PAYMENT),
        ("Nous utilisons des cookies pour mesurer la fréquentation du site.", Topic.COOKIES),
        ("To the extent permitted we are not liable for indirect damages or lost profits.", Topic.LIABILITY),
    ],
)
def test_the_model_knows_what_a_plain_clause_is_about(text: str, topic: Topic) -> None:
    """The learned weights put the evident topic among the two most likely."""
    likely = sorted(about(text).items(), key=lambda item: -item[1])[:2]
    assert topic in {t for t, _ in likely}


SAID = {
    Topic.RETENTION: (
        "We keep your data for two years and then delete it.",
        "Nous conservons vos données pendant deux ans, puis nous les supprimons.",
        "Wir speichern Ihre Daten zwei Jahre lang; danach werden sie gelöscht.",
        "Conservamos sus datos durante dos años y después los suprimimos.",
        "Conserviamo i suoi dati per due anni e poi li cancelliamo.",
        "Conservamos os seus dados durante dois anos e depois são eliminados.",
        "Wij bewaren uw gegevens twee jaar; daarna worden ze verwijderd.",
    ),
    Topic.LIABILITY: (
        "We are not liable for loss of profit or other indirect damage.",
        "Nous ne sommes pas responsables des dommages indirects ni des pertes.",
        "Wir haften nicht für mittelbare Schäden; die Haftung ist ausgeschlossen.",
        "No somos responsables de los daños indirectos ni de las pérdidas.",
        "Non siamo responsabili dei danni indiretti né delle perdite.",
        "Não somos responsáveis por danos indiretos nem por perdas.",
        "Wij zijn niet aansprakelijk voor indirecte schade of verlies.",
    ),
    Topic.PAYMENT: (
        "The price is charged to your card each month and fees are not refunded.",
        "Le prix est facturé chaque mois ; les frais ne sont pas remboursés.",
        "Der Preis wird monatlich abgerechnet; Gebühren werden nicht erstattet.",
        "El precio se factura cada mes y las tarifas no se reembolsan.",
        "Il prezzo viene fatturato ogni mese e le tariffe non sono rimborsate.",
        "O preço é faturado todos os meses e as taxas não são reembolsadas.",
        "De prijs wordt elke maand gefactureerd; kosten worden niet terugbetaald.",
    ),
    Topic.COOKIES: (
        "Cookies and pixels remember your browser.",
        "Les cookies et traceurs mémorisent votre navigateur.",
        "Cookies und Zählpixel erkennen Ihren Browser wieder.",
        "Las cookies y balizas recuerdan su navegador.",
        "I cookie e i pixel ricordano il suo browser.",
        "Os cookies e pixels reconhecem o seu navegador.",
        "Cookies en pixels herkennen uw browser.",
    ),
}


@pytest.mark.parametrize(("topic", "text"), [(t, said) for t, texts in SAID.items() for said in texts])
def test_a_clause_says_the_same_in_every_language(topic: Topic, text: str) -> None:
    """What a word means is known in seven languages, so the evident topic comes first in each of them."""
    assert max(about(text).items(), key=lambda item: item[1])[0] is topic


def test_the_headings_above_a_short_item_tell_what_it_is_about() -> None:
    """An item that says little by itself takes its subject from the section it stands in."""
    alone = about("Your name and photograph")[Topic.RETENTION]
    assert about("Your name and photograph", ("Privacy", "How long we keep data"))[Topic.RETENTION] > alone


def test_an_elided_article_is_no_part_of_the_word() -> None:
    """The word behind “l'” or “dell'” counts as if it stood alone."""
    assert "utilisateur" in features("L’utilisateur accepte")
    assert "accesso" in features("dell'accesso")


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("kündigungsfrist", "terminate"),
        ("résilier", "terminate"),
        ("vertragskündigung", "terminate"),
        ("zorp", ""),
    ],
)
def test_a_stem_stands_for_its_meaning_also_inside_a_compound(word: str, meaning: str) -> None:
    """Beginnings and inner parts of words are looked up; a word of no policy means nothing."""
    assert meaning in meanings(word) if meaning else meanings(word) == ()


def test_a_score_is_the_same_each_time_and_in_each_order() -> None:
    """The model has no state: a text scores alike before and after others, and with its headings remembered."""
    learned = model()
    assert learned is not None
    first = learned.score("You may delete your account.", ("Terms", "Ending"))
    learned.score("Something else entirely about payment", ("Terms", "Ending"))
    assert learned.score("You may delete your account.", ("Terms", "Ending")) == first


def test_a_text_without_known_words_has_no_topic() -> None:
    """Where the model knows no word it claims nothing."""
    learned = model()
    assert learned is not None
    assert set(learned.score("zzqx wvvk").values()) == {0.0}


def test_features_are_words_and_meanings_without_numbers() -> None:
    """Digits are one sign, so a model never learns a year or a price."""
    assert {"pay", "0", "coins", "c:pay"} <= set(features("Pay 25 coins"))
    assert set(features("Pay 25 coins")) == set(features("Pay 99 coins"))


def test_only_topics_near_the_strongest_are_named() -> None:
    """A topic with a small share of the strongest one's weight is left out."""
    weights = {Topic.AI: 2.0, Topic.SHARING: 1.1, Topic.SCOPE: 0.2}
    assert strongest(weights, share=0.5, most=3) == (Topic.AI, Topic.SHARING)


def test_the_blend_has_one_weight_for_each_evidence_and_nothing_for_no_change() -> None:
    """The shipped weights fit the evidence they are multiplied with; without changed clauses there is no topic."""
    rows, size = evidence([])
    assert blend().topics([], 0.0) == ()
    assert size == 0.0
    assert {len(row) for row in rows.values()} == {len(EVIDENCE)} == {len(blend().weights)}
