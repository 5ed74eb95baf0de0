"""Data pairs: a text and the dates it states for itself, one pair for each language and pitfall.

``cases/<name>.md`` is the text, a clause a line ("#" headings, "-" items, "1." numbering; a line
``<!-- filler N -->`` stands for N paragraphs of ordinary text); ``cases/<name>.json`` what is to be read.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from storage.records import Clause, ClauseKind, plain
from watcher.extract.dates import stated_dates

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))
FILLER = (
    "You can use the service in many ways, and each of them asks for some care from you and from us, which is "
    "why this paragraph number {} is as long as those one usually meets in a text of this kind, and says as little."
)


def clauses_of(text: str) -> list[Clause]:
    clauses: list[Clause] = []
    path: list[tuple[int, str]] = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        section = tuple(title for _, title in path)
        if found := re.fullmatch(r"<!-- filler (\d+) -->", line):
            numbers = range(len(clauses), len(clauses) + int(found[1]))
            clauses.extend(Clause(FILLER.format(number), section) for number in numbers)
        elif found := re.fullmatch(r"(#+) (.*)", line):
            path = [entry for entry in path if entry[0] < len(found[1])]
            section = tuple(title for _, title in path)
            clauses.append(Clause(plain(found[2]), section, ClauseKind.HEADING, level=len(found[1])))
            path.append((len(found[1]), found[2]))
        elif found := re.fullmatch(r"(- |\d+\. )(.*)", line):
            clauses.append(Clause(plain(found[2]), section, ClauseKind.ITEM, found[1].strip(" -")))
        else:
            clauses.append(Clause(plain(line), section))
    return clauses


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_states_what_the_text_states(path: Path) -> None:
    """The dates read are those the text states for itself, at the precision printed."""
    want = json.loads(path.with_suffix(".json").read_text("utf-8"))
    seen_at = want.get("seen_at")
    found = stated_dates(
        clauses_of(path.read_text("utf-8")),
        language=want["language"],
        region=want.get("region", ""),
        seen_at=datetime.fromisoformat(seen_at) if seen_at else None,
        metadata=tuple(want.get("metadata", ())),
    )
    got = {
        "updated": found.updated.value if found.updated else None,
        "effective": found.effective.value if found.effective else None,
    }
    assert got == {"updated": want["updated"], "effective": want["effective"]}
    own = found.own
    for key in ("evidence", "ambiguous", "settled_by"):
        if key in want:
            assert own is not None
            assert getattr(own, key) == want[key]
