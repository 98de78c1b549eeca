-- Grain: one row a day (in the reporting time zone) and source. Bots and internal traffic are counted apart.
drop view if exists public.daily;

create view public.daily as
with counted as (
  select
    date_trunc('day', local_time) as day,
    source,
    count(distinct case when traffic = 'people' then visitor_id end) as visitors,
    0 as new_visitors,
    0 as sessions,
    sum(case when traffic = 'people' and event_type in ('page', 'screen') then 1 else 0 end) as views,
    sum(case when traffic = 'people' then 1 else 0 end) as events,
    sum(case when traffic = 'bot' then 1 else 0 end) as bot_events,
    sum(case when traffic = 'internal' then 1 else 0 end) as internal_events
  from public.marked_events
  group by date_trunc('day', local_time), source
  union all
  select
    day,
    source,
    0,
    sum(case when session_number = 1 then 1 else 0 end),
    count(*),
    0,
    0,
    0,
    0
  from public.sessions
  group by day, source
)
select
  day,
  source,
  sum(visitors) as visitors,
  -- Visitors whose first session began that day
  sum(new_visitors) as new_visitors,
  -- Sessions that began that day
  sum(sessions) as sessions,
  sum(views) as views,
  sum(events) as events,
  sum(bot_events) as bot_events,
  sum(internal_events) as internal_events
from counted
group by day, source
with no schema binding;

grant select on public.daily to role reader, role analyst;
