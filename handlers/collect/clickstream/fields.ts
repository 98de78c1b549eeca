import type { ColumnName } from "../../event/columns";
import type { EventType } from "../../event/event";

/** Fields of an event that are columns; any other goes to the context. */
export const eventFields = {
  event_id: "event_id",
  device_id: "anonymous_id",
  locale: "locale",
  screen_width: "screen_width",
  screen_height: "screen_height",
  brand: "device_brand",
  model: "device_model",
  os_version: "os_version",
  sdk_name: "sdk_name",
  sdk_version: "sdk_version",
} as const satisfies Readonly<Record<string, ColumnName>>;

/** Reserved attributes that are columns; any other, and all of the sender's own, stays in the properties. */
export const attributeFields = {
  _session_id: "session_id",
  _page_url: "page_url",
  _page_title: "page_title",
  _page_referrer: "referrer_url",
  _traffic_source_source: "campaign_source",
  _traffic_source_medium: "campaign_medium",
  _traffic_source_campaign: "campaign_name",
  _traffic_source_term: "campaign_term",
  _traffic_source_content: "campaign_content",
} as const satisfies Readonly<Record<string, ColumnName>>;

/** Reserved events that are more than a track event of their name (`_session_start`, `_scroll`, …). */
export const reservedEvents: Readonly<Record<string, EventType>> = {
  _page_view: "page",
  _screen_view: "screen",
  _profile_set: "identify",
};

/** Parameters of the address that say how a request is sent; `upload_timestamp` is `sent_at`. */
export const transportParameters = [
  "appId",
  "platform",
  "compression",
  "hashCode",
  "upload_timestamp",
] as const;
