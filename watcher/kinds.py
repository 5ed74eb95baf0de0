"""What kind of document an address or a title names (pure)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from storage.records import PolicyKind

_WORDS: tuple[tuple[PolicyKind, str], ...] = (
    (PolicyKind.SUBPROCESSORS, r"sub-?processors?|unterauftrag|sous-traitants"),
    (PolicyKind.DPA, r"\bdpa\b|data-processing|auftragsverarbeitung|verwerkersovereenkomst"),
    (PolicyKind.COOKIES, r"cookie|trackers|traceurs|クッキー"),
    (PolicyKind.PRIVACY, r"privacy|datenschutz|confidentialite|confidentialitate|vie-privee|privacidad|riservatezza"
                         r"|privacidade|proteccion-de-datos|protecao-de-dados|protezione-dei-dati|protection-des-donnees"
                         r"|persoonsgegevens|gegevensbescherming|prywatnosc|data-protection|donnees-personnelles"
                         r"|integritet|personvern|privatliv|tietosuoja|osobnich-udaju|osobnych-udajov|gizlilik"
                         r"|adatvedel|adatkezel|конфиденциальност|персональных-данных|απορρητο|プライバシー"
                         r"|個人情報|隐私|隱私|개인정보"),
    (PolicyKind.GUIDELINES, r"guidelines|community-standards|acceptable-use|conduct|copyright"),
    (PolicyKind.TERMS, r"terms|conditions|\btos\b|\beula\b|\bagb\b|\bcgu\b|\bcgv\b|nutzungsbedingungen|geschaftsbedingungen"
                       r"|agreement|condiciones|condicoes|condizioni|termini|termos|termeni|terminos|voorwaarden"
                       r"|regulamin|villkor|vilkar|betingelser|kayttoehdot|podminky|obchodne-podmienky|kosullari"
                       r"|felhasznalasi-feltetelek|условия|пользовательское-соглашение|οροι-χρησης|利用規約"
                       r"|服务条款|服務條款|使用条款|이용약관"),
)  # fmt: skip


def _plain(text: str) -> str:
    """Lower case without accents; the patterns go through it as well, so that every script meets its like."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


_PATTERNS = tuple((kind, re.compile(_plain(words))) for kind, words in _WORDS)


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
    plain = re.sub(r"[\s_/]+", "-", _plain(text))
    return next((kind for kind, words in _PATTERNS if words.search(plain)), PolicyKind.OTHER)
