import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../sql/error";
import type { LineError } from "./diagnose";

/** What a COPY that fails leaves behind: what `sys_load_error_detail` tells of it. */
export class LoadError extends SqlError {
  constructor(
    readonly table: string,
    readonly detail: LineError,
    cause: unknown,
  ) {
    super(
      `Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details: ` +
        `${detail.file} line ${detail.line}${detail.column === "" ? "" : ` column ${detail.column}`}: ${detail.message}`,
      { cause },
    );
  }
}

/** Written in a transaction of its own: it outlives the load that failed. */
export async function recordLoadError(
  connection: DuckDBConnection,
  user: string,
  error: LoadError,
): Promise<void> {
  const { detail } = error;
  await connection.run(
    `insert into rs.sys_load_error_detail
     select $user, coalesce(max(query_id), 0) + 1, cast(now() as timestamp), $table, $file, $line,
       $column, $columnType, $columnLength, 0, $code, $message from rs.sys_load_error_detail`,
    {
      user,
      table: error.table,
      file: detail.file,
      line: detail.line,
      column: detail.column,
      columnType: detail.columnType,
      columnLength: detail.columnLength,
      code: detail.code,
      message: detail.message,
    },
  );
}
