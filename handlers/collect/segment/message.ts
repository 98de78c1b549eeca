import { type ColumnName, columns } from "../../event/columns";
import { type EventType, eventTypes, type StoredEvent } from "../../event/event";
import type { FailureReason } from "../../event/failure";
import { fitRow, type Refusal } from "../../event/fit";
import type { DecodedEvent } from "../../event/item";
import { isObject, type JsonObject, measure } from "../../event/json";
import { canonicalTime } from "../../event/time";
import type { VisitorColumns } from "../visitor";
import { takeContent } from "./content";
import type { RawColumns } from "./context";
import { takeIdentity } from "./identity";
import { originalTime, takeTimes } from "./times";

/** Segment's limit for one event. */
const MAX_EVENT_BYTES = 32 * 1024;

/** What a message is read with: what its request and its batch say of every message. */
export interface MessageFrame {
  readonly source: string;
  readonly receivedAt: Date;
  readonly visitor: VisitorColumns;
  readonly sentAt?: unknown;
  readonly context?: JsonObject | undefined;
}

/** Why a message is no event. */
export interface Problem {
  readonly reason: FailureReason;
  readonly detail?: string;
}

/**
 * Reads one message of Segment's HTTP API.
 * @param type what the address says it is. @default what the message says
 * @see https://segment.com/docs/connections/spec/common/
 */
export function decodeMessage(
  message: unknown,
  frame: MessageFrame,
  type?: EventType,
): DecodedEvent | Problem {
  if (!isObject(message)) return { reason: "not_an_object" };
  const eventType = type ?? eventTypes.find((known) => known === message.type);
  if (eventType === undefined) return { reason: "unknown_type" };
  const raw: RawColumns = { event_type: eventType };
  const problem =
    sizeProblem(message) ??
    takeIdentity(message, eventType, frame.source, raw) ??
    takeTimes(message, frame.sentAt, frame.receivedAt, raw) ??
    takeContent(message, eventType, frame.context, raw);
  if (problem !== undefined) return problem;
  for (const [column, value] of Object.entries(frame.visitor)) raw[column as ColumnName] ??= value;

  const { row, cut, refused } = fitRow(raw, columns);
  if (refused[0] !== undefined) return refusalProblem(refused[0]);
  const truncated = cut.length === 0 ? {} : { truncated: cut.join(",") };
  // takeIdentity and takeTimes have set what an event must have.
  const event = { ...row, ...truncated } as unknown as StoredEvent;
  const clientTime = canonicalTime(originalTime(message));
  return clientTime === undefined ? { event } : { event, clientTime };
}

function sizeProblem(message: JsonObject): Problem | undefined {
  const size = measure(message);
  if (size === undefined) return { reason: "too_deep" };
  if (size * 6 <= MAX_EVENT_BYTES) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(message));
  return bytes <= MAX_EVENT_BYTES
    ? undefined
    : { reason: "event_too_large", detail: `it has ${bytes} bytes` };
}

function refusalProblem({ column, why }: Refusal<ColumnName>): Problem {
  if (why === "too_deep") return { reason: "too_deep", detail: column };
  const { type } = columns[column];
  return {
    reason: "identifier_too_long",
    detail: type.kind === "varchar" ? `${column} takes ${type.bytes} bytes` : column,
  };
}
