"""The values every room speaks: frozen, typed, without a line of database code.

Vocabulary: ``docs/architecture.md``. Times are timezone-aware UTC datetimes (``…_at``), durations are
seconds unless the name says otherwise. Texts are ``str`` as a reader sees them; bytes are what came
over the wire.
"""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

# ---------------------------------------------------------------- closed sets


class Outcome(enum.StrEnum):
    """How one visit ended."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NOT_MODIFIED = "not-modified"
    BLOCKED = "blocked"
    MISSING = "missing"
    FAILED = "failed"
    UNREADABLE = "unreadable"


class PolicyKind(enum.StrEnum):
    PRIVACY = "privacy-policy"
    TERMS = "terms"
    COOKIES = "cookies"
    DPA = "dpa"
    SUBPROCESSORS = "subprocessors"
    GUIDELINES = "guidelines"
    OTHER = "other"


class ClauseKind(enum.StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


class Op(enum.StrEnum):
    """What happened to one clause. A clause that moved *and* was edited is MODIFIED with ``moved`` set."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MOVED = "moved"
    RENUMBERED = "renumbered"


class ChangeKind(enum.StrEnum):
    FIRST = "first"
    EDIT = "edit"
    REWRITE = "rewrite"
    EDITORIAL = "editorial"
    DATE_ONLY = "date-only"
    REVERTED = "reverted"


class Verdict(enum.StrEnum):
    """What the stated date says of a change (``watcher.compare.verdict``)."""

    SILENT = "silent"
    ANNOUNCED = "announced"
    ANNOUNCED_AHEAD = "announced-ahead"
    BACKDATED = "backdated"
    ROLLED_BACK = "rolled-back"
    AUTO_DATED = "auto-dated"
    DATE_ADDED = "date-added"
    DATE_REMOVED = "date-removed"
    UNDATED = "undated"
    DATE_ONLY = "date-only"


class Materiality(enum.StrEnum):
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 (none) to 3 (high), for comparing."""
        return _RANKS[self._value_]


_RANKS = {"none": 0, "low": 1, "medium": 2, "high": 3}


class Direction(enum.StrEnum):
    """For whom a change is better, as far as the words tell."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


class Topic(enum.StrEnum):
    COLLECTION = "collection"
    PURPOSE = "purpose"
    SHARING = "sharing"
    COOKIES = "cookies"
    AI = "ai"
    RIGHTS = "rights"
    RETENTION = "retention"
    SECURITY = "security"
    TRANSFER = "transfer"
    CHILDREN = "children"
    CHANGE_NOTICE = "change-notice"
    CONTACT = "contact"
    DISPUTES = "disputes"
    LIABILITY = "liability"
    PAYMENT = "payment"
    CONTENT = "content"
    CONDUCT = "conduct"
    TERMINATION = "termination"
    SCOPE = "scope"


# ---------------------------------------------------------------- the document


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2063\ufeff]")


_ASCII_SPACES = "\n\t\r\v\f\x1c\x1d\x1e\x1f"


def plain(text: str) -> str:
    """NFC, no invisible characters, white space folded to one space: how every clause text is stored."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if not text.isprintable():  # a space that is none of ASCII, or something invisible
            return " ".join(_INVISIBLE.sub("", text).split())
    else:
        for space in _ASCII_SPACES:
            if space in text:
                return " ".join(text.split())
    return " ".join(text.split()) if "  " in text else text.strip()


def text_key(text: str) -> str:
    """The identity of a clause: sha256 of its plain text, first 32 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, init=False)
