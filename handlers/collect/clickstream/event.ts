import type { Json } from "../../event/event";
import { isObject, type JsonObject, stringifyDeep } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import {
  blankColumns,
  isPlain,
  type OpenJson,
  plain,
  type RawColumns,
  setMember,
  type Takers,
  takeMembers,
} from "../decode/columns";
import { eventOf } from "../decode/event";
import { contentId, INVALID, identifier } from "../decode/identifier";
import { takeMoney } from "../decode/money";
import type { Settling } from "../decode/settle";
import type { Frame, Problem } from "../protocol";
import { attributeFields, eventFields, reservedEvents } from "./fields";

/** What a request says of each of its events. */
export interface RequestFrame {
  /** When the client sent it, by its clock: milliseconds since 1970. */
  readonly sentAt: unknown;
  /** The request's number among all that the client ever sent. */
  readonly sequenceId: string | undefined;
}

const fieldTakers = takersOf(eventFields);
const attributeTakers = takersOf(attributeFields);

/** Parts of an event that are read on their own. */
const parts: ReadonlySet<string> = new Set(["event_type", "timestamp", "attributes", "items", "user"]);

/**
 * Reads one event of AWS's Clickstream SDKs.
 * @see https://awslabs.github.io/clickstream-analytics-on-aws/en/latest/sdk-manual/http-api/
 */
export function decodeEvent(
  message: unknown,
  { sentAt, sequenceId }: RequestFrame,
  frame: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  if (!isObject(message)) return { reason: "not_an_object" };
  const { event_type: name, timestamp } = message;
  if (typeof name !== "string" || name === "") return { reason: "missing_event_name", detail: "event_type" };
  const parts = partsOf(message);
  if ("reason" in parts) return parts;
  const { attributes, user } = parts;
  const raw = blankColumns();
  const type = Object.hasOwn(reservedEvents, name) ? reservedEvents[name] : "track";
  raw.event_type = type;
  const context = contextOf(message, raw);
  if (sequenceId !== undefined) context.event_bundle_sequence_id = sequenceId;
  const problem = takeUser(user, context, raw);
  if (problem !== undefined) return problem;
  raw.event_name = nameOf(name, attributes);
  const rest = takeMembers(attributes, attributeTakers, raw);
  raw.referrer_url ??= attributes._latest_referrer;
  takeMoney(attributes._value, attributes._currency, raw);
  const items = message.items ?? null;
  if (type === "identify") {
    if (rest !== undefined) context.attributes = rest;
    raw.properties = traitsOf(user);
    if (items !== null) context.items = items;
  } else if (rest !== undefined || items !== null)
    raw.properties = items === null ? rest : { ...rest, items };
  raw.event_id ??= contentId(`${frame.source.name}\nclickstream\n${stringifyDeep(message)}`);
  if (Object.keys(context).length > 0) raw.context = context;
  return eventOf(raw, { original: timestamp, sent: sentAt }, frame, settling);
}

/** What tells a rejected event apart, the same each time it is sent: its id, else its content. */
export function identityOf(message: unknown): string {
  const id = isObject(message) ? identifier(message.event_id) : undefined;
  return typeof id === "string" ? id : stringifyDeep(message);
}

function partsOf(message: JsonObject): { attributes: JsonObject; user: JsonObject } | Problem {
  const attributes = message.attributes ?? {};
  const user = message.user ?? {};
  if (!isObject(attributes)) return { reason: "invalid_object", detail: "attributes" };
  if (!isObject(user)) return { reason: "invalid_object", detail: "user" };
  for (const field of ["event_id", "device_id", "unique_id"])
    if (identifier(message[field]) === INVALID) return { reason: "invalid_identifier", detail: field };
  return { attributes, user };
}

/** A page's view has no name of its own, a screen's view that of the screen. */
function nameOf(event: string, attributes: JsonObject): Json | undefined {
  if (event === "_page_view") return undefined;
  return event === "_screen_view" && isPlain(attributes._screen_name) ? attributes._screen_name : event;
}

/** Takes the columns among an event's fields. @returns the other fields. */
function contextOf(message: JsonObject, raw: RawColumns): OpenJson {
  const context: OpenJson = {};
  const rest = takeMembers(message, fieldTakers, raw) ?? {};
  for (const field of Object.keys(rest)) {
    const value = rest[field] ?? null;
    if (!parts.has(field) && value !== null && value !== "") setMember(context, field, value);
  }
  // A mobile app's platform is its operating system; a web page's is the browser's to tell.
  const { platform, unique_id: uniqueId } = message;
  if (platform === "Android" || platform === "iOS") raw.os_name = platform;
  if (isPlain(uniqueId)) raw.anonymous_id ??= uniqueId;
  return context;
}

/** The user's attributes, each with the time it was set; one of them is the user's id. */
function takeUser(user: JsonObject, context: OpenJson, raw: RawColumns): Problem | undefined {
  const { _user_id: userId } = user;
  const id = identifier(isObject(userId) ? userId.value : userId);
  if (id === INVALID) return { reason: "invalid_identifier", detail: "_user_id" };
  raw.user_id = id;
  if (Object.keys(user).length > 0) context.user = user;
  return undefined;
}

/** A profile's attributes by their values. */
function traitsOf(user: JsonObject): JsonObject | undefined {
  const traits: OpenJson = {};
  for (const [name, attribute] of Object.entries(user))
    if (name !== "_user_id")
      setMember(traits, name, isObject(attribute) ? (attribute.value ?? null) : attribute);
  return Object.keys(traits).length === 0 ? undefined : traits;
}

function takersOf(mapping: typeof eventFields | typeof attributeFields): Takers {
  return new Map(Object.entries(mapping).map(([name, column]) => [name, plain(column)]));
}
