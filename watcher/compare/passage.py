"""The stretch of a text that shows some of its words: from the beginning of a sentence, or of a clause of one, to
an end, as far as that lies within reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.compare.paraphrase import SMALL

_SENTENCE, _PART, _LINK, _JOINT, _ANY = 4, 3, 2, 1, 0
"""How good a place to begin or end: of a sentence, at a mark, before a word that opens a clause, before one that
joins two things, any word."""

_BEGINS_AT = {_SENTENCE: 0.0, _PART: 0.7, _LINK: 1.0, _JOINT: 2.3, _ANY: 3.2}
_ENDS_AT = {_SENTENCE: 0.0, _PART: 0.4, _LINK: 0.9, _JOINT: 0.9, _ANY: 1.9}
_UNCHANGED, _UNSHOWN, _SHORT, _TORN = 0.4, 2.5, 3.0, 1.0
"""What a stretch loses for all its room given to other words, for all the changed words left out, for brevity, for
a bracket that it tears."""
_OF_MUCH = 0.45  # of that, where the changed words are too many for the room
_FULL = 0.6  # of the room that a stretch fills where it can

_NO_STOP = "".join(
    rf"(?<!\b{a}.)" for a in ("Art", "Str", "Inc", "Ltd", "Nr", "No", "Co", "Dr", "Mr", "bzw", "ca", "[A-Z]")
)
"""The stop of an abbreviation ends no sentence."""
SENTENCE_START = re.compile(rf"[.!?]{_NO_STOP}['’”)]?\s+(?=[^\W\d_a-zß-ÿ]|[(‘“]|$)|:\s+|[。！？]\s*")
SENTENCE_END = re.compile(
    rf"[.!?](?<=[^\s.]{{2}}.){_NO_STOP}(?=['’”)]?(?:\s+(?:[^\W\d_a-zß-ÿ]|[(‘“])|\s*$))|[。！？]"
)
_MARK = re.compile(
    r"[,;:](?=\s)(?!\s(?:Inc|LLC|Ltd|Corp|GmbH|S\.A|L\.P|Co)\b)|\s[–—-](?=\s)|(?<=\s)(?=\()|(?<=[)])(?=\s)|[，、；：]"
)
_OPENER = re.compile(
    r"(?<=\s)(?:that|which|who|if|unless|when|where|while|because|but|we|you|they|it|"
    r"que|qui|si|sauf|lorsque|où|mais|nous|vous|ils|elle|il|"
    r"dass|wenn|falls|sofern|sobald|aber|wir|sie|quien|salvo|cuando|pero|nosotros|usted|"
    r"che|chi|se|quando|ma|noi|quem|mas|dat|als|tenzij|wanneer|maar|wij|je|"
    r"(?P<joint>and|or|so|to|et|ou|pour|und|oder|um|y|o|para|e|per|en|of))(?=\s)",
    re.IGNORECASE,
)
_PAIRS = (("(", ")"), ("“", "”"), ("«", "»"))
_LONGEST_OPENER = 9
_WORD = re.compile(r"(?<=\s)(?=[^\s])")
_REACH = 4  # times the limit: what lies farther off is never shown, however long the clause


def passage(
    text: str, start: int, end: int, core: tuple[int, int], limit: int
) -> tuple[int, int, bool, bool]:
    """Where to cut: a stretch of at most about ``limit`` characters with ``text[start:end]`` in it and as much of
    ``core``, the changed words around it, as there is room for; and whether its sentence goes on before, behind."""
    first, last = sentence_at(text, start, end, _REACH * limit)
    core = max(core[0], first), min(core[1], last)
    begins = [(first, _SENTENCE), *_begins(text, first, start)]
    ends = [(last, _SENTENCE), *_ends(text, end, last)]
    found = [
        (_cost(a, how_a, b, how_b, core, limit) + _TORN * _torn(text, a, b), a, b)
        for a, how_a in _with_any(begins, text, start, end, limit)
        for b, how_b in [*ends, _cut(text, a, end, limit)]
        if end <= b and b - a <= limit
    ]
    if not found:
        return start, end, start > first, end < last
    _, a, b = min(found)
    return a, b if b == last else _without_joint(text, a, end, b), a > first, b < last


def sentence_at(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """The sentence around a stretch, without its full stop, as far as ``reach`` characters."""
    floor = max(0, start - reach)
    first = max(
        (m.end() for m in SENTENCE_START.finditer(text, floor, start + 1) if m.end() <= start), default=floor
    )
    ending = SENTENCE_END.search(text, max(start, end - 1), min(len(text), end + reach))
    return first, ending.start() if ending and ending.start() >= end else min(len(text), end + reach)


def _begins(text: str, first: int, start: int) -> Iterator[tuple[int, int]]:
    for match in _MARK.finditer(text, first, start + 1):
        if first < match.end() <= start:
            yield match.end(), _JOINT if text.startswith("(", match.end()) else _PART
    for match in _OPENER.finditer(text, first, start + _LONGEST_OPENER):
        if first < match.start() <= start:
            yield match.start(), _JOINT if match["joint"] else _LINK


def _ends(text: str, end: int, last: int) -> Iterator[tuple[int, int]]:
    for match in _MARK.finditer(text, end, last):
        yield match.start(), _PART
    for match in _OPENER.finditer(text, end, last):
        yield match.start(), _JOINT if match["joint"] else _LINK


def _with_any(
    begins: list[tuple[int, int]], text: str, start: int, end: int, limit: int
) -> list[tuple[int, int]]:
    """The places to begin at, and the one between words that leaves two thirds of the room to what follows."""
    back = max(0, start - (limit - (end - start)) // 3)
    word = _WORD.search(text, back, start + 1)
    return [*begins, (word.start() if word else start, _ANY)]


def _cut(text: str, first: int, end: int, limit: int) -> tuple[int, int]:
    """The last place between words within the room, never behind a word that leads on."""
    most = min(len(text), first + limit)
    at = most if most == len(text) or text[most].isspace() else text.rfind(" ", end, most)
    if at < 0:
        return (most if " " not in text[first:most] else end), _ANY
    return max(_without_joint(text, first, end, at), end), _ANY


def _without_joint(text: str, first: int, end: int, at: int) -> int:
    """A cut never falls behind a word that leads on: "with respect to a"."""
    for _ in range(3):
        kept, _space, word = text[first:at].rstrip(" ,;:").rpartition(" ")
        if word.casefold() not in SMALL or first + len(kept) < end:
            break
        at = first + len(kept)
    return at


def _cost(a: int, how_a: int, b: int, how_b: int, core: tuple[int, int], limit: int) -> float:
    size = max(1, core[1] - core[0])
    shown = max(0, min(b, core[1]) - max(a, core[0]))
    left_out = (size - shown) / size if size <= limit else _OF_MUCH * max(0, limit - shown) / limit
    return (
        _BEGINS_AT[how_a]
        + _ENDS_AT[how_b]
        + _UNCHANGED * (b - a - shown) / limit
        + _UNSHOWN * left_out
        + _SHORT * max(0.0, _FULL - (b - a) / limit)
    )


def _torn(text: str, a: int, b: int) -> bool:
    return any(text.count(x, a, b) != text.count(y, a, b) for x, y in _PAIRS)
