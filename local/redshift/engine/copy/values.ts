import type { CopyCommand } from "../../sql/statements/copy";
import { fullName, isFloat, isWhole } from "../../sql/types";
import { parseFormatted } from "../../values/formatted-time";
import { parseTime } from "../../values/parse-time";
import type { CatalogColumn } from "../catalog/catalog";

/** Why a line cannot be loaded. @see https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html */
export interface Fault {
  readonly column: string;
  readonly columnType: string;
  readonly columnLength: string;
  readonly value: string;
  readonly code: number;
  readonly message: string;
}

/** What is wrong with a line as a whole. */
export function lineFault(code: number, message: string): Fault {
  return { column: "", columnType: "", columnLength: "", value: "", code, message };
}

/** A line that cannot be loaded. */
export class Unloadable extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/**
 * A field as JSON that the engine reads into the column.
 * @param given its text, or what JSON has for it; null and undefined are null.
 * @throws {Unloadable} for what does not fit the column.
 */
export function valueFor(column: CatalogColumn, given: unknown, copy: CopyCommand): unknown {
  if (given === null || given === undefined) {
    if (column.notNull === true) throw unloadable(column, "", 1213, "Missing data for not-null field");
    return null;
  }
  const { type } = column;
  if (type.name === "super") return semiStructured(column, given, copy);
  const text = typeof given === "string" ? given : JSON.stringify(given);
  if (type.name === "varchar" || type.name === "bpchar") return characters(column, text, copy);
  const trimmed = text.trim();
  if (isWhole(type)) return whole(column, trimmed);
  if (type.name === "numeric") return decimal(column, trimmed, copy.round);
  if (isFloat(type)) {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(nan|inf(inity)?)$/i.test(trimmed))
      throw unloadable(
        column,
        text,
        1208,
        `Invalid digit, Value '${trimmed.charAt(0)}', Pos 0, Type: ${typeWord(column)}`,
      );
    return trimmed;
  }
  if (type.name === "bool") return boolean(column, trimmed);
  if (type.name === "varbyte") {
    if (!/^([0-9a-f]{2})*$/i.test(trimmed)) throw unloadable(column, text, 1230, "Invalid hexadecimal value");
    return trimmed.replace(/../g, (byte) => `\\x${byte.toUpperCase()}`);
  }
  return moment(column, text, copy);
}

function unloadable(column: CatalogColumn, value: string, code: number, message: string): Unloadable {
  const { name, type } = column;
  const length = type.bytes ?? (type.name === "numeric" ? `${type.precision}, ${type.scale}` : "");
  return new Unloadable({
    column: name,
    columnType: fullName({ name: type.name }),
    columnLength: String(length),
    value,
    code,
    message,
  });
}

function semiStructured(column: CatalogColumn, given: unknown, copy: CopyCommand): unknown {
  if (typeof given !== "string" || copy.format.kind === "json") return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    throw unloadable(column, given, 1224, "Invalid JSON format");
  }
}

function characters(column: CatalogColumn, text: string, { truncate, trimBlanks }: CopyCommand): string {
  const value = trimBlanks ? text.replace(/ +$/, "") : text;
  const { bytes } = column.type;
  if (bytes === undefined || Buffer.byteLength(value) <= bytes) return value;
  if (!truncate) throw unloadable(column, text, 1204, "String length exceeds DDL length");
  return cut(value, bytes);
}

/** As much of a text as fits, to a character's end. */
function cut(text: string, bytes: number): string {
  let end = bytes;
  const buffer = Buffer.from(text);
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end--;
  return buffer.subarray(0, end).toString("utf8");
}

const WORDS: Readonly<Record<string, string>> = {
  int2: "Short",
  int4: "Integer",
  int8: "Long",
  numeric: "Decimal",
  float4: "Real",
  float8: "Double",
};

function typeWord({ type }: CatalogColumn): string {
  return WORDS[type.name] ?? type.name;
}

function whole(column: CatalogColumn, text: string): string {
  const wrong = /[^0-9]/.exec(text.replace(/^[+-]/, ""));
  if (wrong !== null || !/\d/.test(text))
    throw unloadable(
      column,
      text,
      1207,
      `Invalid digit, Value '${wrong?.[0] ?? ""}', Pos ${wrong?.index ?? 0}, Type: ${typeWord(column)}`,
    );
  const limit = 2n ** ({ int2: 15n, int4: 31n, int8: 63n }[column.type.name as "int2"] ?? 63n);
  const value = BigInt(text.replace(/^\+/, ""));
  if (value >= limit || value < -limit)
    throw unloadable(column, text, 1207, `Overflow for ${typeWord(column)}`);
  return value.toString();
}

function decimal(column: CatalogColumn, text: string, round: boolean): string {
  const { precision = 18, scale = 0 } = column.type;
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  if (found === null || (found[2] === "" && (found[3] ?? "") === ""))
    throw unloadable(column, text, 1207, `Invalid digit, Value '${text.charAt(0)}', Pos 0, Type: Decimal`);
  const [, sign = "", whole = "", fraction = "", exponent] = found;
  const shift = Number(exponent ?? 0);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point < 0 ? "0".repeat(-point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 0);
  const front = padded.slice(0, at).replace(/^0+/, "");
  const behind = padded.slice(at);
  let units = BigInt(front + behind.slice(0, scale).padEnd(scale, "0") || "0");
  if (round && Number(behind[scale] ?? 0) >= 5) units += 1n;
  if (String(units).length > precision && units > 0n)
    throw unloadable(column, text, 1207, "Overflow for Decimal");
  const shown = String(units).padStart(scale + 1, "0");
  return `${sign === "-" ? "-" : ""}${scale === 0 ? shown : `${shown.slice(0, -scale)}.${shown.slice(-scale)}`}`;
}

function boolean(column: CatalogColumn, text: string): boolean {
  if (/^(true|t|yes|y|1)$/i.test(text)) return true;
  if (/^(false|f|no|n|0)$/i.test(text)) return false;
  throw unloadable(column, text, 1210, "Unknown boolean format");
}

function moment(
  column: CatalogColumn,
  text: string,
  { timeFormat, dateFormat, acceptAnyDate }: CopyCommand,
): string | null {
  const { name } = column.type;
  const format = (name === "date" ? dateFormat : timeFormat).toLowerCase();
  let read: string | undefined;
  if ((format === "epochsecs" || format === "epochmillisecs") && name !== "date") {
    const ms = Number(text) * (format === "epochsecs" ? 1000 : 1);
    if (text.trim() !== "" && Number.isFinite(ms) && Math.abs(ms) < 8.64e15)
      read = new Date(ms).toISOString().replace("T", " ").replace("Z", "");
  } else if (format === "auto" || name === "time" || name === "timetz") read = parseTime(text, name);
  else {
    try {
      read = parseFormatted(text, name === "date" ? dateFormat : timeFormat, true);
    } catch {
      read = undefined;
    }
  }
  if (read !== undefined) return name === "date" ? read.slice(0, 10) : read;
  if (acceptAnyDate) return null;
  if (name === "date")
    throw unloadable(column, text, 1205, "Invalid Date Format - length must be 10 or more");
  throw unloadable(
    column,
    text,
    1206,
    `Invalid timestamp format or value [${timeFormat === "auto" ? "YYYY-MM-DD HH24:MI:SS" : timeFormat}]`,
  );
}
