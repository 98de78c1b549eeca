import type { Cursor } from "./cursor";
import { SqlError, syntaxError, unsupported } from "./error";

/** A data type as the engine keeps it, and what Redshift holds values of it to. */
export interface DataType {
  /** The engine's name. */
  readonly engine: string;
  /** Most bytes of a character column. @default not a character type */
  readonly bytes?: number;
  /** Semi-structured. @default false */
  readonly json?: true;
}

const PLAIN: Readonly<Record<string, string>> = {
  smallint: "smallint",
  int2: "smallint",
  integer: "integer",
  int: "integer",
  int4: "integer",
  bigint: "bigint",
  int8: "bigint",
  real: "real",
  float4: "real",
  float8: "double",
  boolean: "boolean",
  bool: "boolean",
  date: "date",
  timestamptz: "timestamptz",
};

/** Types of Redshift that the engine cannot hold with Redshift's meaning. */
const ELSEWHERE = new Set([
  "varbyte",
  "varbinary",
  "binary",
  "geometry",
  "geography",
  "hllsketch",
  "timetz",
  "time",
]);

/**
 * Reads a data type.
 * @throws {SqlError} for one that Redshift does not have.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
 */
export function dataType(cursor: Cursor): DataType {
  const name = cursor.next().text;
  const type = named(name, cursor);
  if (cursor.sees("[")) throw syntaxError("[", "Redshift has no array types");
  return type;
}

function named(name: string, cursor: Cursor): DataType {
  const plain = PLAIN[name];
  if (plain !== undefined) return { engine: plain };
  switch (name) {
    case "double":
      cursor.expect("precision");
      return { engine: "double" };
    case "float":
      return { engine: cursor.sees("(") && one(cursor, "FLOAT") <= 24 ? "real" : "double" };
    case "decimal":
    case "numeric":
      return decimal(cursor);
    case "timestamp":
      if (cursor.takes("with", "time", "zone")) return { engine: "timestamptz" };
      cursor.takes("without", "time", "zone");
      return { engine: "timestamp" };
    case "super":
      return { engine: "json", json: true };
    case "text":
      return { engine: "varchar", bytes: 256 };
    case "varchar":
    case "nvarchar":
      return characters(cursor, 256, 65_535);
    case "character":
      if (cursor.takes("varying")) return characters(cursor, 256, 65_535);
      return characters(cursor, 1, 4_096);
    case "char":
    case "nchar":
      return characters(cursor, 1, 4_096);
    case "bpchar":
      return { engine: "varchar", bytes: 256 };
  }
  if (ELSEWHERE.has(name)) throw unsupported(`type ${name}`);
  throw new SqlError(`type "${name}" does not exist`);
}

function characters(cursor: Cursor, otherwise: number, most: number): DataType {
  if (!cursor.sees("(")) return { engine: "varchar", bytes: otherwise };
  if (cursor.peek(1)?.text === "max") {
    cursor.parenthesized();
    return { engine: "varchar", bytes: most };
  }
  const bytes = one(cursor, "a character type");
  if (bytes < 1 || bytes > most)
    throw new SqlError(`length for a character type must be between 1 and ${most}, got ${bytes}`);
  return { engine: "varchar", bytes };
}

function decimal(cursor: Cursor): DataType {
  if (!cursor.sees("(")) return { engine: "decimal(18, 0)" };
  cursor.expect("(");
  const precision = cursor.integer();
  const scale = cursor.takes(",") ? cursor.integer() : 0;
  cursor.expect(")");
  if (precision < 1 || precision > 38)
    throw new SqlError(`DECIMAL precision ${precision} must be between 1 and 38`);
  if (scale > precision || scale > 37) throw new SqlError(`DECIMAL scale ${scale} must fit its precision`);
  return { engine: `decimal(${precision}, ${scale})` };
}

function one(cursor: Cursor, what: string): number {
  cursor.expect("(");
  const size = cursor.integer();
  if (!cursor.takes(")"))
    throw syntaxError(cursor.peek()?.text ?? "end of input", `${what} takes one number`);
  return size;
}