class Clause:
    """The smallest unit a reader would cite: a paragraph, list item, table row or heading.

    ``text`` is plain (see `plain`), without its own numbering or bullet; ``number`` holds that numbering as
    printed ("4.2", "(b)", "" where there is none), so a renumbered clause keeps its identity. A heading is a
    clause of kind HEADING with ``level`` 1–6; ``section`` is the path of headings above it (a heading's own
    text is not in its own path). Table rows read "Header: cell; Header: cell".
    """

    text: str
    section: tuple[str, ...] = ()
    kind: ClauseKind = ClauseKind.PARAGRAPH
    number: str = ""
    level: int = 0

    def __init__(
        self,
        text: str,
        section: tuple[str, ...] = (),
        kind: ClauseKind = ClauseKind.PARAGRAPH,
        number: str = "",
        level: int = 0,
    ) -> None:
        # Documents hold hundreds of clauses: this takes a third of what a frozen class's own method takes.
        own = self.__dict__
        own["text"] = text
        own["section"] = section
        own["kind"] = kind
        own["number"] = number
        own["level"] = level

    @cached_property
    def key(self) -> str:
        """Identity over the text alone: section, number, kind and place do not count."""
        return text_key(self.text)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """One date the document states for itself.

    ``value`` is "YYYY-MM-DD", "YYYY-MM" or "YYYY": the precision printed, never more.
    ``evidence`` are the exact words it was read from, ``place`` where ("head", "tail", "body").
    ``confidence`` 0–1. ``ambiguous``: day and month could be swapped; ``settled_by`` says in a word or
    two how that was decided ("language", "region", "capture time", "metadata", "history") or is "".
    """

    value: str
    evidence: str
    place: str = "head"
    confidence: float = 1.0
    ambiguous: bool = False
    settled_by: str = ""

    @property
    def precision(self) -> str:
        """ "day", "month" or "year"."""
        return {10: "day", 7: "month", 4: "year"}[len(self.value)]


@dataclass(frozen=True, slots=True)
class StatedDates:
    updated: StatedDate | None = None
    effective: StatedDate | None = None

    @property
    def own(self) -> StatedDate | None:
        """The one date a reader would call the policy's own: ``updated``, else ``effective``."""
        return self.updated or self.effective


class Reading(enum.StrEnum):
    """Is this the policy at all? BLOCKED, MISSING and UNREADABLE become the outcome of that name."""

    POLICY = "policy"
    BLOCKED = "blocked"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Quality:
    reading: Reading = Reading.POLICY
    reason: str = ""  # one line for people: "bot wall (challenge page)"; "" where it reads as a policy
    score: float = 1.0  # 0–1, how much it looks like a policy


@dataclass(frozen=True)
class Document:
    """What the extractor read from one capture."""

    title: str
    language: str  # BCP 47 primary tag, "" where unknown
    clauses: tuple[Clause, ...]
    dates: StatedDates = field(default_factory=StatedDates)
    quality: Quality = field(default_factory=Quality)
    extractor: str = ""  # version of the extractor that read it

    @cached_property
    def words(self) -> int:
        return sum(len(c.text.split()) for c in self.clauses)

    @cached_property
    def digest(self) -> str:
        """sha256 (hex) over the ordered clause texts: captures that read the same have the same digest."""
        return hashlib.sha256("\n".join(c.text for c in self.clauses).encode()).hexdigest()


# ---------------------------------------------------------------- what came over the wire


@dataclass(frozen=True)
class Capture:
    """One answer, byte for byte (inflated, not decoded), with the headers that matter, lower-case names."""

    url: str  # the address asked for
    final_url: str  # after redirects
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Validators:
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class HostState:
    """What the gate remembers of one host across restarts: that it is to be left alone until ``retry_at``.

    ``host`` is the name, with ":port" where the port is not the scheme's own. ``failures`` counts refusals
    and unanswered requests in a row; 0 and no ``retry_at`` means all is well (the row may be dropped)."""

    host: str
    failures: int = 0
    retry_at: datetime | None = None  # asked for by the host (Retry-After), or our own backoff
    reason: str = ""  # one line for people


@dataclass(frozen=True, slots=True)
class RobotsState:
    """What an origin's robots.txt said to ``product`` (a lower-case agent token) when it was last read."""

    origin: str  # "https://example.com:8443"
    product: str
    rules: str  # the group meant for the product; "" where everything may be fetched
    read_at: datetime


# ---------------------------------------------------------------- the change


