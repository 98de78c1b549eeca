-- Grain: one row a load, kind, id and user that it was seen with. Only ever appended to: which link holds is for
-- the view `identities` to say, whatever order they came in.
create table identity_links (
  -- An anonymous_id, the id that an alias call replaces, or the user's own
  id varchar(256) not null,
  -- anonymous, alias or user
  kind varchar(16) not null,
  user_id varchar(256) not null,
  -- Times of the first and last event that said so, UTC
  first_seen_at timestamp not null,
  last_seen_at timestamp not null
)
diststyle auto
sortkey (last_seen_at);

-- What was loaded before there was this table.
insert into identity_links (id, kind, user_id, first_seen_at, last_seen_at)
select
  links.id,
  links.kind,
  links.user_id,
  min(links.event_time),
  max(links.event_time)
from (
  select anonymous_id as id, cast('anonymous' as varchar(16)) as kind, user_id, event_time
  from events
  where anonymous_id is not null
    and user_id is not null
  union all
  select previous_id, cast('alias' as varchar(16)), user_id, event_time
  from events
  where event_type = 'alias'
    and previous_id <> user_id
  union all
  select user_id, cast('user' as varchar(16)), user_id, event_time
  from events
  where user_id is not null
) as links
group by links.id, links.kind, links.user_id;

grant select, insert on identity_links to role loader;
grant select on identity_links to role analyst;
grant select, delete, update on identity_links to role steward;
