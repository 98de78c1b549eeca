import { readPaths, scriptPaths } from "../../../handlers/collect/routes";
import { readBytes, readSources } from "../../../handlers/collect/sources";
import { basic, message, post } from "./requests";

const sourcesWith = (over: object) =>
  readSources(JSON.stringify([{ name: "web", kind: "browser", writeKeys: ["new-key", "old-key"], ...over }]));
const headersOf = (key: string, origin?: string) => ({
  authorization: basic(key),
  ...(origin === undefined ? {} : { origin }),
});

describe("a source", () => {
  it("takes events of its origins' pages alone, and of what is no page", () => {
    const sources = sourcesWith({ allowedOrigins: ["https://www.example.com"] });
    const status = (origin?: string) =>
      post({ batch: [message()] }, { headers: headersOf("new-key", origin) }, { sources });
    expect(status("https://www.example.com").answer.status).toBe(200);
    expect(status().answer.status).toBe(200);
    for (const origin of ["https://evil.example", "http://www.example.com", "null"])
      expect(status(origin)).toMatchObject({
        answer: { status: 403, body: { error: "refused_origin" } },
        items: [],
        counts: { refused_origin: 1 },
      });
  });

  it("that is switched off takes nothing, and no client tries again", () => {
    const sources = sourcesWith({ enabled: false });
    for (const body of [{ batch: [message()] }, "no json"])
      expect(post(body, { headers: headersOf("new-key") }, { sources })).toMatchObject({
        answer: { status: 403, body: { error: "switched_off" } },
        items: [],
        counts: { switched_off: 1 },
      });
  });

  it("is known by a key until it ends, and the client is told when that was", () => {
    const sources = sourcesWith({ validUntil: { "old-key": "2026-11-01T10:00:11Z" } });
    const sent = (key: string, receivedAt: string) =>
      post(
        { batch: [message()] },
        { headers: headersOf(key), receivedAt: new Date(receivedAt) },
        { sources },
      );
    expect(sent("old-key", "2026-11-01T10:00:10.999Z").counts).toMatchObject({ accepted: 1, older_key: 1 });
    expect(sent("old-key", "2026-11-01T10:00:11Z")).toMatchObject({
      answer: {
        status: 401,
        body: { error: "expired_write_key", message: "The write key was valid until 2026-11-01T10:00:11Z." },
      },
      items: [],
      counts: { expired_key: 1 },
    });
    expect(sent("new-key", "2027-11-01T10:00:11Z").counts).toMatchObject({ accepted: 1 });
  });

  it("is known by its older keys, and counts who still uses them", () => {
    const sources = sourcesWith({});
    const counts = (key: string) =>
      post({ batch: [message()] }, { headers: headersOf(key) }, { sources }).counts;
    expect(counts("new-key")).toEqual({ accepted: 1, failed: 0, duplicates: 0 });
    expect(counts("old-key")).toEqual({ accepted: 1, failed: 0, duplicates: 0, older_key: 1 });
  });

  it.each([
    ["origins that are none", { allowedOrigins: "https://www.example.com" }],
    ["an empty origin", { allowedOrigins: [""] }],
    ["a switch that is none", { enabled: "no" }],
    ["an end that is no time", { validUntil: { "old-key": "soon" } }],
  ])("is refused with %s", (_, over) => {
    expect(() => sourcesWith(over)).toThrow("allowedOrigins and enabled");
  });
});

describe("the collector's own addresses", () => {
  it("stand for the standard ones", () => {
    const paths = readPaths('{"/hello":"/v1/batch","/a/b.c":"/collect"}');
    expect([...paths]).toEqual([
      ["/hello", "/v1/batch"],
      ["/a/b.c", "/collect"],
    ]);
    for (const slash of ["", "/"])
      expect(post({ batch: [message()] }, { path: `/hello${slash}` }, { paths }).answer.status).toBe(200);
  });

  it("stand behind a prefix, all of them, and where they always do", () => {
    const paths = readPaths('{"/a7x":"/","/a7x/s.js":"/clickstream.js","/b/c":"/"}');
    const status = (path: string, method = "POST") =>
      post({ batch: [message()] }, { path, method }, { paths }).answer.status;
    for (const path of ["/a7x/v1/batch", "/a7x/v1/b/", "/b/c/v1/import", "/v1/batch"])
      expect(status(path)).toBe(200);
    expect(status("/a7x/healthz", "GET")).toBe(200);
    for (const path of [
      "/a7x",
      "/a7x/",
      "/a7xv1/batch",
      "/a7x/b/c/v1/batch",
      "/b/v1/batch",
      "/a7x/a7x/v1/batch",
    ])
      expect(status(path)).toBe(404);
    expect(scriptPaths(paths)).toEqual([
      "/clickstream.js",
      "/a7x/clickstream.js",
      "/a7x/s.js",
      "/b/c/clickstream.js",
    ]);
  });

  it.each([
    ["/", "/", "PATHS must map paths"],
    ["/v1/batch", "/", "another meaning"],
    ["hello", "/v1/batch", "PATHS must map paths"],
    ["/hello", "/v2/batch", "PATHS must map paths"],
    ["/a b", "/v1/batch", "PATHS must map paths"],
    ["/v1/track", "/v1/batch", "another meaning"],
  ])("are not %s for %s", (own, standard, message) => {
    expect(() => readPaths(JSON.stringify({ [own]: standard }))).toThrow(message);
  });
});

describe("limits", () => {
  it("are whole numbers of bytes that Lambda can take", () => {
    expect(readBytes("MAX_BODY_BYTES", "512000")).toBe(512_000);
    for (const text of ["1023", "6291457", "a", "1.5e3.2"])
      expect(() => readBytes("MAX_BODY_BYTES", text)).toThrow(
        `MAX_BODY_BYTES must be between 1024 and 6291456, got ${text}`,
      );
  });
});
