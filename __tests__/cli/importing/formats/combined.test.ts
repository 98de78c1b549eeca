import { accessLogParser, combinedParser, isAccessLog } from "../../../../cli/importing/formats/combined";

const parse = combinedParser();
const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
const line = (request: string, status = "200", referrer = "-", userAgent = agent): string =>
  `83.149.9.216 - - [17/May/2015:10:05:03 +0200] "${request}" ${status} 203023 "${referrer}" "${userAgent}"`;

describe("a line of the combined log format", () => {
  it("becomes a page view when a person looked at it", () => {
    expect(parse(line("GET /blog?page=2 HTTP/1.1", "200", "https://www.google.com/"), 1, "id")).toEqual({
      messageId: "id",
      type: "page",
      anonymousId: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: "2015-05-17T08:05:03.000Z",
      properties: { method: "GET", target: "/blog?page=2", version: "HTTP/1.1", status: 200, bytes: 203023 },
      context: {
        ip: "83.149.9.216",
        userAgent: agent,
        page: { path: "/blog", search: "?page=2", referrer: "https://www.google.com/" },
        library: { name: "import", version: "combined" },
      },
    });
  });

  it.each([
    ["an asset", line("GET /images/logo.PNG HTTP/1.1")],
    ["a failure", line("GET /missing HTTP/1.1", "404")],
    ["a redirect", line("GET /old HTTP/1.1", "301")],
    ["another method", line("POST /login HTTP/1.1")],
  ])("becomes a tracked request when it is %s", (_, text) => {
    expect(parse(text, 1, "id")).toMatchObject({ type: "track", event: "Request" });
  });

  it("keeps a request that is not HTTP as it was", () => {
    expect(parse(line("\\x16\\x03\\x01"), 1, "id")).toMatchObject({
      type: "track",
      properties: { request: "\\x16\\x03\\x01", status: 200 },
    });
  });

  it("tells visitors apart by address and user agent, and knows them again", () => {
    const one = parse(line("GET / HTTP/1.1"), 1, "a").anonymousId;
    expect(parse(line("GET /other HTTP/1.1"), 2, "b").anonymousId).toBe(one);
    expect(parse(line("GET / HTTP/1.1", "200", "-", "curl/8"), 3, "c").anonymousId).not.toBe(one);
  });

  it("has addresses of pages when the site is named", () => {
    const named = combinedParser("https://example.com");
    expect(named(line("GET /blog?page=2 HTTP/1.1"), 1, "id").context).toMatchObject({
      page: { url: "https://example.com/blog?page=2" },
    });
  });

  it.each([
    ["is cut off", line("GET / HTTP/1.1").slice(0, -1)],
    ["is empty", ""],
    ["is something else", "hello"],
    ["has no such day", line("GET / HTTP/1.1").replace("17/May", "32/May")],
    ["has a day that its month has not", line("GET / HTTP/1.1").replace("17/May", "31/Jun")],
  ])("is handed over whole when it %s", (_, text) => {
    expect(parse(text, 17, "id")).toEqual({
      messageId: "id",
      type: "unreadable",
      message: expect.stringContaining("line 17"),
      payload: text,
    });
  });
});

describe("a line of the common log format", () => {
  const common = '127.0.0.1 ident frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';

  it("has all that the combined one has but referrer and user agent", () => {
    expect(accessLogParser("common")(common, 1, "id")).toMatchObject({
      type: "track",
      event: "Request",
      userId: "frank",
      timestamp: "2000-10-10T20:55:36.000Z",
      properties: { method: "GET", target: "/apache_pb.gif", status: 200, bytes: 2326, identity: "ident" },
      context: { ip: "127.0.0.1", library: { name: "import", version: "common" } },
    });
  });

  it("is not taken for the other one", () => {
    expect([isAccessLog("common", common), isAccessLog("combined", common)]).toEqual([true, false]);
    const combined = line("GET / HTTP/1.1");
    expect([isAccessLog("common", combined), isAccessLog("combined", combined)]).toEqual([false, true]);
    expect(accessLogParser("common")(combined, 3, "id")).toMatchObject({ type: "unreadable" });
  });
});
