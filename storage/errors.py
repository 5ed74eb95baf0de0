"""What can go wrong with the file, said to people in one line: what happened, what was kept, what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class StoreError(Exception):
    """The store cannot do what was asked. ``str()`` is one clear line for people; nothing was lost or half
    written. ``retry``: the same call may succeed later without anyone changing the file.

    - NotADatabase       the file is something else, or another program's database
    - ReadOnlyStore      the file or its folder cannot be written
    - MissingStore       there is no such file (or folder)
    - NewerSchema        a newer Clausewatch wrote it
    - OlderSchema        read-only, and an older Clausewatch wrote it
    - LockedStore        another process holds it   (retry)
    - FullStore          no space left              (retry)
    - DamagedStore       the file is damaged
    - UnknownPolicy      no such policy
    """

    retry = False


class NotADatabase(StoreError):
    pass


class ReadOnlyStore(StoreError):
    pass


class MissingStore(StoreError):
    pass


class NewerSchema(StoreError):
    pass


class OlderSchema(StoreError):
    pass


class LockedStore(StoreError):
    retry = True


class FullStore(StoreError):
    retry = True


class DamagedStore(StoreError):
    pass


class UnknownPolicy(StoreError):
    pass


_LINES: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_NOTADB: (
        NotADatabase,
        "{path} is not a SQLite database; it was left untouched. Name another file with --db.",
    ),
    sqlite3.SQLITE_READONLY: (
        ReadOnlyStore,
        "{path} cannot be written (file or folder is read-only); nothing was changed. "
        "Give this user write access to both, or name another file with --db.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        MissingStore,
        "{path} cannot be opened; check that its folder exists and that this user may read and write there.",
    ),
    sqlite3.SQLITE_PERM: (
        ReadOnlyStore,
        "{path} may not be opened by this user; nothing was changed.",
    ),
    sqlite3.SQLITE_BUSY: (
        LockedStore,
        "{path} is locked by another process; nothing was changed and what was recorded is kept. "
        "Try again when the other one has finished.",
    ),
    sqlite3.SQLITE_LOCKED: (
        LockedStore,
        "{path} is locked by another process; nothing was changed and what was recorded is kept. "
        "Try again when the other one has finished.",
    ),
    sqlite3.SQLITE_FULL: (
        FullStore,
        "no space left to write {path}; the last step was undone as a whole, everything before it is kept. "
        "Free some space and it goes on by itself.",
    ),
    sqlite3.SQLITE_IOERR: (
        DamagedStore,
        "the disk failed while reading or writing {path} ({error}); the last step was undone as a whole.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        DamagedStore,
        "{path} is damaged ({error}); nothing more was written. Keep a copy, then restore a backup or run "
        '`sqlite3 {path} ".recover"`.',
    ),
}


def translate(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The error for people, or None where the fault is the caller's (a constraint, wrong SQL)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    found = _LINES.get(code & 0xFF)
    if found is None:
        return None
    kind, line = found
    return kind(line.format(path=path, error=error))
