"""What a new template does to the same text: headings set apart, column names in rows, a phrase said only once."""

from __future__ import annotations

from storage.records import ClauseKind, Op
from watcher.compare.edit import LABEL, Edit, World, fold, words_of

_REPEATED = 3  # words of a phrase said twice; fewer may stand anywhere


def relaid(edit: Edit, world: World) -> str:
    """The reason why only the template differs, or ""."""
    if edit.kind is ClauseKind.ROW and world.labels and _only_labels(edit, world.labels):
        return "names of columns"
    if edit.op is not Op.MODIFIED:
        return ""
    runs = edit.pairs
    if any(gone.strip() and new.strip() for gone, new in runs):
        return ""
    changed = [(gone or new).strip() for gone, new in runs]
    if len(changed) == 1 and _heading_set_apart(edit, changed[0], world):
        return "heading set apart"
    if changed and all(_said_twice(edit, run) for run in changed):
        return "a repetition"
    return ""


def _only_labels(edit: Edit, labels: frozenset[str]) -> bool:
    if edit.op is Op.MODIFIED:
        return _without(edit.before, labels) == _without(edit.after, labels)
    cells = (edit.after or edit.before).split("; ")
    return all(fold(cell) in labels for cell in cells)


def _without(row: str, labels: frozenset[str]) -> str:
    return fold(LABEL.sub(lambda m: "" if fold(m[1]) in labels else m[0], row))


def _heading_set_apart(edit: Edit, run: str, world: World) -> bool:
    """A heading that stood at the beginning of its clause stands above it now, or the reverse."""
    if not (edit.before.startswith(run) or edit.after.startswith(run)):
        return False
    letters = fold(run)
    there = fold(edit.section[-1]) if edit.section else ""
    return len(letters) > 2 and (letters == there or letters in world.headings)


def _said_twice(edit: Edit, run: str) -> bool:
    shorter = min(edit.before, edit.after, key=len)
    return len(words_of(run)) >= _REPEATED and fold(run) in fold(shorter)
