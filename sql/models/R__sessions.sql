-- Grain: one row a session of a visitor, with the user it is known to be of. Bots and internal traffic are left out.
drop view if exists public.sessions;

create view public.sessions as
select
  all_sessions.session_id,
  all_sessions.visitor_id,
  -- How many sessions the visitor has had up to this one: 1 is a new visitor
  row_number() over (
    partition by all_sessions.visitor_id
    order by all_sessions.started_at, all_sessions.session_id
  ) as session_number,
  coalesce(identities.user_id, all_sessions.user_id) as user_id,
  -- UTC
  all_sessions.started_at,
  all_sessions.ended_at,
  -- The day it began, in the reporting time zone
  date_trunc('day', convert_timezone('UTC', settings.time_zone, all_sessions.started_at)) as day,
  datediff(second, all_sessions.started_at, all_sessions.ended_at) as duration_seconds,
  all_sessions.events,
  all_sessions.views,
  all_sessions.source,
  all_sessions.landing_host,
  all_sessions.landing_path,
  all_sessions.exit_host,
  all_sessions.exit_path,
  all_sessions.referrer_host,
  all_sessions.referrer_medium,
  all_sessions.referrer_source,
  all_sessions.campaign_source,
  all_sessions.campaign_medium,
  all_sessions.campaign_name,
  all_sessions.campaign_term,
  all_sessions.campaign_content,
  all_sessions.browser_name,
  all_sessions.os_name,
  all_sessions.device_class,
  all_sessions.locale,
  all_sessions.geo_country
from public.all_sessions
cross join public.settings
left join public.identities
  on identities.id = coalesce(all_sessions.user_id, all_sessions.visitor_id)
  and identities.id_type = case when all_sessions.user_id is null then 'anonymous' else 'user' end
where all_sessions.traffic = 'people'
with no schema binding;

grant select on public.sessions to role reader, role analyst;
