"""Among the candidates, the two the document states: `updated` and `effective`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from storage.records import Clause, ClauseKind
from watcher.extract.dates.candidates import Candidate
from watcher.extract.dates.grammar import fold
from watcher.extract.dates.lexicon import Label, Lexicon

_UPDATED = frozenset({Label.UPDATED, Label.TOUCHED})
_EFFECTIVE = frozenset({Label.EFFECTIVE, Label.VALID})
_TITLE_CLAUSES = 6  # a bare date counts this near to the title
_BARE_WORDS = 4  # words that may follow a date standing alone
_PROSE = 200  # characters of a clause that is prose, not a menu
_PROSE_CLAUSES = 15
_COMPOSITE = 3  # so many statements inside a text are of several texts on one page: the first is the page's
_NEAR = 4  # clauses between two lines of one list


def choose(
    found: Sequence[Candidate], clauses: Sequence[Clause], lex: Lexicon, today: str = ""
) -> tuple[Candidate | None, Candidate | None]:
    """The best candidates for updated and effective. ``today``: ISO day of the look, "" unknown."""
    own = [candidate for candidate in found if not candidate.archived]
    second = _second_text(own, clauses, lex)
    own = [c for c in own if c.place != "body" or c.clause < second]
    labelled = [candidate for candidate in own if candidate.labels]
    updated = _best([c for c in labelled if c.labels & _UPDATED], today)
    effective = _best([c for c in labelled if c.labels & _EFFECTIVE], today)
    if updated is None:
        updated = _log(own, effective, clauses, lex)
    if updated is None and effective is None:
        updated = _bare(own, clauses, lex) or _best([c for c in labelled if Label.CREATED in c.labels], today)
    return _agreeing(updated, effective)


def _class(candidate: Candidate) -> int:
    """0 the most trusted kind of place and label, 9 for none."""
    if candidate.place == "head":
        return 0 if candidate.strong else 1
    if candidate.place == "tail":
        return 1 if candidate.strong and candidate.alone else 2 if candidate.strong or candidate.alone else 9
    return 3 if candidate.strong and candidate.alone and not candidate.unsure else 9


def _best(candidates: Sequence[Candidate], today: str) -> Candidate | None:
    ranked = [(_class(candidate), candidate) for candidate in candidates]
    ranked = [(rank, candidate) for rank, candidate in ranked if rank < 9]
    if not ranked:
        return None
    inside = [c for rank, c in ranked if rank == 3]
    if ranked[0][0] > 0 and len(inside) >= _COMPOSITE:
        return _newest_of_list(inside, today)
    top = min(rank for rank, _ in ranked)
    same = [candidate for rank, candidate in ranked if rank == top]
    return _newest_of_list(same, today)


def _newest_of_list(same: Sequence[Candidate], today: str) -> Candidate:
    """The first, or the newest of the lines that directly follow it; at the end of a text, where former
    statements stay below the present one or above it, the newest of all. One that lies ahead of the look is
    of the next text."""
    best = same[0]
    last = best
    for candidate in same[1:]:
        if candidate.clause - last.clause > 1 and best.place != "tail":
            break
        last = candidate
        value = candidate.mention.value
        if value > best.mention.value and not (today and value > today):
            best = candidate
    return best


def _log(
    own: Sequence[Candidate], effective: Candidate | None, clauses: Sequence[Clause], lex: Lexicon
) -> Candidate | None:
    """The newest entry of a change log: lines that begin with a date, under a heading or after the stated
    date that says so."""
    lines = [c for c in own if c.opens and not c.labels & _EFFECTIVE]
    runs: list[list[Candidate]] = []
    for line in lines:
        last = runs[-1][-1].clause if runs else 0
        section = clauses[line.clause].section
        if runs and (line.clause - last <= _NEAR or (section and section == clauses[last].section)):
            runs[-1].append(line)
        else:
            runs.append([line])
    for run in runs:
        if len(run) < 2 or (all(line.unsure == 0 for line in run) and run[1].clause - run[0].clause == 1):
            continue  # bare dates line by line are links to earlier versions
        first = run[0].clause
        follows = effective is not None and 0 < first - effective.clause <= _NEAR
        titled = any(
            lex.history.search(fold(heading)) for heading in clauses[first].section[-1:] if len(heading) < 80
        )
        above = clauses[first - 1].text if first else ""
        titled = titled or (len(above) < 80 and bool(lex.history.search(fold(above))))
        newest = max(run, key=lambda line: line.mention.value)
        if effective is None:
            if titled:
                return newest
        elif follows and newest.mention.value > effective.mention.value:
            return newest
    return None


def _bare(own: Sequence[Candidate], clauses: Sequence[Clause], lex: Lexicon) -> Candidate | None:
    """A date alone under the title, or as the very last words."""
    for candidate in own:
        if candidate.labels or not candidate.alone or candidate.unsure > _BARE_WORDS:
            continue
        if candidate.place == "head" and _under_title(clauses, candidate.clause, lex):
            return candidate
        if candidate.clause >= len(clauses) - 2 and candidate.unsure == 0:
            return candidate
    return None


def _under_title(clauses: Sequence[Clause], index: int, lex: Lexicon) -> bool:
    """Whether a clause is among the first, or within three of a heading that names the document."""
    if index < _TITLE_CLAUSES:
        return True
    near = clauses[max(0, index - 3) : index]
    return index < 2 * _TITLE_CLAUSES and any(
        clause.kind is ClauseKind.HEADING and clause.level <= 2 and lex.document.search(fold(clause.text))
        for clause in near
    )


def _second_text(own: Sequence[Candidate], clauses: Sequence[Clause], lex: Lexicon) -> int:
    """The clause of the first date that stands under the title of a second text on the page: another title
    and much prose came before it. The number of clauses where there is none."""
    inside = [c.clause for c in own if c.place == "body"]
    titles = [at for at in range(max(inside, default=0)) if _names_a_text(clauses[at], lex)]
    if len(titles) < 2:
        return len(clauses)
    prose = [at for at in range(titles[0], len(clauses)) if len(clauses[at].text) >= _PROSE]
    if len(prose) < _PROSE_CLAUSES:
        return len(clauses)
    for index in inside:
        before = bisect_left(titles, index)
        if before >= 2 and titles[before - 1] >= index - 2 and index > prose[_PROSE_CLAUSES - 1]:
            return index
    return len(clauses)


def _names_a_text(clause: Clause, lex: Lexicon) -> bool:
    if clause.kind is not ClauseKind.HEADING or clause.level > 2 or len(clause.text) > 80:
        return False
    folded = fold(clause.text)
    return bool(lex.document.search(folded)) and not lex.history.search(folded)


def _agreeing(
    updated: Candidate | None, effective: Candidate | None
) -> tuple[Candidate | None, Candidate | None]:
    """Drops the weaker of two dates that cannot both be of this text."""
    if updated is None or effective is None:
        return updated, effective
    far = abs(updated.clause - effective.clause) > _NEAR
    if far and effective.place == "body":
        return updated, None
    if far and updated.place == "body" and updated.mention.value < effective.mention.value:
        return None, effective
    if (
        effective.place == "head"
        and updated.place != "head"
        and updated.mention.value[:4] < effective.mention.value[:4]
    ):
        return None, effective
    return updated, effective
