import { SqlError } from "../../sql/error";
import {
  type AccessCommand,
  type Grantee,
  kindOf,
  PRIVILEGES,
  type Privilege,
} from "../../sql/statements/grants";
import type { Catalog } from "../catalog/catalog";
import { rowsOf } from "../catalog/rows";
import type { Access } from "./check";
import type { ObjectKind } from "./granted";
import { mustExist } from "./principals";

/** GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. They change with the transaction that they are made in. */
export async function applyAccess(access: Access, catalog: Catalog, command: AccessCommand): Promise<void> {
  const to: Grantee[] = [];
  for (const grantee of command.to) to.push(await known(access, grantee));
  if (command.what === "roles") return await roles(access, command, to);
  if (command.what === "defaults") return await defaults(access, command, to);
  const kind = kindOf(command.on);
  if (kind === "language") return; // everyone may use SQL, and there is no other
  for (const object of await objectsOf(access, catalog, command.on)) {
    for (const privilege of command.privileges)
      for (const name of namesOf(privilege, kind)) {
        if (!access.mayGrant(kind, object, name)) throw notOwner(kind, object);
        for (const grantee of to) await one(access, command, kind, object, { ...privilege, name }, grantee);
      }
  }
}

async function known({ connection }: Access, grantee: Grantee): Promise<Grantee> {
  if (grantee.kind === "public") return grantee;
  return { ...grantee, name: await mustExist(connection, grantee.kind, grantee.name) };
}

function namesOf({ name, columns }: Privilege, kind: ObjectKind): readonly string[] {
  if (name !== "all") return [name];
  return columns === undefined ? PRIVILEGES[kind] : ["select", "update"];
}

function notOwner(kind: ObjectKind, name: string): SqlError {
  const shown = kind === "table" ? name.slice(name.indexOf(".") + 1) : name;
  return new SqlError(`permission denied for ${kind === "table" ? "relation" : kind} ${shown}`);
}

async function one(
  { connection }: Access,
  { verb, optionOnly }: Extract<AccessCommand, { what: "privileges" }>,
  kind: ObjectKind,
  object: string,
  { name, columns }: Privilege,
  grantee: Grantee,
): Promise<void> {
  for (const column of columns ?? [""]) {
    const row = { privilege: name, kind, object, column, gkind: grantee.kind, grantee: grantee.name };
    const same = `privilege = $privilege and object_kind = $kind and object_name = $object and column_name = $column
      and grantee_kind = $gkind and grantee = $grantee`;
    if (verb === "revoke" && optionOnly) {
      await connection.run(`update rs.privileges set with_option = false where ${same}`, row);
      continue;
    }
    await connection.run(`delete from rs.privileges where ${same}`, row);
    if (verb === "grant")
      await connection.run(
        `insert into rs.privileges values ($privilege, $kind, $object, $column, $gkind, $grantee, $option)`,
        { ...row, option: grantee.option },
      );
  }
  if (kind === "schema" && object === "public" && grantee.kind === "public")
    await publicSchema(connection, name, verb === "grant");
}

/** PUBLIC has the schema `public` without a grant; a REVOKE takes it away until a GRANT gives it back. */
async function publicSchema(
  connection: Access["connection"],
  privilege: string,
  granted: boolean,
): Promise<void> {
  const taken = { privilege: `no ${privilege}` };
  await connection.run(
    "delete from rs.privileges where object_kind = 'schema' and object_name = 'public' and privilege = $privilege",
    taken,
  );
  if (!granted)
    await connection.run(
      "insert into rs.privileges (privilege, object_kind, object_name, grantee_kind, grantee) values ($privilege, 'schema', 'public', 'none', '')",
      taken,
    );
}

