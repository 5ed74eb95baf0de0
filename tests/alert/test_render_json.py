"""The body of a webhook: the record as it is, and less of it when it is too long."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.change_record import to_record
from storage.records import AlertType, ClauseChange, Materiality, Op
from watcher.alert.render_json import LARGEST, body

from .samples import ALERTS, CHANGE, NOW


def parsed(payload: dict[str, Any], type_: AlertType = AlertType.CHANGED) -> dict[str, Any]:
    raw = body(type_, NOW, payload)
    assert len(raw) <= LARGEST
    loaded: dict[str, Any] = json.loads(raw)
    return loaded


def with_clauses(number: int, words: int, **fields: Any) -> dict[str, Any]:
    clause = ClauseChange(Op.ADDED, "1. A section", None, "wörter " * words)
    return to_record(replace(CHANGE, clauses=(clause,) * number, **fields))


@pytest.mark.parametrize("type_", list(AlertType))
def test_a_body_is_type_timestamp_and_data(type_: AlertType) -> None:
    """Whatever fits is sent whole: the data is the record, key for key."""
    assert parsed(ALERTS[type_], type_) == {
        "type": type_.value,
        "timestamp": "2026-03-02T09:30:00Z",
        "data": ALERTS[type_],
    }


def test_long_clauses_are_cut_and_say_so() -> None:
    """One long clause is shortened and marked; short ones beside it stay whole."""
    record = with_clauses(1, 20_000)
    record["clauses"].append(to_record(CHANGE)["clauses"][0])
    data = parsed(record)["data"]
    assert data["clauses"][0]["shortened"] is True
    assert data["clauses"][0]["after"].endswith("…")
    assert data["clauses"][1] == record["clauses"][1]
    assert data["summary"] == record["summary"]


def test_many_clauses_leave_out_the_least_and_count_them() -> None:
    """What does not fit is counted, and the gravest clause is never what is left out."""
    record = with_clauses(2_000, 30)
    record["clauses"][1_500]["materiality"] = Materiality.HIGH.value
    data = parsed(record)["data"]
    assert len(data["clauses"]) + data["clauses_omitted"] == 2_000
    assert [c["materiality"] for c in data["clauses"]].count("high") == 1


def test_a_long_digest_keeps_every_change_it_can() -> None:
    """Clauses go first, then the last changes, each time with a count."""
    record = with_clauses(50, 300)
    data = parsed({"changes": [record] * 3}, AlertType.DIGEST)["data"]
    assert [c["clauses_omitted"] for c in data["changes"]] == [50] * 3
    data = parsed({"changes": [record] * 500}, AlertType.DIGEST)["data"]
    assert len(data["changes"]) + data["changes_omitted"] == 500
    assert len(data["changes"]) >= 10


def test_a_payload_of_any_shape_still_gives_a_body() -> None:
    """Even what is no record of ours ends in valid JSON that names the policy."""
    odd = {"policy": "acme-terms", **{f"key {i}": ["\x00" * 5_000] * 100 for i in range(100)}}
    assert parsed(odd)["data"]["policy"] == "acme-terms"


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(0, 60),
    text=st.text(max_size=3_000),
    summary=st.text(max_size=30_000),
)
def test_no_record_at_all_makes_a_body_too_large(number: int, text: str, summary: str) -> None:
    """However long its texts, in any script, the body stays valid JSON under the limit."""
    clause = ClauseChange(Op.MODIFIED, text, text, text * 3, reasons=(text,) * 5)
    parsed(to_record(replace(CHANGE, clauses=(clause,) * number, summary=summary, service=text)))
