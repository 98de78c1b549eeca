import type { ColumnName } from "../../event/columns";
import type { Json } from "../../event/event";
import { isObject, type JsonObject, stringifyDeep } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import {
  blankColumns,
  isPlain,
  type OpenJson,
  type RawColumns,
  setMember,
  take,
  takeAddress,
} from "../decode/columns";
import { eventOf } from "../decode/event";
import { contentId, identifier } from "../decode/identifier";
import { takeMoney } from "../decode/money";
import type { Settling } from "../decode/settle";
import type { Frame, Problem } from "../protocol";
import { type Place, parameters, screenSize, structuralParameters } from "./fields";
import { nameOf, objectOf, readAs, readJson, readTime, selfDescribing } from "./read";

/** What an event's parameters come to, besides columns. */
interface Content {
  readonly properties: OpenJson;
  readonly context: OpenJson;
  /** Parameters that have no place of their own. */
  readonly others: OpenJson;
}

const places: ReadonlyMap<string, Place> = new Map(Object.entries(parameters));
const structural: ReadonlySet<string> = new Set(structuralParameters);

/** The kinds of events that are named by their kind, and what they are here. */
const kinds: ReadonlyMap<Json, { readonly type: "page" | "track"; readonly name?: string }> = new Map([
  ["pv", { type: "page" }],
  ["pp", { type: "track", name: "page_ping" }],
  ["tr", { type: "track", name: "transaction" }],
  ["ti", { type: "track", name: "transaction_item" }],
  ["se", { type: "track" }],
  ["ue", { type: "track" }],
]);

/**
 * Reads one event of Snowplow's tracker protocol, version 2.
 * @param ownKey whether the request named its write key otherwise than by the events' `aid`.
 * @see https://docs.snowplow.io/docs/fundamentals/canonical-event/
 */
export function decodeEvent(
  message: unknown,
  ownKey: boolean,
  frame: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  if (!isObject(message)) return { reason: "not_an_object" };
  if (!ownKey && isPlain(message.aid) && !frame.source.writeKeys.includes(String(message.aid)))
    return { reason: "wrong_write_key", detail: "aid" };
  const kind = kinds.get(message.e ?? null);
  if (kind === undefined) return { reason: "unknown_type", detail: "e" };
  const raw = blankColumns();
  raw.event_type = kind.type;
  raw.event_name = kind.name;
  const content: Content = { properties: {}, context: {}, others: {} };
  const problem =
    takeContexts(message, content.context, frame.exactNumbers) ??
    (message.e === "ue" ? takeSelfDescribing(message, content, raw, frame.exactNumbers) : undefined);
  if (problem !== undefined) return problem;
  for (const name of Object.keys(message)) takeParameter(name, message[name] ?? null, raw, content);
  takeSession(content.context.contexts, raw);
  if (message.e === "se") raw.event_name = message.se_ac;
  if (kind.type === "track" && (raw.event_name ?? "") === "") return { reason: "missing_event_name" };
  takeTracker(message.tv ?? null, raw, content.others);
  takeMoney(message.tr_tt, message.tr_cu ?? message.ti_cu, raw);
  // Without the domain's own id, the network's tells visitors apart.
  raw.anonymous_id ??= content.context.tracker_network_user_id ?? content.context.network_user_id;
  raw.event_id ??= contentId(`${frame.source.name}\nsnowplow\n${stringifyDeep(contentOf(message))}`);
  const { properties, context, others } = content;
  if (Object.keys(others).length > 0) context.parameters = others;
  if (Object.keys(properties).length > 0) raw.properties = properties;
  if (Object.keys(context).length > 0) raw.context = context;
  const times = {
    original: readTime(message.dtm),
    sent: readTime(message.stm),
    certain: readTime(message.ttm),
  };
  return eventOf(raw, times, frame, settling);
}

/** What tells a rejected event apart, the same each time it is sent: its id, else its content. */
export function identityOf(message: unknown): string {
  if (!isObject(message)) return stringifyDeep(message);
  const id = identifier(message.eid);
  return typeof id === "string" ? id : stringifyDeep(contentOf(message));
}

