-- What conversions are owed to: the first session before one, the last session, or all of them in equal parts.
-- A conversion is every event that is the goal; the sessions are those of the same user, else visitor, that began in
-- the days before it, the converting one included. Sessions of one moment are in order of their ids.
-- Grain: one row a referrer and campaign; each of the three columns sums up to the number of conversions.
-- Parameter: goal text: a page's path, or the name of a tracked event or a screen
-- Parameter: days integer(1..3650) = 30: how long before a conversion a session may have begun
-- Parameter: from_day date = 2000-01-01: the first day of conversions, in the reporting time zone
-- Parameter: to_day date = 2099-12-31: the last day, included
-- Example: --name attribution --param "goal=Order Completed" --param days=7
with people as (
  select
    sessions.*,
    case when user_id is null then 'visitor ' || visitor_id else 'user ' || user_id end as person
  from sessions
),
conversions as (
  select
    marked_events.event_id,
    marked_events.event_time,
    people.person
  from marked_events
  inner join people
    on people.visitor_id = marked_events.visitor_id
    and marked_events.event_time between people.started_at and people.ended_at
  where marked_events.traffic = 'people'
    and marked_events.event_type in ('track', 'page', 'screen')
    and case
      when marked_events.event_type = 'page' then marked_events.page_path
      else marked_events.event_name
    end = cast(:goal as varchar(2048))
    and marked_events.local_time >= cast(:from_day as date)
    and marked_events.local_time < dateadd(day, 1, cast(:to_day as date))
),
touches as (
  select
    people.referrer_medium,
    people.referrer_source,
    people.campaign_source,
    people.campaign_medium,
    people.campaign_name,
    row_number() over (
      partition by conversions.event_id
      order by people.started_at, people.session_id
    ) as from_first,
    row_number() over (
      partition by conversions.event_id
      order by people.started_at desc, people.session_id desc
    ) as from_last,
    count(*) over (partition by conversions.event_id) as touches
  from conversions
  inner join people
    on people.person = conversions.person
    and people.started_at <= conversions.event_time
    -- The converting session counts however long ago it began
    and (
      people.started_at >= dateadd(day, -cast(:days as integer), conversions.event_time)
      or people.ended_at >= conversions.event_time
    )
)
select
  referrer_medium,
  referrer_source,
  campaign_source,
  campaign_medium,
  campaign_name,
  sum(case when from_first = 1 then 1 else 0 end) as first_touch,
  sum(case when from_last = 1 then 1 else 0 end) as last_touch,
  round(sum(cast(1 as double precision) / touches), 3) as linear
from touches
group by referrer_medium, referrer_source, campaign_source, campaign_medium, campaign_name
order by linear desc, referrer_medium, referrer_source, campaign_source, campaign_medium, campaign_name;
