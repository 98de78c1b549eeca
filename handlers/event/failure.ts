import { createHash } from "node:crypto";
import { failedColumns } from "./columns";
import type { FailedEvent, StoredFailure } from "./event";
import { cleanText, cutText, fitsBytes, isClean } from "./text";

/** Every reason for which something is rejected, with its sentence. */
export const failureReasons = {
  unreadable_body: "The body is not what this address takes",
  body_too_large: "The body is larger than is taken",
  unreadable_line: "The line could not be read",
  not_an_object: "The event is not a JSON object",
  unknown_type: "The event's type is none that its protocol knows",
  wrong_write_key: "The event names another write key than its request",
  missing_identity: "The event does not say whom it is about",
  missing_event_name: "The event has no name",
  invalid_identifier: "An identifier is neither text nor a number",
  identifier_too_long: "An identifier is longer than its column",
  invalid_timestamp: "A time is not ISO 8601, or out of range",
  invalid_object: "What must be a JSON object is none",
  event_too_large: "The event is larger than is taken",
  too_deep: "The event nests deeper than 64 levels",
  too_many_members: "The event's objects have more than 4096 members",
  line_too_large: "The event is larger than a delivery stream's record",
  breaks_plan: "The event breaks the tracking plan",
  unplanned_event: "The tracking plan does not name the event",
} as const;

export type FailureReason = keyof typeof failureReasons;

/** Where something is rejected. */
export type FailureStage = "import" | "collect" | "transform";

export interface Rejection {
  readonly source: string;
  readonly stage: FailureStage;
  readonly reason: FailureReason;
  /** What exactly was wrong. @default the reason's sentence alone */
  readonly detail?: string;
  /** What was sent. */
  readonly payload: string | Uint8Array;
  /** What tells the rejection apart from others of its source: the same when a client sends it again. */
  readonly identity: string;
}

/** A payload up to this size is kept whole in the stored item and in `raw/`, whatever it compresses to. */
const MAX_STORED_PAYLOAD_BYTES = 256 * 1024;

/** The id of a rejection: 128 bits over source and identity, as 32 hex digits. */
export function failedIdOf(source: string, identity: string): string {
  return createHash("sha256").update(`${source}\n${identity}`).digest("hex").slice(0, 32);
}

/** What is stored of a rejection. */
export function storedFailure(rejection: Rejection): StoredFailure {
  const { source, stage, reason, detail, payload, identity } = rejection;
  const sentence = detail === undefined ? failureReasons[reason] : `${failureReasons[reason]}: ${detail}`;
  const isText = typeof payload === "string" && isClean(payload);
  return cutPayload(
    {
      failed_id: failedIdOf(source, identity),
      stage,
      reason,
      message: cutText(cleanText(sentence), failedColumns.message.type.bytes),
      payload: isText ? payload : Buffer.from(payload).toString("base64"),
      payload_encoding: isText ? "text" : "base64",
    },
    MAX_STORED_PAYLOAD_BYTES,
  );
}

/** A rejected event as the warehouse's columns take it: a longer payload is cut; the stored item holds it whole. */
export function fitFailure(failure: FailedEvent): FailedEvent {
  return cutPayload(failure, failedColumns.payload.type.bytes);
}

function cutPayload<Failure extends StoredFailure>(failure: Failure, bytes: number): Failure {
  if (fitsBytes(failure.payload, bytes)) return failure;
  // Four characters of base64 are three whole bytes.
  const limit = failure.payload_encoding === "base64" ? bytes - (bytes % 4) : bytes;
  const payload = cutText(failure.payload, limit);
  const note = ` (the first ${Buffer.byteLength(payload)} of ${Buffer.byteLength(failure.payload)} bytes are here)`;
  const message = cutText(failure.message, failedColumns.message.type.bytes - note.length) + note;
  return { ...failure, message, payload };
}
