import { eventTypes } from "../../../handlers/event/event";
import { sendable } from "../formats/canonical";
import { allowed, isObject, MapProblem, text, texts, timeZone } from "./expect";
import { type Rule, ruleOf } from "./rule";

/** How a CSV file becomes events: what `--map` names. */
export interface CsvMap {
  readonly delimiter: string;
  readonly quote: string;
  /** Names of the columns, where the file's first line does not say. */
  readonly header: readonly string[] | undefined;
  /** What makes a value of each of an event's fields. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Columns that are left out. All others that no rule reads are properties of their name. */
  readonly ignored: ReadonlySet<string>;
  /** Texts that stand for nothing. */
  readonly nulls: ReadonlySet<string>;
}

const settings = [
  "delimiter",
  "quote",
  "header",
  "timeZone",
  "decimal",
  "nulls",
  "fields",
  "ignore",
  "about",
] as const;

/**
 * Reads a mapping file.
 * @throws MapProblem that says what must be and what was got.
 */
export function readMap(json: string): CsvMap {
  let map: unknown;
  try {
    map = JSON.parse(json);
  } catch (error) {
    throw new MapProblem(`it must be JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(map)) throw new MapProblem("it must be an object");
  allowed(map, settings, "it");
  const delimiter = text(map.delimiter ?? ",", "delimiter");
  const quote = text(map.quote ?? '"', "quote");
  for (const [name, value] of [
    ["delimiter", delimiter],
    ["quote", quote],
  ] as const)
    if (value.length !== 1 || /[\r\n]/.test(value))
      throw new MapProblem(`${name} must be one character, got ${JSON.stringify(value)}`);
  if (delimiter === quote) throw new MapProblem("delimiter and quote must not be the same");
  const zone = timeZone(map.timeZone ?? "UTC", "timeZone");
  const decimal = map.decimal ?? ".";
  if (decimal !== "." && decimal !== ",")
    throw new MapProblem(`decimal must be "." or ",", got ${JSON.stringify(decimal)}`);
  if (!isObject(map.fields) || Object.keys(map.fields).length === 0)
    throw new MapProblem(
      `fields must be an object that says what becomes of the columns, got ${JSON.stringify(map.fields)}`,
    );
  const rules = new Map<string, Rule>();
  for (const [field, rule] of Object.entries(map.fields)) {
    checkField(field);
    rules.set(field, ruleOf(field, rule, { timeZone: zone, decimal }));
  }
  const outer = [...rules.keys()].find((field) =>
    [...rules.keys()].some((other) => other.startsWith(`${field}.`)),
  );
  if (outer !== undefined) throw new MapProblem(`fields must not have both ${outer} and a member of it`);
  checkEvent(rules);
  return {
    ...{ delimiter, quote, rules },
    header: headerOf(map.header ?? true),
    ignored: new Set(texts(map.ignore ?? [], "ignore")),
    nulls: new Set(texts(map.nulls ?? [], "nulls")),
  };
}

/** What fields may be named: columns that a client sends, and members of the properties and the context. */
function checkField(field: string): void {
  if (/^(?:properties|context)(?:\.[^.]+)+$/.test(field)) return;
  if (sendable.has(field) && field !== "properties" && field !== "context") return;
  const columns = [...sendable].filter((name) => name !== "properties" && name !== "context");
  throw new MapProblem(
    `fields must be of ${columns.join(", ")}, properties.<name> and context.<name>, got "${field}"`,
  );
}

/** What every event needs. */
function checkEvent(rules: ReadonlyMap<string, Rule>): void {
  const type = rules.get("event_type");
  if (type === undefined) throw new MapProblem(`fields must have event_type, such as {"constant": "track"}`);
  if (type.constant !== undefined && !eventTypes.some((known) => known === type.constant))
    throw new MapProblem(
      `event_type must be one of ${eventTypes.join(", ")}, got ${JSON.stringify(type.constant)}`,
    );
  if (type.constant === "track" && !rules.has("event_name"))
    throw new MapProblem("fields must have event_name, which tracked events need");
  if (!rules.has("anonymous_id") && !rules.has("user_id"))
    throw new MapProblem("fields must have anonymous_id or user_id: whom an event is about");
  if (!rules.has("event_time")) throw new MapProblem("fields must have event_time: when an event happened");
}

function headerOf(value: unknown): readonly string[] | undefined {
  if (value === true) return undefined;
  if (!Array.isArray(value) || value.length === 0)
    throw new MapProblem(
      `header must be true, or the list of the columns' names, got ${JSON.stringify(value)}`,
    );
  const names = texts(value, "header");
  checkHeader(names);
  return names;
}

/** @throws MapProblem when two columns have one name. */
export function checkHeader(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new MapProblem(`the header names two columns "${twice}"`);
}
