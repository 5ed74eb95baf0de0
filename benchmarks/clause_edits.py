"""Documents and edits with known truth, for measuring the alignment of clauses.

A document is written from a small grammar of policy sentences, or read from texts on disk. An edit keeps, for
every clause of the new document, from which clauses of the old it came and what was done to it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.records import Clause, ClauseKind

_WHO = "we|our affiliates|the service|our partners|you|any member|our staff|the company".split("|")
_MAY = "may|will|can|shall|must|do not|might|would".split("|")
_VERB = "collect|store|share|delete|review|disclose|process|transfer|combine|analyse|retain|use".split("|")
_WHAT = (
    "your email address|payment details|messages you send|device identifiers|precise location|profile photos"
    "|browsing history|crash reports|support tickets|contact lists|voice recordings|purchase records"
    "|survey answers|cookies and similar technologies|IP addresses|account settings|biometric templates"
).split("|")
_WHY = (
    "to provide the features you ask for|to detect fraud and abuse|to comply with the law|for advertising"
    "|to measure how the site performs|to answer your questions|to train our models|to keep accounts safe"
    "|to send you notices|to settle disputes|for research and statistics|to bill you correctly"
).split("|")
_WHEN = (
    "for as long as your account exists|for 30 days|until you object|after you close the account"
    "|when you give consent|unless the law requires otherwise|within 14 days of your request|at any time"
    "|where it is necessary|for up to 24 months|before the change takes effect|in the European Union"
).split("|")
_TITLES = (
    "Information we collect|How we use data|Sharing|Retention|Your rights|Security|Children|Transfers|Cookies"
    "|Payments|Disputes|Liability|Termination|Changes to this text|Contact|Advertising|Content|Conduct"
).split("|")


@dataclass(frozen=True)
class Edited:
    """A pair of documents and the truth: groups (old indexes, new indexes) by what was done to them."""

    before: list[Clause]
    after: list[Clause]
    modified: set[tuple[int, int]]
    moved: set[tuple[int, int]]
    regrouped: set[tuple[tuple[int, ...], tuple[int, ...]]]


def written(random_: random.Random, clauses: int) -> list[Clause]:
    """A document of about so many clauses with sections, paragraphs, items and rows; some texts repeat."""
    document: list[Clause] = []
    path: tuple[str, ...] = ()
    number = 0
    while len(document) < clauses:
        number += 1
        title = random_.choice(_TITLES)
        document.append(Clause(title, (), ClauseKind.HEADING, f"{number}.", 2))
        path = (title,)
        kind = random_.choices(["paragraphs", "items", "rows"], [6, 3, 1])[0]
        for k in range(random_.randint(3, 12)):
            if kind == "rows":
                name = f"_{random_.choice('abcdefgh')}{random_.randint(1, 400)}"
                text = f"Name: {name}; Purpose: {random_.choice(_WHY)}; Kept: {random_.choice(_WHEN)}; Type: HTTP"
                document.append(Clause(text, path, ClauseKind.ROW))
            elif kind == "items":
                text = f"{random_.choice(_WHAT)} {random_.choice(_WHY)}"
                document.append(Clause(text, path, ClauseKind.ITEM, f"({chr(97 + k)})"))
            else:
                text = " ".join(sentence(random_) for _ in range(random_.randint(1, 4)))
                document.append(Clause(text, path, ClauseKind.PARAGRAPH, f"{number}.{k + 1}"))
    return document


def sentence(random_: random.Random) -> str:
    head = f"{random_.choice(_WHO)} {random_.choice(_MAY)} {random_.choice(_VERB)} {random_.choice(_WHAT)}"
    tail = random_.sample([*_WHY, *_WHEN], random_.randint(1, 3))
    return (head + " " + " ".join(tail) + ".").capitalize()


def edited(random_: random.Random, before: Sequence[Clause], rate: float, fresh: Sequence[str]) -> Edited:
    """The document with about ``rate`` of its clauses edited, moved, split, merged, added or removed, its
    clauses numbered anew. ``fresh`` are texts for added clauses. Words of clauses under 5 words stay."""
    items: list[tuple[tuple[int, ...], Clause, str]] = [((i,), c, "") for i, c in enumerate(before)]
    draws = max(6, int(len(before) * rate))
    for _ in range(draws):
        at = random_.randrange(len(items))
        origin, clause, done = items[at]
        if clause.kind is ClauseKind.HEADING and not done:
            _section(random_, items, at)
            continue
        if done:
            continue
        words = clause.text.split()
        sorts = ["edit", "move", "move+edit", "add", "remove", "split", "merge"]
        what = random_.choices(sorts, [8, 3, 1, 2, 2, 1, 1])[0]
        if what == "edit" and len(words) >= 5:
            items[at] = (origin, replace(clause, text=reworded(random_, clause.text)), "edit")
        elif what in ("move", "move+edit") and len(words) >= 5 and len(items) > 20:
            text = reworded(random_, clause.text, heavy=0.0) if what == "move+edit" else clause.text
            del items[at]
            away = (at + random_.randint(8, max(9, len(items) - 9))) % (len(items) + 1)
            items.insert(away, (origin, replace(clause, text=text), what))
        elif what == "add":
            items.insert(at, ((), Clause(random_.choice(fresh), clause.section, clause.kind), "add"))
        elif what == "remove":
            del items[at]
        elif what == "split" and len(words) >= 16 and clause.kind is ClauseKind.PARAGRAPH:
            cut = random_.randint(len(words) // 3, 2 * len(words) // 3)
            parts = [" ".join(words[:cut]), " ".join(words[cut:])]
            items[at : at + 1] = [(origin, replace(clause, text=text), "split") for text in parts]
        elif what == "merge" and at + 1 < len(items) and len(words) >= 5:
            other, second, touched = items[at + 1]
            if touched or second.kind is ClauseKind.HEADING or len(second.text.split()) < 5:
                continue
            text = f"{clause.text} {second.text}"
            items[at : at + 2] = [((*origin, *other), replace(clause, text=text), "merge")]
    after = [replace(c, number=f"{n}" if c.number else "") for n, (_, c, _) in enumerate(items)]
    modified: set[tuple[int, int]] = set()
    moved: set[tuple[int, int]] = set()
    groups: dict[tuple[int, ...], list[int]] = {}
    for j, (origin, _, done) in enumerate(items):
        if done in ("edit", "move+edit"):
            modified.add((origin[0], j))
        if done.startswith("move"):
            moved.add((origin[0], j))
        if done in ("split", "merge"):
            groups.setdefault(origin, []).append(j)
    # of a split clause only one part may have been left
    regrouped = {(a, tuple(b)) for a, b in groups.items() if len(a) > 1 or len(b) > 1}
    return Edited(list(before), after, modified, moved, regrouped)


def _section(random_: random.Random, items: list[tuple[tuple[int, ...], Clause, str]], at: int) -> None:
    """A heading gets another title, or its short untouched section moves far away as a whole."""
    origin, heading, _ = items[at]
    end = at + 1
    while end < len(items) and items[end][1].kind is not ClauseKind.HEADING:
        end += 1
    block = items[at:end]
    if random_.random() < 0.5:
        others = [title for title in _TITLES if title != heading.text]
        items[at] = (origin, replace(heading, text=random_.choice(others)), "edit")
    elif 2 <= len(block) <= 8 and len(items) > 40 and not any(done for _, _, done in block):
        del items[at:end]
        starts = [k for k, (_, c, _) in enumerate(items) if c.kind is ClauseKind.HEADING and abs(k - at) > 15]
        where = random_.choice(starts) if starts else at
        items[where:where] = [(o, c, "move" if starts else "") for o, c, _ in block]


def reworded(random_: random.Random, text: str, heavy: float = 0.25) -> str:
    """The text with some words changed: usually a tenth to a quarter, in ``heavy`` of the cases near half;
    or a sentence put in or taken out."""
    words = text.split()
    if random_.random() < 0.2:
        return f"{text} {sentence(random_)}" if random_.random() < 0.5 else f"{sentence(random_)} {text}"
    share = random_.uniform(0.35, 0.5) if random_.random() < heavy else random_.uniform(0.08, 0.25)
    pool = re.findall(r"\w+", " ".join([sentence(random_), sentence(random_)]))
    for at in random_.sample(range(len(words)), max(1, int(len(words) * share))):
        words[at] = random_.choice(pool) if random_.random() < 0.8 else ""
    changed = " ".join(word for word in words if word)
    return changed if changed != text else f"{text} {random_.choice(pool)}"
