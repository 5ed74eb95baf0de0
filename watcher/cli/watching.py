"""How a policy comes to be watched, or no longer is: by command, or because the configuration names it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Database
from storage.records import Policy
from watcher.cli.app import App, now


@dataclass(frozen=True, slots=True)
class Ended:
    """A policy the configuration named and no longer names; ``follows``: the one that has its address now."""

    id: str
    follows: str = ""

    def __str__(self) -> str:
        now_as = f" (its address is watched as {self.follows})" if self.follows else ""
        return f"{self.id} is no longer in the configuration and no longer watched{now_as}; its history stays"


def begin(database: Database, policy: Policy) -> bool:
    """Watch a policy, or bring it up to date; True where it was not watched before. One known from an import
    alone, or with another address, selector or rhythm than before, is looked at next."""
    known = database.call(lambda s: s.policy(policy.id))
    new = database.call(lambda s: s.add_policy(policy, now()))
    paused = not new and database.call(lambda s: s.next_due(policy.id)) is None
    if paused or (known is not None and _looked_at(known) != _looked_at(policy)):
        database.call(lambda s: s.put_off(policy.id, now()))
    return new or paused


def _looked_at(policy: Policy) -> tuple[object, ...]:
    return policy.url, policy.select, policy.every_s


def take_in(app: App, database: Database) -> list[Ended]:
    """Watch what the configuration names, and end what it named before and no longer does. A configuration
    that names no policy at all ends nothing: it may be another file, or none."""
    declared = app.settings.policies
    for policy in declared:
        begin(database, policy)
    if not declared:
        return []
    ids, at = {p.id for p in declared}, {p.url: p.id for p in declared}
    gone = [p for p in database.call(lambda s: s.policies()) if p.source == "config" and p.id not in ids]
    database.call(lambda s: [s.remove_policy(p.id, now()) for p in gone])
    return [Ended(p.id, at.get(p.url, "")) for p in gone]
