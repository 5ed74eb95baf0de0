"""Judge labelled changes of a replay set: materiality, topics, editorial noise; with an ablation by rule family.

    python -m benchmarks.judgement SET HTML [--ablation] [--stories N] [--misses] [--pairs FILE]

SET is the folder with ``index.json`` and ``labels.jsonl``, HTML the folder of its captures unpacked as
``<slug>--<NN>.html``. Each labelled pair of captures is read by `watcher.extract.read` and compared. Scores are
printed for all documents and for two halves by first letter (a–h: rules were written looking at these; i–z: not).
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import watcher.compare as compare_room
from storage.records import Capture, ChangeKind, Comparison, Document, Materiality, PolicyKind
from watcher.extract import read

KINDS = {
    "Privacy Policy": PolicyKind.PRIVACY,
    "Terms of Service": PolicyKind.TERMS,
    "Commercial Terms": PolicyKind.TERMS,
    "Trackers Policy": PolicyKind.COOKIES,
    "Community Guidelines": PolicyKind.GUIDELINES,
}
REAL = ("substantive", "rewrite")
QUIET = ("editorial", "date-only", "furniture")
FAMILIES = {
    "editorial rules": {"editorial"},
    "topic model": {"model"},
    "topic blend": {"blend"},
    "stance, numbers": {"stance", "numbers"},
    "parties": {"parties"},
    "tables": {"tables"},
    "words: privacy": {"data", "purpose", "recipients", "rights", "retention", "security", "cookies", "children"},
    "words: terms": {
        "disputes", "liability", "payment", "termination", "content", "conduct", "change-notice", "scope", "contact",
    },
}  # fmt: skip
Row = tuple[dict[str, Any], Comparison, float]


def documents(
    index: dict[str, Any], labels: list[dict[str, Any]], html: Path
) -> dict[tuple[str, int], Document]:
    """Both captures of every label, read once."""
    found: dict[tuple[str, int], Document] = {}
    for label in labels:
        slug, k = where(label)
        for n in (k, k + 1):
            if (slug, n) not in found:
                body = (html / f"{slug}--{n:02d}.html").read_bytes()
                headers = {"content-type": index[slug]["captures"][n]["content_type"]}
                url = f"http://replay.test/{slug}"
                found[slug, n] = read(Capture(url, url, 200, headers, body, datetime(2026, 1, 1, tzinfo=UTC)))
    return found


def where(label: dict[str, Any]) -> tuple[str, int]:
    slug, k = label["id"].split("#")
    return slug, int(k)


def run(
    labels: list[dict[str, Any]],
    read_: dict[tuple[str, int], Document],
    kinds: dict[str, PolicyKind],
    without: frozenset[str] = frozenset(),
) -> list[Row]:
    rows = []
    for label in labels:
        slug, k = where(label)
        start = time.process_time()
        change = compare_room.compare(read_[slug, k], read_[slug, k + 1], kind=kinds[slug], without=without)
        rows.append((label, change, (time.process_time() - start) * 1000))
    return rows


def scores(rows: list[Row]) -> dict[str, float]:
    """high against the rest, exact materiality, topics (micro), on substantive and rewrite labels; quiet on the others."""
    n = high = exact = tp = fp = fn = quiet = silent = loud = 0
    for label, change, _ in rows:
        if label["kind"] in REAL:
            n += 1
            high += (label["materiality"] == "high") == (change.materiality is Materiality.HIGH)
            exact += label["materiality"] == change.materiality.value
            want, got = set(label["topics"]), {t.value for t in change.topics}
            tp, fp, fn = tp + len(want & got), fp + len(got - want), fn + len(want - got)
        elif label["kind"] in QUIET:
            quiet += 1
            silent += change.kind in (ChangeKind.EDITORIAL, ChangeKind.DATE_ONLY)
            loud += change.materiality.rank >= Materiality.MEDIUM.rank
    return {
        "labels": n,
        "high": round(high / max(1, n), 3),
        "exact": round(exact / max(1, n), 3),
        "topic F1": round(2 * tp / max(1, 2 * tp + fp + fn), 3),
        "precision": round(tp / max(1, tp + fp), 3),
        "recall": round(tp / max(1, tp + fn), 3),
        "editorial": quiet,
        "told so": round(silent / max(1, quiet), 3),
        "told medium+": round(loud / max(1, quiet), 3),
    }


def show(rows: list[Row]) -> None:
    for name, chosen in (
        ("all", rows),
        ("a–h", [r for r in rows if r[0]["id"][0] <= "h"]),
        ("i–z", [r for r in rows if r[0]["id"][0] > "h"]),
    ):
        print(f"{name}: {scores(chosen)}")
    order = [m.value for m in Materiality]
    table = Counter(
        (r[0]["materiality"], r[1].materiality.value) for r in rows if r[0]["kind"] in (*REAL, *QUIET)
    )
    print("label \\ judged  " + "  ".join(f"{o:>6s}" for o in order))
    for label in order:
        print(f"{label:>14s}  " + "  ".join(f"{table[label, o]:6d}" for o in order))
    ms = sorted(r[2] for r in rows)
    print(f"ms: median {ms[len(ms) // 2]:.0f}, 95 % {ms[int(len(ms) * 0.95)]:.0f}, max {ms[-1]:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", type=Path)
    parser.add_argument("html", type=Path)
    parser.add_argument("--ablation", action="store_true", help="leave out one family of rules at a time")
    parser.add_argument(
        "--stories", type=int, default=0, metavar="N", help="print N stories beside the gists"
    )
    parser.add_argument("--misses", action="store_true", help="print what was judged otherwise")
    parser.add_argument("--pairs", type=Path, help="write judged pairs for scripts/learn_blend.py")
    args = parser.parse_args()
    index = {d["slug"]: d for d in json.loads((args.set / "index.json").read_text())}
    labels = [json.loads(line) for line in (args.set / "labels.jsonl").read_text().splitlines()]
    labels = [x for x in labels if x["kind"] in (*REAL, *QUIET)]
    kinds = {slug: KINDS.get(d["document"], PolicyKind.OTHER) for slug, d in index.items()}
    read_ = documents(index, labels, args.html)
    if args.pairs:
        pairs = []
        for x in (x for x in labels if x["kind"] in REAL):
            slug, k = where(x)
            before, after = read_[slug, k], read_[slug, k + 1]
            rows_ = compare_room.judged(before, after, kinds[slug])
            changed = sum(e.size for e, j in rows_ if not j.harmless)
            pairs.append((x["id"], changed / max(1, before.words, after.words), rows_, x["topics"]))
        args.pairs.write_bytes(pickle.dumps(pairs))
        return
    rows = run(labels, read_, kinds)
    show(rows)
    real = [r for r in rows if r[0]["kind"] in REAL]
    for label, change, _ in real[:: max(1, len(real) // args.stories)] if args.stories else []:
        print(f"\n{label['id']}\n  gist:  {label['gist']}\n  story: {change.summary}")
    if args.misses:
        for label, change, _ in rows:
            got = sorted(t.value for t in change.topics)
            if label["materiality"] != change.materiality.value or set(got) != set(label["topics"]):
                print(
                    f"{label['id']} {label['kind']} {label['materiality']} {label['topics']} → {change.materiality} {got}"
                )
    if args.ablation:
        for family in FAMILIES:
            print(
                f"without {family:16s} {scores(run(labels, read_, kinds, frozenset(FAMILIES[family])))}",
                flush=True,
            )


if __name__ == "__main__":
    main()
