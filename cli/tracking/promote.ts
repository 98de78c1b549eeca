import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Column, type ColumnType, columns, type Privacy, sqlType } from "../../handlers/event/columns";
import type { PromotedColumn } from "../../handlers/event/promoted";
import type { PlanEvent } from "../../tracking-plan/build/read";
import { isObjectSchema } from "../../tracking-plan/build/schema";
import { UserError } from "../terminal";
import { dataDictionary } from "./dictionary";
import { dictionaryPath, type Generated } from "./generated";

/** What is to get a column. */
export interface Promotion {
  /** `Order Completed.coupon`, `Order Completed.shipping.method` */
  readonly property: string;
  /** @default the property's own name, in snake case */
  readonly column?: string;
  /** @default "free" */
  readonly privacy?: Privacy;
}

/** The files that give a property a column, for the formatter to format and a person to review. */
export interface Promoted {
  readonly name: string;
  readonly column: PromotedColumn;
  readonly files: readonly Generated[];
}

const PROMOTED = "handlers/event/promoted.ts";
const LOAD = "sql/load/4_events.sql";
const MIGRATIONS = "sql/migrations";
const RESERVED = "local/redshift/check/helper/lists/reserved-words.txt";

/** A text whose length the plan does not bound. */
const TEXT_BYTES = 256;
const MAX_TEXT_BYTES = 65_535;

/**
 * Makes a property of the plan a typed column: its registration, the migration that adds it, the loader's lists of
 * columns, and its line in the data dictionary.
 * @throws UserError when the plan has no such property, it is of no type a column has, or the column's name cannot be.
 */
export function promote(root: string, events: readonly PlanEvent[], promotion: Promotion): Promoted {
  const { event, path } = located(events, promotion.property);
  const schema = propertyOf(event, path);
  if (schema === undefined)
    throw new UserError(
      `${event.file} has no property ${path.join(".")} in its newest version, ${event.numbers[0]}`,
    );
  const name = columnName(root, promotion.column ?? snakeCase(path.at(-1) ?? ""));
  const title = event.event === "" ? event.type : event.event;
  const column: PromotedColumn = {
    type: columnType(schema, promotion.property),
    from: "plan",
    privacy: promotion.privacy ?? "free",
    meaning: `${title}: ${oneLine(schema.description) ?? path.join(".")}`,
    of: { type: event.type, event: event.event, path },
  };
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  return {
    name,
    column,
    files: [
      { path: PROMOTED, text: registered(read(PROMOTED), name, column) },
      { path: LOAD, text: loaded(read(LOAD), name) },
      { path: `${MIGRATIONS}/${migrationName(root, name)}`, text: migration(name, column) },
      { path: dictionaryPath, text: dataDictionary(events, { ...columns, [name]: column }) },
    ],
  };
}

/** The event and the path that `Event.property` names; names of events may have dots too. */
function located(events: readonly PlanEvent[], property: string) {
  const named = events
    .filter(({ event }) => property.startsWith(`${event}.`))
    .sort((one, other) => other.event.length - one.event.length);
  const [event] = named;
  const path = event === undefined ? [] : property.slice(event.event.length + 1).split(".");
  if (event !== undefined && path.every((name) => name !== "")) return { event, path };
  const known = events.map((each) => each.event).filter((each) => each !== "");
  throw new UserError(
    `--promote must be "Event.property" with an event of the plan (${known.join(", ")}), got "${property}"`,
  );
}

function propertyOf(
  { versions, numbers }: PlanEvent,
  path: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  let here: unknown = versions[numbers[0] ?? 0]?.properties;
  for (const name of path) {
    const members: unknown = isObjectSchema(here) ? here.properties : undefined;
    here = isObjectSchema(members) && Object.hasOwn(members, name) ? members[name] : undefined;
  }
  return isObjectSchema(here) ? here : undefined;
}

