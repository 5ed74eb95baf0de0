"""The language a text is written in, from its commonest words or its script; the page's own word comes second."""

from __future__ import annotations

import re
from collections import Counter

_COMMON = {
    "en": "the and of to you your or that this with for our any are is we by on as may",
    "fr": "les des vous et la le de que pour est dans une sur vos nous votre par aux ou ces",
    "de": "der die und das den von sie zu mit für ist wir ihre oder nicht werden ihnen auf bei",
    "es": "los las que del para por con una sus usted su datos nuestros como no se al o y es",
    "it": "di che il per del con della sono una dei nel gli alla le non nostri tuoi anche dati è",
    "pt": "os que para do da dos em uma com não seus sua você ou como ao pela são nossos dados",
    "nl": "het een van wij uw onze voor zijn deze met dat niet worden aan of je door bij ook is",
    "pl": "do nie jest oraz się na przez dla lub danych które ich od może z w twoje są o naszych",
    "sv": "och att som för är av med din vi det dina eller den på till om inte kan våra du",
    "da": "og at som for er af med din vi det dine eller den på til om ikke kan vores du",
    "nb": "og å som for er av med din vi det dine eller den på til om ikke kan våre du",
    "fi": "ja on että tai se ei voi kun sekä joka ovat tietoja jos meidän sinun kanssa olla myös tämä",
    "cs": "a se na je že pro nebo které jsou vaše údaje jako při osobních není může aby podle",
    "ro": "și de în la cu pentru care sau sunt din dumneavoastră noastre pe nu prin date este",
    "hu": "a az és hogy nem vagy egy adatok által meg amely ha is az személyes kell ezt",
    "tr": "ve bir bu için veya ile olarak olan kişisel tarafından gibi daha her sizin da",
    "id": "dan yang untuk dengan anda kami dari ini atau dalam di data tidak dapat akan",
}
_VOTERS: dict[str, list[str]] = {}  # the languages each word speaks for
for _language, _words in _COMMON.items():
    for _word in dict.fromkeys(_words.split()):
        _VOTERS.setdefault(_word, []).append(_language)
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_SAMPLE = 8_000  # characters read, from the middle of a longer text: the ends hold names and addresses


def language_of(text: str, declared: str = "") -> str:
    """The primary tag ("en", "fr", "pt") of ``text``; "" where neither the text nor ``declared`` tells.

    ``declared`` (the page's ``lang``) wins only where the text is too short or too even to tell.
    """
    declared = re.split(r"[-_]", declared.strip().lower())[0]
    declared = declared if re.fullmatch(r"[a-z]{2,3}", declared) else ""
    declared = {"no": "nb", "nn": "nb"}.get(declared, declared)
    start = max(0, (len(text) - _SAMPLE) // 2)
    sample = text[start : start + _SAMPLE].lower()
    letters = len(sample) - sample.count(" ")
    foreign = len(sample) - len(sample.encode("ascii", "ignore"))
    for language, script in _SCRIPTS if foreign > 0.3 * letters else ():
        if len(script.findall(sample)) > 0.3 * letters:
            same_script = {"ru": ("ru", "uk", "bg", "sr", "be", "mk"), "ar": ("ar", "fa", "ur")}
            return declared if declared in same_script.get(language, ()) else language
    words = (
        sample.split()
    )  # a comma at a word costs its vote; letters picked by a pattern cost four times the time
    if len(words) < 20:
        return declared
    score = dict.fromkeys(_COMMON, 0)
    for word, count in Counter(words).items():
        for language in _VOTERS.get(word, ()):
            score[language] += count
    best = max(score, key=lambda language: (score[language], language == declared))
    if score[best] < 0.08 * len(words):
        return declared or (best if score[best] else "")
    if declared in score and score[declared] >= 0.9 * score[best]:
        return declared
    return best
