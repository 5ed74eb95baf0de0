"""Who stands behind the document and how to reach them: parties, officers, addresses, mailboxes, governing law."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, fold, words_of
from watcher.compare.facts import FactKind, changed_facts
from watcher.compare.names import addresses, changed, laws, party_names
from watcher.compare.signals.hit import Hit

_CONTROLLER = re.compile(
    r"controller|contrôleur|responsables? d[ue]|verantwortlich|titolare|agreement between|contracting|contract with|your contract|"
    r"(?:terms|agreement|contract) (?:\w+ ){0,6}(?:between|with)\b|(?:offered|provided|operated|proposés?|fournis|exploité|édité) (?:\w+ ){0,2}(?:by|par)\b|"
    r"(?:shall )?refers? to|[“\"«(]\s?(?:we|us|our|nous|wir)\b|betreiber|vertragspartner",
    re.IGNORECASE,
)
_CONTRACTING = re.compile(
    r"controller|contrôleur|responsables? d[ue]|verantwortlich|titolare|verwerkingsverantwoordelijke|responsable del tratamiento|"
    r"(?:agreement|contract\w*|terms|policy) (?:\w+ ){0,6}(?:between|with|by)|contracting|operated by|provided by|offered by|refers? to|collectively|[“\"«(](?:we|us|our|nous|wir|company|société)\b|"
    r"exploité|édité|éditeur|betreiber|betrieben|vertragspartner|anbieter|entity|company with|conclu|gestionnaire|imprint|impressum|mentions légales|who we are|about us",
    re.IGNORECASE,
)
_OFFICER = re.compile(
    r"data protection (?:officer|lead|manager)|\bdpo\b|délégué à la protection|\bdpd\b|datenschutzbeauftragt|delegado de protecci|"
    r"responsabile della protezione|encarregado|functionaris (?:voor )?gegevensbescherming|privacy officer",
    re.IGNORECASE,
)
_REPRESENTATIVE = re.compile(
    r"(?:eu|uk|swiss|european|article 27)[\w ]{0,12} representative|representative in|représentant|vertreter|represented by",
    re.I,
)
_NAME = re.compile(r"(?<!\w)[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:\s[A-ZÀ-Þ][a-zà-ÿ'’-]+){1,3}")
_VENDORISH = re.compile(
    r"provider|processor|vendor|partner|prestataire|dienstleister|anbieter|use[sd]? by|google|service|supplier|tool|analytics",
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
    yield from _law(edit)


def _party(edit: Edit, world: World) -> Iterator[Hit]:
    gone, new = changed(party_names, edit.before, edit.after)
    gone = [n for n in gone if not any(_alike(n, m) for m in new)]
    new = [n for n in new if not any(_alike(n, m) for m in changed(party_names, edit.before, edit.after)[0])]
    if not gone and not new:
        return
    told = _told(gone, new)
    if _CONTRACTING.search(edit.context) and not _REPRESENTATIVE.search(edit.new):
        fresh = any(not world.known(n) for n in new) or any(not world.still(n) for n in gone)
        topics = (Topic.CONTACT, Topic.SCOPE) if world.kind is PolicyKind.TERMS else (Topic.CONTACT,)
        severity = Materiality.HIGH if _is_controller(edit, gone, new, fresh) else Materiality.MEDIUM
        yield Hit(
            "party",
            "parties",
            topics,
            severity,
            f"party: {told}",
            fresh=fresh,
            exact=True,
            subject="party",
            gone=tuple(gone),
            new=tuple(new),
        )
    elif _REPRESENTATIVE.search(edit.context) or _OFFICER.search(edit.context):
        yield Hit(
            "representative",
            "parties",
            (Topic.CONTACT,),
            Materiality.MEDIUM,
            f"representative: {told}",
            exact=True,
            subject="representative",
            gone=tuple(gone),
            new=tuple(new),
        )
    else:
        fresh = any(not world.known(n) for n in new)
        topic = Topic.SHARING if _VENDORISH.search(edit.context) else Topic.CONTACT
        yield Hit(
            "company",
            "parties",
            (topic,),
            Materiality.MEDIUM,
            f"company named: {told}",
            fresh=fresh,
            exact=True,
            subject="company named",
            gone=tuple(gone),
            new=tuple(new),
        )


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
    return at >= 0 and bool(_CONTROLLER.search(text[max(0, at - reach) : at + len(name) + reach]))


def _reach(edit: Edit, world: World) -> Iterator[Hit]:
    officer = bool(_OFFICER.search(edit.context))
    if officer and edit.op is Op.MODIFIED:
        gone, new = _people(edit.gone), _people(edit.new)
        if (gone or new) and not any(changed(addresses, edit.before, edit.after)):
            yield Hit(
                "officer",
                "parties",
                (Topic.CONTACT,),
                Materiality.MEDIUM,
                f"data protection officer: {_told(gone, new)}",
                exact=True,
                subject="data protection officer",
                gone=tuple(gone),
                new=tuple(new),
            )
    gone, new = changed(addresses, edit.before, edit.after)
    if gone or new:
        whole = edit.op is not Op.MODIFIED and edit.size > 60
        completed = (
            edit.op is Op.MODIFIED and not any(p[0] for p in edit.pairs) and len(words_of(edit.new)) <= 2
        )
        severity = Materiality.LOW if whole or completed else Materiality.MEDIUM
        yield Hit(
            "address",
            "parties",
            (Topic.CONTACT,),
            severity,
            f"postal address: {_told(gone[:3], new[:3])}",
            exact=True,
            subject="postal address",
            gone=tuple(gone[:3]),
            new=tuple(new[:3]),
        )
    old, fresh = changed_facts(edit.before, edit.after, (FactKind.EMAIL,))
    if old or fresh:
        whole = edit.op is not Op.MODIFIED and edit.size > 25
        severity = Materiality.MEDIUM if (old and fresh) or (officer and not whole) else Materiality.LOW
        told = _told([f.value for f in old[:2]], [f.value for f in fresh[:2]])
        yield Hit(
            "mailbox",
            "parties",
            (Topic.CONTACT,),
            severity,
            f"e-mail address: {told}",
            exact=bool(old and fresh),
            subject="e-mail address",
            gone=tuple(f.value for f in old[:2]),
            new=tuple(f.value for f in fresh[:2]),
        )
    old, fresh = changed_facts(edit.before, edit.after, (FactKind.PHONE,))
    if old or fresh:
        told = _told([f.text for f in old[:2]], [f.text for f in fresh[:2]])
        yield Hit(
            "phone",
            "parties",
            (Topic.CONTACT,),
            Materiality.LOW,
            f"telephone: {told}",
            subject="telephone",
            gone=tuple(f.text for f in old[:2]),
            new=tuple(f.text for f in fresh[:2]),
        )


def _law(edit: Edit) -> Iterator[Hit]:
    gone, new = changed(laws, edit.before, edit.after)
    if gone and new:
        yield Hit(
            "governing-law", "disputes", (Topic.DISPUTES,), Materiality.HIGH, f"law or courts: {_told(gone, new)}",
            Direction.UNCLEAR, exact=True, subject="law or courts", gone=tuple(gone), new=tuple(new),
        )  # fmt: skip


def _people(text: str) -> list[str]:
    return [n for n in _NAME.findall(text) if not party_names(n) and not _OFFICER.search(n)]


def _alike(a: str, b: str) -> bool:
    """The same company in another spelling: "AcmeSoft UK Ltd." and "Acmesoft UK Ltd"."""
    x, y = fold(a), fold(b)
    return x in y or y in x or OSA.normalized_similarity(x, y) >= 0.85


def _told(gone: list[str], new: list[str]) -> str:
    old, fresh = ", ".join(dict.fromkeys(gone)), ", ".join(dict.fromkeys(new))
    if old and fresh:
        return f"{old} → {fresh}"
    return f"{fresh} appears" if fresh else f"{old} is gone"
