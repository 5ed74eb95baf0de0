"""Open the file: refuse what is not ours in one clear line, set what every connection needs, migrate."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from storage.errors import MissingStore, NewerSchema, NotADatabase, OlderSchema, translate
from storage.schema import APPLICATION_ID, MIGRATIONS, SET
from storage.views import refresh_views

BUSY_S = 10.0
"""How long a statement waits for another process before `LockedStore`."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the store at ``path``, migrated and in WAL mode; it belongs to the calling thread.

    Raises the errors of `storage.errors`. A read-only connection never changes the file, not even to migrate.
    """
    if read_only and not path.exists():
        raise MissingStore(f"there is no database at {path} yet; nothing has been recorded.")
    if path.is_dir():
        raise NotADatabase(f"{path} is a folder, not a database. Name a file with --db.")
    with translated(path):
        conn = sqlite3.connect(_uri(path, read_only), uri=True, timeout=BUSY_S, isolation_level=None)
        try:
            _open(conn, path, read_only)
        except BaseException:
            conn.close()
            raise
    return conn


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors inside become ours (`storage.errors`); a programming fault passes unchanged."""
    try:
        yield
    except sqlite3.Error as error:
        ours = translate(error, path)
        if ours is None:
            raise
        raise ours from error


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """One transaction that writes. It takes the write lock at once: one that reads first and writes later
    would fail where another process wrote in between."""
    conn.execute("begin immediate")
    try:
        yield
        conn.execute("commit")
    except BaseException:
        if conn.in_transaction:
            conn.execute("rollback")
        raise


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[None]:
    """Several questions about one and the same state, whatever other processes write meanwhile."""
    conn.execute("begin")
    try:
        yield
    finally:
        if conn.in_transaction:
            conn.execute("rollback")


def _open(conn: sqlite3.Connection, path: Path, read_only: bool) -> None:
    conn.execute("pragma foreign_keys = on")
    _refuse_strangers(conn, path)
    pending = _pending(conn, path)
    if read_only:
        if pending:
            raise OlderSchema(
                f"{path} was written by an older Clausewatch and is opened read-only here; "
                "run any command that may write to it once (`clausewatch doctor`), then ask again."
            )
        return
    # WAL with NORMAL: a killed process loses nothing; a power cut may lose the last transactions as a whole,
    # and what they told is then found and told again by the next check.
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = normal")
    with transaction(conn):
        if _pending(conn, path):
            conn.execute(f"pragma application_id = {APPLICATION_ID}")
            _migrate(conn)
        refresh_views(conn)


def _refuse_strangers(conn: sqlite3.Connection, path: Path) -> None:
    (mark,) = conn.execute("pragma application_id").fetchone()
    if mark == APPLICATION_ID:
        return
    (tables,) = conn.execute("select count(*) from sqlite_master").fetchone()
    if mark or tables:
        raise NotADatabase(
            f"{path} is a database of another program; it was left untouched. Name another file with --db."
        )


def _pending(conn: sqlite3.Connection, path: Path) -> bool:
    applied = _applied(conn)
    if newer := applied - set(MIGRATIONS):
        raise NewerSchema(
            f"{path} was written by a newer Clausewatch (set {SET!r}: {', '.join(sorted(newer))}); "
            "it was left untouched. Upgrade this installation, or name another file with --db."
        )
    return bool(set(MIGRATIONS) - applied)


def _applied(conn: sqlite3.Connection) -> set[str]:
    """The migrations the file has had, from the table sqlite-utils keeps."""
    table = "select 1 from sqlite_master where type = 'table' and name = '_sqlite_migrations'"
    if not conn.execute(table).fetchone():
        return set()
    rows = conn.execute("select name from _sqlite_migrations where migration_set = ?", (SET,))
    return {name for (name,) in rows.fetchall()}


def _migrate(conn: sqlite3.Connection) -> None:
    # Loaded here: it takes longer than all of an ordinary question, and a file needs it once.
    from sqlite_utils.db import Database as SqliteUtils

    from storage.migrations import migrations

    migrations.apply(SqliteUtils(conn, execute_plugins=False, recursive_triggers=False))


def _uri(path: Path, read_only: bool) -> str:
    base = f"file:{quote(str(path.absolute()))}"
    if not read_only:
        return f"{base}?mode=rwc"
    wal = path.with_name(path.name + "-wal")
    alone = not wal.exists() or wal.stat().st_size == 0
    # Without a write-ahead log there is nothing to coordinate, and a folder we may not write in is no hindrance.
    return f"{base}?mode=ro" + ("&immutable=1" if alone and not _writable(path.parent) else "")


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)
