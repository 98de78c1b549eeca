import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectName } from "../sql/cursor";
import { SqlError } from "../sql/error";
import type { ColumnDefinition } from "../sql/tables";

/** A column as it stands in the database. */
export interface CatalogColumn extends ColumnDefinition {
  readonly comment: string | null;
}

/** A table as it stands in the database. */
export interface CatalogTable {
  /** The schema, or the engine's schema of temporary tables. */
  readonly schema: string;
  readonly name: string;
  readonly temporary: boolean;
  readonly columns: readonly CatalogColumn[];
}

/** Rows of a query on the engine's own catalog. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, string> = {},
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRowObjectsJson() as Record<string, unknown>[];
}

/**
 * A table's columns, types and widths.
 * @throws {SqlError} when there is no such table.
 */
export async function describe(
  connection: DuckDBConnection,
  { schema, name }: ObjectName,
): Promise<CatalogTable> {
  const found = await rowsOf(
    connection,
    `select database_name = 'temp' as temporary, schema_name, column_name, data_type, is_nullable, column_default,
       comment
     from duckdb_columns()
     where lower(table_name) = $name and not internal
       and ($schema = '' and (database_name = 'temp' or schema_name = 'public') or lower(schema_name) = $schema)
     order by temporary desc, column_index`,
    { name, schema: schema ?? "" },
  );
  const first = found[0];
  if (first === undefined) throw noRelation({ ...(schema === undefined ? {} : { schema }), name });
  const temporary = first.temporary === true;
  const mine = found.filter((row) => row.temporary === first.temporary);
  const widths = await widthsOf(connection, String(first.schema_name), name, temporary);
  return {
    schema: String(first.schema_name),
    name,
    temporary,
    columns: mine.map((row) => columnOf(row, widths)),
  };
}

function columnOf(row: Record<string, unknown>, widths: ReadonlyMap<string, number>): CatalogColumn {
  const name = String(row.column_name);
  const engine = String(row.data_type).toLowerCase();
  const bytes = widths.get(name);
  return {
    name,
    type: {
      engine: engine === "timestamp with time zone" ? "timestamptz" : engine,
      ...(bytes === undefined ? {} : { bytes }),
      ...(engine === "json" ? { json: true } : {}),
    },
    notNull: row.is_nullable === false,
    ...(row.column_default === null ? {} : { defaultValue: String(row.column_default) }),
    comment: row.comment === null ? null : String(row.comment),
  };
}

/** Byte widths by column: what the table's checks say. */
async function widthsOf(
  connection: DuckDBConnection,
  schema: string,
  name: string,
  temporary: boolean,
): Promise<ReadonlyMap<string, number>> {
  const checks = await rowsOf(
    connection,
    `select constraint_text, constraint_column_names[1] as column_name from duckdb_constraints()
     where constraint_type = 'CHECK' and schema_name = $schema and lower(table_name) = $name
       and (database_name = 'temp') = ($temporary = 'true')`,
    { schema, name, temporary: String(temporary) },
  );
  const widths = new Map<string, number>();
  for (const check of checks) {
    const bytes = /strlen\(.*\) <= (\d+)/.exec(String(check.constraint_text))?.[1];
    if (bytes !== undefined) widths.set(String(check.column_name), Number(bytes));
  }
  return widths;
}

/** Names of all columns that hold SUPER values. */
export async function superColumns(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    connection,
    "select distinct lower(column_name) as name from duckdb_columns() where data_type = 'JSON' and not internal",
  );
  return new Set(rows.map(({ name }) => String(name)));
}

/** Whether a table or view of that name is there. */
export async function exists(connection: DuckDBConnection, { schema, name }: ObjectName): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    `select 1 from duckdb_columns() where lower(table_name) = $name and not internal
       and ($schema = '' and (database_name = 'temp' or schema_name = 'public') or lower(schema_name) = $schema)
     limit 1`,
    { name, schema: schema ?? "" },
  );
  return rows.length > 0;
}

/** What Redshift says of a name that it does not find. */
export function noRelation({ schema, name }: ObjectName): SqlError {
  return new SqlError(`relation "${schema === undefined ? "" : `${schema}.`}${name}" does not exist`);
}
