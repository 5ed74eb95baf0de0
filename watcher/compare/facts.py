"""Facts a reader checks first: periods, amounts, percentages, ages, dates, addresses — found in a clause's words.

Each fact has a canonical value, so "thirty (30) days", "30-day" and "30 Tagen" compare by number and unit.
Languages: en, fr, de, es, it, pt, nl for words; digits and symbols everywhere.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from watcher.compare.edit import words_of
from watcher.compare.reach import around


class FactKind(enum.StrEnum):
    PERIOD = "period"
    AMOUNT = "amount"
    PERCENT = "percentage"
    AGE = "age"
    DATE = "date"
    EMAIL = "e-mail"
    LINK = "link"
    PHONE = "phone"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Fact:
    kind: FactKind
    value: str  # canonical: "30 day", "1440 eur", "16", "privacy@example.org"
    text: str  # as printed
    start: int
    end: int


_NUMBERS = {
    1: "one|une|un|eine[nmrs]?|ein|una|uno|um|uma|één|een",
    2: "two|deux|zwei|dos|due|dois|duas|twee",
    3: "three|trois|drei|tres|tre|três|drie",
    4: "four|quatre|vier|cuatro|quattro|quatro",
    5: "five|cinq|fünf|cinco|cinque|vijf",
    6: "six|sechs|seis|sei|zes",
    7: "seven|sept|sieben|siete|sette|sete|zeven",
    8: "eight|huit|acht|ocho|otto|oito",
    9: "nine|neuf|neun|nueve|nove|negen",
    10: "ten|dix|zehn|diez|dieci|dez|tien",
    11: "eleven|onze|elf|once|undici",
    12: "twelve|douze|zwölf|doce|dodici|doze|twaalf",
    13: "thirteen|treize|dreizehn|trece|tredici|treze|dertien",
    14: "fourteen|quatorze|vierzehn|catorce|quattordici|veertien",
    15: "fifteen|quinze|fünfzehn|quince|quindici|vijftien",
    16: "sixteen|seize|sechzehn|dieciséis|sedici|dezesseis|zestien",
    18: "eighteen|dix-huit|achtzehn|dieciocho|diciotto|dezoito|achttien",
    21: "twenty-one|vingt-et-un|einundzwanzig|veintiún|ventuno|eenentwintig",
    25: "twenty-five|vingt-cinq|fünfundzwanzig|veinticinco|venticinque|vijfentwintig",
    28: "twenty-eight|vingt-huit|achtundzwanzig|veintiocho|ventotto|achtentwintig",
    36: "thirty-six|trente-six|sechsunddreißig|trentasei|zesendertig",
    40: "forty|quarante|vierzig|cuarenta|quaranta|quarenta|veertig",
    45: "forty-five|quarante-cinq|fünfundvierzig|quarantacinque|vijfenveertig",
    48: "forty-eight|quarante-huit|achtundvierzig|quarantotto|achtenveertig",
    50: "fifty|cinquante|fünfzig|cincuenta|cinquanta|cinquenta|vijftig",
    72: "seventy-two|soixante-douze|zweiundsiebzig|settantadue|tweeënzeventig",
    20: "twenty|vingt|zwanzig|veinte|venti|vinte|twintig",
    24: "twenty-four|vingt-quatre|vierundzwanzig|veinticuatro|ventiquattro|vierentwintig",
    30: "thirty|trente|dreißig|dreissig|treinta|trenta|trinta|dertig",
    60: "sixty|soixante|sechzig|sesenta|sessanta|sessenta|zestig",
    90: "ninety|quatre-vingt-dix|neunzig|noventa|novanta|negentig",
}
_WORD_TO_NUMBER = {
    word: number for number, words in _NUMBERS.items() for word in re.sub(r"\[.*?\]\??", "", words).split("|")
}
_WORD_TO_NUMBER |= {f"eine{ending}": 1 for ending in "nmrs"}
_NUMBER_WORD = "|".join(sorted(_WORD_TO_NUMBER, key=len, reverse=True))

_UNITS = {
    "minute": r"minut(?:e|es|en|os?|i|a)?",
    "hour": r"hours?|heures?|stunden?|horas?|or[ae]|uur|uren",
    "day": r"(?:business |working |calendar )?days?|jours?|(?:werk|kalender)?tage?n?s?|d[ií]as?|giorn[io]|(?:werk)?dag(?:en)?",
    "week": r"weeks?|semaines?|wochen?|semanas?|settiman[ae]|we(?:ek|ken)",
    "month": r"months?|mois|monate?n?s?|mes(?:es)?|mesi|mês|maand(?:en)?",
    "year": r"years?|ans?|années?|jahre?n?s?|años?|ann[io]|anos?|ja(?:ar|ren)",
}
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
_PERIOD = re.compile(
    rf"(?<![\w.,/-])(?:(?P<word>{_NUMBER_WORD})\s?(?:\((?P<paren>\d{{1,4}})\))?|(?P<digits>\d{{1,4}})(?:\s?\([\w -]{{2,20}}\))?)"
    rf"[\s\u00a0‑-]{{0,2}}(?:(?:full|consecutive|volle[nr]?|laufende[nr]?|whole|additional|weitere[nr]?)\s)?(?:{_UNIT})(?!\w)",
    re.IGNORECASE,
)

_CURRENCY = {
    "$": "usd",
    "us$": "usd",
    "usd": "usd",
    "€": "eur",
    "eur": "eur",
    "euro": "eur",
    "euros": "eur",
    "£": "gbp",
    "gbp": "gbp",
}
_CURRENCY |= {
    "chf": "chf",
    "¥": "jpy",
    "cad": "cad",
    "aud": "aud",
    "dollars": "usd",
    "dollar": "usd",
    "pounds": "gbp",
}
_MONEY_MARK = r"us\$|[$€£¥]|usd|eur|gbp|chf|cad|aud"
_DIGITS = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<!\w)(?:(?P<m1>{_MONEY_MARK})\s?(?P<n1>{_DIGITS})|(?P<n2>{_DIGITS})\s?(?P<m2>{_MONEY_MARK}|euros?|dollars?|pounds))(?!\w)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<![\w.:])(?!100\s?(?:%|percent)\s?(?:secure|safe|foolproof|clean|free|reliable|fail|sicher\w*|accura\w*|error|sécuris\w*|segur\w*|sicur\w*|veilig|guarant\w*|certain|protected)\b)(\d{1,3}(?:[.,]\d{1,3})?)\s?(?:%(?!\s?[;}])|percent\b|per cent\b|pour cent\b|prozent\b|por ciento\b|procent\b)",
    re.I,
)
_TEENS = "|".join(word for word, number in _WORD_TO_NUMBER.items() if 6 <= number <= 21)
_AGE = re.compile(
    r"(?<!\w)(?:under(?: the age of)?|(?:at least|over|reached)(?: the age of)?|older than|younger than|ages?d?(?: of)?|moins de|plus de|au moins|"
    r"âgée?s? de(?: moins de)?|unter|über|mindestens|ab|menores de|mayores de|al menos|minori di|almeno|onder de|minstens)\s"
    r"(?P<a>1[0-9]|2[01]|[6-9])\b(?![.,]\d|\s?(?:%|€|\$|(?:consecutive |calendar |business |working |full )?(?:euros?|eur|usd|dollars?|pounds?|percent|prozent|days?|weeks?|months?|hours?|minutes?|jours?|semaines?|mois|heures?|tage?n?|wochen?|monate?n?|stunden?|minuten|werktage\w*|d[ií]as|semanas|meses|horas|giorni|settimane|mesi|ore|dagen|weken|maanden|uur|members|users|people|persons|characters|items|articles|times|fois|mal|countries|km|kg|cm|mb|gb)\b))(?=\s?(?:years?|ans|jahre?n?|años|anni|anos|jaar|\W|$))"
    r"|\b(?P<b>1[0-9]|2[01])(?:\syears?(?:\sof\sage|\sold)|-years?-old|\sans\s(?:révolus|ou plus)|\sjahre\salt|\+)"
    rf"|(?:mais de|menos de|maiores de|menores de|idade mínima de|completado|más de|menos de|mayor(?:es)? de|menor(?:es)? de|cumplido(?: los)?|edad mínima de|"
    rf"più di|meno di|maggior[ei] di|minor[ei] di|compiuto(?: i)?|età minima di|ouder dan|jonger dan|minimumleeftijd van|jünger als|älter als|mindestalter von|"
    rf"âge minimum de|minimum age (?:is|of)|moins de|plus de)\s(?P<c>1[0-9]|2[01]|[6-9]|{_TEENS})\s(?:ans|anos|años|anni|jaar|jahren?|years)(?!\w)",
    re.IGNORECASE,
)

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|"
    "januar|jänner|februar|märz|juni|juli|oktober|dezember|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|novembre|dicembre|"
    "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro|januari|februari|maart|mei|augustus|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez|déc|janv|févr|juil"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.|º|°)?\s?(?:of |de |d')?(?:{_MONTHS})\b\.?,?\s?(?:de |del )?(?:\d{{4}})?"
    rf"|\b(?:{_MONTHS})\b\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:\s?,?\s?\d{{4}})?|\b(?:{_MONTHS})\b\.?,?\s(?:de )?\d{{4}}\b"
    r"|\b\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}\b|\b\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}\b"
    r"|\d{4}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.I)
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"”’)\]]{1,300}|\b[\w-]{2,40}(?:\.[\w-]{2,40}){0,2}\.(?:com|org|net|io|app|eu|fr|de|uk)\b(?:/[^\s<>\"”)\]]{0,200})?",
    re.I,
)
_PHONE = re.compile(r"(?<![\w/])(?:\(\+|\+|00|\(0?\d{1,4}\)|0)[\d\s().\u00a0/-]{7,20}\d(?!\w)")
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b|\b(?:[A-Z]{1,2}-)?\d{4,5}\s(?=[A-ZÀ-Ý][a-zà-ÿ]{2})|\bD0?\d\s?[A-Z0-9]{4}\b"
)


def _period(match: re.Match[str]) -> str:
    digits = match["paren"] or match["digits"]
    number = int(digits) if digits else _WORD_TO_NUMBER[match["word"].lower()]
    unit = next(name for name in _UNITS if match[name])
    return f"{number} {unit}"


def _age(match: re.Match[str]) -> str:
    word = match["a"] or match["b"] or match["c"]
    return word if word.isdigit() else str(_WORD_TO_NUMBER[word.lower()])


def _amount(match: re.Match[str]) -> str:
    digits = re.sub(r"[' \u00a0\u202f]|[.,](?=\d{3}(?:\D|$))", "", match["n1"] or match["n2"]).replace(
        ",", "."
    )
    mark = (match["m1"] or match["m2"]).lower()
    return f"{float(digits):g} {_CURRENCY.get(mark, mark)}"


def _link(match: re.Match[str]) -> str:
    return (
        re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0].lower()).split("?")[0].split("#")[0].rstrip("/.,;")
    )


_READERS = (
    (
        FactKind.EMAIL,
        _EMAIL,
        lambda m: re.sub(r"\s|^'+|'+$", "", re.sub(r"\(at\)|\[at\]", "@", m[0].lower())),
    ),
    (FactKind.LINK, _LINK, _link),
    (FactKind.DATE, _DATE, lambda m: re.sub(r"\W+", " ", m[0].lower()).strip()),
    (FactKind.AMOUNT, _AMOUNT, _amount),
    (FactKind.PERCENT, _PERCENT, lambda m: m[1].replace(",", ".")),
    (FactKind.AGE, _AGE, _age),
    (FactKind.PERIOD, _PERIOD, _period),
    (FactKind.PHONE, _PHONE, lambda m: re.sub(r"\D", "", m[0])),
    (FactKind.POSTCODE, _POSTCODE, lambda m: re.sub(r"\s", "", m[0])),
)


# Signs without which a reader of that kind finds nothing; the other kinds have digits in them, or number words.
_SIGNS = {
    FactKind.EMAIL: re.compile(r"@|\(at\)|\[at\]", re.IGNORECASE),
    FactKind.LINK: re.compile(r"www\.|://|\w\.\w"),
    FactKind.PHONE: re.compile(r"\d[\s\d().\u00a0/-]{6}"),
}
_DIGIT_RUN = re.compile(r"\d+")
# Characters that a fact reaches before its first and beyond its last digit; the longest are periods.
_BEFORE, _BEYOND = 60, 100
_UNIT_WORD = re.compile(rf"(?:\d+|{_NUMBER_WORD})?(?:{_UNIT})", re.IGNORECASE)
_NUMBER_AHEAD = re.compile(rf"(?:{_NUMBER_WORD})(?:{_UNIT})?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def facts(text: str) -> tuple[Fact, ...]:
    """Every fact of ``text`` in reading order; where two readings overlap, the first of `_READERS` stands."""
    found: list[Fact] = []
    taken = bytearray(len(text))
    digits = around(text, (m.span() for m in _DIGIT_RUN.finditer(text)), _BEFORE, _BEYOND)
    for kind, pattern, value in _READERS:
        where = digits
        if kind in (FactKind.EMAIL, FactKind.LINK) or (
            kind in (FactKind.PERIOD, FactKind.AGE) and _period_in_words(text)
        ):
            where = [(0, len(text))]
        if not where or (kind in _SIGNS and not _SIGNS[kind].search(text)):
            continue
        for first, last in where:
            for match in pattern.finditer(text, first, last):
                start, end = match.span()
                if taken.find(1, start, end) >= 0:
                    continue
                taken[start:end] = b"\1" * (end - start)
                found.append(Fact(kind, value(match), match[0].strip(" -‑.,;"), start, end))
    return tuple(sorted(found, key=lambda fact: fact.start))


def _period_in_words(text: str) -> bool:
    """May a period be spelt out here: is there a number word, and a unit?"""
    marks = [_period_word(word) for word in words_of(text)]
    return any(number for number, _ in marks) and any(unit for _, unit in marks)


@lru_cache(maxsize=32768)
def _period_word(word: str) -> tuple[bool, bool]:
    """Does the word hold a number in letters, and a unit of time? Elided words count part by part."""
    parts = word.split("'")
    return any(_NUMBER_AHEAD.fullmatch(p) for p in parts), any(_UNIT_WORD.fullmatch(p) for p in parts)


def changed_facts(
    before: str, after: str, kinds: Iterable[FactKind] = tuple(FactKind)
) -> tuple[list[Fact], list[Fact]]:
    """Facts that are gone and facts that are new, by value: what both texts state cancels out."""
    wanted = set(kinds)
    old = [f for f in facts(before) if f.kind in wanted]
    new = [f for f in facts(after) if f.kind in wanted]
    return _surplus(old, new), _surplus(new, old)


def _surplus(these: list[Fact], those: list[Fact]) -> list[Fact]:
    left = Counter((f.kind, f.value) for f in those)
    out = []
    for fact in these:
        if left[fact.kind, fact.value] > 0:
            left[fact.kind, fact.value] -= 1
        else:
            out.append(fact)
    return out


def without(text: str, kinds: Iterable[FactKind], mark: str = "•") -> str:
    """``text`` with every fact of these kinds replaced by ``mark``: texts equal then differ only in those facts."""
    wanted, out, at = set(kinds), [], 0
    for fact in facts(text):
        if fact.kind in wanted:
            out += [text[at : fact.start], mark]
            at = fact.end
    return "".join([*out, text[at:]])