/** Trackers write the time of sending anew each time they send. */
function contentOf({ stm: _, ...content }: JsonObject): JsonObject {
  return content;
}

function takeParameter(
  name: string,
  value: Json,
  raw: RawColumns,
  { properties, context, others }: Content,
): void {
  if (structural.has(name) || value === null || value === "") return;
  const place = places.get(name);
  const read = place === undefined || !isPlain(value) ? undefined : readAs(place.as ?? "text", String(value));
  const to = read === undefined ? undefined : place?.to;
  let isPlaced = true;
  if (read === undefined || to === undefined) isPlaced = false;
  else if (to === "ip_network") takeAddress(read, raw);
  else if (to === "screen_width" && isObject(read)) {
    raw[screenSize.width] = read.width;
    raw[screenSize.height] = read.height;
  } else if (to.startsWith("properties.")) isPlaced = put(properties, to.slice("properties.".length), read);
  else if (to.startsWith("context.")) isPlaced = put(context, to.slice("context.".length), read);
  else isPlaced = take(read, to as ColumnName, raw);
  if (!isPlaced) setMember(others, name, value);
}

/** Puts a member where no other value stands. @returns whether nothing is lost so. */
function put(object: OpenJson, name: string, value: Json): boolean {
  if (Object.hasOwn(object, name)) return object[name] === value;
  object[name] = value;
  return true;
}

/** The entities that an event carries, whole. */
function takeContexts(message: JsonObject, context: OpenJson, exactNumbers: boolean): Problem | undefined {
  const entities: Json[] = [];
  for (const name of ["co", "cx"] as const) {
    const value = message[name] ?? null;
    if (value === null || value === "") continue;
    const read = readJson(name, value, name === "cx", exactNumbers);
    if ("reason" in read) return read;
    if (!Array.isArray(read.data)) return { reason: "invalid_object", detail: name };
    entities.push(...(read.data as readonly Json[]));
  }
  if (entities.length > 0) context.contexts = entities;
  return undefined;
}

/** A mobile client's session is an entity that also tells who and which. */
function takeSession(entities: Json | undefined, raw: RawColumns): void {
  if (!Array.isArray(entities)) return;
  for (const entity of entities as readonly Json[]) {
    const described = selfDescribing(entity);
    if (described === undefined || nameOf(described.schema) !== "client_session") continue;
    const { userId, sessionId } = objectOf(described.data);
    if (isPlain(userId)) raw.anonymous_id ??= userId;
    if (isPlain(sessionId)) raw.session_id ??= sessionId;
  }
}

/** The event that describes itself: named by its schema; a screen's view by the screen. */
function takeSelfDescribing(
  message: JsonObject,
  { properties, context }: Content,
  raw: RawColumns,
  exactNumbers: boolean,
): Problem | undefined {
  const encoded = (message.ue_pr ?? "") === "";
  const name = encoded ? "ue_px" : "ue_pr";
  const outer = readJson(name, message[name] ?? null, encoded, exactNumbers);
  if ("reason" in outer) return outer;
  const event = selfDescribing(outer.data);
  if (event === undefined) return { reason: "invalid_object", detail: name };
  context.schema = event.schema;
  raw.event_name = nameOf(event.schema);
  for (const [member, value] of Object.entries(objectOf(event.data))) setMember(properties, member, value);
  if (raw.event_name === "screen_view") {
    raw.event_type = "screen";
    raw.event_name = isPlain(properties.name) ? properties.name : undefined;
  }
  return undefined;
}

/** A tracker calls itself `<name>-<version>`, like `js-4.8.0`. */
function takeTracker(value: Json, raw: RawColumns, others: OpenJson): void {
  if (!isPlain(value)) return;
  const [, name, version] = /^(.+?)-(\d.*)$/.exec(String(value)) ?? [undefined, value];
  raw.sdk_name = name;
  raw.sdk_version = version;
  if (raw.sdk_name === undefined) others.tv = value;
}
