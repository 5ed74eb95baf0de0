"""Is this the policy at all: the labelled pages under tests/pages, and the rules one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from storage.records import Capture, Quality, Reading
from watcher.extract import read
from watcher.extract.charset import decode
from watcher.extract.quality import assess, marks

PAGES = sorted((Path(__file__).parent.parent / "pages").glob("*/*.http"))


def capture_of(path: Path) -> tuple[Capture, str]:
    """A page file: the lines Asked, Answered, Status and Reason, then headers, an empty line, the body."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())
    }
    asked, answered = fields.pop("Asked"), fields.pop("Answered")
    status, reason = int(fields.pop("Status")), fields.pop("Reason", "")
    now = datetime(2025, 5, 1, tzinfo=UTC)
    return Capture(asked, answered, status, fields, body.encode(), now), reason


def quality_of(capture: Capture) -> Quality:
    page = marks(LexborHTMLParser(decode(capture.body, capture.content_type)))
    return assess(read(capture), page, capture)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_labelled_page_reads_as_its_folder_says(path: Path) -> None:
    """Each page is read as the folder it lies in says, for the reason it names."""
    capture, reason = capture_of(path)
    quality = quality_of(capture)
    assert quality.reading == Reading(path.parent.name), quality
    assert reason in quality.reason
    assert bool(quality.reason) == (quality.reading is not Reading.POLICY)
    assert "\n" not in quality.reason
