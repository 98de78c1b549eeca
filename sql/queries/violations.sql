-- What breaks the tracking plan, and how often: events that were kept and flagged. Those of bots and internal traffic
-- are counted too.
-- Grain: one row an event's name, source, path and demand, the most frequent first.
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Parameter: most integer(1..10000) = 50: how many rows at most
-- Example: --name violations --param from_day=2026-01-01 --param most=10
with found as (
  select
    marked_events.event_name,
    marked_events.source,
    marked_events.plan_version,
    marked_events.event_time,
    violation.path::varchar as path,
    violation.must::varchar as must,
    violation.got::varchar as got
  from marked_events, marked_events.violations as violation
  where cast(marked_events.local_time as date) between cast(:from_day as date) and cast(:to_day as date)
),
counted as (
  select
    event_name,
    source,
    plan_version,
    path,
    must,
    count(*) as events,
    min(event_time) as first_time,
    max(event_time) as last_time,
    max(got) as an_example
  from found
  group by event_name, source, plan_version, path, must
),
ranked as (
  select
    counted.*,
    row_number() over (order by events desc, event_name, source, plan_version, path, must) as place
  from counted
)
select
  event_name,
  source,
  plan_version,
  path,
  must,
  events,
  first_time,
  last_time,
  an_example
from ranked
where place <= cast(:most as integer)
order by place;
