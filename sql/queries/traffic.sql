-- Traffic over time: visitors, sessions that began, views and events.
-- Grain: one row a period in which there was any, in the reporting time zone.
-- Parameter: period choice(hour|day|week|month) = day: how long a period is; weeks begin on Monday
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name traffic --param period=week --param from_day=2026-01-01
with activity as (
  select
    case cast(:period as varchar(8))
      when 'hour' then date_trunc('hour', marked_events.local_time)
      when 'day' then date_trunc('day', marked_events.local_time)
      when 'week' then date_trunc('week', marked_events.local_time)
      when 'month' then date_trunc('month', marked_events.local_time)
    end as period,
    marked_events.visitor_id,
    marked_events.event_type,
    -- A session bears the id of its first event
    sessions.session_id
  from marked_events
  left join sessions
    on sessions.session_id = marked_events.event_id
  where marked_events.traffic = 'people'
    and marked_events.event_type in ('track', 'page', 'screen')
    and marked_events.local_time >= cast(:from_day as date)
    and marked_events.local_time < dateadd(day, 1, cast(:to_day as date))
)
select
  period,
  count(distinct visitor_id) as visitors,
  count(session_id) as sessions,
  sum(case when event_type in ('page', 'screen') then 1 else 0 end) as views,
  count(*) as events
from activity
group by period
order by period;
