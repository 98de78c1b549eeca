import { as, asText, type Bound } from "../bind/bound";
import { castTo } from "../bind/casts";
import type { Environment } from "../bind/queries/environment";
import { SqlError, unsupported } from "../error";
import type { Call, Expression } from "../syntax/ast";
import { type DataType, isNumber, isText, isTime } from "../types";

/** A call as a function's spelling gets it: its arguments are bound. */
export interface FunctionCall {
  readonly name: string;
  readonly call: Call;
  readonly args: readonly Bound[];
  readonly environment: Environment;
  readonly bind: (expression: Expression) => Bound;
  /** What WITHIN GROUP orders by, bound, and as the engine's SQL. */
  readonly order: readonly { readonly bound: Bound; readonly sql: string }[];
  /** ` over (…)`, or nothing. */
  readonly over: string;
}

/** How a function of Redshift's is computed by the engine. */
export interface Spelling {
  readonly kind: "scalar" | "aggregate" | "window";
  /** Whether it takes WITHIN GROUP. @default false */
  readonly within?: true;
  /** Whether it takes IGNORE NULLS. @default false */
  readonly nulls?: true;
  /** Whether it binds its arguments itself. @default false */
  readonly raw?: true;
  /** What its column is called without an alias. @default its name */
  readonly label?: string;
  readonly write: (call: FunctionCall) => Bound;
}

export type Spellings = Readonly<Record<string, Spelling>>;

/** A scalar function that takes so many arguments. */
export function scalar(
  counts: readonly number[],
  write: (args: readonly Bound[], call: FunctionCall) => Bound,
  label?: string,
): Spelling {
  return {
    kind: "scalar",
    ...(label === undefined ? {} : { label }),
    write: (call) => {
      const least = Math.min(...counts);
      if (!counts.includes(call.args.length) && !(counts.includes(-1) && call.args.length >= least))
        throw new SqlError(`function ${call.name} does not exist with ${call.args.length} arguments`);
      return write(call.args, call);
    },
  };
}

/** An argument that must be there. */
export function at(args: readonly Bound[], index: number): Bound {
  const arg = args[index];
  if (arg === undefined) throw new SqlError(`argument ${index + 1} is missing`);
  return arg;
}

/** An argument as a text. */
export function text(args: readonly Bound[], index: number): string {
  return asText(at(args, index));
}

/** An argument as a whole number. */
export function whole(args: readonly Bound[], index: number): string {
  const value = at(args, index);
  const type: DataType = { name: value.type.name === "int8" ? "int8" : "int4" };
  return value.type.name === "int4" || value.type.name === "int8" ? value.sql : castTo(value, type).sql;
}

/** An argument as a number of 8 bytes. */
export function float(args: readonly Bound[], index: number): string {
  const value = at(args, index);
  return isText(value.type) || value.type.name === "super"
    ? castTo(value, { name: "float8" }).sql
    : as(value, { name: "float8" });
}

/** An argument as a number of whatever kind it is. */
export function number(args: readonly Bound[], index: number): Bound {
  const value = at(args, index);
  return isNumber(value.type) ? value : castTo(value, { name: "float8" });
}

/** An argument as a point in time: a date is one at midnight. */
export function timestamp(args: readonly Bound[], index: number): string {
  const value = at(args, index);
  return value.type.name === "timestamp" ? value.sql : castTo(value, { name: "timestamp" }).sql;
}

/** An argument as a date, a time, or both; a text is both. */
export function moment(args: readonly Bound[], index: number): Bound {
  const value = at(args, index);
  if (isTime(value.type) || value.type.name === "time" || value.type.name === "timetz") return value;
  return castTo(value, { name: "timestamp" });
}

/** An argument that is a word of the language: bare, or quoted. @throws {SqlError} when it is computed. */
export function word({ name, call }: FunctionCall, index: number): string {
  const arg = call.args[index];
  if (arg?.kind === "string") return arg.text;
  if (arg?.kind === "path" && arg.names.length === 1 && arg.steps.length === 0) return arg.names[0] ?? "";
  throw unsupported(`function ${name} with a computed argument ${index + 1}`);
}

/** A literal's contents. @throws {SqlError} when it is none. */
export function constant({ name }: FunctionCall, value: Bound, what: string): string {
  if (value.text === undefined) throw unsupported(`function ${name} with a computed ${what}`);
  return value.text;
}
