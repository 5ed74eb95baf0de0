"""Capture folders: a ``captures.jsonl`` beside the files it names; and single documents on disk.

One JSON object a line: ``url``, ``captured_at`` (ISO 8601), ``file`` (a name inside the folder), and
optionally ``content_type`` and ``status``.
"""

from __future__ import annotations

import json
import mimetypes
from datetime import datetime
from functools import partial
from pathlib import Path

from storage.records import Capture
from watcher.archives.values import MAX_BODY, ArchiveError, Entry, Listing, on_disk, utc

INDEX = "captures.jsonl"
_TYPES = {".md": "text/markdown", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}


def listing(folder: Path) -> Listing:
    """The captures a folder's index names. Raises ArchiveError where there is no index to read."""
    index = folder / INDEX
    try:
        lines = index.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{folder.name}: has no readable {INDEX}") from error
    entries: list[Entry] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(folder, json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
            problems.append(f"{INDEX} line {number}: left out: {_why(error)}")
    if not entries and not problems:
        raise ArchiveError(f"{folder.name}: its {INDEX} names no capture")
    return Listing(tuple(entries), tuple(problems))


def document(path: Path, url: str, at: datetime) -> Entry:
    """A single file as one capture of ``url`` at ``at``."""
    return Entry(url, at, on_disk(partial(load_file, path, url, at)))


def load_file(path: Path, url: str, at: datetime, content_type: str = "", status: int = 200) -> Capture:
    """The file's bytes as a capture; the type from its name where none is given. Raises ArchiveError."""
    try:
        if path.stat().st_size > MAX_BODY:
            raise ArchiveError(f"{path.name}: is over {MAX_BODY:,} bytes")
        body = path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{path.name}: cannot be read: {error.strerror}") from error
    kind = content_type or _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or ""
    return Capture(url, url, status, {"content-type": kind} if kind else {}, body, at)


def _entry(folder: Path, row: object) -> Entry:
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    path = (folder / str(row["file"])).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("its file lies outside the folder")
    url = str(row["url"])
    if not url.startswith(("http://", "https://")):
        raise ValueError("its url is no web address")
    at = utc(str(row["captured_at"]))
    status = int(str(row.get("status", 200)))
    return Entry(
        url, at, on_disk(partial(load_file, path, url, at, str(row.get("content_type", "")), status))
    )


def _why(error: Exception) -> str:
    """The reason in words, on one line, whatever the line held."""
    match error:
        case KeyError():
            return f"it has no {error}"
        case json.JSONDecodeError():
            return "it is no JSON"
        case OSError():
            return f"its file cannot be found: {error.strerror}"
    return " ".join(str(error).split())[:200]
