import {
  cloudFrontFields,
  cloudFrontReader,
  isCloudFrontLine,
} from "../../../../cli/importing/formats/cloudfront";

// As in AWS's example: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
const values: Readonly<Record<string, string>> = {
  ...{
    date: "2019-12-04",
    time: "21:02:31",
    "x-edge-location": "LAX1",
    "sc-bytes": "392",
    "c-ip": "192.0.2.100",
  },
  ...{ "cs-method": "GET", "cs(Host)": "d111111abcdef8.cloudfront.net", "cs-uri-stem": "/index.html" },
  ...{ "sc-status": "200", "cs(Referer)": "https://www.google.com/", "cs-uri-query": "q=a%2520b&c" },
  "cs(User-Agent)": "Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)",
  ...{
    "cs(Cookie)": "-",
    "x-edge-result-type": "Hit",
    "x-edge-request-id": "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4Kyw==",
  },
  ...{ "x-host-header": "www.example.com", "cs-protocol": "https", "cs-bytes": "23", "time-taken": "0.001" },
  ...{ "x-forwarded-for": "-", "ssl-protocol": "TLSv1.2", "ssl-cipher": "ECDHE-RSA-AES128-GCM-SHA256" },
  ...{ "x-edge-response-result-type": "Hit", "cs-protocol-version": "HTTP/2.0", "fle-status": "-" },
  ...{ "fle-encrypted-fields": "-", "c-port": "11040", "time-to-first-byte": "0.001" },
  ...{
    "x-edge-detailed-result-type": "Hit",
    "sc-content-type": "text/html;%20charset=UTF-8",
    "sc-content-len": "78",
  },
  ...{ "sc-range-start": "-", "sc-range-end": "-" },
};
const older = cloudFrontFields.slice(0, 33);
const header = (names: readonly string[]): string => `#Fields: ${names.join(" ")}`;
const line = (changes: Readonly<Record<string, string>> = {}, names = older, delimiter = "\t"): string =>
  names.map((name) => changes[name] ?? values[name] ?? "-").join(delimiter);

function readAll(...lines: readonly string[]) {
  const read = cloudFrontReader();
  return lines.flatMap((text, at) => read(text, at + 1, `id-${at + 1}`) ?? []);
}

