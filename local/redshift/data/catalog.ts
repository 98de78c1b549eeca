import type { CatalogRelation } from "../engine/catalog/catalog";
import { Known } from "../engine/catalog/known";
import { rowsOf } from "../engine/catalog/rows";
import { learn } from "../engine/catalog/stored";
import { systemRelations } from "../engine/catalog/system/index";
import { described } from "../engine/results";
import type { Warehouse } from "../engine/warehouse";

/** Redshift's own schemas, as every database has them. */
const SYSTEM_SCHEMAS = ["information_schema", "pg_catalog", "pg_internal"];

/** A pattern of names: `%` is any text, `_` any character. */
function matcher(pattern = "%"): (name: string) => boolean {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const regex = new RegExp(`^${escaped.replaceAll("%", ".*").replaceAll("_", ".")}$`, "s");
  return (name) => regex.test(name);
}

/** Names of schemas like the pattern, in their order. */
export async function schemas(warehouse: Warehouse, pattern?: string): Promise<string[]> {
  const rows = await warehouse.look((connection) =>
    rowsOf(
      connection,
      `select schema_name from duckdb_schemas() where database_name = 'warehouse' and not internal
         and schema_name not in ('main', 'rs')`,
    ),
  );
  const names = rows.map((row) => String(row.schema_name));
  return [...new Set([...SYSTEM_SCHEMAS, ...names])].filter(matcher(pattern)).sort();
}

/** A table or view as ListTables tells it. */
export interface TableMember {
  readonly name: string;
  readonly schema: string;
  readonly type: "TABLE" | "VIEW" | "SYSTEM TABLE";
}

/** Tables and views like the patterns, by schema and name. */
export async function tables(
  warehouse: Warehouse,
  database: string,
  schema?: string,
  table?: string,
): Promise<TableMember[]> {
  const members = (await relations(warehouse, database)).map(
    ({ name, schema: of, kind }): TableMember => ({
      name,
      schema: of,
      type: kind === "system" ? "SYSTEM TABLE" : kind === "view" ? "VIEW" : "TABLE",
    }),
  );
  const [inSchema, named] = [matcher(schema), matcher(table)];
  return members.filter((member) => inSchema(member.schema) && named(member.name));
}

/** The columns of the tables that are named exactly, as DescribeTable tells them. @default of every table */
export async function columnList(
  warehouse: Warehouse,
  database: string,
  schema: string | undefined,
  table: string | undefined,
): Promise<object[]> {
  const named = (await relations(warehouse, database)).filter(
    (relation) =>
      (schema === undefined
        ? table !== undefined || relation.kind !== "system"
        : relation.schema === schema) &&
      (table === undefined || relation.name === table.toLowerCase()),
  );
  return named.flatMap((relation) => relation.columns.map((column) => describedColumn(relation, column)));
}

function describedColumn(relation: CatalogRelation, column: CatalogRelation["columns"][number]): object {
  const { name, type, notNull = false, defaultSql } = column;
  const origin = { schema: relation.schema, table: relation.name, column: name, notNull };
  const { bytes } = type;
  return {
    ...described({ name, type, origin }),
    ...(bytes === undefined ? {} : { length: bytes }),
    ...(defaultSql === undefined ? {} : { columnDefault: defaultSql }),
  };
}

async function relations(warehouse: Warehouse, database: string): Promise<CatalogRelation[]> {
  const own = await warehouse.look((connection) => learn(connection, new Known()));
  return [...own.values(), ...systemRelations(database).values()].sort(
    (a, b) => a.schema.localeCompare(b.schema) || a.name.localeCompare(b.name),
  );
}
