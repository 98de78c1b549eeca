import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { basic, message, post, receivedAt, stored } from "./requests";

const headers = { authorization: basic("web-key") };

describe("the collector's addresses", () => {
  it.each([
    ...["track", "page", "screen", "identify", "group", "alias", "batch", "import"],
    ...["t", "p", "s", "i", "g", "a", "b"],
  ])("takes POST /v1/%s, with or without a slash at its end", (path) => {
    const body = { ...message(), groupId: "g", userId: "u", previousId: "p", batch: [] };
    for (const slash of ["", "/"])
      expect(post(body, { path: `/v1/${path}${slash}` }).answer.status).toBe(200);
  });

  it("says that it is well", () => {
    const { answer } = post("", { method: "GET", path: "/healthz", headers: {} });
    expect(answer).toEqual({ status: 200, body: { status: "ok" } });
  });

  it.each(["/", "/v1", "/v1/", "/v2/track", "/v1/tracks", "/v1/track//", "/v1/__proto__", "/v1/constructor"])(
    "has nothing at %s",
    (path) => {
      const { answer, items } = post(message(), { path });
      expect(answer).toMatchObject({ status: 404, body: { error: "not_found" } });
      expect(items).toEqual([]);
    },
  );

  it("names the method that a known path takes", () => {
    expect(post("", { method: "GET", path: "/v1/t" }).answer).toMatchObject({
      status: 405,
      headers: { allow: "POST, OPTIONS" },
    });
    expect(post("", { path: "/healthz" }).answer).toMatchObject({
      status: 405,
      headers: { allow: "GET, OPTIONS" },
    });
    expect(post("", { method: "OPTIONS", path: "/v1/t" }).answer).toEqual({
      status: 204,
      headers: { allow: "POST, OPTIONS" },
    });
  });
});

describe("the write key", () => {
  it.each([
    ["as the user name of Basic auth", message(), { authorization: basic("web-key") }],
    ["as another key of the source", message(), { authorization: basic("web-key-2") }],
    [
      "with a scheme in small letters",
      message(),
      { authorization: basic("web-key").replace("Basic", "basic") },
    ],
    ["in the body", message({ writeKey: "web-key" }), {}],
  ])("is taken %s", (_, body, given) => {
    const outcome = post(body, { path: "/v1/track", headers: given });
    expect(outcome.answer).toEqual({ status: 200, body: { success: true } });
    expect(stored(outcome).events[0]?.source).toBe("web");
  });

  it.each([
    ["missing", message(), {}],
    ["unknown in the header", message({ writeKey: "web-key" }), { authorization: basic("other") }],
    ["unknown in the body", message({ writeKey: "other" }), {}],
    ["no text", message({ writeKey: ["web-key"] }), {}],
    ["empty", message(), { authorization: basic("") }],
    ["a member of every object", message({ writeKey: "constructor" }), {}],
    ["of another scheme", message(), { authorization: "Bearer web-key" }],
  ])("answers 401 and stores nothing when it is %s", (_, body, given) => {
    const { answer, items, counts } = post(body, { path: "/v1/track", headers: given });
    expect(answer).toMatchObject({
      status: 401,
      body: { error: "unknown_write_key", message: expect.any(String) },
    });
    expect(items).toEqual([]);
    expect(counts).toEqual({ unauthorized: 1 });
  });
});

