"""The command that shows what the reader sees in files and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from config.policies import css_selector
from storage.database import Database
from storage.records import Document
from watcher.archives.folder import load_file
from watcher.archives.values import ArchiveError
from watcher.cli.app import App, Failed, now, pass_app, run_async
from watcher.cli.names import safe
from watcher.extract import read
from watcher.fetch import FetchError
from watcher.trial import read_page
from watcher.work import WorkFailed


@click.command(
    epilog="Example: clausewatch inspect policy.html terms.pdf\n\nExample: clausewatch inspect https://example.com/privacy"
)
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL…")
@click.option("--select", help="A CSS selector: read only this part of the page.")
@click.option("--text", is_flag=True, help="Print the clauses as read, instead of one JSON line.")
@pass_app
def inspect(app: App, sources: tuple[str, ...], select: str | None, text: bool) -> None:
    """What the reader sees in files or pages: one JSON line each."""
    if select:
        try:
            css_selector(select)
        except ValueError as error:
            raise click.UsageError(f"--select {error}") from None
    bad = 0
    for source, document in _read_all(app, sources, select):
        if isinstance(document, str):
            click.echo(f"clausewatch: {document}", err=True)
            bad += 1
        elif text:
            click.echo(_as_text(document))
        else:
            click.echo(json.dumps(_inspected(source, document), ensure_ascii=False))
    if bad:
        raise Failed(f"{bad} of {len(sources)} could not be read.")


def _read_all(app: App, sources: tuple[str, ...], select: str | None) -> Iterator[tuple[str, Document | str]]:
    pages = [s for s in sources if s.startswith(("http://", "https://"))]
    files = [s for s in sources if s not in pages]
    if len(files) > 8:
        with ProcessPoolExecutor() as pool:
            yield from zip(
                files, pool.map(_read_file, files, [select] * len(files), chunksize=8), strict=True
            )
    else:
        for file in files:
            yield file, _read_file(file, select)
    if pages:
        yield from run_async(_read_pages(app, pages, select))


async def _read_pages(app: App, pages: list[str], select: str | None) -> list[tuple[str, Document | str]]:
    read_: list[tuple[str, Document | str]] = []
    with TemporaryDirectory() as folder, Database.open(Path(folder) / "inspect.db") as database:
        async with app.house(database) as house:
            for page in pages:
                try:
                    _, document = await read_page(page, house.gate, house.workers, select)
                    read_.append((page, document))
                except (FetchError, WorkFailed) as error:
                    read_.append((page, f"{page}: {error}"))
    return read_


def _read_file(name: str, select: str | None) -> Document | str:
    try:
        capture = load_file(Path(name), f"file:{Path(name).name}", now())
    except ArchiveError as error:
        return str(error)
    return read(capture, select=select)


def _inspected(source: str, document: Document) -> dict[str, object]:
    dates = document.dates
    shown = {name: d for name, d in (("updated", dates.updated), ("effective", dates.effective)) if d}
    return {
        "file": source,
        "title": document.title,
        "language": document.language,
        "quality": {
            "reading": document.quality.reading.value,
            "score": round(document.quality.score, 3),
            "reason": document.quality.reason,
        },
        "words": document.words,
        "clauses": len(document.clauses),
        "updated": dates.updated.value if dates.updated else None,
        "effective": dates.effective.value if dates.effective else None,
        "evidence": {name: d.evidence for name, d in shown.items()},
        "ambiguous": [name for name, d in shown.items() if d.ambiguous],
    }


def _as_text(document: Document) -> str:
    lines = []
    for c in document.clauses:
        mark = "#" * c.level + " " if c.level else {"item": "- ", "row": "| "}.get(c.kind.value, "")
        lines.append(safe(f"{mark}{c.number + ' ' if c.number else ''}{c.text}"))
    return "\n".join(lines)


COMMANDS = (inspect,)
