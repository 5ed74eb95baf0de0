"""Hostile and huge documents: the work stays bounded, counted in comparisons and not in seconds."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from storage.records import Clause, Op
from watcher.compare import leftovers
from watcher.compare.align import align
from watcher.compare.words import word_ops


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the clause comparisons and the cells (words × words) they cost."""
    tally: Counter[str] = Counter()
    indel = leftovers.Indel.normalized_similarity

    class Counting:
        @staticmethod
        def normalized_similarity(a: str, b: str, **options: float) -> float:
            tally["times"] += 1
            tally["cells"] += len(a) * len(b)
            return float(indel(a, b, **options))

    monkeypatch.setattr(leftovers, "Indel", Counting)
    return tally


def written(random_: random.Random, vocabulary: int, clauses: int) -> list[Clause]:
    words = [f"w{k}" for k in range(vocabulary)]
    return [Clause(" ".join(random_.choices(words, k=random_.randint(6, 25)))) for _ in range(clauses)]


@pytest.mark.parametrize("vocabulary", [60, 20_000])
def test_entirely_different_documents_cost_a_few_comparisons_a_clause(
    vocabulary: int, compared: Counter[str]
) -> None:
    """4,000 clauses against 4,000 others need at most the candidates of each, not sixteen million pairs."""
    random_ = random.Random(vocabulary)
    before, after = written(random_, vocabulary, 4000), written(random_, vocabulary, 4000)
    rows = align(before, after)
    assert compared["times"] <= 4000 * 12
    assert sum(row.op is Op.ADDED for row in rows) > 3800


def test_thousands_of_identical_rows_align_without_comparing(compared: Counter[str]) -> None:
    """Equal rows are equal in place, only the surplus is added, and nothing is compared by wording."""
    rows = align([Clause("Yes; No; Session")] * 6000, [Clause("Yes; No; Session")] * 7000)
    tally = Counter(row.op for row in rows)
    assert tally == {None: 6000, Op.ADDED: 1000}
    assert compared["times"] == 0


def test_two_alternating_rows_keep_a_long_common_order() -> None:
    """Thousands of rows of two kinds, one hundred of them taken out: what is left is in place."""
    random_ = random.Random(2)
    before = [Clause(random_.choice(["Accepted", "Refused"])) for _ in range(4000)]
    gone = set(random_.sample(range(4000), 100))
    after = [clause for k, clause in enumerate(before) if k not in gone]
    rows = align(before, after)
    assert sum(row.op is None for row in rows) == 3900
    assert sum(row.op is Op.REMOVED for row in rows) == 100


def test_a_clause_of_a_megabyte_is_paired_and_not_searched_as_a_split(compared: Counter[str]) -> None:
    """One clause of 1 MiB with an edit is modified; past the bound its words are counted, not aligned."""
    text = " ".join(f"word{k % 9973}" for k in range(110_000))
    before = [Clause("Data we hold on you"), Clause(text)]
    after = [Clause("Data we hold on you"), Clause(text.replace("word17 ", "other "))]
    assert [row.op for row in align(before, after)] == [None, Op.MODIFIED]
    assert compared["cells"] <= leftovers._CELLS * 4


def test_long_texts_are_diffed_in_bounds_and_whole() -> None:
    """Two texts of 40,000 random words are told as few runs that still give both texts back."""
    random_ = random.Random(9)
    words = [f"w{k}" for k in range(500)]
    before = " ".join(random_.choices(words, k=40_000))
    after = " ".join(random_.choices(words, k=40_000))
    ops = word_ops(before, after)
    assert "".join(op.text for op in ops if op.op != "+") == before
    assert "".join(op.text for op in ops if op.op != "-") == after
    assert len(ops) < 1000


def test_a_small_edit_in_a_long_text_stays_small() -> None:
    """A few edits far apart in 40,000 words are found one by one, without giving up the text between."""
    words = [f"w{k}" for k in range(40_000)]
    changed = words[:]
    for at in (100, 20_000, 39_000):
        changed[at] = "new"
    ops = word_ops(" ".join(words), " ".join(changed))
    assert [(op.op, op.text) for op in ops if op.op != "="] == [
        pair for at in (100, 20_000, 39_000) for pair in (("-", f"w{at}"), ("+", "new"))
    ]
