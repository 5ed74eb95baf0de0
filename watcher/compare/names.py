"""Names in a clause: legal persons, postal addresses, governing laws — by their form, in seven languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from watcher.compare.edit import fold
from watcher.compare.reach import any_of, around, places

_FORM = (
    r"Inc\b\.?|LLC\b|L\.L\.C\.|Ltd\b\.?|Limited\b|LTD\b|LIMITED\b|Corp\b\.?|Corporation\b|GmbH\b|mbH\b|AG\b|SE\b|S\.?A\.?S\.?(?!\w)|SARL\b|S\.A\.(?:R\.L\.)?|SA\b|"
    r"B\.?V\.?(?!\w)|N\.V\.|PLC\b|plc\b|Pte\.? Ltd\b\.?|Pty\.? Ltd\b\.?|S\.r\.l\.|Srl\b|S\.p\.A\.|SpA\b|KG\b|UG\b|Oy\b|AB\b|ApS\b|A/S|S\.L\.U?\.?|Lda\b\.?|Ltda\b\.?|LLP\b|L\.P\."
)
_PARTY = re.compile(
    rf"(?<![\w.])(?P<name>(?!(?:Between|With|By|The|And|For|From|To|Of|In|At|Our|Your|This|These|If|When|Contact)\s)(?:[A-ZÀ-Þ][\w&'’.+-]{{0,40}}|&|\d[\w.]{{0,12}})(?:,?\s(?:[A-ZÀ-Þ][\w&'’.+-]{{0,40}}|&|of|de|du|\(\w{{2,12}}\))){{0,4}}),?\s(?P<form>{_FORM})(?!\w)"
    r"|(?<!\w)(?:SAS|SARL|SA|Société)\s(?P<after>[A-ZÀ-Þ][\w'’-]{1,40}(?:\s[A-ZÀ-Þ][\w'’-]{1,40}){0,2})"
)
_STREET = (
    r"street|st\.|road|rd\.?|avenue|ave\.?|boulevard|blvd\.?|parkway|pkwy|lane|drive|square|court|quay|quays|wharf|yard|plaza|tower|house|suite|ste\.?|"
    r"floor|unit|p\.?\s?o\.? box|bm box|platz|stra(?:ß|ss)e\b|str\.|weg|allee|ring|postfach|rue|place|quai|chemin|cours|impasse|calle|avenida|plaza|paseo|via|viale|piazza|corso|rua|praça|laan|straat|plein|gracht|kade"
)
_ADDRESS = re.compile(
    rf"(?:(?<![\w.])\d{{1,5}}(?:st|nd|rd|th)?[A-Za-z]?(?:\s?[-–/]\s?\d{{1,5}})?,?\s(?:[\w.'’À-ÿ-]{{1,30}},?\s){{0,4}}?(?:{_STREET})(?!\w)"
    rf"|(?<!\w)(?:[\w.'’À-ÿ-]{{0,30}}(?:straße|strasse|str\.|straat|laan|gracht|platz|allee)|(?:{_STREET})(?:\s[\w.'’À-ÿ-]{{1,30}}){{0,3}}?)[,.]?\s(?:no\.?:?\s?)?\d{{1,5}}[a-z]?\b"
    rf"|(?<!\w)(?:[A-Z][\w'’-]{{1,40}}|\d+(?:st|nd|rd|th))\s(?:Floor|Tower|House|Yard|Street|Road|Avenue|Square|Quay|Plaza|Building)(?!\w)"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b|\b(?:[A-Z]{1,2}-)?(?!19|20)\d{4,5}\s(?:[A-Z]{2}\s)?(?=[A-ZÀ-Ý][a-zà-ÿ]{2,}[,\s.]))",
    re.IGNORECASE,
)
_PROPER_ADDRESS = re.compile(
    r"\d|[A-Z][a-z]+\s(?:Floor|Tower|House|Yard|Street|Road|Avenue|Square|Quay|Plaza|Building)"
)
_PLACE = (
    r"(?:the )?(?:laws?|courts?) of (?:the )?(?:(?i:state|republic|province|commonwealth) of )?(?P<a>[A-Z][\w.]+(?:\s(?:and\s)?[A-Z][\w.]+){0,3})"
    r"|(?P<b>[A-Z]\w+) law(?:s)? (?:shall|will|govern|appl)|(?:droit|loi|lois) (?P<c>français\w*|anglais\w*|irlandais\w*|suisse|belge|luxembourgeois\w*|allemand\w*|applicable en \w+)"
    r"|(?P<d>deutsch|österreichisch|schweizer|irisch|englisch|französisch)\w* recht|recht der (?P<e>[A-Z][\w ]{3,30})"
    r"|(?:legge|diritto) (?P<f>italian\w|irlandese|inglese)|(?:ley|leyes|derecho) (?:de )?(?P<g>español\w*|irland\w*|[A-Z]\w+)"
)
_LAW = re.compile(_PLACE)


# Signs without which there is no such name, and how far an address reaches around a number or a word of it.
_PARTY_SIGN = re.compile(rf"{_FORM}|SAS|SARL|SA|Société")
_DIGITS = re.compile(r"\d+")
_BUILDINGS = (
    "floor",
    "tower",
    "house",
    "yard",
    "street",
    "road",
    "avenue",
    "square",
    "quay",
    "plaza",
    "building",
)
_BEFORE, _BEYOND = 180, 200
_LAW_SIGNS = ("law", "court", "droit", "loi", "recht", "legge", "diritto", "ley", "derecho")


@lru_cache(maxsize=4096)
def party_names(text: str) -> tuple[str, ...]:
    """Legal persons by their legal form: "Acme Ltd", "Example GmbH", "SAS Exemple", as printed."""
    if not _PARTY_SIGN.search(text):
        return ()
    return tuple(" ".join(m[0].split()) for m in _PARTY.finditer(text))


@lru_cache(maxsize=4096)
def addresses(text: str) -> tuple[str, ...]:
    """Pieces of postal addresses: street with number, floor, post code, box."""
    spots = sorted([*(m.span() for m in _DIGITS.finditer(text)), *places(text.lower(), _BUILDINGS)])
    found = (m[0] for a, b in around(text, spots, _BEFORE, _BEYOND) for m in _ADDRESS.finditer(text, a, b))
    return tuple(address.strip(" ,") for address in found if _PROPER_ADDRESS.search(address))


@lru_cache(maxsize=4096)
def laws(text: str) -> tuple[str, ...]:
    """Places whose law or courts the clause names."""
    if not any_of(text, _LAW_SIGNS):
        return ()
    return tuple(next(g for g in m.groups() if g) for m in _LAW.finditer(text))


def changed(read: Callable[[str], tuple[str, ...]], before: str, after: str) -> tuple[list[str], list[str]]:
    """Names that are gone and names that are new, by their letters; each side in reading order."""
    old, new = read(before), read(after)
    return _surplus(old, new), _surplus(new, old)


def _surplus(these: tuple[str, ...], those: tuple[str, ...]) -> list[str]:
    left = Counter(fold(t) for t in those)
    out = []
    for text in these:
        key = fold(text)
        if left[key]:
            left[key] -= 1
        else:
            out.append(text)
    return out
