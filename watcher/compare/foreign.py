"""Is this another text in the policy's place? Another language, another document, or half of the page."""

from __future__ import annotations

from storage.records import ClauseKind, Document, Foreign, PolicyKind
from watcher.compare.looks import shared
from watcher.kinds import kind_of_words

COLLAPSE = 0.6
"""A text below this share of the old one's words, and made of them, is half a page until it lasts."""
STUMP = 0.12
"""A text this small beside the old one is no policy edit, whatever it says."""
STRANGER = 0.25
"""Below this share of common words two texts may be two documents; only then do their titles decide."""


def kind_by_title(document: Document) -> PolicyKind | None:
    """The kind a document's first heading, else its title names; None where neither names one."""
    first = next((c.text for c in document.clauses if c.kind is ClauseKind.HEADING), "")
    kinds = (kind_of_words(title) for title in (first, document.title))
    return next((kind for kind in kinds if kind is not PolicyKind.OTHER), None)


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
