import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectName } from "../../sql/cursor";
import { SqlError } from "../../sql/error";
import type { Plan } from "../../sql/plan";
import { identifier } from "../../sql/tokens";
import { gone, schemaGone } from "../access/owners";
import type { CatalogRelation, StoredReading } from "../catalog/catalog";
import { noRelation } from "../catalog/catalog";
import { rowsOf } from "../catalog/rows";
import { tableName } from "../catalog/tables";
import type { StatementContext } from "./context";

/** DROP. */
export async function drop(context: StatementContext, plan: Extract<Plan, { kind: "drop" }>): Promise<void> {
  for (const name of plan.names) {
    if (plan.what === "schema") await dropSchema(context, name.name, plan);
    else if (plan.what === "function") await dropFunction(context, name, plan.ifExists);
    else await dropRelation(context, name, plan);
  }
}

async function dropRelation(
  context: StatementContext,
  name: ObjectName,
  { what, ifExists, cascade }: Extract<Plan, { kind: "drop" }>,
): Promise<void> {
  const { catalog, access, session } = context;
  const relation = catalog.find(name);
  if (relation === undefined || relation.kind === "system") {
    if (ifExists && relation === undefined) return;
    throw relation === undefined
      ? noRelation(name)
      : new SqlError(`permission denied for relation ${relation.name}`);
  }
  const is = relation.materialized === true ? "materialized view" : relation.kind;
  if (is !== what) throw new SqlError(`"${relation.name}" is not a ${what}`);
  access.mustOwn(relation, "drop");
  await dropOne(session.connection, relation, cascade);
}

async function dropOne(
  connection: DuckDBConnection,
  relation: CatalogRelation,
  cascade: boolean,
): Promise<void> {
  const { schema, name, temporary } = relation;
  if (temporary !== true) {
    for (const view of await dependents(connection, schema, name)) {
      if (!cascade)
        throw new SqlError(
          `cannot drop ${relation.kind} ${name} because other objects depend on it: view ${view.name}`,
        );
      await dropView(connection, view);
    }
    await gone(connection, "table", `${schema}.${name}`);
    await connection.run("delete from rs.views where schema_name = $schema and view_name = $name", {
      schema,
      name,
    });
  }
  const sequences = relation.columns.flatMap(({ identity }) =>
    identity === undefined ? [] : [identity.sequence],
  );
  const kind = relation.kind === "view" && relation.materialized !== true ? "view" : "table";
  await connection.run(`drop ${kind} if exists ${tableName(schema, name, temporary)}`);
  for (const sequence of sequences) await connection.run(`drop sequence if exists ${sequence}`);
}

interface ViewName {
  readonly schema: string;
  readonly name: string;
  readonly materialized: boolean;
}

/** Views that read a relation, and would not be without it. */
export async function dependents(
  connection: DuckDBConnection,
  schema: string,
  name: string,
): Promise<ViewName[]> {
  const rows = await rowsOf(
    connection,
    "select schema_name, view_name, materialized, detail from rs.views where not late",
  );
  return rows
    .filter((row) => {
      const { readings } = JSON.parse(String(row.detail)) as { readonly readings: readonly StoredReading[] };
      return readings.some((reading) => reading.schema === schema && reading.name === name);
    })
    .map((row) => ({
      schema: String(row.schema_name),
      name: String(row.view_name),
      materialized: row.materialized === true,
    }));
}

async function dropView(
  connection: DuckDBConnection,
  { schema, name, materialized }: ViewName,
): Promise<void> {
  for (const view of await dependents(connection, schema, name)) await dropView(connection, view);
  await gone(connection, "table", `${schema}.${name}`);
  await connection.run("delete from rs.views where schema_name = $schema and view_name = $name", {
    schema,
    name,
  });
  await connection.run(`drop ${materialized ? "table" : "view"} if exists ${tableName(schema, name)}`);
}

async function dropSchema(
  { session, catalog, access }: StatementContext,
  name: string,
  { ifExists, cascade }: Extract<Plan, { kind: "drop" }>,
): Promise<void> {
  const { connection } = session;
  catalog.schemaFor({ schema: catalog.schemas.has(name) ? name : "public", name: "" });
  if (!catalog.schemas.has(name)) {
    if (ifExists) return;
    throw new SqlError(`schema "${name}" does not exist`);
  }
  if (!access.may("schema", name, ["drop"])) throw new SqlError(`must be owner of schema ${name}`);
  const inside = await rowsOf(
    connection,
    `select table_name from duckdb_columns() where schema_name = $name and database_name = 'warehouse'
     union all select view_name from rs.views where schema_name = $name limit 1`,
    { name },
  );
  if (inside.length > 0 && !cascade)
    throw new SqlError(`cannot drop schema ${name} because other objects depend on it`);
  const tables = await rowsOf(
    connection,
    "select distinct table_name from duckdb_tables() where schema_name = $name and database_name = 'warehouse'",
    { name },
  );
  for (const { table_name: table } of tables)
    for (const view of await dependents(connection, name, String(table))) await dropView(connection, view);
  await connection.run(`drop schema ${identifier(name)} cascade`);
  await schemaGone(connection, name);
}

async function dropFunction(
  { session, catalog, access }: StatementContext,
  { schema = "public", name }: ObjectName,
  ifExists: boolean,
): Promise<void> {
  catalog.schemaFor({ schema, name });
  const { connection } = session;
  const rows = await rowsOf(
    connection,
    "select detail from rs.functions where schema_name = $schema and function_name = $name",
    { schema, name },
  );
  if (rows.length === 0) {
    if (ifExists) return;
    throw new SqlError(`function ${name} does not exist`);
  }
  if (!access.owns("function", `${schema}.${name}`)) throw new SqlError(`must be owner of function ${name}`);
  for (const row of rows) {
    const { sql } = JSON.parse(String(row.detail)) as { readonly sql: string };
    await connection.run(`drop macro if exists ${sql}`);
  }
  await connection.run("delete from rs.functions where schema_name = $schema and function_name = $name", {
    schema,
    name,
  });
  await gone(connection, "function", `${schema}.${name}`);
}
