"""Texts cut into the units that comparing counts: words where a script writes spaces, characters where not.

Two cuts serve two ends. `words` is lossy (case folded, punctuation dropped) and serves similarity;
`pieces` is lossless and serves the word-level differences: joined, its pieces give the text back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han (with extensions).
_SPACELESS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
# Vowel signs and tone marks stay on the letter before them, so that no half of a cluster is ever marked.
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u3099\u309a"
)
_HAS_SPACELESS = re.compile(f"[{_SPACELESS}]")
# A number in Han digits before its counter is one; a run of katakana is nearly always a loan word or name.
_UNIT = (
    "[〇零一二三四五六七八九十百千万億亿两]+(?=[个個天日月年周週岁歳元円时時分条])"
    f"|[\u30a1-\u30fa\u30fc-\u30ff]+|[{_SPACELESS}][{_MARKS}]*"
)
_WORD = re.compile(r"\w+")
_WORD_MIXED = re.compile(f"{_UNIT}|(?:(?![{_SPACELESS}])\\w)+")

_MONTH = (
    r"(?:jan(?:uary|vier|uar|eiro)?|feb(?:ruary|ruar|braio|rero|ruari)?|f[ée]vr(?:ier)?|fevereiro|mar(?:ch|s|zo|ço)?"
    r"|märz|maart|apr(?:il|ile)?|avr(?:il)?|abril|ma[iy]o?|mei|maggio|mag|june?|juin|juni|junho|junio|giugno"
    r"|july?|juil(?:let)?|juli|julho|julio|luglio|aug(?:ust|ustus)?|août|agosto|sept?(?:ember|embre|iembre)?"
    r"|set(?:embro|tembre)?|o[ck]t(?:ober|obre|ubre)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?"
    r"|de[czs](?:ember|embre|embro)?|déc(?:embre)?|diciembre|dicembre)"
)
_DATE = (
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![\w])|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?![\w])"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?(?:\s(?:of|de|di))?\s{_MONTH}\.?(?:,?\s(?:de\s|del\s)?\d{{4}})?(?!\w)"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?(?!\w)"
    rf"|{_MONTH}\.?\s(?:de\s)?\d{{4}}(?!\w)"
)
# Every repetition is bounded: on hostile text the time stays proportional to its length.
_NUMBER = r"\d{1,40}(?:[.,'’:/\u00a0\u202f]\d{1,40}|\s\d{3}(?!\d)){0,8}"
_MONEY = r"(?:[A-Z]{1,3})?[$€£¥₹₩₽฿]\s?" + _NUMBER + r"(?:\s?(?:k|m|bn|million|billion)(?!\w))?"
_AMOUNT = (
    rf"{_MONEY}|(?:USD|EUR|GBP|CHF|CAD|AUD|JPY|INR)\s?{_NUMBER}"
    rf"|{_NUMBER}\s?(?:[%‰$€£¥]|(?:USD|EUR|GBP|CHF|CAD|AUD|JPY|INR)(?!\w))"
)
_URL = r"(?:https?://|www\.)[^\s<>\"'“”«»\[\]{}|]{0,2000}[^\s<>\"'“”«»\[\]{}|.,;:!?)]"
_EMAIL = r"[A-Za-z0-9_+%-][A-Za-z0-9_.+%-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_HOST = r"(?:[a-z0-9-]{1,63}\.){1,8}(?:[a-z]{2,24})(?:/[^\s<>\"']{0,500}[^\s<>\"'.,;:!?)\]}])?(?!\w)"
_LEGAL_FORM = (
    r"(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|L\.L\.C|LLP|LP|PLC|plc|GmbH|AG|KG|SE|UG|e\.V|SARL"
    r"|S\.à r\.l|Sàrl|SAS|SASU|S\.A\.S|SA|S\.A|SpA|S\.p\.A|SRL|S\.r\.l"
    r"|S\.L|SL|B\.V|BV|N\.V|NV|AB|A/S|ApS|AS|ASA|Oy|Oyj"
    r"|Pty Ltd|Pty|Pte\.? Ltd|Pte|Co|Company|K\.K|Ltda|Lda|Unlimited Company|Designated Activity Company)"
)
# Words that begin a sentence or a title, never part of a name.
NO_NAME = frozenset(
    "the a an we our us you your they their it its this that these those if when where while as in on at by "
    "for from to of with and or but not no any all such each some other please see use how what who why "
    "which may will shall should can here there unless until after before because le la les un une des "
    "nous vous votre notre si ce cette der die das ein eine wir sie ihr ihre unser wenn diese el los las "
    "una usted nosotros su".split()
)
_NO_START = f"(?!(?i:{'|'.join(sorted(NO_NAME))}),?\\s)"
_PARTY = (
    rf"{_NO_START}(?:[A-Z0-9][\w&'’.+-]{{0,40}},?\s(?:(?:&|of|de|and)\s)?){{1,5}}{_LEGAL_FORM}(?:\.|(?!\w))"
)
_JOINED = r"\w+(?:['’]\w+|[-‐‑]\w+)*"
_PIECE_TAIL = r"|\s+|[^\w\s]"
# Kinds of pieces in the order in which they are tried, each with the sign without which there is none.
_KINDS = (
    (re.compile(r"://|www\."), _URL),
    (re.compile("@"), _EMAIL),
    (re.compile(r"\d"), f"(?i:{_DATE})|{_AMOUNT}"),
    (re.compile(_LEGAL_FORM), _PARTY),
    (re.compile(r"\.[^\W\d_]{2}"), f"(?i:{_HOST})"),
    (re.compile(r"\d"), f"{_NUMBER}(?!\\w)"),
)
_WORD_NOT_UNIT = f"(?:(?![{_SPACELESS}])\\w)+"
_PIECE_MIXED = re.compile(
    f"(?:{_URL}|{_EMAIL}|(?i:{_DATE})|{_AMOUNT}|{_NUMBER})|{_UNIT}"
    f"|{_WORD_NOT_UNIT}(?:['’-]{_WORD_NOT_UNIT})*{_PIECE_TAIL}"
)
_SENTENCE = re.compile(r".+?(?:[.!?;:]\s+|[。！？；]|$)|\s+", re.DOTALL)

# A regular expression looks back over at most this many characters of one clause before the fine cut is
# given up for plain words: longer clauses are broken extractions, where names and dates do not count.
FINE_CHARACTERS = 200_000


def spaceless(text: str) -> bool:
    """Does the text hold letters of a script that writes no spaces between words?"""
    return not text.isascii() and _HAS_SPACELESS.search(text) is not None


def words(text: str) -> list[str]:
    """The words of a text, case folded, for similarity; single characters in scripts without spaces."""
    return (_WORD_MIXED if spaceless(text) else _WORD).findall(text.casefold())


def pieces(text: str) -> list[str]:
    """The text cut for word-level differences; joined, the pieces are the text again.

    Whole are: words (with apostrophes and inner hyphens), numbers, amounts with their currency or percent
    sign, dates, e-mail addresses, addresses of pages, company names with their legal form. White space and
    punctuation marks are pieces of their own.
    """
    if len(text) > FINE_CHARACTERS:
        return re.findall(r"\w+|\s+|[^\w\s]", text)
    if spaceless(text):
        return _PIECE_MIXED.findall(text)
    return _piece(tuple(sign.search(text) is not None for sign, _ in _KINDS)).findall(text)


@lru_cache(maxsize=64)
def _piece(signs: tuple[bool, ...]) -> re.Pattern[str]:
    """One piece, where only these kinds of pieces have their sign in the text."""
    kinds = "|".join(pattern for (_, pattern), there in zip(_KINDS, signs, strict=True) if there)
    named = f"(?<!\\w)(?:{kinds})|" if kinds else ""
    return re.compile(f"{named}{_JOINED}{_PIECE_TAIL}")


def sentences(text: str) -> list[str]:
    """The text cut after sentence ends; joined, the sentences are the text again."""
    return _SENTENCE.findall(text)


class Alphabet(dict[str, str]):
    """Gives every distinct token one character, so that string algorithms run over words.

    Characters skip U+D800–DFFF (no string may be encoded with them). Past 1.1 million distinct tokens the
    characters start again: more than any document holds, and only a similarity would be a little off.
    """

    _ROOM = 0x110000 - 0x800 - 1

    def __missing__(self, token: str) -> str:
        number = (len(self) + 1) % self._ROOM
        self[token] = chr(number if number < 0xD800 else number + 0x800)
        return self[token]

    def encode(self, tokens: Iterable[str]) -> str:
        return "".join(map(self.__getitem__, tokens))
