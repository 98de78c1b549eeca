import type { Cursor } from "./cursor";
import { SqlError, syntaxError, unsupported } from "./error";
import { is } from "./tokens";

/** Redshift's short names of its types; `unknown` is a literal or a null that nothing has typed yet. */
export type TypeName =
  | "int2"
  | "int4"
  | "int8"
  | "numeric"
  | "float4"
  | "float8"
  | "bool"
  | "varchar"
  | "bpchar"
  | "date"
  | "time"
  | "timetz"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "super"
  | "varbyte"
  | "geometry"
  | "geography"
  | "hllsketch"
  | "unknown";

/** A data type of Redshift. */
export interface DataType {
  readonly name: TypeName;
  /** Most bytes of a value. @default as many as there are */
  readonly bytes?: number;
  /** Of a decimal. */
  readonly precision?: number;
  readonly scale?: number;
}

/** What a type is called in full. */
const FULL: Readonly<Record<TypeName, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  numeric: "numeric",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  varchar: "character varying",
  bpchar: "character",
  date: "date",
  time: "time without time zone",
  timetz: "time with time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  interval: "interval",
  super: "super",
  varbyte: "binary varying",
  geometry: "geometry",
  geography: "geography",
  hllsketch: "hllsketch",
  unknown: "unknown",
};

/** What the engine keeps values of a type in. */
const ENGINE: Readonly<Record<TypeName, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  numeric: "decimal",
  float4: "real",
  float8: "double",
  bool: "boolean",
  varchar: "varchar",
  bpchar: "varchar",
  date: "date",
  time: "time",
  timetz: "timetz",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  interval: "interval",
  super: "json",
  varbyte: "blob",
  geometry: "blob",
  geography: "blob",
  hllsketch: "blob",
  unknown: "varchar",
};

/** A type as the engine spells it. */
export function engineType({ name, precision = 18, scale = 0 }: DataType): string {
  return name === "numeric" ? `decimal(${precision}, ${scale})` : ENGINE[name];
}

/** A type as Redshift spells it in full: `character varying(20)`. */
export function fullName({ name, bytes, precision, scale }: DataType): string {
  if (name === "numeric" && precision !== undefined) return `numeric(${precision},${scale ?? 0})`;
  return bytes === undefined || name === "super" ? FULL[name] : `${FULL[name]}(${bytes})`;
}

export function isText({ name }: DataType): boolean {
  return name === "varchar" || name === "bpchar" || name === "unknown";
}
export function isWhole({ name }: DataType): boolean {
  return name === "int2" || name === "int4" || name === "int8";
}
export function isNumber(type: DataType): boolean {
  return isWhole(type) || type.name === "numeric" || isFloat(type);
}
export function isFloat({ name }: DataType): boolean {
  return name === "float4" || name === "float8";
}
export function isTime({ name }: DataType): boolean {
  return name === "date" || name === "timestamp" || name === "timestamptz";
}

const PLAIN: Readonly<Record<string, TypeName>> = {
  smallint: "int2",
  int2: "int2",
  integer: "int4",
  int: "int4",
  int4: "int4",
  bigint: "int8",
  int8: "int8",
  real: "float4",
  float4: "float4",
  float8: "float8",
  boolean: "bool",
  bool: "bool",
  date: "date",
  timestamptz: "timestamptz",
  timetz: "timetz",
  geometry: "geometry",
  geography: "geography",
  hllsketch: "hllsketch",
};

/** Whether a literal of a type is at the cursor: `date '2024-01-01'`. */
export function isTypeName(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (token?.kind !== "word") return false;
  if (!["date", "timestamp", "timestamptz", "time", "timetz"].includes(token.text)) return false;
  if (cursor.peek(1)?.kind === "string") return true;
  return is(cursor.peek(1), "with", "without") && is(cursor.peek(2), "time");
}

/**
 * Reads a data type.
 * @throws {SqlError} for one that Redshift does not have.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
 */
export function dataType(cursor: Cursor): DataType {
  const token = cursor.next();
  if (token.kind === "quoted") throw new SqlError(`type "${token.text}" does not exist`);
  const type = named(token.text, cursor);
  if (cursor.sees("[")) throw syntaxError("[", "Redshift has no array types");
  return type;
}

function named(name: string, cursor: Cursor): DataType {
  const plain = PLAIN[name];
  if (plain !== undefined) return { name: plain };
  switch (name) {
    case "double":
      cursor.expect("precision");
      return { name: "float8" };
    case "float":
      return { name: cursor.sees("(") && one(cursor, "FLOAT") <= 24 ? "float4" : "float8" };
    case "decimal":
    case "numeric":
      return decimal(cursor);
    case "timestamp":
    case "time":
      return { name: cursor.takes("with", "time", "zone") ? `${name}tz` : without(cursor, name) };
    case "super":
      return { name: "super" };
    case "text":
      return { name: "varchar", bytes: 256 };
    case "varchar":
    case "nvarchar":
      return characters(cursor, "varchar", 256, 65_535);
    case "character":
      if (cursor.takes("varying")) return characters(cursor, "varchar", 256, 65_535);
      return characters(cursor, "bpchar", 1, 4_096);
    case "char":
    case "nchar":
      return characters(cursor, "bpchar", 1, 4_096);
    case "bpchar":
      return { name: "bpchar", bytes: 256 };
    case "varbyte":
    case "varbinary":
      return characters(cursor, "varbyte", 64_000, 1_024_000);
    case "binary":
      cursor.expect("varying");
      return characters(cursor, "varbyte", 64_000, 1_024_000);
  }
  if (name === "interval") throw unsupported("type interval");
  throw new SqlError(`type "${name}" does not exist`);
}

function without(cursor: Cursor, name: "time" | "timestamp"): "time" | "timestamp" {
  cursor.takes("without", "time", "zone");
  return name;
}

function characters(
  cursor: Cursor,
  name: "varchar" | "bpchar" | "varbyte",
  otherwise: number,
  most: number,
): DataType {
  if (!cursor.sees("(")) return { name, bytes: otherwise };
  if (cursor.peek(1)?.text === "max") {
    cursor.parenthesized();
    return { name, bytes: most };
  }
  const bytes = one(cursor, "a character type");
  if (bytes < 1 || bytes > most)
    throw new SqlError(`length for a type ${FULL[name]} must be between 1 and ${most}, got ${bytes}`);
  return { name, bytes };
}

function decimal(cursor: Cursor): DataType {
  if (!cursor.sees("(")) return { name: "numeric", precision: 18, scale: 0 };
  cursor.expect("(");
  const precision = cursor.integer();
  const scale = cursor.takes(",") ? cursor.integer() : 0;
  cursor.expect(")");
  if (precision < 1 || precision > 38)
    throw new SqlError(`DECIMAL precision ${precision} must be between 1 and 38`);
  if (scale > precision || scale > 37) throw new SqlError(`DECIMAL scale ${scale} must fit its precision`);
  return { name: "numeric", precision, scale };
}

function one(cursor: Cursor, what: string): number {
  cursor.expect("(");
  const size = cursor.integer();
  if (!cursor.takes(")"))
    throw syntaxError(cursor.peek()?.text ?? "end of input", `${what} takes one number`);
  return size;
}
