"""One clause operation judged: does it matter, what is it about, for whom is it better, and why.

Materiality comes from named signals; where none is found the clause is judged by its size, its place and its
topic, and the reason says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, bare_name, words_of
from watcher.compare.editorial import harmless
from watcher.compare.headings import named_by
from watcher.compare.signals import Hit, signals
from watcher.compare.signals.hit import LESS
from watcher.compare.topics import about, strongest
from watcher.compare.unknown import features, unknown

# Topics on which a small change of words without a known signal is more than wording.
_GRAVE = frozenset(
    {
        Topic.PAYMENT,
        Topic.DISPUTES,
        Topic.TERMINATION,
        Topic.RETENTION,
        Topic.CHILDREN,
        Topic.SHARING,
        Topic.AI,
    }
)


CONTACT_ONLY = frozenset({Topic.CONTACT, Topic.SCOPE})
_MONEY = (Topic.PAYMENT, Topic.DISPUTES)
_SURE = 0.6
_FEW = 8
_TOLD = Materiality.MEDIUM.rank
MORE = 0.5
"""The chance by `unknown` from which an edit without a signal is told as more than a detail."""
_ONE_MATTER = 70  # words of a clause that speaks of one thing
_SMALL_MATTERS = frozenset({"reference", "phone", "mailbox"})
_BINDS = re.compile(
    r"\b(?:must|shall|may|can|cannot|will|not|no|right|rights|agree|agrees|require\w*|only|liab\w+|oblig\w+|entitled|prohibit\w*|"
    r"doi\w+|pouvez|peut|peuvent|pas|droits?|ser\w+|accept\w+|interdi\w+|muss|müssen|darf|dürfen|kann|können|nicht|kein\w*|rechte?|wird|werden|verpflicht\w+|soll\w*|haft\w+|"
    r"deb\w+|pued\w+|podr\w+|no|derechos?|obliga\w*|dev\w+|può|possono|non|diritt[oi]|vietat\w+|pode\w*|não|direitos?|proib\w+|"
    r"moet\w*|mag|mogen|kan|kunnen|niet|geen|recht\w*|zal|zullen|verplicht\w*)\b|\d",
    re.IGNORECASE,
)
_PLAIN = frozenset({"data", "disputes"})  # families whose single word says it all: "biometric", "arbitration"


@dataclass(frozen=True)
class Judgement:
    """``harmless`` is the reason where no meaning changed, else ""."""

    materiality: Materiality
    weights: Mapping[Topic, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    direction: Direction = Direction.UNCLEAR
    harmless: str = ""
    hits: tuple[Hit, ...] = ()

    @property
    def topics(self) -> tuple[Topic, ...]:
        return strongest(self.weights, share=0.6, most=3)


def judge(edit: Edit, world: World, *, without: frozenset[str] = frozenset()) -> Judgement:
    """The judgement of one operation; ``without`` leaves rule families out, "model" and "editorial" among them."""
    reason = "" if "editorial" in without else harmless(edit, world)
    if reason:
        return Judgement(Materiality.NONE, reasons=(reason,), harmless=reason)
    hits = signals(edit, world, without=without)
    weights = _topics(edit, hits, without)
    materiality = max(
        (_weighed(hit, edit, world.kind) for hit in hits), key=lambda m: m.rank, default=Materiality.NONE
    )
    reasons = [hit.says for hit in hits[:4]]
    by_size = Materiality.NONE if _settled(edit, hits) else _by_size(edit, world, weights, known=bool(hits))
    by_size = LESS[by_size] if edit.reworded else by_size
    if by_size.rank > materiality.rank:
        materiality = by_size
        reasons.append(_size_reason(edit))
    return Judgement(materiality, weights, tuple(reasons), _direction(hits), hits=hits)


def _weighed(hit: Hit, edit: Edit, kind: PolicyKind) -> Materiality:
    """A fact counts in full; a mention in full where it is new to the document and more than a word or two."""
    if kind is PolicyKind.GUIDELINES and edit.size < 120:
        return LESS[hit.severity] if hit.severity is Materiality.HIGH else hit.severity
    if hit.rule == "mailbox" and not hit.sure:
        return Materiality.LOW  # another address of the same desk; an officer's is sure
    if edit.said_otherwise and not hit.exact and not hit.sure and hit.family != "numbers":
        return LESS[hit.severity]  # what a word said may now be said by another
    if hit.family == "data" and edit.op is Op.ADDED and edit.kind in (ClauseKind.ROW, ClauseKind.ITEM):
        return hit.severity
    if edit.op is Op.REMOVED and hit.family == "rights" and edit.kind is not ClauseKind.HEADING:
        return hit.severity  # a right that is gone is gone, wherever else its words stand
    if hit.exact or hit.sure or (hit.fresh and (edit.size >= _FEW or hit.family in _PLAIN)):
        return hit.severity
    return LESS[hit.severity]


def _settled(edit: Edit, hits: tuple[Hit, ...]) -> bool:
    """Is the clause about something small by nature, so that its length says nothing?"""
    grave = [h for h in hits if h.exact or h.sure or h.severity is Materiality.HIGH]
    return (
        any(h.rule in _SMALL_MATTERS for h in grave)
        and edit.size <= _ONE_MATTER
        and (all(h.rule in _SMALL_MATTERS or h.severity is not Materiality.HIGH for h in grave))
    )


def _by_size(edit: Edit, world: World, weights: Mapping[Topic, float], *, known: bool) -> Materiality:
    """What the size and place of the words say; ``known``: a signal speaks too."""
    if edit.kind is ClauseKind.HEADING and edit.op is not Op.MODIFIED:
        return Materiality.LOW
    if edit.op is Op.ADDED and edit.kind is ClauseKind.PARAGRAPH and not _BINDS.search(edit.after):
        return Materiality.LOW  # a paragraph that neither binds, permits nor denies
    if world.renames and all((bare_name(a), bare_name(b)) in world.renames for a, b in edit.pairs):
        return Materiality.LOW  # a name that is another throughout
    grave = bool(_GRAVE & set(strongest(weights, share=0.6, most=2)))
    if edit.size >= (60 if grave else 120):
        return Materiality.HIGH if grave else Materiality.MEDIUM
    if edit.op is Op.MODIFIED and any(weights.get(t, 0.0) >= _SURE for t in _MONEY):
        return Materiality.MEDIUM
    if not known:
        chance = unknown().chance(features(edit, world, about(edit.after or edit.before, edit.section)))
        return Materiality.MEDIUM if chance >= MORE else Materiality.LOW
    return Materiality.MEDIUM if edit.size >= (12 if grave else 20) else Materiality.LOW


def _size_reason(edit: Edit) -> str:
    where = f" under “{edit.section[-1][:60]}”" if edit.section else ""
    return f"no known signal decides: judged by {edit.size} changed words{where}"


def _topics(edit: Edit, hits: tuple[Hit, ...], without: frozenset[str]) -> dict[Topic, float]:
    """Weights: what the signals name, plus what the model reads in the changed words under their headings."""
    size = math.log2(2 + edit.size)
    weights: dict[Topic, float] = {}
    if _only_contact(edit, hits):
        return {Topic.CONTACT: 1.5} | (
            {Topic.SCOPE: 0.9} if any(Topic.SCOPE in h.topics for h in hits) else {}
        )
    for hit in hits:
        force = (1.5 if hit.exact else 0.8) + (0.7 if hit.fresh else 0.0)
        for i, topic in enumerate(hit.topics):
            weights[topic] = weights.get(topic, 0.0) + force * (0.7**i)
    for topic in named_by(edit.section):
        weights[topic] = weights.get(topic, 0.0) + 0.5
    if "model" not in without:
        changed = f"{edit.gone} {edit.new}"
        whole = about(edit.after or edit.before, edit.section)
        for chances, share in ((about(changed), 0.6 * min(1.0, len(words_of(changed)) / 12)), (whole, 0.5)):
            for topic, p in chances.items():
                if p > 0.15:
                    weights[topic] = weights.get(topic, 0.0) + p * share * size
    return weights


def _only_contact(edit: Edit, hits: tuple[Hit, ...]) -> bool:
    """The changed words are an address, a mailbox, a name and nothing else worth a topic."""
    exact = [h for h in hits if h.exact or h.sure]
    return bool(exact) and all(h.topics[:1] == (Topic.CONTACT,) for h in exact) and edit.size <= 30


def _direction(hits: tuple[Hit, ...]) -> Direction:
    """What the gravest signals agree on, certain ones before mere mentions; unclear where they do not."""
    sided = [h for h in hits if h.direction is not Direction.UNCLEAR and h.severity.rank >= _TOLD]
    gravest = [h for h in sided if h.severity.rank == max(x.severity.rank for x in sided)]
    sides = {h.direction for h in [h for h in gravest if h.exact or h.sure] or gravest}
    return sides.pop() if len(sides) == 1 else Direction.UNCLEAR
