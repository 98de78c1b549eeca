-- Those of the lines that the table has within the window.
create temp table known_failed_events (
  failed_id varchar(128) not null
);

insert into known_failed_events (failed_id)
select distinct failed_events.failed_id
from failed_events
inner join staged_failed_events
  on staged_failed_events.failed_id = failed_events.failed_id
where failed_events.received_at >= cast(:copies_from as timestamp)
  and failed_events.received_at <= cast(:copies_until as timestamp);

-- Each rejection once: the earliest copy among the files, unless it is known.
create temp table new_failed_events as
select staged.*
from (
  select
    staged_failed_events.*,
    row_number() over (partition by failed_id order by received_at, batch_id) as copy_number
  from staged_failed_events
) as staged
left join known_failed_events
  on known_failed_events.failed_id = staged.failed_id
where staged.copy_number = 1
  and known_failed_events.failed_id is null;

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
