"""How one signal, or one clause without any, is put into words that read without the text."""

from __future__ import annotations

import re

from storage.records import ClauseKind, Op
from watcher.compare.edit import Edit, fold, words_of
from watcher.compare.facts import FactKind, without
from watcher.compare.quote import LIMIT, around, quoted, sentence_of, shortened
from watcher.compare.signals import Hit
from watcher.compare.signals.mentions import changed_spans

_NOUN = {
    ClauseKind.PARAGRAPH: "paragraph",
    ClauseKind.ITEM: "list item",
    ClauseKind.ROW: "table row",
    ClauseKind.HEADING: "heading",
}
_ON = {"new-data-collected": "what is collected", "opt-out": "choices to object or opt out"}
_PLURAL = {
    "party": "parties",
    "company named": "companies named",
    "cookie or tracker": "cookies or trackers",
    "period": "periods",
    "amount": "amounts",
    "percentage": "percentages",
    "age": "ages",
}
_MOST_NAMES = 3
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
        return arrow(hit.subject, gone, new, many=_many(hit))
    return _mention(hit, edit, limit)


def _stance(hit: Hit, edit: Edit, limit: int) -> str:
    gone, new = quoted(hit.gone[0]), quoted(hit.new[0])
    carried = hit.new[0] if new else hit.gone[0]
    whole = _in_context(edit, carried, new=bool(new), limit=limit)
    if not gone or not new:
        return f"{hit.subject}: {whole}" if whole else ""
    more = f" in {whole}" if whole and fold(whole) != fold(new) else ""
    return f"{hit.subject}: {gone} → {new}{more}"


def _fact(hit: Hit, edit: Edit, gone: str, new: str, limit: int) -> str:
    if hit.family != "numbers":
        return arrow(hit.subject, gone, new, many=_many(hit))
    one = (hit.new or hit.gone)[0] if max(len(set(hit.new)), len(set(hit.gone))) == 1 else ""
    whole = _in_context(edit, one, new=bool(new), limit=limit) if one else ""
    if gone and new:
        more = f" in {whole}" if len(fold(whole)) > len(fold(one)) else ""
        return f"{hit.subject}: {gone} → {new}{more}"
    if whole:
        return f"new {hit.subject}: {whole}" if new else f"{hit.subject} gone: {whole}"
    return arrow(hit.subject, gone, new, many=_many(hit))


def _many(hit: Hit) -> bool:
    return len(set(hit.gone + hit.new)) > 1 and hit.subject != "postal address"


def arrow(subject: str, gone: str, new: str, *, many: bool = False) -> str:
    if gone and new:
        return f"{subject}: {gone} → {new}"
    subject = _PLURAL.get(subject, subject) if many else subject
    if new:
        return f"{subject}: {new} {'appear' if many else 'appears'}"
    return f"{subject}: {gone} {'are' if many else 'is'} gone" if gone else ""


def _mention(hit: Hit, edit: Edit, limit: int) -> str:
    on = _ON.get(hit.rule, hit.subject)
    if hit.gone and hit.new:
        return f"{on} reworded: {quoted(hit.gone[0])} → {quoted(hit.new[0])}"
    whole = _in_context(edit, (hit.new or hit.gone)[0], new=bool(hit.new), limit=limit)
    if not whole:
        return ""
    if edit.op is Op.MODIFIED:
        return f"now says on {on}: {whole}" if hit.new else f"no longer says on {on}: {whole}"
    noun = _NOUN[edit.kind]
    return f"new {noun} on {on}: {whole}" if hit.new else f"{noun} on {on} is gone: {whole}"


def _in_context(edit: Edit, phrase: str, *, new: bool, limit: int = LIMIT) -> str:
    """The phrase with its neighbours, where it stands in the changed words."""
    at = _found(edit, phrase, new=new)
    return around(edit.after if new else edit.before, *at, limit) if at else quoted(phrase, limit)


def _found(edit: Edit, phrase: str, *, new: bool) -> tuple[int, int] | None:
    text = edit.after if new else edit.before
    spans = changed_spans(edit)[1 if new else 0]
    sought = phrase.strip()
    found = [m.span() for m in re.finditer(re.escape(sought), text, re.IGNORECASE)] if sought else []
    if not found:
        return None
    return next(((a, b) for a, b in found if any(a < y and x < b for x, y in spans)), found[0])


def sentence_told(hit: Hit, edit: Edit) -> int:
    """The sentence of its clause that a mention quotes from, -1 where it quotes none."""
    at = _found(edit, (hit.new or hit.gone)[0], new=bool(hit.new)) if hit.new or hit.gone else None
    return sentence_of(edit.after if hit.new else edit.before, at[0]) if at else -1


def names_told(subject: str, names: list[str], *, came: bool) -> str:
    """Names that came, or went, of which the first three are told."""
    if len(names) == 1:
        return arrow(subject, *(("", names[0]) if came else (names[0], "")))
    subject = _PLURAL.get(subject, f"{subject}s")
    told = names[:_MOST_NAMES]
    rest = f" and {len(names) - len(told)} more" if len(names) > len(told) else ""
    listed = ", ".join(told) + rest if rest else " and ".join([", ".join(told[:-1]), told[-1]])
    return f"{subject}: {listed} {'appear' if came else 'are gone'}"


def plainly(edit: Edit, limit: int = LIMIT) -> tuple[str, str]:
    """The largest substitution of a clause as a phrase, and the words it shows; both "" where none can be shown."""
    if edit.op is not Op.MODIFIED:
        text, noun = edit.after or edit.before, _NOUN[edit.kind]
        quote = quoted(text, limit)
        told = f"new {noun}: {quote}" if edit.op is Op.ADDED else f"{noun} gone: {quote}"
        return (told if quote else "", shortened(text, limit))
    for gone, new in sorted(edit.pairs, key=lambda p: -max(len(words_of(p[0])), len(words_of(p[1])))):
        if not fold(without(_LINK.sub("", f"{gone} {new}"), (FactKind.DATE,))):
            continue
        if fold(gone) and fold(new):
            return f"{quoted(gone, limit)} → {quoted(new, limit)}", f"{gone} {new}"
        if fold(new):
            return f"new words: {_in_context(edit, new, new=True, limit=limit)}", new
        return f"words gone: {_in_context(edit, gone, new=False, limit=limit)}", gone
    return "", ""
