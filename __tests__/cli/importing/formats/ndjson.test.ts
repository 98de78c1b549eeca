import { canonicalMessage } from "../../../../cli/importing/formats/canonical";
import { isJsonEvent, ndjsonParser } from "../../../../cli/importing/formats/ndjson";
import { transform as transformWith } from "../../../../handlers/transform/transform";
import { post, request, stored } from "../../../handlers/collect/requests";
import { enrichAll } from "../../../handlers/enrich/events";
import { noPlan, record } from "../../../handlers/transform/records";

const read = (line: string) => ndjsonParser(line, 7, "line");
const sent = (message: unknown) => post({ batch: [message] }, { headers: request("", {}).headers });
const lineOf = (items: ReturnType<typeof sent>["items"]): string | undefined =>
  transformWith(
    items.map((item) => record(item)),
    enrichAll,
    noPlan,
  ).lines.events[0];

describe("a line of NDJSON", () => {
  it("is a message of Segment's API, with its own id or its line's, and without a time of sending", () => {
    expect(read('{"type":"page","messageId":"own","sentAt":"2026-01-01"}')).toEqual({
      type: "page",
      messageId: "own",
    });
    expect(read('{"type":"page","messageId":""}')).toEqual({ type: "page", messageId: "line" });
  });

  it("keeps numbers digit by digit that a double would change", () => {
    expect(
      read('{"type":"page","properties":{"a":12345678901234567890,"b":1e400,"c":1.5}}').properties,
    ).toEqual({
      a: "12345678901234567890",
      b: "1e400",
      c: 1.5,
    });
  });

  it.each([
    ["{", "is not JSON"],
    ["", "is not JSON"],
    ["[1]", "is not a JSON object"],
    ['{"batch":[{"type":"page"}]}', "is a batch"],
  ])("is handed over whole when it is %s", (line, why) => {
    expect(read(line)).toEqual({
      ...{ messageId: "line", type: "unreadable", payload: line },
      message: expect.stringContaining(`line 7 ${why}`),
    });
  });

  it("is known when it is an object", () => {
    expect([isJsonEvent('{"a":1}'), isJsonEvent("{"), isJsonEvent("[1]"), isJsonEvent("a")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a canonical event", () => {
  const message = {
    ...{
      type: "track",
      event: "Order Completed",
      messageId: "m1",
      userId: "u",
      anonymousId: "a",
      groupId: "g",
    },
    timestamp: "2026-10-01T10:00:00.000Z",
    properties: { revenue: 12.5, currency: "EUR", items: [{ sku: "x" }] },
    context: {
      ...{
        ip: "203.0.113.99",
        userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
      },
      ...{ locale: "de-DE", timezone: "Europe/Berlin", sessionId: "s", screen: { width: 10, height: 20 } },
      page: { url: "https://example.com/a?utm_source=x", title: "A", referrer: "https://www.google.com/" },
      ...{
        campaign: { source: "x", name: "y" },
        os: { name: "Linux" },
        location: { country: "DE" },
        mine: { deep: 1 },
      },
      library: { name: "lib", version: "1" },
    },
  };

  it("that came out of the lake goes in again as the same event", () => {
    const { items } = sent(message);
    const line = lineOf(items) ?? "";
    const { items: again } = sent(read(line));
    const back = lineOf(again) ?? "";
    const { batch_id: _, received_at: __, context, ...same } = JSON.parse(line) as Record<string, unknown>;
    const {
      batch_id: ___,
      received_at: ____,
      context: other,
      ...event
    } = JSON.parse(back) as Record<string, unknown>;
    expect(event).toEqual(same);
    const { imported, ...kept } = other as Record<string, unknown>;
    expect(kept).toEqual(context);
    expect(imported).toMatchObject({ source: "web", protocol: "segment", schema_version: 1 });
  });

  it("has its traits where identify and group carry them, and its own columns anywhere", () => {
    const row = { event_type: "identify", user_id: "u", properties: '{"plan":"gold"}', extra: 1 };
    expect(canonicalMessage(row, "line", "ndjson")).toEqual({
      ...{ messageId: "line", type: "identify", userId: "u", traits: { plan: "gold", extra: 1 } },
      context: { library: { name: "import", version: "ndjson" } },
    });
  });

  it("keeps what the message has no place for", () => {
    const row = {
      event_type: "group",
      group_id: "g",
      user_id: "u",
      event_name: "n",
      sent_at: "2026-01-01",
      page_host: "x",
    };
    expect(canonicalMessage(row, "line", "csv").context).toEqual({
      imported: { event_name: "n", sent_at: "2026-01-01" },
      library: { name: "import", version: "csv" },
    });
    const both = { event_type: "track", event_name: "n", revenue: 2, properties: { revenue: 3 } };
    expect(canonicalMessage(both, "line", "csv")).toMatchObject({
      properties: { revenue: 3 },
      context: { imported: { revenue: 2 } },
    });
  });

  it("is rejected by the collector as any other", () => {
    const { failures } = stored(sent(read('{"event_type":"purchase","user_id":"u"}')));
    expect(failures).toMatchObject([{ reason: "unknown_type" }]);
  });
});
