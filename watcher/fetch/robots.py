"""robots.txt as RFC 9309 has it, asked through the same gate as everything else."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from storage.records import RobotsState

from .errors import BadAnswer, FetchError, RobotsDisallowed, RobotsUnreachable, Unreachable
from .urls import Address
from .values import HostMemory

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least 500 kibibytes are read, the rest may be left
MAX_REDIRECTS = 5  # 2.3.1.2
_FRESH = timedelta(hours=24)  # 2.4: a cached copy is not used for longer than 24 hours …
_STALE = timedelta(
    days=30
)  # … unless the file is unreachable: then the last copy holds for a while (2.3.1.4)
_ASK_AGAIN = timedelta(minutes=10)  # an unreachable file is asked for again, but not at every check
_ORIGINS = 2000
_MAX_DELAY_S = 30.0  # a Crawl-delay beyond this would stop a watch rather than slow it
_PRODUCT = re.compile(r"[A-Za-z_-]+")
_AGENT_LINES = {"user-agent", "useragent"}
_RULE_LINES = {"allow", "disallow", "crawl-delay"}

Fetch = Callable[
    [Address], Awaitable[tuple[int, bytes]]
]  # follows redirects; a 3xx given back is one too many


@dataclass(frozen=True, slots=True)
class _Rules:
    file: Protego | None  # None: everything may be fetched
    read_at: datetime
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Failure:
    error: FetchError
    until: datetime


class Robots:
    """The rules of every origin met, each read at most once a day, across restarts where ``memory`` lasts.
    ``user_agent`` is the header as sent."""

    def __init__(
        self, fetch: Fetch, user_agent: str, clock: Callable[[], datetime], memory: HostMemory
    ) -> None:
        found = _PRODUCT.match(user_agent)
        self._product = found[0].lower() if found else "*"
        self._fetch = fetch
        self._clock = clock
        self._memory = memory
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        self._failures: dict[str, _Failure] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def check(self, address: Address) -> float:
        """The Crawl-delay asked for (seconds, 0 if none). Raises `RobotsDisallowed`, or what kept the file
        from being read: then nothing may be fetched either."""
        rules = await self._rules_of(address)
        if rules.file and not rules.file.can_fetch(str(address), self._product):
            raise RobotsDisallowed(
                f"{address.authority}: robots.txt asks not to fetch {address.target[:200]}",
                retry_at=rules.read_at + _FRESH,
            )
        return rules.delay_s

    async def _rules_of(self, address: Address) -> _Rules:
        origin = address.origin
        if rules := self._fresh(origin):
            return rules
        lock = self._reading.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                await self._recall(origin)
                return self._fresh(origin) or await self._read(address)
        finally:
            if not lock.locked():
                self._reading.pop(origin, None)

    async def _recall(self, origin: str) -> None:
        """Take up what an earlier run was told, by another name of ours or too long ago excepted."""
        if origin in self._rules:
            return
        told = await self._memory.load_robots(origin)
        if told and told.product == self._product and self._clock() - told.read_at < _STALE:
            self._keep(origin, _parsed(told.rules, told.read_at, self._product))

    def _fresh(self, origin: str) -> _Rules | None:
        now = self._clock()
        rules = self._rules.get(origin)
        if rules and now - rules.read_at < _FRESH:
            self._rules.move_to_end(origin)
            return rules
        failure = self._failures.get(origin)
        if failure and now < failure.until:
            if rules and now - rules.read_at < _STALE:
                return rules
            raise _again(failure.error)
        return None

    async def _read(self, address: Address) -> _Rules:
        origin, now = address.origin, self._clock()
        try:
            status, body = await self._fetch(
                Address(address.scheme, address.host, address.port, "/robots.txt")
            )
            if status >= 500 or status == 429:
                raise RobotsUnreachable(
                    f"{address.authority}: robots.txt answered {status}, so nothing may be fetched",
                    retry_at=now + _ASK_AGAIN,
                )
        except FetchError as error:
            return self._unreachable(address, error)
        # 2.3.1.3: 4xx means there are no rules; 2.3.1.2: more than five redirects may be taken the same way.
        text = relevant(body.decode("utf-8-sig", "replace"), self._product) if status < 300 else ""
        self._failures.pop(origin, None)
        await self._memory.save_robots(RobotsState(origin, self._product, text, now))
        return self._keep(origin, _parsed(text, now, self._product))

    def _keep(self, origin: str, rules: _Rules) -> _Rules:
        self._rules[origin] = rules
        while len(self._rules) > _ORIGINS:
            self._rules.popitem(last=False)
        return rules

    def _unreachable(self, address: Address, error: FetchError) -> _Rules:
        origin, now = address.origin, self._clock()
        if isinstance(error, BadAnswer):
            error = RobotsUnreachable(
                f"{address.authority}: robots.txt could not be read, so nothing may be fetched "
                f"({error.message})",
                retry_at=now + _ASK_AGAIN,
            )
        if isinstance(error, RobotsUnreachable):
            # Failures of the connection itself are not remembered here: the page would meet them just the same.
            if len(self._failures) >= _ORIGINS:
                self._failures = {o: f for o, f in self._failures.items() if f.until > now}
            self._failures[origin] = _Failure(error, now + _ASK_AGAIN)
        old = self._rules.get(origin)
        if old and now - old.read_at < _STALE and isinstance(error, RobotsUnreachable | Unreachable):
            return old
        raise error


def _parsed(text: str, read_at: datetime, product: str) -> _Rules:
    file = Protego.parse(text) if text else None
    delay = (file.crawl_delay(product) or 0.0) if file else 0.0
    return _Rules(file, read_at, min(delay, _MAX_DELAY_S))


def _again(error: FetchError) -> FetchError:
    return RobotsUnreachable(error.message, retry_at=error.retry_at)


def relevant(text: str, product: str) -> str:
    """The rules meant for ``product`` (lower-case), else those for everyone, as one group; "" where none is.

    Pure. A file may name thousands of agents over thousands of rules: reading all of it costs their product in
    memory, reading what is meant for us costs its length. Groups for the same agent count together (RFC 9309,
    2.2.1).
    """
    chosen: dict[str, list[str]] = {product: [], "*": []}
    named: set[str] = set()
    present: set[str] = set()
    in_rules = False
    for line in text[:MAX_BYTES].splitlines():
        key, colon, value = line.split("#", 1)[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key in _AGENT_LINES:
            if in_rules:
                present, in_rules = set(), False
            found = _PRODUCT.match(value)
            agent = "*" if value.startswith("*") else found[0].lower() if found else ""
            if agent in chosen:
                present.add(agent)
                named.add(agent)
        elif key in _RULE_LINES:
            in_rules = True
            for agent in present:
                chosen[agent].append(f"{key}: {value}")
    rules = chosen[product] if product in named else chosen["*"]
    return "\n".join(["User-agent: *", *rules]) if rules else ""
