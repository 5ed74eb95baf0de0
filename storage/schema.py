"""The tables, as SQL. What each table is for stands beside it.

Times are text (`storage.times`), closed sets are their values as text, flags are 0 or 1. `storage.migrations`
makes them; a table that was released is never edited here: a new migration follows. The views are made anew by
`storage.views` when they differ.
"""

from __future__ import annotations

SET = "clausewatch"
APPLICATION_ID = 0x436C7761
"""``PRAGMA application_id``: "Clwa" in ASCII. Tells our file from any other SQLite database."""
MIGRATIONS = ("first_schema", "explanations", "robots")
"""The names of `storage.migrations`, in order: a file that has had them all is opened without loading what would
apply them."""

POLICIES = """
create table policies (
  id text primary key,
  url text not null,
  service text not null,
  kind text not null,
  name text not null,
  every_s real,                 -- null: the schedule's default
  selector text,                -- CSS
  channels text,                -- JSON array; null: every channel
  source text not null,
  added_at text not null,
  removed_at text,              -- no longer watched; its history stays
  next_due_at text,             -- null: paused
  lease_until text,
  lease_owner text,
  failures integer not null default 0,
  failing_since text,
  failing_reason text not null default '',
  broken integer not null default 0,
  etag text not null default '',
  last_modified text not null default ''
) strict
"""

BODIES = """
create table bodies (
  id integer primary key,
  sha256 text not null unique,  -- of the bytes as they came
  size integer not null,        -- bytes as they came
  policy text not null references policies(id),
  base integer references bodies(id),   -- its bytes are the zstd dictionary; null: none
  keyframe integer not null,
  steps integer not null,       -- bodies to read before this one
  sketch blob,                  -- marks of a large one, for finding others like it
  data blob not null            -- zstd
) strict
"""

CAPTURES = """
create table captures (
  id integer primary key,
  policy text not null references policies(id),
  url text not null,
  final_url text not null,
  status integer not null,
  headers text not null,        -- JSON object
  fetched_at text not null,
  sha256 text not null,         -- of the body, kept or not
  size integer not null,
  body integer references bodies(id)    -- null: the bytes were not kept
) strict
"""

CHECKS = """
create table checks (
  id integer primary key,
  policy text not null references policies(id),
  started_at text not null,
  duration_ms integer not null,
  outcome text not null,
  reason text not null,
  capture integer references captures(id),
  version integer references versions(id),
  stated text,                  -- the stated date this look saw; '' none; null: no reading
  archived integer not null,    -- an import, not a visit of ours
  digest text not null          -- see storage.seal
) strict
"""

VERSIONS = """
create table versions (
  id integer primary key,
  policy text not null references policies(id),
  number integer not null,      -- 1, 2, 3 … within the policy
  check_id integer not null references checks(id) deferrable initially deferred,
  capture integer references captures(id),
  seen_at text not null,
  stood_at text,                -- when it became the standing text; null: flicker, or still waiting
  composed integer not null,
  extractor text not null,
  title text not null,
  language text not null,
  words integer not null,
  clauses integer not null,
  updated text,                 -- the stated dates, at the precision printed
  effective text,
  dates text not null,          -- JSON: with evidence, place, confidence
  quality text not null,        -- JSON: reading, reason, score
  text_sha256 text not null,
  reading_sha256 text not null, -- over sections, numbers, kinds and dates too
  digest text not null,         -- see storage.seal
  unique (policy, text_sha256, extractor),
  unique (policy, number)
) strict
"""

CLAUSES = """
create table clauses (
  id integer primary key,
  key text not null unique,     -- first 32 hex digits of the text's sha256
  text text not null
) strict
"""

SECTIONS = """
create table sections (
  id integer primary key,
  parts text not null unique,   -- JSON array of headings
  path text not null            -- the same for people: "Privacy › 4. Sharing"
) strict
"""

VERSION_CLAUSES = """
create table version_clauses (
  version integer not null references versions(id),
  position integer not null,
  section integer not null references sections(id),
  clause integer not null references clauses(id),
  kind text not null,
  number text not null,
  level integer not null,
  primary key (version, position)
) strict, without rowid
"""

