import * as clickstream from "../../../handlers/collect/clickstream/fields";
import type { CollectRequest } from "../../../handlers/collect/collect";
import * as snowplow from "../../../handlers/collect/snowplow/fields";
import { basic } from "./requests";

/** Every leaf of a sample says something else, so that each can be told in what is stored. */

export interface Sample {
  readonly request: Partial<CollectRequest> & { readonly body: string };
  /** What is left out, or read as something else, by design; see docs/protocols.md. */
  readonly transport: readonly string[];
}

const url = "https://shop.example/products/a-1?utm_source=url";

export const segment: Sample = {
  request: {
    headers: { authorization: basic("web-key") },
    body: JSON.stringify({
      batch: [
        {
          type: "track",
          event: "Order Completed",
          messageId: "message-1",
          userId: "user-1",
          anonymousId: "anonymous-1",
          groupId: "group-1",
          originalTimestamp: "2026-11-01T09:00:00.001Z",
          timestamp: "2026-11-01T09:00:00.002Z",
          sentAt: "2026-11-01T09:00:05.003Z",
          channel: "channel-1",
          category: "category-1",
          version: 41,
          integrations: { All: true, Slack: { channel: "transport-1" } },
          _metadata: { nodeVersion: "transport-2" },
          properties: {
            revenue: 12.5,
            currency: "EUR",
            big: "kept",
            products: [
              { sku: "sku-1", price: 1.25 },
              { sku: "sku-2", tags: ["t1", "t2"] },
            ],
            nested: { a: { b: { c: "deep-1" } } },
            flag: false,
          },
          context: {
            active: true,
            app: { name: "app-1", version: "app-2", build: "app-3", namespace: "app-4" },
            campaign: { source: "c-1", medium: "c-2", name: "c-3", term: "c-4", content: "c-5", id: "c-6" },
            device: {
              id: "d-1",
              advertisingId: "d-2",
              manufacturer: "d-3",
              model: "d-4",
              name: "d-5",
              type: "d-6",
            },
            library: { name: "lib-1", version: "lib-2", extra: "lib-3" },
            locale: "de-DE",
            location: { city: "loc-1", country: "loc-2", latitude: 40.5, longitude: -74.25 },
            network: { bluetooth: false, carrier: "net-1", cellular: true, wifi: false },
            os: { name: "os-1", version: "os-2" },
            page: {
              path: "/products/a-1",
              referrer: "https://r.example/x",
              search: "?utm_source=url",
              title: "page-1",
              url,
            },
            referrer: { id: "ref-1", type: "ref-2" },
            screen: { width: 1919, height: 1079, density: 2.5 },
            sessionId: 1_793_527_200_001,
            timezone: "Europe/Berlin",
            traits: { email: "someone@example.com", age: 31 },
            userAgent: "Agent/1",
            userAgentData: { brands: [{ brand: "b-1", version: "b-2" }], mobile: true },
          },
        },
      ],
      sentAt: "2026-11-01T09:00:06.000Z",
    }),
  },
  transport: ["transport-1", "transport-2", "All"],
};

export const contexts = {
  schema: "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
  data: [
    { schema: "iglu:com.acme/one/jsonschema/1-0-0", data: { id: "ctx-1", deep: { list: [1.75, "ctx-2"] } } },
    { schema: "iglu:com.acme/two/jsonschema/1-0-1", data: { id: "ctx-3" } },
  ],
};
export const description = {
  schema: "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
  data: { schema: "iglu:com.acme/ad_click/jsonschema/1-0-2", data: { ad: { id: "ad-1" }, costs: [0.25] } },
};
const packed = { contexts: JSON.stringify(contexts), description: JSON.stringify(description) };

/** A value of its own for each parameter, of its kind. */
function sampleOf(name: string, as: snowplow.Reading | undefined, index: number): string {
  if (as === "integer") return String(1000 + index);
  if (as === "number") return String(1000.5 + index);
  if (as === "boolean") return "1";
  if (as === "size") return `${2000 + index}x${3000 + index}`;
  return `${name}-${index}`;
}

const everyParameter = Object.fromEntries(
  Object.entries<snowplow.Place>(snowplow.parameters)
    // Money, key and address have their own kinds of values.
    .filter(([name]) => !["ip", "aid", "tr_tt", "tr_cu"].includes(name))
    .map(([name, { as }], index) => [name, sampleOf(name, as, index)]),
);

export const snowplowEvent: Sample = {
  request: {
    path: "/com.snowplowanalytics.snowplow/tp2",
    headers: {},
    body: JSON.stringify({
      schema: "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
      data: [
        {
          ...everyParameter,
          e: "ue",
          tv: "js-4.8.0",
          aid: "web-key",
          dtm: "1793527200001",
          stm: "1793527202003",
          co: packed.contexts,
          ue_pr: packed.description,
          tr_tt: "59.75",
          tr_cu: "EUR",
          unknown: "unknown-1",
        },
      ],
    }),
  },
  transport: ["ue", "1", "js-4.8.0", packed.contexts, packed.description],
};

export const clickstreamEvent: Sample = {
  request: {
    path: "/collect",
    query: "appId=web-key&platform=Android&upload_timestamp=1793527202003&event_bundle_sequence_id=7",
    headers: {},
    body: JSON.stringify([
      {
        event_type: "add_to_cart",
        unique_id: "unique-1",
        app_id: "web-key",
        timestamp: 1_793_527_200_001,
        platform: "Android",
        make: "make-1",
        carrier: "carrier-1",
        network_type: "WIFI",
        zone_offset: 3_600_000,
        system_language: "de",
        country_code: "DE",
        country: "Germany",
        app_version: "1.0.1",
        app_package_name: "com.example",
        app_title: "title-1",
        host_name: "shop.example",
        viewport_width: 777,
        ...Object.fromEntries(
          Object.keys(clickstream.eventFields).map((name, index) => [
            name,
            name.startsWith("screen_") ? 4_000 + index : `${name}-1`,
          ]),
        ),
        items: [{ id: "item-1", price: 9.75, category2: "item-2" }],
        user: { _user_id: { value: "user-1", set_timestamp: 1 }, plan: { value: "gold", set_timestamp: 15 } },
        attributes: {
          ...Object.fromEntries(
            Object.keys(clickstream.attributeFields).map((name) => [name, `${name}-value`]),
          ),
          _session_number: 3,
          _engagement_time_msec: 1234,
          own: "own-1",
          flag: true,
        },
      },
    ]),
  },
  transport: [],
};
