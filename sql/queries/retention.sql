-- Retention: of the visitors whose first session began in a period, how many came again in each later one.
-- Grain: one row a cohort and number of periods since, in which anyone came; 0 is the cohort's own period.
-- Parameter: period choice(day|week|month) = week: how long a period is, in the reporting time zone; weeks begin on Monday
-- Parameter: from_day date = 2000-01-01: the first day that cohorts begin on
-- Parameter: to_day date = 2099-12-31: the last such day, included
-- Parameter: periods integer(0..1000) = 12: how many periods later at most
-- Example: --name retention --param period=month --param periods=6
with came as (
  select distinct
    visitor_id,
    case cast(:period as varchar(8))
      when 'day' then date_trunc('day', day)
      when 'week' then date_trunc('week', day)
      when 'month' then date_trunc('month', day)
    end as period
  from sessions
),
firsts as (
  select
    visitor_id,
    case cast(:period as varchar(8))
      when 'day' then date_trunc('day', day)
      when 'week' then date_trunc('week', day)
      when 'month' then date_trunc('month', day)
    end as cohort
  from sessions
  where session_number = 1
    and day between cast(:from_day as date) and cast(:to_day as date)
),
aged as (
  select
    firsts.cohort,
    firsts.visitor_id,
    case cast(:period as varchar(8))
      when 'day' then datediff(day, firsts.cohort, came.period)
      -- Both are Mondays
      when 'week' then datediff(day, firsts.cohort, came.period) / 7
      when 'month' then datediff(month, firsts.cohort, came.period)
    end as periods_since
  from firsts
  inner join came
    on came.visitor_id = firsts.visitor_id
),
counted as (
  select
    cohort,
    periods_since,
    count(*) as visitors
  from aged
  group by cohort, periods_since
)
select
  cohort,
  periods_since,
  visitors,
  round(
    cast(100 as double precision) * visitors / first_value(visitors) over (
      partition by cohort
      order by periods_since
      rows between unbounded preceding and unbounded following
    ),
    1
  ) as percent_of_cohort
from counted
where periods_since <= cast(:periods as integer)
order by cohort, periods_since;
