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
steps as (
  select
    1 as step,
    step_1 as name
  from asked
  where step_1 <> ''
  union all
  select
    2 as step,
    step_2 as name
  from asked
  where step_2 <> ''
  union all
  select
    3 as step,
    step_3 as name
  from asked
  where step_3 <> ''
  union all
  select
    4 as step,
    step_4 as name
  from asked
  where step_4 <> ''
  union all
  select
    5 as step,
    step_5 as name
  from asked
  where step_5 <> ''
  union all
  select
    6 as step,
    step_6 as name
  from asked
  where step_6 <> ''
),
-- Grain: one row an event and step that it is.
taken as (
  select
    events.visitor_id,
    events.event_time,
    events.event_id,
    steps.step
  from marked_events as events
  inner join steps
    on steps.name = case when events.event_type = 'page' then events.page_path else events.event_name end
  where events.traffic = 'people'
    and events.event_type in ('track', 'page', 'screen')
    and events.local_time >= cast(:from_day as date)
    and events.local_time < dateadd(day, 1, cast(:to_day as date))
),
-- Events that are a step and that one of the step before leads to, in time: with the latest first step that does.
-- An event may be both steps; it does not lead to itself.
reached_2 as (
  select
    visitor_id,
    event_time,
    event_id,
    begun_at as started_at
  from (
    select
      visitor_id,
      event_time,
      event_id,
      step,
      max(started_at) over (
        partition by visitor_id
        order by event_time, event_id, step desc
        rows between unbounded preceding and 1 preceding
      ) as begun_at
    from (
      select
        visitor_id,
        event_time,
        event_id,
        step,
        case when step = 1 then event_time end as started_at
      from taken
      where step in (1, 2)
    ) as steps_1_and_2
  ) as led_to
  cross join asked
  where led_to.step = 2
    and led_to.event_time <= dateadd(minute, asked.minutes, led_to.begun_at)
),
reached_3 as (
  select
    visitor_id,
    event_time,
    event_id,
    begun_at as started_at
  from (
    select
      visitor_id,
      event_time,
      event_id,
      step,
      max(started_at) over (
        partition by visitor_id
        order by event_time, event_id, step desc
        rows between unbounded preceding and 1 preceding
      ) as begun_at
    from (
      select
        visitor_id,
        event_time,
        event_id,
        2 as step,
        started_at
      from reached_2
      union all
      select
        visitor_id,
        event_time,
        event_id,
        step,
        cast(null as timestamp)
      from taken
      where step = 3
    ) as steps_2_and_3
  ) as led_to
  cross join asked
  where led_to.step = 3
    and led_to.event_time <= dateadd(minute, asked.minutes, led_to.begun_at)
),
reached_4 as (
  select
    visitor_id,
    event_time,
    event_id,
    begun_at as started_at
  from (
    select
      visitor_id,
      event_time,
      event_id,
      step,
      max(started_at) over (
        partition by visitor_id
        order by event_time, event_id, step desc
        rows between unbounded preceding and 1 preceding
      ) as begun_at
    from (
      select
        visitor_id,
        event_time,
        event_id,
        3 as step,
        started_at
      from reached_3
      union all
      select
        visitor_id,
        event_time,
        event_id,
        step,
        cast(null as timestamp)
      from taken
      where step = 4
    ) as steps_3_and_4
  ) as led_to
  cross join asked
  where led_to.step = 4
    and led_to.event_time <= dateadd(minute, asked.minutes, led_to.begun_at)
),
reached_5 as (
  select
    visitor_id,
    event_time,
    event_id,
    begun_at as started_at
  from (
    select
      visitor_id,
      event_time,
      event_id,
      step,
      max(started_at) over (
        partition by visitor_id
        order by event_time, event_id, step desc
        rows between unbounded preceding and 1 preceding
      ) as begun_at
    from (
      select
        visitor_id,
        event_time,
        event_id,
        4 as step,
        started_at
      from reached_4
      union all
      select
        visitor_id,
        event_time,
        event_id,
        step,
        cast(null as timestamp)
      from taken
      where step = 5
    ) as steps_4_and_5
  ) as led_to
  cross join asked
  where led_to.step = 5
    and led_to.event_time <= dateadd(minute, asked.minutes, led_to.begun_at)
),
reached_6 as (
  select
    visitor_id,
    event_time,
    event_id,
    begun_at as started_at
  from (
    select
      visitor_id,
      event_time,
      event_id,
      step,
      max(started_at) over (
        partition by visitor_id
        order by event_time, event_id, step desc
        rows between unbounded preceding and 1 preceding
      ) as begun_at
    from (
      select
        visitor_id,
        event_time,
        event_id,
        5 as step,
        started_at
      from reached_5
      union all
      select
        visitor_id,
        event_time,
        event_id,
        step,
        cast(null as timestamp)
      from taken
      where step = 6
    ) as steps_5_and_6
  ) as led_to
  cross join asked
  where led_to.step = 6
    and led_to.event_time <= dateadd(minute, asked.minutes, led_to.begun_at)
),
counted as (
  select
    1 as step,
    count(distinct visitor_id) as visitors
  from taken
  where step = 1
  union all
  select
    2,
    count(distinct visitor_id)
  from reached_2
  union all
  select
    3,
    count(distinct visitor_id)
  from reached_3
  union all
  select
    4,
    count(distinct visitor_id)
  from reached_4
  union all
  select
    5,
    count(distinct visitor_id)
  from reached_5
  union all
  select
    6,
    count(distinct visitor_id)
  from reached_6
)
select
  steps.step,
  steps.name,
  counted.visitors,
  round(
    cast(100 as double precision) * counted.visitors / nullif(first_value(counted.visitors) over (
      order by steps.step
      rows between unbounded preceding and unbounded following
    ), 0),
    1
  ) as percent_of_first,
  round(
    cast(100 as double precision) * counted.visitors / nullif(lag(counted.visitors) over (order by steps.step), 0),
    1
  ) as percent_of_previous
from steps
inner join counted
  on counted.step = steps.step
order by steps.step;
