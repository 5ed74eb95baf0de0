"""A change as a redline in the terminal, and as JSON.

Page text never becomes markup: it is put into ``rich.text.Text`` objects, whose content rich does not parse,
after `redline_lines.safe` has made escapes and direction marks visible. Where the console has no colours, or
writes to a file, words put in and taken out are marked {+…+} and [-…-].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from storage.change_record import comparison_record, to_record
from storage.records import Change, ClauseKind, Comparison, Direction, Materiality, Op, WordOp
from watcher.alert.redline_lines import Fold, Line, Redline, of_change, runs

_MARK = {Op.ADDED: "+", Op.REMOVED: "−", Op.MODIFIED: "~", Op.MOVED: "↷", Op.RENUMBERED: "#", None: " "}
_STYLE = {
    Op.ADDED: "green",
    Op.REMOVED: "red",
    Op.MODIFIED: "yellow",
    Op.MOVED: "cyan",
    Op.RENUMBERED: "magenta",
    None: "dim",
}
_WORDS = {"+": "green underline", "-": "red strike", "=": ""}
_WEIGHT = {
    Materiality.HIGH: "bold red",
    Materiality.MEDIUM: "bold yellow",
    Materiality.LOW: "bold",
    Materiality.NONE: "dim",
}
_TOWARDS = {Direction.BETTER: "better for the reader", Direction.WORSE: "worse for the reader"}


def terminal(change: Change | Redline, *, width: int | None = None, context: int = 12) -> Terminal:
    """A rich renderable of the change. ``width`` in columns (None: the console's); ``context``: unchanged
    words kept on either side of an edit inside a clause, the rest folded to "⋯" (negative: nothing folded)."""
    return Terminal(change if isinstance(change, Redline) else of_change(change), width, context)


class Terminal:
    """Prints a redline; made by `terminal`."""

    def __init__(self, redline: Redline, width: int | None, context: int) -> None:
        self.redline, self.width, self.context = redline, width, context

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.width:
            options = options.update_width(
                min(self.width, options.max_width) if console.is_terminal else self.width
            )
        plain = console.no_color or console.color_system is None
        for part in self._parts(plain):
            yield from console.render(part, options)

    def _parts(self, plain: bool) -> Iterator[Any]:
        redline = self.redline
        yield Text(redline.title, style="bold")
        if redline.link:
            yield Text(redline.link, style="dim")
        if redline.summary:
            yield Text(redline.summary)
        facts = Table.grid(padding=(0, 2, 0, 0))
        for label, value in redline.facts:
            facts.add_row(Text(label, style="dim"), Text(value))
        yield facts
        counts = ", ".join(f"{n} {op}" for op, n in redline.counts)
        yield Text(
            f"+{redline.words_added} −{redline.words_removed} words" + (f" · {counts}" if counts else "")
        )
        section: str | None = None
        for part in redline.parts:
            first = part.lines[0] if isinstance(part, Fold) else part
            if first.kind is ClauseKind.HEADING:
                section = part.lines[-1].section if isinstance(part, Fold) else part.below
            elif first.section != section:
                section = first.section
                yield Rule(Text(section or "—", style="bold"), align="left", style="dim", characters="─")
            if isinstance(part, Fold):
                yield Text(f"    ⋯ {len(part.lines)} unchanged clauses, {part.words} words", style="dim")
            else:
                yield self._line(part, plain)

    def _line(self, line: Line, plain: bool) -> Table:
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=3, no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        mark = _MARK[line.op] + ("↷" if line.moved and line.op is not Op.MOVED else "")
        body = Text(style="bold" if line.kind is ClauseKind.HEADING else "")
        body.append_text(number(line, plain))
        runs = folded(line.runs, self.context) if line.op in (Op.MODIFIED, None) else line.runs
        for run in runs:
            body.append_text(_run(run, line, plain))
        grid.add_row(Text(mark, style=_STYLE[line.op]), body)
        told = " · ".join(
            filter(
                None,
                [
                    line.note,
                    "; ".join(line.reasons),
                    ", ".join(line.topics),
                    _TOWARDS.get(line.direction, ""),
                ],
            )
        )
        if told or line.materiality is not Materiality.NONE:
            note = Text(style="dim")
            if line.materiality is not Materiality.NONE:
                note.append(f"{line.materiality.value} ", style=_WEIGHT[line.materiality])
            note.append(told)
            grid.add_row(Text(""), note)
        return grid


def _run(run: WordOp, line: Line, plain: bool) -> Text:
    if run.op == "=":
        return Text(run.text, style="dim" if line.op in (None, Op.MOVED, Op.RENUMBERED) else "")
    if plain and line.op is Op.MODIFIED:
        return Text(f"{{+{run.text}+}}" if run.op == "+" else f"[-{run.text}-]")
    return Text(run.text, style=_WORDS[run.op])


def number(line: Line, plain: bool) -> Text:
    """The clause's number, and both where it changed."""
    old, new = line.number_before, line.number_after
    text = Text()
    if line.op is Op.REMOVED or not new or old == new:
        return text.append(f"{old if line.op is Op.REMOVED else new or old} ") if (new or old) else text
    if not old or line.op is Op.ADDED:
        return text.append(f"{new} ", style=_WORDS["+"] if line.op is Op.ADDED else "")
    text.append(f"[-{old}-]" if plain else old, style=_WORDS["-"])
    return text.append(f"{{+{new}+}} " if plain else f"{new} ", style=_WORDS["+"])


def folded(runs: tuple[WordOp, ...], context: int) -> tuple[WordOp, ...]:
    """The runs of a modified clause with its long unchanged stretches folded to "⋯".

    ``context`` unchanged words stay on either side of an edit; in scripts without spaces a "word" is four
    characters. Negative: nothing is folded."""
    if context < 0:
        return runs
    out: list[WordOp] = []
    for k, run in enumerate(runs):
        units = re.findall(r"\s*\S{1,24}|\s+", run.text)
        head = context if k else 0
        tail = context if k + 1 < len(runs) else 0
        if len(runs) == 1:
            head = 2 * context
        if run.op != "=" or len(units) <= head + tail + 6:
            out.append(run)
            continue
        before, after = "".join(units[:head]), "".join(units[len(units) - tail :]).lstrip()
        out.append(WordOp("=", f"{before} ⋯ {after}" if head or k else f"⋯ {after}"))
    return tuple(out)


def as_json(change: Change | Comparison) -> dict[str, Any]:
    """The change record as JSON values, with the word-level runs of each clause ([op, text] pairs).

    Texts are as stored, nothing replaced: JSON escapes what it must."""
    record = comparison_record(change) if isinstance(change, Comparison) else to_record(change)
    for entry, clause in zip(record["clauses"], change.clauses, strict=True):
        entry["words"] = [[run.op, run.text] for run in runs(clause)]
    return record
