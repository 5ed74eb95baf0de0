"""Is this another text in the policy's place? Another language, another document, or half of the page."""

from __future__ import annotations

import re

from storage.records import ClauseKind, Document, Foreign, PolicyKind
from watcher.compare.looks import shared

COLLAPSE = 0.6
"""A text below this share of the old one's words, and made of them, is half a page until it lasts."""
STUMP = 0.12
"""A text this small beside the old one is no policy edit, whatever it says."""
STRANGER = 0.25
"""Below this share of common words two texts may be two documents; only then do their titles decide."""

_KIND_WORDS: dict[PolicyKind, str] = {
    PolicyKind.COOKIES: r"cookie|traceurs|trackers",
    PolicyKind.SUBPROCESSORS: r"sub-?processors?|unterauftragsverarbeiter|sous-traitants",
    PolicyKind.DPA: r"data processing (?:agreement|addendum)|auftragsverarbeitung|avtale om databehandling",
    PolicyKind.GUIDELINES: r"community guidelines|community standards|règles de la communauté|acceptable use",
    PolicyKind.TERMS: (
        r"terms|conditions|agreement|nutzungsbedingungen|\bagb\b|geschäftsbedingungen|condiciones|términos"
        r"|condizioni|termini|termos|condições|voorwaarden|regulamin|villkor|vilkår|ehdot|利用規約|条款|約款|약관"
    ),
    PolicyKind.PRIVACY: (
        r"privacy|data protection|datenschutz|vie privée|confidentialité|données personnelles|privacidad"
        r"|protección de datos|riservatezza|privacidade|gegevensbescherming|prywatności|integritet|personvern"
        r"|privatliv|tietosuoja|プライバシー|个人信息|隐私|隱私|개인정보"
    ),
}
_KINDS = {kind: re.compile(words, re.I) for kind, words in _KIND_WORDS.items()}


def kind_by_title(document: Document) -> PolicyKind | None:
    """The kind a document's own title or first heading names; None where it names none or several."""
    first = next((c.text for c in document.clauses if c.kind is ClauseKind.HEADING), "")
    for title in (first, document.title):
        named = [kind for kind, words in _KINDS.items() if words.search(title)]
        if len(named) == 1:
            return named[0]
    return None


def foreign(document: Document, standing: Document) -> Foreign:
    """Why ``document``, seen in the place of ``standing``, is no edit of it; `Foreign.NO` where it may be."""
    if document.language and standing.language and document.language != standing.language:
        return Foreign.LANGUAGE
    size = document.words / max(1, standing.words)
    if size < STUMP and standing.words >= 200:
        return Foreign.PART
    if size < COLLAPSE and shared(document, standing) > 0.8:
        return Foreign.PART
    if shared(document, standing) < STRANGER and shared(standing, document) < STRANGER:
        mine, theirs = kind_by_title(document), kind_by_title(standing)
        if mine and theirs and mine is not theirs:
            return Foreign.DOCUMENT
    return Foreign.NO
