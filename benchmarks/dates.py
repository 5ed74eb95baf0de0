"""Stated dates on real texts: right, wrong, missed, milliseconds a document, beside htmldate in one run.

    python -m benchmarks.dates                 120 labelled texts, ours and htmldate
    python -m benchmarks.dates --replay        also the labelled captures of the replay set
    python -m benchmarks.dates --corpus        also how many texts of the corpus have a date, per language
    python -m benchmarks.dates --misses        every miss

Reads ``../shared`` beside the repository and says so where it is absent.
"""

from __future__ import annotations

import argparse
import html
import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from storage.records import Capture, Document
from watcher.extract import read
from watcher.extract.dates import stated_dates

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOW = datetime(2030, 1, 1, tzinfo=UTC)
Dates = tuple[str | None, str | None]
SINGLE = ("substantive", "editorial", "date-only", "rewrite", "furniture")


def capture(body: bytes, kind: str, at: datetime = NOW) -> Capture:
    url = "https://policies.example/text"
    return Capture(url, url, 200, {"content-type": kind}, body, at)


def ours(document: Document, seen_at: datetime | None = None) -> Dates:
    dates = stated_dates(document.clauses, language=document.language, seen_at=seen_at)
    return (
        dates.updated.value if dates.updated else None,
        dates.effective.value if dates.effective else None,
    )


def texts() -> tuple[list[Path], list[Document]]:
    files = sorted((SHARED / "dates" / "texts").glob("*.md"))
    return files, [read(capture(file.read_bytes(), "text/markdown; charset=utf-8")) for file in files]


def timed(function: Callable[[], Dates]) -> tuple[Dates, float]:
    """The answer and the processor's milliseconds, so that a busy machine does not show."""
    started = time.process_time()
    answer = function()
    return answer, (time.process_time() - started) * 1000


def score(name: str, files: list[Path], answers: list[Dates], costs: list[float], misses: bool) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for file, (updated, effective) in zip(files, answers, strict=True):
            out.write(json.dumps({"file": file.name, "updated": updated, "effective": effective}) + "\n")
        out.flush()
        command = [sys.executable, str(SHARED / "dates" / "score.py"), out.name, *(["--misses"] * misses)]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    costs = sorted(costs)
    p90 = costs[int(len(costs) * 0.9)]
    print(f"{name}: {printed.strip()}")
    print(f"{name}: ms a document median {statistics.median(costs):.2f}, p90 {p90:.2f}, max {costs[-1]:.2f}")


def labelled(misses: bool) -> None:
    files, documents = texts()
    ours(documents[0])  # patterns compile on first use
    results = [timed(lambda document=document: ours(document)) for document in documents]
    score("clausewatch", files, [r[0] for r in results], [r[1] for r in results], misses)
    try:
        from htmldate import find_date
    except ImportError:
        print("htmldate is not installed: skipped")
        return
    pages = []
    for file in files:
        lines = [html.escape(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        pages.append("<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>")
    results = [timed(lambda page=page: (find_date(page), None)) for page in pages]
    score("htmldate", files, [r[0] for r in results], [r[1] for r in results], False)


def replayed() -> Iterator[tuple[str, Document, datetime, str | None]]:
    """Label id, document, time of the look, the stated date wanted."""
    index = {entry["slug"]: entry for entry in json.loads((SHARED / "replay" / "index.json").read_text())}
    wanted: dict[str, list[tuple[str, int, str | None]]] = {}
    for line in (SHARED / "replay" / "labels.jsonl").read_text().splitlines():
        label = json.loads(line)
        if label["kind"] in SINGLE:
            slug, step = label["id"].split("#")
            wanted.setdefault(slug, []).append((label["id"], int(step), label["stated_before"]))
            wanted[slug].append((label["id"], int(step) + 1, label["stated_after"]))
    for slug, steps in sorted(wanted.items()):
        captures = index[slug]["captures"]
        with tarfile.open(SHARED / "replay" / index[slug]["archive"]) as archive:
            bodies = {Path(member.name).name: member for member in archive.getmembers()}
            for name, step, want in steps:
                entry = captures[step]
                stored = archive.extractfile(bodies[entry["body"]])
                assert stored is not None
                at = datetime.fromisoformat(entry["captured_at"])
                yield name, read(capture(stored.read(), entry["content_type"], at)), at, want


def replay(misses: bool) -> None:
    counts: Counter[str] = Counter()
    for name, document, at, want in replayed():
        updated, effective = ours(document, at)
        got = updated or effective
        kind = "right" if got == want else "missed" if not got else "invented" if not want else "wrong"
        counts[kind] += 1
        if misses and kind != "right":
            print(kind, name, at.date(), "want", want, "got", got, sep="\t")
    total = sum(counts.values())
    print(f"replay: {dict(counts)}, right {counts['right'] / total:.4f} of {total} labelled captures")


def corpus() -> None:
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with tarfile.open(SHARED / "corpus" / "texts.tar.xz") as archive:
        for member in archive:
            stored = archive.extractfile(member) if member.name.endswith(".md") else None
            if stored is None:
                continue
            document = read(capture(stored.read(), "text/markdown; charset=utf-8"))
            total[document.language] += 1
            found[document.language] += any(ours(document))
    print("language  texts  with a date")
    for language, count in total.most_common():
        print(f"{language or '?':8}  {count:5}  {found[language]:5}  {found[language] / count:.0%}")
    print(f"{'all':8}  {total.total():5}  {found.total():5}  {found.total() / total.total():.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for option in ("--replay", "--corpus", "--misses"):
        parser.add_argument(option, action="store_true")
    chosen = parser.parse_args()
    if not (SHARED / "dates" / "labels.jsonl").exists():
        print(f"skipped: {SHARED / 'dates'} is absent")
        return
    labelled(chosen.misses)
    if chosen.replay:
        replay(chosen.misses)
    if chosen.corpus:
        corpus()


if __name__ == "__main__":
    main()
