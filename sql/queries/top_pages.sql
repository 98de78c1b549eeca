-- The pages that are viewed most, and how often sessions begin and end on them.
-- Grain: one row a host and path.
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Parameter: most integer(1..10000) = 20: how many rows at most
-- Example: --name top_pages --param most=10
with viewed as (
  select
    page_host,
    page_path,
    count(*) as views,
    count(distinct visitor_id) as visitors
  from marked_events
  where traffic = 'people'
    and event_type = 'page'
    and local_time >= cast(:from_day as date)
    and local_time < dateadd(day, 1, cast(:to_day as date))
  group by page_host, page_path
),
landed as (
  select
    landing_host,
    landing_path,
    count(*) as sessions
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
  group by landing_host, landing_path
),
left_from as (
  select
    exit_host,
    exit_path,
    count(*) as sessions
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
  group by exit_host, exit_path
),
ranked as (
  select
    viewed.page_host,
    viewed.page_path,
    viewed.views,
    viewed.visitors,
    coalesce(landed.sessions, 0) as landings,
    coalesce(left_from.sessions, 0) as exits,
    row_number() over (order by viewed.views desc, viewed.page_host, viewed.page_path) as place
  from viewed
  left join landed
    on coalesce(landed.landing_host, '') = coalesce(viewed.page_host, '')
    and coalesce(landed.landing_path, '') = coalesce(viewed.page_path, '')
  left join left_from
    on coalesce(left_from.exit_host, '') = coalesce(viewed.page_host, '')
    and coalesce(left_from.exit_path, '') = coalesce(viewed.page_path, '')
)
select
  page_host,
  page_path,
  views,
  visitors,
  landings,
  exits
from ranked
where place <= cast(:most as integer)
order by place;
