import type { EventType } from "../../event/event";
import { isObject, type JsonObject } from "../../event/json";
import { isPlain, type RawColumns, readPage, takeContext } from "./context";
import { transportFields } from "./identity";
import type { Problem } from "./message";

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

  const left = context === undefined ? undefined : takeContext(context, raw);
  const rest = properties === traits && left !== undefined ? without(left, "traits") : left;
  if (properties !== undefined && Object.keys(properties).length > 0) takeProperties(properties, type, raw);
  const others = Object.keys(message).filter(
    (name) =>
      !placedFields.has(name) &&
      name !== field &&
      message[name] !== null &&
      message[name] !== properties?.[name] &&
      !(name === nameField && raw.event_name !== undefined),
  );
  const whole =
    others.length === 0
      ? rest
      : { ...rest, top_level: Object.fromEntries(others.map((name) => [name, message[name] ?? null])) };
  if (whole !== undefined && Object.keys(whole).length > 0) raw.context = whole;
  return undefined;
}

function contentField(message: JsonObject, type: EventType): "properties" | "traits" {
  if (type === "identify" || type === "group") return "traits";
  return type === "alias" && message.properties === undefined ? "traits" : "properties";
}

/** The columns that properties fill too; the properties themselves stay whole. */
function takeProperties(properties: JsonObject, type: EventType, raw: RawColumns): void {
  raw.properties = properties;
  if (type === "page") readPage(properties, raw);
  const { revenue, currency } = properties;
  if (typeof revenue === "number" || (typeof revenue === "string" && /^[+-]?\d+(\.\d+)?$/.test(revenue)))
    raw.revenue = revenue;
  if (typeof currency === "string" && /^[a-z]{3}$/i.test(currency)) raw.currency = currency.toUpperCase();
}

function merged(batchContext: JsonObject | undefined, own: JsonObject | undefined): JsonObject | undefined {
  if (batchContext === undefined || own === undefined) return own ?? batchContext;
  return { ...batchContext, ...own };
}

function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}
