import { readAs } from "../../../handlers/collect/snowplow/read";
import { columns } from "../../../handlers/event/columns";
import type { Json } from "../../../handlers/event/event";
import { formatTime, isStorable, parseTime } from "../../../handlers/event/time";
import { allowed, isObject, MapProblem, type Members, text, timeZone } from "./expect";
import { type TimeReader, timeReader, timeTokens, wallClock } from "./time";

/** A row's values, by the names of its columns; "" for nothing. */
export type Row = (column: string) => string;

/** What makes a value of a field. */
export interface Rule {
  /** The columns that it reads. */
  readonly columns: readonly string[];
  /** The one value of all rows, if it is that. */
  readonly constant?: Json;
  /** A row's value; undefined for nothing. @throws RowProblem when what the row has is none. */
  readonly valueOf: (row: Row) => Json | undefined;
}

/** Why a row has no such value. */
export class RowProblem extends Error {
  override readonly name = "RowProblem";
}

/** What a mapping says of all rules. */
export interface RuleSettings {
  readonly timeZone: string;
  readonly decimal: "." | ",";
}

const kinds = ["text", "number", "integer", "boolean"] as const;
type Kind = (typeof kinds)[number];

const units = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
} as const;

/**
 * Reads a rule: the name of a column, or an object with `column`, `template` (`{column}` stands for a value) or
 * `constant`.
 * @throws MapProblem
 */
export function ruleOf(field: string, given: unknown, settings: RuleSettings): Rule {
  const what = `fields.${field}`;
  const rule: unknown = typeof given === "string" ? { column: given } : given;
  if (!isObject(rule))
    throw new MapProblem(`${what} must be a column's name or an object, got ${JSON.stringify(given)}`);
  const sources = ["column", "template", "constant"].filter((name) => rule[name] !== undefined);
  if (sources.length !== 1)
    throw new MapProblem(
      `${what} must have one of column, template and constant, got ${JSON.stringify(rule)}`,
    );
  if (rule.constant !== undefined) return constantRule(what, rule);
  return field === "event_time" ? timeRule(what, rule, settings) : valueRule(field, what, rule, settings);
}

function constantRule(what: string, rule: Members): Rule {
  allowed(rule, ["constant"], what);
  const { constant } = rule;
  if (typeof constant !== "string" && typeof constant !== "number" && typeof constant !== "boolean")
    throw new MapProblem(
      `${what}.constant must be text, a number, true or false, got ${JSON.stringify(constant)}`,
    );
  return { columns: [], constant, valueOf: () => constant };
}

function valueRule(field: string, what: string, rule: Members, { decimal }: RuleSettings): Rule {
  allowed(rule, ["column", "template", "as", "values", "otherwise"], what);
  const source = sourceOf(what, rule);
  const as = kinds.find((kind) => kind === (rule.as ?? kindOf(field)));
  if (as === undefined)
    throw new MapProblem(`${what}.as must be one of ${kinds.join(", ")}, got ${JSON.stringify(rule.as)}`);
  if (rule.values === undefined) {
    if (rule.otherwise !== undefined) throw new MapProblem(`${what}.otherwise goes with values`);
    return { ...source, valueOf: (row) => read(as, source.textOf(row), field, decimal) };
  }
  const values = valuesOf(what, rule.values);
  const { otherwise } = rule;
  if (otherwise !== undefined && otherwise !== null && !isScalar(otherwise))
    throw new MapProblem(
      `${what}.otherwise must be text, a number, true, false or null, got ${JSON.stringify(otherwise)}`,
    );
  return {
    ...source,
    valueOf: (row) => {
      const key = source.textOf(row);
      if (key === "") return undefined;
      const value = values.get(key);
      if (value !== undefined) return value ?? undefined;
      if (otherwise !== undefined) return otherwise ?? undefined;
      throw new RowProblem(
        `${field} must be one of ${[...values.keys()].slice(0, 20).join(", ")}, got "${key}"`,
      );
    },
  };
}

function timeRule(what: string, rule: Members, settings: RuleSettings): Rule {
  allowed(rule, ["column", "template", "format", "timeZone", "plus"], what);
  const source = sourceOf(what, rule);
  const zone = rule.timeZone === undefined ? settings.timeZone : timeZone(rule.timeZone, `${what}.timeZone`);
  const format = rule.format ?? "iso";
  const reader = readerOf(text(format, `${what}.format`), zone, what);
  const plus = plusOf(what, rule.plus, settings);
  return {
    columns: [...source.columns, ...plus.columns],
    valueOf: (row) => {
      const given = source.textOf(row);
      const time = given === "" ? undefined : reader(given);
      if (time === undefined) throw new RowProblem(`event_time must be ${format}, got "${given}"`);
      const sum = time + plus.millisecondsOf(row);
      if (!isStorable(sum)) throw new RowProblem(`event_time is out of range: "${given}"`);
      return formatTime(sum);
    },
  };
}

