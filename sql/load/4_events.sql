-- What the files hold, before what is known already is taken out.
-- Grain: one row an hour.
create temp table read_events as
select
  date_trunc('hour', received_at) as received_hour,
  count(*) as lines_read
from staged_events
group by 1;

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

delete from staged_events
using known_events
where known_events.event_id = staged_events.event_id;

-- Each event once: the earliest of its copies among the files. There are few: no others are ranked and written anew.
create temp table earliest_copies as
select ranked.*
from (
  select
    staged_events.*,
    row_number() over (
      partition by staged_events.event_id
      order by staged_events.received_at, staged_events.batch_id
    ) as copy_number
  from staged_events
  inner join (
    select copies.event_id
    from staged_events as copies
    group by copies.event_id
    having count(*) > 1
  ) as repeated
    on repeated.event_id = staged_events.event_id
) as ranked
where ranked.copy_number = 1;

delete from staged_events
using earliest_copies
where earliest_copies.event_id = staged_events.event_id;

-- From here on, what is staged is what is new. The staging table has the columns of `events`, in their order.
insert into staged_events
select * exclude (copy_number)
from earliest_copies;

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
  enrichment_errors,
  violations,
  plan_version,
  order_id
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
  enrichment_errors,
  violations,
  plan_version,
  order_id
from staged_events;
