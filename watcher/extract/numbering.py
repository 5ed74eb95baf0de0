"""The numbering in front of a clause, taken off so that a renumbered clause stays the same clause."""

from __future__ import annotations

import re

_BULLETS = frozenset("•●○◦▪■□▫‣⁃∙·➢➤►▶✓✔❖◆\uf0b7\uf0a7-–—*o")  # what `_BULLET` can begin with
_BULLET = re.compile(r"^(?:[•●○◦▪■□▫‣⁃∙·➢➤►▶✓✔❖◆\uf0b7\uf0a7]|[-–—*]\s|o\s(?=[A-Z]))\s*")

_WORD = (
    "(?i:article|art\\.|section|sec\\.|clause|chapter|part|annex|appendix|schedule|"
    "artikel|abschnitt|ziffer|anhang|anlage|teil|kapitel|titre|chapitre|annexe|partie|"
    "artículo|sección|cláusula|anexo|articolo|sezione|allegato|artigo|seção|secção|"
    "bijlage|hoofdstuk|artykuł|avsnitt|§+)"
)
_WORDS = tuple(_WORD[4:-1].replace("\\", "").split("|"))
_LONGEST_WORD = max(map(len, _WORDS))
_INITIALS = frozenset(letter for word in _WORDS for letter in word[0] + word[0].upper())
_NUMBER = re.compile(
    rf"""
      {_WORD}\s*(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])(?:\s*[.:)–—-]+(?=\s|$)|(?=\s+[^\W\da-zß-ÿ]))  # Article 5 –
    | \((?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,5}}|[IVX]{{1,5}})\.?\)\.?                                     # (a) (iv)
    | \d{{1,2}}(?:\s?\.\s?\d{{1,2}})+(?:[.):]|(?=\s+["“„«'‘(\[]?[^\W\d_a-zß-ÿ])|(?=[^\W\d_a-zß-ÿ])) # 4.2
    | \d{{1,3}}\s?(?:\.\)?|\)|\s[-–—](?=\s)|:(?=\s))(?!\d)                                     # 4.  4)
    | (?:[a-zA-Z]|[ivx]{{2,5}}|[IVX]{{2,5}})(?:\)|\.(?=\s+(?![^\W\d_]\.)))                     # a) B. IV.
    """,
    re.X,
)
# "1. Januar 2024" and "16. mai" are dates, "1.5 million" is an amount: their digits are no numbering.
_DATE = re.compile(r"^\d{1,2}\.\s?(?:[^\W\d_]{3,10}\.?\s+(?:19|20)\d\d\b|\d{1,2}\.\s?(?:19|20)?\d\d\b)")
_BARE = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\s+(?=[^\W\d_])")


def split_number(text: str, *, heading: bool = False) -> tuple[str, str]:
    """``(number, rest)`` of a plain text: ("4.2", "Sharing") of "4.2 Sharing", ("", text) where there is none.

    A bullet glyph is taken off and is no number. ``heading``: a bare number before a word counts
    ("3 Cookies"). A number that is the whole text stays text.
    """
    if text and text[0] in _BULLETS:
        text = _BULLET.sub("", text, count=1)
    if not text or _plain_start(text):
        return "", text
    if text[0].isdigit() and _DATE.match(text):
        return "", text
    found = _NUMBER.match(text)
    if found is None and heading:
        found = _BARE.match(text)
    if found is None:
        return "", text
    rest = text[found.end() :].strip()
    if not rest:
        return "", text
    return found[0].strip().rstrip("–—-:").strip(), rest


def _plain_start(text: str) -> bool:
    """Whether a text begins with a word or a sign that no numbering begins with: the cheap look before any
    pattern."""
    first = text[0]
    if not first.isalpha():
        return not (first in "(§" or first.isalnum())
    lead = text[:6]
    if "." in lead or ")" in lead:
        return False
    return first not in _INITIALS or not text[:_LONGEST_WORD].lower().startswith(_WORDS)


def depth_of(number: str) -> int:
    """How deep a numbering is: 1 for "4." and "IV.", 2 for "4.2", 0 for none."""
    return number.strip(".").count(".") + 1 if number else 0


def starts_item(text: str) -> bool:
    """Whether a line opens a list item or a numbered clause: a bullet glyph or a numbering in front."""
    return _BULLET.match(text) is not None or bool(split_number(text)[0])


def numeral(style: str, count: int) -> str:
    """The number a browser prints before a list item: ``style`` is the list's ``type`` (1, a, A, i, I)."""
    if style in "aA" and 1 <= count <= 26:
        return f"{chr(ord(style) + count - 1)}."
    if style in "iI" and 1 <= count < 40:
        roman = "x" * (count // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[count % 10]
        return f"{roman if style == 'i' else roman.upper()}."
    return f"{count}."
