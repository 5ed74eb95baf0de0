"""Periods, amounts, percentages and ages that changed, told by what they govern."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World
from watcher.compare.facts import Fact, FactKind, changed_facts
from watcher.compare.signals.hit import Hit

_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
_KINDS = (FactKind.PERIOD, FactKind.AMOUNT, FactKind.PERCENT, FactKind.AGE)
_CAPITAL = re.compile(
    r"share capital|paid-?\s?in capital|capital (?:social|of|de)|stammkapital|grundkapital|capitale sociale|maatschappelijk kapitaal",
    re.I,
)
_ABOUT = (
    (Topic.RETENTION, re.compile(r"retain|retention|expir|\bkept?\b|\bkeep|stor(?:e|age)|delet|eras|conserv|supprim|effac|aufbewahr|speicher|lösch|inactiv|inaktiv|bewaar|anonymi", re.I)),
    (Topic.PAYMENT, re.compile(r"refund|renew|subscription|billing|charge|payment|price|fee\b|cancel|withdraw|rétract|abonnement|rembours|prix|widerruf|zahlung|preis|verläng|suscrip|reembols|abbonament|rimbors|assinatura", re.I)),
    (Topic.DISPUTES, re.compile(r"arbitrat|dispute|litige|streit|claim", re.I)),
    (Topic.TERMINATION, re.compile(r"suspen|terminat|resili|kündig|\bban|account|compte|konto", re.I)),
    (Topic.CHANGE_NOTICE, re.compile(r"notice of|notify|préavis|modif|änderung|changes to", re.I)),
    (Topic.RIGHTS, re.compile(r"request|respond|rights?\b|demande|droits?|anfrage|rechte|appeal|complaint", re.I)),
    (Topic.COOKIES, re.compile(r"cookie|traceur|tracker", re.I)),
)  # fmt: skip


def numbers(edit: Edit, world: World) -> Iterator[Hit]:
    """One hit for each changed number: "period: 1 year → 2 years"."""
    gone, new = changed_facts(edit.before, edit.after, _KINDS)
    if edit.op is not Op.MODIFIED:
        gone, new = gone[:2], new[:2]
    if not gone and not new:
        return
    for kind in _KINDS:
        old, fresh = [f for f in gone if f.kind is kind], [f for f in new if f.kind is kind]
        if not old and not fresh:
            continue
        both = bool(old and fresh)
        topics = _topics(edit, (fresh or old)[0])
        severity = Materiality.HIGH if both or topics else Materiality.MEDIUM
        where = (Topic.CHILDREN,) if kind is FactKind.AGE else topics
        if kind is FactKind.AMOUNT and _CAPITAL.search(edit.context):
            where, severity = (Topic.CONTACT,), Materiality.LOW
        if kind in (FactKind.AMOUNT, FactKind.PERCENT) and not where:
            where = (Topic.PAYMENT,)
        yield Hit(
            f"number-{kind}", "numbers", where, severity, f"{kind}: {_told(old)} → {_told(fresh)}",
            _direction(where, old, fresh), exact=both, subject=str(kind),
            gone=tuple(f.text for f in old[:3]), new=tuple(f.text for f in fresh[:3]),
        )  # fmt: skip


def _topics(edit: Edit, fact: Fact) -> tuple[Topic, ...]:
    """What the number governs: the topic whose word stands nearest to it in the clause, else in the headings."""
    text = edit.after if fact.text in edit.after else edit.before
    at = max(0, text.find(fact.text))
    near: list[tuple[int, int, Topic]] = []
    for order, (topic, pattern) in enumerate(_ABOUT):
        gaps = [abs(m.start() - at) for m in pattern.finditer(text)]
        if gaps:
            near.append((min(gaps), order, topic))
    if near:
        return (min(near)[2],)
    heads = " ".join(edit.section[-2:])
    return next(((topic,) for topic, pattern in _ABOUT if pattern.search(heads)), ())


def _direction(topics: tuple[Topic, ...], old: list[Fact], new: list[Fact]) -> Direction:
    if topics != (Topic.RETENTION,) or len(old) != 1 or len(new) != 1 or old[0].kind is not FactKind.PERIOD:
        return Direction.UNCLEAR
    return Direction.WORSE if _days(new[0]) > _days(old[0]) else Direction.BETTER


def _days(fact: Fact) -> float:
    number, unit = fact.value.split()
    return float(number) * _DAYS[unit]


def _told(found: list[Fact]) -> str:
    return ", ".join(dict.fromkeys(f.text for f in found[:3])) or "none"
