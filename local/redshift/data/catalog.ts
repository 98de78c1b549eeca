import { rowsOf } from "../engine/catalog";
import { typeNameOf } from "../engine/results";
import type { Warehouse } from "../engine/warehouse";

/** Names of schemas like the pattern. */
export async function schemas(warehouse: Warehouse, pattern = "%"): Promise<string[]> {
  const rows = await query(
    warehouse,
    `select schema_name from duckdb_schemas() where database_name = 'warehouse' and not internal
       and schema_name not in ('main', 'rs') and schema_name like $pattern order by 1`,
    { pattern },
  );
  return rows.map((row) => String(row.schema_name));
}

/** A table or view as ListTables tells it. */
export interface TableMember {
  readonly name: string;
  readonly schema: string;
  readonly type: "TABLE" | "VIEW";
}

/** Tables and views like the patterns. */
export async function tables(warehouse: Warehouse, schema = "%", table = "%"): Promise<TableMember[]> {
  const rows = await query(
    warehouse,
    `select table_schema, table_name, table_type from information_schema.tables
     where table_catalog = 'warehouse' and table_schema not in ('main', 'rs')
       and table_schema like $schema and table_name like $table order by 1, 2`,
    { schema, table },
  );
  return rows.map((row) => ({
    name: String(row.table_name),
    schema: String(row.table_schema),
    type: row.table_type === "VIEW" ? "VIEW" : "TABLE",
  }));
}

/** A table's columns as DescribeTable tells them. */
export async function columnList(warehouse: Warehouse, schema = "public", table = ""): Promise<object[]> {
  const rows = await query(
    warehouse,
    `select column_name, data_type, is_nullable, column_default, numeric_precision, numeric_scale
     from duckdb_columns() where database_name = 'warehouse' and schema_name = $schema
       and lower(table_name) = lower($table) order by column_index`,
    { schema, table },
  );
  const widths = await query(
    warehouse,
    `select constraint_column_names[1] as name, regexp_extract(constraint_text, '<= (\\d+)', 1) as bytes
     from duckdb_constraints() where constraint_type = 'CHECK' and schema_name = $schema
       and lower(table_name) = lower($table)`,
    { schema, table },
  );
  return rows.map((row) => {
    const width = widths.find(({ name }) => name === row.column_name);
    return {
      name: String(row.column_name),
      label: String(row.column_name),
      typeName: typeNameOf(String(row.data_type)),
      nullable: row.is_nullable === true ? 1 : 0,
      length: Number(width?.bytes ?? 0),
      precision: Number(row.numeric_precision ?? 0),
      scale: Number(row.numeric_scale ?? 0),
      schemaName: schema,
      tableName: table,
      isCaseSensitive: row.data_type === "VARCHAR",
      isCurrency: false,
      isSigned: row.numeric_precision !== null,
      ...(row.column_default === null ? {} : { columnDefault: String(row.column_default) }),
    };
  });
}

async function query(
  warehouse: Warehouse,
  sql: string,
  values: Record<string, string>,
): Promise<Record<string, unknown>[]> {
  const connection = await warehouse.database.connect();
  try {
    return await rowsOf(connection, sql, values);
  } finally {
    connection.closeSync();
  }
}
