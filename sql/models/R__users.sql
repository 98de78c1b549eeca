-- Grain: one row a user, under the id that the user goes by now. Internal users are left out; bots' sessions and
-- internal ones do not count.
drop view if exists public.users;

create view public.users as
with known as (
  select
    coalesce(identities.user_id, identity_links.user_id) as user_id,
    min(identity_links.first_seen_at) as first_seen_at,
    max(identity_links.last_seen_at) as last_seen_at
  from public.identity_links
  left join public.identities
    on identities.id = identity_links.user_id
    and identities.id_type = 'user'
  group by coalesce(identities.user_id, identity_links.user_id)
),
numbered as (
  select
    sessions.*,
    row_number() over (partition by user_id order by started_at, session_id) as user_session_number
  from public.sessions
  where user_id is not null
),
active as (
  select
    user_id,
    min(started_at) as first_active_at,
    max(ended_at) as last_active_at,
    count(*) as sessions,
    count(distinct visitor_id) as visitors,
    sum(events) as events,
    sum(views) as views,
    max(case when user_session_number = 1 then landing_path end) as first_landing_path,
    max(case when user_session_number = 1 then referrer_medium end) as first_referrer_medium,
    max(case when user_session_number = 1 then referrer_source end) as first_referrer_source,
    max(case when user_session_number = 1 then campaign_source end) as first_campaign_source,
    max(case when user_session_number = 1 then campaign_medium end) as first_campaign_medium,
    max(case when user_session_number = 1 then campaign_name end) as first_campaign_name
  from numbered
  group by user_id
)
select
  known.user_id,
  -- Times of the first and last event that is the user's, those before it was known included, UTC
  least(known.first_seen_at, active.first_active_at) as first_seen_at,
  greatest(known.last_seen_at, active.last_active_at) as last_seen_at,
  coalesce(active.sessions, 0) as sessions,
  -- Devices and browsers
  coalesce(active.visitors, 0) as visitors,
  coalesce(active.events, 0) as events,
  coalesce(active.views, 0) as views,
  -- How the user came for the first time
  active.first_landing_path,
  active.first_referrer_medium,
  active.first_referrer_source,
  active.first_campaign_source,
  active.first_campaign_medium,
  active.first_campaign_name
from known
left join active
  on active.user_id = known.user_id
left join public.internal_traffic as internal
  on internal.kind = 'user'
  and internal.lowest = known.user_id
where internal.kind is null
with no schema binding;

grant select on public.users to role reader, role analyst;
