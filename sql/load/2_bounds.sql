-- What the load must look at, as values that the next statements name: only so does Redshift know, before it
-- reads, which blocks it need not read.
-- Grain: one row.
select
  cast(min(lines.received_at) as varchar(32)) as lines_from,
  cast(max(lines.received_at) as varchar(32)) as lines_until,
  -- How far back and ahead a copy of one of the lines may lie. Both sides: a retry may be loaded before the
  -- original, where that was delayed.
  cast(dateadd(hour, -cast(:deduplication_hours as integer), min(lines.received_at)) as varchar(32)) as copies_from,
  cast(dateadd(hour, cast(:deduplication_hours as integer), max(lines.received_at)) as varchar(32)) as copies_until,
  -- Where sessions may lie that one of the lines belongs to.
  cast(dateadd(minute, -min(settings.session_minutes), min(lines.event_time)) as varchar(32)) as sessions_from,
  cast(dateadd(minute, min(settings.session_minutes), max(lines.event_time)) as varchar(32)) as sessions_until
from (
  select received_at, event_time from staged_events
  union all
  select received_at, cast(null as timestamp) from staged_failed_events
) as lines
cross join settings;
