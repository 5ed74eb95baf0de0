"""Who acts in a sentence, is it denied, and does the deed serve the reader: the ground of every direction.

The words stand in `voice.toml`, by language. A document in a language without rules is read in none: its
directions stay unclear.
"""

from __future__ import annotations

import enum
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storage.records import Direction

_END = re.compile(r"[.;:!?](?=\s|$)|\n")
TURN = re.compile(
    r"(?<!\w)(?:but|however|although|unless|except|mais|toutefois|sauf|aber|sondern|jedoch|sofern|außer|pero|sino|salvo|ma|bensì|tranne|mas|porém|exceto|maar|tenzij|behalve)(?!\w)"
)
_WITHOUT = re.compile(r"(?<!\w)(?:without|sans|ohne|sin|senza|sem|zonder)(?!\w)", re.IGNORECASE)
_HALF = re.compile(
    rf"{_WITHOUT.pattern}|ne|n['’]", re.IGNORECASE
)  # no denial of the sentence, or half of one
_PART = re.compile(r",\s|\s(?:and|et|und|y|ed?|en)\s")
_WITHOUT_REACH = 30
_ONLY_REACH = 20
_OF = re.compile(  # what belongs to somebody, or goes to him, does not make him the one who acts
    r"(?<!\w)(?:of|to|with|by|for|from|about|des?|du|d['’]|aux?|à|par|pour|chez|von|an|mit|für|der|bei|del?|a|al|por|para|con|di|dei|degli|"
    r"delle|della|dell['’]|ai|agli|da|per|dos?|das?|aos?|às?|com|van|aan|met|voor|door)\s?(?:the |our |its |los |las |les |nos |unsere[nrm]? |den |dem |de |het )?$",
    re.IGNORECASE,
)
_DENIED_BEFORE, _DENIED_AFTER = 90, 45
_CHOICE_AFTER = 80
_PASSIVE = re.compile(
    r"(?<!\w)(?:be|been|being|is|are|was|were|will|être|été|est|sont|sera|seront|wird|werden|wurde\w*|worden|ist|sind|ser|sido|son|será|serán|"
    r"essere|stat[oaie]|viene|vengono|sono|são|serão|foram|wordt|worden|werd\w*)(?!\w)",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:^|[.;:!?]\s+|\n)(?:please )?(?:do not|don['’]t|never|bitte|ne \w+(?:ez|tez) (?:pas|jamais)|nunca|non \w+(?:are|ere|ire|te)|não \w+e)(?!\w)[^.;:!?]*$",
    re.IGNORECASE,
)
_WE = re.compile(r"(?<!\w)(?:we|nous|wir|nosotros|noi|nós|wij)(?!\w)", re.IGNORECASE)
_GOVERNED = 5  # words between one who acts and what he does
_DEED_AFTER, _DEED_BEFORE = 90, 70


class Actor(enum.Enum):
    USER = "user"
    COMPANY = "company"


class Deed(enum.Enum):
    HARM = "harm"
    HELP = "help"


@dataclass(frozen=True)
class Voice:
    """The patterns of one language; texts come with their capitals, since German tells "Sie" by them."""

    user: re.Pattern[str]
    company: re.Pattern[str]
    harm: re.Pattern[str]
    help: re.Pattern[str]
    denies: re.Pattern[str]
    only: re.Pattern[str]
    narrows: re.Pattern[str]
    refuses: re.Pattern[str]
    choice: re.Pattern[str]
    idle: re.Pattern[str]
    excepts: re.Pattern[str]
    late: bool  # does the denial stand behind what it denies?

    def denied(self, text: str, start: int, end: int, *, far: bool = True) -> bool:
        """Is what stands between ``start`` and ``end`` denied by its sentence? ``far``: over commas, as in a list."""
        before = self._ahead(text, start)
        if not far:
            before = _PART.split(before)[-1]
        after = self._behind(text, start, end, _DENIED_AFTER)
        if not self.late:
            after = " ".join(after.split()[:2])
        without = bool(_WITHOUT.search(before[-_WITHOUT_REACH:]))
        return (self._denies(before) or self._denies(after)) != without

    def _ahead(self, text: str, start: int) -> str:
        """What the sentence says just before ``start``, since its last turn, without denials that deny nothing here."""
        first, _ = sentence(text, start)
        before = text[max(first, start - _DENIED_BEFORE) : start]
        turns = list(TURN.finditer(before.lower()))
        before = before[turns[-1].end() :] if turns else before
        return self.idle.sub(lambda m: " " * len(m[0]), before)

    def _behind(self, text: str, start: int, end: int, reach: int) -> str:
        _, last = sentence(text, start)
        behind = self.idle.sub(lambda m: " " * len(m[0]), text[end : min(last, end + reach)])
        return _PART.split(behind)[0]

    def refusable(self, text: str, start: int, end: int, *, behind: bool = False) -> bool:
        """Is what stands between ``start`` and ``end`` a thing that the sentence lets the reader refuse or undo?"""
        ahead = max(sentence(text, start)[0], start - _DENIED_BEFORE)
        for m in self.choice.finditer(text, ahead, start):
            parts = _PART.split(text[m.end() : start])[1:]
            if self.actor(text, m.start()) is not Actor.COMPANY and not any(map(self.company.match, parts)):
                return True
        return (behind or self.late) and bool(
            self.choice.search(self._behind(text, start, end, _CHOICE_AFTER))
        )

    def banned(self, text: str, start: int) -> bool:
        """Is it the reader who may not?"""
        if _IMPERATIVE.search(text[:start]):
            return True
        first, _ = sentence(text, start)
        named = list(self.user.finditer(text, first, start))
        rest = text[named[-1].end() : start] if named else ""
        if (
            _WE.search(rest)
            or TURN.search(rest.lower())
            or _OF.search(text[first : named[-1].start()] if named else "")
        ):
            return False
        return self._denies(self.idle.sub("", rest))

    def doer(self, text: str, start: int) -> Actor | None:
        """Who does what begins at ``start``: the one named right before it, unless it is done to him."""
        if _IMPERATIVE.search(text[:start]):
            return Actor.USER
        first, _ = sentence(text, start)
        who = self.actor(text, start)
        named = list((self.user if who is Actor.USER else self.company).finditer(text, first, start))
        if who is None or not named:
            return None
        gap = text[named[-1].end() : start]
        if "," in gap or len(gap.split()) > _GOVERNED or _PASSIVE.search(gap):
            return None
        return who

    def narrowed(self, text: str, start: int, end: int) -> bool:
        """Does "only" or its like stand in, or right before, what stands between ``start`` and ``end``?"""
        return bool(self.only.search(text[max(0, start - _ONLY_REACH) : end]))

    def inside(self, text: str, start: int, end: int) -> bool:
        """Do the words themselves deny?"""
        return self._denies(text[start:end])

    def _denies(self, text: str) -> bool:
        return any(not _HALF.fullmatch(m[0]) for m in self.denies.finditer(text))

    def actor(self, text: str, at: int) -> Actor | None:
        """Who is named last before ``at`` in its sentence."""
        first, _ = sentence(text, at)
        found = [
            (m.start(), Actor.USER)
            for m in self.user.finditer(text, first, at)
            if not _OF.search(text[first : m.start()])
        ]
        found += [(m.start(), Actor.COMPANY) for m in self.company.finditer(text, first, at)]
        return max(found, key=lambda f: f[0])[1] if found else None

    def deed(self, text: str, start: int, end: int) -> Deed | None:
        """What is done, by the nearest verb of the sentence that is known to harm or to help; those ahead first."""
        first, last = sentence(text, start)
        found: list[tuple[int, int, Deed]] = []
        for deed, pattern in ((Deed.HARM, self.harm), (Deed.HELP, self.help)):
            for m in pattern.finditer(text, max(first, start - _DEED_BEFORE), min(last, end + _DEED_AFTER)):
                gap = max(0, m.start() - end) if m.end() > start else (start - m.end()) + _DEED_BEFORE // 2
                found.append((gap, -len(m[0]), deed))
        return min(found, key=lambda f: f[:2])[2] if found else None


def sentence(text: str, at: int) -> tuple[int, int]:
    """Where the sentence around ``at`` begins and ends."""
    first = 0
    for m in _END.finditer(text):
        if m.end() > at:
            return first, m.end()
        first = m.end()
    return first, len(text)


@lru_cache(maxsize=16)
def voice(language: str) -> Voice | None:
    """The voice of a language; None where there is none."""
    tables = _tables()
    if language not in tables["user"]:
        return None
    patterns: dict[str, re.Pattern[str]] = {}
    for name, rows in tables.items():
        source = rows[language].replace("'", "['’]").replace("[['’]’]", "['’]")
        polite = name == "user" and language == "de"
        patterns[name] = re.compile(
            rf"(?<!\w)(?:Sie|(?i:{source.replace('Sie|', '')}))(?!\w)"
            if polite
            else rf"(?<!\w)(?:{source})(?!\w)",
            0 if polite else re.IGNORECASE,
        )
    excepts = patterns.pop("except")
    if language == "fr":
        patterns["denies"] = re.compile(rf"(?<!\w)(?:n['’]|{patterns['denies'].pattern})", re.IGNORECASE)
    return Voice(**patterns, excepts=excepts, late=language in ("de", "nl"))


def side(actor: Actor | None, deed: Deed | None, *, more: bool) -> Direction:
    """For the reader: ``more`` of the deed (denial gone, duty stronger, limit gone), or less of it."""
    if actor is Actor.USER:
        return Direction.BETTER if more else Direction.WORSE
    if deed is None:
        return Direction.UNCLEAR
    return Direction.BETTER if more == (deed is Deed.HELP) else Direction.WORSE


def opposite(direction: Direction) -> Direction:
    return {Direction.BETTER: Direction.WORSE, Direction.WORSE: Direction.BETTER}.get(direction, direction)


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    text = files("watcher.compare.signals").joinpath("voice.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
