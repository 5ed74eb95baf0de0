"""Markdown and plain text → blocks. Lenient: what is no markup reads as text."""

from __future__ import annotations

import re

from storage.records import ClauseKind
from watcher.extract import addresses
from watcher.extract.blocks import Block

_ATX = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-{2,})\s*$")
_ITEM = re.compile(r"^(\s*)(?:([-*+•])|(\d{1,3}[.)]))\s+(.*)$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ROW = re.compile(r"^\s*\|.*\|?\s*$")
_DIVIDER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.|\[(?:[^\[\]]|\\.)*\])*)\]\(((?:[^()\s]|\([^()]*\))*)(?:\s+\"[^\"]*\")?\)"
)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_AUTO = re.compile(r"<((?:https?://|mailto:)?[^<>\s]+[@.][^<>\s]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_CODE = re.compile(r"`([^`]+)`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&$^\"'/:;,=?@%])")
_ALL_BOLD = re.compile(r"^(\*\*|__)(?=\S)((?:(?!\1).)+)\1[\s:]*$")


def inline(text: str) -> str:
    """Markdown's inline marks gone: link texts, no targets, no emphasis."""
    text = _IMAGE.sub("", text)
    for _ in range(3):
        text, changed = _LINK.subn(_linked, text)
        if not changed:
            break
    text = _AUTO.sub(lambda m: m[1].removeprefix("mailto:"), text)
    text = _TAG.sub("", text)
    text = _CODE.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(lambda m: m[1] or m[2], text)
    return _ESCAPE.sub(r"\1", text)


def _linked(found: re.Match[str]) -> str:
    return addresses.from_href(found[2]) or found[1]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown or plain text document, in order."""
    made: list[Block] = []
    held: list[str] = []
    item: tuple[str, str] | None = None  # number and bullet of the list item the held lines belong to
    fenced = False

    def flush() -> None:
        nonlocal item
        raw = " ".join(line.strip() for line in held).strip()
        held.clear()
        kind, number = ClauseKind.PARAGRAPH, ""
        if item is not None:
            kind, number = ClauseKind.ITEM, item[0]
        item = None
        bold = _ALL_BOLD.match(raw) is not None
        words = inline(raw)
        if words.strip():
            bold = bold and kind is ClauseKind.PARAGRAPH
            made.append(Block(words, kind, number=number, bold=bold))

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    k = 0
    while k < len(lines):
        line = lines[k]
        k += 1
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            flush()
            continue
        if not line.strip():
            flush()
            continue
        if fenced:
            held.append(line)
            continue
        found = _ATX.match(line)
        if found:
            flush()
            words = inline(found[2])
            if words.strip():
                made.append(Block(words, ClauseKind.HEADING, level=len(found[1])))
            continue
        under = _SETEXT.match(line)
        if under and held and item is None:
            level = 1 if under[1][0] == "=" else 2
            words = inline(" ".join(x.strip() for x in held))
            held.clear()
            if words.strip():
                made.append(Block(words, ClauseKind.HEADING, level=level))
            continue
        if _RULE.match(line):
            flush()
            continue
        if _ROW.match(line) and k < len(lines) and _DIVIDER.match(lines[k]):
            flush()
            k = _table(lines, k - 1, made)
            continue
        listed = _ITEM.match(line)
        if listed:
            flush()
            item = (listed[3] or "", listed[2] or "")
            held.append(listed[4])
            continue
        held.append(line)
        if line.endswith(("  ", "\\")):
            held[-1] = line.rstrip("\\")
            if re.search(r"[.!?:;]\s*$", held[-1]) or _ALL_BOLD.match(held[-1].strip()):
                flush()
    flush()
    return made


def _table(lines: list[str], start: int, made: list[Block]) -> int:
    """Reads the table whose header stands in line ``start``; gives the index of the first line after it."""
    names = [inline(c) for c in _cells(lines[start])]
    k = start + 2
    while k < len(lines) and "|" in lines[k] and lines[k].strip():
        parts = []
        for column, cell in enumerate(_cells(lines[k])):
            name = names[column].strip() if column < len(names) else ""
            cell = inline(cell).strip()
            if cell:
                parts.append(f"{name.rstrip(': ')}: {cell}" if name and name != cell else cell)
        if parts:
            made.append(Block("; ".join(parts), ClauseKind.ROW))
        k += 1
    if k == start + 2 and any(n.strip() for n in names):
        made.append(Block("; ".join(n.strip() for n in names if n.strip()), ClauseKind.ROW))
    return k


def _cells(line: str) -> list[str]:
    return [
        c.replace("\\|", "|")
        for c in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    ]
