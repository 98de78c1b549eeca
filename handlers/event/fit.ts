import type { Column, ColumnType } from "./columns";
import type { Json } from "./event";
import { cleanJson, isObject, TOO_DEEP } from "./json";
import { valuesOf } from "./row";
import { cleanText, cutText, fitsBytes } from "./text";
import { canonicalTime } from "./time";

/** What a column may hold on its way to the warehouse. */
export type ColumnValue = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Why a value refuses its row: it is exact and too long, or it nests too deep. */
export interface Refusal<Name extends string> {
  readonly column: Name;
  readonly why: "too_long" | "too_deep";
}

/** A row whose every value fits its column. */
export interface Fitted<Name extends string> {
  readonly row: { readonly [column in Name]?: ColumnValue };
  /** Columns whose value was cut to fit or, having no part that fits, left out. */
  readonly cut: readonly Name[];
  readonly refused: readonly Refusal<Name>[];
}

/** What comes of a value: what fits of it; or why nothing does. */
type FittedValue = ColumnValue | undefined | typeof MISFIT | typeof TOO_LONG | Cut;

/** Not of the column's type, or no part of it fits. */
const MISFIT = Symbol("misfit");

/** Too long for a column that takes it whole or not at all. */
const TOO_LONG = Symbol("too long");

/** The part of a text that fits. */
class Cut {
  constructor(readonly part: string) {}
}

const INTEGER_RANGE = { least: -2_147_483_648, most: 2_147_483_647 };

/**
 * Fits raw values, whatever they are, to a table of columns: what comes out is what COPY takes without an
 * error. Absent, null and (in an optional column) empty values are left out.
 */
export function fitRow<Name extends string>(
  raw: { readonly [column in Name]?: unknown },
  table: Readonly<Record<Name, Column>>,
): Fitted<Name> {
  const row: { [column in Name]?: unknown } = {};
  const tooDeep: Refusal<Name>[] = [];
  for (const column of Object.keys(raw) as Name[]) {
    const value = clean(raw[column], table[column]);
    if (value === TOO_DEEP) tooDeep.push({ column, why: "too_deep" });
    else if (value !== undefined && value !== null) row[column] = value;
  }
  const { cut, refused } = fitInPlace(row, table);
  for (const column of Object.keys(row) as Name[]) if (row[column] === undefined) delete row[column];
  return { row: row as Fitted<Name>["row"], cut, refused: [...tooDeep, ...refused] };
}

/** Text and JSON as the warehouse takes them, whatever their length. */
function clean(value: unknown, { type }: Column): unknown {
  if (typeof value === "string") return cleanText(value);
  return type.kind === "super" && value !== undefined ? cleanJson(value) : value;
}

/**
 * Fits the values of a row in the row itself: one that does not fit gives way to the part of it that does, or to
 * undefined.
 * @param row whose text and JSON are clean (`cleanText`, `cleanJson`).
 */
export function fitInPlace<Name extends string>(
  row: { [column in Name]?: unknown },
  table: Readonly<Record<Name, Column>>,
): Omit<Fitted<Name>, "row"> {
  const cut: Name[] = [];
  const refused: Refusal<Name>[] = [];
  const { names, entries } = listOf(table);
  const values = valuesOf(row, names);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) continue;
    const { column, definition, wholeUnits } = entries[index] as Entry<Name>;
    // Most values are texts, and most of them are far from too long.
    if (typeof value === "string" && value.length <= wholeUnits && value !== "") continue;
    const fitted = fitValue(value, definition);
    if (fitted === value) continue;
    if (fitted === MISFIT) {
      row[column] = undefined;
      cut.push(column);
    } else if (fitted instanceof Cut) {
      row[column] = fitted.part;
      cut.push(column);
    } else if (fitted === TOO_LONG) {
      row[column] = undefined;
      refused.push({ column, why: "too_long" });
    } else row[column] = fitted;
  }
  return { cut, refused };
}

/** A table's column, and how many UTF-16 units fit into it whatever they are: none takes more than three bytes. */
interface Entry<Name> {
  readonly column: Name;
  readonly definition: Column;
  readonly wholeUnits: number;
}

/** A table as lists, side by side. */
interface Listed<Name> {
  readonly names: readonly Name[];
  readonly entries: readonly Entry<Name>[];
}

const listed = new WeakMap<object, Listed<string>>();

/** A table as lists, made once: rows are fitted by the thousand. */
function listOf<Name extends string>(table: Readonly<Record<Name, Column>>): Listed<Name> {
  const known = listed.get(table) as Listed<Name> | undefined;
  if (known !== undefined) return known;
  const names = Object.keys(table) as Name[];
  const entries = names.map((column) => {
    const definition = table[column];
    const { type } = definition;
    return { column, definition, wholeUnits: type.kind === "varchar" ? Math.floor(type.bytes / 3) : 0 };
  });
  listed.set(table, { names, entries });
  return { names, entries };
}

function fitValue(value: unknown, column: Column): FittedValue {
  if (value === null) return undefined;
  const { type } = column;
  switch (type.kind) {
    case "varchar":
      return fitText(value, type.bytes, column);
    case "super":
      if (type.holds === "list") return Array.isArray(value) ? (value as readonly Json[]) : MISFIT;
      return isObject(value) ? value : MISFIT;
    case "timestamp":
      return canonicalTime(value) ?? MISFIT;
    case "boolean":
      return typeof value === "boolean" ? value : MISFIT;
    case "integer": {
      const integer = Math.round(numberOf(value));
      // Adding zero makes an ordinary zero of a negative one.
      return integer >= INTEGER_RANGE.least && integer <= INTEGER_RANGE.most ? integer + 0 : MISFIT;
    }
    case "decimal":
      return fitDecimal(value, type);
  }
}

function fitText(value: unknown, bytes: number, column: Column): FittedValue {
  if (typeof value === "object" || typeof value === "function" || typeof value === "symbol") return MISFIT;
  const text = typeof value === "string" ? value : String(value);
  if (text === "") return column.required ? text : undefined;
  if (fitsBytes(text, bytes)) return text;
  if (column.exact) return TOO_LONG;
  const part = cutText(text, bytes);
  return part === "" ? MISFIT : new Cut(part);
}

function fitDecimal(value: unknown, type: Extract<ColumnType, { kind: "decimal" }>): FittedValue {
  const number = numberOf(value);
  const limit = 10 ** (type.precision - type.scale);
  if (!(Math.abs(number) < limit)) return MISFIT;
  const text = isPlainDecimal(value, type) ? value : number.toFixed(type.scale);
  // Rounding may have reached the limit.
  return Math.abs(Number(text)) < limit ? text : MISFIT;
}

/** Whether a value is text that the warehouse reads as it stands: more digits than a double holds survive so. */
function isPlainDecimal(
  value: unknown,
  { precision, scale }: { readonly precision: number; readonly scale: number },
): value is string {
  const match = typeof value === "string" ? /^-?(\d+)(?:\.(\d+))?$/.exec(value) : null;
  if (match === null) return false;
  const [, whole = "", fraction = ""] = match;
  return whole.length <= precision - scale && fraction.length <= scale;
}

/** The number that a number, or text of digits, stands for; NaN for all else. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
    ? Number(value)
    : NaN;
}
