"""The body of a webhook: ``{"type", "timestamp", "data"}`` in UTF-8, under 20 kB (pure).

Receivers of Standard Webhooks expect small bodies ("payload size", standardwebhooks.com). What is too long is
shortened and says so: ``"shortened": true`` on a clause whose text was cut, ``"clauses_omitted": n`` on a record
whose clauses did not all fit, ``"changes_omitted": n`` on a digest. The whole record is one command away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.change_record import iso
from storage.records import AlertType, Materiality

LARGEST = 20_000
_CUTS = (2_000, 800, 300, 120)  # characters of one clause side, tried in turn
_LONGEST_FIELD = 600


def body(type_: AlertType, created_at: datetime, payload: Mapping[str, Any], limit: int = LARGEST) -> bytes:
    """The JSON of an alert, at most ``limit`` bytes; the same bytes for the same alert each time."""
    encoded = b""
    for data in _ever_smaller(payload):
        if _room_left(data, limit) < 0:
            continue
        encoded = _encoded({"type": type_.value, "timestamp": iso(created_at), "data": data})
        if len(encoded) <= limit:
            break
    return encoded


def _room_left(value: Any, room: int) -> int:
    """``room`` less the characters of all texts in a value, negative as soon as it is used up: what is hundreds
    of megabytes is not encoded to find that out."""
    if isinstance(value, str):
        return room - len(value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for item in inner:
        room = _room_left(item, room)
        if room < 0:
            break
    return room


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode(
        "utf-8", "replace"
    )


def _ever_smaller(payload: Mapping[str, Any]) -> Any:
    """The payload, then less and less of it; the last is always small."""
    yield payload
    if isinstance(payload.get("changes"), list | tuple):
        yield from _smaller_digest(payload)
    else:
        yield from _smaller_record(payload)
    yield _fields(payload)
    plain = [(key, value) for key, value in payload.items() if isinstance(value, str | int | float)]
    yield {key[:40]: _short(value, 80) for key, value in plain[:20]}


def _smaller_record(record: Mapping[str, Any]) -> Any:
    clauses = list(record.get("clauses") or ())
    for cut in _CUTS:
        yield {**record, "clauses": [_cut(c, cut) for c in clauses]}
    slim = _fields(record)
    while clauses:
        keep = len(clauses) * 2 // 3
        clauses, omitted = _weightiest(clauses, keep), len(record["clauses"]) - keep
        yield {**slim, "clauses": [_cut(c, _CUTS[-1]) for c in clauses], "clauses_omitted": omitted}


def _smaller_digest(payload: Mapping[str, Any]) -> Any:
    changes = [_fields(c) | {"clauses_omitted": len(c.get("clauses") or ())} for c in payload["changes"]]
    keep = len(changes)
    while keep:
        left_out = {"changes_omitted": len(changes) - keep} if keep < len(changes) else {}
        yield {**_fields(payload), "changes": changes[:keep], **left_out}
        keep = keep * 2 // 3


def _fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without its lists of clauses or changes, long texts cut."""
    return {
        key: _short(value, _LONGEST_FIELD)
        for key, value in record.items()
        if key not in ("clauses", "changes")
    }


def _short(value: Any, limit: int) -> Any:
    if isinstance(value, str) and len(value) > limit:
        return value[: limit - 1] + "…"
    if isinstance(value, Mapping):
        return {key: _short(inner, limit) for key, inner in list(value.items())[:40]}
    if isinstance(value, list | tuple):
        return [_short(inner, limit) for inner in value[:40]]
    return value


def _cut(clause: Mapping[str, Any], limit: int) -> dict[str, Any]:
    short = {key: _short(value, limit) for key, value in clause.items()}
    return short if short == dict(clause) else {**short, "shortened": True}


def _weightiest(clauses: Sequence[Mapping[str, Any]], keep: int) -> list[Mapping[str, Any]]:
    ranked = sorted(
        range(len(clauses)), key=lambda i: (-Materiality(clauses[i].get("materiality", "none")).rank, i)
    )
    return [clauses[i] for i in sorted(ranked[:keep])]
