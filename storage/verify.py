# ruff: noqa: S608 - only names of our own are put together into SQL
"""Prove that nothing recorded was altered or removed, or say what was.

Everything is computed anew from the rows: bodies from their bytes, clauses from their texts, readings from
their clauses, then both chains of every policy (`storage.seal`) up to its head. What this cannot see by itself
is a file rewritten as a whole, links and heads included: for that, compare with heads kept elsewhere
(``expect``). Working state (due times, leases, deliveries, variants) is no evidence and is not sealed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from storage.bodies import Bodies
from storage.records import Document, text_key
from storage.seal import (
    CAPTURE,
    CHANGE,
    CHECK,
    CLAUSE_CHANGE,
    START,
    change_seal,
    check_link,
    link,
    reading_sha256,
    version_link,
)
from storage.versions import Versions, parse_dates


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. ``policy`` is "" where it concerns no single one."""

    policy: str
    what: str  # "body", "clause", "version", "check", "head", "capture", "change", "file"
    message: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The ends of a policy's two chains. ``digest`` covers both: the one value to keep elsewhere."""

    policy: str
    checks: int
    versions: int
    digest: str


def heads(conn: sqlite3.Connection) -> list[Heads]:
    rows = conn.execute(
        "select policy, checks, check_digest, versions, version_digest from heads order by policy"
    )
    return [Heads(r[0], r[1], r[3], _both(r[1], r[2], r[3], r[4])) for r in rows.fetchall()]


def verify(
    conn: sqlite3.Connection, bodies: Bodies, versions: Versions, *, expect: Mapping[str, str] | None = None
) -> list[Finding]:
    """What does not hold. ``expect``: policy → a `Heads.digest` noted earlier; the history must still contain
    the state it stood for."""
    bodies.forget()
    versions.forget()
    return [
        *_file(conn),
        *_bodies(conn, bodies),
        *_clauses(conn),
        *_strays(conn),
        *_chains(conn, versions, dict(expect or {})),
    ]


def _file(conn: sqlite3.Connection) -> Iterator[Finding]:
    for (line,) in conn.execute("pragma integrity_check(20)").fetchall():
        if line != "ok":
            yield Finding("", "file", f"SQLite finds: {line}")
    for table, row, parent, _ in conn.execute("pragma foreign_key_check").fetchall():
        yield Finding("", "file", f"row {row} of {table} points to a row of {parent} that is gone")


def _bodies(conn: sqlite3.Connection, bodies: Bodies) -> Iterator[Finding]:
    for body_id, sha256, size, policy in conn.execute(
        "select id, sha256, size, policy from bodies order by policy, id"
    ).fetchall():
        try:
            body = bodies.get(body_id)
        except ValueError as error:
            yield Finding(policy, "body", f"body {body_id} cannot be read: {error}")
            continue
        if hashlib.sha256(body).hexdigest() != sha256 or len(body) != size:
            yield Finding(
                policy, "body", f"body {body_id} is not what came over the wire (sha256 {sha256[:12]}…)"
            )


def _clauses(conn: sqlite3.Connection) -> Iterator[Finding]:
    for clause_id, key, text in conn.execute("select id, key, text from clauses order by id"):
        if text_key(text) != key:
            yield Finding("", "clause", f"the text of clause {clause_id} was altered: {text[:60]!r}")


