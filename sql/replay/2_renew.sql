-- The lines whose very event the table has: the same copy of it, not another one that was sent in another batch.
create temp table new_events as
select copies.*
from (
  select
    staged_events.*,
    row_number() over (partition by event_id, batch_id, received_at order by event_id) as copy_number
  from staged_events
) as copies
inner join (
  select distinct event_id, batch_id, received_at
  from events
  where received_at >= cast(:lines_from as timestamp)
    and received_at <= cast(:lines_until as timestamp)
) as held
  on held.event_id = copies.event_id
  and held.batch_id = copies.batch_id
  and held.received_at = copies.received_at
where copies.copy_number = 1;

delete from events
using new_events
where new_events.event_id = events.event_id
  and new_events.batch_id = events.batch_id
  and new_events.received_at = events.received_at
  and events.received_at >= cast(:lines_from as timestamp)
  and events.received_at <= cast(:lines_until as timestamp);

-- The loader's own insert takes what is staged.
delete from staged_events;

insert into staged_events
select * exclude (copy_number)
from new_events;
