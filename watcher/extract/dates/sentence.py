"""One grammar for a sentence that dates the document: who, does what, when.

"These conditions were last reworked on 3 May 2024", "Since 3 May 2024 the present terms bind everybody",
"Text revised | 3 May 2024": the document names itself, a verb of revising or of applying stands with it, and
the date belongs to that verb. Where anything else is named between the three, the date is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.extract.dates.context import WORDS, sentence_start, strangers
from watcher.extract.dates.grammar import Mention, fold
from watcher.extract.dates.labels import Labelled
from watcher.extract.dates.lexicon import Label, Lexicon

_REACH = 240  # characters of a sentence looked at on either side of the date
_STOP = re.compile(r"(?<=\b20\d\d)[.!?]\s+(?=[^\W\d_])|[|·]")
_END = re.compile(r"[.!?](?=\s|$)|[;。；•|·]")
_AND = re.compile(r"\s(?:and|et|und|y|e|en|och|og|i|oraz)\s")
_CODE = re.compile(r"(?<![^\W_])(?=[\w/-]*\d)[\w./-]+|(?<!\w)[A-Z]{2,}(?:-[A-Z]+)+(?!\w)")
_SUBJECT_GAP = 3  # words between the document and its verb that may be unknown
_OBJECT_GAP = 2  # between a document that is the object and the date
_DATE_GAP = 6  # between the verb and its date
_JOINED_SLACK = 6  # letters that do for a word more where no spaces part them
_LINE_CHARS = 100
_BEFORE_WORDS = 5  # in which "the previous edition of" these terms is looked for
_PLAIN_WORDS = 6  # unknown words of a sentence that says little else


@dataclass(frozen=True, slots=True)
class _Verb:
    start: int
    end: int
    kind: str
    gap: int


def said(
    text: str, folded: str, spot: Mention, spots: Sequence[Mention], place: str, lex: Lexicon
) -> tuple[Labelled, bool] | None:
    """What the sentence makes of one date, and whether it says little else; None where it does not make it
    the document's. ``spots`` are all dates of the clause."""
    floor = max(0, spot.start - _REACH)
    lead = folded[floor : spot.start]
    start = floor + sentence_start(lead, len(lead))
    for stop in _STOP.finditer(folded, start, spot.start):
        start = stop.end()
    stop_at = _END.search(folded, spot.end, spot.end + _REACH)
    end = stop_at.start() if stop_at else min(len(folded), spot.end + _REACH)
    piece = folded[start:end]
    subjects = _subjects(piece, lex) or _taken_up(folded[max(0, start - _REACH) : start], piece, lex)
    if (not subjects and (place == "body" or len(spot.value) == 4)) or not lex.verbs.search(piece):
        return None
    before, after = spot.start - start, spot.end - start
    inside = [(s.start - start, s.end - start) for s in spots if s.start >= start and s.end <= end]
    low = max((e for _, e in inside if e <= before), default=0)
    high = min((s for s, _ in inside if s >= after), default=len(piece))
    bare = _blank(piece, [*inside, *subjects])
    verb = _verb_of(bare, (low, before, after, high), lex)
    if verb is None or (verb.start >= after and piece[after : after + 1] == ":"):
        return None  # a line of a change log
    if not subjects:
        if lex.law.search(bare[:low]) or strangers(lex.verbs.sub(" ", bare[:low]), lex) > _PLAIN_WORDS:
            return None
        return _line(text[start + low : start + high], (before - low, after - low), lex)
    near = min(subjects, key=lambda span: _apart(bare, span, verb, lex))
    if _apart(bare, near, verb, lex) > _SUBJECT_GAP + _JOINED_SLACK * lex.joined:
        return None
    if verb.kind == "revise" and _another(bare, near[1], lex):
        return None
    if len(spot.value) == 4 and verb.gap:
        return None
    if verb.end <= near[0] and near[1] <= before and strangers(bare[near[1] : before], lex) > _OBJECT_GAP:
        return None
    first, last = min(near[0], verb.start, before), max(near[1], verb.end, after)
    if _refused(bare, (first, last), (before, after), verb, lex, own=bool(lex.own.fullmatch(piece, *near))):
        return None
    words = lex.verbs.sub(" ", bare)
    return Labelled(_label(verb.kind), text[start + first : start + last], True, 0), (
        strangers(words, lex) <= _PLAIN_WORDS
    )


def _label(kind: str) -> frozenset[Label]:
    return frozenset({Label.UPDATED if kind == "revise" else Label.EFFECTIVE})


