"""Topics: from headings, from the learned model, and blended over a whole change."""

from __future__ import annotations

import pytest

from storage.records import Topic
from watcher.compare.blend import EVIDENCE, blend, evidence
from watcher.compare.headings import named, named_by
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


def test_a_text_without_known_words_has_no_topic() -> None:
    """Where the model knows no word it claims nothing."""
    learned = model()
    assert learned is not None
    assert set(learned.score("zzqx wvvk").values()) == {0.0}


def test_features_are_words_and_pairs_without_numbers() -> None:
    """Digits are one sign, so a model never learns a year or a price."""
    assert features("Pay 25 coins") == {"pay", "0", "coins", "pay 0", "0 coins"}


def test_only_topics_near_the_strongest_are_named() -> None:
    """A topic with a small share of the strongest one's weight is left out."""
    weights = {Topic.AI: 2.0, Topic.SHARING: 1.1, Topic.SCOPE: 0.2}
    assert strongest(weights, share=0.5, most=3) == (Topic.AI, Topic.SHARING)


def test_the_blend_has_one_weight_for_each_evidence_and_nothing_for_no_change() -> None:
    """The shipped weights fit the evidence they are multiplied with; without changed clauses there is no topic."""
    rows, size = evidence([])
    assert size == 0.0
    assert {len(row) for row in rows.values()} == {len(EVIDENCE)} == {len(blend().weights)}
