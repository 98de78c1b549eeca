import type { DuckDBConnection } from "@duckdb/node-api";
import type { Query } from "../../sql/syntax/ast";
import { identifier } from "../../sql/tokens";
import type { DataType } from "../../sql/types";
import type { CatalogColumn, CatalogRelation, StoredReading } from "./catalog";
import type { Known } from "./known";
import { rowsOf } from "./rows";
import { typeOf } from "./types";

/** The schemas of the database. */
export async function schemasOf(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    connection,
    "select schema_name from duckdb_schemas() where database_name = 'warehouse'",
  );
  return new Set(rows.map(({ schema_name: schema }) => String(schema)));
}

/** Reads the relations of those names that were not read yet. */
export async function learn(
  connection: DuckDBConnection,
  names: readonly string[],
  known: Known,
): Promise<void> {
  const unread = names.filter((name) => !known.relations.has(name));
  if (unread.length === 0) return;
  const relations = await relationsNamed(connection, unread);
  for (const name of unread)
    known.relations.set(
      name,
      relations.filter((relation) => relation.name === name),
    );
}

async function relationsNamed(
  connection: DuckDBConnection,
  names: readonly string[],
): Promise<CatalogRelation[]> {
  const list = names.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
  const columns = await rowsOf(
    connection,
    `select database_name, schema_name, table_name, column_name, data_type, is_nullable, column_default, comment
     from duckdb_columns() where not internal and schema_name <> 'rs' and table_name in (${list})
     order by database_name, schema_name, table_name, column_index`,
  );
  const checks = await rowsOf(
    connection,
    `select database_name, schema_name, table_name, constraint_column_names[1] as column_name, constraint_text
     from duckdb_constraints() where constraint_type = 'CHECK' and table_name in (${list})`,
  );
  const views = await rowsOf(connection, `select * from rs.views where view_name in (${list})`);
  const tables = new Map<string, CatalogColumn[]>();
  for (const row of columns) {
    const key = `${row.database_name}.${row.schema_name}.${row.table_name}`;
    const check = checks.find(
      (each) =>
        each.database_name === row.database_name &&
        each.schema_name === row.schema_name &&
        each.table_name === row.table_name &&
        each.column_name === row.column_name,
    );
    const list = tables.get(key) ?? [];
    list.push(columnOf(row, check === undefined ? undefined : String(check.constraint_text)));
    tables.set(key, list);
  }
  const relations = [...tables].map(([key, list]) => tableOf(key, list));
  return [
    ...relations.filter(({ schema, name }) => !views.some((view) => isOf(view, schema, name))),
    ...views.map(viewOf),
  ];
}

function isOf(view: Record<string, unknown>, schema: string, name: string): boolean {
  return view.schema_name === schema && view.view_name === name;
}

function columnOf(row: Record<string, unknown>, check: string | undefined): CatalogColumn {
  const given = row.column_default === null ? undefined : String(row.column_default);
  const sequence = /^nextval\('(.+)'\)$/.exec(given ?? "")?.[1];
  return {
    name: String(row.column_name),
    type: typeOf(String(row.data_type), check),
    ...(row.is_nullable === true ? {} : { notNull: true }),
    ...(given === undefined || given === "NULL" ? {} : { defaultSql: given }),
    ...(row.comment === null ? {} : { comment: String(row.comment) }),
    ...(sequence === undefined ? {} : { identity: { byDefault: sequence.endsWith("?"), sequence } }),
  };
}

function tableOf(key: string, columns: readonly CatalogColumn[]): CatalogRelation {
  const [database = "", schema = "", ...rest] = key.split(".");
  const name = rest.join(".");
  const temporary = database === "temp";
  return {
    schema: temporary ? "pg_temp" : schema,
    name,
    kind: "table",
    columns,
    sql: temporary ? `temp.main.${identifier(name)}` : `${identifier(schema)}.${identifier(name)}`,
    ...(temporary ? { temporary } : {}),
  };
}

function viewOf(row: Record<string, unknown>): CatalogRelation {
  const [schema, name] = [String(row.schema_name), String(row.view_name)];
  const stored = JSON.parse(String(row.detail)) as {
    readonly columns: readonly { readonly name: string; readonly type: DataType }[];
    readonly names?: readonly string[];
    readonly query?: Query;
    readonly readings: readonly StoredReading[];
  };
  return {
    schema,
    name,
    kind: "view",
    columns: stored.columns,
    sql: `${identifier(schema)}.${identifier(name)}`,
    viewReadings: stored.readings,
    ...(row.materialized === true ? { materialized: true } : {}),
    ...(row.late === true && stored.query !== undefined
      ? { late: { query: stored.query, ...(stored.names === undefined ? {} : { columns: stored.names }) } }
      : {}),
  };
}