@dataclass(frozen=True, slots=True)
class WordOp:
    """A run of text inside a modified clause: op is "=", "-" or "+". Joined without "+", the runs are the
    text before; joined without "-", the text after."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """One row of an alignment, in the order of the new document (removed rows stand where they were).

    ``before``/``after`` are indexes into the two clause lists, several where clauses were split or merged,
    none where added or removed. ``op`` is None for an equal clause that stayed in place."""

    op: Op | None
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause operation of a change, as told to people."""

    op: Op
    section: str  # "Privacy › 4. Sharing"; "" at the top
    before: str | None
    after: str | None
    words: tuple[WordOp, ...] = ()
    topics: tuple[Topic, ...] = ()
    materiality: Materiality = Materiality.NONE
    direction: Direction = Direction.UNCLEAR
    reasons: tuple[str, ...] = ()
    moved: bool = False
    number_before: str = ""
    number_after: str = ""
    kind: ClauseKind = ClauseKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents compared and judged; nothing in it depends on when they were seen."""

    kind: ChangeKind  # EDIT, REWRITE, EDITORIAL or DATE_ONLY
    materiality: Materiality
    topics: tuple[Topic, ...]
    direction: Direction
    summary: str  # one line without the verdict: "Contracting entity changed: A → B; 3 clauses modified."
    clauses: tuple[ClauseChange, ...]
    words_added: int
    words_removed: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The stated date held against the visits."""

    verdict: Verdict
    days: int | None  # days between the claim and the observation, where that means something
    notice: str  # the words for people: "the stated date stayed 2023-11-10"


@dataclass(frozen=True, slots=True)
class Change:
    """The change record: what `clausewatch changes --format jsonl` prints and a webhook carries."""

    id: int
    policy: str
    url: str
    service: str
    kind: ChangeKind
    verdict: Verdict
    materiality: Materiality
    topics: tuple[Topic, ...]
    direction: Direction
    summary: str
    language: str
    previous_seen_at: datetime | None  # S0
    first_seen_at: datetime  # S1
    confirmed_at: datetime | None
    notify: bool
    stated_before: StatedDates
    stated_after: StatedDates
    words_added: int
    words_removed: int
    from_version: int | None  # numbers within the policy, as `history` counts and `diff` takes them
    to_version: int
    clauses: tuple[ClauseChange, ...]
    days: int | None = None
    from_id: int | None = field(default=None, compare=False)  # the store's own ids of the two versions;
    to_id: int | None = field(default=None, compare=False)  # None in a change that came from its record


# ---------------------------------------------------------------- policies and channels


@dataclass(frozen=True, slots=True)
class Policy:
    """One watched document."""

    id: str
    url: str
    service: str
    kind: PolicyKind = PolicyKind.OTHER
    name: str = ""
    every_s: float | None = None  # None: the schedule's default
    select: str | None = None
    channels: tuple[str, ...] | None = None  # None: every channel
    source: str = "user"  # "user", "seed", "config"


