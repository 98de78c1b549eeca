-- Rows that were loaded and are gone (or came by another way than a load) are counted as dropped lines, hour by
-- hour: what a replay loads in their place is counted once then.
insert into load_counts (load_id, stream, received_hour, lines_read, inserted, dropped)
select
  cast(:load_id as varchar(64)) as load_id,
  counted.stream,
  counted.received_hour,
  0 as lines_read,
  sum(counted.held) - sum(counted.ledger) as inserted,
  sum(counted.ledger) - sum(counted.held) as dropped
from (
  select stream, received_hour, inserted as ledger, 0 as held
  from load_counts
  where received_hour >= cast(:hours_from as timestamp)
    and received_hour < cast(:hours_until as timestamp)
  union all
  select cast('events' as varchar(16)), date_trunc('hour', received_at), 0, 1
  from events
  where received_at >= cast(:hours_from as timestamp)
    and received_at < cast(:hours_until as timestamp)
  union all
  select cast('failed' as varchar(16)), date_trunc('hour', received_at), 0, 1
  from failed_events
  where received_at >= cast(:hours_from as timestamp)
    and received_at < cast(:hours_until as timestamp)
) as counted
group by counted.stream, counted.received_hour
having sum(counted.ledger) <> sum(counted.held);

-- Grain: one row.
select count(*) as settled
from load_counts
where load_id = cast(:load_id as varchar(64));
