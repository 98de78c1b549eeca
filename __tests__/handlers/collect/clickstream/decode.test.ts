import { gzipSync } from "node:zlib";
import { post, stored } from "../requests";

/** Events as AWS's SDKs put them on the wire; identifiers are made up. */

const query =
  "platform=Web&appId=web-key&event_bundle_sequence_id=7&upload_timestamp=1793527202000&hashCode=478acd09";

const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  event_type: "add_to_cart",
  event_id: "460daa08-0717-4385-8f2e-acb5bd019ee7",
  device_id: "f24bec657ea8eff7",
  unique_id: "c84ad28d",
  app_id: "web-key",
  timestamp: 1_793_527_200_000,
  sdk_name: "aws-solution-clickstream-sdk",
  sdk_version: "0.12.6",
  user: {},
  attributes: {},
  ...over,
});

const send = (
  events: unknown,
  over: Parameters<typeof post>[1] = {},
  other: Parameters<typeof post>[2] = {},
) => post(events, { path: "/collect", query, headers: {}, ...over }, other);

function eventOf(over: Readonly<Record<string, unknown>>) {
  const { events, failures } = stored(send([event(over)]));
  expect(failures).toEqual([]);
  return events[0];
}

describe("events of AWS's SDKs", () => {
  it("are track events of their name, with items and user attributes kept", () => {
    const user = {
      _user_id: { value: "u1", set_timestamp: 1 },
      _user_first_touch_timestamp: { value: 2, set_timestamp: 2 },
      plan: { value: "gold", set_timestamp: 3 },
    };
    const items = [{ id: "sku", name: "Shoe", price: 9.5, quantity: 2 }];
    const attributes = { _session_id: "s1", _session_number: 3, _value: 19, _currency: "eur", color: "red" };
    const web = { host_name: "e.example", locale: "en-US", screen_width: 1920, screen_height: 1080 };
    expect(eventOf({ user, items, attributes, ...web, zone_offset: 3_600_000, make: "Google Inc." })).toEqual(
      {
        event_id: "460daa08-0717-4385-8f2e-acb5bd019ee7",
        batch_id: expect.any(String),
        event_type: "track",
        event_name: "add_to_cart",
        // Received at 10:00:10, sent two seconds after it happened.
        event_time: "2026-11-01T10:00:08.000Z",
        sent_at: "2026-11-01T10:00:02.000Z",
        received_at: "2026-11-01T10:00:10.000Z",
        anonymous_id: "f24bec657ea8eff7",
        user_id: "u1",
        session_id: "s1",
        locale: "en-US",
        screen_width: 1920,
        screen_height: 1080,
        ip_network: "198.51.100.0/24",
        revenue: "19.0000",
        currency: "EUR",
        properties: { _session_number: 3, _value: 19, _currency: "eur", color: "red", items },
        context: {
          unique_id: "c84ad28d",
          app_id: "web-key",
          host_name: "e.example",
          zone_offset: 3_600_000,
          make: "Google Inc.",
          event_bundle_sequence_id: "7",
          user,
        },
        source: "web",
        protocol: "clickstream",
        sdk_name: "aws-solution-clickstream-sdk",
        sdk_version: "0.12.6",
        schema_version: 1,
      },
    );
  });

  it("are page views, with page, referrer and campaign", () => {
    const attributes = {
      _page_url: "https://e.example/a",
      _page_title: "A",
      _page_referrer: "https://e.example/",
      _latest_referrer: "https://r.example/",
      _traffic_source_source: "news",
      _traffic_source_medium: "mail",
      _traffic_source_campaign: "may",
      _traffic_source_term: "t",
      _traffic_source_content: "c",
      _traffic_source_clid: "x",
      _entrances: 1,
    };
    const view = eventOf({ event_type: "_page_view", attributes });
    expect(view).toMatchObject({
      event_type: "page",
      page_url: "https://e.example/a",
      page_title: "A",
      referrer_url: "https://e.example/",
      campaign_source: "news",
      campaign_medium: "mail",
      campaign_name: "may",
      campaign_term: "t",
      campaign_content: "c",
      properties: { _latest_referrer: "https://r.example/", _traffic_source_clid: "x", _entrances: 1 },
    });
    expect(view).not.toHaveProperty("event_name");
    const first = { ...attributes, _page_referrer: "" };
    expect(eventOf({ event_type: "_page_view", attributes: first })?.referrer_url).toBe("https://r.example/");
  });

  it("are screen views, and an app tells of its device", () => {
    const device = {
      platform: "Android",
      os_version: "14",
      brand: "google",
      model: "Pixel 8",
      make: "Google",
    };
    expect(
      eventOf({
        event_type: "_screen_view",
        attributes: { _screen_name: "Cart", _screen_id: "1" },
        ...device,
      }),
    ).toMatchObject({
      event_type: "screen",
      event_name: "Cart",
      os_name: "Android",
      os_version: "14",
      device_brand: "google",
      device_model: "Pixel 8",
      properties: { _screen_name: "Cart", _screen_id: "1" },
      context: { platform: "Android", make: "Google" },
    });
  });

  it("are identify events where a profile is set", () => {
    const user = { _user_id: { value: 42, set_timestamp: 1 }, plan: { value: "gold", set_timestamp: 3 } };
    expect(eventOf({ event_type: "_profile_set", user, attributes: { a: 1 } })).toMatchObject({
      event_type: "identify",
      event_name: "_profile_set",
      user_id: "42",
      properties: { plan: "gold" },
      context: { user, attributes: { a: 1 } },
    });
  });

  it.each([
    "_session_start",
    "_user_engagement",
    "_scroll",
    "_click",
    "_search",
    "_app_start",
    "_first_open",
  ])("%s are track events of that name", (name) => {
    expect(eventOf({ event_type: name })).toMatchObject({ event_type: "track", event_name: name });
  });

  it("are taken though they name nobody", () => {
    const nobody = { device_id: undefined, unique_id: undefined };
    expect(send([event(nobody)]).items[0]?.pk).toMatch(/^request:/);
    expect(eventOf({ device_id: undefined })?.anonymous_id).toBe("c84ad28d");
  });
});

