"""The verdict on the stated date in words, the same in mails and redlines (pure)."""

from __future__ import annotations

from storage.records import Change, StatedDates, Verdict
from watcher.alert.render_letter import counted


def verdict_sentence(change: Change) -> str:
    """ "Silent: the stated date stayed 2023-11-10; the old text was last seen on 2024-06-14, …"."""
    name = change.verdict.value.replace("-", " ")
    return f"{name[0].upper()}{name[1:]}: {verdict_words(change)}."


def verdict_words(change: Change) -> str:
    """From what to what the stated date went, when the texts were seen, and the days between claim and
    observation where they mean something; to follow the verdict's name."""
    before, after = _moved(change.stated_before, change.stated_after)
    days = counted(abs(change.days), "day") if change.days else ""
    match change.verdict:
        case Verdict.SILENT:
            later = f", {days} after {after or 'that date'}" if days else ""
            return f"the text changed, but the date it states stayed {after or 'the same'}; {_seen(change)}{later}"
        case Verdict.ANNOUNCED:
            gap = f"; the new text was first seen {days} after that date" if days else ""
            if change.days == 0:
                when = {10: "on that day", 7: "in that month", 4: "in that year"}.get(len(after), "then")
                gap = f"; the new text was first seen {when}"
            return f"the stated date moved from {before or 'none'} to {after or 'none'}{gap}"
        case Verdict.ANNOUNCED_AHEAD:
            gap = f", {days} after it was first seen" if days else ""
            return f"the new text says it holds from {after}{gap}"
        case Verdict.BACKDATED:
            late = f", {days} after {after or 'that date'}" if days else ""
            old = f" on {change.previous_seen_at:%Y-%m-%d}" if change.previous_seen_at else ""
            return f"the new text claims {after}, but the old one was still served{old}{late}"
        case Verdict.ROLLED_BACK:
            return f"the stated date went back from {before} to {after}"
        case Verdict.AUTO_DATED:
            return "the page stamps itself with the day of each visit, so its date proves nothing"
        case Verdict.DATE_ADDED:
            return f"the text now states a date, {after}; before it stated none"
        case Verdict.DATE_REMOVED:
            return f"the text no longer states a date; before it stated {before}"
        case Verdict.UNDATED:
            return f"the text states no date of its own; {_seen(change)}"
        case Verdict.DATE_ONLY:
            return f"nothing but the stated date changed, from {before or 'none'} to {after or 'none'}"


def _seen(change: Change) -> str:
    new = f"{change.first_seen_at:%Y-%m-%d}"
    if change.previous_seen_at is None:
        return f"the new text was first seen on {new}"
    return f"the old text was last seen on {change.previous_seen_at:%Y-%m-%d}, the new one first on {new}"


def _moved(before: StatedDates, after: StatedDates) -> tuple[str, str]:
    """The two dates the verdict compared: the document's own, or the effective ones where those alone moved."""
    old, new = (dates.own.value if dates.own else "" for dates in (before, after))
    if old == new and before.effective and after.effective:
        return before.effective.value, after.effective.value
    return old, new
