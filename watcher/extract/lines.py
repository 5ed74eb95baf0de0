"""Line breaks inside one block: which of them part clauses, and which only break a line."""

from __future__ import annotations

import re

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
    joined: list[list[Run]] = []
    fresh = True
    for line in lines:
        text = "".join([part for part, _, _ in line]).strip()
        if not text:
            fresh = True
            continue
        if fresh or not joined or _parts(joined[-1], line, text):
            joined.append(line)
        else:
            joined[-1] += [(" ", line[0][1] and joined[-1][-1][1], False), *line]
        fresh = False
    return joined


def _parts(before: list[Run], line: list[Run], text: str) -> bool:
    """Whether one line break between two lines parts clauses, not only lines of one clause."""
    if _LISTED.match(text):
        return True
    bold = _bold(before)
    if bold != _bold(line):
        return bold
    head = " ".join("".join([part for part, _, _ in before]).split())
    return head[-1:] in ".!?:;" and text[:1].isupper() and len(head) > 40


def _bold(line: list[Run]) -> bool:
    return all(bold for text, bold, _ in line if not text.isspace())
