"""The dates a document states for itself: when it was last updated and from when it is in force.

``stated_dates`` is the only door. The steps: find written dates (`grammar`), see what the words beside them
say (`candidates`, `labels`, `context`; the words of each language in `lexicon`), pick the document's own
(`choose`), settle day against month (`settle`). A wrong date makes a false accusation, so whatever is unsure
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from storage.records import Clause, StatedDate, StatedDates
from watcher.extract.dates.candidates import Candidate, candidates, places
from watcher.extract.dates.choose import choose
from watcher.extract.dates.lexicon import codes_for, every_code, lexicon, spoken
from watcher.extract.dates.settle import settle

__all__ = ["stated_dates"]

_SHORT = 3000  # characters of a text too short to be sure of its language
_FEW = 60  # clauses of such a text
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-]20\d\d(?!\d)")
_AMERICAN = re.compile(
    r"\b(?:California|Delaware|New York|Texas|U\.?S\.?A?\b|United States|American Arbitration|CCPA|COPPA)"
)
_EUROPEAN = re.compile(
    r"\b(?:GDPR|European|England|United Kingdom|UK|EU|EEA|France|French|Germany|Ireland|Paris|London|Australia|India)\b"
)


def stated_dates(
    clauses: Sequence[Clause],
    *,
    language: str = "",
    region: str = "",
    seen_at: datetime | None = None,
    metadata: Sequence[str] = (),
) -> StatedDates:
    """The dates the document itself states, each at the precision printed; None where it states none.

    ``language``: primary tag, "" unknown. ``region``: ISO country of the site ("" unknown). ``seen_at``: the
    time of the look, UTC. ``metadata``: ISO dates of the page's own markup; they settle which number is the
    day and never state a date by themselves."""
    where = places(clauses)
    if len(clauses) < _FEW and len(text := " ".join(clause.text for clause in clauses)) < _SHORT:
        language = spoken(text, language)
    lex = lexicon(codes_for(language))
    found = candidates(clauses, where, lex)
    today = seen_at.date().isoformat() if seen_at else ""
    updated, effective = choose(found, clauses, lex, today)
    if effective is None and (updated is None or not updated.labels):
        lex = lexicon(every_code())
        found = [c for c in candidates(clauses, where, lex, body=False) if c.strong]
        other = choose(found, clauses, lex, today)
        updated, effective = other if any(other) else (updated, effective)

    def stated(candidate: Candidate | None, ahead_days: int) -> StatedDate | None:
        if candidate is None:
            return None
        mention = candidate.mention
        locale = order = ""
        if len(mention.readings) > 1:
            locale, order = _locale(clauses), _order(clauses)
        value, ambiguous, settled_by = settle(
            mention,
            language=language,
            region=region,
            seen_at=seen_at,
            metadata=metadata,
            order=order,
            locale=locale,
            ahead_days=ahead_days,
        )
        confidence = _confidence(candidate)
        if ambiguous:
            confidence *= 0.9 if settled_by else 0.5
        return StatedDate(
            value, candidate.evidence, candidate.place, round(confidence, 2), ambiguous, settled_by
        )

    return StatedDates(stated(updated, 0), stated(effective, 366))


def _confidence(candidate: Candidate) -> float:
    base = {"head": 0.98, "tail": 0.95, "body": 0.8}[candidate.place]
    if not candidate.labels:
        base = 0.7
    elif not candidate.strong:
        base -= 0.1
    return base - 0.05 * min(candidate.unsure, 2)


def _order(clauses: Sequence[Clause]) -> str:
    """ "dmy" or "mdy" where the document's other numeric dates can be read in that order only."""
    orders = set()
    for clause in clauses:
        if "20" in clause.text:
            for first, second in _NUMERIC.findall(clause.text):
                if 12 < int(first) <= 31 and 0 < int(second) <= 12:
                    orders.add("dmy")
                elif 12 < int(second) <= 31 and 0 < int(first) <= 12:
                    orders.add("mdy")
    return orders.pop() if len(orders) == 1 else ""


def _locale(clauses: Sequence[Clause]) -> str:
    """Which order the document's surroundings suggest: the country names it speaks of."""
    american = european = 0
    for clause in clauses:
        american += len(_AMERICAN.findall(clause.text))
        european += len(_EUROPEAN.findall(clause.text))
    if american > european:
        return "mdy"
    return "dmy" if european > american else ""
