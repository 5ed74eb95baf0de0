"""The text that stood at a moment, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from storage.change_record import iso
from storage.export import History, markdown_text, to_json
from storage.records import Capture, Change, Document, Policy, StatedDate
from storage.store import Store
from storage.times import stamp
from storage.versions import VersionRow

_LOOKS = """
select k.started_at, k.outcome, k.archived, k.digest, v.number as version, v.text_sha256, k.capture
from checks k join versions v on v.id = k.version where k.policy = ? and {0}
"""
_BEFORE = _LOOKS.format(
    "k.started_at <= ? and v.text_sha256 = ? order by k.started_at desc, k.id desc limit 1"
)
_AFTER = _LOOKS.format("k.started_at > ? order by k.started_at, k.id limit 1")
_CAPTURE = """
select c.id, c.url, c.final_url, c.status, c.fetched_at, c.sha256, c.size, c.body is not null as kept
from captures c where c.id = coalesce(
  (select capture from versions where id = ?1),
  (select k.capture from versions v join checks k on k.id = v.check_id where v.id = ?1))
"""
_HEADERS = ("date", "last-modified", "etag", "content-type")


@dataclass(frozen=True, slots=True)
class Look:
    """One visit that read the page; ``version``: which text it read."""

    at: str
    outcome: str
    archived: bool
    digest: str
    version: int
    same: bool
    capture: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that stood at ``at``, the looks on both sides of that moment, and the ends of the chains.

    ``replaced_at``: when another text was first seen; None: it stands still. ``also``: versions another one
    followed on the same day. ``findings``: what `verify` says of this policy, empty where all holds.
    """

    policy: Policy
    at: datetime
    version: VersionRow
    document: Document
    first_seen_at: datetime
    replaced_at: datetime | None
    also: tuple[int, ...]
    before: Look | None
    after: Look | None
    source: dict[str, Any]
    head: str
    findings: tuple[str, ...]

    @property
    def proved(self) -> str:
        """What the looks say of that moment, in one sentence."""
        if self.before is None:
            return "The text is known to have stood then, but no look at it is recorded before that moment."
        if self.after is None:
            return f"Last seen standing on {_minute(self.before.at)}; nobody has looked since."
        seen = f"Seen standing on {_minute(self.before.at)}"
        if self.after.same:
            return f"{seen} and, still the same, at the next look on {_minute(self.after.at)}."
        return (
            f"{seen}; the next look on {_minute(self.after.at)} read another text (version {self.after.version})."
            " No look between the two read this text."
        )


def standing(store: Store, policy: Policy, at: datetime) -> Standing | datetime | None:
    """What stood at ``at``; where nothing had been seen by then, when the first text was, None: never."""
    told = sorted(store.changes(policy=policy.id), key=lambda c: (c.first_seen_at, c.id))
    by_then = [c for c in told if c.first_seen_at <= at]
    if not by_then:
        return told[0].first_seen_at if told else None
    rows = {v.number: v for v in store.versions(policy.id)}
    change, later = by_then[-1], told[len(by_then) :]
    row = rows[change.to_version]
    capture = store.rows(_CAPTURE, (row.id,))
    return Standing(
        policy=policy,
        at=at,
        version=row,
        document=store.version_document(row.id),
        first_seen_at=change.first_seen_at,
        replaced_at=later[0].first_seen_at if later else None,
        also=tuple(c.to_version for c in _same_day(by_then, at)),
        before=_look(store.rows(_BEFORE, (policy.id, stamp(at), row.text_sha256)), row),
        after=_look(store.rows(_AFTER, (policy.id, stamp(at))), row),
        source=_source(store, capture[0]) if capture else {},
        head=next((h.digest for h in store.heads() if h.policy == policy.id), ""),
        findings=tuple(f.message for f in store.verify() if f.policy in ("", policy.id)),
    )


def captures_of(store: Store, found: Standing) -> list[Capture]:
    """The kept captures that show it: the one it was read from, and those of the looks around the moment."""
    looks = [found.source.get("id"), *(x.capture for x in (found.before, found.after) if x and x.same)]
    ids = dict.fromkeys(i for i in looks if isinstance(i, int))
    return [c for i in ids if (c := store.capture(i)) is not None and c.body]


