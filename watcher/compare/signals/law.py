"""Whose law governs and whose courts decide: a place or a nationality that gives way to another beside those words.

Both sides must be places, courts or arbitrators by what they are (`gazetteer`), or stand where a court's town stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.gazetteer import is_arbitration_body, is_place
from watcher.compare.names import changed, laws
from watcher.compare.signals.hit import Hit

_NEAR = 90  # characters between a place and the word that makes it a matter of law
_MOST_WORDS = 6
_MOST_PAIRS = 6
_MATTER = re.compile(
    r"(?<!\w)(?:laws?\b|courts?\b|jurisdiction|venue|arbitrat\w+|seat of|governed|gerichts\w*|gerichte|(?:\w+es )?recht\b|rechts\b|gerichtsstand|schieds\w+|"
    r"droit\b|lois?\b|tribuna\w+|juridictions?|compéten\w+|cours? de|derecho|ley(?:es)?\b|legislación|juzgados|jurisdicción|fuero|"
    r"legge\b|diritto|foro\b|giudice|lei\b|direito|jurisdição|comarca|rechter|rechtbank|recht van|bevoegd)",
    re.IGNORECASE,
)
_IN_COURT = re.compile(
    r"(?:courts?|venue|seat|forum|tribuna\w+|gerichts?\w*|juzgados?|foro|rechtbank\w*|comarca|cours?)\b(?:[ ,]+[^\s.;:,]+){0,6}?[ ,]+(?:of|in|at|is|de|à|du|von|zu|ist|te|di|do|da|del|en|em)\s+(?:the\s)?$",
    re.IGNORECASE,
)
_TOWN = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+(?:[\s-](?:[A-ZÀ-Þ][a-zà-ÿ]+|am|an der|upon|sur|del?)){0,2}")
_NO_TOWN = re.compile(
    r"our|your|their|this|that|th[eo]se|the|any|such|each|agreement|contract|provisions?|terms?|services?|sites?|users?|customers?|compan\w+|part(?:y|ies)|claims?|disputes?|"
    r"arbitration|policy|privacy|rights?|section|article|parent|affiliates?|we|us|you|vertrag\w*|nutzer\w*|kunde\w*|anbieter\w*|verbraucher\w*|wohnsitz\w*|sitz\w*|contrat\w*|client\w*|parties|domicile|"
    r"usuari\w*|contratto|utente|consumator\w*|consumidor\w*|cliente\w*|domicil\w*|residen\w*|gebruiker\w*|overeenkomst",
    re.IGNORECASE,
)


def governing_law(edit: Edit, world: World) -> Iterator[Hit]:
    """One hit where the law, the courts or the arbitrators named are others than before."""
    gone, new = changed(laws, edit.before, edit.after)
    if not (gone and new) or not all(is_place(side) for side in (*gone, *new)):
        gone, new = _exchanged(edit)
    if not (gone and new):
        return
    bodies = all(is_arbitration_body(side) for side in (*gone, *new))
    subject = "arbitration body" if bodies else "law or courts"
    yield Hit(
        "governing-law", "disputes", (Topic.DISPUTES,), Materiality.HIGH,
        f"{subject}: {', '.join(dict.fromkeys(gone))} → {', '.join(dict.fromkeys(new))}",
        Direction.UNCLEAR, exact=True, subject=subject, gone=tuple(gone), new=tuple(new),
    )  # fmt: skip


def _exchanged(edit: Edit) -> tuple[list[str], list[str]]:
    """Short substitutions of one place, nationality or court for another, close to the words of law in the clause."""
    if edit.op is not Op.MODIFIED or len(edit.pairs) > _MOST_PAIRS:
        return [], []
    gone: list[str] = []
    new: list[str] = []
    at = was = 0
    for old, fresh in edit.pairs:
        found, stood = edit.after.find(fresh, at), edit.before.find(old, was)
        at, was = max(at, found + len(fresh)), max(was, stood + len(old))
        if not old or not fresh or found < 0 or max(len(words_of(old)), len(words_of(fresh))) > _MOST_WORDS:
            continue
        near = edit.after[max(0, found - _NEAR) : found] + " " + edit.after[found + len(fresh) :][:_NEAR]
        if not _MATTER.search(near):
            continue
        towns = _is_town(old, edit.before[:stood]) and _is_town(fresh, edit.after[:found])
        if towns or (_is_named(old) and _is_named(fresh)):
            gone.append(old.strip(" ,.;"))
            new.append(fresh.strip(" ,.;"))
    return gone, new


def _is_named(text: str) -> bool:
    return is_place(text) or is_arbitration_body(text)


def _is_town(text: str, ahead: str) -> bool:
    """A name that may be a place because of where it stands: "the courts of Wellfleet"; or a place."""
    if is_place(text):
        return True
    name = re.sub(r"^(?:the|in|of|de|von|di|em|te)\s", "", text.strip(" ,.;()"))
    return bool(
        _TOWN.fullmatch(name)
        and not any(_NO_TOWN.fullmatch(word) for word in words_of(name))
        and _IN_COURT.search(ahead[-_NEAR:] + " " * (ahead[-1:] not in ("", " ")))
    )
