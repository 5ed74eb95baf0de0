"""Names in a clause: legal persons, postal addresses, governing laws — by their form, in seven languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from watcher.compare.edit import fold
from watcher.compare.gazetteer import STEMS, is_place
from watcher.compare.reach import any_of, around, places

_FORM = (
    r"Inc\b\.?|INC\b\.?|LLC\b|L\.L\.C\.|Ltd\b\.?|Limited\b(?!\s(?:Use|Warrant|Liab|Licen[cs]|Edition|Time|Access|Partner|Power|Right|Data|Purpose|Service|Offer|Compan))|LTD\b\.?|LIMITED\b(?!\s(?:USE|WARRANT|LIAB|LICEN|TO\b|TIME|RIGHT|PURPOSE|SERVICE|AND\b))|Corp\b\.?|Corporation\b|GmbH\b|GMBH\b|mbH\b|AG\b|SE\b|S\.?A\.?S\.?(?!\w)|SARL\b|S\.A\.(?:R\.L\.)?|SA\b|"
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
_ROMANCE = r"rue|avenue|place|quai|chemin|cours|impasse|boulevard|calle|avenida|paseo|via|viale|piazza|corso|rua|praça"  # the name follows
_ADDRESS = re.compile(
    rf"(?:(?<![\w.])\d{{1,5}}(?:st|nd|rd|th)?[A-Za-z]?(?:\s?[-–/]\s?\d{{1,5}})?,?\s(?:[\w.'’À-ÿ-]{{1,30}},?\s){{0,4}}?(?:(?:{_ROMANCE})(?!\w)(?:\s(?:(?:de|du|des|la|le|les|del|della|di|dei|da|do|das|dos)\s|[dl]['’])*(?-i:[A-ZÀ-Þ])[\w'’-]{{1,30}}){{0,3}}|(?:{_STREET})(?!\w))"
    rf"|(?<!\w)(?:[\w.'’À-ÿ-]{{0,30}}(?:straße|strasse|str\.|straat|laan|gracht|platz|allee)|(?:{_STREET})(?:\s[\w.'’À-ÿ-]{{1,30}}){{0,3}}?)[,.]?\s(?:no\.?:?\s?)?\d{{1,5}}[a-z]?\b"
    rf"|(?<!\w)(?:[A-Z][\w'’-]{{1,40}}|\d+(?:st|nd|rd|th))\s(?:Floor|Tower|House|Yard|Street|Road|Avenue|Square|Quay|Plaza|Building)(?!\w)"
    r"|(?-i:\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2},?\s\d{5}(?:-\d{4})?\b|\b(?:[A-Z]{1,2}-)?(?!19|20)\d{4,5}\s(?:[A-Z]{2}\s)?"
    r"(?!Euro|EUR|USD|Dollar|Franken|Nutzer|Kund|Zeichen|Mitglied|Wörter|Stück|Teilnehm|Unternehmen|Mitarbeit|Follower|Users|Members|Credits|Points|Punkte|Meilen|Miles)"
    r"(?=[A-ZÀ-Ý][A-Za-zÀ-ÿ]{2,}(?:[,\s.]|$))))",
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


# Words at which a name begins anew: what stands before them is no part of it.
_FUNCTION = frozenset(
    "is be are was were been being not only very more or with a an and any by for to in on at from as but such so that which who shall "
    "will may can cannot can’t if when our your their its his this these those all each every no nor under upon within without including "
    "the between both we you us it he they also however since neither while expressly solely lawfully strictly either unless because where there hereby through via per than "
    "der die das den dem des ein eine einer eines einem und oder mit von vom zum zur bei für im auf aus durch gegen ohne um nach über unter "
    "wir uns unser unsere unserer ihr ihre ihrer sie sich nur auch wie ist sind wird werden "
    "un une et ou à dans par pour sur avec sans nos notre vos votre nous ses "
    "una con por para nuestro nuestra gli uno per nel dalla dal della "
    "uma com pelo pela het een met voor van door bij contact contactez kontaktieren attn attention copyright".split()
)
_SHORT = re.compile(
    r"(?:[A-ZÀ-Þ]\.)+|(?:Co|St|Bros|Dr|Mr|Mrs|Intl|Int|Mfg|Gebr|Cie|Hon|Assoc|Ste)\.", re.IGNORECASE
)
_FORM_WORD = re.compile(rf"(?:{_FORM}|Pty|PTY|Pte|PTE)[,.]?")
_GENERIC = re.compile(
    r"(?:co|company|private|pty|pte|development|stock|holding|business|public|limited|liability|foreign|delaware|domestic|parent|nonprofit|non-profit|non|profit|"
    r"benefit|professional|close|closed|general|partner|affiliated|member|chapter|s|c|b)[.,]?|google’s|google's|\d+|[\d.]+|[ivx]+\.?",
    re.IGNORECASE,
)
_NO_HEADS = frozenset(
    "of de du la le les el los il lo société company firma firm gesellschaft entreprise sociedad società do da das dos".split()
)
_SHOUTED = frozenset(
    {"AB", "SA", "SE", "UG"}
)  # at the end of so many capital words these are words of the sentence
_SENTENCE = 3

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
    found: list[str] = []
    for match in _PARTY.finditer(text):
        name, whole = _name(text, match), " ".join(match[0].split())
        before = whole[: whole.rfind(name)] if name else ""
        found += [*party_names(before.rstrip(" ,")), name] if name else []
    return tuple(found)


def _name(text: str, match: re.Match[str]) -> str:
    """The name that ends with the legal form, without what stands before it in the sentence; "" where none is left."""
    if match["after"]:
        return "" if match["after"].split()[0].casefold() in _FUNCTION else " ".join(match[0].split())
    form = match["form"]
    core: list[str] = []
    for word in reversed(match["name"].split()):
        bare = word.rstrip(",")
        if _is_function(bare, match["name"]):
            break
        if word.endswith(".") and not _SHORT.fullmatch(word):
            break
        if word.endswith(",") and core and core[0] != "&":
            break
        if _FORM_WORD.fullmatch(bare) and core and core[0] != "&":
            break
        core.insert(0, word)
    while core and re.fullmatch(r"(?:19|20)\d\d|\d{1,2}\.?|[\d.]+\.|&|of|OF|de|du", core[0]):
        core.pop(0)
    if core and core[0] == "B." and text[: match.start()].endswith("z. "):
        core.pop(0)
    if not core or all(_GENERIC.fullmatch(word) for word in core):
        return ""
    if form.rstrip(".") in _SHOUTED and len(match["name"].split()) >= _SENTENCE and match["name"].isupper():
        return ""
    if all(is_place(word) for word in core):
        core = _with_its_head(text, match, core)
        if len(core) == 1 and form.startswith(("Corp", "LLC", "Limited", "LP", "L.P")):
            return ""  # "a Delaware corporation"
    shown = " ".join(match[0].split())
    return shown[shown.rindex(" ".join(core)) :] if " ".join(core) in shown else f"{' '.join(core)} {form}"


def _is_function(word: str, name: str) -> bool:
    """ "IT" in "Amadeus IT Group" and "A" in "Rent A Car" are parts of a name that is not all in capitals."""
    if word.casefold() not in _FUNCTION:
        return False
    return not (word.isupper() and len(word) <= 2 and not name.isupper() and name.split()[0] != word)


def _with_its_head(text: str, match: re.Match[str], core: list[str]) -> list[str]:
    """A place with a legal form is the tail of a name that begins with a small letter: "acme Germany GmbH"."""
    head = re.search(r"(?<![\w.&'’-])([^\W_][\w.&'’-]{1,40})\s$", text[: match.start()])
    if (
        not head
        or len(core) > 1
        or not STEMS.match(core[0])
        or core != match["name"].split()
        or head[1].casefold() in _FUNCTION | _NO_HEADS
    ):
        return core
    return [head[1], *core]


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
    named = (next(g for g in m.groups() if g).strip(" .") for m in _LAW.finditer(text))
    return tuple(name for name in named if is_place(name))


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
