-- What has just happened: the last half hour, or as many minutes as are asked for.
-- Grain: one row a minute in which there was activity, in the reporting time zone, the latest first.
-- Parameter: minutes integer(1..1440) = 30: how far to look back
-- Parameter: until timestamp = now: the moment to look back from
-- Example: --name live --param minutes=10
select
  date_trunc('minute', local_time) as minute_begun,
  count(distinct visitor_id) as visitors,
  sum(case when event_type in ('page', 'screen') then 1 else 0 end) as views,
  count(*) as events
from marked_events
where traffic = 'people'
  and event_type in ('track', 'page', 'screen')
  and event_time > dateadd(minute, -cast(:minutes as integer), cast(:until as timestamp))
  and event_time <= cast(:until as timestamp)
group by date_trunc('minute', local_time)
order by minute_begun desc;