class AlertType(enum.StrEnum):
    CHANGED = "policy.changed"
    EFFECTIVE_TODAY = "policy.effective-today"
    BROKEN = "watch.broken"
    VARIANTS = "watch.variants"
    RECOVERED = "watch.recovered"
    DIGEST = "digest"
    TEST = "clausewatch.test"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one channel, claimed for sending."""

    id: int
    event_id: str  # the same on every try: webhook-id and Message-ID
    channel: str
    type: AlertType
    payload: Mapping[str, object]  # the change record as JSON values, or the alert's own data
    created_at: datetime
    attempts: int


# ---------------------------------------------------------------- one check, as the store takes and gives it


@dataclass(frozen=True, slots=True)
class Version:
    """A distinct reading of one policy. ``id`` is None until the store has given it one.

    ``composed``: no single look showed exactly this text; it is what two looks in a row agree on."""

    id: int | None
    document: Document
    seen_at: datetime  # when it was first read
    composed: bool = False


class Foreign(enum.StrEnum):
    """Why another text in the policy's place is no edit of it."""

    NO = ""
    LANGUAGE = "language"
    DOCUMENT = "document"
    PART = "part"  # half a page


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the texts a policy's page serves. Number 1 is the text its readers believe to stand, the one
    changes are told against; the others were seen in its place (A/B pages, regions, locales, half pages).

    ``standing`` is the text that stands in this variant (two looks agreed, or it was the first), last seen
    at ``standing_seen_at`` (S0). ``pending`` is a differing text seen once, at ``pending_seen_at`` (S1),
    waiting for its second look. ``visits`` counts how often the page came to this variant from another,
    ``streak`` its looks in a row since ``arrived_at``; the variant the page showed last has a streak above 0,
    all others 0."""

    number: int
    standing: Version
    standing_seen_at: datetime
    pending: Version | None = None
    pending_seen_at: datetime | None = None
    visits: int = 1
    streak: int = 1
    arrived_at: datetime | None = None
    foreign: Foreign = Foreign.NO


@dataclass(frozen=True, slots=True)
class DateSighting:
    """One look's stated date, for finding pages that stamp themselves."""

    seen_at: datetime
    own: str  # value of `StatedDates.own`, "" where none
    digest: str  # of the text without the clauses the date was read from


@dataclass(frozen=True, slots=True)
class Past:
    """All that judging the next look needs to know of a policy."""

    variants: tuple[Variant, ...] = ()
    stood: Mapping[str, int] = field(
        default_factory=dict
    )  # text digest → version id, every text that once stood
    returns: Mapping[str, int] = field(default_factory=dict)  # text digest → times it was told as reverted
    sightings: tuple[DateSighting, ...] = ()  # the last looks, oldest first, at most 10


@dataclass(frozen=True, slots=True)
class ChangeIntent:
    """A change to be stored. ``before`` is None for the first text."""

    before: Version | None
    after: Version
    comparison: Comparison | None  # None for the first text
    kind: ChangeKind
    judged: Judged
    previous_seen_at: datetime | None
    first_seen_at: datetime
    confirmed_at: datetime | None
    notify: bool
    channels: tuple[tuple[str, datetime], ...] = ()  # one delivery row each: channel name, due at
    effective_notice_at: datetime | None = None  # a future stated date: one "takes effect today" notice


@dataclass(frozen=True, slots=True)
class AlertIntent:
    """An alert about the watch itself (broken, recovered, variants) for one channel."""

    channel: str
    type: AlertType
    payload: Mapping[str, object]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the watch itself fares. ``since`` is when the present run of failures began."""

    failures: int = 0
    since: datetime | None = None
    broken: bool = False  # the owner was told
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckIntent:
    """Everything one visit leaves behind: the store writes it in one transaction or not at all."""

    policy: str
    started_at: datetime
    duration_ms: int
    outcome: Outcome
    reason: str
    capture: Capture | None  # None: nothing came, or 304
    version: Version | None  # what this capture reads as, where it reads as the policy
    variants: tuple[Variant, ...] | None  # the state afterwards; None: as it was
    changes: tuple[ChangeIntent, ...] = ()
    alerts: tuple[AlertIntent, ...] = ()
    health: Health = field(default_factory=Health)
    next_due_at: datetime | None = None  # None: leave (imports)
    validators: Validators | None = None  # None: leave as they are
    sighting: DateSighting | None = None  # what this look saw of the stated date, where it saw the policy
    archived: bool = False  # from an import: not a visit of ours


@dataclass(frozen=True, slots=True)
class Brief:
    """Where the last visit left a policy: what an unchanged page needs, without loading a text."""

    validators: Validators = field(default_factory=Validators)
    health: Health = field(default_factory=Health)
    body_sha256: str = ""  # of the last capture that read as the policy; "" before the first
    settled: bool = False  # nothing waits for a second look and the page showed its own text last
    extractor: str = ""  # which reader read the text that stands
    sighting: DateSighting | None = None  # the last look's
