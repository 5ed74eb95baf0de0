"""Does the clause still say yes, how strongly, and to whom: negations, modals, restrictions, exceptions, defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from storage.records import Direction, Materiality, Op, Topic
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.stayed import Run, around, bare, newly, written_anew
from watcher.compare.signals.voice import Actor, Voice, sentence, side, voice

_NEGATION = re.compile(
    r"\b(?:not|no longer|never|neither|nor|cannot|\w+n['’]t|without|"
    r"ne|n'|jamais|aucune?|sans|ni|nicht|keine?[nrms]?|niemals|ohne|weder|nunca|ningun[oa]?|sin|"
    r"non|mai|nessun[oa]?|senza|não|nenhum[a]?|sem|niet|geen|nooit|zonder)(?!\w)",
    re.IGNORECASE,
)
_MODALS = {
    "may": r"may|might|can|could|peut|peuvent|pouvons|pouvez|pourr\w+|kann|kannst|könnt|können|könnten|dürfen|darf|darfst|dürft|puede\w*|podemos|podrá\w*|può|possiamo|possono|potrà|potranno|pode\w*|kan|kunnen|mag|mogen",
    "will": r"will|shall|werden|wird|sera|seront|serons|allons|zal|zullen",
    "must": r"must|required to|have to|need to|doit|doivent|devez|devons|muss|musst|müsst|müssen|debe\w*|deve\w*|dobbiamo|devono|moet|moeten|verplicht|obliged|obligé\w*",
    "should": r"should|devrai\w+|sollte\w*|debería\w*|dovrebbe\w*|deveria\w*|zou|zouden",
}
MODAL = re.compile("|".join(rf"(?P<{k}>\b(?:{v})\b)" for k, v in _MODALS.items()), re.IGNORECASE)
_FORCE = {"may": 0, "should": 1, "will": 2, "must": 2}
_DUTY = 2
_NEAR = 8  # a run longer than this is a new sentence, not a flipped one
_CLAUSE = 40  # words an exception may have
_RUNS = 4  # in a clause with more changed runs than this nothing is flipped: it was rewritten
_ASK = re.compile(
    r"ask us (?:to|that|for)|request (?:that we|us to|from us)|contact us to|write to us to|apply to us|submit a request|"
    r"nous demander (?:de|la|le|l')|demander (?:que nous|qu'on)|nous écrire pour|adresser une demande|"
    r"uns (?:bitten|auffordern|ersuchen)|bei uns (?:beantragen|anfordern|verlangen)|(?:einen )?antrag (?:an uns )?stellen|"
    r"(?:pedir|solicitar)nos|pedir que|solicitar que|chieder(?:ci|e che)|richieder(?:ci|e che)|pedir-nos|solicitar-nos|"
    r"ons (?:vragen|verzoeken)|bij ons (?:aanvragen|verzoeken)|een verzoek indienen",
    re.IGNORECASE,
)
_ON = re.compile(
    r"on|opt(?:ed)?[- ]?in|enabled|activée?s?|eingeschaltet|aktiviert|activad[oa]s?|attiv\w+|ativad[oa]s?|ligad[oa]s?|ingeschakeld|aan"
)
_OFF = re.compile(r"off|opt(?:ed)?[- ]?out|disabled|désactivée?s?|ausgeschaltet|deaktiviert|desactivad[oa]s?|disattiv\w+|desativad[oa]s?|desligad[oa]s?|uitgeschakeld|uit")  # fmt: skip
_CARRIED = re.compile(r"neither|nor|ni|noch|weder|né|nem", re.IGNORECASE)
_LEAD = 2  # words that may stand before the word of exception in what came with it
_FRENCH_ONLY = re.compile(
    r"\bn(?:e\s|['’])(?:(?!\bpas\b|\bjamais\b|[.;]).){0,90}?\bqu(?:e\s|['’])", re.IGNORECASE
)


def stance(edit: Edit, world: World) -> Iterator[Hit]:
    """Hits in substitutions short enough to compare; the direction follows who acts and what is done."""
    if edit.op is not Op.MODIFIED:
        return
    found = runs(edit)
    if len(found) > _RUNS:
        return
    speech = voice(world.language)
    hits = list(_hits(found, edit, speech))
    flipped = any(hit.rule == "negation" for hit in hits)
    for hit in hits:
        # An exception that comes with a denial gone, or the reverse, only tempers it.
        yield replace(hit, direction=Direction.UNCLEAR) if flipped and hit.rule == "exception" else hit


def _hits(found: tuple[Run, ...], edit: Edit, speech: Voice | None) -> Iterator[Hit]:
    for run in found:
        if speech and (hit := _excepted(run, edit, speech)):
            yield hit
            continue
        if max(len(words_of(run.gone)), len(words_of(run.new))) > _NEAR:
            continue
        hit = (
            _asked(run)
            or (_restricted(run, edit, speech) if speech else None)
            or _negated(run, edit, speech)
            or _weighted(run, edit, speech)
            or _switched(run, edit, speech)
        )
        if hit:
            yield hit


def runs(edit: Edit) -> tuple[Run, ...]:
    """The substitutions of a clause with their places; runs that only a space parts are one."""
    found: list[Run] = []
    i = j = 0  # read so far
    at = to = 0  # where the open run begins
    for op in edit.words:
        if op.op == "=":
            if op.text.strip():
                found.append(Run(edit.before[at:i], edit.after[to:j], at, to))
                at, to = i + len(op.text), j + len(op.text)
            i, j = i + len(op.text), j + len(op.text)
            continue
        i += len(op.text) if op.op == "-" else 0
        j += len(op.text) if op.op == "+" else 0
    found.append(Run(edit.before[at:], edit.after[to:], at, to))
    return tuple(run for run in found if run.gone.strip() or run.new.strip())


def _negated(run: Run, edit: Edit, speech: Voice | None) -> Hit | None:
    denies = speech.denies if speech else _NEGATION
    before, after = bool(denies.search(run.gone)), bool(denies.search(run.new))
    if before == after or bare(run, denies) > 1:
        return None
    if (speech and _denied_otherwise(run, edit, speech, after=before)) or written_anew(run, edit):
        return None
    twice = bool(denies.search(around(edit.before, run.at))) and bool(
        denies.search(around(edit.after, run.to))
    )
    if twice and not _bare_of_lists(run, denies):
        return None
    direction = Direction.UNCLEAR if twice else _side(run, edit, speech, more=before)
    told = f"a negation {'appears' if after else 'is gone'}"
    return _hit("negation", told, Materiality.HIGH, run, direction)


def _denied_otherwise(run: Run, edit: Edit, speech: Voice, *, after: bool) -> bool:
    """Did a word that denies in another way ("prohibited", "refrain") take the place of the negation?"""
    return newly(speech.refuses, run, edit, after=after)


def _bare_of_lists(run: Run, denies: re.Pattern[str]) -> bool:
    """Is there a negation that does not merely carry on one before it: "neither … nor"?"""
    return any(not _CARRIED.fullmatch(m[0]) for m in denies.finditer(f"{run.gone} {run.new}"))


def _weighted(run: Run, edit: Edit, speech: Voice | None) -> Hit | None:
    old, fresh = _force(run.gone), _force(run.new)
    if old is None or fresh is None or old == fresh:
        return None
    direction = Direction.UNCLEAR
    if speech:
        actor = speech.actor(edit.after, run.to)
        if actor is Actor.USER:
            direction = Direction.WORSE if fresh > old else Direction.BETTER
        else:
            direction = _side(run, edit, speech, more=fresh > old)
    severity = (
        Materiality.HIGH
        if direction is not Direction.UNCLEAR and bare(run, MODAL) <= 1
        else Materiality.MEDIUM
    )
    return _hit("modality", f"{'stronger' if fresh > old else 'weaker'} wording", severity, run, direction)


def _restricted(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """ "only", "solely" and their like came or went."""
    before, after = bool(speech.only.search(run.gone)), bool(speech.only.search(run.new))
    if before == after:
        before, after = (
            bool(_FRENCH_ONLY.search(around(text, at)))
            for text, at in ((edit.before, run.at), (edit.after, run.to))
        )
        if before == after or not re.search(r"\bqu(?:e\b|['’])|\bn(?:e\b|['’])", f"{run.gone} {run.new}"):
            return None
    elif (bare(run, speech.only) > 2 and not _alone(run)) or _told_otherwise(run, edit, speech, after=before):
        return None
    direction = _side(run, edit, speech, more=before)
    return _hit(
        "restriction", f"a restriction {'is gone' if before else 'appears'}", Materiality.HIGH, run, direction
    )


def _alone(run: Run) -> bool:
    """Did a phrase come or go by itself, with nothing in its place?"""
    return min(len(words_of(run.gone)), len(words_of(run.new))) == 0


def _excepted(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """An exception came or went: "unless", "except" and what follows."""
    before, after = bool(speech.excepts.search(run.gone)), bool(speech.excepts.search(run.new))
    if before == after or max(len(words_of(run.gone)), len(words_of(run.new))) > _CLAUSE:
        return None
    if len(words_of(run.gone if after else run.new)) > 2:
        return None  # the exception came with other words: another sentence
    text, start, own = (edit.after, run.to, run.new) if after else (edit.before, run.at, run.gone)
    opens = speech.excepts.search(own)
    if opens is None or len(words_of(own[: opens.start()])) > _LEAD:
        return None
    at = start + opens.start()
    first, last = sentence(text, at)
    if start <= first + len(text[first:last]) - len(text[first:last].lstrip()) and last <= start + len(own):
        return None  # a whole sentence with an exception of its own: nothing that stayed has one more
    words = text[at : min(last, start + len(own))].strip(" ,;")
    deed = speech.deed(text, at, at)
    direction = Direction.UNCLEAR
    if deed:
        denied = bool(speech.denies.search(text[first:at]))
        more = denied == after  # an exception to what is denied allows more of it
        direction = side(None if speech.actor(text, at) is not Actor.USER else Actor.USER, deed, more=more)
    told = f"an exception {'appears' if after else 'is gone'}"
    exception = replace(run, gone=run.gone if after else words, new=words if after else run.new)
    return _hit("exception", told, Materiality.HIGH, exception, direction)


def _asked(run: Run) -> Hit | None:
    """What the reader may do alone becomes something to ask for, or the reverse."""
    before, after = bool(_ASK.search(run.gone)), bool(_ASK.search(run.new))
    if before == after or len(words_of(run.gone if after else run.new)) > 3:
        return None
    told = "a right becomes a request" if after else "a request becomes a right"
    direction = Direction.WORSE if after else Direction.BETTER
    return _hit("on-request", told, Materiality.HIGH, run, direction, (Topic.RIGHTS,))


def _switched(run: Run, edit: Edit, speech: Voice | None) -> Hit | None:
    """A default that was off is on."""
    gone, new = run.gone.strip().lower(), run.new.strip().lower()
    for old, fresh, more in ((_OFF, _ON, True), (_ON, _OFF, False)):
        if old.fullmatch(gone) and fresh.fullmatch(new):
            deed = speech.deed(edit.after, run.to, run.to + len(run.new)) if speech else None
            told = f"a default is switched {'on' if more else 'off'}"
            return _hit("default", told, Materiality.HIGH, run, side(None, deed, more=more), (Topic.RIGHTS,))
    return None


def _side(run: Run, edit: Edit, speech: Voice | None, *, more: bool) -> Direction:
    if not speech:
        return Direction.UNCLEAR
    text, at, size = (
        (edit.after, run.to, len(run.new)) if run.new.strip() else (edit.before, run.at, len(run.gone))
    )
    actor = speech.actor(text, at + size)
    if (
        actor is Actor.USER
        and (m := MODAL.search(around(text, at)))
        and _FORCE[m.lastgroup or "may"] == _DUTY
    ):
        return Direction.UNCLEAR  # a duty of the reader: less of it may be more or less
    return side(actor, speech.deed(text, at, at + size), more=more)


def _told_otherwise(run: Run, edit: Edit, speech: Voice, *, after: bool) -> bool:
    """Is the restriction still there, in the same words or in others ("limited to"), or the sentence another one?"""
    before, now = around(edit.before, run.at), around(edit.after, run.to)
    if bool(speech.only.search(before)) == bool(speech.only.search(now)) or written_anew(run, edit):
        return True
    return newly(speech.narrows, run, edit, after=after)


def _force(text: str) -> int | None:
    found = {_FORCE[m.lastgroup] for m in MODAL.finditer(text) if m.lastgroup}
    return max(found) if found else None


def _hit(
    rule: str,
    told: str,
    severity: Materiality,
    run: Run,
    direction: Direction,
    topics: tuple[Topic, ...] = (),
) -> Hit:
    gone, new = run.gone.strip(), run.new.strip()
    return Hit(
        rule, "stance", topics, severity, f"{told}: “{_short(gone)}” → “{_short(new)}”", direction,
        exact=True, subject=told, gone=(gone,), new=(new,),
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"