def _strays(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Rows no link covers: they were put in, or their check was taken out."""
    questions = {
        "capture": "select policy, id from captures c"
        " where not exists (select 1 from checks k where k.capture = c.id)",
        "version": "select policy, id from versions v where not exists (select 1 from checks k where k.id = v.check_id)",
        "change": "select policy, id from changes c where not exists (select 1 from checks k where k.id = c.check_id)",
        "body": "select policy, id from bodies b where not exists (select 1 from captures c where c.body = b.id)",
        "clause changes": "select '', change from clause_changes x"
        " where not exists (select 1 from changes c where c.id = x.change) group by change",
        "check": "select policy, min(id) from checks k"
        " where not exists (select 1 from heads h where h.policy = k.policy) group by policy",
    }
    for what, sql in questions.items():
        for policy, row in conn.execute(sql).fetchall():
            yield Finding(policy, what, f"{what} {row} belongs to no recorded check")
    for policy, capture in conn.execute(
        "select c.policy, c.id from captures c join bodies b on b.id = c.body where b.sha256 <> c.sha256"
    ).fetchall():
        yield Finding(policy, "capture", f"capture {capture} points to another body than it recorded")


def _chains(conn: sqlite3.Connection, versions: Versions, expect: dict[str, str]) -> Iterator[Finding]:
    for policy, checks, check_digest, count, version_digest in conn.execute(
        "select policy, checks, check_digest, versions, version_digest from heads order by policy"
    ).fetchall():
        wanted = expect.pop(policy, None)
        states: list[tuple[int, str]] = [(0, START)]
        versions_then: list[tuple[int, str]] = [(0, START)]
        yield from _versions(conn, versions, policy, count, version_digest)
        yield from _checks(conn, policy, checks, check_digest, states, versions_then)
        if wanted is not None and not any(
            wanted == _both(c[0], c[1], v[0], v[1]) for c, v in zip(states, versions_then, strict=True)
        ):
            yield Finding(policy, "head", f"the noted head {wanted[:12]}… is no part of this history")
    for policy, wanted in expect.items():
        yield Finding(policy, "head", f"the noted head {wanted[:12]}… has no history here: it was removed")


def _versions(
    conn: sqlite3.Connection, versions: Versions, policy: str, count: int, head: str
) -> Iterator[Finding]:
    before, seen = START, 0
    for row in conn.execute(
        "select v.id, v.number, v.title, v.language, v.dates, v.text_sha256, v.reading_sha256, v.extractor,"
        " v.seen_at, v.digest, coalesce(c.sha256, ''), coalesce(c.final_url, ''), v.updated, v.effective"
        " from versions v left join captures c on c.id = v.capture where v.policy = ? order by v.number",
        (policy,),
    ).fetchall():
        version_id, number, title, language, dates, text, reading, extractor, seen_at, digest, body, url = (
            row[:12]
        )
        name = f"version {number} of {policy}"
        seen += 1
        if number != seen:
            yield Finding(policy, "version", f"version {seen} of {policy} is gone")
            seen = number
        try:
            document = Document(title, language, versions.clauses(version_id), parse_dates(dates))
        except (ValueError, TypeError) as error:
            yield Finding(policy, "version", f"{name} cannot be read: {error}")
            continue
        stated = tuple(d.value if d else None for d in (document.dates.updated, document.dates.effective))
        if document.digest != text:
            yield Finding(policy, "version", f"the text of {name} was altered")
        elif reading_sha256(document, dates) != reading or stated != (row[12], row[13]):
            yield Finding(policy, "version", f"the title, dates, sections or numbers of {name} were altered")
        made = version_link(
            before, body=body, text=text, reading=reading, extractor=extractor, url=url, seen_at=seen_at
        )
        if made != digest:
            yield Finding(
                policy, "version", f"the link of {name} does not hold: it or what came before was altered"
            )
        before = digest
    if seen != count or (count and before != head):
        yield Finding(
            policy, "head", f"{policy} had {count} versions, {seen} are here: the last were removed"
        )


def _checks(
    conn: sqlite3.Connection,
    policy: str,
    count: int,
    head: str,
    states: list[tuple[int, str]],
    versions_then: list[tuple[int, str]],
) -> Iterator[Finding]:
    links = _by_check(conn, "select check_id, digest from versions where policy = ? order by id", policy)
    seals = _seals(conn, policy)
    before, seen, broken = START, 0, False
    versions, version_head = 0, START
    for row in conn.execute(
        f"select k.id, k.digest, c.id, {', '.join('k.' + n for n in CHECK)}, {', '.join('c.' + n for n in CAPTURE)}"
        " from checks k left join captures c on c.id = k.capture where k.policy = ? order by k.id",
        (policy,),
    ).fetchall():
        check, digest, capture = row[:3]
        seen += 1
        mine = links.get(check, [])
        made = check_link(
            before,
            row[3 : 3 + len(CHECK)],
            row[3 + len(CHECK) :] if capture is not None else None,
            mine,
            seals.get(check, []),
        )
        if made != digest and not broken:
            broken = True
            yield Finding(
                policy,
                "check",
                f"the chain of {policy} breaks at check {check} of {row[3][:19]}Z: that visit, its capture or"
                " its changes were altered, or one before it was removed",
            )
        versions += len(mine)
        version_head = mine[-1] if mine else version_head
        states.append((seen, digest))
        versions_then.append((versions, version_head))
        before = digest
    if seen != count or before != head:
        yield Finding(policy, "head", f"{policy} had {count} checks, {seen} are here: some were removed")


def _seals(conn: sqlite3.Connection, policy: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in conn.execute(
        f"select id, check_id, {', '.join(CHANGE)} from changes where policy = ? order by id",
        (policy,),
    ).fetchall():
        clauses = conn.execute(
            f"select {', '.join(CLAUSE_CHANGE)} from clause_changes where change = ? order by position",
            (row[0],),
        ).fetchall()
        found.setdefault(row[1], []).append(change_seal(row[2:], clauses))
    return found


def _by_check(conn: sqlite3.Connection, sql: str, policy: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for check, value in conn.execute(sql, (policy,)).fetchall():
        found.setdefault(check, []).append(value)
    return found


def _both(checks: int, check_digest: str, versions: int, version_digest: str) -> str:
    return link(START, checks, check_digest, versions, version_digest)