function columnType(schema: Readonly<Record<string, unknown>>, property: string): ColumnType {
  const type = [schema.type].flat().filter((each) => each !== "null");
  const choices = Array.isArray(schema.enum) ? schema.enum : undefined;
  if (type.length === 1 || (type.length === 2 && type.includes("integer") && type.includes("number")))
    switch (type.includes("number") ? "number" : type[0]) {
      case "string":
        if (schema.format === "date-time") return { kind: "timestamp" };
        return { kind: "varchar", bytes: textBytes(schema.maxLength, choices) };
      case "integer":
        return { kind: "integer" };
      case "number":
        return { kind: "decimal", precision: 18, scale: 4 };
      case "boolean":
        return { kind: "boolean" };
    }
  if (schema.type === undefined && choices?.every((each) => typeof each === "string"))
    return { kind: "varchar", bytes: textBytes(undefined, choices) };
  throw new UserError(
    `${property} must be of one type to have a column: string, integer, number or boolean; its schema says ${JSON.stringify(schema.type ?? "nothing")}`,
  );
}

/** JSON Schema counts characters, the warehouse bytes: a character takes four at most. */
function textBytes(maxLength: unknown, choices: readonly unknown[] | undefined): number {
  if (typeof maxLength === "number") return Math.min(Math.max(maxLength * 4, 1), MAX_TEXT_BYTES);
  if (choices === undefined) return TEXT_BYTES;
  // Lists grow.
  return Math.max(64, ...choices.map((choice) => Buffer.byteLength(String(choice)) * 2));
}

function columnName(root: string, name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name))
    throw new UserError(
      `The column's name must be lower-case letters, digits and _, got "${name}": give it one with --column`,
    );
  if (Object.hasOwn(columns, name as keyof typeof columns))
    throw new UserError(`There is a column ${name} already: give this one another name with --column`);
  const reserved = readFileSync(join(root, RESERVED), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.split(/\s+/));
  if (reserved.includes(name))
    throw new UserError(`${name} is a reserved word of Redshift: give the column another name with --column`);
  return name;
}

function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toLowerCase();
}

function oneLine(text: unknown): string | undefined {
  return typeof text === "string" ? text.replaceAll(/\s+/g, " ").trim().replace(/[,.]$/, "") : undefined;
}

function registered(source: string, name: string, column: Column): string {
  const end = source.lastIndexOf("} as const satisfies");
  if (end < 0) throw new UserError(`${PROMOTED} must end in a list of columns "} as const satisfies …"`);
  return `${source.slice(0, end).trimEnd()}\n${name}: ${JSON.stringify(column)},\n${source.slice(end)}`;
}

function loaded(source: string, name: string): string {
  const lists = /(insert into events \([^)]*\w)(\n\)\nselect\n[^;]*\w)(\nfrom \w+;)/;
  if (!lists.test(source)) throw new UserError(`${LOAD} must insert into events a list of columns`);
  return source.replace(
    lists,
    (_, into: string, from: string, end: string) => `${into},\n  ${name}${from},\n  ${name}${end}`,
  );
}

function migrationName(root: string, name: string): string {
  const numbers = readdirSync(join(root, MIGRATIONS)).map((file) => Number(/^V(\d+)__/.exec(file)?.[1] ?? 0));
  return `V${String(Math.max(0, ...numbers) + 1).padStart(3, "0")}__add_${name}.sql`;
}

function migration(name: string, { type, meaning }: Column): string {
  return `-- ${meaning}\nalter table events add column ${name} ${sqlType(type)};\n`;
}

/**
 * Sentences on promoted columns whose property no version of its event has, or has as what they cannot hold. The column
 * of an event that retired keeps what it has.
 */
export function promotedProblems(
  events: readonly PlanEvent[],
  table: Readonly<Record<string, PromotedColumn>>,
): string[] {
  return Object.entries(table).flatMap(([name, { of, type }]) => {
    const event = events.find((each) => each.type === of.type && each.event === of.event);
    if (event === undefined) return [];
    const property = `${of.event}.${of.path.join(".")}`;
    const schema = event.numbers
      .map((number) => propertyOf({ ...event, numbers: [number] }, of.path))
      .find((each) => each !== undefined);
    if (schema === undefined)
      return [`column ${name} holds ${property}, which no version of the plan has: keep one that has it`];
    // What is no number is left out and named; a fraction would be rounded, and nothing would say so.
    return type.kind === "integer" && [schema.type].flat().includes("number")
      ? [
          `column ${name} holds integers, and the plan lets ${property} be a fraction: give the new version another name for it, and that a column of its own`,
        ]
      : [];
  });
}
