import { promotedColumns } from "./promoted";

/**
 * The one table of what an event is. The codec, the warehouse's DDL (held to it by a test), the staging table
 * and the data dictionary all derive from here.
 */

/** A column's type, as it is written in Redshift. `super` holds JSON: an object, unless it says a list. */
export type ColumnType =
  | { readonly kind: "varchar"; readonly bytes: number }
  | { readonly kind: "timestamp" | "boolean" | "integer" }
  | { readonly kind: "super"; readonly holds?: "list" }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number };

/**
 * How sensitive a column is: `none` says nothing of a person; `pseudonym` tells people apart without naming
 * them; `personal` may name or describe one; `free` is whatever the sender put there.
 */
export type Privacy = "none" | "pseudonym" | "personal" | "free";

export interface Column {
  readonly type: ColumnType;
  /** Who writes it: the client (`sent`), the collector (`collect`), the enrichment (`enrich`) or the tracking plan (`plan`). */
  readonly from: "sent" | "collect" | "enrich" | "plan";
  readonly privacy: Privacy;
  /** Whether an event without it is refused. @default a null is stored */
  readonly required?: true;
  /** A value that does not fit refuses the event, because cut off it would mean something else. @default it is cut at a character */
  readonly exact?: true;
  readonly meaning: string;
}

const text = <Bytes extends number>(bytes: Bytes) => ({ kind: "varchar", bytes }) as const;
const timestamp = { kind: "timestamp" } as const;
const integer = { kind: "integer" } as const;
const boolean = { kind: "boolean" } as const;
const json = { kind: "super" } as const;

