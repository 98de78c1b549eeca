-- Grain: one row a failed attempt to load a file. A file that is loaded after all, or is to be tried anew, has none.
create table load_failures (
  -- Key of the object in the lake's bucket
  object_key varchar(1024) not null,
  -- events or failed
  stream varchar(16) not null,
  -- Why, in the warehouse's words
  reason varchar(4096) not null,
  -- When it failed, UTC
  failed_at timestamp not null
)
diststyle auto
sortkey (failed_at);

grant select, insert, delete on load_failures to role loader;
grant select on load_failures to role analyst;
