import type { DuckDBConnection } from "@duckdb/node-api";

/** Rows of a query on the engine's own catalog, or on ours. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, string | number | boolean | null> = {},
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRowObjectsJson() as Record<string, unknown>[];
}
