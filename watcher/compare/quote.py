"""Short quotations that stand on their own: cut between words, never empty, marked where something is left out."""

from __future__ import annotations

import re

from watcher.compare.edit import fold
from watcher.compare.paraphrase import SMALL
from watcher.compare.passage import SENTENCE_END, passage

LIMIT = 70
"""Characters of a quotation, without its marks."""
ROOMY = 110
"""The same where a story has no more than two things to tell."""

_MOST_JOINTS = 3
_NEVER_NESTED = str.maketrans({"“": "‘", "„": "‘", "«": "‘", "”": "’", "»": "’", '"': "’"})
_SPACES = re.compile(r"\s+")
_OPENING = re.compile(r'(?<![^\s(])"(?=\S)')
_IDLE_MARKS = " ,;:.–—-•/，、；：。"
_ROOM_AROUND = 10
_FILLED = 0.6
_STOP = re.compile(r"[,;:](?=\s)|\s[–—-](?=\s)|(?<=[^\s.]{2})[.!?](?=\s)|\s(?=\()|[，、；：。！？]")
_NEXT_ITEM = re.compile(r"[\s;,]+(?:et|and|und|y|e|or|ou|oder)?\s?\((?:\d{1,2}|[ivx]{1,4}|[a-h])\)?$")
_ENUMERATED = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])[.)]\s+")
_ITEM_NUMBER = re.compile(
    r"^\s*(?:(?:article|artikel|section|abschnitt|clause|kapitel|chapter|teil|part)\s+(?:\d+|[ivxlc]+\b)|§+\s?\d+[a-z]?|"
    r"\d{1,2}(?:\.\d{1,2})+|\(?(?:\d{1,2}|[ivxlc]{1,5}|[a-z])[.)])[\s.:)–—-]*",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """One line, without quotation marks that would nest."""
    opened = _OPENING.sub("‘", _SPACES.sub(" ", text)) if '"' in text else _SPACES.sub(" ", text)
    return opened.translate(_NEVER_NESTED)


def shortened(text: str, limit: int = LIMIT) -> str:
    """The beginning of ``text``, cut between words."""
    text = tidy(text).strip()
    if len(text) <= limit:
        return text
    return _trimmed(_head(text, limit - 1)) + "…"


def quoted(text: str, limit: int = LIMIT) -> str:
    """The beginning of ``text`` in quotation marks, "" where it has neither letter nor digit; of a longer one whole
    sentences, or clauses of one, where they fill most of the room."""
    text = _ENUMERATED.sub("", tidy(text).strip(_IDLE_MARKS))
    if not fold(text):
        return ""
    if len(text) <= limit:
        return f"“{_trimmed(text)}”"
    ends = [m.start() for m in _STOP.finditer(text, int(limit * _FILLED), limit + 1)]
    return f"“{_trimmed(text[: ends[-1]] if ends else _head(text, limit - 1))}…”"


def _trimmed(text: str) -> str:
    """Without marks, and the number of a next item, at either end that belong to what was left out."""
    text = _NEXT_ITEM.sub("", text.strip(_IDLE_MARKS + "(‘"))
    if text.startswith((")", "’")):
        text = text[1:].lstrip(_IDLE_MARKS)
    for opening, closing in (("(", ")"), ("‘", "’")):
        if text.endswith(closing) and opening not in text:
            text = text[:-1]
    return text.rstrip(_IDLE_MARKS)


def around(text: str, start: int, end: int, limit: int = LIMIT, core: tuple[int, int] | None = None) -> str:
    """The stretch in quotation marks with what makes it readable before and after it, as far as its sentence goes;
    ``core``: the changed words that it stands in, shown before others."""
    if end - start >= limit - _ROOM_AROUND:
        return quoted(text[start:end], limit)
    a, b, cut, goes_on = passage(text, start, end, core or (0, len(text)), limit)
    inside = _ENUMERATED.sub("", _trimmed(tidy(text[a:b])))
    return f"“{'…' if cut else ''}{inside}{'…' if goes_on else ''}”" if fold(inside) else ""


def heading(text: str, limit: int = 45) -> str:
    """A heading without its number and closing sign, cut between words; "" where nothing is left."""
    bare = _ITEM_NUMBER.sub("", tidy(text)).strip(" .:–—-•*")
    return shortened(bare, limit) if fold(bare) else ""


def _head(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    cut = text[: max(0, room) + 1].rfind(" ")
    return _without_joint(text[:cut]) if cut >= 0 else text[: max(0, room)]


def _without_joint(text: str) -> str:
    """A cut never falls behind a word that leads on: "with respect to a"."""
    words = text.split(" ")
    kept = list(words)
    while len(kept) > 1 and len(words) - len(kept) < _MOST_JOINTS and kept[-1].casefold() in SMALL:
        kept.pop()
    return " ".join(words if kept[-1].casefold() in SMALL else kept)


def sentence_of(text: str, at: int) -> int:
    """The number of the sentence that position ``at`` of ``text`` stands in, from 0."""
    return sum(1 for _ in SENTENCE_END.finditer(text, 0, at))
