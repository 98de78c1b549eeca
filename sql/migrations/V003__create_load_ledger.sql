-- Grain: one row a file of the lake that has been loaded. A file that stands here is never loaded again.
create table load_ledger (
  -- Key of the object in the lake's bucket
  object_key varchar(1024) not null,
  -- The object's ETag when it was loaded
  etag varchar(64),
  -- The object's size, bytes
  size_bytes bigint,
  -- events or failed
  stream varchar(16) not null,
  -- The load it was part of
  load_id varchar(64) not null,
  -- When it was loaded, UTC
  loaded_at timestamp not null
)
diststyle auto
sortkey (loaded_at);

-- Grain: one row a load, stream and hour of receipt. lines_read = inserted + dropped.
create table load_counts (
  load_id varchar(64) not null,
  -- events or failed
  stream varchar(16) not null,
  -- The hour that the lines were received in, UTC
  received_hour timestamp not null,
  -- Lines in the load's files
  lines_read bigint not null,
  -- Lines that became rows
  inserted bigint not null,
  -- Lines that the warehouse, or the load itself, had already
  dropped bigint not null
)
diststyle auto
sortkey (received_hour);

-- Grain: no rows. Loaders lock it, so that one of them writes at a time.
create table load_lock (
  nothing integer
)
diststyle all;
