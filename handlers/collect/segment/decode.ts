import type { EventType, StoredFailure } from "../../event/event";
import { type FailureReason, storedFailure } from "../../event/failure";
import type { Decoded, DecodedEvent } from "../../event/item";
import { isObject, type JsonObject, measure, stringifyDeep } from "../../event/json";
import type { Source } from "../env";
import type { VisitorColumns } from "../visitor";
import { identityOf, withoutAddresses } from "./identity";
import { decodeMessage, type MessageFrame, type Problem } from "./message";

/** How much a batch may say of all of its messages: it is stored once for each of them. */
const MAX_BATCH_CONTEXT = 8 * 1024;

/** What an address of the API takes: one message of a type, or a batch. */
export type SegmentRoute = EventType | "batch";

export interface SegmentRequest {
  readonly takes: SegmentRoute;
  readonly source: Source;
  readonly receivedAt: Date;
  readonly visitor: VisitorColumns;
}

/** What came of a body. */
export interface SegmentOutcome {
  readonly decoded: Decoded;
  /** Events left out because an earlier one of the request has the same id. */
  readonly duplicates: number;
}

/** What a batch must be, where it is not. */
export interface NoBatch {
  readonly expected: string;
}

/**
 * Reads a body of Segment's HTTP API; each message of it becomes an event, a failure, or is a duplicate.
 * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
 */
export function decodeSegment(body: JsonObject, request: SegmentRequest): SegmentOutcome | NoBatch {
  const { takes, source, receivedAt, visitor } = request;
  const frame: MessageFrame = { source: source.name, receivedAt, visitor };
  if (takes !== "batch") return collected([body], frame, request, takes);
  const { batch, sentAt, context } = body;
  if (!Array.isArray(batch)) return { expected: "batch must be a list of messages" };
  if ((context ?? undefined) !== undefined && !isObject(context))
    return { expected: "context must be an object" };
  if ((measure(context) ?? Number.POSITIVE_INFINITY) > MAX_BATCH_CONTEXT)
    return { expected: `context must be smaller than ${MAX_BATCH_CONTEXT} characters` };
  return collected(batch, { ...frame, sentAt, context: isObject(context) ? context : undefined }, request);
}

function collected(
  messages: readonly unknown[],
  frame: MessageFrame,
  request: SegmentRequest,
  type?: EventType,
): SegmentOutcome {
  const events = new Map<string, DecodedEvent>();
  const failures: StoredFailure[] = [];
  const occurrences = new Map<string, number>();
  let duplicates = 0;
  for (const message of messages) {
    const line = type === undefined ? unreadableLine(message) : undefined;
    const outcome = line ?? decodeMessage(message, frame, type);
    if ("event" in outcome) {
      const id = outcome.event.event_id;
      if (events.has(id)) duplicates += 1;
      else events.set(id, outcome);
    } else {
      const identity = identityOf(message);
      const occurrence = occurrences.get(identity) ?? 0;
      occurrences.set(identity, occurrence + 1);
      failures.push(rejected(message, outcome, frame.source, `${identity}\n${occurrence}`));
    }
  }
  const { source, receivedAt } = request;
  return {
    decoded: {
      source: source.name,
      sourceKind: source.kind,
      protocol: "segment",
      receivedAt,
      events: [...events.values()],
      failures,
    },
    duplicates,
  };
}

/** A line that an importer could not read and hands over whole. */
interface UnreadableLine {
  readonly reason: Extract<FailureReason, "unreadable_line">;
  readonly detail: string;
  readonly payload: string;
}

/** `{"type":"unreadable","messageId":…,"message":"why","payload":"the whole line"}`, an importer's message. */
function unreadableLine(message: unknown): UnreadableLine | undefined {
  if (!isObject(message) || message.type !== "unreadable") return undefined;
  const { message: why, payload } = message;
  return {
    reason: "unreadable_line",
    detail: typeof why === "string" ? why : "the importer does not say why",
    payload: typeof payload === "string" ? payload : stringifyDeep(message),
  };
}

function rejected(
  message: unknown,
  problem: Problem | UnreadableLine,
  source: string,
  identity: string,
): StoredFailure {
  const { reason, detail } = problem;
  const common = { source, reason, identity, ...(detail === undefined ? {} : { detail }) };
  if ("payload" in problem) return storedFailure({ ...common, stage: "import", payload: problem.payload });
  const payload = stringifyDeep(isObject(message) ? withoutAddresses(message) : message);
  return storedFailure({ ...common, stage: "collect", payload });
}
