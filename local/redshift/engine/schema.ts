import { MACROS } from "./macros";

/**
 * The version of the layout of schema `rs`. What is only added (tables, macros) keeps it; whoever changes a table that
 * files may have raises it, and brings older files up in {@link SCHEMA}.
 */
export const LAYOUT = 1;

/**
 * What the engine must hold beside the user's own tables, in a schema of its own named `rs`: Redshift's functions
 * that the engine lacks or reads in another way, and the catalog that it has no like of. Run at every start.
 */
export const SCHEMA: readonly string[] = [
  "create schema if not exists public",
  "create schema if not exists rs",
  ...MACROS.map((macro) => `create or replace macro rs.${macro}`),

  // names of calls whose work was committed, each written in the transaction that it names
  "create table if not exists rs.committed (name varchar not null, committed_at timestamptz not null)",

  "create sequence if not exists rs.ids start 100",
  `create table if not exists rs.users (id integer not null default nextval('rs.ids'), name varchar not null,
     superuser boolean not null default false, create_database boolean not null default false,
     password_hash varchar, valid_until varchar)`,
  `create table if not exists rs.roles (id integer not null default nextval('rs.ids'), name varchar not null,
     owner varchar not null)`,
  "create table if not exists rs.groups (id integer not null default nextval('rs.ids'), name varchar not null)",
  "create table if not exists rs.group_members (group_name varchar not null, user_name varchar not null)",
  `create table if not exists rs.role_grants (role_name varchar not null, grantee_kind varchar not null,
     grantee varchar not null, with_option boolean not null default false)`,
  // an object is named by schema and name; a privilege on a whole table has no column's name
  `create table if not exists rs.privileges (privilege varchar not null, object_kind varchar not null,
     object_name varchar not null, column_name varchar not null default '', grantee_kind varchar not null,
     grantee varchar not null, with_option boolean not null default false)`,
  `create table if not exists rs.default_privileges (owner varchar not null, schema_name varchar not null,
     object_kind varchar not null, privilege varchar not null, grantee_kind varchar not null, grantee varchar not null)`,
  "create table if not exists rs.owners (object_kind varchar not null, object_name varchar not null, owner varchar not null)",
  `create table if not exists rs.views (id integer not null default nextval('rs.ids'), schema_name varchar not null,
     view_name varchar not null, definition varchar not null, late boolean not null, materialized boolean not null,
     detail varchar not null, comment varchar)`,
  `create table if not exists rs.functions (schema_name varchar not null, function_name varchar not null,
     detail varchar not null)`,
  `create table if not exists rs.sys_load_error_detail (user_name varchar, query_id bigint, start_time timestamp,
     table_name varchar, file_name varchar, line_number bigint, column_name varchar, column_type varchar,
     column_length varchar, position integer, error_code integer, error_message varchar, raw_line varchar,
     raw_value varchar)`,
  `create table if not exists rs.load_history (user_name varchar, query_id bigint, status varchar, table_name varchar,
     start_time timestamp, end_time timestamp, data_source varchar, loaded_rows bigint, source_file_count bigint,
     error_count bigint)`,

  "create or replace macro rs.user_id(who) as coalesce((select max(id) from rs.users where lower(name) = lower(who)), 1)",
  "create or replace macro rs.owner_of(object) as coalesce((select max(owner) from rs.owners where object_name = object), 'rdsdb')",
  // roles that are granted to a user, and to its roles
  `create or replace macro rs.roles_of(who) as (with recursive mine(role_name) as (
       select role_name from rs.role_grants where grantee_kind = 'user' and lower(grantee) = lower(who)
       union select g.role_name from rs.role_grants g join mine on g.grantee_kind = 'role' and g.grantee = mine.role_name
     ) select coalesce(list(role_name), []) from mine)`,
  `create or replace macro rs.is_member(who, role) as list_contains(rs.roles_of(who), role)`,
  `create or replace macro rs.has_privilege(who, kind, object, wanted) as (
       select exists (select 1 from rs.users where lower(name) = lower(who) and superuser)
         or exists (select 1 from rs.owners o where o.object_kind = kind and lower(o.owner) = lower(who)
           and o.object_name = case when kind = 'table' and not contains(object, '.') then 'public.' || object else object end)
         or exists (select 1 from rs.privileges p where p.object_kind = kind and p.privilege = lower(wanted) and p.column_name = ''
           and p.object_name = case when kind = 'table' and not contains(object, '.') then 'public.' || object else object end
           and (p.grantee_kind = 'public' or p.grantee_kind = 'user' and lower(p.grantee) = lower(who)
             or p.grantee_kind = 'role' and list_contains(rs.roles_of(who), p.grantee)
             or p.grantee_kind = 'group' and exists (select 1 from rs.group_members m
               where m.group_name = p.grantee and lower(m.user_name) = lower(who)))))`,
];