describe("a body of AWS's SDKs", () => {
  const json = JSON.stringify([event()]);
  const packed = gzipSync(json).toString("base64");

  it.each([
    ["plain", { body: json, isBase64Encoded: false }],
    ["base64 of gzip, as the mobile ones send it", { body: packed, isBase64Encoded: false }],
    ["base64 of gzip that Lambda took for binary", { body: btoa(packed), isBase64Encoded: true }],
    ["gzip", { body: packed, isBase64Encoded: true }],
  ])("is read %s", (_, over) => {
    const outcome = send("", { ...over, query: `${query}&compression=gzip` });
    expect(outcome.answer).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(stored(outcome).events).toHaveLength(1);
  });

  it("may be larger than others: the SDKs fill 512 KiB, and one event 1 MiB", () => {
    const batch = Array.from({ length: 30 }, (_, index) =>
      event({ event_id: `e${index}`, attributes: { text: "x".repeat(20_000) } }),
    );
    expect(send(batch).answer).toMatchObject({ status: 200, body: { accepted: 30, failed: 0 } });
  });

  it.each([
    ["no JSON", "not json", "unreadable_body"],
    ["no list", "{}", "unreadable_body"],
    ["too large", "x".repeat(1_100_000), "body_too_large"],
  ])("that is %s is answered 200, or it would come again for ever, and is kept", (_, body, reason) => {
    const outcome = send(body);
    expect(outcome.answer).toMatchObject({ status: 200, body: { reason } });
    expect(stored(outcome).failures).toMatchObject([{ reason }]);
  });

  it("is refused without a known appId, and stored nowhere", () => {
    for (const other of ["", "appId=nobody"]) {
      const { answer, items } = send([event()], { query: other });
      expect([answer.status, items]).toEqual([401, []]);
    }
  });

  it.each([
    ["has no name", { event_type: "" }, "missing_event_name"],
    ["is none", undefined, "not_an_object"],
    ["has attributes that are none", { attributes: [] }, "invalid_object"],
    ["has an id that is none", { device_id: {} }, "invalid_identifier"],
    ["happened at no time", { timestamp: "soon" }, "invalid_timestamp"],
    ["is too large", { attributes: { text: "x".repeat(40_000) } }, "event_too_large"],
  ])("keeps an event that %s as failed, and takes the others", (_, over, reason) => {
    const bad = over === undefined ? 5 : event({ event_id: "2", ...over });
    const outcome = send([event(), bad]);
    expect(outcome.answer).toMatchObject({ status: 200, body: { accepted: 1, failed: 1 } });
    expect(stored(outcome).failures).toMatchObject([{ reason, payload: JSON.stringify(bad) }]);
  });

  it("meets its key when it comes again, later and as another bundle", () => {
    const keys = [query, query.replace("id=7", "id=8").replace("7202000", "7299000")].map((sent) =>
      send([event()], { query: sent }).items.map(({ pk, sk }) => [pk, sk]),
    );
    expect(keys[1]).toEqual(keys[0]);
  });
});