describe("a line of CloudFront's standard logs", () => {
  it("becomes a page view with the page's address, known by the request's own id", () => {
    const [message, ...none] = readAll("#Version: 1.0", header(older), line());
    expect(none).toEqual([]);
    expect(message).toMatchObject({
      messageId: "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4Kyw==",
      type: "page",
      timestamp: "2019-12-04T21:02:31.000Z",
      context: {
        ip: "192.0.2.100",
        userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
        page: {
          ...{ path: "/index.html", search: "?q=a%20b&c", referrer: "https://www.google.com/" },
          url: "https://www.example.com/index.html?q=a%20b&c",
        },
        library: { name: "import", version: "cloudfront" },
      },
    });
    expect(message?.properties).toEqual({
      ...{ method: "GET", target: "/index.html?q=a%20b&c", version: "HTTP/2.0", status: 200, bytes: 392 },
      ...{ x_edge_location: "LAX1", cs_host: "d111111abcdef8.cloudfront.net", x_edge_result_type: "Hit" },
      ...{
        cs_bytes: 23,
        time_taken: 0.001,
        ssl_protocol: "TLSv1.2",
        c_port: 11040,
        time_to_first_byte: 0.001,
      },
      ...{
        ssl_cipher: "ECDHE-RSA-AES128-GCM-SHA256",
        x_edge_response_result_type: "Hit",
        sc_content_len: 78,
      },
      ...{ x_edge_detailed_result_type: "Hit", sc_content_type: "text/html; charset=UTF-8" },
    });
  });

  it("is read as its header says, whichever fields were chosen, and by a later header from there on", () => {
    const chosen = ["c-ip", "timestamp(ms)", "cs-uri-stem", "cs-method", "sc-status", "c-country", "asn"];
    const changes = { "timestamp(ms)": "1731699951183", "c-country": "DE", asn: "16509" };
    const [one, other] = readAll(header(chosen), line(changes, chosen), header(older), line());
    expect(one).toMatchObject({
      ...{ messageId: "id-2", type: "page", timestamp: "2024-11-15T19:45:51.183Z" },
      context: { location: { country: "DE" }, page: { path: "/index.html" } },
      properties: { asn: 16509 },
    });
    expect(other).toMatchObject({
      context: { page: { url: expect.stringContaining("https://www.example.com/") } },
    });
  });

  it("may have its fields apart by spaces, end in a tab, or be JSON", () => {
    const json = JSON.stringify({ ...values, "c-country": "US" });
    const [spaces, tab, object] = readAll(header(older), line({}, older, " "), `${line()}\t`, json);
    expect(spaces).toEqual(tab);
    expect(object).toMatchObject({ ...spaces, context: { location: { country: "US" } } });
  });

  it("needs no header where it has the fields that there have always been", () => {
    expect(readAll(line())).toMatchObject([{ type: "page", timestamp: "2019-12-04T21:02:31.000Z" }]);
    const newer = line({ "c-country": "FR" }, [...cloudFrontFields]);
    expect(readAll(newer)).toMatchObject([{ type: "page", context: { location: { country: "FR" } } }]);
  });

  it("names the visitor behind a proxy, and of proxies the network alone", () => {
    const [one] = readAll(line({ "x-forwarded-for": "203.0.113.9" }));
    expect(one).toMatchObject({ context: { ip: "203.0.113.9" }, properties: { proxy_ip: "192.0.2.100" } });
    expect(one?.properties).not.toHaveProperty("x_forwarded_for");
    const [two] = readAll(line({ "x-forwarded-for": "203.0.113.9,%20198.51.100.7" }));
    expect(two?.properties).toMatchObject({ x_forwarded_for: "203.0.113.0/24, 198.51.100.0/24" });
    const [three] = readAll(line({ "x-forwarded-for": "unknown" }));
    expect(three).toMatchObject({
      context: { ip: "192.0.2.100" },
      properties: { x_forwarded_for: "unknown" },
    });
  });

  it.each([
    ["Mozilla/5.0%2520(X11)", "Mozilla/5.0 (X11)"],
    ["My%2520App/1%20CFNetwork/1.0", "My%20App/1 CFNetwork/1.0"],
    ["100%", "100%"],
  ])("has a user agent that was encoded once or, in old logs, twice: %s", (written, userAgent) => {
    expect(readAll(line({ "cs(User-Agent)": written }))).toMatchObject([{ context: { userAgent } }]);
  });

  it.each([
    ["answered nothing", { "sc-status": "000" }],
    ["a failure", { "sc-status": "502" }],
    ["an asset", { "cs-uri-stem": "/favicon.ico" }],
    ["a WebSocket", { "cs-protocol": "wss" }],
  ])("is a tracked request when it is %s", (_, changes) => {
    expect(readAll(line(changes))).toMatchObject([{ type: "track", event: "Request" }]);
  });

  it.each([
    ["too short", line().split("\t").slice(0, 30).join("\t")],
    ["too long", `${line()}\tmore`],
    ["of no such day", line({ date: "2019-13-04" })],
    ["torn JSON", '{"x-edge-location":"LAX1"'],
  ])("is handed over whole when it is %s", (_, text) => {
    expect(readAll(header(older), text)).toEqual([
      { messageId: "id-2", type: "unreadable", message: expect.stringContaining("line 2"), payload: text },
    ]);
  });

  it.each([
    ["#Version: 1.0", true],
    [header(older), true],
    [line(), true],
    [JSON.stringify(values), true],
    ["#Fields: date time s-ip", false],
    ['{"type":"track"}', false],
  ])("is known: %s", (text, known) => {
    expect(isCloudFrontLine(text)).toBe(known);
  });
});
