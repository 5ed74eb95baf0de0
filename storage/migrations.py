"""The migrations, as sqlite-utils keeps them: each runs once a file, in one transaction with the note that it ran.

One that was released is never edited: a new one follows it, and its name is added to `storage.schema.MIGRATIONS`.
"""

from __future__ import annotations

from sqlite_utils import Migrations
from sqlite_utils.db import Database as SqliteUtils

from storage import schema as tables

migrations = Migrations(tables.SET)


@migrations()
def first_schema(db: SqliteUtils) -> None:
    """Every table of the design, and full-text search over the clauses."""
    statements = (
        tables.POLICIES, tables.BODIES, tables.CAPTURES, tables.CHECKS, tables.VERSIONS, tables.CLAUSES,
        tables.SECTIONS, tables.VERSION_CLAUSES, tables.CHANGES, tables.CLAUSE_CHANGES, tables.VARIANTS,
        tables.SIGHTINGS, tables.HEADS, tables.DELIVERIES, tables.ATTEMPTS, tables.HOSTS,
    )  # fmt: skip
    for statement in (*statements, *tables.INDEXES.strip().splitlines()):
        db.execute(statement)
    db.table("clauses").enable_fts(["text"], create_triggers=True)


@migrations()
def explanations(db: SqliteUtils) -> None:
    """What a language model said of a change, where one is asked at all; nothing else depends on it."""
    db.execute(tables.EXPLANATIONS)
    db.execute("create index explanations_pair on explanations (from_version, to_version)")


@migrations()
def robots(db: SqliteUtils) -> None:
    """robots.txt is read once a day, also by a program that starts anew every hour."""
    db.execute(tables.ROBOTS)
