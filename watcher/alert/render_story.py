"""A change as a story for people: title, verdict in a sentence, dates, clauses with their marks (pure)."""

from __future__ import annotations

import re
import shlex

from storage.records import Change, ChangeKind, ClauseChange, ClauseKind, Op, WordOp
from watcher.alert.render_clean import one_line, public_url, shortened
from watcher.alert.render_letter import ClauseView, Fact, Story, counted, minute
from watcher.alert.render_verdict import verdict_sentence
from watcher.compare.words import word_ops

MOST_CLAUSES = 30
_LONGEST_SUMMARY = 600
_LONGEST_CLAUSE = 1_600  # characters of an added or removed clause that a mail shows
_AROUND = 140  # characters of unchanged text kept on each side of a changed run
_COMPARED = 6_000  # characters of a clause that are compared word by word for a mail
_ROOM = 70_000  # characters of all clauses of a change, marks included; mail readers cut at about 100 kB
_MARKUP = 240  # characters of HTML around one run of words

_LEAST_QUOTED = 12  # characters of a quotation that say anything in a subject
_PART = re.compile(r"(?:^|; )((?:“[^”]*”|(?!; ).)+)")
"""The parts of a summary, which "; " joins outside quotations. A full stop ends none: most stand in
abbreviations."""
_LEADS_ON = re.compile(r"(?:: (?:adds|drops)|:| in| from|(?<=clause)|(?<=row)) ?$")
"""What stands before a quotation and can do without it, and what says something by itself."""
_JOINTS = re.compile(r"(?: (?:and|at|by|in|of|on|or|the|to|with))+…$")

_TITLES = {
    Op.ADDED: "Added",
    Op.REMOVED: "Removed",
    Op.MODIFIED: "Modified",
    Op.MOVED: "Moved",
    Op.RENUMBERED: "Renumbered",
}


def story(change: Change, most_clauses: int = MOST_CLAUSES, longest: int = _LONGEST_CLAUSE) -> Story:
    """The story of one change, with at most ``most_clauses`` clauses of about ``longest`` characters each: the
    weightiest that fit into a mail, in document order."""
    shown = _weightiest(change.clauses, most_clauses, longest)
    return Story(
        title=document_name(change.service, change.policy),
        url=public_url(change.url),
        tags=tags(change),
        materiality=change.materiality,
        summary=one_line(change.summary, _LONGEST_SUMMARY),
        verdict=verdict_sentence(change),
        facts=_facts(change),
        clauses=shown,
        omitted=len(change.clauses) - len(shown),
        commands=commands(change),
    )


def document_name(service: str, policy: str) -> str:
    """ "Acme terms" of service "Acme" and policy "acme-terms"; what is there where only one is."""
    name, policy = one_line(service, 80), one_line(policy, 80)
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if key and policy.startswith(key + "-"):
        return f"{name} {policy.removeprefix(key + '-').replace('-', ' ')}"
    return f"{name} ({policy})" if name and name != policy else policy


def tags(change: Change) -> tuple[str, ...]:
    """What a reader sorts by: ("silent", "high"), ("editorial",)…"""
    words = [change.verdict.value]
    if change.kind.value not in ("edit", change.verdict.value):
        words.insert(0, change.kind.value)
    if change.materiality.rank:
        words.append(change.materiality.value)
    return tuple(words)


def commands(change: Change) -> tuple[str, ...]:
    """Shell lines that look deeper into one change."""
    policy = shlex.quote(one_line(change.policy))
    versions = f" {change.from_version} {change.to_version}" if change.from_version is not None else ""
    return (f"clausewatch diff {policy}{versions}", f"clausewatch history {policy}")


def headline(change: Change, room: int) -> str:
    """The strongest part of the summary in at most ``room`` characters, for a subject line."""
    parts = _PART.findall(one_line(change.summary, _LONGEST_SUMMARY)) or ["changed"]
    # That a text is rewritten says little without what came or went, the next part.
    told = "; ".join(parts[: 2 if change.kind is ChangeKind.REWRITE else 1]).rstrip(". ")
    if told[:1].isupper() and (told[1:2].islower() or told[1:2] == " "):
        told = told[0].lower() + told[1:]
    return _clipped(told, room)


def _clipped(text: str, room: int) -> str:
    """The text cut between words; a quotation that the cut goes through is closed again, or left out where
    next to nothing of it is left."""
    short = shortened(text, room)
    if short == text or short.count("“") <= short.count("”"):
        return short if short == text else _JOINTS.sub("…", short)
    short = _JOINTS.sub("…", shortened(text, room - 1))
    lead, opened, quotation = short.rpartition("“")
    if not opened:
        return _LEADS_ON.sub("", short.rstrip("…"))
    if len(quotation.strip("… ")) >= _LEAST_QUOTED or not _LEADS_ON.search(lead):
        return short + "”"
    return _LEADS_ON.sub("", lead)


