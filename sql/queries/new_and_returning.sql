-- New against returning visitors: a visitor is new in the period in which the first of all sessions began.
-- Grain: one row a period in which a session began, in the reporting time zone.
-- Parameter: period choice(day|week|month) = day: how long a period is; weeks begin on Monday
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name new_and_returning --param period=month
with begun as (
  select
    case cast(:period as varchar(8))
      when 'day' then date_trunc('day', day)
      when 'week' then date_trunc('week', day)
      when 'month' then date_trunc('month', day)
    end as period,
    visitor_id,
    session_number
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
),
visitors as (
  select
    period,
    visitor_id,
    count(*) as sessions,
    min(session_number) as first_session_number
  from begun
  group by period, visitor_id
)
select
  period,
  count(*) as visitors,
  sum(case when first_session_number = 1 then 1 else 0 end) as new_visitors,
  sum(case when first_session_number > 1 then 1 else 0 end) as returning_visitors,
  sum(sessions) as sessions,
  sum(case when first_session_number = 1 then sessions else 0 end) as sessions_of_new,
  sum(case when first_session_number > 1 then sessions else 0 end) as sessions_of_returning
from visitors
group by period
order by period;
