"""The same said otherwise: another form of a number, another ending, active turned passive, a sentence split in two.

`same_sense` looks at both texts of a clause as bags of words, after everything that has one meaning in many forms
was brought to one form. It is strict where words bind: a negation, a modal verb, "only", "unless" or a number that
differs is never a paraphrase. The words it leans on stand in ``plain.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from watcher.compare.edit import Edit, fold, words_of
from watcher.compare.facts import FactKind, facts

_PLAIN = tomllib.loads(files("watcher.compare").joinpath("plain.toml").read_text(encoding="utf-8"))
SMALL = frozenset(files("watcher.compare").joinpath("small.txt").read_text(encoding="utf-8").split())


def _words(name: str) -> frozenset[str]:
    return frozenset(_PLAIN[name].split())


_IDLE = SMALL | _words("connectives") | _words("people") | _words("helpers")
_LINKS = _IDLE | _words("links")
_HERE = frozenset("here hier ici aquí qui aqui".split())
_COURTESY = _words("courtesy")
_MODALS = {word: number for number, line in enumerate(_PLAIN["modals"].split("\n")) for word in line.split()}
POLAR = frozenset(
    "on off in out up down before after from to more less either an ab ein aus vor nach von zu mehr weniger avant après plus moins "
    "antes después desde hasta más menos prima dopo più meno depois mais voor na van naar meer minder aan uit".split()
)
"""Small words that turn the sense when they change places."""

STANCE = re.compile(
    r"(?:not?|never|nor|non|none|nothing|neither|without|unless|except|only|solely|exclusively|may|might|must|shall|can|cannot|\w+n't|"
    r"will|would|should|could|always|any|all|kein\w*|nicht|nie|niemals|ohne|nur|ausschließlich|außer|es sei denn|muss|müssen|kann|können|darf|"
    r"dürfen|soll|sollen|wird|werden|pas|ne|n'\w*|jamais|aucune?|sans|sauf|uniquement|seulement|peut|peuvent|pouvons|doit|doivent|devons|"
    r"no|nunca|ningun\w*|sin|salvo|solo|sólo|solamente|únicamente|puede\w*|podr\w*|podemos|debe\w*|deber\w*|mai|nessun\w*|senza|salvo|"
    r"soltanto|esclusivamente|può|possono|possiamo|deve|devono|dobbiamo|não|nenhum\w*|sem|apenas|somente|exceto|pode\w*|"
    r"devem|deverá\w*|niet|geen|nooit|zonder|tenzij|behalve|alleen|uitsluitend|mag|mogen|moet|moeten|zal|zullen|kunnen|kan)$"
)
"""Words that bind, free, deny or narrow, in seven languages."""

_PASSIVE = frozenset("werden werd wird worden wordt wurde will".split())  # they also make a plain passive
_WE = frozenset(
    "we us our ours wir uns unser unsere unseren unserer nous notre nos nosotros nuestro nuestra noi nostro nostra nós nosso nossa wij we ons onze".split()
)
_YOU = frozenset(
    "you your yours sie ihr ihre ihren ihrer ihnen vous votre vos usted ustedes su sus lei suo sua voi vostro você vocês seu sua u uw".split()
)
_BY_US = re.compile(
    r"\b(?:by us|von uns|par nous|por nosotros|da noi|por nós|door ons|is|are|be|being|been)\b", re.I
)

_GENDER = re.compile(
    r"(?<=\w)(?:[*:·•_]|\(-?|/-?)(?:innen|in|nen|r|ne|e|es|rice|trice|ère|euse|se|s|a|as|os|o|n)\)?(?:[·•.]s)?(?!\w)"
)
_CONTRACTED = (
    (re.compile(r"\b(?:won['’]t)\b", re.I), "will not"),
    (re.compile(r"\b(?:can['’]t|cannot)\b", re.I), "can not"),
    (re.compile(r"n['’]t\b", re.I), " not"),
    (re.compile(r"(?<=\w)['’]re\b", re.I), " are"),
    (re.compile(r"(?<=\w)['’]ll\b", re.I), " will"),
    (re.compile(r"(?<=\w)['’]ve\b", re.I), " have"),
)
_TWICE = re.compile(r"\b\w+\s?\((\d{1,4})\)")  # "thirty (30)"
_STATUTES = (
    (
        "GDPR",
        r"(?:the\s|die\s|le\s|la\s|el\s|il\s|o\s|de\s)?(?:GDPR|DSGVO|RGPD|AVG|General Data Protection Regulation|Datenschutz-Grundverordnung|"
        r"règlement général sur la protection des données|reglamento general de protección de datos|"
        r"regolamento generale sulla protezione dei dati|regulamento geral sobre a proteção de dados|"
        r"algemene verordening gegevensbescherming|"
        r"(?:Regulation|Verordnung|règlement|Reglamento|Regolamento|Regulamento|Verordening)(?:\s\(?(?:EU|UE)\)?)?\s(?:n[°º]\s?|nr\.?\s?)?2016/679"
        r"(?:\s(?:of|vom|du|de|del|van)\s\d{1,2}\.?\s(?:de\s)?\w+\s(?:de\s)?2016)?)",
    ),
    ("CCPA", r"(?:the\s)?(?:CCPA|California Consumer Privacy Act(?: of 2018)?)"),
)
_OFFICE = (
    "DPO",
    r"(?:the\s|our\s|le\s|la\s|notre\s|der\s|den\s|die\s|unser(?:e[nr]?)?\s|el\s|nuestro\s|il\s|o\s|de\s|onze\s)?"
    r"(?:DPO|DPD|DSB|data protection (?:officer|office|lead)|(?:agent|responsable|déléguée?|bureau du délégué) (?:de|à)(?: la)? protection des données|"
    r"bureau du DP[DO]|datenschutz-?beauftragte[rn]?|(?:delegado|responsable|encargado) de protección de datos|"
    r"responsabile della protezione dei dati|encarregado (?:da|de) proteção de dados|functionaris (?:voor )?gegevensbescherming)"
    r"(?:\s?\((?:DPO|DPD|DSB|FG)\))?",
)
_NAMED = tuple(
    (name, re.compile(rf"(?<!\w){pattern}(?!\w)", re.I), re.compile(rf"{name}(?:[\s,;:()\"“”„«»'’]+{name})+"))
    for name, pattern in (*_STATUTES, _OFFICE)
)
_CANONICAL = {
    "year": (12, "month"),
    "week": (7, "day"),
}
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d{1,4}\)?(?:[\s().\u00a0/-]{1,3}\d{1,4}){1,6}(?!\w)")
_SHORTEST = 7  # digits of a telephone number without its country's
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ENDING = re.compile(
    r"|[aeiosnrtdmyxlz]|[aeo]s|e?d|en|em|er[ns]?|ies|ing|ly|te[nr]?|st|nen|nt|[aeiou]?ndo|"
    r"es|ees|ent|ons|ez|aux?|iez|ait|aient|eux|euses?|tes?|"
    r"[ai]?d[oa]s?|[aei]?re?|[aiu]?t[oaie]|iamo|iam|[aei]?mos|[aei]m|[aei]n|oes|ao|[aeoi]?is|h[ei]|c[hi]|"
    r"(?:a?t?)ions?|ung(?:en)?|ments?|zion[ei]|cion(?:es)?|coes|cao"
)
"""Endings of inflection in seven languages, without accents; none of them makes another thing of the word."""

_PARTICIPLE = re.compile(r"(?<=^)ge|(?<=\w\w)ge")  # gelöscht, aufgehoben, opgezegd
_DOUBLED = re.compile(r"([aeou])\1")  # Dutch writes "bewaren", "bewaard"
_OPPOSED = re.compile(r"\w+(?:(ee)|([eo]r)|(less|los|frei)|(ful))s?$")


def same_sense(edit: Edit, strip: Callable[[str], str] = str) -> str:
    """The reason why both texts of a modified clause say the same, or "".

    ``strip`` takes out of a text what other rules hold for nothing: references, link targets, the year of a ©."""
    before, after = (strip(text) for text in one_form(*same_phones(edit.before, edit.after)))
    if fold(before) == fold(after):
        return "the same in another form"
    plain = without_courtesy(before), without_courtesy(after)
    if fold(plain[0]) == fold(plain[1]):
        return "courtesy"
    if not _binding_kept(edit) or _roles_turned(edit):
        return ""
    old, fresh = (Counter(words_of(text)) for text in plain)
    if old == fresh:
        return "" if POLAR & _changed(edit) else "the same words otherwise joined"
    left, came = _content(old - fresh), _content(fresh - old)
    if not left and not came:
        return "the same words otherwise joined"
    if _is_link(edit.gone, came) or _is_link(edit.new, left):
        return "link label"
    if _matched(left, came):
        return "reworded with the same sense"
    return "a sentence split or joined" if _resumed(edit, left, came, old & fresh) else ""


def only_courtesy(text: str) -> bool:
    """A clause that thanks, greets or regrets and regulates nothing."""
    return bool(text.strip()) and not words_of(without_courtesy(text))


def same_phones(before: str, after: str) -> tuple[str, str]:
    """Both texts, a telephone number of the one written as the other writes it: with or without its country."""
    for number in _PHONE.finditer(before):
        digits = _digits(number[0])
        for other in _PHONE.finditer(after):
            long, short = sorted((digits, _digits(other[0])), key=len, reverse=True)
            if len(short) >= _SHORTEST and len(long) - len(short) <= 3 and long.endswith(short):
                after = after.replace(other[0], number[0])
                break
    return before, after


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number.replace("(0)", "")).lstrip("0")


def one_form(*texts: str) -> tuple[str, ...]:
    """Periods, spelt-out numbers, names of statutes and gendered endings in one form each."""
    return tuple(_one_form(text) for text in texts)


@lru_cache(maxsize=1024)
def _one_form(text: str) -> str:
    text = _GENDER.sub("", _TWICE.sub(r"\1", _expanded(text)))
    for name, spelt, again in _NAMED:
        text = again.sub(name, spelt.sub(name, text))
    out, at = [], 0
    for fact in facts(text):
        if fact.kind is FactKind.PERIOD:
            number, unit = fact.value.split()
            times, smaller = _CANONICAL.get(unit, (1, unit))
            out += [text[at : fact.start], f" {float(number) * times:g}{smaller} "]
            at = fact.end
    return "".join([*out, text[at:]])


def _changed(edit: Edit) -> set[str]:
    return {*words_of(edit.gone), *words_of(edit.new)}


def _binding_kept(edit: Edit) -> bool:
    """In each run of changed words the words that bind or deny are the same, but for their own plural."""
    return all(_binding(gone) == _binding(new) for gone, new in edit.pairs)


def _binding(text: str) -> list[str]:
    found = (w for w in words_of(_expanded(text)) if w not in _PASSIVE and STANCE.match(w))
    return sorted(str(_MODALS.get(w, w)) for w in found)


def _roles_turned(edit: Edit) -> bool:
    """ "We may end it with you" against "you may end it with us": who acts has changed places with who is acted on."""
    changed = _changed(edit)
    if not (changed & _WE and changed & _YOU):
        return False
    return not (_BY_US.search(edit.gone) or _BY_US.search(edit.new))


def _content(bag: Counter[str]) -> list[str]:
    return sorted(w for w in bag.elements() if w not in _IDLE)


def _expanded(text: str) -> str:
    for short, long in _CONTRACTED:
        text = short.sub(long, text)
    return text


def _is_link(label: str, other: Sequence[str]) -> bool:
    """A link without a name of its own ("click here") against a short name for it."""
    words = set(words_of(label))
    return bool(_HERE & words) and words <= _LINKS and len(other) <= 4 and not _with_digits(other)


def _with_digits(words: Iterable[str]) -> bool:
    return any(c.isdigit() for word in words for c in word)


def _resumed(edit: Edit, left: Sequence[str], came: Sequence[str], kept: Counter[str]) -> bool:
    """One word said again because a sentence was parted, or no longer because two were joined."""
    extra = [*left, *came]
    parted = edit.new.count(".") != edit.gone.count(".")
    return parted and len(extra) == 1 and extra[0] in kept and not _with_digits(extra)


def _matched(left: Sequence[str], came: Sequence[str]) -> bool:
    """Can every word that went be paired with one that came and says the same?"""
    if len(left) != len(came):
        return False
    open_ = list(came)
    for word in left:
        partner = next((other for other in open_ if same_word(word, other)), None)
        if partner is None:
            return False
        open_.remove(partner)
    return True


@lru_cache(maxsize=16384)
def same_word(a: str, b: str) -> bool:
    """Two forms of one word, or two words that say the same."""
    if _groups().get(a, frozenset()) & _groups().get(b, frozenset()):
        return True
    if _with_digits((a, b)) or _opposed(a, b):
        return False
    return any(_same_stem(x, y) for x in _bare(a) for y in _bare(b))


def _opposed(a: str, b: str) -> bool:
    """ "Employer" and "employee", "careless" and "careful"."""
    ends = [m.groups() for m in (_OPPOSED.match(a), _OPPOSED.match(b)) if m]
    return len(ends) == 2 and [g is None for g in ends[0]] != [g is None for g in ends[1]]


def _bare(word: str) -> tuple[str, ...]:
    """The word in plain letters, and as the participle of its verb."""
    letters = unicodedata.normalize("NFKD", word)
    plain = _DOUBLED.sub(r"\1", "".join(c for c in letters if not unicodedata.combining(c)))
    return plain, _PARTICIPLE.sub("", plain, count=1)


def _same_stem(a: str, b: str) -> bool:
    stem = 0
    while stem < min(len(a), len(b)) and a[stem] == b[stem]:
        stem += 1
    if stem < 4 or stem < 0.6 * max(len(a), len(b)):
        return False
    return all(_ENDING.fullmatch(end) for end in (a[stem:], b[stem:]))


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    lines = (line for text in _PLAIN["same"].values() for line in text.split("\n"))
    for number, line in enumerate(lines):
        for word in line.split():
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(found) for word, found in groups.items()}


def without_courtesy(text: str) -> str:
    return " ".join(s for s in _SENTENCE.split(text) if not _courteous(s))


def _courteous(sentence: str) -> bool:
    words = words_of(sentence)
    return (
        len(words) <= 30
        and bool(_COURTESY & set(words))
        and not _binding(sentence)
        and not any(c.isdigit() for c in sentence)
    )
