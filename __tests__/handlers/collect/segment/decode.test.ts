import { basic, message, post, stored } from "../requests";

/** The one event that a single message becomes. */
function eventOf(body: Readonly<Record<string, unknown>>, over: Parameters<typeof post>[1] = {}) {
  const { events, failures } = stored(post({ batch: [body] }, over));
  expect(failures).toEqual([]);
  return events[0];
}

function failureOf(body: unknown) {
  const { events, failures } = stored(post({ batch: [body] }));
  expect(events).toEqual([]);
  return failures[0];
}

const server = { headers: { authorization: basic("server-key") } };

describe("the six types of message", () => {
  it.each([
    [
      "track",
      { event: "Order Completed", properties: { total: 3 } },
      { event_name: "Order Completed", properties: { total: 3 } },
    ],
    ["page", { name: "Home", properties: { a: 1 } }, { event_name: "Home", properties: { a: 1 } }],
    ["page", { properties: {} }, { event_type: "page" }],
    ["screen", { name: "Cart" }, { event_name: "Cart" }],
    ["identify", { traits: { plan: "pro" } }, { properties: { plan: "pro" } }],
    ["group", { groupId: "g1", traits: { seats: 5 } }, { group_id: "g1", properties: { seats: 5 } }],
    ["alias", { userId: "new", previousId: "old" }, { user_id: "new", previous_id: "old" }],
    ["alias", { userId: "new", previousId: "old", traits: { a: 1 } }, { properties: { a: 1 } }],
  ])("%s %j", (type, fields, expected) => {
    expect(eventOf(message({ event: undefined, type, ...fields }))).toMatchObject({
      event_type: type,
      ...expected,
    });
  });

  it("are told by the address where a message comes alone", () => {
    const { events } = stored(post({ name: "Home", userId: "u" }, { path: "/v1/p" }));
    expect(events).toMatchObject([{ event_type: "page", event_name: "Home", user_id: "u" }]);
  });
});

