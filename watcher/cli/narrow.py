"""A table on a terminal too narrow for it: each row as a record, its cells named and nothing cut off."""

from __future__ import annotations

from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

LAST = 24
"""Columns the last, folding one needs to be read; with less the row is a record."""


def records(table: Table, console: Console) -> list[Padding]:
    """The rows as records, the first cell their heading; empty where the table fits ``console`` as it is."""
    columns = [[Text.from_markup(str(cell)) for cell in column.cells] for column in table.columns]
    heads = [Text.from_markup(str(column.header)) for column in table.columns]
    fixed = sum(
        max(Measurement.get(console, console.options, cell).maximum for cell in (head, *cells)) + 2
        for head, cells in zip(heads[:-1], columns[:-1], strict=True)
    )
    if fixed + LAST <= console.width:
        return []
    shown: list[Padding] = []
    for first, *others in zip(*columns, strict=True):
        first.stylize("bold")
        said = [
            Text.assemble((f"{head} ", "dim"), cell)
            for head, cell in zip(heads[1:], others, strict=True)
            if cell
        ]
        shown += [Padding(first, 0), Padding(Text(" · ").join(said), (0, 0, 0, 4))]
    return shown
