"""WARC files (ISO 28500): listed in one pass, then each record is read where it lies.

Listing first lets captures be judged in time order whatever order the file has, and lets a file cut in the
middle give all it holds before the cut.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.records import Capture
from watcher.archives.values import MAX_BODY, ArchiveError, Entry, Listing, on_disk

KEPT_HEADERS = ("content-type", "etag", "last-modified", "content-language", "location", "server")


def listing(path: Path) -> Listing:
    """The HTTP responses of a WARC file (plain or gzip). Raises ArchiveError where it is none."""
    entries: list[Entry] = []
    problems: list[str] = []
    try:
        with path.open("rb") as file:
            for record, offset in _records(file):
                entry = _entry(path, record, offset)
                if entry:
                    entries.append(entry)
    except OSError as error:
        raise ArchiveError(f"{path.name}: cannot be read: {error.strerror}") from error
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        if not entries:
            raise ArchiveError(f"{path.name}: is no WARC file") from error
        problems.append(f"{path.name}: breaks off after {len(entries)} captures; those are used")
    if entries and not problems and not _whole(path):
        problems.append(
            f"{path.name}: breaks off inside a record, after {len(entries)} captures; those are used"
        )
    if not entries and not problems:
        raise ArchiveError(f"{path.name}: holds no HTTP responses")
    return Listing(tuple(entries), tuple(problems))


def _records(file: BinaryIO) -> Iterator[tuple[Any, int]]:
    iterator = ArchiveIterator(file, no_record_parse=False)
    for record in iterator:
        yield record, iterator.get_record_offset()


def _entry(path: Path, record: Any, offset: int) -> Entry | None:
    if record.rec_type not in ("response", "resource"):
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    at = _time(record.rec_headers.get_header("WARC-Date") or "")
    if not url.startswith(("http://", "https://")) or at is None:
        return None
    return Entry(url.strip("<>"), at, on_disk(partial(_load, path, offset, url.strip("<>"), at)))


def _load(path: Path, offset: int, url: str, at: datetime) -> Capture:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
            body = record.content_stream().read(MAX_BODY + 1)
    except (OSError, StopIteration, ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        raise ArchiveError(f"{path.name}: the record at byte {offset} cannot be read") from error
    if len(body) > MAX_BODY:
        raise ArchiveError(f"{path.name}: the capture of {url} at byte {offset} is over {MAX_BODY:,} bytes")
    http = record.http_headers
    headers = {n: http.get_header(n) for n in KEPT_HEADERS if http and http.get_header(n)}
    if not http:
        headers = {"content-type": record.rec_headers.get_header("Content-Type") or ""}
    status = int(http.get_statuscode()) if http and str(http.get_statuscode()).isdigit() else 200
    return Capture(url, url, status, headers, body, at)


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _whole(path: Path) -> bool:
    """Does the file end where its last record ends? A cut gzip member or block stops short of that."""
    with path.open("rb") as file:
        magic = file.read(2)
        file.seek(0)
        if magic != b"\x1f\x8b":
            file.seek(max(0, path.stat().st_size - 4))
            return file.read() == b"\r\n\r\n"
        member = zlib.decompressobj(31)
        rest = b""
        while chunk := rest or file.read(1 << 16):
            try:
                member.decompress(chunk)
            except zlib.error:
                return False
            rest = member.unused_data
            if member.eof:
                member = zlib.decompressobj(31)
                if not rest and not (rest := file.read(1 << 16)):
                    return True
        return False
