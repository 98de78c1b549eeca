import { gzipSync } from "node:zlib";
import { basic, post, stored } from "../requests";

/** Requests as clients' packages put them on the wire, shortened; identifiers and addresses are made up. */

describe("@segment/analytics-node", () => {
  it("sends batches with the write key in the body", () => {
    const body = {
      batch: [
        {
          type: "track",
          event: "Order Completed",
          userId: "019mr8mf4r",
          properties: { revenue: 39.95, currency: "USD" },
          context: { library: { name: "@segment/analytics-node", version: "3.0.0" } },
          integrations: {},
          timestamp: "2026-11-01T10:00:00.000Z",
          messageId: "node-next-1793527200000-9d2a6c1e",
          _metadata: { nodeVersion: "22.11.0", jsRuntime: "node" },
        },
      ],
      writeKey: "server-key",
      sentAt: "2026-11-01T10:00:10.000Z",
    };
    const { events } = stored(post(body, { headers: { "user-agent": "node" } }));
    expect(events).toEqual([
      {
        event_id: "node-next-1793527200000-9d2a6c1e",
        batch_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        event_type: "track",
        event_name: "Order Completed",
        event_time: "2026-11-01T10:00:00.000Z",
        sent_at: "2026-11-01T10:00:10.000Z",
        received_at: "2026-11-01T10:00:10.000Z",
        user_id: "019mr8mf4r",
        revenue: "39.9500",
        currency: "USD",
        properties: { revenue: 39.95, currency: "USD" },
        source: "backend",
        protocol: "segment",
        sdk_name: "@segment/analytics-node",
        sdk_version: "3.0.0",
        schema_version: 1,
      },
    ]);
  });
});

describe("@segment/analytics-next", () => {
  const sent = {
    timestamp: "2026-11-01T10:00:00.000Z",
    integrations: { "Segment.io": true },
    userId: null,
    anonymousId: "4b1e2a3c-0f7d-4f53-a2aa-0d4f4f5d8f10",
    event: "Product Viewed",
    type: "track",
    properties: { sku: "A-1" },
    context: {
      page: {
        path: "/products/a-1",
        referrer: "https://www.google.com/",
        search: "?utm_source=google",
        title: "A-1",
        url: "https://shop.example/products/a-1?utm_source=google",
      },
      userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
      locale: "en-US",
      library: { name: "analytics.js", version: "npm:next-1.76.0" },
      timezone: "Europe/Berlin",
      campaign: { source: "google" },
    },
    messageId: "ajs-next-1793527200000-6c1e9d2a",
    writeKey: "web-key",
    sentAt: "2026-11-01T10:00:00.250Z",
    _metadata: { bundled: ["Segment.io"], unbundled: [], bundledIds: [] },
  };

  it("sends single messages by the short address, as plain text, without any header", () => {
    const outcome = post(sent, {
      path: "/v1/t",
      headers: { "content-type": "text/plain", "user-agent": "other" },
    });
    expect(outcome.answer).toEqual({ status: 200, body: { success: true } });
    expect(stored(outcome).events).toMatchObject([
      {
        event_id: "ajs-next-1793527200000-6c1e9d2a",
        event_time: "2026-11-01T10:00:09.750Z",
        anonymous_id: "4b1e2a3c-0f7d-4f53-a2aa-0d4f4f5d8f10",
        page_url: "https://shop.example/products/a-1?utm_source=google",
        page_title: "A-1",
        referrer_url: "https://www.google.com/",
        campaign_source: "google",
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        timezone: "Europe/Berlin",
        ip_network: "198.51.100.0/24",
        source: "web",
      },
    ]);
    expect(stored(outcome).events[0]).not.toHaveProperty("context");
  });

  it("meets its key when it tries again with another sentAt", () => {
    const keys = ["2026-11-01T10:00:00.250Z", "2026-11-01T10:00:31.000Z"].map((sentAt) =>
      post({ ...sent, sentAt }, { path: "/v1/t", headers: {} }).items.map(({ pk, sk }) => [pk, sk]),
    );
    expect(keys[1]).toEqual(keys[0]);
  });
});

describe("@rudderstack/rudder-sdk-node", () => {
  it("gzips its batches and calls them a form", () => {
    const body = {
      batch: [
        {
          type: "identify",
          userId: "u-1",
          channel: "server",
          context: {
            library: { name: "analytics-node", version: "3.0.3" },
            traits: { email: "someone@example.com" },
          },
          _metadata: { nodeVersion: "22.11.0" },
          messageId: "node-9d2a6c1e",
          originalTimestamp: "2026-11-01T09:00:00.000Z",
          anonymousId: "b5a8",
        },
      ],
      sentAt: "2026-11-01T09:00:05.000Z",
    };
    const outcome = post("", {
      body: gzipSync(JSON.stringify(body)).toString("base64"),
      isBase64Encoded: true,
      headers: {
        authorization: basic("server-key"),
        "content-type": "application/x-www-form-urlencoded",
        "content-encoding": "gzip",
      },
    });
    expect(stored(outcome).events).toMatchObject([
      {
        event_type: "identify",
        event_time: "2026-11-01T10:00:05.000Z",
        properties: { email: "someone@example.com" },
        context: { top_level: { channel: "server" } },
      },
    ]);
  });
});

describe("@rudderstack/analytics-js", () => {
  it("sends empty text for a user it does not know, and its own sessions", () => {
    const body = {
      channel: "web",
      type: "page",
      name: "Home",
      messageId: "5b2f7f5e",
      originalTimestamp: "2026-11-01T10:00:00.000Z",
      sentAt: "2026-11-01T10:00:10.000Z",
      anonymousId: "0e9f",
      userId: "",
      context: {
        sessionId: 1_793_527_200_000,
        sessionStart: true,
        traits: {},
        library: { name: "RudderLabs JavaScript SDK", version: "3.11.0" },
        screen: { width: 1920, height: 1080, density: 24, innerWidth: 1900, innerHeight: 900 },
        page: {
          path: "/",
          referrer: "$direct",
          search: "",
          title: "Home",
          url: "https://shop.example/",
          initial_referrer: "$direct",
        },
        ip: "0.0.0.0",
        campaign: {},
      },
      properties: { name: "Home" },
      integrations: { All: true },
    };
    const outcome = post(body, {
      path: "/v1/page",
      headers: {
        authorization: basic("web-key"),
        anonymousid: "0e9f",
        "content-type": "text/plain;charset=UTF-8",
      },
    });
    const [event] = stored(outcome).events;
    expect(event).toMatchObject({
      event_name: "Home",
      session_id: "1793527200000",
      screen_width: 1920,
      page_url: "https://shop.example/",
      context: { sessionStart: true, screen: { density: 24 }, page: { initial_referrer: "$direct" } },
    });
    expect(event).not.toHaveProperty("user_id");
  });
});