/** Every column of an event, in the warehouse's order. Times are UTC, ISO 8601 with milliseconds on the way. */
export const columns = {
  event_id: {
    type: text(128),
    from: "sent",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "Identity of the event: the client's message id, else a hash of the content",
  },
  batch_id: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The stored item the event came in: the hash in its sort key",
  },
  event_type: {
    type: text(16),
    from: "sent",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "track, page, screen, identify, group or alias",
  },
  event_name: {
    type: text(256),
    from: "sent",
    privacy: "none",
    meaning: "What was tracked; the name of a page or screen",
  },
  event_time: {
    type: timestamp,
    from: "collect",
    privacy: "none",
    required: true,
    meaning: "When it happened, corrected for the client's clock",
  },
  sent_at: {
    type: timestamp,
    from: "sent",
    privacy: "none",
    meaning: "When the client sent it, by the client's clock",
  },
  received_at: {
    type: timestamp,
    from: "collect",
    privacy: "none",
    required: true,
    meaning: "When the collector received it",
  },
  anonymous_id: {
    type: text(256),
    from: "sent",
    privacy: "pseudonym",
    exact: true,
    meaning: "The visitor: a device or a browser",
  },
  user_id: { type: text(256), from: "sent", privacy: "personal", exact: true, meaning: "The known user" },
  session_id: {
    type: text(128),
    from: "sent",
    privacy: "pseudonym",
    exact: true,
    meaning: "The session, where the client numbers its own",
  },
  previous_id: {
    type: text(256),
    from: "sent",
    privacy: "personal",
    exact: true,
    meaning: "alias: the id that user_id replaces",
  },
  group_id: {
    type: text(256),
    from: "sent",
    privacy: "pseudonym",
    exact: true,
    meaning: "group: the account or organization joined",
  },
  page_url: { type: text(4096), from: "sent", privacy: "free", meaning: "Address of the page" },
  page_host: { type: text(255), from: "enrich", privacy: "none", meaning: "Host of the page, lower case" },
  page_path: { type: text(2048), from: "enrich", privacy: "none", meaning: "Path of the page" },
  page_query: {
    type: text(2048),
    from: "enrich",
    privacy: "free",
    meaning: "Query string of the page, without its question mark and without secrets",
  },
  page_title: { type: text(1024), from: "sent", privacy: "none", meaning: "Title of the page" },
  referrer_url: { type: text(4096), from: "sent", privacy: "free", meaning: "Address of the page before" },
  referrer_host: {
    type: text(255),
    from: "enrich",
    privacy: "none",
    meaning: "Host of the page before, lower case",
  },
  referrer_medium: {
    type: text(16),
    from: "enrich",
    privacy: "none",
    meaning: "direct, internal, paid, search, social, mail or referral",
  },
  referrer_source: {
    type: text(64),
    from: "enrich",
    privacy: "none",
    meaning: "Name of the search engine, network or mail service",
  },
  campaign_source: { type: text(256), from: "sent", privacy: "none", meaning: "utm_source" },
  campaign_medium: { type: text(256), from: "sent", privacy: "none", meaning: "utm_medium" },
  campaign_name: { type: text(256), from: "sent", privacy: "none", meaning: "utm_campaign" },
  campaign_term: { type: text(256), from: "sent", privacy: "none", meaning: "utm_term" },
  campaign_content: { type: text(256), from: "sent", privacy: "none", meaning: "utm_content" },
  user_agent: {
    type: text(1024),
    from: "sent",
    privacy: "pseudonym",
    meaning: "The client's user agent string",
  },
  browser_name: { type: text(64), from: "enrich", privacy: "none", meaning: "Browser" },
  browser_version: { type: text(32), from: "enrich", privacy: "none", meaning: "Browser's version" },
  os_name: { type: text(64), from: "enrich", privacy: "none", meaning: "Operating system" },
  os_version: { type: text(32), from: "enrich", privacy: "none", meaning: "Operating system's version" },
  device_class: {
    type: text(16),
    from: "enrich",
    privacy: "none",
    meaning: "desktop, mobile, tablet, tv, console, wearable, embedded, bot or unknown",
  },
  device_brand: { type: text(64), from: "enrich", privacy: "none", meaning: "Maker of the device" },
  device_model: { type: text(64), from: "enrich", privacy: "none", meaning: "Model of the device" },
  is_bot: {
    type: boolean,
    from: "enrich",
    privacy: "none",
    meaning: "Whether the user agent is a crawler's or a tool's",
  },
  locale: { type: text(35), from: "sent", privacy: "none", meaning: "Language tag, BCP 47" },
  timezone: { type: text(64), from: "sent", privacy: "none", meaning: "Time zone, IANA" },
  screen_width: { type: integer, from: "sent", privacy: "none", meaning: "Width of the screen, pixels" },
  screen_height: { type: integer, from: "sent", privacy: "none", meaning: "Height of the screen, pixels" },
  ip_network: {
    type: text(45),
    from: "collect",
    privacy: "pseudonym",
    meaning: "The client's network: its address cut to /24 (IPv4) or /48 (IPv6)",
  },
  geo_country: { type: text(2), from: "collect", privacy: "none", meaning: "Country, ISO 3166-1 alpha-2" },
  geo_region: {
    type: text(16),
    from: "collect",
    privacy: "none",
    meaning: "Region, ISO 3166-2 without its country",
  },
  geo_city: { type: text(128), from: "collect", privacy: "none", meaning: "City" },
  revenue: {
    type: { kind: "decimal", precision: 18, scale: 4 },
    from: "sent",
    privacy: "none",
    meaning: "Money the event brought, in currency",
  },
  currency: { type: text(3), from: "sent", privacy: "none", meaning: "Currency, ISO 4217" },
  properties: {
    type: json,
    from: "sent",
    privacy: "free",
    meaning: "What the event carries: properties, or the traits of identify and group",
  },
  context: {
    type: json,
    from: "sent",
    privacy: "free",
    meaning: "What the client said of itself and has no column of its own",
  },
  source: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The source whose write key was used",
  },
  protocol: {
    type: text(32),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The protocol it came in by",
  },
  sdk_name: { type: text(64), from: "sent", privacy: "none", meaning: "The client library" },
  sdk_version: { type: text(32), from: "sent", privacy: "none", meaning: "The client library's version" },
  truncated: {
    type: text(1024),
    from: "collect",
    privacy: "none",
    meaning: "Names of the columns that were cut to fit, comma-separated",
  },
  schema_version: {
    type: integer,
    from: "collect",
    privacy: "none",
    required: true,
    meaning: "Version of this table of columns that the event was written by",
  },
  campaign_id: { type: text(256), from: "enrich", privacy: "none", meaning: "utm_id" },
  click_id: {
    type: text(512),
    from: "enrich",
    privacy: "pseudonym",
    meaning: "Id of the click on an ad or a link, as its network appended it",
  },
  click_id_type: {
    type: text(32),
    from: "enrich",
    privacy: "none",
    meaning: "The parameter that held it: gclid, fbclid, ...",
  },
  ad_network: { type: text(64), from: "enrich", privacy: "none", meaning: "The network that appended it" },
  viewport_width: { type: integer, from: "enrich", privacy: "none", meaning: "Width of the window, pixels" },
  viewport_height: {
    type: integer,
    from: "enrich",
    privacy: "none",
    meaning: "Height of the window, pixels",
  },
  screen_orientation: {
    type: text(16),
    from: "enrich",
    privacy: "none",
    meaning: "landscape, portrait or square",
  },
  locale_language: {
    type: text(8),
    from: "enrich",
    privacy: "none",
    meaning: "Language of the locale, ISO 639",
  },
  locale_country: {
    type: text(2),
    from: "enrich",
    privacy: "none",
    meaning: "Country of the locale, ISO 3166-1 alpha-2",
  },
  time_problem: {
    type: text(16),
    from: "enrich",
    privacy: "none",
    meaning: "Why event_time cannot be right: future, past, or clock where the client's was off by a day",
  },
  content_id: {
    type: text(32),
    from: "enrich",
    privacy: "none",
    meaning: "Hash of what the event says: the same for copies that came under different ids",
  },
  enrichment_errors: {
    type: text(256),
    from: "enrich",
    privacy: "none",
    meaning: "Names of the enrichments that failed, comma-separated: their columns are missing",
  },
  violations: {
    type: { kind: "super", holds: "list" },
    from: "plan",
    privacy: "free",
    meaning: "Where the event breaks the tracking plan: a list of path, must and got",
  },
  plan_version: {
    type: integer,
    from: "plan",
    privacy: "none",
    meaning: "Version of the tracking plan that the event keeps to, or was held against",
  },
  ...promotedColumns,
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof columns;

