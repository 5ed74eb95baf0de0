"""What must not be material: spelling, typography, numbering, references, dates, links, names, furniture.

`harmless` looks at the changed words only. It answers with the reason in words, or "" where the words may
carry meaning. The list is the one every noisy stream of policy versions shows; each family has its tests.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from storage.records import ClauseKind, Op
from watcher.compare.edit import Edit, World, bare_name, fold, words_of
from watcher.compare.facts import FactKind, facts, without
from watcher.compare.furniture import furniture
from watcher.compare.layout import relaid
from watcher.compare.paraphrase import POLAR, SMALL, only_courtesy, same_sense, same_word
from watcher.compare.references import only_numerals, only_references, references_out

_DATE_LABEL = re.compile(
    r"updated?|à jour|effective|revis|modifi|version|posted|published|current as of|last change|dated?\b|mise? à jour|en vigueur|applicable|"
    r"stand\b|fassung|gültig|in kraft|aktualisi|geändert|actualiz|vigente|vigor|aggiorna|modifica|atualiza|bijgewerkt|gewijzigd|ingang|"
    r"更新|改定|施行|生效|applies|s.applique|as of|from|ab dem|archiv|previous|prior",
    re.IGNORECASE,
)
_OLDER = re.compile(
    r"(?:previous|prior|older|former) versions?|versions? (?:précédente|antérieure)|(?:vorherige|frühere|ältere)\w* (?:version|fassung)|versi(?:ón|one|on) (?:anterior|precedente)|vorige versie",
    re.I,
)
_STATUTE = re.compile(
    r"§|gesetz|\bact\b|\blaws?\b|\bcode\b|regulation|directive|verordnung|règlement|\bloi\b|\babs\b|\bart\.",
    re.I,
)
_LAW_LETTERS = re.compile(r"[A-Z]{3,8}")
_LAW_TITLE = re.compile(r"(?i:gesetz|verordnung)\b|\bAct$|\bRegulation$")
_YEAR_MARK = re.compile(r"(?:©|\(c\)|copyright).{0,80}", re.IGNORECASE)
_HIDDEN_MAIL = re.compile(
    r"\[{0,2}\s?e-?mail[\s\xa0]protected\s?\]{0,2}|\[\s?protected e-?mail\s?\]|/cdn-cgi/l/email-protection\S*",
    re.I,
)

_PLAIN_WORDS = re.compile(r"([^\W\d_])(?= [^\W\d_]{6})")
_NEAR = 400
_SITE = re.compile(r"\s*[\w-]+(?:\.[\w-]+)+(?=\s?[:–—(])")

_ACCENTS = re.compile("[\u0300-\u036f]")  # the marks of Latin, Greek and Cyrillic letters, no others
_STANCE = re.compile(
    r"^(?:not?|never|nor|non|without|unless|only|except|may|must|shall|can|cannot|will|should|kein\w*|nicht|ohne|nur|muss|kann|soll|pas|ne|sans|sauf|peut|doit|jamais|sin|senza|sem|niet|geen)$"
)
_SPELLINGS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"is(?=e|ing|ation)", "iz"),
        (r"our", "or"),
        (r"ll", "l"),
        (r"ae", "e"),
        (r"ence", "ense"),
        (r"ß", "ss"),
        (r"yse", "yze"),
        (r"re$", "er"),
        (r"ogue", "og"),
    )
)


def harmless(edit: Edit, world: World) -> str:
    """The reason why this operation changes no meaning, or ""."""
    reason = furniture(edit) or relaid(edit, world)
    if reason:
        return reason
    if edit.op is Op.MODIFIED:
        return _modified(edit, world)
    return _standing(edit, world)


def _modified(edit: Edit, world: World) -> str:
    before, after = _mail_out(edit.before), _mail_out(edit.after)
    if fold(before) == fold(after):
        return (
            "typography"
            if before == edit.before and after == edit.after
            else "page furniture: hidden e-mail address"
        )
    one, two = _differing(edit, before, after)
    for name, strip in _STRIPPERS:
        if fold(strip(one)) == fold(strip(two)) and not (name == "link target" and _names_another(edit)):
            return name
    if _only_dates(edit):
        return "only a date differs"
    if only_numerals(edit):
        return "numbering or cross-reference"
    if _reordered(before, after) and not any(w in POLAR or _STANCE.match(w) for w in words_of(edit.gone)):
        return "order of words"
    if (
        edit.kind is ClauseKind.HEADING
        and edit.size <= 12
        and not any(c.isdigit() for c in edit.gone + edit.new)
    ):
        return "heading reworded"
    if (
        edit.size >= 12
        and min(_stands(edit.gone, world, after=True), _stands(edit.new, world, after=False)) >= 0.9
    ):
        return "the same words in another place"
    reasons = {_pair(gone, new, world) for gone, new in edit.pairs}
    if "" not in reasons and reasons:
        if "renamed" in reasons:
            return "a cited law has another name" if _STATUTE.search(edit.after) else ""
        return " and ".join(sorted(reasons))
    return same_sense(edit, _stripped)


def _names_another(edit: Edit) -> bool:
    """An entry of a list that begins with a site's name: "one.com: support" → "two.com: support"."""
    names = [m[0] for m in (_SITE.match(edit.before), _SITE.match(edit.after)) if m]
    return len(names) == 2 and names[0] != names[1]


