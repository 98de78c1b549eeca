import { decodeMessages } from "../decode/messages";
import type { Endpoint, Frame, NotTaken, Outcome } from "../protocol";
import { parameter } from "../request/query";
import { decodeEvent, identityOf, type RequestFrame } from "./event";

/**
 * The address of AWS's own Clickstream SDKs, which the guidance "Clickstream Analytics on AWS" came with. The write
 * key is their `appId`. They take 200 alone for success and keep sending all else, so what can never be accepted
 * is answered 200 as well, once it is kept as failed. They fill requests up to 512 KiB, one event may have 1 MiB.
 * @see https://awslabs.github.io/clickstream-analytics-on-aws/en/latest/sdk-manual/http-api/
 */
const collect: Endpoint = {
  protocol: "clickstream",
  method: "POST",
  leastBodyBytes: 1024 * 1024,
  keyOf: (request) => parameter(request.query, "appId"),
  decode,
  answer: ({ events, failures, duplicates }) => ({
    status: 200,
    body: { success: true, accepted: events.length, failed: failures.length, duplicate: duplicates },
  }),
  answerUnreadable: (reason) => ({ status: 200, body: { success: true, reason } }),
};

export const clickstreamEndpoints: readonly (readonly [path: string, Endpoint])[] = [["/collect", collect]];

function decode(frame: Frame): Outcome | NotTaken {
  const { json } = frame.body;
  if (!Array.isArray(json)) return { expected: "the body must be a list of events" };
  const { query } = frame.request;
  const sentAt = parameter(query, "upload_timestamp");
  const request: RequestFrame = {
    sentAt: sentAt !== undefined && /^\d{11,15}$/.test(sentAt) ? Number(sentAt) : undefined,
    sequenceId: parameter(query, "event_bundle_sequence_id"),
  };
  return decodeMessages(
    {
      list: json,
      at: "[]",
      decode: (message, settling) => decodeEvent(message, request, frame, settling),
      identityOf,
    },
    frame,
  );
}