def as_json(found: Standing) -> dict[str, Any]:
    """The evidence, then the version as `to_json` gives it."""
    policy, row = found.policy, found.version
    (version,) = to_json(History(policy, ((row, found.document),), (), found.head))["versions"]
    return {
        "policy": policy.id,
        "url": policy.url,
        "service": policy.service,
        "at": iso(found.at),
        "proved": found.proved,
        "first_seen_at": iso(found.first_seen_at),
        "replaced_at": iso(found.replaced_at),
        "also_that_day": list(found.also),
        "look_before": _look_json(found.before),
        "look_after": _look_json(found.after),
        "capture": {k: v for k, v in found.source.items() if k != "id"} or None,
        "head": found.head,
        "verified": not found.findings,
        "findings": list(found.findings),
        "version": version,
    }


def as_markdown(found: Standing) -> str:
    """To print: what stood, what shows it, and the text."""
    policy, row, source = found.policy, found.version, found.source
    dates = found.document.dates
    facts = [
        ("Document", f"{policy.service or policy.name or policy.id}, {policy.kind.value}, watched as `{policy.id}`"),
        ("Address", f"<{policy.url}>"),
        ("Moment", f"{found.at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Seen", found.proved),
        ("First seen", f"{found.first_seen_at:%Y-%m-%d %H:%M:%S} UTC, as version {row.number}"),
        ("Replaced", f"another text was first seen {found.replaced_at:%Y-%m-%d %H:%M:%S} UTC" if found.replaced_at else "it is the text that stands now"),
        ("That day too", ", ".join(f"version {n} stood earlier" for n in found.also)),
        ("States updated", _stated(dates.updated)),
        ("States effective", _stated(dates.effective)),
    ]  # fmt: skip
    proof = [
        ("Fetched", f"{_minute(source['fetched_at'])} from <{source['final_url']}>, status {source['status']}" if source else "the text was put together of two looks; no single capture shows all of it"),
        ("Bytes", f"{source['size']}, sha256 `{source['sha256']}`, {'kept' if source['kept'] else 'not kept'}" if source else ""),
        ("Headers", "; ".join(f"{k}: {v}" for k, v in source.get("headers", {}).items())),
        ("Archived", "imported from an archive, not fetched by this watch" if found.before and found.before.archived else ""),
        ("Text", f"sha256 `{row.text_sha256}` over the clauses, one a line"),
        ("Version's link", f"`{row.digest}`"),
        ("Look's link", f"`{found.before.digest}`" if found.before else ""),
        ("Head of the chains", f"`{found.head}`"),
        ("Verified", "every digest of this policy was computed anew from the stored bytes, and holds" if not found.findings else "DOES NOT HOLD: " + "; ".join(found.findings)),
    ]  # fmt: skip
    return "\n\n".join(
        (
            f"# {found.document.title or policy.name or policy.id}",
            _list(facts),
            "## Evidence",
            _list(proof),
            "## Text",
            markdown_text(found.document, below=2),
        )
    )


def _list(facts: list[tuple[str, str]]) -> str:
    return "\n".join(f"- {name}: {said}" for name, said in facts if said)


def _stated(date: StatedDate | None) -> str:
    return f"{date.value} (“{date.evidence}”)" if date else ""


def _same_day(by_then: list[Change], at: datetime) -> list[Change]:
    """The changes whose text stood on that day and gave way to another before ``at``."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return [a for a, b in pairwise(by_then) if b.first_seen_at >= day]


def _source(store: Store, row: dict[str, Any]) -> dict[str, Any]:
    capture = store.capture(int(row["id"]))
    headers = {k: capture.headers[k] for k in _HEADERS if k in capture.headers} if capture else {}
    return {**row, "kept": bool(row["kept"]), "headers": headers}


def _look(rows: list[dict[str, Any]], row: VersionRow) -> Look | None:
    if not rows:
        return None
    r = rows[0]
    same = r["text_sha256"] == row.text_sha256
    number = r["version"]
    return Look(r["started_at"], r["outcome"], bool(r["archived"]), r["digest"], number, same, r["capture"])


def _look_json(look: Look | None) -> dict[str, Any] | None:
    if look is None:
        return None
    return {"at": look.at, "outcome": look.outcome, "same_text": look.same, "version": look.version,
            "archived": look.archived, "digest": look.digest}  # fmt: skip


def _minute(at: str) -> str:
    return f"{at[:19].replace('T', ' ')} UTC"