describe("a body", () => {
  const json = JSON.stringify({ batch: [message()] });
  const base64 = (bytes: Uint8Array) => ({
    body: Buffer.from(bytes).toString("base64"),
    isBase64Encoded: true,
  });

  it.each([
    ["plain", { body: json }],
    ["in base64", base64(Buffer.from(json))],
    ["gzipped", base64(gzipSync(json))],
    [
      "gzipped and called a form",
      {
        ...base64(gzipSync(json)),
        headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      },
    ],
    ["called text", { body: json, headers: { ...headers, "content-type": "text/plain" } }],
    ["called gzip though it is not", { body: json, headers: { ...headers, "content-encoding": "gzip" } }],
    ["with a byte order mark", { body: `\uFEFF${json}` }],
    ["with invalid UTF-8 in a text", base64(Buffer.from(json.replace("Tested", "Test\xed"), "latin1"))],
  ])("is read %s", (_, over) => {
    const outcome = post("", over);
    expect(outcome.answer.status).toBe(200);
    expect(stored(outcome).events).toHaveLength(1);
  });

  it.each([
    ["no JSON", { body: "not json" }, "unreadable_body", "not json"],
    ["empty", { body: undefined }, "unreadable_body", ""],
    ["JSON but no object", { body: "[1]" }, "unreadable_body", "[1]"],
    ["null", { body: "null" }, "unreadable_body", "null"],
    ["a batch without a list", { body: '{"batch":{}}' }, "unreadable_body", '{"batch":{}}'],
    [
      "a batch whose context is no object",
      { body: '{"batch":[],"context":1}' },
      "unreadable_body",
      '{"batch":[],"context":1}',
    ],
    [
      "over 500 KB",
      { body: `{"x":"${"y".repeat(512_000)}"}` },
      "body_too_large",
      expect.stringMatching(/^\{"x":"y{262138}$/),
    ],
  ])("that is %s answers 400 and is kept", (_, over, reason, payload) => {
    const outcome = post("", over);
    expect(outcome.answer).toMatchObject({ status: 400, body: { error: reason } });
    expect(stored(outcome).failures).toMatchObject([
      { reason, stage: "collect", payload, payload_encoding: "text", source: "web" },
    ]);
    expect(outcome.counts).toEqual({ failed: 1 });
  });

  it.each([
    ["that expands without end", gzipSync(Buffer.alloc(50_000_000, 32)), "body_too_large"],
    ["that is no gzip after all", Buffer.from([0x1f, 0x8b, 1, 2, 3]), "unreadable_body"],
    ["that breaks off", gzipSync(json).subarray(0, 60), "unreadable_body"],
    ["of bytes that are no text", Buffer.from([0xff, 0xfe, 0x00]), "unreadable_body"],
  ])("%s answers 400 and is kept byte by byte", (_, bytes, reason) => {
    const outcome = post("", base64(bytes));
    expect(outcome.answer).toMatchObject({ status: 400, body: { error: reason } });
    const [failure] = stored(outcome).failures;
    expect(failure).toMatchObject({ reason, payload_encoding: "base64" });
    expect(Buffer.from(failure?.payload ?? "", "base64")).toEqual(Buffer.from(bytes));
  });

  it("that cannot be read and names no source is counted and not stored", () => {
    const { answer, items, counts } = post("not json", { headers: {} });
    expect(answer.status).toBe(400);
    expect(items).toEqual([]);
    expect(counts).toEqual({ unreadable_without_key: 1 });
  });

  it("sent again is the same failed event", () => {
    const [first, second] = [post("not json"), post("not json", { receivedAt: new Date() })];
    expect(second.items[0]?.sk).toBe(first.items[0]?.sk);
    expect(second.items[0]?.pk).toBe(first.items[0]?.pk);
  });

  it("never breaks the collector, and every message has one outcome", () => {
    const anyMessage = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.record(
        {
          type: fc.constantFrom("track", "page", "identify", "group", "alias", "unreadable", "other", 1),
          event: fc.jsonValue(),
          anonymousId: fc.oneof(fc.constantFrom("a", "b", "", null), fc.jsonValue()),
          userId: fc.oneof(fc.constantFrom("u", "x".repeat(300)), fc.jsonValue()),
          messageId: fc.oneof(fc.constantFrom("1", "2", 3), fc.jsonValue()),
          timestamp: fc.oneof(fc.constantFrom("2026-11-01T09:00:00Z", "never", ""), fc.jsonValue()),
          sentAt: fc.constantFrom("2026-11-01T09:00:05Z", "0001-01-01T00:00:00Z", null),
          properties: fc.jsonValue({ stringUnit: "binary" }),
          traits: fc.jsonValue(),
          context: fc.oneof(fc.record({ page: fc.jsonValue(), ip: fc.jsonValue() }), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 10 }),
        fc.constantFrom("web-key", "server-key"),
        (batch, key) => {
          const outcome = post({ batch }, { headers: { authorization: basic(key) } });
          expect(outcome.answer.status).toBe(200);
          const { accepted = 0, failed = 0, duplicates = 0 } = outcome.counts;
          const { events, failures } = stored(outcome);
          expect([events.length, failures.length]).toEqual([accepted, failed]);
          expect(accepted + failed + duplicates).toBe(batch.length);
          expect(new Set(failures.map(({ failed_id }) => failed_id)).size).toBe(failed);
          for (const { pk } of outcome.items) expect(pk).not.toBe("");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("broken anywhere by chance never breaks the collector", () => {
    const text = JSON.stringify({
      batch: [message({ timestamp: "2026-11-01T09:00:00Z", context: { page: {} } })],
    });
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(8),
        fc.string({ unit: "binary", maxLength: 4 }),
        (at, less, more) => {
          const { answer } = post(text.slice(0, at) + more + text.slice(at + less));
          expect([200, 400]).toContain(answer.status);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("what a request ends as", () => {
  it("keeps the good messages of a batch, and each bad one as a failed event", () => {
    const outcome = post({
      batch: [
        message(),
        "no message",
        message({ messageId: "m2", anonymousId: null }),
        message({ messageId: "m3" }),
      ],
    });
    expect(outcome.answer).toEqual({
      status: 200,
      body: { success: true, accepted: 2, failed: 2, duplicate: 0, reason: "not_an_object" },
    });
    const { events, failures } = stored(outcome);
    expect(events.map(({ event_id }) => event_id)).toEqual(["m1", "m3"]);
    expect(failures.map(({ reason, payload }) => [reason, payload])).toEqual([
      ["not_an_object", '"no message"'],
      ["missing_identity", JSON.stringify(message({ messageId: "m2", anonymousId: null }))],
    ]);
  });

  it("keeps the first of two messages with one id", () => {
    const outcome = post({ batch: [message({ event: "First" }), message({ event: "Second" })] });
    expect(outcome.counts).toEqual({ accepted: 1, failed: 0, duplicates: 1 });
    expect(stored(outcome).events).toMatchObject([{ event_id: "m1", event_name: "First" }]);
  });

  it("tells an importer what became of its lines, and where they are stored", () => {
    const outcome = post(
      { batch: [message(), message(), message({ messageId: "m2" })] },
      { path: "/v1/import" },
    );
    expect(outcome.answer.body).toEqual({
      success: true,
      accepted: 2,
      failed: 0,
      duplicate: 1,
      batches: [outcome.items[0]?.sk.split("#")[1]],
    });
  });

  it("answers 200 to a single message that it rejects, as Segment does, and keeps it", () => {
    const outcome = post(message({ anonymousId: undefined }), { path: "/v1/track" });
    expect(outcome.answer).toEqual({ status: 200, body: { success: true, reason: "missing_identity" } });
    expect(stored(outcome).failures).toHaveLength(1);
  });

  it("answers 400 to a single message over 32 KB, as Segment does, and keeps it whole", () => {
    const large = message({ properties: { text: "x".repeat(33_000) } });
    const outcome = post(large, { path: "/v1/track" });
    expect(outcome.answer).toMatchObject({ status: 400, body: { error: "event_too_large" } });
    expect(stored(outcome).failures[0]?.payload).toBe(JSON.stringify(large));
  });

  it("does not let a large message of a batch harm the others", () => {
    const outcome = post({
      batch: [message({ properties: { text: "x".repeat(33_000) } }), message({ messageId: "m2" })],
    });
    expect(outcome.answer).toMatchObject({ status: 200, body: { accepted: 1, failed: 1 } });
  });

  it("tells equal rejected messages apart, and meets each again in a retry", () => {
    const bad = { type: "track", event: "x", anonymousId: null };
    const send = (sentAt: string) =>
      post({ batch: [bad, { ...bad }], sentAt }, { receivedAt: new Date(sentAt) }).items.map(({ pk, sk }) => [
        pk,
        sk,
      ]);
    const [first, second] = stored(post({ batch: [bad, { ...bad }] })).failures;
    expect(first?.failed_id).not.toBe(second?.failed_id);
    expect(send("2026-11-01T10:00:00Z")).toEqual(send("2026-11-01T11:00:00Z"));
  });

  it("groups a browser's messages by visitor and leaves a server's request whole", () => {
    const batch = [message({ messageId: "1" }), message({ messageId: "2", anonymousId: "other" })];
    expect(post({ batch }).items.map(({ pk }) => pk)).toEqual(["anon", "other"]);
    const server = post({ batch }, { headers: { authorization: basic("server-key") } });
    expect(server.items.map(({ pk, count }) => [pk.split(":")[0], count])).toEqual([["request", 2]]);
  });

  it.each([
    ["a browser's source", "web-key"],
    ["a server's source", "server-key"],
  ])("meets the same key when %s sends again with another sentAt", (_, key) => {
    const batch = [
      message({ timestamp: "2026-11-01T10:00:00.000Z" }),
      message({ messageId: undefined, event: "B" }),
    ];
    const send = (sentAt: string, receivedAgain: Date) =>
      post({ batch, sentAt }, { headers: { authorization: basic(key) }, receivedAt: receivedAgain });
    const first = send("2026-11-01T10:00:05.000Z", receivedAt);
    const again = send("2026-11-01T10:05:00.000Z", new Date("2026-11-01T10:05:05.000Z"));
    expect(again.items.map(({ pk, sk }) => [pk, sk])).toEqual(first.items.map(({ pk, sk }) => [pk, sk]));
    expect(first.items[0]?.sk).toMatch(/^2026-11-01T10:00:00\.000Z#/);
  });
});
