-- Grain: one row an event, with what every question asks of it first: who came, whether it counts, and when that
-- was by the clock of the reports.
drop view if exists public.marked_events;

create view public.marked_events as
select
  events.*,
  -- The visitor: a device or a browser, else the user
  coalesce(events.anonymous_id, events.user_id) as visitor_id,
  -- people, bot or internal
  case
    when hosts.kind is not null or networks.kind is not null or users.kind is not null then 'internal'
    when events.is_bot then 'bot'
    else 'people'
  end as traffic,
  -- When it happened, in the reporting time zone
  convert_timezone('UTC', settings.time_zone, events.event_time) as local_time
from public.events
cross join public.settings
left join public.internal_traffic as hosts
  on hosts.kind = 'host'
  and hosts.lowest = events.page_host
left join public.internal_traffic as networks
  on networks.kind = 'network'
  -- Networks in their numeric order, as text: 4 and three octets, or 6 and three groups.
  and case
    when events.ip_network like '%:%'
      then '6'
        || lpad(split_part(split_part(events.ip_network, '/', 1), ':', 1), 4, '0')
        || lpad(split_part(split_part(events.ip_network, '/', 1), ':', 2), 4, '0')
        || lpad(split_part(split_part(events.ip_network, '/', 1), ':', 3), 4, '0')
    else '4'
      || lpad(split_part(events.ip_network, '.', 1), 3, '0')
      || lpad(split_part(events.ip_network, '.', 2), 3, '0')
      || lpad(split_part(events.ip_network, '.', 3), 3, '0')
  end between networks.lowest and networks.highest
left join public.internal_traffic as users
  on users.kind = 'user'
  and users.lowest = events.user_id
with no schema binding;

grant select on public.marked_events to role analyst;