CHANGES = """
create table changes (
  id integer primary key,
  policy text not null references policies(id),
  check_id integer not null references checks(id) deferrable initially deferred,
  from_version integer references versions(id),
  to_version integer not null references versions(id),
  kind text not null,
  verdict text not null,
  days integer,
  materiality text not null,
  topics text not null,         -- "contact, scope"
  direction text not null,
  summary text not null,
  language text not null,
  previous_seen_at text,
  first_seen_at text not null,
  confirmed_at text,
  notify integer not null,
  words_added integer not null,
  words_removed integer not null,
  url text not null,            -- as it was at that time
  service text not null
) strict
"""

CLAUSE_CHANGES = """
create table clause_changes (
  change integer not null references changes(id),
  position integer not null,
  op text not null,
  section text not null,
  before text,
  after text,
  words text not null,          -- see storage.words
  topics text not null,
  materiality text not null,
  direction text not null,
  reasons text not null,        -- one a line
  moved integer not null,
  number_before text not null,
  number_after text not null,
  kind text not null,
  primary key (change, position)
) strict
"""

VARIANTS = """
create table variants (
  policy text not null references policies(id),
  number integer not null,
  position integer not null,
  standing integer not null references versions(id),
  standing_seen_at text not null,
  pending integer references versions(id),
  pending_seen_at text,
  visits integer not null,
  streak integer not null,
  arrived_at text,
  foreign_because text not null,
  primary key (policy, number)
) strict
"""

SIGHTINGS = """
create table sightings (
  policy text not null references policies(id),
  seen_at text not null,        -- the last looks only
  own text not null,
  digest text not null,
  primary key (policy, seen_at)
) strict, without rowid
"""

HEADS = """
create table heads (
  policy text primary key references policies(id),
  checks integer not null,
  check_digest text not null,
  versions integer not null,
  version_digest text not null
) strict
"""

DELIVERIES = """
create table deliveries (
  id integer primary key,
  event_id text not null unique,
  channel text not null,
  type text not null,
  policy text references policies(id),
  change integer references changes(id),
  payload text,                 -- JSON; null: the change record
  state text not null,          -- waiting, sending, sent, dead
  due_at text not null,
  attempts integer not null default 0,
  unsettled integer not null default 0,
  created_at text not null,
  settled_at text,
  reason text not null default ''
) strict
"""

ATTEMPTS = """
create table attempts (
  delivery integer not null references deliveries(id),
  number integer not null,
  started_at text not null,
  settled_at text,
  result text not null default '',
  reason text not null default '',
  primary key (delivery, number)
) strict
"""

HOSTS = """
create table hosts (
  host text primary key,
  retry_at text,
  failures integer not null,
  reason text not null
) strict
"""

INDEXES = """
create index policies_due on policies (next_due_at) where removed_at is null
create index captures_policy on captures (policy, fetched_at)
create index captures_body on captures (body) where body is not null
create index bodies_policy on bodies (policy, id, keyframe)
create index bodies_landmarks on bodies (id) where sketch is not null
create index versions_seen on versions (policy, seen_at)
create index checks_policy on checks (policy, started_at)
create index checks_read on checks (policy, started_at) where version is not null and capture is not null
create index version_clauses_clause on version_clauses (clause)
create index changes_policy on changes (policy, id)
create index changes_seen on changes (first_seen_at)
create index deliveries_due on deliveries (due_at) where state in ('waiting', 'sending')
create unique index deliveries_once on deliveries (change, channel, type) where change is not null
"""

EXPLANATIONS = """
create table explanations (
  id integer primary key,
  from_version integer not null references versions(id),
  to_version integer not null references versions(id),
  model text not null,
  text text not null,           -- '': the answer was of no use, only its tokens count
  tokens integer not null,
  created_at text not null
) strict
"""

ROBOTS = """
create table robots (
  origin text primary key,      -- "https://example.com"
  product text not null,        -- the agent the rules were read for
  rules text not null,          -- '': everything may be fetched
  read_at text not null
) strict
"""
