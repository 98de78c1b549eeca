import { literal } from "../tokens";
import { type DataType, engineType, isText } from "../types";

/** An expression that is resolved: the engine's SQL of it, and its type in Redshift. */
export interface Bound {
  /** In parentheses wherever it is not one operand by itself. */
  readonly sql: string;
  readonly type: DataType;
  /** What its column is called where it has no alias. @default ?column? */
  readonly label?: string;
  /** Of a quoted literal: its contents. */
  readonly text?: string;
  /** The table's column that it is, as it is. */
  readonly origin?: Origin;
}

export interface Origin {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly notNull: boolean;
}

export const BOOL: DataType = { name: "bool" };
export const INT4: DataType = { name: "int4" };
export const INT8: DataType = { name: "int8" };
export const FLOAT8: DataType = { name: "float8" };
export const VARCHAR: DataType = { name: "varchar" };
export const DATE: DataType = { name: "date" };
export const TIMESTAMP: DataType = { name: "timestamp" };
export const TIMESTAMPTZ: DataType = { name: "timestamptz" };
export const SUPER: DataType = { name: "super" };
export const UNKNOWN: DataType = { name: "unknown" };

/** A varchar of that many bytes at most. */
export function varchar(bytes: number | undefined): DataType {
  return bytes === undefined ? VARCHAR : { name: "varchar", bytes: Math.min(bytes, 65_535) };
}

/** A quoted literal. */
export function textLiteral(text: string): Bound {
  return { sql: literal(text), type: UNKNOWN, text };
}

/** The value in the engine's representation of that type; what is that already is left as it is. */
export function as(value: Bound, type: DataType): string {
  const same = value.type.name === type.name && value.text === undefined;
  if (same || (isText(type) && isText(value.type))) return value.sql;
  return `cast(${value.sql} as ${engineType(type)})`;
}

/** The value as text, the way that Redshift writes values of its type. */
export function asText(value: Bound): string {
  if (isText(value.type)) return value.sql;
  if (value.type.name === "bool")
    return `case when ${value.sql} then 'true' when not ${value.sql} then 'false' end`;
  if (value.type.name === "super") return `rs.super_text(${value.sql})`;
  if (value.type.name === "varbyte") return `lower(hex(${value.sql}))`;
  if (value.type.name === "float8" || value.type.name === "float4") return `rs.float_text(${value.sql})`;
  return `cast(${value.sql} as varchar)`;
}
