"""Hold the judgement to account on single edits that were written and graded apart from the rules.

    python -m benchmarks.exam [--misses] [--part open|held]

Each edit of `benchmarks/edits` is placed in an invented policy of its language and kind; both states are read as
Markdown and compared as the product does it. There are two series; the second was written when the rules had
been fitted to the first, and is hard on purpose (one word decides, or every word is another and nothing changed).
All of the first series and, by the digest of their ids, half of the second are open: they may be learned from
(``--misses`` lists what went wrong). The other half is held: only its figures are printed.

Figures: the share of edits with the grade exactly right, high against the rest, edits without meaning that are
told, edits of meaning that are not told, micro-F1 of the topics, the direction for the reader; by language.
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.records import Capture, Comparison, Document, Materiality, PolicyKind
from watcher.compare import compare
from watcher.extract import read

EDITS = Path(__file__).parent / "edits"
_SEEN = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS = {
    "privacy-policy": PolicyKind.PRIVACY,
    "cookies": PolicyKind.COOKIES,
    "dpa": PolicyKind.DPA,
    "subprocessors": PolicyKind.SUBPROCESSORS,
    "terms": PolicyKind.TERMS,
    "guidelines": PolicyKind.GUIDELINES,
    "commercial-terms": PolicyKind.TERMS,
}


@dataclass(frozen=True)
class Edit:
    """One edit and what a lawyer says of it. ``clauses``: section and text of the policy around it."""

    id: str
    language: str
    kind: PolicyKind
    section: str
    before: str
    after: str
    materiality: str
    topics: frozenset[str]
    direction: str
    why: str
    clauses: tuple[tuple[str, str], ...]

    @property
    def series(self) -> int:
        """1, or 2: ids of the second begin "p2-" or "t2-"."""
        return 2 if self.id[1] == "2" else 1

    @property
    def held(self) -> bool:
        return self.series == 2 and hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1

    def compared(self) -> Comparison:
        return compare(self._document(self.before), self._document(self.after), kind=self.kind)

    def _document(self, clause: str) -> Document:
        sections: dict[str, list[str]] = {}
        for section, text in self.clauses:
            sections.setdefault(section, []).append(text)
        sections.setdefault(self.section, [])
        if clause.strip():
            sections[self.section].append(clause.strip())
        parts = [f"## {name}\n\n" + "\n\n".join(texts) for name, texts in sections.items() if texts]
        page = "# Lantern\n\n" + "\n\n".join(parts) + "\n"
        url = "https://lantern.test/policy"
        return read(Capture(url, url, 200, {"content-type": "text/markdown"}, page.encode(), _SEEN))


def edits() -> Iterator[Edit]:
    for path in sorted(EDITS.glob("[!b]*.toml")):
        language = path.stem.rsplit("-", 1)[1]
        base = tomllib.loads((EDITS / f"base-{path.name}").read_text(encoding="utf-8"))
        clauses = tuple((c["section"], c["text"]) for c in base["clauses"])
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["edit"]:
            yield Edit(
                row["id"],
                language,
                _KINDS[row["kind"]],
                row["section"],
                row["before"],
                row["after"],
                row["materiality"],
                frozenset(row["topics"]),
                row["direction"],
                row["why"],
                clauses,
            )


def table(rows: Iterable[tuple[Edit, Comparison]]) -> Counter[str]:
    """Counts by what was wanted and what came."""
    n: Counter[str] = Counter()
    for edit, got in rows:
        grade, high = got.materiality.value, Materiality.HIGH.value
        n["all"] += 1
        n["exact"] += grade == edit.materiality
        n["high"] += (grade == high) == (edit.materiality == high)
        if edit.materiality == "none":
            n["idle"] += 1
            n["idle told"] += grade != "none"
            n["idle graded"] += grade in ("medium", "high")
            continue
        n["real"] += 1
        n["missed"] += grade == "none"
        topics = {t.value for t in got.topics}
        n["tp"] += len(topics & edit.topics)
        n["fp"] += len(topics - edit.topics)
        n["fn"] += len(edit.topics - topics)
        if edit.direction in ("better", "worse"):
            n["sided"] += 1
            n["sided right"] += got.direction.value == edit.direction
            n["sided wrong"] += got.direction.value not in (edit.direction, "unclear")
    return n


def line(name: str, n: Counter[str]) -> str:
    f1 = 2 * n["tp"] / max(1, 2 * n["tp"] + n["fp"] + n["fn"])
    return (
        f"{name:14s} {n['all']:4d}  exact {n['exact'] / max(1, n['all']):.2f}  high/rest {n['high'] / max(1, n['all']):.2f}"
        f"  idle told {n['idle told']}/{n['idle']} (medium+ {n['idle graded']})  missed {n['missed']}/{n['real']}"
        f"  topics {f1:.2f}  side right {n['sided right']}/{n['sided']} wrong {n['sided wrong']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=("open", "held"))
    parser.add_argument("--misses", action="store_true", help="list what went wrong in the open part")
    args = parser.parse_args()
    rows = [(edit, edit.compared()) for edit in edits()]
    if args.part:
        rows = [row for row in rows if row[0].held == (args.part == "held")]
    groups: dict[str, list[tuple[Edit, Comparison]]] = defaultdict(list)
    for row in rows:
        groups["all"].append(row)
        groups["held" if row[0].held else f"open, series {row[0].series}"].append(row)
        groups[row[0].language].append(row)
    for name, part in groups.items():
        print(line(name, table(part)))
    if args.misses:
        for edit, got in rows:
            if not edit.held:
                _miss(edit, got)


def _miss(edit: Edit, got: Comparison) -> None:
    topics = {t.value for t in got.topics}
    if got.materiality.value == edit.materiality and topics == edit.topics:
        return
    print(f"\n{edit.id} {edit.section}: wanted {edit.materiality} {sorted(edit.topics)}: {edit.why}")
    print(f"  got {got.materiality.value} {sorted(topics)}: {got.summary}")
    for change in got.clauses:
        marked = (
            " ".join(f"[{op.op}{op.text.strip()}]" for op in change.words if op.op in "+-")
            or f"{change.op.value}: {(change.after or change.before or '')[:160]}"
        )
        print(f"    {change.materiality.value}: {marked[:400]} {'; '.join(change.reasons)}")


if __name__ == "__main__":
    main()
