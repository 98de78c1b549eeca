-- Grain: one row a day (in the reporting time zone), host and path that was viewed. Bots and internal traffic are
-- left out.
drop view if exists public.pages;

create view public.pages as
select
  date_trunc('day', local_time) as day,
  page_host,
  page_path,
  count(*) as views,
  count(distinct visitor_id) as visitors
from public.marked_events
where event_type = 'page'
  and traffic = 'people'
group by date_trunc('day', local_time), page_host, page_path
with no schema binding;

grant select on public.pages to role reader, role analyst;
