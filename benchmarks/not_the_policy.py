"""Is this the policy at all: both kinds of error, counted.

    python benchmarks/not_the_policy.py            the labelled pages and the replay set
    python benchmarks/not_the_policy.py --half 0   one half of the replay documents (0 or 1), for holding out
    python benchmarks/not_the_policy.py --corpus   also the corpus of policy texts (what is refused there)

The labelled pages lie in ``tests/pages``. The replay set, the corpus and their labels lie beside the repository in
``shared``; where that folder is absent those parts are skipped.

Truth on the replay set: a capture is an error page where its labels say so, or where its visible text holds less
than ABSENT of the distinct words of every hand-selected reference text of that document; it is the policy where it
holds at least PRESENT of one of them. What lies between, and a text in a language none of the references is in (another document:
the past of the page judges that), is printed and counted for neither.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import statistics
import sys
import tarfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import Capture, Reading
from watcher.extract import read
from watcher.extract.charset import decode
from watcher.extract.language import language_of
from watcher.extract.quality import assess, marks

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
ABSENT, PRESENT = 0.4, 0.7
_WORD = re.compile(r"[^\W\d_]{5,}|[\u3040-\u9fff]{2}")


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def visible(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css("script,style,template"):
        node.decompose()
    return tree.body.text(separator=" ") if tree.body else ""


def labelled_pages() -> None:
    """The pages of tests/pages: how many of each folder read as that folder says."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path in sorted((ROOT / "tests" / "pages").glob("*/*.http")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        fields = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in head.splitlines())}
        asked, answered, status = (fields.pop(k) for k in ("Asked", "Answered", "Status"))
        capture = Capture(
            asked, answered, int(status), fields, body.encode(), datetime(2025, 5, 1, tzinfo=UTC)
        )
        quality = read(capture).quality
        total[path.parent.name] += 1
        right[path.parent.name] += quality.reading == path.parent.name
        if quality.reading != path.parent.name:
            print(f"  {path.parent.name}/{path.stem}: {quality.reading} ({quality.reason})")
    print("labelled pages:", ", ".join(f"{k} {right[k]}/{n}" for k, n in total.items()))


def documents(half: int | None) -> Iterator[tuple[dict[str, Any], tarfile.TarFile]]:
    """The replay documents with their archives; a half is chosen by a checksum of the name."""
    for doc in json.loads((SHARED / "replay" / "index.json").read_text()):
        if half is None or zlib.crc32(doc["slug"].encode()) % 2 == half:
            with lzma.open(SHARED / "replay" / doc["archive"]) as raw, tarfile.open(fileobj=raw) as archive:
                yield doc, archive


def labelled_errors(doc: dict[str, Any], kinds: dict[str, str]) -> set[int]:
    """The captures that the labels call error pages: from the step that leads in to the next step out."""
    found: set[int] = set()
    inside = False
    for k, step in enumerate(doc["transitions"]):
        if step != "same":
            inside = kinds.get(f"{doc['slug']}#{k}") == "error-page" and not inside
        if inside:
            found.add(k + 1)
    return found


def replay(half: int | None) -> None:
    """Every capture of the replay set against its labels and reference texts."""
    kinds = {
        row["id"]: row["kind"]
        for row in map(json.loads, (SHARED / "replay" / "labels.jsonl").read_text().splitlines())
    }
    count: Counter[str] = Counter()
    judging: list[float] = []
    decoding: list[float] = []
    for doc, archive in documents(half):
        bodies = {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}  # type: ignore[union-attr]
        errors = labelled_errors(doc, kinds)
        names = {c.get("reference") for k, c in enumerate(doc["captures"]) if k not in errors}
        references = [words(bodies[n].decode()) for n in names if n and n in bodies]
        languages = {language_of(bodies[n].decode()) for n in names if n and n in bodies}
        seen: dict[str, tuple[float, Any, bool]] = {}
        for k, meta in enumerate(doc["captures"]):
            if meta["body"] not in seen:
                url = f"https://replay.test/{doc['slug']}"
                headers = {"content-type": meta["content_type"]}
                when = datetime.fromisoformat(meta["captured_at"])
                capture = Capture(url, url, 200, headers, bodies[meta["body"]], when)
                document = read(capture)
                start = time.process_time()
                html = decode(capture.body, capture.content_type)
                decoding.append(time.process_time() - start)
                tree = LexborHTMLParser(html)
                start = time.process_time()
                quality = assess(document, marks(tree), capture)
                judging.append(time.process_time() - start)
                text = words(visible(html))
                held = max((len(r & text) / len(r) for r in references if r), default=1.0)
                seen[meta["body"]] = (
                    held,
                    quality,
                    document.words > 300 and document.language not in languages,
                )
            held, quality, foreign = seen[meta["body"]]
            if k in errors or held < ABSENT:
                truth = "another language" if foreign and k not in errors else "error page"
            else:
                truth = "policy" if held >= PRESENT else "unclear"
            taken = "taken for the policy" if quality.reading is Reading.POLICY else "refused"
            count[f"{truth}, {taken}"] += 1
            if (truth, taken) != ("policy", "taken for the policy"):
                mark = "!" if (truth, taken) in _WRONG else " "
                print(
                    f"{mark} {doc['slug']}--{k:02d} {truth} ({held:.2f}): {quality.reading} {quality.score} {quality.reason}"
                )
    for name, number in sorted(count.items()):
        print(f"{number:6d}  {name}")
    for name, values in (("marks + assess", judging), ("decode", decoding)):
        values.sort()
        print(
            f"{name}: median {statistics.median(values) * 1e3:.2f} ms, 95 % {values[len(values) * 95 // 100] * 1e3:.2f} ms, max {values[-1] * 1e3:.2f} ms"
        )


_WRONG = {("error page", "taken for the policy"), ("policy", "refused")}


def corpus() -> None:
    """Current policy texts of all kinds: what is refused must be looked at by eye, some are no policies."""
    refused = total = 0
    with (
        lzma.open(SHARED / "corpus" / "texts.tar.xz") as raw,
        tarfile.open(fileobj=raw, mode="r|") as archive,
    ):
        for member in archive:
            file = archive.extractfile(member)
            if file is None:
                continue
            url = "https://corpus.test/" + member.name.rsplit("/", 1)[-1]
            headers = {"content-type": "text/markdown; charset=utf-8"}
            document = read(Capture(url, url, 200, headers, file.read(), datetime(2025, 5, 1, tzinfo=UTC)))
            total += 1
            if document.quality.reading is not Reading.POLICY:
                refused += 1
                print(
                    f"  {member.name}: {document.quality.reading}, {document.words} words, “{document.title[:50]}”"
                )
    print(f"corpus: {refused} of {total} refused")


def main() -> None:
    options = argparse.ArgumentParser(description="Count both kinds of error of the page reading.")
    options.add_argument("--half", type=int, choices=(0, 1))
    options.add_argument("--corpus", action="store_true")
    chosen = options.parse_args()
    labelled_pages()
    if not (SHARED / "replay").is_dir():
        print(f"no {SHARED.name} folder beside the repository: the replay set is skipped")
        return
    replay(chosen.half)
    if chosen.corpus:
        corpus()


if __name__ == "__main__":
    main()
