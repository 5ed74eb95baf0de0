"""A change as one page of HTML that needs nothing else: no script, no request, nothing of the page it tells of
but escaped text.

Inline and side by side are switched by two radio buttons and the style sheet alone. Without colours the marks
(+, −, ~, ↷, #), underline and strikethrough say the same, and words that only a screen reader meets say it aloud:
most read neither marks nor the elements ``ins`` and ``del``. It prints, and follows the reader's dark or light.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from storage.records import Change, ClauseKind, Direction, Materiality, Op, WordOp
from watcher.alert.redline_lines import Fold, Line, Redline, of_change

_CSS = files("watcher.alert").joinpath("redline.css").read_text(encoding="utf-8")
_CSS_HASH = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
# Nothing may load, run or be sent; only this very style sheet counts (CSP level 3, hash source).
POLICY = f"default-src 'none'; style-src 'sha256-{_CSS_HASH}'; base-uri 'none'; form-action 'none'"

_MARK = {Op.ADDED: "+", Op.REMOVED: "−", Op.MODIFIED: "~", Op.MOVED: "↷", Op.RENUMBERED: "#", None: ""}
_SAID = {
    Op.ADDED: "added",
    Op.REMOVED: "removed",
    Op.MODIFIED: "modified",
    Op.MOVED: "moved",
    Op.RENUMBERED: "renumbered",
    None: "same",
}
_TOWARDS = {Direction.BETTER: "better for the reader", Direction.WORSE: "worse for the reader"}


def page(change: Change | Redline, *, side_by_side: bool = False) -> str:
    """The whole page. ``side_by_side`` chooses the view it opens with; both are in it."""
    redline = change if isinstance(change, Redline) else of_change(change)
    view = ("", " checked") if side_by_side else (" checked", "")
    counts = ", ".join(f"{n} {op}" for op, n in redline.counts)
    size = f"+{redline.words_added} −{redline.words_removed} words" + (f", {counts}" if counts else "")
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        for label, value in (*redline.facts, ("size", size))
    )
    title = escape(redline.title)
    language = f' lang="{escape(redline.language)}"' if redline.language else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n"
        f'<header>\n<h1><bdi>{title}</bdi></h1>\n<p class="link">{_link(redline.link)}</p>\n'
        f'<p class="summary"><bdi>{escape(redline.summary)}</bdi></p>\n<dl>{facts}</dl>\n</header>\n'
        f'<input class="switch" type="radio" name="view" id="inline"{view[0]}>'
        f'<input class="switch" type="radio" name="view" id="side"{view[1]}>\n'
        '<div class="views"><label for="inline">Inline</label><label for="side">Side by side</label></div>\n'
        '<p class="legend">+ added · − removed · ~ modified · ↷ moved · # renumbered</p>\n'
        f"<main{language}>\n{''.join(_body(redline.parts))}</main>\n</body>\n</html>\n"
    )


def _link(link: str) -> str:
    shown = escape(link)
    if not link.startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" rel="noopener noreferrer nofollow">{shown}</a>'


def _body(parts: Iterable[Line | Fold]) -> Iterable[str]:
    section: str | None = None
    for part in parts:
        first = part.lines[0] if isinstance(part, Fold) else part
        if first.kind is ClauseKind.HEADING:
            section = part.lines[-1].section if isinstance(part, Fold) else part.below
        elif first.section != section:
            section = first.section
            if section:
                yield f'<h2 dir="auto">{escape(section)}</h2>\n'
        if isinstance(part, Line):
            yield _clause(part)
        else:
            said = f"{len(part.lines)} unchanged clauses, {part.words} words"
            yield f"<details><summary>{said}</summary>\n{''.join(map(_clause, part.lines))}</details>\n"


def _clause(line: Line) -> str:
    said = _SAID[line.op]
    names = ["clause", said, line.kind.value]
    if line.moved and line.op is not Op.MOVED:
        names.append("moved")
    if line.materiality is not Materiality.NONE:
        names.append(line.materiality.value)
    mark = _MARK[line.op] + ("↷" if line.moved and line.op is not Op.MOVED else "")
    aloud = f"{said} and moved" if len(mark) > 1 else said
    shown = f'<span aria-hidden="true" title="{aloud}">{mark}</span>{_aloud(f"{aloud}: ")}' if mark else ""
    runs = "".join(_run(run, line.op) for run in line.runs)
    number = _number(line)
    old = f'<div class="text old" dir="auto"><p>{number}{runs}</p></div>' if line.op is Op.MODIFIED else ""
    return (
        f'<div class="{" ".join(names)}"><div class="mark">{shown}</div>{old}'
        f'<div class="text new" dir="auto"><p>{number}{runs}</p></div>{_note(line)}</div>\n'
    )


def _run(run: WordOp, op: Op | None) -> str:
    if run.op == "=":
        return escape(run.text)
    tag, word = ("ins", "added") if run.op == "+" else ("del", "removed")
    if op in (Op.ADDED, Op.REMOVED):  # the clause's own mark says it of all its words
        return f"<{tag}>{escape(run.text)}</{tag}>"
    return f"{_aloud(f' [{word}: ', tag)}<{tag}>{escape(run.text)}</{tag}>{_aloud('] ', tag)}"


def _aloud(words: str, beside: str = "") -> str:
    """Words for those who hear the page; ``beside``: the element they are hidden with. Their own direction and
    language keep them from deciding those of the clause."""
    return f'<span class="{f"aloud {beside}".rstrip()}" dir="ltr" lang="en">{words}</span>'


def _number(line: Line) -> str:
    old, new = escape(line.number_before), escape(line.number_after)
    if line.op is Op.REMOVED or not new:
        shown = old
    elif not old or old == new or line.op is Op.ADDED:
        shown = new
    else:
        shown = (
            f"{_aloud('number ', 'del')}<del>{old}</del> {_aloud('now number ', 'ins')}<ins>{new}</ins>"
            f"{_aloud(': ')}"
        )
    return f'<span class="num">{shown}</span>' if shown else ""


def _note(line: Line) -> str:
    told = [line.note, "; ".join(line.reasons), ", ".join(line.topics), _TOWARDS.get(line.direction, "")]
    words = escape(" · ".join(part for part in told if part))
    if line.materiality is not Materiality.NONE:
        words = f'<span class="weight">{line.materiality.value}</span>{words}'
    return f'<div class="note"><bdi>{words}</bdi></div>' if words else ""
