"""Comparing costs what the documents are long: work is counted in calls, never in seconds."""

from __future__ import annotations

import random
import sys
from types import FrameType

import pytest

from storage.records import Clause, ClauseKind, Document, PolicyKind
from watcher.compare import compare

_WORDS = (
    "we may share your personal data with partners who process it for us in 30 days under the laws of Norway "
    "unless you object by writing to our office about any payment refund cookie account or dispute"
).split()


def document(seed: int, clauses: int) -> Document:
    random_ = random.Random(seed)
    words = [*_WORDS, *(f"word{seed}x{k}" for k in range(300))]
    found = []
    for k in range(clauses):
        section = (f"Part {k // 10}",)
        if k % 10 == 0:
            found.append(Clause(f"Part {k // 10}", (), ClauseKind.HEADING, level=2))
        found.append(Clause(" ".join(random_.choices(words, k=25)) + ".", section))
    return Document("Terms", "en", tuple(found))


def edited(before: Document) -> Document:
    texts = (c.text.replace("days", "months").replace("partners", "vendors") for c in before.clauses)
    clauses = tuple(
        Clause(t, c.section, c.kind, level=c.level) for t, c in zip(texts, before.clauses, strict=True)
    )
    return Document(before.title, "en", clauses)


def calls(before: Document, after: Document) -> int:
    """How many functions, Python's and built-in, one comparison calls."""
    count = 0

    def tally(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        compare(before, after, kind=PolicyKind.TERMS)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("how", ["rewritten", "edited"])
def test_twice_the_clauses_cost_about_twice_the_work(how: str) -> None:
    """A comparison of twice the length makes at most two and a half times the calls, whatever the machine."""
    compare(document(1, 20), document(2, 20), kind=PolicyKind.TERMS)  # tables and patterns are read once
    small, large = document(3, 120), document(5, 240)
    if how == "edited":
        one, two = calls(small, edited(small)), calls(large, edited(large))
    else:
        one, two = calls(small, document(4, 120)), calls(large, document(6, 240))
    assert two < 2.5 * one


def test_an_untouched_document_is_not_judged() -> None:
    """One edit in a long document costs a small part of what the whole document rewritten costs."""
    before = document(7, 240)
    clauses = list(before.clauses)
    clauses[100] = Clause("We sell your data to anyone.", clauses[100].section)
    one = calls(before, Document(before.title, "en", tuple(clauses)))
    assert one < calls(before, document(8, 240)) / 4
