-- How good sessions are: how many events and views they have, how long they last, how many are a single event.
-- Grain: one row a period in which a session began, in the reporting time zone.
-- Parameter: period choice(day|week|month) = day: how long a period is; weeks begin on Monday
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name session_quality --param period=week
with begun as (
  select
    case cast(:period as varchar(8))
      when 'day' then date_trunc('day', day)
      when 'week' then date_trunc('week', day)
      when 'month' then date_trunc('month', day)
    end as period,
    cast(duration_seconds as double precision) as duration_seconds,
    cast(views as double precision) as views,
    cast(events as double precision) as events
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
)
select
  period,
  count(*) as sessions,
  round(avg(events), 2) as events_per_session,
  round(avg(views), 2) as views_per_session,
  round(avg(duration_seconds), 1) as average_seconds,
  median(duration_seconds) as median_seconds,
  round(cast(100 as double precision) * sum(case when events = 1 then 1 else 0 end) / count(*), 1) as bounce_percent
from begun
group by period
order by period;
