-- Grain: one row a session of a visitor. A session ends with 30 minutes of inactivity. Events of crawlers, and
-- identify, group and alias calls, which are no activity, are left out.
create or replace view sessions as
with activity as (
  select
    coalesce(anonymous_id, user_id) as visitor_id,
    user_id,
    event_id,
    event_time,
    event_type,
    page_path,
    referrer_medium,
    referrer_source,
    campaign_source,
    campaign_medium,
    campaign_name,
    device_class,
    browser_name,
    os_name,
    geo_country,
    source
  from events
  where event_type in ('track', 'page', 'screen')
    and coalesce(anonymous_id, user_id) is not null
    and (is_bot is null or not is_bot)
),
gaps as (
  select
    activity.*,
    lag(event_time) over (partition by visitor_id order by event_time, event_id) as previous_time
  from activity
),
numbered as (
  select
    gaps.*,
    sum(case when previous_time is null or event_time > dateadd(minute, 30, previous_time) then 1 else 0 end)
      over (partition by visitor_id order by event_time, event_id rows unbounded preceding) as session_number
  from gaps
),
ordered as (
  select
    numbered.*,
    row_number() over (partition by visitor_id, session_number order by event_time, event_id) as event_number
  from numbered
)
select
  visitor_id,
  session_number,
  max(user_id) as user_id,
  min(event_time) as started_at,
  max(event_time) as ended_at,
  datediff(second, min(event_time), max(event_time)) as duration_seconds,
  count(*) as events,
  sum(case when event_type in ('page', 'screen') then 1 else 0 end) as views,
  max(case when event_number = 1 then page_path end) as landing_path,
  max(case when event_number = 1 then referrer_medium end) as referrer_medium,
  max(case when event_number = 1 then referrer_source end) as referrer_source,
  max(case when event_number = 1 then campaign_source end) as campaign_source,
  max(case when event_number = 1 then campaign_medium end) as campaign_medium,
  max(case when event_number = 1 then campaign_name end) as campaign_name,
  max(case when event_number = 1 then device_class end) as device_class,
  max(case when event_number = 1 then browser_name end) as browser_name,
  max(case when event_number = 1 then os_name end) as os_name,
  max(case when event_number = 1 then geo_country end) as geo_country,
  max(case when event_number = 1 then source end) as source
from ordered
group by visitor_id, session_number;

grant select on sessions to role reader;
grant select on sessions to role analyst;
