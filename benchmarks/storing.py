"""What storing costs: bytes a capture and milliseconds a record, on a folder of captures.

    python -m benchmarks.storing FOLDER [--every N] [--keep all|versions] [--db FILE]

FOLDER holds the captures as files and `captures.jsonl` (one object a line: url, captured_at, file,
content_type). Every N-th address is taken. Times are of the processor, so that other programs do not count.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from storage.database import Database
from storage.records import (
    Capture,
    CheckIntent,
    DateSighting,
    Outcome,
    Policy,
    Variant,
    Version,
)
from storage.store import Store
from watcher.extract import read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--keep", choices=("all", "versions"), default="all")
    parser.add_argument("--db", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.db or Path(folder) / "bench.db"
        with Database.open(path, keep_bodies=args.keep) as database:
            figures = _record_all(database, args.folder, args.every)
            _report(database, path, args.keep, figures)


def _record_all(database: Database, folder: Path, every: int) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = defaultdict(list)
    for url, captures in list(_captures(folder).items())[::every]:
        policy = Policy(url.rstrip("/").rpartition("/")[2], url, "bench")
        start = captures[0][1]
        database.call(lambda s, p=policy, at=start: s.add_policy(p, at))
        seen: set[str] = set()
        for file, at, content_type in captures:
            capture = Capture(url, url, 200, {"content-type": content_type}, file.read_bytes(), at)
            document = read(capture)
            kind = "unchanged" if document.digest in seen else "changed"
            seen.add(document.digest)
            version = Version(None, document, at)
            intent = CheckIntent(
                policy.id,
                at,
                5,
                Outcome(kind),
                "",
                capture,
                version,
                (Variant(1, version, at),),
                sighting=DateSighting(at, "", document.digest),
            )
            _ = capture.sha256, document.digest, [c.key for c in document.clauses]
            figures["past"].append(database.call(lambda s, i=intent: _timed(lambda: s.past(i.policy))))
            figures[kind].append(database.call(lambda s, i=intent: _timed(lambda: _record(s, i))))
            figures["raw"].append(float(len(capture.body)))
    return figures


def _record(store: Store, intent: CheckIntent) -> None:
    store.record(intent, intent.started_at)


def _timed(work) -> float:  # type: ignore[no-untyped-def]
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


def _captures(folder: Path) -> dict[str, list[tuple[Path, datetime, str]]]:
    found: dict[str, list[tuple[Path, datetime, str]]] = defaultdict(list)
    for row in _rows(folder / "captures.jsonl"):
        at = datetime.fromisoformat(row["captured_at"])
        found[row["url"]].append((folder / row["file"], at, row["content_type"]))
    return {url: sorted(rows, key=lambda r: r[1]) for url, rows in sorted(found.items())}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open() as lines:
        for line in lines:
            yield json.loads(line)


def _report(database: Database, path: Path, keep: str, figures: dict[str, list[float]]) -> None:
    total = len(figures["raw"])
    (bodies,) = database.call(
        lambda s: s.rows("select count(*) as n, sum(length(data)) as bytes from bodies")
    )
    print(f"captures {total}, versions {len(figures['changed'])}, keep_bodies = {keep}")
    print(f"raw bytes a capture      {statistics.mean(figures['raw']):10.0f}")
    print(f"stored bytes a capture   {bodies['bytes'] / total:10.0f}")
    print(f"bodies kept              {bodies['n']:10d}   of {bodies['bytes'] / bodies['n']:.0f} bytes each")
    for name in ("past", "unchanged", "changed"):
        values = sorted(figures[name]) or [0.0]
        middle, high = values[len(values) // 2], values[int(len(values) * 0.95)]
        print(f"{name:10s} ms median {middle:.3f}, p95 {high:.3f}, sum {sum(values) / 1000:.1f} s")
    start = time.perf_counter()
    findings = database.call(lambda s: s.verify())
    print(f"verify: {len(findings)} findings in {time.perf_counter() - start:.1f} s")
    sizes = database.call(
        lambda s: s.rows(
            "select name, sum(pgsize) as bytes from dbstat group by name order by 2 desc limit 8"
        )
    )
    print("largest:", ", ".join(f"{r['name']} {int(str(r['bytes'])) // 1024} KiB" for r in sizes))
    database.call(lambda s: s.rows("pragma wal_checkpoint(truncate)"))
    print(f"whole file a capture     {path.stat().st_size / total:10.0f}")


if __name__ == "__main__":
    main()