def _stripped(text: str) -> str:
    for _, strip in _STRIPPERS[:-1]:
        text = strip(text)
    return text


def _mail_out(text: str) -> str:
    return _HIDDEN_MAIL.sub(" ", text) if "protect" in text.lower() else text


def _differing(edit: Edit, before: str, after: str) -> tuple[str, str]:
    """Both texts without the beginning and the end they share, cut where no reference, link or year reaches across.

    Such a place lies before a long plain word that follows another word."""
    if not edit.words or (before, after) != (edit.before, edit.after) or _YEAR_MARK.search(before + after):
        return before, after
    first, last = edit.words[0], edit.words[-1]
    head = tail = 0
    if first.op == "=":
        start = max(0, len(first.text) - _NEAR)
        head = max((m.end(1) for m in _PLAIN_WORDS.finditer(first.text, start)), default=0)
    if last.op == "=":
        cut = _PLAIN_WORDS.search(last.text, 0, _NEAR)
        tail = len(last.text) - cut.end(1) if cut else 0
    return before[head : len(before) - tail], after[head : len(after) - tail]


def _reordered(before: str, after: str) -> bool:
    """A list in another order: the same words, set apart by commas."""
    return "," in before and "," in after and sorted(words_of(before)) == sorted(words_of(after))


def _stands(text: str, world: World, *, after: bool) -> float:
    return world.stands(text, after=after) if text.strip() else 1.0


def _standing(edit: Edit, world: World) -> str:
    """An added or removed clause whose words stand elsewhere in the other document, or that is a bare date or number."""
    text = edit.after or edit.before
    words = words_of(text)
    if only_courtesy(text):
        return "courtesy"
    bare = without(text, (FactKind.DATE,), " ")
    if bare != text and (
        not words_of(bare)
        or (len(words_of(bare)) <= 8 and _DATE_LABEL.search(bare))
        or (len(words_of(bare)) <= 18 and _OLDER.search(bare))
    ):
        return "only a date differs"
    if only_references(text) or len(fold(text)) <= 2:
        return "numbering"
    if _YEAR_MARK.match(text) and len(words) <= 12:
        return "copyright line"
    if world.stands(text, after=edit.op is Op.REMOVED) >= 0.9:
        return "the same words stand elsewhere" if edit.op is Op.REMOVED else "the same words stood elsewhere"
    if (edit.kind is ClauseKind.HEADING or len(words) >= 4) and fold(text) in world.folded[
        edit.op is Op.REMOVED
    ]:
        return "the same words stand elsewhere" if edit.op is Op.REMOVED else "the same words stood elsewhere"
    return ""


def _links_out(text: str) -> str:
    return without(text, (FactKind.LINK,), " ")


def _year_out(text: str) -> str:
    return _YEAR_MARK.sub(lambda m: re.sub(r"\d{4}(?:\s?[-–]\s?\d{4})?", "", m[0]), text)


