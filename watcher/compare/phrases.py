"""How one signal, or one clause without any, is put into words that read without the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.records import ClauseKind, Op
from watcher.compare.edit import Edit, fold, words_of
from watcher.compare.facts import FactKind, without
from watcher.compare.paraphrase import SMALL
from watcher.compare.quote import LIMIT, around, quoted, sentence_of, shortened
from watcher.compare.signals import Hit
from watcher.compare.signals.mentions import changed_spans

_NOUN = {ClauseKind.ROW: "row", ClauseKind.HEADING: "heading"}
_ON = {"new-data-collected": "what is collected", "opt-out": "choices to object or opt out"}
_PLURAL = {
    "party": "parties",
    "company named": "companies named",
    "cookie or tracker": "cookies or trackers",
    "period": "periods",
    "amount": "amounts",
    "percentage": "percentages",
    "age": "ages",
    "vendor": "vendors",
    "subprocessor": "subprocessors",
    "recipient": "recipients",
    "AI provider": "AI providers",
}
_OF_ONE_PIECE = frozenset({"postal address"})  # its names are parts of one thing
_MOST_NAMES = 3
_FEW_WORDS = 4  # so few are shown in their sentence
_ENOUGH_WORDS = 6  # so many need none
_BETWEEN = 12  # characters between two changed stretches that are read as one
NAME_LETTERS = 50
_LINK = re.compile(r"\S*(?:https?://|www\.)\S+\s*")


def told(hit: Hit, edit: Edit, limit: int = LIMIT) -> str:
    """A phrase for what the signal found in the changed words; "" where there is nothing to show."""
    gone, new = (
        ", ".join(dict.fromkeys(shortened(x, NAME_LETTERS) for x in side[:_MOST_NAMES] if x))
        for side in (hit.gone, hit.new)
    )
    if fold(gone) and fold(new) and (fold(gone).startswith(fold(new)) or fold(new).startswith(fold(gone))):
        return ""
    if hit.family == "stance":
        return _stance(hit, edit, limit)
    if hit.family in ("numbers", "tables") or hit.exact:
        return _fact(hit, edit, gone, new, limit)
    if hit.family == "parties":
        return exchange(hit.subject, _names(hit.gone), _names(hit.new))
    return _mention(hit, edit, limit)


def _stance(hit: Hit, edit: Edit, limit: int) -> str:
    gone, new = quoted(hit.gone[0]), quoted(hit.new[0])
    carried = hit.new[0] if new else hit.gone[0]
    whole = _in_context(edit, carried, new=bool(new), limit=limit)
    if not gone or not new:
        return f"{hit.subject}: {whole}" if whole else ""
    more = (
        f" in {whole}"
        if whole and len(words_of(hit.new[0])) < _ENOUGH_WORDS and fold(whole) != fold(new)
        else ""
    )
    return f"{hit.subject}: {gone} → {new}{more}"


def _fact(hit: Hit, edit: Edit, gone: str, new: str, limit: int) -> str:
    if hit.family != "numbers":
        return exchange(hit.subject, _names(hit.gone), _names(hit.new))
    alone = not (hit.gone and hit.new) or max(len(set(hit.new)), len(set(hit.gone))) == 1
    one = (hit.new or hit.gone)[0] if alone else ""
    whole = _in_context(edit, one, new=bool(new), limit=limit) if one else ""
    if gone and new:
        more = f" in {whole}" if len(fold(whole)) > len(fold(one)) else ""
        return f"{hit.subject}: {gone} → {new}{more}"
    if whole:
        return f"{hit.subject}: {_verb(edit, came=bool(new))} {whole}"
    several = _PLURAL.get(hit.subject, hit.subject)
    return exchange(hit.subject if alone else several, _names(hit.gone), _names(hit.new))


def _names(side: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(shortened(x, NAME_LETTERS) for x in side[:_MOST_NAMES] if x))


def exchange(subject: str, gone: Sequence[str], new: Sequence[str]) -> str:
    """ "party: A → B", or what came or went alone; "" where nothing did."""
    if gone and new:
        return f"{subject}: {', '.join(gone)} → {', '.join(new)}"
    return apart(subject, gone, new)


def apart(subject: str, gone: Sequence[str], new: Sequence[str], turns: Sequence[str] = ()) -> str:
    """ "vendors: adds A and B, drops C": names of one kind that came or went, three of each; ``turns`` are told before."""
    if len({*gone, *new, *turns}) > 1:
        subject = _PLURAL.get(subject, subject)
    told = ", ".join if subject in _OF_ONE_PIECE else listed
    parts = [*turns, *(f"{verb} {told(side)}" for verb, side in (("adds", new), ("drops", gone)) if side)]
    return f"{subject}: {', '.join(parts)}" if parts else ""


def listed(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """ "A, B, C and 2 more"."""
    told = names[:most]
    if len(names) > len(told):
        return f"{', '.join(told)} and {len(names) - len(told)} more"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _verb(edit: Edit, *, came: bool) -> str:
    """What happened to the words quoted: they came or went by themselves, or with their whole clause."""
    if edit.op is Op.MODIFIED:
        return "adds" if came else "drops"
    return f"{'new' if came else 'drops'} {_NOUN.get(edit.kind, 'clause')}"


def _mention(hit: Hit, edit: Edit, limit: int) -> str:
    on = _ON.get(hit.rule, hit.subject)
    if hit.gone and hit.new:
        return f"{on}: {quoted(hit.gone[0])} → {quoted(hit.new[0])}"
    whole = _in_context(edit, (hit.new or hit.gone)[0], new=bool(hit.new), limit=limit)
    return f"{on}: {_verb(edit, came=bool(hit.new))} {whole}" if whole else ""


def _in_context(edit: Edit, phrase: str, *, new: bool, limit: int = LIMIT) -> str:
    """The phrase with its neighbours, where it stands in the changed words."""
    at = _found(edit, phrase, new=new)
    if not at:
        return quoted(phrase, limit)
    text = edit.after if new else edit.before
    return around(text, *at, limit, core=_run(text, at, changed_spans(edit)[1 if new else 0]))


def _run(text: str, at: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The changed stretch that a phrase stands in; one with a word or two between is the same."""
    run = at
    for start, end in spans:
        if start < run[1] and run[0] < end:
            run = min(run[0], start), max(run[1], end)
    for start, end in sorted(spans, key=lambda span: abs(span[0] - at[0])):
        between = text[end : run[0]] if end <= run[0] else text[run[1] : start]
        if len(between) <= _BETWEEN and start != run[0]:
            run = min(run[0], start), max(run[1], end)
    return run


