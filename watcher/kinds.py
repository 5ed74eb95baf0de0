"""What kind of document an address or a title names (pure)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from storage.records import PolicyKind

_WORDS: tuple[tuple[PolicyKind, str], ...] = (
    (PolicyKind.SUBPROCESSORS, r"sub-?processors?|unterauftrag"),
    (PolicyKind.DPA, r"\bdpa\b|data-processing|auftragsverarbeitung"),
    (PolicyKind.COOKIES, r"cookie|trackers|traceurs"),
    (PolicyKind.PRIVACY, r"privacy|datenschutz|confidentialite|vie-privee|privacidad|privacidade|riservatezza"
                         r"|gegevens|prywatnosc|data-protection|donnees-personnelles|protection-des-donnees|integritet|personvern|proteccion-de-datos|protecao-de-dados|protezione-dei-dati|tietosuoja|osobnich-udaju|プライバシー|個人情報|隐私|隱私|개인정보"),
    (PolicyKind.GUIDELINES, r"guidelines|community-standards|acceptable-use|conduct|copyright"),
    (PolicyKind.TERMS, r"terms|conditions|\btos\b|\beula\b|\bagb\b|\bcgu\b|\bcgv\b|nutzungsbedingungen"
                       r"|agreement|condiciones|terminos|condizioni|termini|termos|voorwaarden|regulamin|villkor|vilkar|ehdot|geschaftsbedingungen|利用規約|条款|이용약관"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(words)) for kind, words in _WORDS)


def kind_of_address(url: str) -> PolicyKind:
    """The kind the path (then the host) of an address names; OTHER where it names none."""
    parts = urlsplit(url)
    for text in (unquote(parts.path), parts.hostname or ""):
        kind = kind_of_words(text)
        if kind is not PolicyKind.OTHER:
            return kind
    return PolicyKind.OTHER


def kind_of_words(text: str) -> PolicyKind:
    """The kind a link's text, a title or a path names; OTHER where it names none."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    plain = re.sub(r"[\s_/]+", "-", plain)
    return next((kind for kind, words in _PATTERNS if words.search(plain)), PolicyKind.OTHER)
