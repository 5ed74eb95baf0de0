"""Word-level differences: whole words, whole numbers and names, no confetti."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watcher.compare.tokens import pieces, sentences, words
from watcher.compare.words import word_ops


def shown(before: str, after: str) -> str:
    return "".join(op.text if op.op == "=" else f"[{op.op}{op.text}]" for op in word_ops(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "We may share data with partners.", "We will share data with partners.",
            "We [-may][+will] share data with partners.", id="one word",
        ),
        pytest.param(
            "Kept for 30 days.", "Kept for 24 months.", "Kept for [-30 days][+24 months].", id="duration",
        ),
        pytest.param("A fee of $1,000.50 applies.", "A fee of $1,000.75 applies.",
                     "A fee of [-$1,000.50][+$1,000.75] applies.", id="amount"),
        pytest.param("Interest of 5% is due.", "Interest of 5.5 % is due.",
                     "Interest of [-5%][+5.5 %] is due.", id="percentage"),
        pytest.param("Revised on March 12, 2024.", "Revised on March 14, 2024.",
                     "Revised on [-March 12, 2024][+March 14, 2024].", id="date in words"),
        pytest.param("Stand: 01.02.2024", "Stand: 01.03.2024", "Stand: [-01.02.2024][+01.03.2024]", id="date"),
        pytest.param("En vigueur le 3 août 2023.", "En vigueur le 4 août 2023.",
                     "En vigueur le [-3 août 2023][+4 août 2023].", id="French date"),
        pytest.param("Write to help@acme.example now.", "Write to legal@acme.example now.",
                     "Write to [-help@acme.example][+legal@acme.example] now.", id="e-mail address"),
        pytest.param("See https://acme.example/a/b?c=1.", "See https://acme.example/a/d?c=1.",
                     "See [-https://acme.example/a/b?c=1][+https://acme.example/a/d?c=1].", id="page address"),
        pytest.param("You contract with Acme Ltd in Dublin.", "You contract with Acme Inc. in Dublin.",
                     "You contract with [-Acme Ltd][+Acme Inc.] in Dublin.", id="company"),
        pytest.param("To Acme Ltd you write.", "To Acme Inc. you write.",
                     "To [-Acme Ltd][+Acme Inc.] you write.", id="company after a first word"),
        pytest.param("Our officer is Jane Marlow today.", "Our officer is John Marlow today.",
                     "Our officer is [-Jane Marlow][+John Marlow] today.", id="name, first part"),
        pytest.param("We ask Mary Stone for help.", "We ask Mary Field for help.",
                     "We ask [-Mary Stone][+Mary Field] for help.", id="name, last part"),
        pytest.param("It is non-refundable.", "It is refundable.",
                     "It is [-non-refundable][+refundable].", id="hyphen"),
        pytest.param("for a 1-year period", "for a 2-years period",
                     "for a [-1-year][+2-years] period", id="number and unit"),
        pytest.param("We collect your name and email.", "We collect your name, email and voiceprints.",
                     "We collect your name[- and][+,] email[+ and voiceprints].", id="list grows"),
        pytest.param("Your rights. We delete data.", "Your rights. We answer quickly. We delete data.",
                     "Your rights. [+We answer quickly. ]We delete data.", id="sentence put in"),
        pytest.param("We do not sell your data.", "We may sell your data.",
                     "We [-do not][+may] sell your data.", id="negation"),
        pytest.param("我们将在三十天内删除您的数据。", "我们将在二十四个月内删除您的数据。",
                     "我们将在[-三十天][+二十四个月]内删除您的数据。", id="Chinese number"),
        pytest.param("当社はデータを保存します。", "当社はクッキーを保存します。",
                     "当社は[-データ][+クッキー]を保存します。", id="Japanese loan word"),
    ],
)  # fmt: skip
def test_differences_read_well(before: str, after: str, expected: str) -> None:
    """An edit is shown in whole words, numbers, dates, addresses and names, where a person would mark it."""
    assert shown(before, after) == expected


def test_rewritten_stretch_is_one_edit() -> None:
    """Short words that two different phrases happen to share are not kept between their edits."""
    before = "Judges hear every single claim in public session there."
    after = "Panels settle all remaining disputes in closed arbitration abroad."
    ops = word_ops(before, after)
    assert [op.op for op in ops if op.op != "="] == ["-", "+"]


def test_thai_marks_stay_on_their_letters() -> None:
    """No run begins with a vowel sign or tone mark cut off from its consonant."""
    ops = word_ops("เก็บข้อมูลไว้สามสิบวัน", "เก็บข้อมูลไว้สี่สิบวัน")
    assert {op.op for op in ops} == {"=", "-", "+"}
    assert not any(op.text[0] in "ิีึืุู็่้๊๋์ั" for op in ops)


def test_equal_texts_are_one_run_and_empty_ones_none() -> None:
    """Nothing changed is one "=" run; two empty texts give nothing; one empty side is one run."""
    assert shown("same", "same") == "same"
    assert word_ops("", "") == ()
    assert shown("", "new words") == "[+new words]"
    assert shown("old words", "") == "[-old words]"


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "we",
                "may",
                "share",
                "30",
                "days",
                "€5",
                "Acme",
                "Ltd",
                "Jane",
                "Smith",
                ".",
                ",",
                "the",
                "the",
                "not",
                "12",
                "May",
                "2024",
                "数据",
                "三十",
                "天",
                "ข้อ",
                "a@b.example",
                "😀",
            ]
        ),
        max_size=25,
    ).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@example(".", ". .")
@example("a. b", "a. b. b")
@given(TEXT, TEXT)
def test_runs_give_both_texts_back(before: str, after: str) -> None:
    """Whatever the texts, the runs without "+" are the one and without "-" the other, never two alike in a
    row, and "-" stands before "+"."""
    ops = word_ops(before, after)
    assert "".join(op.text for op in ops if op.op != "+") == before
    assert "".join(op.text for op in ops if op.op != "-") == after
    signs = "".join(op.op for op in ops)
    assert not any(pair in signs for pair in ("==", "--", "++", "+-"))
    assert all(op.text for op in ops)
    assert word_ops(before, after) == ops


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_pieces_and_sentences_lose_nothing(text: str) -> None:
    """Cut into pieces or sentences and joined again, a text is the same."""
    assert "".join(pieces(text)) == text
    assert "".join(sentences(text)) == text


def test_words_fold_case_and_drop_marks() -> None:
    """Words for similarity know neither case nor punctuation."""
    assert words("We SHARE, don't we? 5%") == ["we", "share", "don", "t", "we", "5"]


def test_characters_past_the_surrogates_are_legal() -> None:
    """Tens of thousands of distinct words still become a string that can be encoded."""
    before = " ".join(f"a{k}" for k in range(60_000))
    ops = word_ops(before, before.replace("a59000 ", "b "))
    assert [op.text for op in ops if op.op != "="] == ["a59000", "b"]


@pytest.mark.parametrize("unit", ["a.", "A.", "1.", "a@", "2024-", "A&", "数", "..", "http://.", "Acme of "])
def test_hostile_repetitions_are_cut_in_linear_work(unit: str) -> None:
    """A hundred thousand characters made to send a pattern back and forth are cut like any other text; with
    unbounded repetitions each of these would take minutes."""
    text = unit * (100_000 // len(unit))
    assert "".join(pieces(text)) == text
