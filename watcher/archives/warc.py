"""WARC files (ISO 28500): listed in one pass, then each record is read where it lies.

Listing first lets captures be judged in time order whatever order the file has, and lets a file cut in the
middle give all it holds before the cut.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.records import Capture
from watcher.archives.values import MAX_BODY, ArchiveError, Entry, Listing, on_disk, utc

KEPT_HEADERS = ("content-type", "etag", "last-modified", "content-language", "location", "server")
_WHOLE = ("response", "resource")


@dataclass(slots=True)
class _Seen:
    """What one pass over a file found; repeats are resolved at its end."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    lies_at: dict[str, int] = field(default_factory=dict)  # payload digest, or "uri date" → offset
    repeats: list[tuple[str, datetime, str, str]] = field(default_factory=list)

    def take(self, record: Any, offset: int) -> None:
        kind, head = record.rec_type, record.rec_headers.get_header
        url = (head("WARC-Target-URI") or "").strip("<>")
        at = _time(head("WARC-Date") or "")
        if kind not in (*_WHOLE, "revisit") or not url.startswith(("http://", "https://")) or at is None:
            return
        digest = head("WARC-Payload-Digest") or ""
        if kind == "revisit":
            of = (head("WARC-Refers-To-Target-URI") or url).strip("<>")
            earlier = _time(head("WARC-Refers-To-Date") or "")
            named = f"{of} {earlier.isoformat()}" if earlier else ""
            profile = head("WARC-Profile") or ""
            self.repeats.append((url, at, digest if "identical-payload-digest" in profile else "", named))
            return
        if digest:
            self.lies_at.setdefault(digest, offset)
        self.lies_at.setdefault(f"{url} {at.isoformat()}", offset)
        self.entries.append(self._entry(url, at, offset))

    def resolve(self) -> int:
        """Each revisit whose payload lies in this file becomes a capture; gives how many do not."""
        lost = 0
        for url, at, *names in self.repeats:
            offset = next((self.lies_at[name] for name in names if name in self.lies_at), None)
            if offset is None:
                lost += 1
            else:
                self.entries.append(self._entry(url, at, offset))
        return lost

    def _entry(self, url: str, at: datetime, offset: int) -> Entry:
        return Entry(url, at, on_disk(partial(_load, self.path, offset, url, at)))


def listing(path: Path) -> Listing:
    """The HTTP responses and resources of a WARC file (plain or gzip). A revisit record is one more look at the
    record of the same file that it repeats. Raises ArchiveError where it is no WARC file."""
    seen = _Seen(path)
    problems: list[str] = []
    broken = False
    try:
        with path.open("rb") as file:
            for record, offset in _records(file):
                seen.take(record, offset)
        whole = _whole(path)
    except OSError as error:
        raise ArchiveError(f"{path.name}: cannot be read: {error.strerror}") from error
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        if not seen.entries:
            raise ArchiveError(f"{path.name}: is no WARC file") from error
        broken, whole = True, False
    lost = seen.resolve()
    if seen.entries and not whole:
        where = "" if broken else " inside a record,"
        problems.append(f"{path.name}: breaks off{where} after {len(seen.entries)} captures; those are used")
    if lost:
        problems.append(
            f"{path.name}: {lost} revisit records repeat captures that are not in it; those are left out"
        )
    if not seen.entries and not problems:
        raise ArchiveError(f"{path.name}: holds no HTTP responses")
    return Listing(tuple(seen.entries), tuple(problems))


def _records(file: BinaryIO) -> Iterator[tuple[Any, int]]:
    iterator = ArchiveIterator(file, no_record_parse=False)
    for record in iterator:
        yield record, iterator.get_record_offset()


def _load(path: Path, offset: int, url: str, at: datetime) -> Capture:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
            body = record.content_stream().read(MAX_BODY + 1)
            cut = len(body) <= MAX_BODY and _cut(record.raw_stream)
    except (OSError, StopIteration, ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        raise ArchiveError(f"{path.name}: the record at byte {offset} cannot be read") from error
    if len(body) > MAX_BODY:
        raise ArchiveError(f"{path.name}: the capture of {url} at byte {offset} is over {MAX_BODY:,} bytes")
    if cut:
        raise ArchiveError(f"{path.name}: the capture of {url} at byte {offset} is cut off; left out")
    http = record.http_headers
    headers = {n: http.get_header(n) for n in KEPT_HEADERS if http and http.get_header(n)}
    if not http:
        headers = {"content-type": record.rec_headers.get_header("Content-Type") or ""}
    status = int(http.get_statuscode()) if http and str(http.get_statuscode()).isdigit() else 200
    return Capture(url, url, status, headers, body, at)


def _cut(raw: Any) -> bool:
    """Does the record end before the length it names? Half a page would read as a text with half its clauses."""
    while raw.read(1 << 16):
        pass
    return bool(getattr(raw, "limit", 0) > 0)


def _time(text: str) -> datetime | None:
    try:
        return utc(text)
    except ValueError:
        return None


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
