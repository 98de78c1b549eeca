import { createHash } from "node:crypto";
import type { EventType } from "../../event/event";
import { isObject, type JsonObject, stringifyDeep } from "../../event/json";
import { cleanText } from "../../event/text";
import { withoutAddress } from "../address";
import type { RawColumns } from "./context";
import type { Problem } from "./message";

/** How a message is sent, as against what it says: no part of its content. */
export const transportFields: ReadonlySet<string> = new Set([
  "messageId",
  "sentAt",
  "writeKey",
  "integrations",
  "_metadata",
]);

const idFields = {
  messageId: "event_id",
  userId: "user_id",
  anonymousId: "anonymous_id",
  groupId: "group_id",
  previousId: "previous_id",
} as const;

/**
 * Takes a message's identifiers. One without a message id is known by its content, so that the same content
 * sent again is the same event.
 */
export function takeIdentity(
  message: JsonObject,
  type: EventType,
  source: string,
  raw: RawColumns,
): Problem | undefined {
  for (const [field, column] of Object.entries(idFields)) {
    const id = identifier(message[field]);
    if (id === INVALID) return { reason: "invalid_identifier", detail: field };
    if (id !== undefined) raw[column as (typeof idFields)[keyof typeof idFields]] = id;
  }
  if (raw.user_id === undefined && raw.anonymous_id === undefined)
    return { reason: "missing_identity", detail: "userId or anonymousId is required" };
  if (type === "group" && raw.group_id === undefined)
    return { reason: "missing_identity", detail: "group needs groupId" };
  if (type === "alias" && (raw.user_id === undefined || raw.previous_id === undefined))
    return { reason: "missing_identity", detail: "alias needs userId and previousId" };
  raw.event_id ??= createHash("sha256")
    .update(`${source}\n${type}\n${JSON.stringify(contentOf(message))}`)
    .digest("hex")
    .slice(0, 32);
  return undefined;
}

/** What tells a rejected message apart, the same each time it is sent: its id, else its content. */
export function identityOf(message: unknown): string {
  if (!isObject(message)) return stringifyDeep(message);
  const id = identifier(message.messageId);
  return typeof id === "string" ? id : stringifyDeep(contentOf(message));
}

function contentOf(message: JsonObject): JsonObject {
  const content = Object.entries(withoutAddresses(message)).filter(([name]) => !transportFields.has(name));
  return Object.fromEntries(content);
}

/** A message without full addresses, as far as they stand where clients put them. */
export function withoutAddresses(message: JsonObject): JsonObject {
  const masked = withoutAddress(message);
  return isObject(masked.context) ? { ...masked, context: withoutAddress(masked.context) } : masked;
}

const INVALID = Symbol("neither text nor a number");

function identifier(value: unknown): string | undefined | typeof INVALID {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" && typeof value !== "number") return INVALID;
  return cleanText(String(value)) || undefined;
}
