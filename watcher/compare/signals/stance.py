"""Does the clause still say yes, and how strongly: negations that come or go, "may" that becomes "will"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Direction, Materiality, Op
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.signals.hit import Hit

_NEGATION = re.compile(
    r"\b(?:not|no longer|never|neither|nor|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|without|"
    r"ne|n'|jamais|aucune?|sans|ni|nicht|keine?[nrms]?|niemals|ohne|weder|nunca|ningun[oa]?|sin|"
    r"non|mai|nessun[oa]?|senza|não|nenhum[a]?|sem|niet|geen|nooit|zonder)(?!\w)",
    re.IGNORECASE,
)
_MODALS = {
    "may": r"may|might|can|could|peut|peuvent|pouvons|pouvez|pourr\w+|kann|kannst|könnt|können|könnten|dürfen|darf|darfst|dürft|puede|podemos|podrá\w*|può|possiamo|potrà|pode\w*|kan|kunnen|mag|mogen",
    "will": r"will|shall|werden|wird|sera|serons|allons|zal|zullen",
    "must": r"must|required to|have to|need to|doit|doivent|devez|devons|muss|musst|müsst|müssen|debe\w*|deve\w*|dobbiamo|moet|moeten|verplicht|obliged|obligé\w*",
    "should": r"should|devrai\w+|sollte\w*|debería\w*|dovrebbe\w*|deveria\w*|zou|zouden",
}
_MODAL = re.compile("|".join(rf"(?P<{k}>\b(?:{v})\b)" for k, v in _MODALS.items()), re.IGNORECASE)
_FORCE = {"may": 0, "should": 1, "will": 2, "must": 2}
_NEAR = 8  # a run longer than this is a new sentence, not a flipped one
_RUNS = 4  # in a clause with more changed runs than this nothing is flipped: it was rewritten
_AUXILIARY = re.compile(
    r"do|does|did|is|are|was|were|be|been|has|have|had|will|would|may|might|can|could|shall|should|must|any|no|longer|"
    r"est|sont|a|ont|peut|peuvent|wird|werden|ist|sind|kann|können|haben|hat|es|son|puede|può|sono|pode|são|kan|zijn"
)


def stance(edit: Edit, world: World) -> Iterator[Hit]:
    """Hits for a flipped negation and for a modal of another force, in substitutions short enough to compare."""
    if edit.op is not Op.MODIFIED or len(edit.pairs) > _RUNS:
        return
    for gone, new in edit.pairs:
        if max(len(words_of(gone)), len(words_of(new))) > _NEAR:
            continue
        before, after = len(_NEGATION.findall(gone)), len(_NEGATION.findall(new))
        if bool(before) != bool(after) and _bare(gone) + _bare(new) <= 1:
            yield Hit(
                "negation", "stance", (), Materiality.HIGH,
                f"a negation {'appears' if after else 'is gone'}: “{_short(gone)}” → “{_short(new)}”",
                Direction.UNCLEAR, exact=True, subject=f"a negation {'appears' if after else 'is gone'}",
                gone=(gone,), new=(new,),
            )  # fmt: skip
            continue
        old, fresh = _force(gone), _force(new)
        if old is not None and fresh is not None and old != fresh:
            yield Hit(
                "modality", "stance", (), Materiality.MEDIUM,
                f"{'stronger' if fresh > old else 'weaker'} wording: “{_short(gone)}” → “{_short(new)}”", exact=True,
                subject=f"{'stronger' if fresh > old else 'weaker'} wording", gone=(gone,), new=(new,),
            )  # fmt: skip


def _bare(text: str) -> int:
    """Words that are neither a negation nor an auxiliary: with more than one the statement itself is another."""
    return sum(1 for w in words_of(text) if not _AUXILIARY.fullmatch(w) and not _NEGATION.fullmatch(w))


def _force(text: str) -> int | None:
    found = {_FORCE[m.lastgroup] for m in _MODAL.finditer(text) if m.lastgroup}
    return max(found) if found else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"
