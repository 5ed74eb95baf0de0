"""Who stands behind the document and how to reach them: parties, officers, addresses, mailboxes, governing law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from storage.records import ClauseKind, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, fold, words_of
from watcher.compare.facts import FactKind, changed_facts
from watcher.compare.names import addresses, changed, party_names
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.law import governing_law
from watcher.compare.signals.persons import successor
from watcher.compare.signals.standing import DEAL, OFFICER, ORDER, REGISTERED, officers, stands_as
from watcher.compare.signals.tables import tables, vendor

_CONTROLLER = re.compile(
    r"(?:entity|company) (?:that )?(?:provid|offer|operat)\w+|controller|contrôleur|responsables? d(?:u|el) tra(?:it|t)|responsável pelo tratamento|verantwortlich|titolare|agreement between|contracting|contract with|your contract|"
    r"(?:terms|agreement|contract) (?:\w+ ){0,6}(?:between|with)\b|(?:offered|provided|operated|proposés?|fournis|exploité|édité) (?:\w+ ){0,2}(?:by|par)\b|"
    r"(?:shall )?refers? to|[“\"«(]\s?(?:we|us|our|nous|wir|nosotros|noi|nós|wij)\b|betreiber|vertragspartner|"
    r"contrato (?:se celebra )?(?:con|com|entre)|contratto (?:è concluso |è stipulato )?(?:con|tra)|prestado por|fornit[oa] da|proporcionado por|fornecido por|"
    r"overeenkomst (?:sluit u |wordt gesloten )?(?:met|tussen)|aangeboden door|geleverd door|(?:ihr )?anbieter (?:ist|dieses)|contrat (?:est conclu )?(?:avec|entre)",
    re.IGNORECASE,
)
_COUNSEL = re.compile(
    r"\bc/o\b|\battn\b|\battention\b|\bz\.\s?hd\b|law firm|solicitors?\b|attorneys?\b|\bcounsel\b|rechtsanw|\bavocats?\b|abogad|avvocat|advogad|advoca(?:at|ten)|service of process|process agent|notices? (?:\w+ ){0,4}(?:to|at)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?<![\w“\"„«])(?P<name>(?:[A-ZÀ-Þ][\w&'’.-]*,?\s(?:(?:of|de|du|des|&)\s)?){1,5})\((?i:(?:(?:here(?:in)?after|collectively|together|ci-après|nachfolgend|"
    r"im folgenden|en adelante|di seguito|doravante|hierna|the|el|il|a|each|also)[,:]?\s){0,3}[“\"„«‘']\s?(?:we|us|our|nous|wir|uns|nosotros|noi|nós|wij|ons)\b)"
)
_FORMAL = re.compile(
    r"(?:legal|notices?|privacy|dpo|gdpr|dsgvo|rgpd|compliance|claims?|datenschutz|protection|copyright|dmca|abuse|court)",
    re.I,
)


def parties(edit: Edit, world: World) -> Iterator[Hit]:
    """Hits on legal persons, officers, addresses, mailboxes and governing law, each only where it changed."""
    if edit.kind is ClauseKind.ROW and world.kind in (
        PolicyKind.SUBPROCESSORS,
        PolicyKind.DPA,
        PolicyKind.COOKIES,
    ):
        return
    yield from _party(edit, world)
    yield from _reach(edit, world)
    yield from governing_law(edit, world)


def _party(edit: Edit, world: World) -> Iterator[Hit]:
    gone, new = changed(_companies, edit.before, edit.after)
    gone, new = (
        [n for n in gone if not any(_alike(n, m) for m in new)],
        [n for n in new if not any(_alike(n, m) for m in gone)],
    )
    if not gone and not new:
        yield from _by_role(edit, world)
        return
    if gone and new:
        kind = min((stands_as(edit, n) for n in (*gone, *new)), key=ORDER.index)
        yield from _named(kind, edit, gone, new, world)
        return
    kinds = {n: stands_as(edit, n) for n in gone + new}
    if "vendor" in kinds.values():  # the others of its list are vendors too
        kinds = {n: "vendor" if kind == "company" else kind for n, kind in kinds.items()}
    for kind in ORDER:
        some = [n for n in gone + new if kinds[n] == kind]
        if some:
            yield from _named(kind, edit, some if gone else [], some if new else [], world)


def _named(kind: str, edit: Edit, gone: list[str], new: list[str], world: World) -> Iterator[Hit]:
    """The fact that legal persons of one kind came or went."""
    told = _told(gone, new)
    fresh = any(not world.known(n) for n in new) or any(not world.still(n) for n in gone)
    if kind == "party":
        severity = Materiality.HIGH if _is_controller(edit, gone, new, fresh) else Materiality.MEDIUM
        yield _fact("party", _sides(world), severity, "party", told, gone, new, fresh=fresh)
    elif kind in ("representative", "officer"):
        subject = "data protection officer" if kind == "officer" else "representative"
        yield _fact(kind, (Topic.CONTACT,), Materiality.MEDIUM, subject, told, gone, new)
    elif kind == "vendor":
        if edit.kind is not ClauseKind.ROW or not any(h.rule == "vendor-row" for h in tables(edit, world)):
            yield vendor(edit, world, gone, new)
    else:
        new_here = any(not world.known(n) for n in new)
        yield _fact(
            "company", (Topic.CONTACT,), Materiality.MEDIUM, "company named", told, gone, new, fresh=new_here
        )


def _by_role(edit: Edit, world: World) -> Iterator[Hit]:
    """A name without legal form is a party where the document says so: "Acme (“we”)"."""
    if edit.op is not Op.MODIFIED or "(" not in edit.before or "(" not in edit.after:
        return
    gone, new = changed(_roles, edit.before, edit.after)
    if new and not any(_alike(a, b) for a in gone for b in new):
        yield _fact("party", _sides(world), Materiality.HIGH, "party", _told(gone, new), gone, new)


@lru_cache(maxsize=4096)
def _roles(text: str) -> tuple[str, ...]:
    return tuple(m["name"].strip(" ,") for m in _ROLE.finditer(text))


@lru_cache(maxsize=4096)
def _companies(text: str) -> tuple[str, ...]:
    """Legal persons without the law firm that an address is in care of."""
    return tuple(name for name in party_names(text) if not _in_care(text, name))


def _in_care(text: str, name: str, reach: int = 90) -> bool:
    if not name.endswith(("LLP", "L.P.", "mbB")):
        return False
    at = text.find(name)
    return at >= 0 and bool(_COUNSEL.search(text[max(0, at - reach) : at + len(name) + reach]))


def _sides(world: World) -> tuple[Topic, ...]:
    return (Topic.CONTACT, Topic.SCOPE) if world.kind is PolicyKind.TERMS else (Topic.CONTACT,)


def _fact(
    rule: str,
    topics: tuple[Topic, ...],
    severity: Materiality,
    subject: str,
    told: str,
    gone: list[str],
    new: list[str],
    *,
    fresh: bool = False,
    exact: bool = True,
) -> Hit:
    return Hit(
        rule, "parties", topics, severity, f"{subject}: {told}",
        fresh=fresh, exact=exact, subject=subject, gone=tuple(gone), new=tuple(new),
    )  # fmt: skip


def _is_controller(edit: Edit, gone: list[str], new: list[str], fresh: bool) -> bool:
    """Is the name the controller's or the contracting party's, and another one than before?

    Its office must be named close by. In an edited clause whose address changed as well, a name that only
    appears or only goes may be a line of that address."""
    if not any(_near(edit.before, n) for n in gone) and not any(_near(edit.after, n) for n in new):
        return False
    if gone and new:
        return True
    moved_office = edit.op is Op.MODIFIED and any(changed(addresses, edit.before, edit.after))
    return not moved_office and (fresh or edit.size < 60)


def _near(text: str, name: str, reach: int = 200) -> bool:
    at = text.find(name)
    near = text[max(0, at - reach) : at + len(name) + reach] if at >= 0 else ""
    return bool((_CONTROLLER.search(near) or REGISTERED.search(near)) and not DEAL.search(near))


def _reach(edit: Edit, world: World) -> Iterator[Hit]:
    contact = (Topic.CONTACT,)
    officer = bool(OFFICER.search(f"{edit.before} {edit.context}"))
    gone, new = changed(officers, edit.before, edit.after)
    if not gone and not new:
        gone, new = successor(edit, world)
    if gone or new:
        told = _told(gone, new)
        yield _fact("officer", contact, Materiality.MEDIUM, "data protection officer", told, gone, new)
    gone, new = changed(addresses, edit.before, edit.after)
    if gone or new:
        whole = edit.op is not Op.MODIFIED and edit.size > 60
        completed = (
            edit.op is Op.MODIFIED and not any(p[0] for p in edit.pairs) and len(words_of(edit.new)) <= 2
        )
        severity = Materiality.LOW if whole or completed else Materiality.MEDIUM
        told = _told(gone[:3], new[:3])
        yield _fact("address", contact, severity, "postal address", told, gone[:3], new[:3])
    mails = [
        [f.value for f in side[:2]] for side in changed_facts(edit.before, edit.after, (FactKind.EMAIL,))
    ]
    if any(mails):
        whole = edit.op is not Op.MODIFIED and edit.size > 25
        office = (officer or any(_FORMAL.match(m) for side in mails for m in side)) and not whole
        severity = Materiality.MEDIUM if all(mails) or office else Materiality.LOW
        hit = _fact("mailbox", contact, severity, "e-mail address", _told(*mails), *mails, exact=all(mails))
        yield replace(hit, sure=office)
    phones = [
        [f.text for f in side[:2]] for side in changed_facts(edit.before, edit.after, (FactKind.PHONE,))
    ]
    if any(phones):
        yield _fact("phone", contact, Materiality.LOW, "telephone", _told(*phones), *phones, exact=False)


def _alike(a: str, b: str) -> bool:
    """The same company in another spelling: "AcmeSoft UK Ltd." and "Acmesoft UK Ltd"."""
    x, y = fold(a), fold(b)
    return x in y or y in x or OSA.normalized_similarity(x, y) >= 0.85


def _told(gone: list[str], new: list[str]) -> str:
    old, fresh = ", ".join(dict.fromkeys(gone)), ", ".join(dict.fromkeys(new))
    if old and fresh:
        return f"{old} → {fresh}"
    return f"{fresh} appears" if fresh else f"{old} is gone"
