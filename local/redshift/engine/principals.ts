import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../sql/error";
import type { Grantee, GrantTarget, PrincipalCommand } from "../sql/principals";
import { exists, noRelation, rowsOf } from "./catalog";

/**
 * Records users, roles and grants, so that they can be listed, and refuses what names something that is not
 * there, as Redshift does. They change with the transaction they are made in.
 */
export async function applyPrincipal(
  connection: DuckDBConnection,
  command: PrincipalCommand,
  database: string,
): Promise<void> {
  switch (command.verb) {
    case "create user":
    case "create role":
      return create(connection, tableOf(command.verb), command.name);
    case "drop user":
    case "drop role":
      return drop(connection, tableOf(command.verb), command.name, command.ifExists);
    case "grant role":
    case "revoke role":
      return roles(connection, command.verb === "grant role", command.roles, command.to);
    default:
      return privileges(connection, command, database);
  }
}

function tableOf(verb: string): "users" | "roles" {
  return verb.endsWith("user") ? "users" : "roles";
}

async function known(connection: DuckDBConnection, table: "users" | "roles", name: string): Promise<boolean> {
  const rows = await rowsOf(connection, `select 1 from rs.${table} where lower(name) = lower($name)`, {
    name,
  });
  return rows.length > 0;
}

async function create(connection: DuckDBConnection, table: "users" | "roles", name: string): Promise<void> {
  if (await known(connection, table, name))
    throw new SqlError(`${table === "users" ? "user" : "role"} "${name}" already exists`);
  await connection.run(`insert into rs.${table} (name) values ($name)`, { name });
}

async function drop(
  connection: DuckDBConnection,
  table: "users" | "roles",
  name: string,
  ifExists: boolean,
): Promise<void> {
  const kind = table === "users" ? "user" : "role";
  if (!ifExists && !(await known(connection, table, name)))
    throw new SqlError(`${kind} "${name}" does not exist`);
  await connection.run(`delete from rs.${table} where lower(name) = lower($name)`, { name });
  for (const held of ["role_grants", "privileges"])
    await connection.run(
      `delete from rs.${held} where grantee_kind = $kind and lower(grantee) = lower($name)`,
      { kind, name },
    );
  if (kind === "role") await connection.run("delete from rs.role_grants where role_name = $name", { name });
}

async function roles(
  connection: DuckDBConnection,
  granted: boolean,
  names: readonly string[],
  to: readonly Grantee[],
): Promise<void> {
  for (const role of names) {
    if (!(await known(connection, "roles", role))) throw new SqlError(`role "${role}" does not exist`);
    for (const grantee of to) {
      await mustExist(connection, grantee);
      const row = { role, kind: grantee.kind, name: grantee.name };
      await connection.run(
        "delete from rs.role_grants where role_name = $role and grantee_kind = $kind and grantee = $name",
        row,
      );
      if (granted) await connection.run("insert into rs.role_grants values ($role, $kind, $name)", row);
    }
  }
}

async function privileges(
  connection: DuckDBConnection,
  command: Extract<PrincipalCommand, { verb: "grant" | "revoke" }>,
  database: string,
): Promise<void> {
  const objects = await objectsOf(connection, command.on, database);
  for (const grantee of command.to) {
    await mustExist(connection, grantee);
    for (const object of objects)
      for (const privilege of command.privileges) {
        const row = { privilege, ...object, gkind: grantee.kind, grantee: grantee.name };
        await connection.run(
          `delete from rs.privileges where privilege = $privilege and object_kind = $kind
             and object_name = $name and grantee_kind = $gkind and grantee = $grantee`,
          row,
        );
        if (command.verb === "grant")
          await connection.run(
            "insert into rs.privileges values ($privilege, $kind, $name, $gkind, $grantee)",
            row,
          );
      }
  }
}

async function objectsOf(
  connection: DuckDBConnection,
  on: GrantTarget,
  database: string,
): Promise<{ kind: string; name: string }[]> {
  if (on.kind === "tables") {
    for (const table of on.tables) if (!(await exists(connection, table))) throw noRelation(table);
    return on.tables.map(({ schema, name }) => ({ kind: "table", name: `${schema ?? "public"}.${name}` }));
  }
  const names = on.kind === "all tables" ? on.schemas : on.names;
  for (const name of names) {
    const known = on.kind === "database" ? name === database : await schemaExists(connection, name);
    if (!known)
      throw new SqlError(`${on.kind === "database" ? "database" : "schema"} "${name}" does not exist`);
  }
  if (on.kind !== "all tables") return names.map((name) => ({ kind: on.kind, name }));
  const objects: { kind: string; name: string }[] = [];
  for (const schema of names)
    for (const row of await rowsOf(
      connection,
      "select distinct table_name from duckdb_columns() where schema_name = $schema and database_name <> 'temp'",
      { schema },
    ))
      objects.push({ kind: "table", name: `${schema}.${String(row.table_name)}` });
  return objects;
}

async function schemaExists(connection: DuckDBConnection, schema: string): Promise<boolean> {
  const rows = await rowsOf(connection, "select 1 from duckdb_schemas() where schema_name = $schema", {
    schema,
  });
  return rows.length > 0;
}

async function mustExist(connection: DuckDBConnection, { kind, name }: Grantee): Promise<void> {
  if (kind === "user" && !(await known(connection, "users", name)))
    throw new SqlError(`user "${name}" does not exist`);
  if (kind === "role" && !(await known(connection, "roles", name)))
    throw new SqlError(`role "${name}" does not exist`);
  if (kind === "group") throw new SqlError(`group "${name}" does not exist`);
}
