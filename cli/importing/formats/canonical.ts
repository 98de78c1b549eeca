import { type OpenJson, setMember } from "../../../handlers/collect/decode/columns";
import { contextFields, idFields } from "../../../handlers/collect/segment/fields";
import { type Column, type ColumnName, columns } from "../../../handlers/event/columns";
import type { Json } from "../../../handlers/event/event";
import { isObject } from "../../../handlers/event/json";
import type { Message } from "../message";

/** A canonical event, as the lake's `events/` has one a line: values by column. */
export type CanonicalRow = Readonly<Record<string, unknown>>;

type Path = readonly [string, ...string[]];

type OpenObject = { [name: string]: unknown };

/** Where a message carries what is a column of its own: the collector's own mapping, the other way round. */
const paths: ReadonlyMap<string, Path> = new Map<string, Path>([
  ...Object.entries(contextFields).flatMap(([name, mapping]): [string, Path][] =>
    typeof mapping === "string"
      ? [[mapping, ["context", name]]]
      : Object.entries(mapping).map(([member, column]): [string, Path] => [
          column,
          ["context", name, member],
        ]),
  ),
  // What has two names has one here: a message's own identifiers, and the address.
  ...Object.entries(idFields).map(([field, column]): [string, Path] => [column, [field]]),
  ["ip_network", ["context", "ip"]],
  ["event_time", ["timestamp"]],
  ["revenue", ["properties", "revenue"]],
  ["currency", ["properties", "currency"]],
]);

/** Types whose content is called traits. */
const withTraits: ReadonlySet<unknown> = new Set(["identify", "group"]);

/** Where the types that have a name carry it. */
const nameFields: Readonly<Record<string, string>> = { track: "event", page: "name", screen: "name" };

/** Columns that can be sent: the others are the pipeline's to fill. */
export const sendable: ReadonlySet<string> = new Set([
  ...paths.keys(),
  "event_type",
  "event_name",
  "properties",
  "context",
]);

/** Whether a column is filled by the enrichment, anew for each event that comes. */
function isEnriched(name: string): boolean {
  return (
    Object.hasOwn(columns, name) &&
    (columns[name as ColumnName] as Column).from === "enrich" &&
    !paths.has(name)
  );
}

/**
 * The message that has the collector make the same event again. What the enrichment fills is left out; what
 * otherwise cannot be sent (`received_at`, `source`, …) is kept under `context.imported`, and what is no column goes
 * to the properties.
 * @param row is used up: its objects become part of the message.
 * @param lineId the event's identity, where the row has none.
 * @param library what the event came by, where the row does not say.
 */
export function canonicalMessage(row: CanonicalRow, lineId: string, library: string): Message {
  const { event_id, event_type, properties, context, ...others } = row;
  const message: OpenObject = { messageId: isNothing(event_id) ? lineId : event_id, type: event_type };
  if (!isNothing(properties)) message.properties = objectIn(properties);
  message.context = isNothing(context) ? {} : objectIn(context);
  const imported: OpenObject = {};
  for (const [name, value] of Object.entries(others)) {
    if (isNothing(value) || isEnriched(name)) continue;
    const path = pathOf(name, event_type);
    const sent = name === "ip_network" ? String(value).replace(/\/\d+$/, "") : value;
    if (path === undefined || !put(message, path, sent)) imported[name] = value;
  }
  if (Object.keys(imported).length > 0) put(message, ["context", "imported"], imported);
  put(message, ["context", "library", "name"], "import");
  put(message, ["context", "library", "version"], library);
  if (!withTraits.has(event_type) || message.properties === undefined) return message as Message;
  const { properties: traits, ...rest } = message;
  return { ...rest, traits } as unknown as Message;
}

/** Where a column, or what is none, goes in a message of a type; undefined where the message has no place for it. */
function pathOf(name: string, type: unknown): Path | undefined {
  if (name === "event_name") {
    const field = nameFields[String(type)];
    return field === undefined ? undefined : [field];
  }
  return paths.get(name) ?? (Object.hasOwn(columns, name) ? undefined : ["properties", name]);
}

/** Puts a value where none stands, or the same. @returns whether it stands there then. */
function put(object: OpenObject, [name, next, ...further]: Path, value: unknown): boolean {
  const there = Object.hasOwn(object, name) ? object[name] : undefined;
  if (next !== undefined) {
    if (!isNothing(there)) return isObject(there) && put(there as OpenObject, [next, ...further], value);
    const inner: OpenObject = {};
    setMember(object as OpenJson, name, inner as Json);
    return put(inner, [next, ...further], value);
  }
  if (!isNothing(there)) return there === value;
  setMember(object as OpenJson, name, value as Json);
  return true;
}

/** Null and empty text say nothing. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** An object, or the text of one, as a query of the warehouse answers it. */
function objectIn(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return value;
  }
}
