insert into load_counts (load_id, stream, received_hour, lines_read, inserted, dropped)
select
  this_load.load_id,
  counted.stream,
  counted.received_hour,
  sum(counted.line),
  sum(counted.fresh),
  sum(counted.line) - sum(counted.fresh)
from (
  select cast('events' as varchar(16)) as stream, received_hour, lines_read as line, 0 as fresh
  from read_events
  union all
  select cast('events' as varchar(16)), date_trunc('hour', received_at), 0, 1
  from staged_events
  union all
  select cast('failed' as varchar(16)), date_trunc('hour', received_at), 1, 0
  from staged_failed_events
  union all
  select cast('failed' as varchar(16)), date_trunc('hour', received_at), 0, 1
  from new_failed_events
) as counted
cross join (
  select max(load_id) as load_id from staged_files
) as this_load
group by this_load.load_id, counted.stream, counted.received_hour;

insert into load_ledger (object_key, etag, size_bytes, stream, load_id, loaded_at)
select object_key, etag, size_bytes, stream, load_id, getdate()
from staged_files;

delete from load_failures
using staged_files
where staged_files.object_key = load_failures.object_key;