def _blank(piece: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        piece = piece[:start] + " " * (end - start) + piece[end:]
    return piece


def _subjects(piece: str, lex: Lexicon) -> list[tuple[int, int]]:
    """Where the document names itself. A name that an earlier text bears is none; "the regulation" is a statute
    unless it is said to be new."""
    found = [match.span() for match in lex.own.finditer(piece)]
    for match in lex.named.finditer(piece):
        if any(match.end() > start and match.start() < end for start, end in found):
            continue
        if lex.law.search(piece, match.start(), match.end() + 6) and not lex.fresh.search(match[0]):
            continue
        found.append(match.span())
    return [(start, end) for start, end in found if not lex.former.search(piece[start:end])]


def _taken_up(earlier: str, piece: str, lex: Lexicon) -> list[tuple[int, int]]:
    """A pronoun that opens the sentence, where the sentence before names the document and no statute."""
    opening = lex.pronoun.match(piece)
    earlier = earlier.rstrip(" .;")
    earlier = earlier[sentence_start(earlier, len(earlier)) :]
    named = opening and lex.own.search(earlier) and not lex.law.search(earlier)
    return [opening.span()] if opening and named else []


def _verb_of(bare: str, bounds: tuple[int, int, int, int], lex: Lexicon) -> _Verb | None:
    """The verb that the date belongs to: the nearest one, which in most languages stands before it."""
    low, before, after, high = bounds
    best: tuple[int, _Verb] | None = None
    for match in lex.verbs.finditer(bare, low, high):
        kind = match.lastgroup or ""
        if match.end() <= before:
            gap = strangers(lex.by.sub(" ", bare[match.end() : before]), lex)
            rank = 2 * gap + 100 * lex.joined
        elif match.start() >= after:
            gap = strangers(bare[after : match.start()], lex)
            rank = 2 * gap + (not lex.joined)
            gap -= lex.joined * _JOINED_SLACK  # letters there, not words
        else:
            continue
        if gap > _DATE_GAP or (kind == "apply" and not lex.since.search(bare[low:before])):
            continue
        if best is None or rank < best[0] or (rank == best[0] and match.end() <= before):
            best = rank, _Verb(match.start(), match.end(), kind, gap)
    return best[1] if best else None


def _apart(bare: str, subject: tuple[int, int], verb: _Verb, lex: Lexicon) -> int:
    between = bare[subject[1] : verb.start] if subject[1] <= verb.start else bare[verb.end : subject[0]]
    return strangers(lex.verbs.sub(" ", between), lex)


def _again(bare: str, first: int, verb: _Verb) -> int:
    """Where the statement of the verb begins: "replaces the rules of 2019 *and* applies from"."""
    return max((found.end() for found in _AND.finditer(bare, first, verb.start)), default=first)


def _another(bare: str, start: int, lex: Lexicon) -> bool:
    """Whether another thing is named between the document and the next verb: "this policy follows *the*
    guidance issued on". An article right at the verb is of the verb: "was reworked for *the* last time"."""
    verb = lex.verbs.search(bare, start)
    end = verb.start() if verb else start
    return any(found.end() < end - 1 for found in lex.the.finditer(bare, start, end))


def _refused(
    bare: str, span: tuple[int, int], date: tuple[int, int], verb: _Verb, lex: Lexicon, *, own: bool
) -> bool:
    """Whether something else is named: a statute, an earlier text, some readers only, a part, the future."""
    (first, last), (before, after) = span, date
    told, lead = bare[first:last], bare[:first]
    if (
        lex.former.search(bare[_again(bare, first, verb) : last])
        or lex.law.search(told)
        or lex.part.search(bare[:last])
    ):
        return True
    if lex.claim.search(bare[:last]):
        return True
    # "whoever stays on after 3 May 2024, the day on which these rules begin to bind" is everybody
    aside = bare[after : after + 1] == ","
    if any(not (aside and found.end() <= before <= found.end() + 1) for found in lex.some.finditer(bare)):
        return True
    if verb.kind == "revise" and lex.ahead.search(bare[:last]):
        return True
    if not own and lex.law.search(lead):
        return True
    words = WORDS.findall(lead.rpartition(",")[2])[-_BEFORE_WORDS:]
    return bool(words and lex.former.search(" ".join(words)))


def _line(told: str, date: tuple[int, int], lex: Lexicon) -> tuple[Labelled, bool] | None:
    """A line or a table cell without a subject: nothing but the verb, the date and who did it."""
    before, after = date
    piece = fold(told)
    verbs = list(lex.verbs.finditer(piece, 0, before))
    if len(piece) > _LINE_CHARS or not verbs:
        return None
    verb = verbs[-1]
    kind = verb.lastgroup or ""
    if kind == "apply" and not lex.since.search(piece[:before]):
        return None
    actor = lex.by.search(piece, verbs[0].end(), before) if kind == "revise" else None
    then = told[after:] if kind == "revise" else lex.former.sub(" ", fold(told[after:]))  # "from … until …"
    rest = f"{told[: actor.start() if actor else before]} {then}"
    for known in (lex.verbs, lex.texts, lex.fresh, lex.since):
        rest = known.sub(" ", fold(_CODE.sub(" ", rest)))
    if strangers(rest, lex) or lex.law.search(rest + (piece[actor.end() : before] if actor else "")):
        return None
    if lex.former.search(rest) or lex.ahead.search(rest):
        return None
    return Labelled(_label(kind), told[:after].strip(" ,;:|"), False, 0), True
