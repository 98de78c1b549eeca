import { albFields, albParser, isAlbEntry } from "../../../../cli/importing/formats/alb";

// Entries of the kinds that AWS's page shows: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
const http =
  'http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-"';

const fields = http.match(/"[^"]*"|\S+/g) ?? [];
const entry = (changes: Partial<Record<(typeof albFields)[number], string>>, ...further: string[]): string =>
  [...albFields.map((name, at) => changes[name] ?? fields[at] ?? ""), ...further].join(" ");

describe("an entry of a load balancer's log", () => {
  it("becomes a page view with the page's address, at the time that the request came", () => {
    const message = albParser(http, 1, "id");
    expect(message).toMatchObject({
      messageId: "id",
      type: "page",
      timestamp: "2018-07-02T22:22:48.364Z",
      context: {
        ip: "192.168.131.39",
        userAgent: "curl/7.46.0",
        page: { path: "/", url: "http://www.example.com/" },
        library: { name: "import", version: "alb" },
      },
    });
    expect(message.properties).toEqual({
      ...{ method: "GET", target: "/", version: "HTTP/1.1", status: 200, bytes: 366 },
      ...{ type: "http", elb: "app/my-loadbalancer/50dc6c495c0c9188", client_port: 2817 },
      ...{ target_ip: "10.0.0.1", target_port: 80, target_status_code: 200, target_status_code_list: "200" },
      ...{ request_processing_time: 0, target_processing_time: 0.001, response_processing_time: 0 },
      ...{ received_bytes: 34, trace_id: "Root=1-58337262-36d228ad5d99923122bbe354" },
      target_group_arn:
        "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067",
      ...{ matched_rule_priority: 0, actions_executed: "forward", conn_trace_id: "TID_1234abcd5678ef90" },
      responded_at: "2018-07-02T22:23:00.186641Z",
    });
  });

  it.each([
    ["https", '"GET https://www.example.com:443/a?b=c HTTP/2.0"', "https://www.example.com/a?b=c"],
    ["https", '"GET https://www.example.com:8443/a HTTP/1.1"', "https://www.example.com:8443/a"],
    ["http", '"GET http://[2001:db8::1]:80/a HTTP/1.1"', "http://[2001:db8::1]/a"],
  ])("has an address as a browser shows it: %s %s", (type, request, url) => {
    expect(albParser(entry({ type, request }), 1, "id").context).toMatchObject({ page: { url } });
  });

  it.each([
    ["192.0.2.1:46532", "192.0.2.1"],
    ["2001:db8::1:46532", "2001:db8::1"],
    ["[2001:db8::1]:46532", "2001:db8::1"],
  ])("knows an address from its port: %s", (client, address) => {
    expect(albParser(entry({ "client:port": client }), 1, "id")).toMatchObject({
      context: { ip: address },
      properties: { client_port: 46532 },
    });
  });

  it.each([
    [
      "a WebSocket",
      entry({ type: "wss", request: '"GET wss://example.com:443/chat HTTP/1.1"', elb_status_code: "101" }),
    ],
    ["an error", entry({ elb_status_code: "502", "target:port": "-", target_status_code: "-" })],
    [
      "no request that could be read",
      entry({ request: '"- http://example.com:80- -"', elb_status_code: "400" }),
    ],
    ["answered nothing", entry({ elb_status_code: "-" })],
  ])("is a tracked request when it is %s", (_, line) => {
    expect(albParser(line, 1, "id")).toMatchObject({ type: "track", event: "Request" });
  });

  it("keeps a request that is none, and quotes in a user agent", () => {
    expect(
      albParser(entry({ request: '"- http://example.com:80- -"', user_agent: '"a"b \\"' }), 1, "id"),
    ).toMatchObject({
      properties: { request: "- http://example.com:80- -" },
      context: { userAgent: 'a"b \\' },
    });
  });

  it("may end before newer fields and go on behind them: what is not known is kept, without whole addresses", () => {
    const old = fields.slice(0, 18).join(" ");
    expect(albParser(old, 1, "id")).toMatchObject({ type: "page", timestamp: "2018-07-02T22:23:00.186Z" });
    expect(albParser(entry({}, "192.0.2.77", '"new thing"'), 1, "id").properties).toMatchObject({
      further: ["192.0.2.0/24", "new thing"],
    });
  });

  it.each([
    ["too short", fields.slice(0, 10).join(" ")],
    ["of another log", "hello"],
    ["of no such day", entry({ request_creation_time: "2018-13-02T22:22:48.364000Z" })],
  ])("is handed over whole when it is %s", (_, line) => {
    expect(albParser(line, 7, "id")).toEqual({
      ...{ messageId: "id", type: "unreadable", payload: line },
      message: expect.stringContaining("line 7"),
    });
  });

  it("is known by its beginning", () => {
    expect([isAlbEntry(http), isAlbEntry("http://example.com 1"), isAlbEntry("")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
