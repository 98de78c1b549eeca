import { randomUUID } from "node:crypto";
import { storedFailure } from "../event/failure";
import { batchIdOfKey, type Decoded, itemsOf, type StoredItem } from "../event/stored/item";
import { withoutAddresses } from "./decode/redact";
import type { Source } from "./env";
import type { Answer, CollectRequest, Endpoint, Frame, Limits, NotTaken, Outcome } from "./protocol";
import { type BodyProblem, parse, type ReadBody, readBody } from "./request/body";
import { cookieOf, type IdCookie, visitorIdOf } from "./request/cookie";
import { type Edge, type Way, wayOf } from "./request/edge";
import { quoteLongNumbers } from "./request/numbers";
import { visitorOf } from "./request/visitor";
import { HEALTH, type Paths, routeOf } from "./routes";
import { SCRIPT, type Script, scriptAnswer } from "./script";
import type { Sources } from "./sources";

export type { Answer, CollectRequest } from "./protocol";

/** What the collector is set up with. */
export interface CollectSettings {
  readonly sources: Sources;
  readonly ttlDays: number;
  /** @default Segment's: 32 KB an event, 500 KB a body */
  readonly limits?: Limits;
  /** Addresses besides the standard ones. @default none */
  readonly paths?: Paths;
  /** What sites without an SDK load. @default none: its address is not found */
  readonly script?: Script;
  /** @default none: what a request says in an edge's name is not believed */
  readonly edge?: Edge;
  /** @default none is set */
  readonly idCookie?: IdCookie | undefined;
  /** Makes a visitor's id. @default a random UUID */
  readonly newId?: () => string;
}

export type CollectCount =
  | "accepted"
  | "failed"
  | "duplicates"
  | "unauthorized"
  | "refused_origin"
  | "switched_off"
  | "not_through_edge"
  | "expired_key"
  | "older_key"
  | "unreadable_without_key"
  | "store_unavailable";

/** What came of a request. */
export interface Collected {
  /** What to answer, once all items are stored. */
  readonly answer: Answer;
  readonly items: readonly StoredItem[];
  readonly counts: { readonly [name in CollectCount]?: number };
}

/** How long a client is asked to wait while the collector does not take its events, in seconds. */
export const RETRY_AFTER_SECONDS = 5;

/** @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#max-request-size */
export const segmentLimits: Limits = { eventBytes: 32 * 1024, bodyBytes: 500 * 1024 };

/**
 * Decides on one request, without storing anything.
 *
 * The status decides whether a client tries again, so each protocol has its own for what would come out the same
 * (`Endpoint`); what can never come from a stock client that is set up rightly is refused with 401, 403, 404 or 405.
 */
export function collect(request: CollectRequest, settings: CollectSettings): Collected {
  const { script } = settings;
  const route = routeOf(request.path, settings.paths);
  if (route === undefined || (route === SCRIPT && script === undefined))
    return refusal(404, "not_found", `There is nothing at ${request.path}.`);
  const allow = `${route.method}, OPTIONS`;
  if (request.method === "OPTIONS") return answered({ status: 204, headers: { allow } });
  if (request.method !== route.method)
    return refusal(405, "method_not_allowed", `Only ${allow} may be sent here.`, {}, { allow });
  if (route === HEALTH) return answered({ status: 200, body: { status: "ok" } });
  if (route === SCRIPT && script !== undefined) return answered(scriptAnswer(script, request.headers));
  return collectEvents(request, route as Endpoint, settings);
}

function collectEvents(request: CollectRequest, endpoint: Endpoint, settings: CollectSettings): Collected {
  const { sources, ttlDays, limits = segmentLimits, edge, idCookie, newId = randomUUID } = settings;
  const way = wayOf(request, edge);
  if (edge?.only && way !== "edge") return notThroughEdge(way);
  const namedKey = endpoint.keyOf(request);
  if (namedKey !== undefined && !sources.has(namedKey)) return unauthorized();
  const limitBytes = Math.max(limits.bodyBytes, endpoint.leastBodyBytes ?? 0);
  const body = endpoint.read?.(request) ?? readBody(request.body, request.isBase64Encoded, limitBytes);
  const bodyKey = "problem" in body ? undefined : endpoint.keyIn?.(body.json, (key) => sources.has(key));
  const key = namedKey ?? bodyKey;
  const source = key === undefined ? undefined : sources.get(key);
  if (source === undefined)
    return "problem" in body
      ? refusal(400, body.problem, `${body.detail}.`, { unreadable_without_key: 1 })
      : unauthorized();
  const refused = refusalOf(source, key, request);
  if (refused !== undefined) return refused;

  const { receivedAt } = request;
  const decoded = { source: source.name, sourceKind: source.kind, protocol: endpoint.protocol, receivedAt };
  if ("problem" in body) return unreadable(body, endpoint, decoded, ttlDays);
  const visitor = visitorOf(request.headers, request.sourceIp, source, way);
  const visitorId = visitorIdOf(request, source, idCookie, newId);
  const frame: Frame = { request, source, receivedAt, visitor, visitorId, limits, body, exactNumbers: false };
  const outcome = decodeExactly(endpoint, frame);
  if ("expected" in outcome)
    return unreadable(
      { problem: "unreadable_body", detail: outcome.expected, payload: body.text },
      endpoint,
      decoded,
      ttlDays,
    );
  const { events, failures, duplicates } = outcome;
  const items = itemsOf({ ...decoded, events, failures }, ttlDays);
  const older_key = key === source.writeKeys[0] ? 0 : 1;
  const answer = endpoint.answer(outcome, () => items.map(({ sk }) => batchIdOfKey(sk)));
  const cookie = idCookie && visitorId && cookieOf(idCookie, events);
  return {
    answer: cookie === undefined ? answer : { ...answer, cookies: [cookie] },
    items,
    counts: {
      accepted: events.length,
      failed: failures.length,
      duplicates,
      ...(older_key === 0 ? {} : { older_key }),
    },
  };
}

