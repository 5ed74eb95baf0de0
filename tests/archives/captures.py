"""Archives of our own making: WARC files and capture folders, from (url, time, body) rows."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.site import page

URL = "https://shop.example/privacy"


def at(month: int, day: int = 1, year: int = 2024) -> datetime:
    return datetime(year, month, day, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """One capture. ``lines``: a policy's lines, or the bytes themselves."""

    when: datetime
    lines: Sequence[str] | bytes
    url: str = URL
    status: int = 200
    content_type: str = "text/html; charset=utf-8"

    @property
    def body(self) -> bytes:
        return self.lines if isinstance(self.lines, bytes) else page(self.lines)


def warc(path: Path, rows: Iterable[Kept], *, repeats: Sequence[tuple[datetime, Kept]] = ()) -> Path:
    """A WARC file (gzip where its name says so); ``repeats`` become revisit records of an earlier payload."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        digests = {}
        for row in rows:
            record = _record(writer, row, "response")
            writer.write_record(record)
            digests[row.body] = record.rec_headers.get_header("WARC-Payload-Digest")
        for when, row in repeats:
            record = writer.create_revisit_record(
                row.url,
                digest=digests.get(row.body, "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                refers_to_uri=row.url,
                refers_to_date=_stamp(row.when),
                http_headers=_http(row),
                warc_headers_dict={"WARC-Date": _stamp(when)},
            )
            writer.write_record(record)
    return path


def _record(writer: WARCWriter, row: Kept, kind: str):  # type: ignore[no-untyped-def]
    return writer.create_warc_record(
        row.url,
        kind,
        payload=io.BytesIO(row.body),
        http_headers=_http(row),
        warc_headers_dict={"WARC-Date": _stamp(row.when)},
    )


def _http(row: Kept) -> StatusAndHeaders:
    headers = [("Content-Type", row.content_type), ("Content-Length", str(len(row.body)))]
    return StatusAndHeaders(f"{row.status} X", headers, protocol="HTTP/1.1")


def _stamp(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def folder(path: Path, rows: Sequence[Kept], *, extra: Sequence[str] = ()) -> Path:
    """A capture folder; ``extra`` are further lines of its index, as they are."""
    path.mkdir()
    lines = []
    for number, row in enumerate(rows):
        name = f"{number}.bin"
        (path / name).write_bytes(row.body)
        lines.append(
            json.dumps(
                {
                    "url": row.url,
                    "captured_at": row.when.isoformat(),
                    "file": name,
                    "content_type": row.content_type,
                    "status": row.status,
                }
            )
        )
    (path / "captures.jsonl").write_text("\n".join((*lines, *extra)) + "\n")
    return path
