import { post, stored } from "../requests";

/** Events as the trackers put them on the wire; identifiers are made up. */

const tp2 = "/com.snowplowanalytics.snowplow/tp2";

const event = (over: Readonly<Record<string, unknown>> = {}) => ({
  e: "pv",
  eid: "e5c3e12a-c9ab-4ed5-99e7-2da64dc00558",
  tv: "js-4.8.0",
  tna: "sp",
  aid: "web-key",
  p: "web",
  dtm: "1793527200000",
  stm: "1793527202000",
  duid: "d1",
  ...over,
});

const payload = (...data: unknown[]) => ({
  schema: "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
  data,
});

const send = (
  data: unknown[],
  over: Parameters<typeof post>[1] = {},
  other: Parameters<typeof post>[2] = {},
) => post(payload(...data), { path: tp2, headers: {}, ...over }, other);

/** The one event that one event becomes. */
function eventOf(over: Readonly<Record<string, unknown>>) {
  const { events, failures } = stored(send([event(over)]));
  expect(failures).toEqual([]);
  return events[0];
}

const selfDescribing = (name: string, data: unknown) =>
  JSON.stringify({
    schema: "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
    data: { schema: `iglu:com.acme/${name}/jsonschema/1-0-2`, data },
  });
const contexts = (...data: unknown[]) =>
  JSON.stringify({
    schema: "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0",
    data,
  });
const base64url = (text: string) => Buffer.from(text).toString("base64url");

