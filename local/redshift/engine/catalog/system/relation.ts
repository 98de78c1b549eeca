import type { Relation } from "../../../sql/bind/queries/environment";
import type { DataType, TypeName } from "../../../sql/types";

/** Columns by name, in their order. */
export type Columns = Readonly<Record<string, TypeName | DataType>>;

/** A system table or view. @param sql the engine's query for it. */
export function systemTable(schema: string, name: string, columns: Columns, sql: string): Relation {
  const names = Object.keys(columns);
  return {
    schema,
    name,
    kind: "system",
    columns: Object.entries(columns).map(([column, type]) => ({
      name: column,
      type: typeof type === "string" ? { name: type } : type,
    })),
    sql: `(select ${names.map((column) => `"${column}"`).join(", ")} from (${sql}))`,
  };
}

/** A name in the catalog. */
export const NAME: DataType = { name: "varchar", bytes: 128 };
