-- Grain: one row an event that is activity, as a session of that event alone: the columns are those of
-- `all_sessions`. Identify, group and alias calls are no activity.
drop view if exists public.activity;

create view public.activity as
select
  event_id as session_id,
  visitor_id,
  traffic,
  user_id,
  case when user_id is not null then event_time end as user_seen_at,
  event_time as started_at,
  event_time as ended_at,
  event_id as last_event_id,
  1 as events,
  case when event_type in ('page', 'screen') then 1 else 0 end as views,
  source,
  page_host as landing_host,
  page_path as landing_path,
  referrer_host,
  referrer_medium,
  referrer_source,
  campaign_source,
  campaign_medium,
  campaign_name,
  campaign_term,
  campaign_content,
  browser_name,
  os_name,
  device_class,
  locale,
  geo_country,
  page_host as exit_host,
  page_path as exit_path,
  received_at
from public.marked_events
where event_type in ('track', 'page', 'screen')
  and visitor_id is not null
with no schema binding;

grant select on public.activity to role loader, role analyst, role replayer;