def _accents_out(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


_STRIPPERS = (
    ("numbering or cross-reference", references_out),
    ("link target", _links_out),
    ("copyright year", _year_out),
    ("accents", _accents_out),
)


def _only_dates(edit: Edit) -> bool:
    """Nothing but dates differs."""
    kinds = (FactKind.DATE,)
    if not any(f.kind is FactKind.DATE for f in facts(edit.before) + facts(edit.after)):
        return False
    before, after = (
        re.sub(r"\b(?:19|20)\d\d\b|•", " ", without(t, kinds)) for t in (edit.before, edit.after)
    )
    return fold(before) == fold(after) or (edit.size <= 10 and _labels_out(before) == _labels_out(after))


def _labels_out(text: str) -> list[str]:
    """The words of a date line that are neither its label nor small: "updated on" and "as of" say the same."""
    return [w for w in words_of(_DATE_LABEL.sub(" ", text)) if w not in SMALL]


def _pair(gone: str, new: str, world: World) -> str:
    """Why one substitution is harmless, or ""."""
    if fold(gone) == fold(new):
        return "typography"
    if (bare_name(gone), bare_name(new)) in world.renames:
        return _renamed(gone, new)
    if _link_label(gone, new) or _link_label(new, gone):
        return "link label"
    old, fresh = words_of(gone), words_of(new)
    if _law_name(gone, new):
        return "renamed"
    if any(_STANCE.match(w) for w in old + fresh) and sorted(old) != sorted(fresh):
        return ""
    if set(old + fresh) <= SMALL:
        return "small words"
    if only_references(gone) and only_references(new):
        return "numbering or cross-reference"
    if any(c.isdigit() for c in gone + new):
        return ""
    if sorted(old) == sorted(fresh):
        return "order of words"
    if len(old) == len(fresh) and all(_same_word(a, b, world) for a, b in zip(old, fresh, strict=True)):
        return "spelling"
    old, fresh = [w for w in old if w not in SMALL], [w for w in fresh if w not in SMALL]
    if len(old) == len(fresh) and all(_same_word(a, b, world) for a, b in zip(old, fresh, strict=True)):
        return "spelling"
    if "".join(old) == "".join(fresh):
        return "typography"
    return ""


def _link_label(link: str, label: str) -> bool:
    """An address shown as such on one side, its label on the other."""
    if not link.strip() or not 0 < len(words_of(label)) <= 12:
        return False
    return not fold(link) or (("." in link or ":" in link) and not fold(_links_out(link)))


def _law_name(gone: str, new: str) -> bool:
    """Abbreviations or titles of statutes: "ABCG" → "ABDG", "Alpha-Gesetz" → "Beta-Gesetz"."""
    one, two = gone.strip(" ().,"), new.strip(" ().,")
    if _LAW_LETTERS.fullmatch(one) and _LAW_LETTERS.fullmatch(two):
        return True
    return bool(_LAW_TITLE.search(one) and _LAW_TITLE.search(two))


def _renamed(gone: str, new: str) -> str:
    a, b = fold(gone), fold(new)
    return "spelling of a name" if OSA.normalized_similarity(a, b) >= 0.75 else "renamed"


@lru_cache(maxsize=8192)
def _spellings(word: str) -> tuple[str, ...]:
    """The word in the other spelling of each of `_SPELLINGS`."""
    return tuple(pattern.sub(other, word) for pattern, other in _SPELLINGS)


def _same_word(a: str, b: str, world: World) -> bool:
    """The same word in another spelling or ending, or a typing error: one side is no word the documents use."""
    if a == b:
        return True
    if any(one == two for one, two in zip(_spellings(a), _spellings(b), strict=True)):
        return True
    if same_word(a, b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 7:
        return True
    if (
        len(short) == 3
        and len(long) == 4
        and short in (long[1:], long[:-1])
        and long not in world.before_words & world.after_words
    ):
        return True
    if len(short) < 4 or (a[0] != b[0] and a[-1] != b[-1]):
        return False
    if OSA.distance(a, b) > (1 if len(short) < 9 else 2):
        return False
    return a not in world.after_words or b not in world.before_words
