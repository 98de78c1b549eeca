import type { Relation } from "../../../sql/bind/queries/environment";
import { NAME, systemTable } from "./relation";

const privileges = (kind: string, more = ""): string => `
  select split_part(p.object_name, '.', 1) as namespace_name, array_to_string(string_split(p.object_name, '.')[2:], '.') as relation_name,
    p.object_name as database_name, upper(p.privilege) as privilege_type, p.column_name,
    case p.grantee_kind when 'user' then rs.user_id(p.grantee) when 'role' then (select id from rs.roles r where r.name = p.grantee) else 0 end as identity_id,
    p.grantee as identity_name, p.grantee_kind as identity_type, p.with_option as admin_option
  from rs.privileges p where p.object_kind = '${kind}' ${more}`;

const IDENTITY = {
  identity_id: "int4",
  identity_name: NAME,
  identity_type: NAME,
  admin_option: "bool",
} as const;

/** Users, roles, groups and what they may do. */
export const ACCESS_RELATIONS: readonly Relation[] = [
  systemTable(
    "pg_catalog",
    "pg_user",
    {
      usename: NAME,
      usesysid: "int4",
      usecreatedb: "bool",
      usesuper: "bool",
      usecatupd: "bool",
      passwd: "varchar",
      valuntil: "varchar",
    },
    "select name as usename, id as usesysid, create_database as usecreatedb, superuser as usesuper, false as usecatupd, '********' as passwd, valid_until as valuntil from rs.users",
  ),
  systemTable(
    "pg_catalog",
    "pg_user_info",
    { usename: NAME, usesysid: "int4", usecreatedb: "bool", usesuper: "bool" },
    "select name as usename, id as usesysid, create_database as usecreatedb, superuser as usesuper from rs.users",
  ),
  systemTable(
    "pg_catalog",
    "svv_user_info",
    { user_name: NAME, user_id: "int4", createdb: "bool", superuser: "bool", catalog_update: "bool" },
    "select name as user_name, id as user_id, create_database as createdb, superuser, false as catalog_update from rs.users",
  ),
  systemTable(
    "pg_catalog",
    "pg_group",
    { groname: NAME, grosysid: "int4" },
    "select name as groname, id as grosysid from rs.groups",
  ),
  systemTable(
    "pg_catalog",
    "svv_roles",
    { role_id: "int4", role_name: NAME, role_owner: NAME },
    "select id as role_id, name as role_name, owner as role_owner from rs.roles",
  ),
  systemTable(
    "pg_catalog",
    "svv_user_grants",
    { user_id: "int4", user_name: NAME, role_id: "int4", role_name: NAME, admin_option: "bool" },
    `select rs.user_id(g.grantee) as user_id, g.grantee as user_name, r.id as role_id, r.name as role_name, g.with_option as admin_option
     from rs.role_grants g join rs.roles r on r.name = g.role_name where g.grantee_kind = 'user'`,
  ),
  systemTable(
    "pg_catalog",
    "svv_role_grants",
    { role_id: "int4", role_name: NAME, granted_role_id: "int4", granted_role_name: NAME },
    `select r.id as role_id, r.name as role_name, o.id as granted_role_id, o.name as granted_role_name
     from rs.role_grants g join rs.roles r on r.name = g.grantee join rs.roles o on o.name = g.role_name where g.grantee_kind = 'role'`,
  ),
  systemTable(
    "pg_catalog",
    "svv_relation_privileges",
    { namespace_name: NAME, relation_name: NAME, privilege_type: NAME, ...IDENTITY },
    privileges("table", "and p.column_name = ''"),
  ),
  systemTable(
    "pg_catalog",
    "svv_column_privileges",
    { namespace_name: NAME, relation_name: NAME, column_name: NAME, privilege_type: NAME, ...IDENTITY },
    privileges("table", "and p.column_name <> ''"),
  ),
  systemTable(
    "pg_catalog",
    "svv_schema_privileges",
    { namespace_name: NAME, privilege_type: NAME, ...IDENTITY },
    privileges("schema"),
  ),
  systemTable(
    "pg_catalog",
    "svv_database_privileges",
    { database_name: NAME, privilege_type: NAME, ...IDENTITY },
    privileges("database"),
  ),
  systemTable(
    "pg_catalog",
    "svv_default_privileges",
    {
      schema_name: NAME,
      owner_name: NAME,
      object_type: NAME,
      privilege_type: NAME,
      grantee_name: NAME,
      grantee_type: NAME,
    },
    `select schema_name, owner as owner_name, object_kind as object_type, upper(privilege) as privilege_type, grantee as grantee_name,
       grantee_kind as grantee_type from rs.default_privileges`,
  ),
];
