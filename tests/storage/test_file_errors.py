from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import tempfile
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from store_samples import HOUR, NOW, POLICY, capture, check, first_check, version

from storage import connection
from storage.database import Database
from storage.errors import (
    DamagedStore,
    FullStore,
    LockedStore,
    MissingStore,
    NewerSchema,
    NotADatabase,
    OlderSchema,
    ReadOnlyStore,
    StoreError,
)


def _one_line(error: pytest.ExceptionInfo[StoreError], *words: str) -> None:
    text = str(error.value)
    assert "\n" not in text and all(w in text for w in words), text


def test_a_text_file_is_no_database(path: Path) -> None:
    """A file of something else is refused by name and left as it was."""
    path.write_text("every = '12h'\n" * 200)
    with pytest.raises(NotADatabase) as error:
        Database.open(path)
    _one_line(error, str(path), "not a SQLite database")
    assert path.read_text() == "every = '12h'\n" * 200


def test_another_programs_database_is_left_alone(path: Path) -> None:
    """A SQLite file with foreign tables is refused and gets none of ours."""
    conn = sqlite3.connect(path)
    conn.execute("create table bookmarks (id)")
    conn.commit()
    with pytest.raises(NotADatabase) as error:
        Database.open(path)
    _one_line(error, "another program")
    assert conn.execute("select name from sqlite_master").fetchall() == [("bookmarks",)]
    conn.close()


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """A file of no bytes, as a volume may bring it, is taken."""
    path.touch()
    with Database.open(path) as database:
        assert database.call(lambda s: s.policies()) == []


def test_a_folder_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    """Neither a folder nor a path into nowhere becomes a traceback."""
    with pytest.raises(NotADatabase) as error:
        Database.open(tmp_path)
    _one_line(error, "is a folder")
    with pytest.raises(MissingStore) as error:
        Database.open(tmp_path / "nowhere" / "s.db")
    _one_line(error, "folder exists")


def test_reading_where_nothing_was_recorded(path: Path) -> None:
    """A read-only question creates no file."""
    with pytest.raises(MissingStore) as error:
        Database.open(path, read_only=True)
    _one_line(error, "nothing has been recorded")
    assert not path.exists()


def test_a_read_only_store_answers_and_refuses_to_write(database: Database, path: Path) -> None:
    """What was recorded can be read; writing says why not; nothing changes."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    with Database.open(path, read_only=True) as reader:
        assert len(reader.call(lambda s: s.changes())) == 1
        with pytest.raises(ReadOnlyStore) as error:
            reader.call(lambda s: s.record(first_check("another"), NOW))
        _one_line(error, "cannot be written")
        assert len(reader.call(lambda s: s.changes())) == 1


def test_a_newer_schema_is_left_untouched(database: Database, path: Path) -> None:
    """A file of a newer release is refused with what to do, not changed."""
    database.close()
    conn = sqlite3.connect(path)
    conn.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('clausewatch', 'holograms', '')"
    )
    conn.commit()
    conn.close()
    with pytest.raises(NewerSchema) as error:
        Database.open(path)
    _one_line(error, "newer", "holograms", "Upgrade")


def test_an_older_schema_is_not_migrated_by_a_reader(database: Database, path: Path) -> None:
    """A reader asks for a writer instead of changing the file or failing on a missing column."""
    database.close()
    conn = sqlite3.connect(path)
    conn.execute("delete from _sqlite_migrations")
    conn.commit()
    conn.close()
    with pytest.raises(OlderSchema) as error:
        Database.open(path, read_only=True)
    _one_line(error, "older")


def test_a_full_disk_loses_nothing_recorded(database: Database, path: Path) -> None:
    """With no space left the check in hand is undone as a whole, the ones before are kept, and once there is
    space the same check records."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    (row,) = database.call(lambda s: s.rows("pragma page_count"))
    database.call(lambda s: s.rows(f"pragma max_page_count = {row['page_count']}"))
    later = NOW + HOUR
    texts = [f"clause {i} " + "of many words " * 30 for i in range(300)]
    new = version(*texts, at=later)
    big = replace(capture("x", later), body=b"".join(str(i * 7919).encode() for i in range(60_000)))
    intent = check(new, at=later, capture_=big)
    with pytest.raises(FullStore) as error:
        database.call(lambda s: s.record(intent, later))
    _one_line(error, "no space left", "kept")
    assert error.value.retry
    assert [v.number for v in database.call(lambda s: s.versions())] == [1]
    assert database.call(lambda s: s.verify()) == []
    database.call(lambda s: s.rows("pragma max_page_count = 1000000"))
    database.call(lambda s: s.record(intent, later))
    assert database.call(lambda s: s.version_document(2)) == new.document
    assert database.call(lambda s: s.verify()) == []


def test_a_locked_store_says_so(database: Database, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer held up by another process for too long gives up in words and can try again."""
    monkeypatch.setattr(connection, "BUSY_S", 0.05)
    with Database.open(path) as mine:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(LockedStore) as error:
            mine.call(lambda s: s.record(first_check("a clause"), NOW))
        _one_line(error, "locked by another process")
        assert error.value.retry
        other.execute("rollback")
        other.close()
        assert mine.call(lambda s: s.record(first_check("a clause"), NOW)) == [1]


def test_readers_do_not_wait_for_a_writer(database: Database, path: Path) -> None:
    """While one process writes, another reads the state before."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("begin immediate")
    writer.execute("update policies set name = 'half done'")
    with Database.open(path, read_only=True) as reader:
        policy = reader.call(lambda s: s.policy(POLICY.id))
    writer.execute("rollback")
    writer.close()
    assert policy == POLICY


def test_a_damaged_file_is_named_as_damaged(database: Database, path: Path) -> None:
    """Pages overwritten with noise are reported, by reading or by verification."""
    for i in range(30):
        at = NOW + i * HOUR
        database.call(
            lambda s, i=i, at=at: s.record(check(version(f"clause {i} " * 40, at=at), at=at, text=f"{i}"), at)
        )
    database.close()
    content = bytearray(path.read_bytes())
    for page in range(12, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 600] = b"\xa5" * 600
    path.write_bytes(content)
    with pytest.raises(DamagedStore) as error, Database.open(path) as broken:
        findings = broken.call(lambda s: s.verify())
        assert findings
        raise DamagedStore(" ".join(findings[0].message.split()))
    assert "\n" not in str(error.value)


def _as_someone_else(path: Path, read_only: bool, answer: Connection) -> None:
    if os.getuid() == 0:
        os.setuid(65534)
    try:
        with Database.open(path, read_only=read_only) as database:
            answer.send(len(database.call(lambda s: s.changes())))
    except StoreError as error:
        answer.send((type(error).__name__, str(error)))


def test_a_file_we_may_not_write_says_so_and_can_still_be_read(database: Database, path: Path) -> None:
    """Without write permission on file and folder, opening to write is refused in words; reading works."""
    database.call(lambda s: s.record(first_check("a clause"), NOW))
    database.close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = Path(shutil.copy(path, folder / "s.db"))
        copy.chmod(0o444)
        folder.chmod(0o555)
        answers = []
        for read_only in (False, True):
            here, there = multiprocessing.Pipe()
            child = multiprocessing.get_context("fork").Process(
                target=_as_someone_else, args=(copy, read_only, there)
            )
            child.start()
            answers.append(here.recv())
            child.join()
        folder.chmod(0o755)
    refused, read = answers
    assert refused[0] == "ReadOnlyStore" and "read-only" in refused[1] and "\n" not in refused[1]
    assert read == 1
