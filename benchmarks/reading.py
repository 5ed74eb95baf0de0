"""How well, how steadily and how fast pages are read, beside trafilatura and html-to-markdown, in one run.

    python benchmarks/reading.py                 every fourth document of the replay set
    python benchmarks/reading.py --every 1       all of them (minutes)
    python benchmarks/reading.py --only reader   without the other libraries (extra ``bench``)

The pages, their hand-selected reference texts and the steps known to be the same or changed lie beside the
repository in ``shared/replay``; where that folder is absent this says so and ends. Recall and precision are of
words (multisets) against the reference of each capture, leaving out captures whose page is another document
than its reference (fewer than a third of its words for every reader). "differs where same": steps whose
reference did not change and whose text did, for whatever reason: some are true edits outside the selector.
Times are processor milliseconds a capture, one core, the reader's with dates and quality. "reader, cold" has
forgotten every class name and word of the pages before.
"""

from __future__ import annotations

import argparse
import io
import json
import lzma
import re
import statistics
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from storage.records import Capture, plain  # noqa: E402
from watcher.extract import furniture, markdown, read  # noqa: E402
from watcher.extract.quality.vocabulary import CONCEPTS  # noqa: E402

REPLAY = ROOT.parent / "shared" / "replay"
SEEN_AT = datetime(2025, 1, 1, tzinfo=UTC)
OTHER_DOCUMENT = 0.34
EXCLUDED = [  # what a careful user of html-to-markdown would leave out
    "[role=navigation]",
    "[role=banner]",
    "[role=contentinfo]",
    "[role=dialog]",
    "[class*=cookie]",
    "[id*=cookie]",
    "[id*=onetrust]",
]
_WORDS = re.compile(r"\w+")


def reader(body: bytes) -> str:
    url = "https://site.example/policy"
    page = Capture(url, url, 200, {"content-type": "text/html; charset=utf-8"}, body, SEEN_AT)
    return "\n".join(f"{c.number} {c.text}".strip() for c in read(page).clauses)


def cold_reader(body: bytes) -> str:
    for remembered in (furniture.named, furniture.opens, furniture.unseen):
        remembered.cache_clear()
    CONCEPTS.clear()
    return reader(body)


def readers(only: list[str] | None) -> dict[str, Callable[[bytes], str]]:
    """The reader and what of the extra ``bench`` is installed."""
    found: dict[str, Callable[[bytes], str]] = {"reader": reader, "reader, cold": cold_reader}
    try:
        import trafilatura

        found["trafilatura"] = lambda body: (
            trafilatura.extract(body, favor_recall=True, include_tables=True, include_comments=False) or ""
        )
    except ImportError:
        print("trafilatura is not installed: left out")
    try:
        import html_to_markdown

        options = html_to_markdown.ConversionOptions(
            preprocessing=html_to_markdown.PreprocessingOptions(preset="aggressive"),
            exclude_selectors=EXCLUDED,
            skip_images=True,
            extract_metadata=False,
        )

        def as_markdown(body: bytes) -> str:
            made = html_to_markdown.convert(body.decode("utf-8", "replace"), options)
            return "\n".join(b.text for b in markdown.blocks_of(made.content or ""))

        found["html-to-markdown"] = as_markdown
    except ImportError:
        print("html-to-markdown is not installed: left out")
    return {name: work for name, work in found.items() if not only or name in only}


def words(text: str) -> Counter[str]:
    return Counter(_WORDS.findall(plain(text).lower()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=4, help="read every n-th document")
    parser.add_argument("--only", nargs="*", help="names of readers")
    options = parser.parse_args()
    if not (REPLAY / "index.json").exists():
        print(f"skipped: {REPLAY} is absent")
        return
    index = json.loads((REPLAY / "index.json").read_text())[:: options.every]
    labels = {
        row["id"]: row["kind"] for row in map(json.loads, (REPLAY / "labels.jsonl").read_text().splitlines())
    }
    table = {name: Tally() for name in readers(options.only)}
    work = readers(options.only)
    for document in index:
        with tarfile.open(fileobj=io.BytesIO(lzma.open(REPLAY / document["archive"]).read())) as archive:
            measure(document, archive, labels, work, table)
    print(f"{len(index)} documents, {sum(len(d['captures']) for d in index)} captures\n")
    print(
        "| reader | ms median / p75 / p90 / p95 / p99 / max | recall mean / p5 | precision | differs where same | quiet at real changes |"
    )
    print("|---|---|---|---|---|---|")
    for name, tally in table.items():
        print(f"| {name} | {tally.row()} |")


class Tally:
    """What is counted for one reader."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self.recall: list[float] = []
        self.precision: list[float] = []
        self.same = self.differs = self.real = self.quiet = 0

    def row(self) -> str:
        ms = sorted(self.ms)
        share = " / ".join(f"{ms[int(q * (len(ms) - 1))]:.1f}" for q in (0.5, 0.75, 0.9, 0.95, 0.99, 1))
        recall = sorted(self.recall)
        return (
            f"{share} | {statistics.mean(recall):.4f} / {recall[len(recall) // 20]:.3f} | "
            f"{statistics.mean(self.precision):.4f} | {self.differs}/{self.same} "
            f"({100 * self.differs / max(1, self.same):.1f} %) | {self.quiet}/{self.real}"
        )


def measure(
    document: dict[str, Any],
    archive: tarfile.TarFile,
    labels: dict[str, str],
    work: dict[str, Callable[[bytes], str]],
    table: dict[str, Tally],
) -> None:
    """Reads every capture of one document with every reader and counts."""
    texts: dict[str, list[str]] = {name: [] for name in work}
    references: dict[str, Counter[str]] = {}
    for capture in document["captures"]:
        body = member(archive, capture["body"])
        found = {}
        for name, one in work.items():
            start = time.process_time()
            texts[name].append(one(body))
            table[name].ms.append(1000 * (time.process_time() - start))
            found[name] = words(texts[name][-1])
        reference = capture["reference"]
        if not reference:
            continue
        if reference not in references:
            blocks = markdown.blocks_of(member(archive, reference).decode())
            references[reference] = words("\n".join(b.text for b in blocks))
        wanted = references[reference]
        shared = {name: (wanted & mine).total() for name, mine in found.items()}
        if max(shared.values()) < OTHER_DOCUMENT * wanted.total():
            continue
        for name, mine in found.items():
            table[name].recall.append(shared[name] / max(1, wanted.total()))
            table[name].precision.append(shared[name] / max(1, mine.total()))
    for k, step in enumerate(document["transitions"]):
        kind = labels.get(f"{document['slug']}#{k}", "") if step == "changed" else step
        for name, tally in table.items():
            equal = texts[name][k] == texts[name][k + 1]
            tally.same += kind == "same"
            tally.differs += kind == "same" and not equal
            tally.real += kind in ("substantive", "rewrite")
            tally.quiet += kind in ("substantive", "rewrite") and equal


def member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    return file.read() if file else b""


if __name__ == "__main__":
    main()
