-- Grain: one row a session: activity of one visitor, of one kind of traffic, without a long pause in between.
-- Bots' sessions and internal ones stand here too; the view `sessions` leaves them out.
-- Every column can be merged from those of two sessions: a late event joins sessions without reading events again.
create table all_sessions (
  -- event_id of the session's first event
  session_id varchar(128) not null,
  -- The visitor: anonymous_id, else user_id
  visitor_id varchar(256) not null,
  -- people, bot or internal
  traffic varchar(16) not null,
  -- The known user who was seen last, and when
  user_id varchar(256),
  user_seen_at timestamp,
  -- Times of its first and last event, UTC
  started_at timestamp not null,
  ended_at timestamp not null,
  -- event_id of its last event
  last_event_id varchar(128) not null,
  -- Tracked events, pages and screens
  events bigint not null,
  -- Pages and screens
  views bigint not null,
  -- Of the first event
  source varchar(64) not null,
  landing_host varchar(255),
  landing_path varchar(2048),
  referrer_host varchar(255),
  referrer_medium varchar(16),
  referrer_source varchar(64),
  campaign_source varchar(256),
  campaign_medium varchar(256),
  campaign_name varchar(256),
  campaign_term varchar(256),
  campaign_content varchar(256),
  browser_name varchar(64),
  os_name varchar(64),
  device_class varchar(16),
  locale varchar(35),
  geo_country varchar(2),
  -- Of the last event
  exit_host varchar(255),
  exit_path varchar(2048),
  -- When the last of its events was received, UTC
  received_at timestamp not null
)
diststyle auto
sortkey (started_at);

grant select, insert, delete on all_sessions to role loader;
grant select on settings to role loader;
grant select on all_sessions to role analyst;
grant select on settings to role analyst;
grant select on internal_traffic to role analyst;
grant select, delete, update on all_sessions to role steward;