function readerOf(format: string, zone: string, what: string): TimeReader {
  if (format === "epoch")
    return (given) =>
      /^-?\d{1,11}(\.\d{1,9})?$/.test(given) ? Math.round(Number(given) * 1_000) : undefined;
  if (format === "epoch_ms") return (given) => (/^-?\d{1,14}$/.test(given) ? Number(given) : undefined);
  if (format === "iso") {
    const toUtc = wallClock(zone);
    return (given) => {
      const time = parseTime(given);
      return time === undefined || /(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(given.slice(10)) ? time : toUtc(time);
    };
  }
  const reader = timeReader(format, zone);
  if (typeof reader === "function") return reader;
  throw new MapProblem(
    `${what}.format must be iso, epoch, epoch_ms or made of ${timeTokens.join(", ")}; "${format}" ${reader.problem}`,
  );
}

/** What is added to a time: a column's number of a unit, each so many times. */
function plusOf(
  what: string,
  plus: unknown,
  { decimal }: RuleSettings,
): { readonly columns: readonly string[]; readonly millisecondsOf: (row: Row) => number } {
  if (plus === undefined) return { columns: [], millisecondsOf: () => 0 };
  if (!isObject(plus))
    throw new MapProblem(`${what}.plus must be an object with column and unit, got ${JSON.stringify(plus)}`);
  allowed(plus, ["column", "unit", "each"], `${what}.plus`);
  const column = text(plus.column, `${what}.plus.column`);
  const unit = text(plus.unit, `${what}.plus.unit`);
  if (!Object.hasOwn(units, unit))
    throw new MapProblem(`${what}.plus.unit must be one of ${Object.keys(units).join(", ")}, got "${unit}"`);
  const each = plus.each ?? 1;
  if (typeof each !== "number" || !Number.isFinite(each))
    throw new MapProblem(`${what}.plus.each must be a number, got ${JSON.stringify(each)}`);
  const factor = units[unit as keyof typeof units] * each;
  return {
    columns: [column],
    millisecondsOf: (row) => Math.round(Number(read("number", row(column), column, decimal) ?? 0) * factor),
  };
}

/** Where a rule takes its text from. */
function sourceOf(
  what: string,
  rule: Members,
): { readonly columns: readonly string[]; readonly textOf: (row: Row) => string } {
  if (rule.column !== undefined) {
    const column = text(rule.column, `${what}.column`);
    return { columns: [column], textOf: (row) => row(column) };
  }
  const template = text(rule.template, `${what}.template`);
  const pieces = template.split(/\{([^{}]+)\}/);
  const columnsOf = pieces.filter((_, at) => at % 2 === 1);
  if (columnsOf.length === 0 || /[{}]/.test(pieces.filter((_, at) => at % 2 === 0).join("")))
    throw new MapProblem(
      `${what}.template must have columns in braces, like "{year}-{month}", got "${template}"`,
    );
  return {
    columns: columnsOf,
    textOf: (row) => pieces.map((piece, at) => (at % 2 === 1 ? row(piece) : piece)).join(""),
  };
}

function valuesOf(what: string, values: unknown): ReadonlyMap<string, Json> {
  if (!isObject(values) || Object.keys(values).length === 0)
    throw new MapProblem(
      `${what}.values must be an object of a value for each text, got ${JSON.stringify(values)}`,
    );
  return new Map(
    Object.entries(values).map(([key, value]) => {
      if (value !== null && !isScalar(value))
        throw new MapProblem(
          `${what}.values.${key} must be text, a number, true, false or null, got ${JSON.stringify(value)}`,
        );
      return [key, value];
    }),
  );
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** How a field is read that does not say: as its column's type. */
function kindOf(field: string): Kind {
  const type = Object.hasOwn(columns, field) ? columns[field as keyof typeof columns].type.kind : undefined;
  if (type === "integer" || type === "boolean") return type;
  return type === "decimal" ? "number" : "text";
}

/** What a text of each kind must be. */
const musts: Readonly<Record<Kind, string>> = {
  text: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true, false, 1 or 0",
};

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function read(as: Kind, given: string, field: string, decimal: "." | ","): Json | undefined {
  if (as === "text" || given === "") return given === "" ? undefined : given;
  const trimmed = given.trim();
  const plain = as === "number" && decimal === "," ? trimmed.replace(",", ".") : trimmed.toLowerCase();
  const value = readAs(as, plain);
  if (value !== undefined) return value;
  // A number with more digits than a double has stays as it is written.
  if (as === "number" && NUMBER.test(plain)) return plain;
  throw new RowProblem(`${field} must be ${musts[as]}, got "${given.slice(0, 100)}"`);
}
