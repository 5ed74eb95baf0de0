"""What each mechanism adds: the replay set settled again and again, each time with one mechanism switched off.

    python -m benchmarks.ablation SET [--documents CAPTURES] [--kept FOLDER] [--only WORD …] [--variants WORD …]

SET is the folder with ``index.json``, ``labels.jsonl`` and ``replay.py``; CAPTURES its captures unpacked as
``<slug>--<NN>.html`` (without it they are unpacked into a temporary folder). Each capture is read once, and once
more as the whole body; the documents wait on disk, every variant settles them as an import would and writes its
changes to a file that ``replay.py score`` scores. A mechanism is switched off by replacing its function in the
module that calls it, so a row says what the rest can do without it. Comparisons that a row does not touch are
remembered from the rows before. One process; expect a minute a row and two for the reading, which
``--kept`` saves for another run.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import watcher.extract.html as html_room
import watcher.settle as settle_room
import watcher.variants as variants_room
from storage.records import (
    Capture,
    ChangeIntent,
    Clause,
    Comparison,
    Document,
    Foreign,
    Past,
    PolicyKind,
    Quality,
    Reading,
    Variant,
    Version,
)
from watcher.compare import compare
from watcher.compare.edit import Edit, World
from watcher.compare.editorial import harmless
from watcher.extract import read
from watcher.kinds import kind_of_address
from watcher.part import part_of
from watcher.settle import Look, Settled, advance
from watcher.variants import arrive

Replacement = tuple[ModuleType, str, object]
judge_room = import_module("watcher.compare.judge")  # the package has a function of this name
Second = tuple[Variant, ChangeIntent | None, Version | None]
_KNOWN: dict[tuple[str, str, PolicyKind], Comparison] = {}
_POLICY = Quality(Reading.POLICY, "not asked", 1.0)


@dataclass(frozen=True)
class Mechanism:
    """A row of the table. ``folder``: which reading of the captures; ``seen``: what settling gets of it."""

    name: str
    replacements: tuple[Replacement, ...] = ()
    folder: str = "policy"
    part: bool = True
    quality: bool = True

    def seen(self, document: Document, kind: PolicyKind, at: datetime) -> Document | None:
        """None where the page is not the policy."""
        if not self.quality and document.clauses:
            document = replace(document, quality=_POLICY)
        if document.quality.reading is not Reading.POLICY:
            return None
        return part_of(document, kind, at) if self.part else document


def _tell_at_sight(kind: PolicyKind, past: Past, variant: Variant, version: Version) -> Second:
    if version.document.digest == variant.standing.document.digest:
        return replace(variant, standing_seen_at=version.seen_at), None, None
    change = settle_room._change(kind, past, variant, version, version.seen_at, None)
    return replace(variant, standing=version, standing_seen_at=version.seen_at), change, None


def _both_or_nothing(old: Document, first: Document, second: Document) -> tuple[Clause, ...]:
    return first.clauses if first.digest == second.digest else old.clauses


def _one_text(
    variants: tuple[Variant, ...], document: Document, seen_at: datetime
) -> tuple[tuple[Variant, ...], int]:
    with patch.object(variants_room, "_nearest", lambda variants, document: 0):
        return arrive(variants, document, seen_at)


def _advance_forgetting(past: Past, settled: Settled) -> Past:
    return replace(advance(past, settled), stood={}, returns={})


def _usual(before: Document, after: Document, *, kind: PolicyKind) -> Comparison:
    key = (before.digest, after.digest, kind)
    if key not in _KNOWN:
        _KNOWN[key] = compare(before, after, kind=kind)
    return _KNOWN[key]


def _rules_off(*family: str) -> tuple[Replacement, ...]:
    """Reasons that begin with one of ``family`` (all: with anything) no longer make an operation harmless."""

    def named(reason: str) -> bool:
        return any(part.startswith(family) for part in reason.split(" and "))

    def judged(edit: Edit, world: World) -> str:
        reason = harmless(edit, world)
        return "" if named(reason) else reason

    def compared(before: Document, after: Document, *, kind: PolicyKind) -> Comparison:
        usual = _usual(before, after, kind=kind)
        if not any(named(reason) for clause in usual.clauses for reason in clause.reasons):
            return usual
        with patch.object(judge_room, "harmless", judged):
            return compare(before, after, kind=kind)

    return ((settle_room, "compare", compared),)


MECHANISMS = (
    Mechanism("all on"),
    Mechanism("whole body as text", folder="body"),
    Mechanism("page quality off", quality=False),
    Mechanism("part of a page off", part=False),
    Mechanism("foreign texts off", ((variants_room, "foreign", lambda document, standing: Foreign.NO),)),
    Mechanism("second look off", ((settle_room, "_second_look", _tell_at_sight),)),
    Mechanism(
        "variants off",
        ((settle_room, "arrive", _one_text), (settle_room, "remember", lambda variants, flicker: variants)),
    ),
    Mechanism("clause-level look off", ((settle_room, "agreed", _both_or_nothing),)),
    Mechanism("muting of returns off", ((settle_room, "advance", _advance_forgetting),)),
    Mechanism("editorial rules off", _rules_off("")),
    Mechanism("- furniture", _rules_off("page furniture", "table of contents")),
    Mechanism("- typography, spelling", _rules_off("typography", "spelling", "small words", "accents")),
    Mechanism("- numbers, references", _rules_off("numbering", "copyright")),
    Mechanism("- dates", _rules_off("only a date")),
    Mechanism("- same words elsewhere", _rules_off("the same words", "order of words")),
)


# ---------------------------------------------------------------- reading


def read_all(captures: list[dict[str, Any]], folder: Path, into: Path, manners: set[str]) -> None:
    """The reading of every capture (before `part_of`), a file a policy and manner of reading."""
    by_url: dict[str, list[dict[str, Any]]] = {}
    for row in captures:
        by_url.setdefault(row["url"], []).append(row)
    whole: Replacement = (
        html_room,
        "policy_blocks",
        lambda page: None if page.assumed else list(page.blocks),
    )
    for manner in manners:
        if (into / manner / "done").exists():
            continue
        (into / manner).mkdir(parents=True, exist_ok=True)
        with switched((whole,) if manner == "body" else ()):
            for url, rows in sorted(by_url.items()):
                rows.sort(key=lambda row: row["captured_at"])
                looks = [(_moment(row["captured_at"]), _read(row, folder)) for row in rows]
                (into / manner / f"{url.rsplit('/', 1)[1]}.pickle").write_bytes(pickle.dumps((url, looks)))
        (into / manner / "done").touch()


def _read(row: dict[str, Any], folder: Path) -> Document:
    body = (folder / row["file"]).read_bytes()
    headers = {"content-type": row["content_type"]}
    return read(Capture(row["url"], row["url"], 200, headers, body, _moment(row["captured_at"])))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@contextmanager
def switched(replacements: tuple[Replacement, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, value in replacements:
            stack.enter_context(patch.object(module, name, value))
        yield


# ---------------------------------------------------------------- settling and scoring


def history(url: str, looks: list[tuple[datetime, Document]], mechanism: Mechanism) -> Iterator[ChangeIntent]:
    """The changes an import of these looks tells."""
    kind = kind_of_address(url)
    past = Past()
    for at, document in looks:
        seen = mechanism.seen(document, kind, at)
        if seen is None:
            continue
        settled = settle_room.settle(kind, past, Look(seen, at))
        past = settle_room.advance(past, settled)
        yield from settled.changes
    yield from settle_room.at_word(kind, past)[1]


def record(url: str, change: ChangeIntent) -> dict[str, Any]:
    """What the scorer reads of a change record."""
    assert change.before and change.comparison
    comparison = change.comparison
    return {
        "url": url,
        "kind": change.kind.value,
        "verdict": change.judged.verdict.value,
        "materiality": comparison.materiality.value,
        "topics": [topic.value for topic in comparison.topics],
        "first_seen_at": change.first_seen_at.isoformat(),
        "notify": change.notify,
        "stated_before": _stated(change.before),
        "stated_after": _stated(change.after),
    }


def _stated(version: Version) -> dict[str, str | None]:
    dates = version.document.dates
    return {
        "updated": dates.updated.value if dates.updated else None,
        "effective": dates.effective.value if dates.effective else None,
    }


def told(mechanism: Mechanism, kept: Path, changes: Path, only: Sequence[str]) -> None:
    """Write the changes told of the kept readings."""
    with switched(mechanism.replacements), changes.open("w") as out:
        for path in sorted((kept / mechanism.folder).glob("*.pickle")):
            url, looks = pickle.loads(path.read_bytes())
            if only and not any(word in url for word in only):
                continue
            for change in history(url, looks, mechanism):
                if change.before:
                    out.write(json.dumps(record(url, change)) + "\n")


def replay(folder: Path, *args: str) -> str:
    command = [sys.executable, str(folder / "replay.py"), *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", type=Path)
    parser.add_argument("--documents", type=Path, metavar="CAPTURES", help="the captures, unpacked")
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="parts of document names")
    parser.add_argument(
        "--variants", nargs="*", default=[], metavar="WORD", help="parts of row names, in the order to run"
    )
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="readings, kept from run to run")
    args = parser.parse_args()
    only = ["--only", *args.only] if args.only else []
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        into = Path(scratch)
        folder = args.documents or into / "captures"
        if not args.documents:
            replay(args.set, "html", "--out", str(folder), *only)
        rows = [json.loads(line) for line in (folder / "captures.jsonl").read_text().splitlines()]
        rows = [row for row in rows if not args.only or any(word in row["url"] for word in args.only)]
        chosen = [m for word in args.variants or [""] for m in MECHANISMS if word in m.name]
        start = time.process_time()
        kept = args.kept or into / "read"
        read_all(rows, folder, kept, {m.folder for m in chosen})
        print(f"{len(rows)} captures read in {time.process_time() - start:.0f} s of processor\n", flush=True)
        print(f"{'':24s} precision  recall  false  high recall  editorial told  high/rest  seconds")
        stack.enter_context(switched(((settle_room, "compare", _usual),)))
        for mechanism in chosen:
            start = time.process_time()
            told(mechanism, kept, into / "changes.jsonl", args.only)
            found = json.loads(replay(args.set, "score", str(into / "changes.jsonl"), *only))
            print(
                f"{mechanism.name:24s} {found['precision']:9.3f} {found['recall']:7.3f} {found['false_alarms']:6d}"
                f" {found['high_recall']:12.3f} {found['editorial_told']:>15s} {found['high_vs_rest']:10.3f}"
                f" {time.process_time() - start:8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