/** Names of all columns, in the warehouse's order. */
export const columnNames = Object.keys(columns) as readonly ColumnName[];

/**
 * An event that says nothing, its columns in the warehouse's order. Copies of it that are filled all have one
 * shape to V8, which copies, reads and writes such objects about twice as fast as ones that grow name by name.
 */
export const blankEvent = Object.fromEntries(columnNames.map((name) => [name, undefined])) as Readonly<
  Record<ColumnName, undefined>
>;

/** Version of the table above that collectors write today. */
export const SCHEMA_VERSION = 1;

/** A failed event's columns, in the warehouse's order. */
export const failedColumns = {
  failed_id: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "Identity of the rejection: hash of source and content",
  },
  batch_id: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The stored item it came in",
  },
  received_at: {
    type: timestamp,
    from: "collect",
    privacy: "none",
    required: true,
    meaning: "When the collector received it",
  },
  source: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The source whose write key was used",
  },
  protocol: {
    type: text(32),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "The protocol it came in by",
  },
  stage: {
    type: text(16),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "Where it was rejected: import, collect or transform",
  },
  reason: {
    type: text(64),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "Why, as one of a fixed set of names",
  },
  message: {
    type: text(1024),
    from: "collect",
    privacy: "free",
    required: true,
    meaning: "Why, as a sentence",
  },
  payload: {
    type: text(65535),
    from: "sent",
    privacy: "free",
    required: true,
    meaning: "What was sent: the original text, else base64 of the original bytes",
  },
  payload_encoding: {
    type: text(8),
    from: "collect",
    privacy: "none",
    required: true,
    exact: true,
    meaning: "text or base64",
  },
} as const satisfies Readonly<Record<string, Column>>;

export type FailedColumnName = keyof typeof failedColumns;

/** Names of a failed event's columns, in the warehouse's order. */
export const failedColumnNames = Object.keys(failedColumns) as readonly FailedColumnName[];

/** A column's type as the warehouse's DDL spells it. */
export function sqlType(type: ColumnType): string {
  if (type.kind === "varchar") return `varchar(${type.bytes})`;
  if (type.kind === "decimal") return `decimal(${type.precision}, ${type.scale})`;
  return type.kind;
}
