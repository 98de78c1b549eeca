import type { DuckDBConnection } from "@duckdb/node-api";
import type { Query } from "../../sql/syntax/ast";
import { identifier } from "../../sql/tokens";
import type { DataType } from "../../sql/types";
import type { CatalogColumn, CatalogRelation, StoredReading } from "./catalog";
import type { Known } from "./known";
import { rowsOf } from "./rows";
import { type NewColumn, tableName } from "./tables";
import { kept, typeOf } from "./types";

/** The schemas of the database. */
export async function schemasOf(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    connection,
    "select schema_name from duckdb_schemas() where database_name = 'warehouse'",
  );
  return new Set(rows.map(({ schema_name: schema }) => String(schema)));
}

/** The tables and views of the database, by schema and name. What is not known yet is read. */
export async function learn(
  connection: DuckDBConnection,
  known: Known,
): Promise<ReadonlyMap<string, CatalogRelation>> {
  const { relations } = known;
  if (relations !== undefined && known.stale.size === 0) return relations;
  const stale = relations === undefined ? undefined : [...known.stale];
  const read = await relationsOf(connection, "warehouse", stale);
  const kept = [...(relations?.values() ?? [])].filter(({ name }) => stale?.includes(name) === false);
  const learned = new Map([...kept, ...read].map((each) => [`${each.schema}.${each.name}`, each]));
  known.relations = learned;
  for (const name of stale ?? [...known.stale]) known.stale.delete(name);
  return learned;
}

/** A session's temporary tables, by name. */
export async function temporaryTables(
  connection: DuckDBConnection,
): Promise<ReadonlyMap<string, CatalogRelation>> {
  const relations = await relationsOf(connection, "temp");
  return new Map(relations.map((relation) => [relation.name, relation]));
}

/** A temporary table that was just made of these columns. */
export function temporaryTable(name: string, columns: readonly NewColumn[]): CatalogRelation {
  return tableOf("pg_temp", name, columns.map(columnOf), true);
}

/** @param names which ones. @default all of them */
async function relationsOf(
  connection: DuckDBConnection,
  database: "warehouse" | "temp",
  names?: readonly string[],
): Promise<CatalogRelation[]> {
  const list = names?.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
  const among = (column: string): string => (list === undefined ? "" : ` and ${column} in (${list})`);
  const columns = await rowsOf(
    connection,
    `select schema_name, table_name, column_name, data_type, is_nullable, column_default, comment
     from duckdb_columns() where database_name = '${database}' and not internal
       and schema_name <> 'rs'${among("table_name")}
     order by schema_name, table_name, column_index`,
  );
  if (columns.length === 0 && database === "temp") return [];
  const checks = await rowsOf(
    connection,
    `select schema_name, table_name, constraint_column_names[1] as column_name, constraint_text
     from duckdb_constraints() where constraint_type = 'CHECK' and database_name = '${database}'${among("table_name")}`,
  );
  const checkOf = new Map(
    checks.map((row) => [
      `${row.schema_name}.${row.table_name}.${row.column_name}`,
      String(row.constraint_text),
    ]),
  );
  const views =
    database === "temp"
      ? []
      : await rowsOf(connection, `select * from rs.views where true${among("view_name")}`);
  const tables = new Map<string, { schema: string; name: string; columns: CatalogColumn[] }>();
  for (const row of columns) {
    const [schema, name] = [String(row.schema_name), String(row.table_name)];
    const table = tables.get(`${schema}.${name}`) ?? { schema, name, columns: [] };
    table.columns.push(storedColumn(row, checkOf.get(`${schema}.${name}.${row.column_name}`)));
    tables.set(`${schema}.${name}`, table);
  }
  const relations = [...tables.values()].map((each) =>
    tableOf(database === "temp" ? "pg_temp" : each.schema, each.name, each.columns, database === "temp"),
  );
  return [
    ...relations.filter(({ schema, name }) => !views.some((view) => isOf(view, schema, name))),
    ...views.map(viewOf),
  ];
}

function isOf(view: Record<string, unknown>, schema: string, name: string): boolean {
  return view.schema_name === schema && view.view_name === name;
}

function storedColumn(row: Record<string, unknown>, check: string | undefined): CatalogColumn {
  const given = row.column_default === null ? undefined : String(row.column_default);
  const column = columnOf({
    name: String(row.column_name),
    type: typeOf(String(row.data_type), check),
    notNull: row.is_nullable !== true,
    ...(given === undefined || given === "NULL" ? {} : { defaultSql: given }),
  });
  return row.comment === null ? column : { ...column, comment: String(row.comment) };
}

function columnOf({ name, type, notNull, defaultSql }: NewColumn): CatalogColumn {
  const sequence = /^nextval\('(.+)'\)$/.exec(defaultSql ?? "")?.[1];
  return {
    name,
    type: kept(type),
    ...(notNull ? { notNull } : {}),
    ...(defaultSql === undefined ? {} : { defaultSql }),
    ...(sequence === undefined ? {} : { identity: { byDefault: /\?"?$/.test(sequence), sequence } }),
  };
}

function tableOf(
  schema: string,
  name: string,
  columns: readonly CatalogColumn[],
  temporary: boolean,
): CatalogRelation {
  return {
    schema,
    name,
    kind: "table",
    columns,
    sql: tableName(schema, name, temporary),
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
