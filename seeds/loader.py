"""The catalogue of seeds as values: a pure parse, nothing is stored or fetched here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from storage.records import Policy, PolicyKind, StatedDate, StatedDates

_KEYS = {"id", "service", "name", "kind", "site", "url", "stated", "archive", "archived_at", "note"}


class CatalogueError(Exception):
    """A catalogue that cannot be used; one line that names the entry and the trouble."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived capture of a policy: where it lies and when it was taken."""

    url: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Seed:
    """One entry of the catalogue. ``url`` is None where only the site is known."""

    id: str
    service: str
    name: str
    kind: PolicyKind
    site: str
    url: str | None
    stated: StatedDates = field(default_factory=StatedDates)
    archive: Archived | None = None
    note: str = ""

    @property
    def status(self) -> str:
        """ "ready", or "to be discovered" where only the site is known."""
        return "ready" if self.url else "to be discovered"

    def policy(self, url: str | None = None) -> Policy:
        """The policy to watch. ``url`` is the page discovery found; ValueError where neither knows one."""
        address = url or self.url
        if address is None:
            raise ValueError(f"{self.id}: the page has to be found on {self.site} first")
        return Policy(
            id=self.id, url=address, service=self.service, kind=self.kind, name=self.name, source="seed"
        )


def catalogue() -> tuple[Seed, ...]:
    """The seeds that ship with the program, in the catalogue's order."""
    return parse(files("seeds").joinpath("catalogue.toml").read_text("utf-8"))


def parse(text: str) -> tuple[Seed, ...]:
    """The seeds of a catalogue's TOML text. Raises CatalogueError."""
    try:
        entries = tomllib.loads(text).get("policy", [])
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"the catalogue is no valid TOML: {error}") from None
    seeds: dict[str, Seed] = {}
    for number, entry in enumerate(entries, 1):
        name = entry.get("id", number)
        try:
            seed = _seed(entry)
        except KeyError as missing:
            raise CatalogueError(f"catalogue entry {name}: has no {missing.args[0]}") from None
        except (TypeError, ValueError) as error:
            raise CatalogueError(f"catalogue entry {name}: {error}") from None
        if seed.id in seeds:
            raise CatalogueError(f"catalogue entry {name}: its id is used twice")
        seeds[seed.id] = seed
    return tuple(seeds.values())


def policies(seeds: tuple[Seed, ...]) -> tuple[Policy, ...]:
    """The policies that can be watched as they stand."""
    return tuple(seed.policy() for seed in seeds if seed.url)


def _seed(entry: Mapping[str, Any]) -> Seed:
    if unknown := sorted(set(entry) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]}")
    stated = entry.get("stated", {})
    return Seed(
        id=entry["id"],
        service=entry["service"],
        name=entry["name"],
        kind=PolicyKind(entry["kind"]),
        site=entry["site"],
        url=_web(entry["url"]) if "url" in entry else None,
        stated=StatedDates(_stated(stated.get("updated")), _stated(stated.get("effective"))),
        archive=_archived(entry) if "archive" in entry else None,
        note=entry.get("note", ""),
    )


def _archived(entry: Mapping[str, Any]) -> Archived:
    at = entry["archived_at"]
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError("archived_at is no time with an offset")
    return Archived(_web(entry["archive"]), at.astimezone(UTC))


def _stated(value: str | None) -> StatedDate | None:
    if value is None:
        return None
    date = {4: f"{value}-01-01", 7: f"{value}-01"}.get(len(value), value)
    datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    return StatedDate(value, evidence="")


def _web(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError(f"{url!r} is no web address")
    return url
