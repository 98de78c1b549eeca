import type { ColumnName } from "../../event/columns";
import type { Json } from "../../event/event";
import { isObject, type JsonObject } from "../../event/json";
import {
  isPlain,
  members,
  plain,
  type RawColumns,
  type Taker,
  type Takers,
  takeAddress,
  takeMembers,
} from "../decode/columns";

/** The identifiers of a message. */
export const idFields = {
  messageId: "event_id",
  userId: "user_id",
  anonymousId: "anonymous_id",
  groupId: "group_id",
  previousId: "previous_id",
} as const satisfies Readonly<Record<string, ColumnName>>;

/** How a message is sent, as against what it says: no part of its content. */
export const transportFields: ReadonlySet<string> = new Set([
  "messageId",
  "sentAt",
  "writeKey",
  "integrations",
  "_metadata",
]);

/** Members of the context that are columns: a name, or the names of an object's members. */
export const contextFields = {
  userAgent: "user_agent",
  locale: "locale",
  timezone: "timezone",
  groupId: "group_id",
  sessionId: "session_id",
  library: { name: "sdk_name", version: "sdk_version" },
  screen: { width: "screen_width", height: "screen_height" },
  os: { name: "os_name", version: "os_version" },
  device: { manufacturer: "device_brand", model: "device_model" },
  campaign: {
    source: "campaign_source",
    medium: "campaign_medium",
    name: "campaign_name",
    term: "campaign_term",
    content: "campaign_content",
  },
  page: { url: "page_url", title: "page_title", referrer: "referrer_url" },
  location: { country: "geo_country", region: "geo_region", city: "geo_city" },
  ip: "ip_network",
  request_ip: "ip_network",
} as const satisfies Readonly<Record<string, ColumnName | Readonly<Record<string, ColumnName>>>>;

/**
 * What takes the columns out of a context.
 * @see https://segment.com/docs/connections/spec/common/#context
 */
export const contextTakers: Takers = new Map(
  Object.entries(contextFields).map(([name, mapping]): [string, Taker] => {
    if (name === "page") return [name, takePage];
    if (name === "location") return [name, takeLocation];
    if (mapping === "ip_network") return [name, takeAddress];
    return [name, typeof mapping === "string" ? plain(mapping) : members(mapping)];
  }),
);

const takePageMembers = members(contextFields.page);

function takePage(value: Json, columns: RawColumns): Json | undefined {
  const rest = takePageMembers(value, columns);
  if (!isObject(rest) || typeof columns.page_url !== "string") return rest;
  const { path, search, ...others } = rest;
  // Path and search repeat parts of the address, unless the client wrote others.
  const repeated =
    typeof path === "string" &&
    columns.page_url.includes(`${path}${typeof search === "string" ? search : ""}`);
  if (!repeated) return rest;
  return Object.keys(others).length === 0 ? undefined : others;
}

/** A member that is a column where it is a code; many clients write a name there, which stays in the context. */
function coded(column: ColumnName, code: RegExp): Taker {
  const taker = plain(column);
  return (value, columns) => (typeof value !== "string" || code.test(value) ? taker(value, columns) : value);
}

const locationTakers: Takers = new Map([
  ["country", coded(contextFields.location.country, /^[A-Z]{2}$/)],
  ["region", coded(contextFields.location.region, /^[A-Z0-9]{1,3}$/)],
  ["city", plain(contextFields.location.city)],
]);

function takeLocation(value: Json, columns: RawColumns): Json | undefined {
  return isObject(value) ? takeMembers(value, locationTakers, columns) : (value ?? undefined);
}

/** Takes what a page call says of its page, for clients that say so only in the properties, which stay whole. */
export function readPage(properties: JsonObject, columns: RawColumns): void {
  for (const [field, column] of pageFields)
    if (isPlain(properties[field])) columns[column] ??= properties[field];
}

const pageFields = Object.entries(contextFields.page);
