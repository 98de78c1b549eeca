-- Paths from a page: the three pages viewed next in the session, from the first view of the page on.
-- Grain: one row a path; a session counts once, and where it has no such page the column is null.
-- Parameter: page text: the page's path
-- Parameter: from_day date = 2000-01-01: the first day that sessions begin on
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Parameter: most integer(1..10000) = 20: how many rows at most
-- Example: --name paths_from --param page=/cart
with viewed as (
  select
    sessions.session_id,
    marked_events.event_time,
    marked_events.event_id,
    marked_events.page_path
  from sessions
  inner join marked_events
    on marked_events.visitor_id = sessions.visitor_id
    and marked_events.event_time between sessions.started_at and sessions.ended_at
  where marked_events.traffic = 'people'
    and marked_events.event_type = 'page'
    and sessions.day between cast(:from_day as date) and cast(:to_day as date)
),
paths as (
  select
    session_id,
    page_path,
    lead(page_path, 1) over (
      partition by session_id
      order by event_time, event_id
    ) as next_1,
    lead(page_path, 2) over (
      partition by session_id
      order by event_time, event_id
    ) as next_2,
    lead(page_path, 3) over (
      partition by session_id
      order by event_time, event_id
    ) as next_3,
    row_number() over (
      partition by session_id, page_path
      order by event_time, event_id
    ) as visit
  from viewed
),
counted as (
  select
    next_1,
    next_2,
    next_3,
    count(*) as sessions
  from paths
  where page_path = cast(:page as varchar(2048))
    and visit = 1
  group by next_1, next_2, next_3
),
ranked as (
  select
    counted.*,
    row_number() over (order by sessions desc, next_1, next_2, next_3) as place
  from counted
)
select
  next_1,
  next_2,
  next_3,
  sessions
from ranked
where place <= cast(:most as integer)
order by place;