async function roles(
  access: Access,
  { verb, roles: names, optionOnly }: Extract<AccessCommand, { what: "roles" }>,
  to: readonly Grantee[],
): Promise<void> {
  const { connection } = access;
  for (const given of names) {
    const role = await mustExist(connection, "role", given);
    if (!access.mayGrantRole(role)) throw new SqlError(`permission denied to ${verb} role ${role}`);
    for (const grantee of to) {
      if (grantee.kind === "group" || grantee.kind === "public")
        throw new SqlError(`a role is granted to users and roles, not to ${grantee.kind} "${grantee.name}"`);
      if (grantee.kind === "role") await refuseCircle(access, role, grantee.name);
      const row = { role, kind: grantee.kind, name: grantee.name };
      const same = "role_name = $role and grantee_kind = $kind and grantee = $name";
      if (verb === "revoke" && optionOnly) {
        await connection.run(`update rs.role_grants set with_option = false where ${same}`, row);
        continue;
      }
      await connection.run(`delete from rs.role_grants where ${same}`, row);
      if (verb === "grant")
        await connection.run("insert into rs.role_grants values ($role, $kind, $name, $option)", {
          ...row,
          option: grantee.option,
        });
    }
  }
}

/** A role cannot be granted, on whatever way, to itself. */
async function refuseCircle({ connection }: Access, role: string, grantee: string): Promise<void> {
  const rows = await rowsOf(
    connection,
    `with recursive above(name) as (select $role union select role_name from rs.role_grants join above
       on grantee_kind = 'role' and grantee = above.name)
     select 1 from above where name = $grantee`,
    { role, grantee },
  );
  if (rows.length > 0)
    throw new SqlError(`role "${role}" cannot be granted to "${grantee}": it is a member of it`);
}

async function defaults(
  access: Access,
  { verb, users, schemas, privileges, on }: Extract<AccessCommand, { what: "defaults" }>,
  to: readonly Grantee[],
): Promise<void> {
  const { connection, identity } = access;
  const kind = on === "tables" ? "table" : "function";
  if (users !== undefined) access.mustBeSuperuser("alter the default privileges of another user");
  for (const given of users ?? [identity.user]) {
    const owner = await mustExist(connection, "user", given);
    for (const schema of schemas ?? [""])
      for (const privilege of privileges)
        for (const name of namesOf(privilege, kind))
          for (const grantee of to) {
            const row = { owner, schema, kind, privilege: name, gkind: grantee.kind, grantee: grantee.name };
            await connection.run(
              `delete from rs.default_privileges where owner = $owner and schema_name = $schema and object_kind = $kind
                 and privilege = $privilege and grantee_kind = $gkind and grantee = $grantee`,
              row,
            );
            if (verb === "grant")
              await connection.run(
                "insert into rs.default_privileges values ($owner, $schema, $kind, $privilege, $gkind, $grantee)",
                row,
              );
          }
  }
}

async function objectsOf(
  { connection, database }: Access,
  catalog: Catalog,
  on: Extract<AccessCommand, { what: "privileges" }>["on"],
): Promise<string[]> {
  switch (on.kind) {
    case "tables":
      return on.tables.map((table) => {
        const relation = catalog.must(table);
        if (relation.kind === "system" || relation.temporary === true)
          throw new SqlError(`permission denied for relation ${relation.name}`);
        return `${relation.schema}.${relation.name}`;
      });
    case "functions": {
      const names: string[] = [];
      for (const { schema = "public", name } of on.functions) {
        const rows = await rowsOf(
          connection,
          "select 1 from rs.functions where schema_name = $schema and function_name = $name",
          { schema, name },
        );
        if (rows.length === 0) throw new SqlError(`function ${name} does not exist`);
        names.push(`${schema}.${name}`);
      }
      return names;
    }
    case "all tables":
    case "all functions": {
      const objects: string[] = [];
      for (const schema of on.schemas) {
        if (!catalog.schemas.has(schema)) throw new SqlError(`schema "${schema}" does not exist`);
        const sql =
          on.kind === "all tables"
            ? `select distinct table_name as name from duckdb_columns() where schema_name = $schema and database_name <> 'temp'
               union select view_name from rs.views where schema_name = $schema`
            : "select function_name as name from rs.functions where schema_name = $schema";
        for (const row of await rowsOf(connection, sql, { schema }))
          objects.push(`${schema}.${String(row.name)}`);
      }
      return objects;
    }
    default:
      for (const name of on.names) {
        const there =
          on.kind === "database" ? name === database : on.kind === "language" || catalog.schemas.has(name);
        if (!there) throw new SqlError(`${on.kind} "${name}" does not exist`);
      }
      return [...on.names];
  }
}
