-- In how many sessions a goal is reached, by what the sessions are of.
-- Grain: one row a device class, country, browser, operating system, language or referrer medium.
-- Parameter: goal text: a page's path, or the name of a tracked event or a screen
-- Parameter: compare choice(device|country|browser|os|locale|referrer) = device: what to compare by
-- Parameter: from_day date = 2000-01-01: the first day that sessions begin on
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name conversion --param "goal=Order Completed" --param compare=country
with begun as (
  select
    session_id,
    visitor_id,
    started_at,
    ended_at,
    case cast(:compare as varchar(16))
      when 'device' then device_class
      when 'country' then geo_country
      when 'browser' then browser_name
      when 'os' then os_name
      when 'locale' then locale
      when 'referrer' then referrer_medium
    end as compared
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
),
converted as (
  select distinct begun.session_id
  from begun
  inner join marked_events
    on marked_events.visitor_id = begun.visitor_id
    and marked_events.event_time between begun.started_at and begun.ended_at
  where marked_events.traffic = 'people'
    and marked_events.event_type in ('track', 'page', 'screen')
    and case
      when marked_events.event_type = 'page' then marked_events.page_path
      else marked_events.event_name
    end = cast(:goal as varchar(2048))
)
select
  begun.compared,
  count(*) as sessions,
  count(converted.session_id) as conversions,
  round(cast(100 as double precision) * count(converted.session_id) / count(*), 2) as conversion_percent
from begun
left join converted
  on converted.session_id = begun.session_id
group by begun.compared
order by sessions desc, begun.compared;