def _facts(change: Change) -> tuple[Fact, ...]:
    facts = [Fact(label, value) for label, value in _stated(change)]
    if change.previous_seen_at:
        facts.append(Fact("Old text last seen", minute(change.previous_seen_at)))
    facts.append(Fact("New text first seen", minute(change.first_seen_at)))
    if change.confirmed_at:
        facts.append(Fact("Confirmed", minute(change.confirmed_at)))
    if change.topics:
        facts.append(Fact("Topics", ", ".join(change.topics)))
    facts.append(Fact("Size", f"{counted(len(change.clauses), 'clause')}: {_size(change)}"))
    return tuple(facts)


def _size(change: Change) -> str:
    return f"{counted(change.words_added, 'word')} added, {change.words_removed:,} removed"


def _stated(change: Change) -> list[tuple[str, str]]:
    rows = []
    pairs = (
        ("Stated as updated", change.stated_before.updated, change.stated_after.updated),
        ("Stated as effective", change.stated_before.effective, change.stated_after.effective),
    )
    for label, before, after in pairs:
        if before is None and after is None:
            continue
        old, new = before.value if before else "none", after.value if after else "none"
        words = f" (read from “{one_line(after.evidence, 120)}”)" if after and after.evidence else ""
        rows.append((label, (f"{old}, as before" if old == new else f"{old} → {new}") + words))
    return rows or [("Stated date", "none")]


def _weightiest(clauses: tuple[ClauseChange, ...], most: int, longest: int) -> tuple[ClauseView, ...]:
    quiet = (Op.MOVED, Op.RENUMBERED)
    ranked = sorted(
        range(len(clauses)), key=lambda i: (-clauses[i].materiality.rank, clauses[i].op in quiet, i)
    )
    views: dict[int, ClauseView] = {}
    room = _ROOM
    for place in ranked[:most]:
        view = _view(clauses[place], longest)
        room -= sum(len(word.text) + _MARKUP for word in view.words)
        if room < 0 and views:
            break
        views[place] = view
    return tuple(views[place] for place in sorted(views))


def _view(clause: ClauseChange, longest: int) -> ClauseView:
    title = _TITLES[clause.op]
    if clause.kind is ClauseKind.HEADING:
        title += " heading"
    if clause.moved and clause.op is not Op.MOVED:
        title += ", moved"
    if clause.number_before != clause.number_after and clause.number_before and clause.number_after:
        title += f", {one_line(clause.number_before, 20)} → {one_line(clause.number_after, 20)}"
    return ClauseView(
        op=clause.op,
        title=title,
        section=one_line(clause.section, 200),
        words=tuple(_folded(clause, longest)),
        materiality=clause.materiality,
        direction=clause.direction,
        reasons=tuple(one_line(reason, 200) for reason in clause.reasons),
    )


def _folded(clause: ClauseChange, longest: int) -> list[WordOp]:
    """The words with their marks, long unchanged stretches folded to their ends, cut where it gets too long."""
    before, after = clause.before or "", clause.after or ""
    if clause.before is None or clause.after is None:
        return [WordOp("+" if clause.before is None else "-", shortened(before or after, longest))]
    if before == after:
        return [WordOp("=", shortened(after, 300))]
    ops = clause.words or _marks(before, after)
    folded: list[WordOp] = []
    room = 2 * longest
    for place, op in enumerate(ops):
        text = op.text
        if op.op == "=":
            text = _fold(text, start=place > 0, end=place < len(ops) - 1)
        elif len(text) > longest:
            text = shortened(text, longest) + " "
        folded.append(WordOp(op.op, text))
        room -= len(text)
        if room < 0 and place < len(ops) - 1:
            return [*folded, WordOp("=", " […]")]
    return folded


def _marks(before: str, after: str) -> tuple[WordOp, ...]:
    """Word operations of two texts; of very long ones, from the first difference on and for a bounded stretch,
    so that no page can make an alert slow."""
    if max(len(before), len(after)) <= _COMPARED:
        return word_ops(before, after)
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = before.rfind(" ", 0, max(same - _AROUND, 0)) + 1
    ops = word_ops(before[start : start + _COMPARED], after[start : start + _COMPARED])
    lead = (WordOp("=", "[…] "),) if start else ()
    return (*lead, *ops, WordOp("=", " […]"))


def _fold(text: str, *, start: bool, end: bool) -> str:
    """An unchanged stretch: what stands next to a change is kept, the rest becomes "[…]"."""
    keep = (_AROUND if start else 0) + (_AROUND if end else 0)
    if len(text) <= keep + 40:
        return text
    head = _cut(text[:_AROUND], at_end=True) + " " if start else ""
    tail = " " + _cut(text[-_AROUND:], at_end=False) if end else ""
    return f"{head}[…]{tail}"


def _cut(text: str, *, at_end: bool) -> str:
    """Without the word that the cut went through, where the script has spaces."""
    space = text.rfind(" ") if at_end else text.find(" ")
    if space < 0 or (space < _AROUND // 2) == at_end:
        return text
    return text[:space] if at_end else text[space + 1 :]
