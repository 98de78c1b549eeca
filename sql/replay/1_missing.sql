-- Lines that the table has no copy of within the window. The span that is looked at is named by value, as in a load;
-- within it each line has a window of its own.
-- Grain: one row a copy of an event.
select distinct
  staged_events.event_id,
  staged_events.batch_id,
  to_char(staged_events.received_at, 'YYYY-MM-DD HH24:MI:SS.MS') as received_at
from staged_events
left join events
  on events.event_id = staged_events.event_id
  and events.received_at >= dateadd(hour, -cast(:deduplication_hours as integer), staged_events.received_at)
  and events.received_at <= dateadd(hour, cast(:deduplication_hours as integer), staged_events.received_at)
  and events.received_at >= cast(:copies_from as timestamp)
  and events.received_at <= cast(:copies_until as timestamp)
where events.event_id is null;

-- Grain: one row a copy of a rejection.
select distinct
  staged_failed_events.failed_id,
  staged_failed_events.batch_id,
  to_char(staged_failed_events.received_at, 'YYYY-MM-DD HH24:MI:SS.MS') as received_at
from staged_failed_events
left join failed_events
  on failed_events.failed_id = staged_failed_events.failed_id
  and failed_events.received_at >= dateadd(hour, -cast(:deduplication_hours as integer), staged_failed_events.received_at)
  and failed_events.received_at <= dateadd(hour, cast(:deduplication_hours as integer), staged_failed_events.received_at)
  and failed_events.received_at >= cast(:copies_from as timestamp)
  and failed_events.received_at <= cast(:copies_until as timestamp)
where failed_events.failed_id is null;

-- Rejections by the transform that were received with the lines: their events are not missing.
-- Grain: one row a rejection.
select failed_id
from failed_events
where stage = 'transform'
  and received_at >= cast(:lines_from as timestamp)
  and received_at <= cast(:lines_until as timestamp);
