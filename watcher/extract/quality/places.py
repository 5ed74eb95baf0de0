"""Where an answer came from: the place its final address names, held against the address asked for."""

from __future__ import annotations

import enum
import functools
import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import tldextract


class Place(enum.StrEnum):
    SAME = "same"  # the page asked for, or another of the site
    HOME = "home"
    OTHER_SITE = "other-site"
    LOGIN = "login"
    CONSENT = "consent"
    NOT_FOUND = "not-found"
    REGION = "region"
    CHALLENGE = "challenge"


_LOCALE = r"(?:[a-z]{2}(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3}))?|intl|global|int)"
_HOME = re.compile(
    rf"/?(?:{_LOCALE}(?:/|\Z)){{0,2}}"
    r"(?:(?:index|home|default|accueil|startseite|start|main|welcome)(?:\.\w{2,5})?/?)?\Z",
    re.I,
)
_PATHS: tuple[tuple[Place, re.Pattern[str]], ...] = (
    (Place.CHALLENGE, re.compile(r"/(?:sorry/|captcha|showcaptcha|challenge|botcheck|bot-check|_sec/|punish|blocked|distil)", re.I)),
    (Place.REGION, re.compile(
        r"/(?:geo-?block|unsupported-(?:country|region|location)|region-(?:block|unavailable)|country-(?:block|not-supported)"
        r"|not-available(?:-in)?|unavailable|gdpr-block|eu-block|blocked-country|restricted-(?:region|country))", re.I)),
    (Place.NOT_FOUND, re.compile(
        r"(?:/|=)(?:404|error-?404|page-?not-?found|not-?found|notfound|error|errors|pagenotfound|oops|seite-nicht-gefunden|page-introuvable)"
        r"(?:\.\w{2,5})?(?:[/?&]|\Z)", re.I)),
    (Place.CONSENT, re.compile(r"/(?:v\d/)?(?:collectconsent|consent|cookie-?consent|cookiewall|cookie-wall|privacy-gate|gdpr-consent|zustimmung)(?:[/?]|\Z)", re.I)),
    (Place.LOGIN, re.compile(
        r"/(?:log-?in|sign-?in|signon|sso|saml2?|oauth2?|authorize|auth|users/sign_in|account/login|session/new|wp-login\.php"
        r"|connexion|anmelden|einloggen|inloggen|iniciar-sesion|accedi|entrar|logowanie|kirjaudu|logga-in)(?:[/?.]|\Z)", re.I)),
)  # fmt: skip
_HOSTS: tuple[tuple[Place, re.Pattern[str]], ...] = (
    (Place.CONSENT, re.compile(r"\A(?:consent|guce|cmp)\.", re.I)),
    (Place.LOGIN, re.compile(r"\A(?:login|signin|accounts|auth|sso|id|idp)\.", re.I)),
    (Place.CHALLENGE, re.compile(r"\A(?:captcha|geo\.captcha-delivery|validate\.perfdrive)\.", re.I)),
)
_POLICY_PATH = re.compile(
    r"privac|terms|legal|polic|cookie|gdpr|rgpd|dsgvo|datenschutz|agb|nutzungsbeding|impressum|imprint|condition"
    r"|condiz|condic|confidential|mentions|cgu|cgv|aviso|privacid|riservatez|voorwaarden|regulamin|prywatno|rodo"
    r"|tietosuoj|integritet|villkor|vilkar|guideline|subprocessor|sub-processor|dpa\b|eula|license|agreement|rules"
    r"|tos\b|copyright|dmca|conduct|data-protection|notice|ehdot|podmink|persondat|personvern|gizlilik|adatved",
    re.I,
)


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    """The public suffix list as bundled: no download, no cache folder."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def place_of(url: str, final_url: str) -> Place:
    """Where the answer for ``url`` came from. Addresses that cannot be read count as the same place."""
    try:
        asked, got = urlsplit(url), urlsplit(final_url)
        same_host = _bare(asked.hostname) == _bare(got.hostname) and asked.port == got.port
    except ValueError:
        return Place.SAME
    if not got.hostname or (same_host and _path(asked) == _path(got) and asked.query == got.query):
        return Place.SAME
    for place, pattern in _HOSTS:
        if pattern.search(got.hostname) and not pattern.search(asked.hostname or ""):
            return place
    for place, pattern in _PATHS:
        if pattern.search(_path(got)) and not pattern.search(_path(asked)):
            return place
    if site_of(asked.hostname or "") != site_of(got.hostname):
        return Place.OTHER_SITE
    if is_home(final_url) and not is_home(url):
        return Place.HOME
    return Place.SAME


def site_of(host: str) -> str:
    """The registrable domain ("example.co.uk"), or the host itself where there is none (addresses, localhost)."""
    return _registered(host)[0]


def brand_of(host: str) -> str:
    """The name a site goes by whatever its country: "example" for example.com and example.co.uk."""
    return _registered(host)[1]


@functools.lru_cache(maxsize=4096)
def _registered(host: str) -> tuple[str, str]:
    host = host.lower().rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        parts = _suffixes()(host)
        if parts.domain and parts.suffix:
            return f"{parts.domain}.{parts.suffix}", parts.domain
        labels = host.split(".")  # a suffix that is not listed is its last label (publicsuffix.org, rule "*")
        if len(labels) > 1 and labels[-1].isalpha():
            return ".".join(labels[-2:]), labels[-2]
    return host, host


def is_home(url: str) -> bool:
    """Whether an address is a site's front page, in whatever language."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        bool(url.strip())
        and _HOME.match(parts.path) is not None
        and not parts.query
        and "!" not in parts.fragment
    )


def names_policy(url: str) -> bool:
    """Whether an address itself says that it leads to a policy."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        _POLICY_PATH.search(f"{(parts.hostname or '').split('.')[0]} {parts.path} {parts.query}") is not None
    )


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.").rstrip(".")


def _path(parts: SplitResult) -> str:
    return parts.path.rstrip("/") or "/"
