"""Whose law governs and whose courts decide: a place or a nationality that gives way to another beside those words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.names import changed, laws
from watcher.compare.signals.hit import Hit

_NEAR = 90  # characters between a place and the word that makes it a matter of law
_MOST_WORDS = 6
_MATTER = re.compile(
    r"(?<!\w)(?:laws?\b|courts?\b|jurisdiction|venue|arbitrat\w+|seat of|governed|gerichts\w*|gerichte|(?:\w+es )?recht\b|rechts\b|gerichtsstand|schieds\w+|"
    r"droit\b|lois?\b|tribuna\w+|juridictions?|compéten\w+|cours? de|derecho|ley(?:es)?\b|legislación|juzgados|jurisdicción|fuero|"
    r"legge\b|diritto|foro\b|giudice|lei\b|direito|jurisdição|comarca|rechter|rechtbank|recht van|bevoegd)",
    re.IGNORECASE,
)
_NATION = re.compile(
    r"(?:deutsch|german|allemand|alem[aá]n|tedesc|alem(?:ão|ã)|duits|österreich|austri|autrich|oostenrijk|schweiz|swiss|suisse|suiz|svizzer|suíç|zwitser|"
    r"fran[cç]|französ|frans\b|franse|engl|angl|ingl|ingles|brit|scot|schott|écoss|irisch|irish|irland|irlan|iers|ital|italien|spani|spanisch|espa[gñ]|espanh|spaans|"
    r"portug|niederländ|dutch|néerland|neerland|holand|oland|nederland|belg|luxemb|dän|danish|danois|dan[eé]s|deens|schwed|swed|suéd|suec|zweed|norweg|norv|noorse|"
    r"finn|finland|poln|polish|polon|polac|pools|tschech|czech|tch[eè]|chec|ungar|hungar|hongr|húng|estn|eston|lett|latvi|litau|lithuan|rumän|roman|roumain|"
    r"bulgar|griech|greek|grec|grieks|zypr|cypr|chypr|chip|maltes|malt|monaco|gibralt|amerikan|american|améric|estadounid|statunit|kalifor|californi|delawar|"
    r"new york|texas|texan|nevad|kanad|canad|brasil|brazil|brésil|mexik|mexic|argentin|chilen|israel|israël|türk|turk|turc|indisch|indian|inde\b|indi[ao]|"
    r"chin|japan|japon|giappon|singap|hong ?kong|austral|neuseel|new zealand|emirat|dubai|südafrik|south afric)\w*",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"(?<!\w)(?:in|ist|von|zu|nach)\s*$")
_PLACE_NAME = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’-]+)(?:[\s-](?:of|the|and|de|d'|van|am|la|[A-ZÀ-Þ][\w.'’-]+)){0,4}"
)


def governing_law(edit: Edit, world: World) -> Iterator[Hit]:
    """One hit where the law or the courts named are others than before."""
    gone, new = changed(laws, edit.before, edit.after)
    if not (gone and new):
        gone, new = _exchanged(edit, german=world.language == "de")
    if gone and new:
        yield Hit(
            "governing-law", "disputes", (Topic.DISPUTES,), Materiality.HIGH,
            f"law or courts: {', '.join(dict.fromkeys(gone))} → {', '.join(dict.fromkeys(new))}",
            Direction.UNCLEAR, exact=True, subject="law or courts", gone=tuple(gone), new=tuple(new),
        )  # fmt: skip


def _exchanged(edit: Edit, *, german: bool) -> tuple[list[str], list[str]]:
    """Short substitutions of one place or nationality for another, close to the words of law in the clause."""
    if edit.op is not Op.MODIFIED or len(edit.pairs) > _MOST_WORDS:
        return [], []
    gone: list[str] = []
    new: list[str] = []
    at = 0
    for old, fresh in edit.pairs:
        found = edit.after.find(fresh, at) if fresh else -1
        at = found + len(fresh) if found >= 0 else at
        if found < 0 or max(len(words_of(old)), len(words_of(fresh))) > _MOST_WORDS:
            continue
        near = edit.after[max(0, found - _NEAR) : found + len(fresh) + _NEAR]
        if not _MATTER.search(near.replace(fresh, " ")):
            continue
        if all(_NATION.search(side) for side in (old, fresh)) or all(
            _is_place(side) for side in (old, fresh)
        ):
            gone.append(old.strip(" ,.;"))
            new.append(fresh.strip(" ,.;"))
    nation = any(_NATION.search(side) for side in (*gone, *new))
    return (gone, new) if nation or _courts(edit) else ([], [])


def _is_place(text: str) -> bool:
    """Nothing but a name with capitals: "Leipzig", "the State of Ohio"."""
    return bool(_PLACE_NAME.fullmatch(re.sub(r"^(?:the|in|of|de|von|di|em|te)\s", "", text.strip(" ,.;()"))))


def _courts(edit: Edit) -> bool:
    return bool(
        re.search(
            r"\bcourts?\b|gericht|tribuna|juzgado|foro\b|rechtbank|rechter|giudice|jurisdi|comarca|seat of",
            edit.after,
            re.I,
        )
    )
