import type { ColumnName } from "../../event/columns";
import type { EventType } from "../../event/event";
import { isObject, type JsonObject, stringifyDeep } from "../../event/json";
import { withoutAddress } from "../address";
import type { RawColumns } from "../decode/columns";
import { contentId, INVALID, identifier } from "../decode/identifier";
import type { Frame, Problem } from "../protocol";
import { idFields, transportFields } from "./fields";

const ids = Object.entries(idFields) as [string, ColumnName][];

/**
 * Takes a message's identifiers. One without a message id is known by its content, so that the same content
 * sent again is the same event.
 */
export function takeIdentity(
  message: JsonObject,
  type: EventType,
  { source, visitorId }: Frame,
  raw: RawColumns,
): Problem | undefined {
  for (const [field, column] of ids) {
    const id = identifier(message[field]);
    if (id === INVALID) return { reason: "invalid_identifier", detail: field };
    if (id !== undefined) raw[column] = id;
  }
  if (raw.user_id === undefined && raw.anonymous_id === undefined && visitorId === undefined)
    return { reason: "missing_identity", detail: "userId or anonymousId is required" };
  if (type === "group" && raw.group_id === undefined)
    return { reason: "missing_identity", detail: "group needs groupId" };
  if (type === "alias" && (raw.user_id === undefined || raw.previous_id === undefined))
    return { reason: "missing_identity", detail: "alias needs userId and previousId" };
  raw.event_id ??= contentId(`${source.name}\n${type}\n${stringifyDeep(contentOf(message))}`);
  return undefined;
}

/** What tells a rejected message apart, the same each time it is sent: its id, else its content. */
export function identityOf(message: unknown): string {
  if (!isObject(message)) return stringifyDeep(message);
  const id = identifier(message.messageId);
  return typeof id === "string" ? id : stringifyDeep(contentOf(message));
}

function contentOf(message: JsonObject): JsonObject {
  const masked = withoutAddress(message);
  const whole = isObject(masked.context) ? { ...masked, context: withoutAddress(masked.context) } : masked;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !transportFields.has(name)));
}
