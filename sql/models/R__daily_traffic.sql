-- Grain: one row a day (UTC) and source. Crawlers are counted apart.
create or replace view daily_traffic as
select
  date_trunc('day', event_time) as day,
  source,
  count(distinct case when is_bot is null or not is_bot then coalesce(anonymous_id, user_id) end) as visitors,
  sum(case when event_type in ('page', 'screen') and (is_bot is null or not is_bot) then 1 else 0 end) as views,
  sum(case when is_bot is null or not is_bot then 1 else 0 end) as events,
  sum(case when is_bot then 1 else 0 end) as bot_events
from events
group by date_trunc('day', event_time), source;

grant select on daily_traffic to role reader;
grant select on daily_traffic to role analyst;
