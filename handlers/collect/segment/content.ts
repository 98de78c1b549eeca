import type { EventType } from "../../event/event";
import { isObject, type JsonObject } from "../../event/json";
import { isPlain, type OpenJson, type RawColumns, setMember, takeMembers } from "../decode/columns";
import { takeMoney } from "../decode/money";
import type { Problem } from "../protocol";
import { contextTakers, readPage, transportFields } from "./fields";

/** Fields that every message has a place for; what else it says goes to the context, under `top_level`. */
const placedFields: ReadonlySet<string> = new Set([
  ...transportFields,
  ...["type", "userId", "anonymousId", "groupId", "previousId", "timestamp", "originalTimestamp"],
  ...["context", "ip", "request_ip"],
]);

/** Where each type of message carries its name. */
const nameFields: Partial<Record<EventType, string>> = { track: "event", page: "name", screen: "name" };

/**
 * Takes what a message says: its name, its properties (or traits), its context, and all else.
 * @param batchContext what the batch says of each of its messages; a message's own context wins.
 */
export function takeContent(
  message: JsonObject,
  type: EventType,
  batchContext: JsonObject | undefined,
  raw: RawColumns,
): Problem | undefined {
  const nameField = nameFields[type];
  if (nameField !== undefined && isPlain(message[nameField])) raw.event_name = message[nameField];
  if (type === "track" && (raw.event_name ?? "") === "") return { reason: "missing_event_name" };

  const own = message.context ?? undefined;
  if (own !== undefined && !isObject(own)) return { reason: "invalid_object", detail: "context" };
  const field = contentField(message, type);
  const content = message[field] ?? undefined;
  if (content !== undefined && !isObject(content)) return { reason: "invalid_object", detail: field };
  const context = merged(batchContext, own);
  const traits = content === undefined && type === "identify" ? context?.traits : undefined;
  // RudderStack's clients put an identify's traits into the context.
  const properties = isObject(traits) ? traits : content;

  let rest = context === undefined ? undefined : takeMembers(context, contextTakers, raw);
  if (properties === traits && rest !== undefined) rest = without(rest, "traits");
  if (properties !== undefined && Object.keys(properties).length > 0) {
    raw.properties = properties;
    if (type === "page") readPage(properties, raw);
    takeMoney(properties.revenue, properties.currency, raw);
  }
  const others = othersOf(message, field, properties, raw.event_name === undefined ? undefined : nameField);
  if (others !== undefined) rest = { ...rest, top_level: others };
  if (rest !== undefined && Object.keys(rest).length > 0) raw.context = rest;
  return undefined;
}

/** What a message says besides all that has a place. */
function othersOf(
  message: JsonObject,
  contentField: string,
  properties: JsonObject | undefined,
  nameField: string | undefined,
): JsonObject | undefined {
  let others: OpenJson | undefined;
  for (const name of Object.keys(message)) {
    if (placedFields.has(name) || name === contentField || name === nameField) continue;
    const value = message[name] ?? null;
    // Clients repeat a page's category in its properties.
    if (value === null || value === properties?.[name]) continue;
    others ??= {};
    setMember(others, name, value);
  }
  // Of two times the original one counts; the other is kept.
  const { originalTimestamp, timestamp } = message;
  if (isPlain(originalTimestamp) && isPlain(timestamp) && originalTimestamp !== timestamp)
    others = { ...others, timestamp };
  return others;
}

function contentField(message: JsonObject, type: EventType): "properties" | "traits" {
  if (type === "identify" || type === "group") return "traits";
  return type === "alias" && message.properties === undefined ? "traits" : "properties";
}

function merged(batchContext: JsonObject | undefined, own: JsonObject | undefined): JsonObject | undefined {
  if (batchContext === undefined || own === undefined) return own ?? batchContext;
  return { ...batchContext, ...own };
}

function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}