describe("whom a message is about", () => {
  it("takes numbers for text", () => {
    expect(eventOf(message({ userId: 42, anonymousId: undefined, messageId: 7 }))).toMatchObject({
      user_id: "42",
      event_id: "7",
    });
  });

  it.each([
    ["names nobody", message({ anonymousId: undefined }), "missing_identity"],
    ["names nobody in empty text", message({ anonymousId: "", userId: null }), "missing_identity"],
    ["names nobody in text that is nothing but NUL", message({ anonymousId: "\0" }), "missing_identity"],
    ["is a group without a group", message({ type: "group" }), "missing_identity"],
    ["is an alias without the old id", message({ type: "alias", userId: "u" }), "missing_identity"],
    ["is an alias without the new id", message({ type: "alias", previousId: "p" }), "missing_identity"],
    ["has an id that is an object", message({ userId: { id: 1 } }), "invalid_identifier"],
    ["has an id that is a boolean", message({ anonymousId: true }), "invalid_identifier"],
    ["has too long a visitor", message({ anonymousId: "x".repeat(257) }), "identifier_too_long"],
    ["has too long a message id", message({ messageId: "é".repeat(65) }), "identifier_too_long"],
    ["has too long a session", message({ context: { sessionId: "s".repeat(129) } }), "identifier_too_long"],
    ["has no name", message({ event: undefined }), "missing_event_name"],
    ["has an empty name", message({ event: "" }), "missing_event_name"],
    ["has an object for a name", message({ event: {} }), "missing_event_name"],
    ["has an unknown type", message({ type: "purchase" }), "unknown_type"],
    ["has no type", message({ type: undefined }), "unknown_type"],
    ["has text for properties", message({ properties: "a=1" }), "invalid_object"],
    ["has a list for a context", message({ context: [] }), "invalid_object"],
    ["is null", null, "not_an_object"],
    ["is a list", [message()], "not_an_object"],
    ["is larger than 32 KB", message({ properties: { a: "é".repeat(16_400) } }), "event_too_large"],
    ["has a time that is none", message({ timestamp: "yesterday" }), "invalid_timestamp"],
    ["has a number of seconds for a time", message({ timestamp: 1_793_000_000 }), "invalid_timestamp"],
    ["was sent at no time", message({ sentAt: "soon" }), "invalid_timestamp"],
    [
      "is out of all time when corrected",
      message({ timestamp: "0001-01-01T00:00:00Z", sentAt: "9999-12-31T00:00:00Z" }),
      "invalid_timestamp",
    ],
  ])("fails a message that %s", (_, body, reason) => {
    expect(failureOf(body)).toMatchObject({ reason, stage: "collect", payload: JSON.stringify(body) });
  });

  it("fails a message that nests too deep, and keeps it whole", () => {
    const deep = `{"type":"track","event":"x","anonymousId":"a","properties":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
    const { failures, events } = stored(post(`{"batch":[${deep},${JSON.stringify(message())}]}`));
    expect(failures).toMatchObject([{ reason: "too_deep", payload: deep }]);
    expect(events).toHaveLength(1);
  });

  it("takes what nests as deep as is allowed", () => {
    let properties: object = {};
    for (let level = 0; level < 61; level += 1) properties = { a: properties };
    expect(eventOf(message({ properties }))?.properties).toEqual(properties);
  });
});

describe("an event without a message id", () => {
  const anonymous = message({ messageId: undefined, timestamp: "2026-11-01T10:00:00Z" });
  it("is known by its content, and not by how it is sent", () => {
    const id = eventOf(anonymous)?.event_id;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const transport = {
      sentAt: "2026-11-01T10:00:09Z",
      writeKey: "k",
      integrations: { All: true },
      _metadata: { x: 1 },
    };
    expect(eventOf({ ...anonymous, ...transport })?.event_id).toBe(id);
    expect(eventOf({ ...anonymous, event: "Other" })?.event_id).not.toBe(id);
    expect(eventOf({ ...anonymous, timestamp: "2026-11-01T10:00:01Z" })?.event_id).not.toBe(id);
    expect(eventOf(anonymous, server)?.event_id).not.toBe(id);
  });
});

describe("when an event happened", () => {
  // The request is received at 10:00:10.
  it.each([
    ["by the client's word alone", { timestamp: "2015-05-17T10:05:03Z" }, "2015-05-17T10:05:03.000Z"],
    [
      "by a clock that is an hour slow",
      { timestamp: "2026-11-01T09:00:00Z", sentAt: "2026-11-01T09:00:08Z" },
      "2026-11-01T10:00:02.000Z",
    ],
    [
      "by originalTimestamp before timestamp",
      {
        originalTimestamp: "2026-11-01T09:00:00Z",
        timestamp: "2026-11-01T11:00:00Z",
        sentAt: "2026-11-01T09:00:08Z",
      },
      "2026-11-01T10:00:02.000Z",
    ],
    [
      "by the time of receipt where the client says nothing",
      { sentAt: "2026-11-01T09:00:08Z" },
      "2026-11-01T10:00:10.000Z",
    ],
    ["by milliseconds", { timestamp: 1_793_000_000_000 }, "2026-10-26T07:33:20.000Z"],
    ["by nothing in empty fields", { timestamp: "", sentAt: null }, "2026-11-01T10:00:10.000Z"],
  ])("is known %s", (_, times, expected) => {
    expect(eventOf(message(times))?.event_time).toBe(expected);
  });

  it("is corrected by the batch's sentAt where the message has none of its own", () => {
    const timestamp = "2026-11-01T09:00:00Z";
    const batch = [
      message({ timestamp }),
      message({ timestamp, messageId: "2", sentAt: "2026-11-01T09:00:10Z" }),
    ];
    const { events } = stored(post({ batch, sentAt: "2026-11-01T09:00:08Z" }));
    expect(events).toMatchObject([
      { event_time: "2026-11-01T10:00:02.000Z", sent_at: "2026-11-01T09:00:08.000Z" },
      { event_time: "2026-11-01T10:00:00.000Z", sent_at: "2026-11-01T09:00:10.000Z" },
    ]);
  });
});

describe("the context", () => {
  it("fills columns, and keeps what has none", () => {
    const context = {
      userAgent: "Agent/1",
      userAgentData: { mobile: false },
      locale: "de-DE",
      timezone: "Europe/Berlin",
      sessionId: 1_793_000_000_000,
      groupId: "acme",
      screen: { width: 1920, height: 1080, density: 2 },
      library: { name: "analytics.js", version: "1.2.3" },
      campaign: { source: "news", medium: "mail", name: "may", term: "t", content: "c", id: "77" },
      page: {
        url: "https://example.com/a?b=c",
        path: "/a",
        search: "?b=c",
        title: "A",
        referrer: "https://other.example/",
        tab_url: "x",
      },
      app: { name: "App" },
    };
    expect(eventOf(message({ context }))).toMatchObject({
      user_agent: "Agent/1",
      locale: "de-DE",
      timezone: "Europe/Berlin",
      session_id: "1793000000000",
      group_id: "acme",
      screen_width: 1920,
      screen_height: 1080,
      sdk_name: "analytics.js",
      sdk_version: "1.2.3",
      campaign_source: "news",
      campaign_medium: "mail",
      campaign_name: "may",
      campaign_term: "t",
      campaign_content: "c",
      page_url: "https://example.com/a?b=c",
      page_title: "A",
      referrer_url: "https://other.example/",
      context: {
        userAgentData: { mobile: false },
        screen: { density: 2 },
        campaign: { id: "77" },
        page: { tab_url: "x" },
        app: { name: "App" },
      },
    });
  });

  it("keeps a path that the address does not repeat", () => {
    const page = { path: "/a", search: "?b=c" };
    expect(eventOf(message({ context: { page } }))?.context).toEqual({ page });
    const other = { ...page, url: "https://example.com/elsewhere" };
    expect(eventOf(message({ context: { page: other } }))?.context).toEqual({ page });
  });

  it("keeps what is not of its column's kind", () => {
    const context = { locale: { language: "de" }, page: "Home", library: null, campaign: { name: ["a"] } };
    const event = eventOf(message({ context }));
    expect(event?.context).toEqual({ locale: { language: "de" }, page: "Home", campaign: { name: ["a"] } });
    expect(event?.truncated).toBeUndefined();
  });

  it("tells the place by codes; names stay where they are", () => {
    const codes = { country: "DE", region: "BE", city: "Berlin", latitude: 52.5 };
    expect(eventOf(message({ context: { location: codes } }))).toMatchObject({
      ...{ geo_country: "DE", geo_region: "BE", geo_city: "Berlin" },
      context: { location: { latitude: 52.5 } },
    });
    const names = { country: "Germany", region: "Brandenburg" };
    const event = eventOf(message({ context: { location: names } }));
    expect(event).not.toHaveProperty("geo_country");
    expect(event?.context).toEqual({ location: names });
  });

  it("of the batch counts for each message that says nothing else", () => {
    const { events } = stored(
      post({
        context: { locale: "en-US", app: { name: "A" } },
        batch: [message(), message({ messageId: "2", context: { locale: "de-DE" } })],
      }),
    );
    expect(events).toMatchObject([
      { locale: "en-US", context: { app: { name: "A" } } },
      { locale: "de-DE", context: { app: { name: "A" } } },
    ]);
  });

  it("also keeps what a message says beside it", () => {
    const body = message({
      channel: "web",
      category: "Docs",
      type: "page",
      name: "Home",
      properties: { category: "Docs" },
    });
    expect(eventOf(body)?.context).toEqual({ top_level: { channel: "web", event: "Tested" } });
  });

  it("gives a page's address where only the properties have it, which stay whole", () => {
    const properties = { url: "https://example.com/a", title: "A", referrer: "https://r.example/" };
    expect(eventOf(message({ type: "page", event: undefined, properties }))).toMatchObject({
      page_url: "https://example.com/a",
      page_title: "A",
      referrer_url: "https://r.example/",
      properties,
    });
  });

  it("is safe from names that mean something to JavaScript", () => {
    const body = `{"batch":[{"type":"track","event":"x","userId":"u","messageId":"1","properties":{"__proto__":{"a":1},"constructor":2},"context":{"__proto__":{"b":1},"toString":3}}]}`;
    const [event] = stored(post(body)).events;
    expect(JSON.stringify(event?.properties)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(JSON.stringify(event?.context)).toBe('{"__proto__":{"b":1},"toString":3}');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe("what does not fit", () => {
  it("is cut at a character and named", () => {
    const event = eventOf(
      message({ event: "é".repeat(200), context: { page: { title: "t".repeat(2_000) } } }),
    );
    expect(event?.event_name).toBe("é".repeat(128));
    expect(event?.page_title).toHaveLength(1_024);
    expect(event?.truncated?.split(",").sort()).toEqual(["event_name", "page_title"]);
  });

  it("is left out and named where no part of it fits", () => {
    const event = eventOf(message({ properties: { revenue: 1e30 }, context: { screen: { width: 1e12 } } }));
    expect(event).toMatchObject({ truncated: "screen_width,revenue", properties: { revenue: 1e30 } });
    expect(event).not.toHaveProperty("revenue");
  });
});

describe("money", () => {
  it.each([
    [
      { revenue: 19.99, currency: "usd" },
      { revenue: "19.9900", currency: "USD" },
    ],
    [
      { revenue: "19.99", currency: "EUR" },
      { revenue: "19.99", currency: "EUR" },
    ],
    [{ revenue: -5 }, { revenue: "-5.0000" }],
    [{ revenue: "$19.99", currency: "Dollar" }, {}],
    [{ revenue: { amount: 1 } }, {}],
  ])("is read from %j, which stays whole", (properties, expected) => {
    const event = eventOf(message({ properties }));
    const { revenue, currency } = event ?? {};
    expect(JSON.parse(JSON.stringify({ revenue, currency }))).toEqual(expected);
    expect(event?.properties).toEqual(properties);
    expect(event?.truncated).toBeUndefined();
  });
});

describe("an address", () => {
  it("is stored as its network only, wherever a client put it", () => {
    const context = { ip: "203.0.113.99", request_ip: "203.0.113.99", app: { name: "A" } };
    const outcome = post({
      batch: [
        message({ context, ip: "203.0.113.99", request_ip: "203.0.113.99" }),
        { type: "track", context, ip: "203.0.113.99", event: "no one" },
      ],
    });
    expect(stored(outcome).events[0]).toMatchObject({
      ip_network: "203.0.113.0/24",
      context: { app: { name: "A" } },
    });
    expect(JSON.stringify(stored(outcome))).not.toContain("203.0.113.99");
    expect(stored(outcome).failures[0]?.payload).toContain('"ip":"203.0.113.0/24"');
  });

  it("that is none leaves nothing behind", () => {
    const event = eventOf(message({ context: { ip: "203.0.113.99:8080" } }), server);
    expect(JSON.stringify(event)).not.toContain("203.0.113");
  });

  it("of the connection is a browser's visitor's, not a server's", () => {
    expect(eventOf(message())?.ip_network).toBe("198.51.100.0/24");
    expect(eventOf(message({ context: { ip: "2001:db8:1:2::3" } }))?.ip_network).toBe("2001:db8:1::/48");
    expect(eventOf(message(), server)?.ip_network).toBeUndefined();
  });
});

describe("a line that an importer could not read", () => {
  const line = '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /';
  const unreadable = {
    type: "unreadable",
    messageId: "l17",
    message: "line 17 is not in the combined log format",
    payload: line,
  };

  it("becomes a failed event of the import, whole but for the address in it", () => {
    expect(failureOf(unreadable)).toMatchObject({
      stage: "import",
      reason: "unreadable_line",
      message: "The line could not be read: line 17 is not in the combined log format",
      payload: line.replace("83.149.9.216", "83.149.9.0/24"),
      payload_encoding: "text",
    });
  });

  it("is the same failed event when it comes again", () => {
    const [first] = post({ batch: [unreadable] }).items;
    const [again] = post({ batch: [unreadable] }, { receivedAt: new Date() }).items;
    expect([again?.pk, again?.sk]).toEqual([first?.pk, first?.sk]);
  });

  it("is kept as it is when it is not what an importer sends", () => {
    expect(failureOf({ type: "unreadable", payload: 5 })).toMatchObject({
      reason: "unreadable_line",
      payload: '{"type":"unreadable","payload":5}',
    });
  });
});
