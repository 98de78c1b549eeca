-- Grain: one row. What the environment decides about the models; the deploy writes it.
create table settings (
  -- After so many minutes without activity a session has ended
  session_minutes integer not null,
  -- The time zone that days are counted in, IANA
  time_zone varchar(64) not null,
  -- What the sessions were last built from: other settings, or other SQL, build them anew
  sessions_checksum varchar(64) not null
)
diststyle all;

-- Grain: one row a rule of whose events are internal. The ranges of one kind do not overlap.
create table internal_traffic (
  -- host, network or user
  kind varchar(16) not null,
  -- Lowest and highest value that the rule means: of hosts and users one value, of networks their sort key
  lowest varchar(256) not null,
  highest varchar(256) not null
)
diststyle all;

insert into settings (session_minutes, time_zone, sessions_checksum) values (30, 'UTC', 'never built');