/** Decodes a body; once more, with its numbers as text, where a double has no room for one of them. */
function decodeExactly(endpoint: Endpoint, frame: Frame): Outcome | NotTaken {
  const outcome = endpoint.decode(frame);
  if ("expected" in outcome || !outcome.overflows) return outcome;
  const reread = endpoint.read === undefined ? parse(quoteLongNumbers(frame.body.text)) : frame.body;
  if ("problem" in reread) return outcome;
  const body: ReadBody = { ...frame.body, json: reread.json };
  return endpoint.decode({ ...frame, body, exactNumbers: true });
}

/** Why a source does not take a request. Clients repeat neither a 401 nor a 403. */
function refusalOf(
  source: Source,
  key: string | undefined,
  { headers, receivedAt }: CollectRequest,
): Collected | undefined {
  if (source.enabled === false)
    return refusal(403, "switched_off", `The source ${source.name} is switched off.`, { switched_off: 1 });
  const validUntil = key === undefined ? undefined : source.validUntil?.[key];
  if (validUntil !== undefined && receivedAt.getTime() >= Date.parse(validUntil))
    return refusal(401, "expired_write_key", `The write key was valid until ${validUntil}.`, {
      expired_key: 1,
    });
  const { allowedOrigins } = source;
  const { origin } = headers;
  // Only browsers name an origin, and they cannot leave it out.
  if (allowedOrigins === undefined || origin === undefined || allowedOrigins.includes(origin))
    return undefined;
  const message = `The source ${source.name} takes nothing from pages of ${origin}.`;
  return refusal(403, "refused_origin", message, { refused_origin: 1 });
}

/** A body that cannot be read is kept where it is known whose it is. */
function unreadable(
  { problem, detail, payload }: BodyProblem,
  endpoint: Endpoint,
  request: Omit<Decoded, "events" | "failures">,
  ttlDays: number,
): Collected {
  const failure = storedFailure({
    source: request.source,
    stage: "collect",
    reason: problem,
    // The parser quotes what it stumbled over.
    detail: withoutAddresses(detail),
    payload: withoutAddresses(payload),
    identity: Buffer.from(payload).toString("base64"),
  });
  return {
    answer: endpoint.answerUnreadable(problem, failure.message),
    items: itemsOf({ ...request, events: [], failures: [failure] }, ttlDays),
    counts: { failed: 1 },
  };
}

/**
 * Whoever goes around the edge is refused for good. An edge that sends another secret than is known here may be
 * waiting for a new one: its clients are to try again.
 */
function notThroughEdge(way: Way): Collected {
  const counts = { not_through_edge: 1 };
  if (way === "direct")
    return refusal(403, "not_through_edge", "Events are taken at the collector's own domain alone.", counts);
  const message = "The edge in front of the collector is not known here yet: send it again.";
  return refusal(503, "unknown_edge", message, counts, { "retry-after": String(RETRY_AFTER_SECONDS) });
}

function unauthorized(): Collected {
  const message =
    "The write key is missing or unknown: send it as the user name of Basic auth, as writeKey, or as the id of the app.";
  return refusal(401, "unknown_write_key", message, { unauthorized: 1 });
}

function refusal(
  status: number,
  error: string,
  message: string,
  counts: Collected["counts"] = {},
  headers: Readonly<Record<string, string>> = {},
): Collected {
  return answered({ status, headers, body: { error, message } }, counts);
}

/** An answer that nothing needs to be stored for. */
function answered(answer: Answer, counts: Collected["counts"] = {}): Collected {
  return { answer, items: [], counts };
}
