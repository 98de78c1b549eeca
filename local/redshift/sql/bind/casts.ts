import { SqlError } from "../error";
import { literal } from "../tokens";
import { type DataType, engineType, fullName, isFloat, isNumber, isText, isTime, isWhole } from "../types";
import { as, asText, type Bound } from "./bound";
import { timeLiteral } from "./time-literals";

/**
 * An explicit cast. To a character type it cuts at the byte width; out of a SUPER it gives null where the value is of
 * another type.
 * @param lenient what cannot be cast is null, as TRY_CAST has it.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html
 */
export function castTo(value: Bound, type: DataType, lenient = false): Bound {
  const sql = castSql(value, type, lenient);
  return {
    sql,
    type: type.name === "varchar" && type.bytes === undefined ? { ...type, bytes: 256 } : type,
    label: value.label ?? type.name,
  };
}

function castSql(value: Bound, type: DataType, lenient: boolean): string {
  const from = value.type;
  if (value.sql === "null") return `cast(null as ${engineType(type)})`;
  if (type.name === "super") return toSuper(value);
  if (from.name === "super") return fromSuper(value.sql, type);
  if (type.name === "varchar" || type.name === "bpchar") {
    const text = asText(value);
    const cut = type.bytes === undefined ? text : `rs.cut(${text}, ${type.bytes})`;
    return type.name === "bpchar" ? `rtrim(${cut})` : cut;
  }
  if (isText(from)) return fromText(value, type, lenient);
  if (from.name === "varbyte" || type.name === "varbyte") return bytes(value, type);
  refuse(from, type);
  return `${lenient ? "try_cast" : "cast"}(${value.sql} as ${engineType(type)})`;
}

/** A value as a SUPER; a text is a string in it, whatever it looks like. */
export function toSuper({ sql, type }: Bound): string {
  if (type.name === "super") return sql;
  if (sql === "null") return "cast(null as json)";
  if (type.name === "varbyte") return `to_json(lower(hex(${sql})))`;
  return type.name === "timestamptz" || isTime(type) ? `to_json(cast(${sql} as varchar))` : `to_json(${sql})`;
}

/** A scalar inside of a SUPER as a value of the type; null where it is none. */
export function fromSuper(sql: string, type: DataType): string {
  const text = `rs.super_text(${sql})`;
  if (type.name === "varchar" || type.name === "bpchar")
    return type.bytes === undefined ? text : `rs.cut(${text}, ${type.bytes})`;
  return `try_cast(${text} as ${engineType(type)})`;
}

function fromText(value: Bound, type: DataType, lenient: boolean): string {
  const cast = lenient ? "try_cast" : "cast";
  const engine = engineType(type);
  if (isTime(type) || type.name === "time" || type.name === "timetz") {
    if (value.text === undefined) return `rs.${lenient ? "try_" : ""}${type.name}_of(${value.sql})`;
    const text = timeLiteral(value.text, type.name, lenient);
    return text === undefined ? `cast(null as ${engine})` : text;
  }
  const sql = value.text === undefined ? value.sql : literal(value.text);
  if (isWhole(type)) return `${cast}(rs.${lenient ? "try_" : ""}whole(${sql}) as ${engine})`;
  if (type.name === "varbyte") return `encode(${sql})`;
  if (type.name === "bool") return `rs.${lenient ? "try_" : ""}bool_of(${sql})`;
  if (!isNumber(type)) throw new SqlError(`cannot cast type character varying to ${fullName(type)}`);
  return `${cast}(trim(${sql}) as ${engine})`;
}

function bytes(value: Bound, type: DataType): string {
  if (value.type.name === "varbyte" && type.name === "varbyte") return value.sql;
  throw new SqlError(`cannot cast type ${fullName(value.type)} to ${fullName(type)}`);
}

