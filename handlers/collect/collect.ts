import { storedFailure } from "../event/failure";
import { batchIdOfKey, type Decoded, itemsOf, type StoredItem } from "../event/item";
import { type Body, readBody } from "./body";
import type { Source } from "./env";
import { type Route, routeOf } from "./routes";
import { decodeSegment } from "./segment/decode";
import type { Sources } from "./sources";
import { visitorOf } from "./visitor";

/** A request as it came in. Names of headers are lower case. */
export interface CollectRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly sourceIp: string | undefined;
  readonly receivedAt: Date;
}

/** What the collector is set up with. */
export interface CollectSettings {
  readonly sources: Sources;
  readonly ttlDays: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON: `{"success":true}`, or `{"error":"<code>","message":"<sentence>"}`. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export type CollectCount =
  | "accepted"
  | "failed"
  | "duplicates"
  | "unauthorized"
  | "unreadable_without_key"
  | "store_unavailable";

/** What came of a request. */
export interface Outcome {
  /** What to answer, once all items are stored. */
  readonly answer: Answer;
  readonly items: readonly StoredItem[];
  readonly counts: { readonly [name in CollectCount]?: number };
}

/**
 * Decides on one request, without storing anything.
 *
 * The status decides whether a client tries again. 200 and 400 end it; Segment's clients repeat 408, 410, 429
 * and 5xx, so none of these answers anything that would come out the same.
 */
export function collect(request: CollectRequest, settings: CollectSettings): Outcome {
  const route = routeOf(request.path);
  if (route === undefined) return refusal(404, "not_found", `There is nothing at ${request.path}.`);
  const allow = `${route.method}, OPTIONS`;
  if (request.method === "OPTIONS") return answered({ status: 204, headers: { allow } });
  if (request.method !== route.method)
    return refusal(405, "method_not_allowed", `Only ${allow} may be sent here.`, {}, { allow });
  if (route.kind === "health") return answered({ status: 200, body: { status: "ok" } });
  return collectSegment(request, route, settings);
}

function collectSegment(
  request: CollectRequest,
  route: Extract<Route, { kind: "segment" }>,
  { sources, ttlDays }: CollectSettings,
): Outcome {
  const headerKey = basicUser(request.headers.authorization);
  if (headerKey !== undefined && !sources.has(headerKey)) return unauthorized();
  const body = readBody(request.body, request.isBase64Encoded);
  const bodyKey = "json" in body ? body.json.writeKey : undefined;
  const key = headerKey ?? (typeof bodyKey === "string" ? bodyKey : undefined);
  const source = key === undefined ? undefined : sources.get(key);
  const { receivedAt } = request;
  if ("problem" in body) return unreadable(body, source, receivedAt, ttlDays);
  if (source === undefined) return unauthorized();

  const visitor = visitorOf(request.headers, request.sourceIp, source);
  const outcome = decodeSegment(body.json, { takes: route.takes, source, receivedAt, visitor });
  if ("expected" in outcome) {
    const problem = { problem: "unreadable_body", detail: outcome.expected, payload: body.text } as const;
    return unreadable(problem, source, receivedAt, ttlDays);
  }
  const { decoded, duplicates } = outcome;
  const items = itemsOf(decoded, ttlDays);
  return {
    answer: answerTo(route, decoded, duplicates, items),
    items,
    counts: { accepted: decoded.events.length, failed: decoded.failures.length, duplicates },
  };
}

/**
 * Segment's API answers 200 to all that it can read, even what it then rejects, and 400 to what is too large.
 * Whoever sent many messages is told how many became events, and an importer where they are stored.
 */
function answerTo(
  { takes, namesBatches }: Extract<Route, { kind: "segment" }>,
  { events, failures }: Decoded,
  duplicate: number,
  items: readonly StoredItem[],
): Answer {
  const [failure] = failures;
  if (takes !== "batch" && failure?.reason === "event_too_large")
    return { status: 400, body: { error: failure.reason, message: failure.message } };
  const counts = { accepted: events.length, failed: failures.length, duplicate };
  return {
    status: 200,
    body: {
      success: true,
      ...(takes === "batch" ? counts : {}),
      ...(failure === undefined ? {} : { reason: failure.reason }),
      ...(namesBatches ? { batches: items.map(({ sk }) => batchIdOfKey(sk)) } : {}),
    },
  };
}

/** A body that cannot be read is kept where it is known whose it is. */
function unreadable(
  { problem, detail, payload }: Extract<Body, { problem: string }>,
  source: Source | undefined,
  receivedAt: Date,
  ttlDays: number,
): Outcome {
  if (source === undefined) return refusal(400, problem, `${detail}.`, { unreadable_without_key: 1 });
  const failure = storedFailure({
    source: source.name,
    stage: "collect",
    reason: problem,
    detail,
    payload,
    identity: Buffer.from(payload).toString("base64"),
  });
  const decoded: Decoded = {
    source: source.name,
    sourceKind: source.kind,
    protocol: "segment",
    receivedAt,
    events: [],
    failures: [failure],
  };
  return {
    answer: { status: 400, body: { error: problem, message: failure.message } },
    items: itemsOf(decoded, ttlDays),
    counts: { failed: 1 },
  };
}

function unauthorized(): Outcome {
  const message =
    "The write key is missing or unknown: send it as the user name of Basic auth, or as writeKey.";
  return refusal(401, "unknown_write_key", message, { unauthorized: 1 });
}

function refusal(
  status: number,
  error: string,
  message: string,
  counts: Outcome["counts"] = {},
  headers: Readonly<Record<string, string>> = {},
): Outcome {
  return answered({ status, headers, body: { error, message } }, counts);
}

/** An answer that nothing needs to be stored for. */
function answered(answer: Answer, counts: Outcome["counts"] = {}): Outcome {
  return { answer, items: [], counts };
}

/** The user name of Basic auth, where Segment's clients put the write key. */
function basicUser(authorization: string | undefined): string | undefined {
  const credentials = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (credentials === undefined) return undefined;
  const [user] = Buffer.from(credentials, "base64").toString("utf8").split(":");
  return user === "" ? undefined : user;
}
