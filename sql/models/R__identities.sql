-- Grain: one row an id that is known to be a user's, and its type: anonymous for an anonymous_id, user for a user_id
-- that an alias call replaced. Join it by both; an id that is not here stands for itself.
-- The link that was seen last holds, whatever order they were loaded in. Aliases are followed to their end, over up
-- to 64 of them; ids that are each other's aliases in a circle are one user, by the smallest of the ids.
drop view if exists public.identities;

create view public.identities as
with latest_alias as (
  select id, user_id
  from (
    select
      id,
      user_id,
      row_number() over (partition by id order by last_seen_at desc, user_id desc) as recency
    from public.identity_links
    where kind = 'alias'
  ) as aliases
  where recency = 1
),
-- Where each id leads in one step, and the smallest id on the way; then in twice as many, and so on.
within_1 as (
  select id, user_id as reached, user_id as smallest
  from latest_alias
),
within_2 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_1 as one
  left join within_1 as two
    on two.id = one.reached
),
within_4 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_2 as one
  left join within_2 as two
    on two.id = one.reached
),
within_8 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_4 as one
  left join within_4 as two
    on two.id = one.reached
),
within_16 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_8 as one
  left join within_8 as two
    on two.id = one.reached
),
within_32 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_16 as one
  left join within_16 as two
    on two.id = one.reached
),
within_64 as (
  select
    one.id,
    coalesce(two.reached, one.reached) as reached,
    least(one.smallest, two.smallest) as smallest
  from within_32 as one
  left join within_32 as two
    on two.id = one.reached
),
-- What is reached and leads on still lies in a circle.
followed as (
  select
    within_64.id,
    coalesce(circle.smallest, within_64.reached) as user_id
  from within_64
  left join within_64 as circle
    on circle.id = within_64.reached
),
latest_link as (
  select id, user_id
  from (
    select
      id,
      user_id,
      row_number() over (partition by id order by last_seen_at desc, user_id desc) as recency
    from public.identity_links
    where kind in ('anonymous', 'alias')
  ) as links
  where recency = 1
)
select
  latest_link.id,
  cast('anonymous' as varchar(16)) as id_type,
  coalesce(followed.user_id, latest_link.user_id) as user_id
from latest_link
left join followed
  on followed.id = latest_link.user_id
union all
select
  id,
  cast('user' as varchar(16)),
  user_id
from followed
with no schema binding;

grant select on public.identities to role reader, role analyst;