def _found(edit: Edit, phrase: str, *, new: bool) -> tuple[int, int] | None:
    text, sought = (edit.after if new else edit.before).lower(), phrase.strip().lower()
    spans = changed_spans(edit)[1 if new else 0]
    first: tuple[int, int] | None = None
    at = text.find(sought) if sought else -1
    while at >= 0:
        place = at, at + len(sought)
        if any(place[0] < end and start < place[1] for start, end in spans):
            return place
        first = first or place
        at = text.find(sought, place[1])
    return first


def sentence_told(hit: Hit, edit: Edit) -> int:
    """The sentence of its clause that a mention quotes from, -1 where it quotes none."""
    at = _found(edit, (hit.new or hit.gone)[0], new=bool(hit.new)) if hit.new or hit.gone else None
    return sentence_of(edit.after if hit.new else edit.before, at[0]) if at else -1


def plainly(edit: Edit, limit: int = LIMIT) -> tuple[str, str]:
    """The largest substitution of a clause as a phrase, and the words it shows; both "" where none can be shown."""
    if edit.op is not Op.MODIFIED:
        text = edit.after or edit.before
        quote = quoted(text, limit)
        return (f"{_verb(edit, came=edit.op is Op.ADDED)} {quote}" if quote else "", shortened(text, limit))
    for gone, new in sorted(edit.pairs, key=_small):
        if not fold(without(_LINK.sub("", f"{gone} {new}"), (FactKind.DATE,))):
            continue
        told = _substitution(edit, gone, new, limit)
        if told:
            return told, f"{gone} {new}".strip()
    return "", ""


def _small(pair: tuple[str, str]) -> tuple[bool, int]:
    """For ordering: pairs of little words alone come last, then the shorter after the longer."""
    words = [words_of(side) for side in pair]
    return all(w in SMALL for side in words for w in side), -max(map(len, words))


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) > 1 and "," not in text and all(word[:1].isupper() for word in words)


def _substitution(edit: Edit, gone: str, new: str, limit: int) -> str:
    """The words themselves, and of a few words the sentence that they stand in."""
    carried, came = (new, True) if fold(new) else (gone, False)
    if not fold(carried):
        return ""
    short = max(len(words_of(gone)), len(words_of(new))) <= _FEW_WORDS and not _is_name(carried)
    whole = _in_context(edit, carried, new=came, limit=limit) if short else ""
    more = whole if len(fold(whole)) > len(fold(carried)) else ""
    if fold(gone) and fold(new):
        return f"{quoted(gone, limit)} → {quoted(new, limit)}{f' in {more}' if more else ''}"
    lead = f"{_verb(edit, came=came)} {quoted(carried, limit)}"
    return f"{lead} {'in' if came else 'from'} {more}" if more else lead
