-- Joins parts between which there is no longer pause than a session survives: the same whether a part is one event
-- or a session of many, and in whatever order they came.
-- Grain: one row a session, with the ids of its first and its last event.
create temp table merged_sessions as
with reached as (
  select
    session_id,
    visitor_id,
    traffic,
    user_id,
    user_seen_at,
    started_at,
    ended_at,
    last_event_id,
    events,
    views,
    received_at,
    max(ended_at) over (
      partition by visitor_id, traffic
      order by started_at, session_id
      rows between unbounded preceding and 1 preceding
    ) as reached_at
  from session_parts
),
begun as (
  select
    reached.*,
    case
      when reached_at is null or started_at > dateadd(minute, session_minutes, reached_at) then 1
      else 0
    end as begins
  from reached
  cross join settings
),
numbered as (
  select
    begun.*,
    sum(begins) over (
      partition by visitor_id, traffic
      order by started_at, session_id
      rows unbounded preceding
    ) as session_number
  from begun
),
ranked as (
  select
    numbered.*,
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
  max(case when begins = 1 then session_id end) as session_id,
  visitor_id,
  traffic,
  max(case when from_last_user = 1 then user_id end) as user_id,
  max(user_seen_at) as user_seen_at,
  min(started_at) as started_at,
  max(ended_at) as ended_at,
  max(case when from_last = 1 then last_event_id end) as last_event_id,
  sum(events) as events,
  sum(views) as views,
  max(received_at) as received_at
from ranked
group by visitor_id, traffic, session_number;

-- What the first and the last part of a session say is looked up: carried along, it would be sorted each time. An
-- event that was loaded twice, further apart than the window, is two equal parts.
insert into all_sessions
select
  merged.session_id as session_id,
  merged.visitor_id as visitor_id,
  merged.traffic as traffic,
  max(merged.user_id) as user_id,
  max(merged.user_seen_at) as user_seen_at,
  merged.started_at as started_at,
  max(merged.ended_at) as ended_at,
  max(merged.last_event_id) as last_event_id,
  max(merged.events) as events,
  max(merged.views) as views,
  max(beginning.source) as source,
  max(beginning.landing_host) as landing_host,
  max(beginning.landing_path) as landing_path,
  max(beginning.referrer_host) as referrer_host,
  max(beginning.referrer_medium) as referrer_medium,
  max(beginning.referrer_source) as referrer_source,
  max(beginning.campaign_source) as campaign_source,
  max(beginning.campaign_medium) as campaign_medium,
  max(beginning.campaign_name) as campaign_name,
  max(beginning.campaign_term) as campaign_term,
  max(beginning.campaign_content) as campaign_content,
  max(beginning.browser_name) as browser_name,
  max(beginning.os_name) as os_name,
  max(beginning.device_class) as device_class,
  max(beginning.locale) as locale,
  max(beginning.geo_country) as geo_country,
  max(ending.exit_host) as exit_host,
  max(ending.exit_path) as exit_path,
  max(merged.received_at) as received_at
from merged_sessions as merged
inner join session_parts as beginning
  on beginning.session_id = merged.session_id
  and beginning.visitor_id = merged.visitor_id
  and beginning.traffic = merged.traffic
  and beginning.started_at = merged.started_at
inner join session_parts as ending
  on ending.last_event_id = merged.last_event_id
  and ending.visitor_id = merged.visitor_id
  and ending.traffic = merged.traffic
  and ending.ended_at = merged.ended_at
group by merged.session_id, merged.visitor_id, merged.traffic, merged.started_at;
