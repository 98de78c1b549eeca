/**
 * What the engine must hold beside the user's own tables, in a schema of its own named `rs`: Redshift's functions
 * that the engine lacks or reads in another way, and the catalog that it has no like of. Run at every start.
 */
export const SCHEMA: readonly string[] = [
  "create schema if not exists public",
  "create schema if not exists rs",

  // the mean of whole numbers is a whole number in Redshift, and so is a division of them here
  "create or replace macro rs.average(total, number) as total / nullif(number, 0)",

  // the engine answers null where Redshift fails
  `create or replace macro rs.divisor(value) as case when value = 0 then error('ERROR: Divide by zero')
     else value end`,

  // whether a byte, counted from 1, is inside of a character of UTF-8
  `create or replace macro rs.within(text, byte) as
     encode(text)[byte:byte] between '\\x80'::blob and '\\xBF'::blob`,

  // an explicit cast to a character type cuts at its byte width, at a character's end
  `create or replace macro rs.cut(text, bytes) as case when strlen(text) <= bytes then text
     else decode(encode(text)[1:case when not rs.within(text, bytes + 1) then bytes
       when not rs.within(text, bytes) then bytes - 1
       when not rs.within(text, bytes - 1) then bytes - 2 else bytes - 3 end]) end`,

  `create or replace macro rs.trunc(value timestamp) as cast(value as date),
     (value date) as value, (value timestamptz) as cast(value as date), (value double) as trunc(value)`,

  // a scalar inside of a SUPER, cast to text: what is no scalar has no text
  `create or replace macro rs.super_text(value) as case json_type(value)
     when 'NULL' then null
     when 'OBJECT' then error('ERROR: an object in a SUPER cannot be cast; use json_serialize')
     when 'ARRAY' then error('ERROR: an array in a SUPER cannot be cast; use json_serialize')
     else json_extract_string(value, '$') end`,

  `create or replace macro rs.json_typeof(value) as case json_type(value)
     when 'NULL' then 'null' when 'OBJECT' then 'object' when 'ARRAY' then 'array'
     when 'BOOLEAN' then 'boolean' when 'VARCHAR' then 'string' else 'number' end`,

  // COPY: JSON's text of a whole number, or an error; a cast alone would round it
  `create or replace macro rs.whole(text) as case when text is null or regexp_full_match(text, '\\s*[+-]?\\d+\\s*')
     then text else error('Invalid digit: ' || text) end`,

  // names of calls whose work was committed, each written in the transaction that it names
  "create table if not exists rs.committed (name varchar not null, committed_at timestamptz not null)",

  "create table if not exists rs.users (name varchar not null, created_at timestamptz not null default now())",
  "create table if not exists rs.roles (name varchar not null, created_at timestamptz not null default now())",
  `create table if not exists rs.role_grants (role_name varchar not null, grantee_kind varchar not null,
     grantee varchar not null)`,
  `create table if not exists rs.privileges (privilege varchar not null, object_kind varchar not null,
     object_name varchar not null, grantee_kind varchar not null, grantee varchar not null)`,
  `create table if not exists rs.sys_load_error_detail (user_name varchar, query_id bigint, start_time timestamp,
     table_name varchar, file_name varchar, line_number bigint, column_name varchar, column_type varchar,
     column_length varchar, position integer, error_code integer, error_message varchar)`,

  "create or replace view rs.pg_user as select name as usename, created_at from rs.users",
  "create or replace view rs.svv_roles as select name as role_name, created_at from rs.roles",
  `create or replace view rs.svv_user_grants as select grantee as user_name, role_name
     from rs.role_grants where grantee_kind = 'user'`,
  `create or replace view rs.svv_relation_privileges as select object_name as relation_name,
     privilege as privilege_type, grantee as identity_name, grantee_kind as identity_type
     from rs.privileges where object_kind = 'table'`,
];
