"""Hold the reading of stated dates to account on invented texts that were written apart from the rules.

    python -m benchmarks.stated [--misses] [--part open|held]

Each case of `benchmarks/dates_exam/cases.toml` is a short document whose dates stand in less usual words, or
which holds none of its own among many others. By the digest of their ids about half are open: they may be
learned from (``--misses`` lists what went wrong there). The other half is held: only its figures are printed.

Figures, by field (updated, effective): right (the same date, or one the same at the coarser precision), wrong,
missing, invented where none is stated; and how many cases are right in both.
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.records import Capture
from watcher.extract import read

CASES = Path(__file__).parent / "dates_exam" / "cases.toml"
PARTS = ("open", "held")


@dataclass(frozen=True)
class Case:
    """One invented document, the day it is looked at, and the dates it states ("" for none)."""

    id: str
    text: str
    seen_at: datetime
    wanted: tuple[str, str]
    why: str

    @property
    def part(self) -> str:
        return "held" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "open"


def cases(part: str) -> list[Case]:
    table = tomllib.loads(CASES.read_text("utf-8"))
    found = [
        Case(
            row["id"],
            row["text"],
            datetime.fromisoformat(str(row["seen"])).replace(tzinfo=UTC),
            (str(row["updated"]), str(row["effective"])),
            row["why"],
        )
        for row in table["case"]
    ]
    return [case for case in found if case.part == part]


def answers(case: Case) -> tuple[str, str]:
    """What the product reads: updated and effective, "" for none."""
    url = "https://exam.example/text"
    kind = {"content-type": "text/markdown; charset=utf-8"}
    dates = read(Capture(url, url, 200, kind, case.text.encode(), case.seen_at)).dates
    return (
        dates.updated.value if dates.updated else "",
        dates.effective.value if dates.effective else "",
    )


def mark(wanted: str, got: str) -> str:
    """The outcome of one field, "" where there was nothing to read and nothing was read."""
    if wanted and got:
        return "right" if got.startswith(wanted) or wanted.startswith(got) else "wrong"
    return "missing" if wanted else "invented" if got else ""


def examine(part: str, *, misses: bool = False) -> Counter[str]:
    """The figures of one part; ``misses`` prints the cases that went wrong."""
    figures: Counter[str] = Counter()
    for case in cases(part):
        got = answers(case)
        marks = [mark(wanted, value) for wanted, value in zip(case.wanted, got, strict=True)]
        figures.update(outcome for outcome in marks if outcome)
        figures["fields"] += sum(map(bool, case.wanted))
        figures["cases"] += 1
        figures["cases right"] += set(marks) <= {"right", ""}
        if misses and not set(marks) <= {"right", ""}:
            print(case.id, "want", case.wanted, "got", got, case.why, sep="\t")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--part", choices=PARTS)
    chosen = parser.parse_args()
    for part in (chosen.part,) if chosen.part else PARTS:
        figures = examine(part, misses=chosen.misses and part == "open")
        counts = ", ".join(f"{figures[name]} {name}" for name in ("right", "wrong", "missing", "invented"))
        print(
            f"{part}: {figures['cases right']} of {figures['cases']} cases right; {counts} of {figures['fields']}"
        )


if __name__ == "__main__":
    main()
