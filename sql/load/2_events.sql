-- Fails, and with it the load, when another loader has loaded one of these files since this one looked.
select cast(case when count(*) = 0 then '0' else 'a file of this load is loaded already' end as integer)
from load_ledger
inner join staged_files
  on staged_files.object_key = load_ledger.object_key;

-- How far back and ahead of these lines a copy of one of them may lie. Both sides: a retry may be loaded before
-- the original, where that was delayed.
-- Grain: one row.
create temp table load_window as
select
  dateadd(hour, -max(hours), min(received_at)) as earliest,
  dateadd(hour, max(hours), max(received_at)) as latest
from (
  select received_at from staged_events
  union all
  select received_at from staged_failed_events
) as lines
cross join (
  select max(deduplication_hours) as hours from staged_files
) as setting;

-- Keeps each event once: the earliest copy among the files, unless the table has one within the window.
create temp table new_events as
select staged.*
from (
  select
    staged_events.*,
    row_number() over (partition by event_id order by received_at, batch_id) as copy_number
  from staged_events
) as staged
left join (
  select events.event_id
  from events
  cross join load_window
  where events.received_at >= load_window.earliest
    and events.received_at <= load_window.latest
) as known
  on known.event_id = staged.event_id
where staged.copy_number = 1
  and known.event_id is null;

insert into events (
  event_id,
  batch_id,
  event_type,
  event_name,
  event_time,
  sent_at,
  received_at,
  anonymous_id,
  user_id,
  session_id,
  previous_id,
  group_id,
  page_url,
  page_host,
  page_path,
  page_query,
  page_title,
  referrer_url,
  referrer_host,
  referrer_medium,
  referrer_source,
  campaign_source,
  campaign_medium,
  campaign_name,
  campaign_term,
  campaign_content,
  user_agent,
  browser_name,
  browser_version,
  os_name,
  os_version,
  device_class,
  device_brand,
  device_model,
  is_bot,
  locale,
  timezone,
  screen_width,
  screen_height,
  ip_network,
  geo_country,
  geo_region,
  geo_city,
  revenue,
  currency,
  properties,
  context,
  source,
  protocol,
  sdk_name,
  sdk_version,
  truncated,
  schema_version
)
select
  event_id,
  batch_id,
  event_type,
  event_name,
  event_time,
  sent_at,
  received_at,
  anonymous_id,
  user_id,
  session_id,
  previous_id,
  group_id,
  page_url,
  page_host,
  page_path,
  page_query,
  page_title,
  referrer_url,
  referrer_host,
  referrer_medium,
  referrer_source,
  campaign_source,
  campaign_medium,
  campaign_name,
  campaign_term,
  campaign_content,
  user_agent,
  browser_name,
  browser_version,
  os_name,
  os_version,
  device_class,
  device_brand,
  device_model,
  is_bot,
  locale,
  timezone,
  screen_width,
  screen_height,
  ip_network,
  geo_country,
  geo_region,
  geo_city,
  revenue,
  currency,
  properties,
  context,
  source,
  protocol,
  sdk_name,
  sdk_version,
  truncated,
  schema_version
from new_events;
