"""Short quotations that stand on their own: cut between words, never empty, marked where something is left out."""

from __future__ import annotations

import re

from watcher.compare.edit import fold
from watcher.compare.paraphrase import SMALL

LIMIT = 60
"""Characters of a quotation, without its marks."""
ROOMY = 110
"""The same where a story has no more than two things to tell."""

_MOST_JOINTS = 3
_NEVER_NESTED = str.maketrans({"“": "‘", "„": "‘", "«": "‘", "”": "’", "»": "’", '"': "’"})
_SENTENCE_START = re.compile(r"[.!?]\s+(?=[^\W\d_a-zß-ÿ]|$)|:\s+")
_SENTENCE_END = re.compile(r"(?<=[^\s.]{2})[.!?](?=\s+[^\W\d_a-zß-ÿ]|\s*$)")
_ITEM_NUMBER = re.compile(
    r"^\s*(?:(?:article|artikel|section|abschnitt|clause|kapitel|chapter|teil|part)\s+(?:\d+|[ivxlc]+\b)|§+\s?\d+[a-z]?|"
    r"\d{1,2}(?:\.\d{1,2})+|\(?(?:\d{1,2}|[ivxlc]{1,5}|[a-z])[.)])[\s.:)–—-]*",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """One line, without quotation marks that would nest."""
    opened = re.sub(r'(?<![^\s(])"(?=\S)', "‘", re.sub(r"\s+", " ", text))
    return opened.translate(_NEVER_NESTED)


def shortened(text: str, limit: int = LIMIT) -> str:
    """The beginning of ``text``, cut between words."""
    text = tidy(text).strip()
    if len(text) <= limit:
        return text
    return _head(text, limit - 1).rstrip(" ,;:.–—-(’‘") + "…"


def quoted(text: str, limit: int = LIMIT) -> str:
    """``text`` in quotation marks, "" where it has neither letter nor digit."""
    return f"“{shortened(text, limit)}”" if fold(text) else ""


def around(text: str, start: int, end: int, limit: int = LIMIT) -> str:
    """The stretch in quotation marks with some words before and after it, as far as its sentence goes."""
    middle = tidy(text[start:end])
    if len(middle) >= limit - 10:
        return quoted(middle, limit)
    near = 4 * limit  # what lies farther off is never shown, however long the clause
    left, right = tidy(text[max(0, start - near) : start]), tidy(text[end : end + near])
    sentence = left[max((m.end() for m in _SENTENCE_START.finditer(left)), default=0) :]
    ending = _SENTENCE_END.search(middle[-2:] + right)
    rest = right[: max(0, ending.start() - len(middle[-2:]))] if ending else right
    room = limit - len(middle)
    before = max(room // 3, room - len(rest)) if len(rest) < room else room // 3
    lead, cut = (
        (sentence, False) if len(sentence) <= max(before, room // 2) else (_tail(sentence, before), True)
    )
    tail = rest if len(lead) + len(rest) <= room else _head(rest, room - len(lead))
    short = ("…" if cut else "") + f"{lead}{middle}".lstrip(" ,;)-•–")
    whole = short + tail.rstrip(" ,;:.–—-(’‘") + ("…" if len(tail.strip()) < len(rest.strip()) else "")
    return f"“{whole}”" if fold(whole) else ""


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
    return sum(1 for _ in _SENTENCE_END.finditer(text, 0, at))


def _tail(text: str, room: int) -> str:
    cut = text.find(" ", len(text) - room) if room > 0 else -1
    if cut >= 0:
        return text[cut + 1 :]
    return "" if " " in text[-room - 20 :] or room <= 0 else text[-room:]