describe("the kinds of events", () => {
  it("page view", () => {
    const page = { url: "https://e.example/a?b=1", page: "A", refr: "https://r.example/", ua: "Agent/1" };
    expect(
      eventOf({ ...page, lang: "de", tz: "Europe/Berlin", res: "1920x1080", uid: "u", sid: "s" }),
    ).toEqual({
      event_id: "e5c3e12a-c9ab-4ed5-99e7-2da64dc00558",
      batch_id: expect.any(String),
      event_type: "page",
      // Received at 10:00:10, sent two seconds after it happened.
      event_time: "2026-11-01T10:00:08.000Z",
      sent_at: "2026-11-01T10:00:02.000Z",
      received_at: "2026-11-01T10:00:10.000Z",
      anonymous_id: "d1",
      user_id: "u",
      session_id: "s",
      page_url: page.url,
      page_title: "A",
      referrer_url: page.refr,
      user_agent: "Agent/1",
      locale: "de",
      timezone: "Europe/Berlin",
      screen_width: 1920,
      screen_height: 1080,
      ip_network: "198.51.100.0/24",
      sdk_name: "js",
      sdk_version: "4.8.0",
      context: { tracker_namespace: "sp", app_id: "web-key", platform: "web" },
      source: "web",
      protocol: "snowplow",
      schema_version: 1,
    });
  });

  it("page ping", () => {
    expect(eventOf({ e: "pp", pp_mix: "0", pp_max: "1", pp_miy: "20", pp_may: "300" })).toMatchObject({
      event_type: "track",
      event_name: "page_ping",
      properties: { xoffset_min: 0, xoffset_max: 1, yoffset_min: 20, yoffset_max: 300 },
    });
  });

  it("structured", () => {
    const fields = { se_ca: "video", se_ac: "play", se_la: "intro", se_pr: "HD", se_va: "9.99" };
    expect(eventOf({ e: "se", ...fields })).toMatchObject({
      event_type: "track",
      event_name: "play",
      properties: { category: "video", action: "play", label: "intro", property: "HD", value: 9.99 },
    });
  });

  it.each([
    ["plain", { ue_pr: selfDescribing("checkout", { steps: [1, { b: "ü" }] }) }],
    ["in base64", { ue_px: base64url(selfDescribing("checkout", { steps: [1, { b: "ü" }] })) }],
    [
      "in base64 that is not made for URLs",
      { ue_px: Buffer.from(selfDescribing("checkout", { steps: [1, { b: "ü" }] })).toString("base64") },
    ],
  ])("self-describing, %s", (_, fields) => {
    expect(eventOf({ e: "ue", ...fields })).toMatchObject({
      event_type: "track",
      event_name: "checkout",
      properties: { steps: [1, { b: "ü" }] },
      context: { schema: "iglu:com.acme/checkout/jsonschema/1-0-2" },
    });
  });

  it("screen view", () => {
    const ue_pr = selfDescribing("screen_view", { id: "5", name: "Cart" });
    expect(eventOf({ e: "ue", ue_pr })).toMatchObject({
      event_type: "screen",
      event_name: "Cart",
      properties: { id: "5", name: "Cart" },
    });
  });

  it("transaction and its items", () => {
    const transaction = { tr_id: "o1", tr_tt: "59.9", tr_tx: "1.5", tr_sh: "4", tr_co: "DE", tr_cu: "EUR" };
    expect(eventOf({ e: "tr", ...transaction })).toMatchObject({
      event_type: "track",
      event_name: "transaction",
      revenue: "59.9",
      currency: "EUR",
      properties: { order_id: "o1", total: 59.9, tax: 1.5, shipping: 4, country: "DE", currency: "EUR" },
    });
    const item = { ti_id: "o1", ti_sk: "sku", ti_nm: "Shoe", ti_pr: "29.95", ti_qu: "2", ti_cu: "EUR" };
    expect(eventOf({ e: "ti", ...item })).toMatchObject({
      event_name: "transaction_item",
      currency: "EUR",
      properties: { order_id: "o1", sku: "sku", name: "Shoe", price: 29.95, quantity: 2, currency: "EUR" },
    });
  });

  it.each([
    ["none that there is", { e: "xx" }, "unknown_type"],
    ["missing", { e: undefined }, "unknown_type"],
    ["self-describing without a description", { e: "ue" }, "invalid_object"],
    ["self-describing in JSON that is none", { e: "ue", ue_pr: "{" }, "invalid_object"],
    ["self-describing in base64 that is none", { e: "ue", ue_px: "%%%" }, "invalid_object"],
    ["structured without an action", { e: "se", se_ca: "a" }, "missing_event_name"],
    ["at a time that is none", { dtm: "yesterday" }, "invalid_timestamp"],
    ["with contexts that are none", { co: "[]" }, "invalid_object"],
    ["of another write key", { aid: "server-key" }, "wrong_write_key"],
    ["of an unknown write key", { aid: "nobody" }, "wrong_write_key"],
    [
      "nesting too deep",
      { e: "ue", ue_pr: selfDescribing("x", JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`)) },
      "too_deep",
    ],
  ])("%s fails alone, and is kept as it came", (_, over, reason) => {
    const bad = event({ eid: "2", ...over });
    const outcome = send([event(), bad]);
    expect(outcome.answer).toMatchObject({ status: 200, body: { accepted: 1, failed: 1 } });
    expect(stored(outcome).failures).toMatchObject([{ reason, payload: JSON.stringify(bad) }]);
  });
});

describe("what an event carries", () => {
  it("are entities, whole, whether plain or in base64", () => {
    const page = {
      schema: "iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0",
      data: { id: "p1" },
    };
    const own = { schema: "iglu:com.acme/ctx/jsonschema/1-0-0", data: { a: [1] } };
    expect(eventOf({ co: contexts(page), cx: base64url(contexts(own)) })?.context).toMatchObject({
      contexts: [page, own],
    });
  });

  it("is a mobile client's session, which tells who and which", () => {
    const session = {
      schema: "iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2",
      data: { userId: "device", sessionId: "session", sessionIndex: 3 },
    };
    expect(eventOf({ duid: undefined, co: contexts(session) })).toMatchObject({
      anonymous_id: "device",
      session_id: "session",
      context: { contexts: [session] },
    });
    expect(eventOf({ sid: "own", co: contexts(session) })).toMatchObject({
      anonymous_id: "d1",
      session_id: "own",
    });
  });

  it("are numbers, flags and sizes as such; what is none stays as it is", () => {
    const sent = { vid: "3", cd: "24", vp: "1000x800", ds: "1000x3000", cookie: "1", f_pdf: "0", tid: "x7" };
    expect(eventOf({ ...sent, res: "wide", xyz: "1" })?.context).toMatchObject({
      session_index: 3,
      color_depth: 24,
      viewport: { width: 1000, height: 800 },
      document: { width: 1000, height: 3000 },
      cookies: true,
      plays_pdf: false,
      parameters: { tid: "x7", res: "wide", xyz: "1" },
    });
  });

  it("is an address only as its network", () => {
    const outcome = send([event({ ip: "203.0.113.99" })]);
    expect(stored(outcome).events[0]?.ip_network).toBe("203.0.113.0/24");
    expect(JSON.stringify(stored(outcome))).not.toContain("203.0.113.99");
  });

  it("names the visitor by the network's id where the domain has none", () => {
    expect(eventOf({ duid: undefined, nuid: "n1" })).toMatchObject({
      anonymous_id: "n1",
      context: { network_user_id: "n1" },
    });
    expect(eventOf({ nuid: "n1", tnuid: "n2" })).toMatchObject({
      anonymous_id: "d1",
      context: { network_user_id: "n1", tracker_network_user_id: "n2" },
    });
    expect(eventOf({ duid: undefined, nuid: "n1", tnuid: "n2" })?.anonymous_id).toBe("n2");
  });

  it("keeps what would stand in one place with another", () => {
    const ue_pr = selfDescribing("x", { category: "own" });
    expect(eventOf({ e: "ue", ue_pr, se_ca: "other", ti_ca: "own" })).toMatchObject({
      properties: { category: "own" },
      context: { parameters: { se_ca: "other" } },
    });
  });

  it("is a time that needs no correction, where it says so", () => {
    expect(eventOf({ ttm: "1793520000000" })?.event_time).toBe("2026-11-01T08:00:00.000Z");
    expect(eventOf({ dtm: undefined, stm: undefined })?.event_time).toBe("2026-11-01T10:00:10.000Z");
  });
});

describe("a tracker that names nobody", () => {
  const nobody = event({ duid: undefined });

  it("is taken, and its address not looked at when it asks for that", () => {
    const headers = { "sp-anonymous": "*", "user-agent": "Agent/1", "cloudfront-viewer-country": "DE" };
    const outcome = send([nobody, event({ eid: "2", duid: undefined })], { headers });
    expect(outcome.items).toHaveLength(1);
    expect(outcome.items[0]?.pk).toMatch(/^request:[0-9a-f]{32}$/);
    const [stripped] = stored(outcome).events;
    expect(stripped).toMatchObject({ user_agent: "Agent/1" });
    for (const column of ["anonymous_id", "ip_network", "geo_country"])
      expect(stripped).not.toHaveProperty(column);
  });
});

describe("a tracker's requests", () => {
  it("meet their key when they are sent again with another stm", () => {
    const keys = ["1793527202000", "1793527300000"].map((stm) =>
      send([event({ stm }), event({ stm, eid: undefined, url: "https://e.example/" })]).items.map(
        ({ pk, sk }) => [pk, sk],
      ),
    );
    expect(keys[1]).toEqual(keys[0]);
    expect(keys[0]?.[0]?.[1]).toMatch(/^2026-11-01T10:00:00\.000Z#/);
  });

  it("are answered 401 without a known aid, and stored nowhere", () => {
    for (const aid of ["nobody", undefined]) {
      const { answer, items, counts } = send([event({ aid })]);
      expect([answer.status, items, counts]).toEqual([401, [], { unauthorized: 1 }]);
    }
  });

  it("may name their key by Basic auth, and their app as they like", () => {
    const authorization = `Basic ${Buffer.from("server-key:").toString("base64")}`;
    const outcome = send([event({ aid: "shop" })], { headers: { authorization } });
    expect(stored(outcome).events).toMatchObject([{ source: "backend", context: { app_id: "shop" } }]);
    expect(send([event()], { headers: { authorization: "Basic bm9ib2R5Og==" } }).answer.status).toBe(401);
  });

  it("are answered 400 when they cannot be read, which ends the trying", () => {
    expect(post('{"data":[', { path: tp2, headers: {} })).toMatchObject({
      answer: { status: 400 },
      items: [],
      counts: { unreadable_without_key: 1 },
    });
  });

  it("may come to a path of the collector's own", () => {
    const paths = new Map([["/acme/hello", tp2]]);
    expect(send([event()], { path: "/acme/hello" }, { paths }).answer.status).toBe(200);
    expect(send([event()], { path: "/acme/hello" }).answer.status).toBe(404);
  });

  it("are not redirected anywhere", () => {
    for (const method of ["GET", "POST"])
      expect(
        post("", { method, path: "/r/tp2", query: "u=https%3A%2F%2Fevil.example", headers: {} }).answer,
      ).toMatchObject({ status: 404 });
  });
});

describe("the pixel", () => {
  const get = (fields: Record<string, string>) =>
    post("", {
      method: "GET",
      path: "/i",
      query: new URLSearchParams(fields).toString(),
      headers: {},
      body: undefined as never,
    });
  const fields = { ...event(), page: "Ä & b", cx: base64url(contexts({ schema: "iglu:a/b/c/1", data: {} })) };

  it("is a GIF of one by one that nobody may cache", () => {
    const { answer } = get(fields);
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "image/gif", "cache-control": "no-cache, no-store, must-revalidate" },
    });
    const gif = Buffer.from(answer.body as Uint8Array);
    expect([gif.toString("latin1", 0, 6), gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([
      "GIF89a",
      1,
      1,
    ]);
  });

  it("takes what a POST takes", () => {
    expect(stored(get(fields)).events).toMatchObject([
      {
        event_type: "page",
        page_title: "Ä & b",
        context: { contexts: [{ schema: "iglu:a/b/c/1", data: {} }] },
      },
    ]);
    expect(stored(get({ ...fields, page: "a\0b" })).events[0]?.page_title).toBe("ab");
  });

  it("is also what a rejected event is answered, which is kept as its query string", () => {
    const outcome = get({ ...fields, e: "xx", ip: "203.0.113.99" });
    expect(outcome.answer.headers).toMatchObject({ "content-type": "image/gif" });
    const [failure] = stored(outcome).failures;
    expect(failure?.reason).toBe("unknown_type");
    expect(failure?.payload).toContain("e=xx");
    expect(failure?.payload).not.toContain("203.0.113.99");
  });

  it("is not shown to whom nobody knows", () => {
    expect(get({ ...fields, aid: "nobody" }).answer.status).toBe(401);
  });
});
