-- Keeps each rejection once: the earliest copy among the files, unless the table has one within the window.
create temp table new_failed_events as
select staged.*
from (
  select
    staged_failed_events.*,
    row_number() over (partition by failed_id order by received_at, batch_id) as copy_number
  from staged_failed_events
) as staged
left join (
  select failed_events.failed_id
  from failed_events
  cross join load_window
  where failed_events.received_at >= load_window.earliest
    and failed_events.received_at <= load_window.latest
) as known
  on known.failed_id = staged.failed_id
where staged.copy_number = 1
  and known.failed_id is null;

insert into failed_events (
  failed_id,
  batch_id,
  received_at,
  source,
  protocol,
  stage,
  reason,
  message,
  payload,
  payload_encoding
)
select
  failed_id,
  batch_id,
  received_at,
  source,
  protocol,
  stage,
  reason,
  message,
  payload,
  payload_encoding
from new_failed_events;
