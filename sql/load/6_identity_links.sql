insert into identity_links (id, kind, user_id, first_seen_at, last_seen_at)
select
  links.id,
  links.kind,
  links.user_id,
  min(links.event_time),
  max(links.event_time)
from (
  select anonymous_id as id, cast('anonymous' as varchar(16)) as kind, user_id, event_time
  from staged_events
  where anonymous_id is not null
    and user_id is not null
  union all
  select previous_id, cast('alias' as varchar(16)), user_id, event_time
  from staged_events
  where event_type = 'alias'
    and previous_id <> user_id
  union all
  select user_id, cast('user' as varchar(16)), user_id, event_time
  from staged_events
  where user_id is not null
) as links
group by links.id, links.kind, links.user_id;
