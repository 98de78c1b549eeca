import type { Column, ColumnType } from "./columns";
import type { Json } from "./event";
import { cleanJson, isObject, TOO_DEEP } from "./json";
import { cleanText, cutText, fitsBytes } from "./text";
import { canonicalTime } from "./time";

/** What a column may hold on its way to the warehouse. */
export type ColumnValue = string | number | boolean | { readonly [key: string]: Json };

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

/** The outcome for one value: nothing (null, empty, or not of the column's type), or what fits of it. */
type FittedValue = {
  readonly value?: ColumnValue;
  readonly cut?: true;
  readonly why?: Refusal<string>["why"];
};

const ABSENT: FittedValue = {};
const MISFIT: FittedValue = { cut: true };

const INTEGER_RANGE = { least: -2_147_483_648, most: 2_147_483_647 };

/**
 * Fits raw values, whatever they are, to a table of columns: what comes out is what COPY takes without an
 * error. Absent, null and (in an optional column) empty values are left out.
 */
export function fitRow<Name extends string>(
  raw: { readonly [column in Name]?: unknown },
  table: Readonly<Record<Name, Column>>,
): Fitted<Name> {
  const row: { [column in Name]?: ColumnValue } = {};
  const cut: Name[] = [];
  const refused: Refusal<Name>[] = [];
  for (const column of Object.keys(raw) as Name[]) {
    const fitted = fitValue(raw[column], table[column]);
    if (fitted.why !== undefined) refused.push({ column, why: fitted.why });
    else {
      if (fitted.value !== undefined) row[column] = fitted.value;
      if (fitted.cut) cut.push(column);
    }
  }
  return { row, cut, refused };
}

function fitValue(value: unknown, column: Column): FittedValue {
  if (value === undefined || value === null) return ABSENT;
  const { type } = column;
  switch (type.kind) {
    case "varchar":
      return fitText(value, type.bytes, column);
    case "super":
      return fitJson(value);
    case "timestamp": {
      const time = canonicalTime(value);
      return time === undefined ? MISFIT : { value: time };
    }
    case "boolean":
      return typeof value === "boolean" ? { value } : MISFIT;
    case "integer": {
      const integer = Math.round(numberOf(value));
      // Adding zero makes an ordinary zero of a negative one.
      return integer >= INTEGER_RANGE.least && integer <= INTEGER_RANGE.most
        ? { value: integer + 0 }
        : MISFIT;
    }
    case "decimal":
      return fitDecimal(value, type);
  }
}

function fitText(value: unknown, bytes: number, column: Column): FittedValue {
  if (typeof value === "object" || typeof value === "function" || typeof value === "symbol") return MISFIT;
  const text = cleanText(String(value));
  if (text === "" && !column.required) return ABSENT;
  if (fitsBytes(text, bytes)) return { value: text };
  if (column.exact) return { why: "too_long" };
  const part = cutText(text, bytes);
  return part === "" ? MISFIT : { value: part, cut: true };
}

function fitJson(value: unknown): FittedValue {
  const json = cleanJson(value);
  if (json === TOO_DEEP) return { why: "too_deep" };
  return isObject(json) ? { value: json } : MISFIT;
}

function fitDecimal(value: unknown, type: Extract<ColumnType, { kind: "decimal" }>): FittedValue {
  const number = numberOf(value);
  const limit = 10 ** (type.precision - type.scale);
  if (!(Math.abs(number) < limit)) return MISFIT;
  const text = isPlainDecimal(value, type) ? value : number.toFixed(type.scale);
  // Rounding may have reached the limit.
  return Math.abs(Number(text)) < limit ? { value: text } : MISFIT;
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
