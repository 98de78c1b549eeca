-- Grain: one row a day (UTC), host and path that was viewed. Crawlers are left out.
create or replace view daily_pages as
select
  date_trunc('day', event_time) as day,
  page_host,
  page_path,
  count(*) as views,
  count(distinct coalesce(anonymous_id, user_id)) as visitors
from events
where event_type = 'page'
  and (is_bot is null or not is_bot)
group by date_trunc('day', event_time), page_host, page_path;

grant select on daily_pages to role reader;
grant select on daily_pages to role analyst;
