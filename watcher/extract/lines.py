"""Line breaks inside one block: which of them part clauses, and which only break a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

Run = tuple[str, bool, bool]
"""A piece of text between two tags: the text, whether it is bold, whether it stands in a link."""

BREAK = "\x01"
"""Stands for ``<br>`` in the text of a run."""

_LISTED = re.compile(r"^(?:[•●○▪■·‣⁃*]|[-–—]\s|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s)")


def lines_of(runs: list[Run]) -> list[list[Run]]:
    """Runs parted where two line breaks follow each other, or one follows a finished line."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        text, bold, linked = run
        if BREAK not in text:
            lines[-1].append(run)
            continue
        for k, part in enumerate(text.split(BREAK)):
            if k:
                lines.append([])
            if part:
                lines[-1].append((part, bold, linked))
    joined: list[_Line] = []
    fresh = True
    for runs_of_line in lines:
        text = " ".join("".join([part for part, _, _ in runs_of_line]).split())
        if not text:
            fresh = True
            continue
        line = _Line(runs_of_line, _bold(runs_of_line), text[-1], len(text))
        if fresh or not joined or _parts(joined[-1], line, text):
            joined.append(line)
        else:
            joined[-1].add(line)
        fresh = False
    return [line.runs for line in joined]


@dataclass(slots=True)
class _Line:
    """A line with what decides whether the next one goes on with it: all of it bold, its last character, its
    length as read."""

    runs: list[Run]
    bold: bool
    last: str
    length: int

    def add(self, line: _Line) -> None:
        self.runs += [(" ", line.runs[0][1] and self.runs[-1][1], False), *line.runs]
        self.bold = self.bold and line.bold
        self.last = line.last
        self.length += 1 + line.length


def _parts(before: _Line, line: _Line, text: str) -> bool:
    """Whether one line break between two lines parts clauses, not only lines of one clause."""
    if _LISTED.match(text):
        return True
    if before.bold != line.bold:
        return before.bold
    return before.last in ".!?:;" and text[:1].isupper() and before.length > 40


def _bold(line: list[Run]) -> bool:
    return all(bold for text, bold, _ in line if not text.isspace())
