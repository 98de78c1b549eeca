-- Temporary tables, of this session alone: what is copied can be looked at before the lock is taken.

-- Grain: one row a file of this load.
create temp table staged_files (
  object_key varchar(1024) not null,
  etag varchar(64),
  size_bytes bigint,
  stream varchar(16) not null,
  load_id varchar(64) not null
);

-- Grain: one row a line of the files.
create temp table staged_events as
select * from events where false;

create temp table staged_failed_events as
select * from failed_events where false;
