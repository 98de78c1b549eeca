import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectKind } from "./granted";

/** An object is made: it is its maker's, and default privileges are granted on it. */
export async function born(
  connection: DuckDBConnection,
  kind: ObjectKind,
  name: string,
  owner: string,
): Promise<void> {
  await gone(connection, kind, name);
  await connection.run("insert into rs.owners values ($kind, $name, $owner)", { kind, name, owner });
  if (kind !== "table" && kind !== "function") return;
  const schema = name.slice(0, name.indexOf("."));
  await connection.run(
    `insert into rs.privileges (privilege, object_kind, object_name, grantee_kind, grantee)
     select distinct privilege, object_kind, $name, grantee_kind, grantee from rs.default_privileges
     where object_kind = $kind and lower(owner) = lower($owner) and schema_name in ('', $schema)`,
    { kind, name, owner, schema },
  );
}

/** An object is no more: neither are its owner and its privileges. */
export async function gone(connection: DuckDBConnection, kind: ObjectKind, name: string): Promise<void> {
  for (const table of ["owners", "privileges"])
    await connection.run(`delete from rs.${table} where object_kind = $kind and object_name = $name`, {
      kind,
      name,
    });
}

/** A schema is no more, with all that was in it. */
export async function schemaGone(connection: DuckDBConnection, schema: string): Promise<void> {
  await gone(connection, "schema", schema);
  for (const table of ["owners", "privileges"])
    await connection.run(
      `delete from rs.${table} where object_kind in ('table', 'function') and starts_with(object_name, $prefix)`,
      { prefix: `${schema}.` },
    );
  await connection.run("delete from rs.views where schema_name = $schema", { schema });
  await connection.run("delete from rs.functions where schema_name = $schema", { schema });
  await connection.run("delete from rs.default_privileges where schema_name = $schema", { schema });
}

/** An object is called otherwise, or someone else's. */
export async function renamed(
  connection: DuckDBConnection,
  kind: ObjectKind,
  from: string,
  to: string,
): Promise<void> {
  for (const table of ["owners", "privileges"])
    await connection.run(
      `update rs.${table} set object_name = $to where object_kind = $kind and object_name = $from`,
      { kind, from, to },
    );
}

/** An object gets another owner. */
export async function given(
  connection: DuckDBConnection,
  kind: ObjectKind,
  name: string,
  owner: string,
): Promise<void> {
  await connection.run("delete from rs.owners where object_kind = $kind and object_name = $name", {
    kind,
    name,
  });
  await connection.run("insert into rs.owners values ($kind, $name, $owner)", { kind, name, owner });
}
