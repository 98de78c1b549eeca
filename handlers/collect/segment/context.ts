import type { ColumnName } from "../../event/columns";
import type { Json } from "../../event/event";
import { isObject, type JsonObject } from "../../event/json";
import { networkOf } from "../address";

/** Columns before they are fitted. */
export type RawColumns = { [column in ColumnName]?: unknown };

type Mapping = Readonly<Record<string, ColumnName>>;

/** Takes what has a column out of a field of the context. @returns what is left of it, undefined for nothing. */
type Taker = (value: Json, columns: RawColumns) => Json | undefined;

/**
 * Fields of Segment's context that have columns.
 * @see https://segment.com/docs/connections/spec/common/#context
 */
const takers: ReadonlyMap<string, Taker> = new Map<string, Taker>([
  ["userAgent", plain("user_agent")],
  ["locale", plain("locale")],
  ["timezone", plain("timezone")],
  ["groupId", plain("group_id")],
  ["sessionId", plain("session_id")],
  ["library", members({ name: "sdk_name", version: "sdk_version" })],
  ["screen", members({ width: "screen_width", height: "screen_height" })],
  [
    "campaign",
    members({
      source: "campaign_source",
      medium: "campaign_medium",
      name: "campaign_name",
      term: "campaign_term",
      content: "campaign_content",
    }),
  ],
  ["page", takePage],
  ["ip", takeAddress],
  ["request_ip", takeAddress],
]);

/**
 * Moves what has a column from a context to the columns, unless another value stands there.
 * @returns the rest of the context, undefined when nothing is left.
 */
export function takeContext(context: JsonObject, columns: RawColumns): JsonObject | undefined {
  const rest: [string, Json][] = [];
  for (const [name, value] of Object.entries(context)) {
    const taker = takers.get(name);
    const left = taker === undefined ? value : taker(value, columns);
    if (left !== undefined) rest.push([name, left]);
  }
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

const pageColumns: Mapping = { url: "page_url", title: "page_title", referrer: "referrer_url" };
const takePageMembers = members(pageColumns);

/** Takes what a page call says of its page, for clients that say so only in the properties, which stay whole. */
export function readPage(properties: JsonObject, columns: RawColumns): void {
  for (const [field, column] of Object.entries(pageColumns))
    if (isPlain(properties[field])) columns[column] ??= properties[field];
}

function plain(column: ColumnName): Taker {
  return (value, columns) => (take(value, column, columns) ? undefined : value);
}

function members(mapping: Mapping): Taker {
  const columnOf = new Map(Object.entries(mapping));
  return (value, columns) => {
    if (!isObject(value)) return value ?? undefined;
    const rest = Object.entries(value).filter(([name, member]) => {
      const column = columnOf.get(name);
      return column === undefined || !take(member, column, columns);
    });
    return rest.length === 0 ? undefined : Object.fromEntries(rest);
  };
}

function takePage(value: Json, columns: RawColumns): Json | undefined {
  const rest = takePageMembers(value, columns);
  if (!isObject(rest) || typeof columns.page_url !== "string") return rest;
  const { path, search, ...others } = rest;
  // Path and search repeat parts of the address, unless the client wrote others.
  const repeated =
    typeof path === "string" &&
    columns.page_url.includes(`${path}${typeof search === "string" ? search : ""}`);
  if (!repeated) return rest;
  return Object.keys(others).length === 0 ? undefined : others;
}

/** Whatever stands in the address' place, nothing of it is left: it may be one. */
function takeAddress(value: Json, columns: RawColumns): undefined {
  columns.ip_network ??= networkOf(value);
}

function take(value: Json, column: ColumnName, columns: RawColumns): boolean {
  // Null and empty text say nothing: nothing is lost with them.
  if (value === null || value === "") return true;
  if (!isPlain(value) || columns[column] !== undefined) return false;
  columns[column] = value;
  return true;
}

/** Whether a value can stand in a column as it is. */
export function isPlain(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
