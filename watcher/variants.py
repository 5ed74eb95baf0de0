"""Which of a page's texts is this look? The policy's own, a known other one, or a new one.

Pure book-keeping over `storage.records.Variant`: arriving at a variant, remembering a flicker, adopting a
text the page stays with. What a look means for the reader is `watcher.settle`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from storage.records import Document, Foreign, Variant, Version
from watcher.compare.foreign import foreign
from watcher.compare.looks import SAME_TEXT, distance, shared

VARIANTS_KEPT = 6
"""Texts remembered beside the policy's own; the one seen least often goes first."""
HALF_PAGE_LASTS = timedelta(hours=24)
"""A server that sends half of its pages is mended within a day; what lasts longer is a cut, and is told."""
LASTING_LOOKS = 2
"""Looks in a row after which a text stands. Half a page needs one more, and each former visit one more."""


def arrive(
    variants: tuple[Variant, ...], document: Document, seen_at: datetime
) -> tuple[tuple[Variant, ...], int]:
    """The variants after the page showed ``document``, and the place of the one it belongs to."""
    here = _nearest(variants, document)
    if here is None:
        why = foreign(document, variants[0].standing.document)
        version = Version(None, document, seen_at)
        number = max(v.number for v in variants) + 1
        new = Variant(number, version, seen_at, visits=1, streak=0, foreign=why)
        variants = _forget((*variants, new))
        here = len(variants) - 1
    return tuple(_shown(v, i == here, seen_at) for i, v in enumerate(variants)), here


def _nearest(variants: tuple[Variant, ...], document: Document) -> int | None:
    """The place of the variant this text belongs to; None where it is foreign to all of them.

    A text seen in passing only once claims nothing but its exact return; one that alternates, or is of its
    own language or document, claims whatever is nearer to it than to the others. A text that shares little
    with an edit waiting for its second look, and with the text that was edited, is no second look at it."""
    for i, variant in enumerate(variants):
        if any(document.digest == d.digest for d in _texts(variant)):
            return i
    open_to = [
        i
        for i, v in enumerate(variants)
        if (i == 0 or v.streak or v.visits > 1 or v.foreign)
        and not foreign(document, _texts(v)[-1])
        and not _interrupts(document, v)
    ]
    return min(open_to, key=lambda i: min(distance(document, d) for d in _texts(variants[i])), default=None)


def _interrupts(document: Document, variant: Variant) -> bool:
    pending, standing = variant.pending, variant.standing.document
    if pending is None or shared(pending.document, standing) < SAME_TEXT:
        return False
    return max(shared(document, pending.document), shared(document, standing)) < SAME_TEXT


def _texts(variant: Variant) -> list[Document]:
    return [v.document for v in (variant.standing, variant.pending) if v]


def _shown(variant: Variant, here: bool, seen_at: datetime) -> Variant:
    if not here:
        return replace(variant, streak=0)
    if variant.streak:
        return replace(variant, streak=variant.streak + 1)
    back = variant.number != 1 and variant.arrived_at is not None
    return replace(variant, streak=1, arrived_at=seen_at, visits=variant.visits + back)


def stays(variant: Variant, now: datetime) -> bool:
    """Has the page shown this text long enough to be believed? Half a page for a whole day besides."""
    if variant.streak < looks_needed(variant):
        return False
    since = variant.arrived_at or now
    return variant.foreign is not Foreign.PART or now - since >= HALF_PAGE_LASTS


def looks_needed(variant: Variant) -> int:
    return (
        LASTING_LOOKS
        + (variant.foreign is Foreign.PART)
        + (0 if followed_at_once(variant) else variant.visits - 1)
    )


def followed_at_once(variant: Variant) -> bool:
    """Another language or document is followed as soon as a second look shows it: nothing is told of it."""
    return variant.foreign in (Foreign.LANGUAGE, Foreign.DOCUMENT)


def _forget(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    if len(variants) <= VARIANTS_KEPT:
        return variants
    out = min(variants[1:-1], key=lambda v: (v.visits, v.standing_seen_at))
    return tuple(v for v in variants if v is not out)


def put(variants: Sequence[Variant], variant: Variant) -> tuple[Variant, ...]:
    return tuple(variant if v.number == variant.number else v for v in variants)


def adopt(variants: Sequence[Variant], number: int) -> tuple[Variant, ...]:
    """The variant ``number`` becomes the policy's own text; the old own text stays known."""
    old = variants[0]
    new = next(v for v in variants if v.number == number)
    own = replace(new, number=1, foreign=Foreign.NO)
    left = replace(old, number=number, foreign=_mirror(new.foreign), pending=None, pending_seen_at=None)
    return (own, *(left if v.number == number else v for v in variants[1:]))


def _mirror(why: Foreign) -> Foreign:
    return why if why in (Foreign.LANGUAGE, Foreign.DOCUMENT) else Foreign.NO


def remember(variants: tuple[Variant, ...], flicker: Version) -> tuple[Variant, ...]:
    """A text that one look showed and the next did not: should it come back, it is no news."""
    number = max(v.number for v in variants) + 1
    seen = Variant(number, flicker, flicker.seen_at, streak=0, arrived_at=flicker.seen_at)
    return _forget((*variants, seen))


def back_again(variant: Variant, here: int) -> bool:
    """The second visit to a side variant, which is the first sign of alternation."""
    return here > 0 and variant.visits == 2 and variant.streak == 1
