import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../../sql/error";
import type { Fault } from "./values";

/** A line that a COPY cannot load, as `sys_load_error_detail` tells it. */
export interface LineError extends Fault {
  readonly file: string;
  /** From 1. 0 when it is the file as a whole. */
  readonly line: number;
  /** What the line is. */
  readonly raw: string;
}

/** What a COPY that fails leaves behind. */
export class LoadError extends SqlError {
  constructor(
    readonly table: string,
    readonly details: readonly (LineError & { readonly table: string })[],
    cause?: unknown,
  ) {
    super(
      `Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details.${shown(details[0])}`,
      {
        cause,
      },
    );
  }
}

function shown(detail: LineError | undefined): string {
  if (detail === undefined) return "";
  return `\nDETAIL: ${detail.file} line ${detail.line}${detail.column === "" ? "" : ` column ${detail.column}`}: ${detail.message}`;
}

/** Written in a transaction of its own: it outlives the load that failed. */
export async function recordLoadErrors(
  connection: DuckDBConnection,
  user: string,
  details: LoadError["details"],
): Promise<void> {
  const id = Date.now();
  for (const detail of details)
    await connection.run(
      `insert into rs.sys_load_error_detail values ($user, $id, cast(now() as timestamp), $table, $file, $line,
         $column, $columnType, $columnLength, 0, $code, $message, $raw, $value)`,
      {
        user,
        id,
        table: detail.table,
        file: detail.file,
        line: detail.line,
        column: detail.column,
        columnType: detail.columnType,
        columnLength: detail.columnLength,
        code: detail.code,
        message: detail.message,
        raw: detail.raw.slice(0, 1024),
        value: detail.value.slice(0, 1024),
      },
    );
}
