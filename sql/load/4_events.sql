-- Those of the lines that the table has within the window.
create temp table known_events (
  event_id varchar(128) not null
);

insert into known_events (event_id)
select distinct events.event_id
from events
inner join staged_events
  on staged_events.event_id = events.event_id
where events.received_at >= cast(:copies_from as timestamp)
  and events.received_at <= cast(:copies_until as timestamp);

-- Each event once: the earliest copy among the files, unless it is known.
create temp table new_events as
select staged.*
from (
  select
    staged_events.*,
    row_number() over (partition by event_id order by received_at, batch_id) as copy_number
  from staged_events
) as staged
left join known_events
  on known_events.event_id = staged.event_id
where staged.copy_number = 1
  and known_events.event_id is null;

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
  schema_version,
  campaign_id,
  click_id,
  click_id_type,
  ad_network,
  viewport_width,
  viewport_height,
  screen_orientation,
  locale_language,
  locale_country,
  time_problem,
  content_id,
  enrichment_errors
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
  schema_version,
  campaign_id,
  click_id,
  click_id_type,
  ad_network,
  viewport_width,
  viewport_height,
  screen_orientation,
  locale_language,
  locale_country,
  time_problem,
  content_id,
  enrichment_errors
from new_events;
