"""Tables: rows become clauses that name their headers, tables used for layout stay what they contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.extract.blocks import HEADING, ROW, Block

_LONG_CELL = 500  # characters a cell on average; a table above it is a page laid out as a table
_MAX_SPAN = 50
_PLAIN_COLUMNS = 3  # a table of two columns may be a list of names and values from its first row on


@dataclass(slots=True)
class _Cell:
    start: int
    header: bool
    column: int
    width: int
    end: int = -1


@dataclass(slots=True)
class Table:
    """A table being read: ``first`` is the index of its first block."""

    first: int
    rows: list[list[_Cell]] = field(default_factory=list)
    taken: dict[tuple[int, int], bool] = field(default_factory=dict)  # places a cell above spans into

    def open_row(self) -> None:
        self.rows.append([])

    def open_cell(self, start: int, header: bool, attributes: Mapping[str, str | None]) -> None:
        if not self.rows:
            self.open_row()
        row = self.rows[-1]
        r, c = len(self.rows) - 1, (row[-1].column + row[-1].width if row else 0)
        while (r, c) in self.taken:
            c += 1
        width, height = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        for below in range(1, height):
            for beside in range(width):
                self.taken[r + below, c + beside] = True
        row.append(_Cell(start, header, c, width))

    def close_cell(self, end: int) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].end = end

    def close(self, blocks: list[Block], inside: int) -> None:
        """Replaces the blocks read since the table began with one block a row, where it is a data table."""
        read = blocks[self.first :]
        rows = [row for row in self.rows if any(c.end > c.start for c in row)]
        cells = [c for row in rows for c in row if c.end > c.start]
        if len(rows) < 2 or max(len(row) for row in rows) < 2 or not cells:
            return
        if any(b.kind in (HEADING, ROW) for b in read):
            return
        if sum(len(b.text) for b in read) / len(cells) > _LONG_CELL:
            return
        captions = blocks[self.first : cells[0].start]
        header = rows[0] if self._heads(rows[0], blocks) else []
        names = {c.column + k: _text(blocks, c) for c in header for k in range(c.width)}
        made = []
        for row in rows[1:] if header else rows:
            parts, linked, links = [], 0, 0
            for cell in row:
                text = _text(blocks, cell)
                name = names.get(cell.column, "") if cell.width == 1 else ""
                if text:
                    parts.append(f"{name.rstrip(': ')}: {text}" if name and name != text else text)
                linked += sum(b.linked for b in blocks[cell.start : cell.end])
                links += sum(b.links for b in blocks[cell.start : cell.end])
            if parts:
                made.append(Block("; ".join(parts), ROW, linked=linked, links=links, inside=inside))
        blocks[self.first :] = captions + made

    @staticmethod
    def _heads(row: list[_Cell], blocks: list[Block]) -> bool:
        filled = [c for c in row if c.end > c.start]
        if len(filled) < 2:
            return False
        return all(c.header or all(b.bold for b in blocks[c.start : c.end]) for c in filled)


def _text(blocks: list[Block], cell: _Cell) -> str:
    return " ".join(f"{b.number} {b.text}".strip() for b in blocks[cell.start : cell.end])


def _names(text: str) -> bool:
    """Whether a cell of a first row may name its column though nothing marks it: a template may drop the mark."""
    return len(text) <= 40 and text[-1:] not in ".;,:" and not any(c.isdigit() for c in text)


def _span(value: str | None) -> int:
    value = (value or "").strip()
    return min(_MAX_SPAN, max(1, int(value))) if value.isdigit() and len(value) < 6 else 1
