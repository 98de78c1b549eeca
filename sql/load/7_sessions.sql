-- Grain: one row an event that is activity, taken for a session of its own, or a session that one of them touches.
create temp table session_parts as
select * from all_sessions where false;

insert into session_parts
select activity.*
from activity
inner join staged_events
  on staged_events.event_id = activity.session_id
  and staged_events.received_at = activity.received_at
where activity.received_at >= cast(:lines_from as timestamp)
  and activity.received_at <= cast(:lines_until as timestamp);

-- Sessions near enough to new activity of their visitor to be one with it. A visitor's sessions do not overlap, so
-- that their beginning tells them apart.
create temp table touched_sessions (
  visitor_id varchar(256) not null,
  traffic varchar(16) not null,
  started_at timestamp not null
);

insert into touched_sessions (visitor_id, traffic, started_at)
select distinct
  all_sessions.visitor_id,
  all_sessions.traffic,
  all_sessions.started_at
from all_sessions
cross join settings
inner join session_parts
  on session_parts.visitor_id = all_sessions.visitor_id
  and session_parts.traffic = all_sessions.traffic
  and session_parts.started_at >= dateadd(minute, -settings.session_minutes, all_sessions.started_at)
  and session_parts.started_at <= dateadd(minute, settings.session_minutes, all_sessions.ended_at)
where all_sessions.ended_at >= cast(:sessions_from as timestamp)
  and all_sessions.started_at <= cast(:sessions_until as timestamp);

insert into session_parts
select all_sessions.*
from all_sessions
inner join touched_sessions
  on touched_sessions.visitor_id = all_sessions.visitor_id
  and touched_sessions.traffic = all_sessions.traffic
  and touched_sessions.started_at = all_sessions.started_at
where all_sessions.ended_at >= cast(:sessions_from as timestamp)
  and all_sessions.started_at <= cast(:sessions_until as timestamp);

delete from all_sessions
using touched_sessions
where touched_sessions.visitor_id = all_sessions.visitor_id
  and touched_sessions.traffic = all_sessions.traffic
  and touched_sessions.started_at = all_sessions.started_at
  and all_sessions.ended_at >= cast(:sessions_from as timestamp)
  and all_sessions.started_at <= cast(:sessions_until as timestamp);
