-- Joins parts between which there is no longer pause than a session survives: the same whether a part is one event
-- or a session of many, and in whatever order they came.
insert into all_sessions
with reached as (
  select
    session_parts.*,
    max(ended_at) over (
      partition by visitor_id, traffic
      order by started_at, session_id
      rows between unbounded preceding and 1 preceding
    ) as reached_at
  from session_parts
),
numbered as (
  select
    reached.*,
    sum(case
      when reached_at is null or started_at > dateadd(minute, session_minutes, reached_at) then 1
      else 0
    end) over (
      partition by visitor_id, traffic
      order by started_at, session_id
      rows unbounded preceding
    ) as session_number
  from reached
  cross join settings
),
ranked as (
  select
    numbered.*,
    row_number() over (
      partition by visitor_id, traffic, session_number
      order by started_at, session_id
    ) as from_first,
    row_number() over (
      partition by visitor_id, traffic, session_number
      order by ended_at desc, last_event_id desc
    ) as from_last,
    row_number() over (
      partition by visitor_id, traffic, session_number
      order by user_seen_at desc nulls last, user_id desc
    ) as from_last_user
  from numbered
)
select
  max(case when from_first = 1 then session_id end) as session_id,
  visitor_id,
  traffic,
  max(case when from_last_user = 1 then user_id end) as user_id,
  max(user_seen_at) as user_seen_at,
  min(started_at) as started_at,
  max(ended_at) as ended_at,
  max(case when from_last = 1 then last_event_id end) as last_event_id,
  sum(events) as events,
  sum(views) as views,
  max(case when from_first = 1 then source end) as source,
  max(case when from_first = 1 then landing_host end) as landing_host,
  max(case when from_first = 1 then landing_path end) as landing_path,
  max(case when from_first = 1 then referrer_host end) as referrer_host,
  max(case when from_first = 1 then referrer_medium end) as referrer_medium,
  max(case when from_first = 1 then referrer_source end) as referrer_source,
  max(case when from_first = 1 then campaign_source end) as campaign_source,
  max(case when from_first = 1 then campaign_medium end) as campaign_medium,
  max(case when from_first = 1 then campaign_name end) as campaign_name,
  max(case when from_first = 1 then campaign_term end) as campaign_term,
  max(case when from_first = 1 then campaign_content end) as campaign_content,
  max(case when from_first = 1 then browser_name end) as browser_name,
  max(case when from_first = 1 then os_name end) as os_name,
  max(case when from_first = 1 then device_class end) as device_class,
  max(case when from_first = 1 then locale end) as locale,
  max(case when from_first = 1 then geo_country end) as geo_country,
  max(case when from_last = 1 then exit_host end) as exit_host,
  max(case when from_last = 1 then exit_path end) as exit_path,
  max(received_at) as received_at
from ranked
group by visitor_id, traffic, session_number;
