-- Where sessions come from: referrers and campaigns, by the first event of the session.
-- Grain: one row a referrer and campaign; a bounce is a session of a single event.
-- Parameter: from_day date = 2000-01-01: the first day
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Parameter: most integer(1..10000) = 50: how many rows at most
-- Example: --name sources --param from_day=2026-01-01 --param most=10
with counted as (
  select
    referrer_medium,
    referrer_source,
    referrer_host,
    campaign_source,
    campaign_medium,
    campaign_name,
    count(*) as sessions,
    count(distinct visitor_id) as visitors,
    sum(case when session_number = 1 then 1 else 0 end) as new_visitors,
    sum(views) as views,
    sum(case when events = 1 then 1 else 0 end) as bounces
  from sessions
  where day between cast(:from_day as date) and cast(:to_day as date)
  group by referrer_medium, referrer_source, referrer_host, campaign_source, campaign_medium, campaign_name
),
ranked as (
  select
    counted.*,
    row_number() over (
      order by sessions desc, referrer_host, referrer_medium, referrer_source,
        campaign_source, campaign_medium, campaign_name
    ) as place
  from counted
)
select
  referrer_medium,
  referrer_source,
  referrer_host,
  campaign_source,
  campaign_medium,
  campaign_name,
  sessions,
  visitors,
  new_visitors,
  views,
  bounces
from ranked
where place <= cast(:most as integer)
order by place;
