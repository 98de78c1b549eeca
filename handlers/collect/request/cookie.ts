import { isObject } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import type { Source } from "../env";
import type { CollectRequest } from "../protocol";

/** A first-party cookie of the visitor's id that the collector sets: browsers keep those longer than a script's. */
export interface IdCookie {
  readonly name: string;
  readonly maxAgeSeconds: number;
  /** The domain that shares it with its subdomains. @default the collector's own host alone */
  readonly domain?: string;
  /** Whether an id that stands in it counts more than the one that the client gives. */
  readonly overrides: boolean;
}

/** The visitor's id, as far as a request tells it besides its events. */
export interface VisitorId {
  /** What stands for an id that an event lacks. */
  readonly fallback: string;
  /** Whether it stands for one that an event has, too. */
  readonly overrides: boolean;
}

/** What an id may be that stands in a cookie; the collector's and the snippet's are UUIDs. */
const ID = /^[\w.-]{1,64}$/;

/**
 * The id that a browser's cookie holds, or a new one.
 * @returns undefined where none is to be: there is no such cookie, servers send, or the visitor objects.
 */
export function visitorIdOf(
  { headers, cookies }: CollectRequest,
  source: Source,
  cookie: IdCookie | undefined,
  newId: () => string,
): VisitorId | undefined {
  if (cookie === undefined || source.kind !== "browser" || objects(headers)) return undefined;
  const id = cookieNamed(cookies ?? headers.cookie?.split(";") ?? [], cookie.name);
  return id === undefined
    ? { fallback: newId(), overrides: false }
    : { fallback: id, overrides: cookie.overrides };
}

/**
 * The cookie to set once a request's events are stored. It repeats the id that the events have come to bear, so that
 * a script that keeps its own in it finds the same there.
 * @returns undefined where the events name no visitor, or several.
 */
export function cookieOf(
  { name, maxAgeSeconds, domain }: IdCookie,
  events: readonly DecodedEvent[],
): string | undefined {
  const ids = new Set(events.map(({ event }) => event.anonymous_id));
  const [id] = ids;
  if (ids.size !== 1 || id === undefined || !ID.test(id)) return undefined;
  const shared = domain === undefined ? "" : `; Domain=${domain}`;
  // Scripts read it: the snippet's id is the same cookie.
  return `${name}=${id}; Path=/; Max-Age=${maxAgeSeconds}${shared}; SameSite=Lax; Secure`;
}

/**
 * Global Privacy Control asks that nobody be followed, Snowplow's header that nothing identify the visitor.
 * @see https://www.w3.org/TR/gpc/#the-sec-gpc-header-field-for-http-requests
 */
function objects(headers: CollectRequest["headers"]): boolean {
  return headers["sec-gpc"]?.trim() === "1" || headers["sp-anonymous"] !== undefined;
}

function cookieNamed(cookies: readonly string[], name: string): string | undefined {
  for (const cookie of cookies) {
    const [found, value = ""] = cookie.trim().split("=", 2);
    if (found === name && ID.test(value)) return value;
  }
  return undefined;
}

const DAY = 86_400;

/** Chromium cuts at 400 days, others at two years. */
export const cookieDays = { least: 1, most: 730 } as const;

/**
 * Reads how the cookie is set.
 * @param json an `IdCookie`, or `null` for none.
 * @throws when it is neither.
 */
export function readIdCookie(json: string): IdCookie | undefined {
  const cookie: unknown = JSON.parse(json);
  if (cookie === null) return undefined;
  if (isObject(cookie)) {
    const { name, maxAgeSeconds, domain, overrides } = cookie;
    if (
      typeof name === "string" &&
      /^[\w-]{1,64}$/.test(name) &&
      Number.isInteger(maxAgeSeconds) &&
      Number(maxAgeSeconds) >= cookieDays.least * DAY &&
      Number(maxAgeSeconds) <= cookieDays.most * DAY &&
      (domain === undefined || isDomain(domain)) &&
      typeof overrides === "boolean"
    )
      return { name, maxAgeSeconds: Number(maxAgeSeconds), overrides, ...(domain ? { domain } : {}) };
  }
  throw new Error(
    `COOKIE must have a name of 1 to 64 letters, digits, _ or -, maxAgeSeconds of ${cookieDays.least} to ${cookieDays.most} days, overrides, true or false, and may have a domain like example.com, got ${json}`,
  );
}

/** Whether a text is a domain's name of two labels or more, in lower case. */
export function isDomain(text: unknown): text is string {
  return (
    typeof text === "string" &&
    text.length <= 253 &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
  );
}
