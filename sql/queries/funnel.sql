-- Visitors who take steps in order, the last of them within some time of the first.
-- A step is the path of a page, or the name of a tracked event or a screen. Other events may lie between two steps;
-- a visitor may begin anew, and the attempt that came furthest counts. Events of one moment are in order of their ids.
-- Grain: one row a step.
-- Parameter: steps steps(2..6): paths and names, in order
-- Parameter: minutes integer(1..5256000) = 1440: from the first step to the last one at most
-- Parameter: from_day date = 2000-01-01: the first day, in the reporting time zone
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name funnel --param "steps=/ > /cart > Order Completed" --param minutes=60
with asked as (
  select
    trim(split_part(cast(:steps as varchar(4096)), '>', 1)) as step_1,
    trim(split_part(cast(:steps as varchar(4096)), '>', 2)) as step_2,
    trim(split_part(cast(:steps as varchar(4096)), '>', 3)) as step_3,
    trim(split_part(cast(:steps as varchar(4096)), '>', 4)) as step_4,
    trim(split_part(cast(:steps as varchar(4096)), '>', 5)) as step_5,
    trim(split_part(cast(:steps as varchar(4096)), '>', 6)) as step_6,
    cast(:minutes as integer) as minutes
),
taken as (
  select
    visitor_id,
    event_time,
    event_id,
    case when event_type = 'page' then page_path else event_name end as step
  from marked_events
  where traffic = 'people'
    and event_type in ('track', 'page', 'screen')
    and local_time >= cast(:from_day as date)
    and local_time < dateadd(day, 1, cast(:to_day as date))
),
-- Of every event that is a step: the latest first step that leads to it, were it the second, third, … step.
chain_2 as (
  select
    taken.*,
    asked.*,
    max(case when step = step_1 then event_time end) over (
      partition by visitor_id
      order by event_time, event_id
      rows between unbounded preceding and 1 preceding
    ) as start_2
  from taken
  inner join asked
    on taken.step in (asked.step_1, asked.step_2, asked.step_3, asked.step_4, asked.step_5, asked.step_6)
),
chain_3 as (
  select
    chain_2.*,
    max(case when step = step_2 and event_time <= dateadd(minute, minutes, start_2) then start_2 end) over (
      partition by visitor_id
      order by event_time, event_id
      rows between unbounded preceding and 1 preceding
    ) as start_3
  from chain_2
),
chain_4 as (
  select
    chain_3.*,
    max(case when step = step_3 and event_time <= dateadd(minute, minutes, start_3) then start_3 end) over (
      partition by visitor_id
      order by event_time, event_id
      rows between unbounded preceding and 1 preceding
    ) as start_4
  from chain_3
),
chain_5 as (
  select
    chain_4.*,
    max(case when step = step_4 and event_time <= dateadd(minute, minutes, start_4) then start_4 end) over (
      partition by visitor_id
      order by event_time, event_id
      rows between unbounded preceding and 1 preceding
    ) as start_5
  from chain_4
),
chain_6 as (
  select
    chain_5.*,
    max(case when step = step_5 and event_time <= dateadd(minute, minutes, start_5) then start_5 end) over (
      partition by visitor_id
      order by event_time, event_id
      rows between unbounded preceding and 1 preceding
    ) as start_6
  from chain_5
),
reached as (
  select
    count(distinct case when step = step_1 then visitor_id end) as visitors_1,
    count(distinct case
      when step = step_2 and event_time <= dateadd(minute, minutes, start_2) then visitor_id
    end) as visitors_2,
    count(distinct case
      when step = step_3 and event_time <= dateadd(minute, minutes, start_3) then visitor_id
    end) as visitors_3,
    count(distinct case
      when step = step_4 and event_time <= dateadd(minute, minutes, start_4) then visitor_id
    end) as visitors_4,
    count(distinct case
      when step = step_5 and event_time <= dateadd(minute, minutes, start_5) then visitor_id
    end) as visitors_5,
    count(distinct case
      when step = step_6 and event_time <= dateadd(minute, minutes, start_6) then visitor_id
    end) as visitors_6
  from chain_6
),
counted as (
  select
    1 as step,
    step_1 as name,
    visitors_1 as visitors
  from asked
  cross join reached
  union all
  select
    2,
    step_2,
    visitors_2
  from asked
  cross join reached
  union all
  select
    3,
    step_3,
    visitors_3
  from asked
  cross join reached
  union all
  select
    4,
    step_4,
    visitors_4
  from asked
  cross join reached
  union all
  select
    5,
    step_5,
    visitors_5
  from asked
  cross join reached
  union all
  select
    6,
    step_6,
    visitors_6
  from asked
  cross join reached
)
select
  step,
  name,
  visitors,
  round(
    cast(100 as double precision) * visitors / nullif(first_value(visitors) over (
      order by step
      rows between unbounded preceding and unbounded following
    ), 0),
    1
  ) as percent_of_first,
  round(
    cast(100 as double precision) * visitors / nullif(lag(visitors) over (order by step), 0),
    1
  ) as percent_of_previous
from counted
where name <> ''
order by step;
