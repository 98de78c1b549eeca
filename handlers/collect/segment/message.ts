import { type EventType, eventTypes } from "../../event/event";
import { isObject, type JsonObject, stringifyDeep } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import { blankColumns } from "../decode/columns";
import { eventOf } from "../decode/event";
import type { Settling } from "../decode/settle";
import type { Frame, Problem } from "../protocol";
import { takeContent } from "./content";
import { takeIdentity } from "./identity";

/** What a batch says of each of its messages. */
export interface BatchFrame {
  readonly sentAt?: unknown;
  readonly context?: JsonObject | undefined;
}

/**
 * Reads one message of Segment's HTTP API.
 * @param type what the address says it is. @default what the message says
 * @see https://segment.com/docs/connections/spec/common/
 */
export function decodeMessage(
  message: unknown,
  type: EventType | undefined,
  { sentAt, context }: BatchFrame,
  frame: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  if (!isObject(message)) return { reason: "not_an_object" };
  const eventType = type ?? typeOf(message.type);
  if (eventType === undefined) return { reason: "unknown_type" };
  const raw = blankColumns();
  raw.event_type = eventType;
  const original = present(message.originalTimestamp) ?? message.timestamp;
  const times = { original, sent: present(message.sentAt) ?? sentAt };
  return (
    takeIdentity(message, eventType, frame, raw) ??
    takeContent(message, eventType, context, raw) ??
    eventOf(raw, times, frame, settling)
  );
}

function typeOf(value: unknown): EventType | undefined {
  return eventTypes.find((known) => known === value);
}

/** Null and empty text say nothing. */
function present(value: unknown): unknown {
  return value === null || value === "" ? undefined : value;
}

/**
 * A line that an importer could not read and hands over whole:
 * `{"type":"unreadable","messageId":…,"message":"why","payload":"the whole line"}`.
 */
export function unreadableLine(message: unknown): Problem | undefined {
  if (!isObject(message) || message.type !== "unreadable") return undefined;
  const { message: why, payload } = message;
  return {
    reason: "unreadable_line",
    detail: typeof why === "string" ? why : "the importer does not say why",
    payload: typeof payload === "string" ? payload : stringifyDeep(message),
  };
}
