import type { Json } from "../../event/event";
import { isObject } from "../../event/json";
import { isPlain } from "../decode/columns";
import { decodeMessages } from "../decode/messages";
import type { Answer, CollectRequest, Endpoint, Frame, NotTaken, Outcome } from "../protocol";
import { basicUser } from "../request/basic";
import type { ReadBody } from "../request/body";
import { decodeEvent, identityOf } from "./event";

/** The path that trackers post to unless they are told another (`postPath`). */
export const TRACKER_PATH = "/com.snowplowanalytics.snowplow/tp2";

/**
 * The addresses of Snowplow's tracker protocol. The write key is the events' `aid`, the tracker's `appId`, unless
 * a tracker is told to send Basic auth (`customHeaders`). Trackers repeat all that is not answered 2xx but 400,
 * 401, 403, 410 and 422.
 * @see https://docs.snowplow.io/docs/sources/trackers/
 */
const common: Pick<Endpoint, "protocol" | "keyOf" | "keyIn" | "decode"> = {
  protocol: "snowplow",
  keyOf: (request) => basicUser(request.headers.authorization),
  keyIn: (json, knows) => {
    const keys = eventsIn(json).flatMap((event) =>
      isObject(event) && isPlain(event.aid) ? String(event.aid) : [],
    );
    return keys.find(knows) ?? keys[0];
  },
  decode,
};

const posts: Endpoint = {
  ...common,
  method: "POST",
  answer: ({ events, failures, duplicates }): Answer => ({
    status: 200,
    body: { success: true, accepted: events.length, failed: failures.length, duplicate: duplicates },
  }),
  answerUnreadable: (reason, message) => ({ status: 400, body: { error: reason, message } }),
};

const pixel: Endpoint = {
  ...common,
  method: "GET",
  read: readQuery,
  answer: () => PIXEL,
  answerUnreadable: () => PIXEL,
};

export const snowplowEndpoints: readonly (readonly [path: string, Endpoint])[] = [
  [TRACKER_PATH, posts],
  ["/i", pixel],
  ["/ice.png", pixel],
];

/** The smallest transparent GIF there is: 1×1. */
const PIXEL: Answer = {
  status: 200,
  headers: { "content-type": "image/gif", "cache-control": "no-cache, no-store, must-revalidate" },
  body: Buffer.from("R0lGODlhAQABAIAAAP///////yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==", "base64"),
};

/** A query string as the body of one event. Percent-encoding can hide any character: nothing in it is clean. */
function readQuery({ query = "" }: CollectRequest): ReadBody {
  const event = Object.fromEntries(new URLSearchParams(query));
  return { json: { data: [event] }, text: query, sizeBytes: Buffer.byteLength(query), isClean: false };
}

function decode(frame: Frame): Outcome | NotTaken {
  const { json } = frame.body;
  if (!isObject(json) || !Array.isArray(json.data)) return { expected: "data must be a list of events" };
  const ownKey = common.keyOf(frame.request) !== undefined;
  return decodeMessages(
    {
      list: json.data,
      at: frame.request.method === "GET" ? "{}" : { member: "data" },
      decode: (message, settling) => decodeEvent(message, ownKey, frame, settling),
      identityOf,
    },
    frame,
  );
}

function eventsIn(json: Json): readonly Json[] {
  return isObject(json) && Array.isArray(json.data) ? (json.data as readonly Json[]) : [];
}