/** What no value of one type becomes of another. */
function refuse(from: DataType, to: DataType): void {
  const moments = (type: DataType): boolean => isTime(type) || type.name === "time" || type.name === "timetz";
  const wrong =
    (moments(from) && (isNumber(to) || to.name === "bool")) ||
    (moments(to) && (isNumber(from) || from.name === "bool")) ||
    (from.name === "bool" && isFloat(to)) ||
    (["geometry", "geography", "hllsketch"].includes(to.name) && from.name !== to.name);
  if (wrong) throw new SqlError(`cannot cast type ${fullName(from)} to ${fullName(to)}`);
}

/**
 * A value as it is stored in a column: what does not fit is an error, but for blanks behind a text.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html#implicit-conversion-types
 */
export function assign(value: Bound, type: DataType): string {
  if (value.sql === "null" || value.sql === "default") return value.sql;
  if (type.name === "varchar" || type.name === "bpchar") {
    const text = asText(value);
    const known = value.type.bytes;
    if (type.bytes === undefined || (known !== undefined && known <= type.bytes)) return text;
    return `rs.fit(${text}, ${type.bytes}, '${fullName(type)}')`;
  }
  if (type.name === value.type.name && type.name !== "numeric") return value.sql;
  return castSql(value, type, false);
}

/** The one type of several values that stand for each other: of CASE, COALESCE, IN, UNION. */
export function commonType(values: readonly Bound[], what: string): DataType {
  let common: DataType = { name: "unknown" };
  for (const { type, sql } of values) {
    if (type.name === "unknown" || sql === "null") continue;
    common = common.name === "unknown" ? type : together(common, type, what);
  }
  return common;
}

const RANKS = ["int2", "int4", "int8", "numeric", "float4", "float8"];
const MOMENTS = ["date", "timestamp", "timestamptz"];

function together(one: DataType, other: DataType, what: string): DataType {
  if (one.name === "super" || other.name === "super") return { name: "super" };
  if (isText(one) && isText(other)) return widest(one, other);
  if (isNumber(one) && isNumber(other)) {
    const name = RANKS[Math.max(RANKS.indexOf(one.name), RANKS.indexOf(other.name))];
    if (name !== "numeric") return RANKS.indexOf(one.name) >= RANKS.indexOf(other.name) ? one : other;
    return jointDecimal(decimalOf(one), decimalOf(other));
  }
  if (isTime(one) && isTime(other))
    return MOMENTS.indexOf(one.name) >= MOMENTS.indexOf(other.name) ? one : other;
  if (one.name === other.name) return one;
  throw new SqlError(`${what} types ${fullName(one)} and ${fullName(other)} cannot be matched`);
}

function widest(one: DataType, other: DataType): DataType {
  const name = one.name === "bpchar" && other.name === "bpchar" ? "bpchar" : "varchar";
  if (one.bytes === undefined || other.bytes === undefined) return { name };
  return { name, bytes: Math.max(one.bytes, other.bytes) };
}

/** A number's type as a decimal: whole numbers have the digits of their width. */
export function decimalOf(type: DataType): { readonly precision: number; readonly scale: number } {
  if (type.name === "numeric") return { precision: type.precision ?? 18, scale: type.scale ?? 0 };
  return { precision: { int2: 5, int4: 10 }[type.name as "int2" | "int4"] ?? 19, scale: 0 };
}

function jointDecimal(
  one: { readonly precision: number; readonly scale: number },
  other: { readonly precision: number; readonly scale: number },
): DataType {
  const scale = Math.max(one.scale, other.scale);
  const whole = Math.max(one.precision - one.scale, other.precision - other.scale);
  return { name: "numeric", precision: Math.min(whole + scale, 38), scale };
}

/** The value in the representation of a type that {@link commonType} gave. */
export function toCommon(value: Bound, type: DataType): string {
  if (value.sql === "null") return "null";
  if (type.name === "unknown") return value.sql;
  if (isText(type) && isText(value.type)) return value.sql;
  if (value.text !== undefined || (type.name === "numeric" && isNumber(value.type)) || type.name === "super")
    return castSql(value, type, false);
  return as(value, type);
}
