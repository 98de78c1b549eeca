import type { EventType } from "../../event/event";
import { isObject, measure } from "../../event/json";
import { decodeMessages } from "../decode/messages";
import type { Answer, CollectRequest, Endpoint, Frame, NotTaken, Outcome } from "../protocol";
import { basicUser } from "../request/basic";
import { parameter } from "../request/query";
import { identityOf } from "./identity";
import { type BatchFrame, decodeMessage, unreadableLine } from "./message";

/** How much a batch may say of all of its messages: it is stored once for each of them. */
const MAX_BATCH_CONTEXT = 8 * 1024;

/** The last segment of a path, by what is sent there; analytics.js uses the short forms. */
const takenAt: Readonly<Record<string, EventType | "batch">> = {
  track: "track",
  t: "track",
  page: "page",
  p: "page",
  screen: "screen",
  s: "screen",
  identify: "identify",
  i: "identify",
  group: "group",
  g: "group",
  alias: "alias",
  a: "alias",
  batch: "batch",
  b: "batch",
  import: "batch",
};

/**
 * The addresses of Segment's HTTP API, which RudderStack's clients use too; theirs send a closing page's events
 * to `/beacon/v1/batch`.
 * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
 */
export const segmentEndpoints: readonly (readonly [path: string, Endpoint])[] = [
  ...Object.entries(takenAt).map(([path, takes]): [string, Endpoint] => [
    `/v1/${path}`,
    endpoint(takes, path === "import"),
  ]),
  ["/beacon/v1/batch", endpoint("batch", false)],
];

/** @param namesBatches whether the answer names the batches that were stored: an importer waits for them. */
function endpoint(takes: EventType | "batch", namesBatches: boolean): Endpoint {
  return {
    protocol: "segment",
    method: "POST",
    keyOf: (request) =>
      basicUser(request.headers.authorization) ?? parameter(request.query, "writeKey") ?? undefined,
    keyIn: (json) => (isObject(json) && typeof json.writeKey === "string" ? json.writeKey : undefined),
    decode: (frame) => (takes === "batch" ? decodeBatch(frame) : decodeSingle(takes, frame)),
    answer: (outcome, batches) =>
      takes === "batch" ? answerBatch(outcome, namesBatches ? batches() : undefined) : answerSingle(outcome),
    answerUnreadable: (reason, message) => ({ status: 400, body: { error: reason, message } }),
  };
}

function decodeSingle(type: EventType, frame: Frame): Outcome | NotTaken {
  const { json } = frame.body;
  if (!isObject(json)) return { expected: "the body must be a JSON object" };
  const batch: BatchFrame = { sentAt: headerSentAt(frame.request) };
  return decodeMessages(
    {
      list: [json],
      at: "{}",
      decode: (message, settling) => decodeMessage(message, type, batch, frame, settling),
      identityOf,
    },
    frame,
  );
}

function decodeBatch(frame: Frame): Outcome | NotTaken {
  const { json } = frame.body;
  if (!isObject(json)) return { expected: "the body must be a JSON object" };
  const { batch, sentAt } = json;
  const context = json.context ?? undefined;
  if (!Array.isArray(batch)) return { expected: "batch must be a list of messages" };
  if (context !== undefined && !isObject(context)) return { expected: "context must be an object" };
  if ((measure(context) ?? Number.POSITIVE_INFINITY) > MAX_BATCH_CONTEXT)
    return { expected: `context must be smaller than ${MAX_BATCH_CONTEXT} characters` };
  const common: BatchFrame = { sentAt: sentAt ?? headerSentAt(frame.request), context };
  return decodeMessages(
    {
      list: batch,
      at: { member: "batch" },
      decode: (message, settling) =>
        unreadableLine(message) ?? decodeMessage(message, undefined, common, frame, settling),
      identityOf,
    },
    frame,
  );
}

/** RudderStack's browser client says so in a header too. */
function headerSentAt({ headers }: CollectRequest): string | undefined {
  return headers.sentat;
}

/**
 * Segment's API answers 200 to all that it can read, even what it then rejects, and 400 to what is too large.
 * Segment's clients repeat 408, 410, 429 and 5xx, so none of these answers what would come out the same.
 */
function answerSingle({ failures: [failure] }: Outcome): Answer {
  if (failure?.reason === "event_too_large")
    return { status: 400, body: { error: failure.reason, message: failure.message } };
  return {
    status: 200,
    body: { success: true, ...(failure === undefined ? {} : { reason: failure.reason }) },
  };
}

/** Whoever sent many messages is told how many became events. */
function answerBatch({ events, failures, duplicates }: Outcome, batches: string[] | undefined): Answer {
  const [failure] = failures;
  const body = {
    success: true,
    accepted: events.length,
    failed: failures.length,
    duplicate: duplicates,
    ...(failure === undefined ? {} : { reason: failure.reason }),
    ...(batches === undefined ? {} : { batches }),
  };
  return { status: 200, body };
}
