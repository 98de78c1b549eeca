import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { ColumnDefinition } from "../sql/tables";
import type { Download } from "./copy";

/** The first line that a COPY cannot load, as `sys_load_error_detail` tells it. */
export interface LineError {
  readonly file: string;
  /** From 1. 0 when it is the file as a whole. */
  readonly line: number;
  readonly column: string;
  readonly columnType: string;
  readonly columnLength: string;
  readonly code: number;
  readonly message: string;
}

/** What is wrong with a file that cannot be unpacked. */
export function brokenFile(url: string): LineError {
  return { file: url, line: 0, ...NO_COLUMN, code: 8001, message: "The file is not a whole gzip archive" };
}

/**
 * Reads again what a COPY failed on, and finds the line and column that it failed on: the engine's own message
 * names neither as Redshift does. Slow, and only run on failure.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
 */
export async function diagnose(
  files: readonly Download[],
  columns: readonly ColumnDefinition[],
  truncate: boolean,
): Promise<LineError | undefined> {
  for (const { url, path } of files) {
    let line = 0;
    const input = createReadStream(path);
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      const fault = text.trim() === "" ? undefined : lineFault(text, columns, truncate);
      if (fault !== undefined) return { file: url, line, ...fault };
    }
  }
  return undefined;
}

type Fault = Omit<LineError, "file" | "line">;
const NO_COLUMN = { column: "", columnType: "", columnLength: "" };

function lineFault(text: string, columns: readonly ColumnDefinition[], truncate: boolean): Fault | undefined {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { ...NO_COLUMN, code: 1216, message: "Invalid JSON line" };
  }
  if (row === null || typeof row !== "object" || Array.isArray(row))
    return { ...NO_COLUMN, code: 1216, message: "The line is not a JSON object" };
  for (const column of columns) {
    const value = row[column.name];
    const fault = valueFault(value, column, truncate);
    if (fault === undefined) continue;
    const { engine, bytes } = column.type;
    return {
      column: column.name,
      columnType: engine,
      columnLength: bytes === undefined ? "" : String(bytes),
      ...fault,
    };
  }
  return undefined;
}

interface ValueFault {
  readonly code: number;
  readonly message: string;
}

function valueFault(
  value: unknown,
  { type, notNull }: ColumnDefinition,
  truncate: boolean,
): ValueFault | undefined {
  if (value === null || value === undefined)
    return notNull ? { code: 1213, message: "Missing data for not-null field" } : undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (type.bytes !== undefined && !truncate && Buffer.byteLength(text) > type.bytes)
    return { code: 1204, message: "String length exceeds DDL length" };
  if (["smallint", "integer", "bigint"].includes(type.engine)) return wholeFault(text, type.engine);
  if (type.engine === "timestamp" || type.engine === "timestamptz") return timeFault(text);
  if (type.engine.startsWith("decimal") || type.engine === "double" || type.engine === "real")
    return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)
      ? decimalFault(text, type.engine)
      : { code: 1207, message: `Invalid digit, Value '${text.charAt(0)}', Type: ${type.engine}` };
  if (type.engine === "boolean" && !/^(true|false|t|f|yes|no|y|n|1|0)$/i.test(text))
    return { code: 1210, message: "Invalid boolean value" };
  return undefined;
}

function wholeFault(text: string, engine: string): ValueFault | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return { code: 1207, message: `Invalid digit, Type: ${engine}` };
  const bits = { smallint: 15n, integer: 31n, bigint: 63n }[engine] ?? 63n;
  const value = BigInt(text.trim());
  const limit = 2n ** bits;
  return value >= limit || value < -limit ? { code: 1207, message: `Overflow for ${engine}` } : undefined;
}

function decimalFault(text: string, engine: string): ValueFault | undefined {
  const [, precision, scale] = /\((\d+), ?(\d+)\)/.exec(engine) ?? [];
  if (precision === undefined || scale === undefined) return undefined;
  return Math.abs(Number(text)) >= 10 ** (Number(precision) - Number(scale))
    ? { code: 1207, message: `Overflow for ${engine}` }
    : undefined;
}

function timeFault(text: string): ValueFault | undefined {
  const shaped = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/.test(text);
  if (shaped && !Number.isNaN(Date.parse(`${text.slice(0, 10)}T00:00:00Z`)) && validDay(text))
    return undefined;
  return { code: 1206, message: `Invalid timestamp format or value [${text}]` };
}

/** Whether the day exists: JavaScript lets February 31 pass as March. */
function validDay(text: string): boolean {
  const day = text.slice(0, 10);
  const clock = /[ T](\d{2}):(\d{2})(?::(\d{2}))?/.exec(text);
  const [, hours = "0", minutes = "0", seconds = "0"] = clock ?? [];
  return (
    new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) &&
    Number(hours) < 24 &&
    Number(minutes) < 60 &&
    Number(seconds) < 60
  );
}
