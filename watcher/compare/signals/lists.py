"""Enumerations that grow or shrink: what is forbidden, what excuses the company, whose residents have a right.

An item added to such a list has no words of its own that a table could hold ("live animals", "a shortage of staff"):
what makes it matter is the list it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.gazetteer import is_place
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.lookup import said
from watcher.compare.signals.turns import matters, turns

_LEAST = 3  # words of weight that make an item
_RUNS = 5  # in a clause with more changed runs than this no list grew: it was rewritten
_RESIDENTS = "residents of certain states or countries"
_LIVE = re.compile(
    r"(?<!\w)(?:residents?|resid(?:e|es|ing)|living in|live in|citizens|consumers in|résid\w+|habit\w+|einwohner\w*|bewohner\w*|wohnsitz|wohnhaft|wohnen|"
    r"residentes?|resident[ei]|reside[nm]?|viv[ea]n?|viv(?:e|ono)|inwoners|woon\w*|wonen)(?!\w)",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"(?<!\w)(?:rights?|request|appeal|entitled|droits?|recours|rechte?|widerspruch|derechos?|diritt[oi]|direitos?|recht(?:en)?)(?!\w)", re.IGNORECASE)  # fmt: skip
_PARTED = re.compile(r",|;|/|(?<!\w)(?:and|or|et|ou|und|oder|sowie|y|o|e|en|of)(?!\w)")
_ARTICLES = re.compile(r"^(?:[a-zà-ÿ]+['’\s])+(?=[A-ZÀ-Þ])")
_SENTENCE_END = re.compile(r"[.;!?]\s")
_SMALL = frozenset(files("watcher.compare").joinpath("small.txt").read_text(encoding="utf-8").split())
_KINDS = (PolicyKind.TERMS, PolicyKind.GUIDELINES, PolicyKind.OTHER)


def lists(edit: Edit, world: World) -> Iterator[Hit]:
    """A hit where items came into, or went from, a list of prohibitions, of excuses or of places of residence."""
    if edit.op is not Op.MODIFIED or edit.kind is ClauseKind.HEADING or len(edit.pairs) > _RUNS:
        return
    yield from _residents(edit)
    grown, shrunk = _items(edit.pairs), _items([(new, gone) for gone, new in edit.pairs])
    if bool(grown) == bool(shrunk):
        return
    item, text, side = (grown, edit.after, "new") if grown else (shrunk, edit.before, "gone")
    where = _sentence(text, item).lower()
    heads = " ".join(edit.section[-1:]).lower()
    if world.kind in _KINDS and (
        matters()["forbidding"].search(where) or matters()["forbidding"].search(heads)
    ):
        rule, says, topic = "forbidden-item", "what is forbidden", Topic.CONDUCT
    elif _excuse(where, world.language):
        rule, says, topic = "excuse-item", "what excuses the company", Topic.LIABILITY
    else:
        return
    worse = side == "new"
    yield Hit(
        rule, "lists", (topic,), Materiality.MEDIUM, f"{says} {'grows' if worse else 'shrinks'}: “{item[:60]}”",
        Direction.WORSE if worse else Direction.BETTER, sure=True, subject=says,
        gone=() if worse else (item,), new=(item,) if worse else (),
    )  # fmt: skip


def _residents(edit: Edit) -> Iterator[Hit]:
    """Only places came into, or went from, a clause on those who live there: "residents of Texas, Oregon, …"."""
    if not _LIVE.search(edit.after) or not _LIVE.search(edit.before):
        return
    sides = [[side for pair in edit.pairs if (side := pair[k]).strip(" ,;.")] for k in (0, 1)]
    gone, new = ([name for run in side for name in _names(run)] for side in sides)
    if not all(is_place(name) for name in (*gone, *new)):
        return
    gone, new = [n for n in gone if n not in edit.after], [n for n in new if n not in edit.before]
    if bool(gone) == bool(new):
        return
    gives = _RIGHT.search(edit.after)
    better = Direction.BETTER if new else Direction.WORSE
    told = f"{', '.join((new or gone)[:3])} {'appears' if new else 'is gone'}"
    yield Hit(
        "residents", "lists", (Topic.RIGHTS,), Materiality.MEDIUM, f"{_RESIDENTS}: {told}",
        better if gives else Direction.UNCLEAR, exact=True, subject=_RESIDENTS,
        gone=tuple(gone), new=tuple(new),
    )  # fmt: skip


def _names(run: str) -> list[str]:
    return [name for part in _PARTED.split(run) if (name := _ARTICLES.sub("", part.strip(" ,;.()")))]


def _items(pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    """The longest of the items that came where nothing of weight went; "" where something did."""
    if any(_weight(gone) for gone, _ in pairs):
        return ""
    came = max((new for _, new in pairs), key=_weight, default="")
    return came.strip(" ,;") if _weight(came) >= _LEAST else ""


def _weight(text: str) -> int:
    return sum(1 for word in words_of(text) if word not in _SMALL and len(word) > 2)


def _sentence(text: str, part: str) -> str:
    """The sentence of ``text`` in which ``part`` begins."""
    at = max(0, text.find(part))
    start = max((m.end() for m in _SENTENCE_END.finditer(text, 0, at)), default=0)
    end = _SENTENCE_END.search(text, at + len(part))
    return text[start : end.start() if end else len(text)]


def _excuse(text: str, language: str) -> bool:
    return said(turns()["force-majeure"].patterns, text, language)
