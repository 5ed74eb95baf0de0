# ruff: noqa: S608 - only names of our own are put together into SQL
"""The views a person asks first. Plain SQL only: no function a plain sqlite3 would not know.

`refresh_views` makes them anew when their text here differs from the file's, so a view is never migrated.
"""

from __future__ import annotations

import sqlite3

from storage.filters import COUNTED

_SECONDS = "substr({0}, 1, 19) || 'Z'"


def _time(column: str, name: str) -> str:
    return f"{_SECONDS.format(column)} as {name}"


VIEWS: dict[str, str] = {
    # One line a watched policy: the text that stands now, what it says of itself, and how the watch fares.
    "latest": f"""
select p.id as policy, p.service, p.kind, p.name, p.url, v.title, v.language,
  v.updated as stated_updated, v.effective as stated_effective,
  {_time("v.seen_at", "first_seen_at")}, {_time("s.standing_seen_at", "last_seen_at")},
  v.words, v.clauses, v.number as version,
  (select count(*) from changes c where c.policy = p.id and c.kind <> 'first') as changes,
  k.outcome as last_outcome, {_time("k.started_at", "last_check_at")}, {_time("p.next_due_at", "next_due_at")},
  case when p.broken then 'broken: ' || p.failing_reason when p.failures then 'failing: ' || p.failing_reason
    else 'ok' end as watch
from policies p
left join variants s on s.policy = p.id and s.number = 1
left join versions v on v.id = s.standing
left join checks k on k.id = (
  select id from checks where policy = p.id order by started_at desc, id desc limit 1)
where p.removed_at is null
order by p.service, p.id""",
    # One line a change: the stated date beside the day it was first seen, and the size of the change.
    "history": f"""
select c.id as change, c.policy, c.service, b.number as version_before, a.number as version,
  {_time("c.first_seen_at", "first_seen_at")},
  coalesce(a.updated, a.effective) as stated, coalesce(b.updated, b.effective) as stated_before,
  case when length(coalesce(a.updated, a.effective)) = 10 then
    cast(julianday(substr(c.first_seen_at, 1, 10)) - julianday(coalesce(a.updated, a.effective)) as integer)
    end as days_after_stated,
  c.kind, case c.kind when 'first' then '' else c.verdict end as verdict, c.materiality, c.topics,
  '+' || c.words_added || ' −' || c.words_removed as words,
  (select count(*) from clause_changes x where x.change = c.id) as clauses,
  substr('██████████████████████████████', 1, min(30, max(1,
    (c.words_added + c.words_removed) * 60 / max(a.words, 1)))) as size,
  c.summary, a.title
from changes c
join versions a on a.id = c.to_version
left join versions b on b.id = c.from_version
where {COUNTED}
order by c.policy, c.first_seen_at, c.id""",
    # Text changed, stated date did not, and more than the wording changed.
    "silent_changes": f"""
select c.id as change, c.policy, c.service, b.number as version_before, a.number as version,
  {_time("c.previous_seen_at", "previous_seen_at")},
  {_time("c.first_seen_at", "first_seen_at")}, coalesce(a.updated, a.effective) as stated, c.materiality,
  c.topics, c.words_added, c.words_removed, c.summary, c.url
from changes c join versions a on a.id = c.to_version left join versions b on b.id = c.from_version
where c.verdict = 'silent' and c.kind in ('edit', 'rewrite', 'reverted') and c.materiality <> 'none'
order by c.first_seen_at, c.id""",
    # Each version as one text a person can read, headings marked as in Markdown.
    "version_texts": f"""
select v.id, v.policy, v.number as version, {_time("v.seen_at", "seen_at")}, v.title, v.updated, v.effective,
  v.words, (
    select group_concat(line, char(10) || char(10)) from (
      select case vc.kind when 'heading' then substr('######', 1, max(vc.level, 1)) || ' '
          when 'item' then '- ' else '' end
        || case vc.number when '' then '' else vc.number || ' ' end || c.text as line
      from version_clauses vc join clauses c on c.id = vc.clause
      where vc.version = v.id order by vc.position)) as text
from versions v
order by v.policy, v.number""",
    # When each clause appeared and went, by the texts that stood. gone_at is null while it still stands.
    "clause_history": f"""
with told as (
  select id, policy, to_version, first_seen_at,
    row_number() over (partition by policy order by first_seen_at, id) as turn from changes c where {COUNTED}),
spans as (
  select t.policy, vc.clause, min(t.turn) as first_turn, max(t.turn) as last_turn
  from told t join version_clauses vc on vc.version = t.to_version group by t.policy, vc.clause)
select s.policy, s.clause, x.path as section, c.text,
  substr(f.first_seen_at, 1, 19) || 'Z' as first_seen_at, coalesce(fv.updated, fv.effective) as stated_then,
  fv.number as first_version, lv.number as last_version,
  case when not exists (
      select 1 from variants w join version_clauses n on n.version = w.standing
      where w.policy = s.policy and w.number = 1 and n.clause = s.clause)
    then substr(g.first_seen_at, 1, 19) || 'Z' end as gone_at
from spans s
join told f on f.policy = s.policy and f.turn = s.first_turn
join told l on l.policy = s.policy and l.turn = s.last_turn
left join told g on g.policy = s.policy and g.turn = s.last_turn + 1
join versions fv on fv.id = f.to_version
join versions lv on lv.id = l.to_version
join clauses c on c.id = s.clause
join version_clauses p on p.version = l.to_version and p.position = (
  select min(position) from version_clauses where version = l.to_version and clause = s.clause)
join sections x on x.id = p.section
order by s.policy, s.first_turn, p.position""",
    # One line a service: how honest its stated dates were. Changes of wording alone are not counted.
    "service_record": """
with told as (
  select c.*, coalesce(a.updated, a.effective) as stated
  from changes c join versions a on a.id = c.to_version
  where c.kind in ('edit', 'rewrite', 'reverted', 'date-only')),
gaps as (
  select service, julianday(substr(first_seen_at, 1, 10)) - julianday(stated) as days,
    row_number() over (partition by service
      order by julianday(substr(first_seen_at, 1, 10)) - julianday(stated)) as turn,
    count(*) over (partition by service) as total
  from told where verdict in ('announced', 'announced-ahead', 'backdated') and length(stated) = 10)
select t.service, count(distinct t.policy) as policies, count(*) as changes,
  sum(t.verdict in ('announced', 'announced-ahead')) as announced, sum(t.verdict = 'silent') as silent,
  sum(t.verdict = 'date-only') as date_only, sum(t.verdict = 'backdated') as backdated,
  sum(t.verdict = 'rolled-back') as rolled_back,
  sum(t.verdict in ('undated', 'date-added', 'date-removed', 'auto-dated')) as undated,
  (select round(avg(g.days), 1) from gaps g
   where g.service = t.service and g.turn in ((g.total + 1) / 2, (g.total + 2) / 2)) as median_days_after_stated
from told t group by t.service order by t.service""",
}


def refresh_views(conn: sqlite3.Connection) -> None:
    """Make the views as they stand here, where they differ. Inside the caller's transaction."""
    standing = dict(conn.execute("select name, sql from sqlite_master where type = 'view'").fetchall())
    for name, body in VIEWS.items():
        sql = f"CREATE VIEW {name} as{body}"
        if standing.get(name) != sql:
            conn.execute(f"drop view if exists {name}")
            conn.execute(sql)
