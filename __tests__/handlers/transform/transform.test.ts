import { enricher } from "../../../handlers/enrich/enrich";
import { enrichments } from "../../../handlers/enrich/list";
import { storedFailure } from "../../../handlers/event/failure";
import { itemsOf } from "../../../handlers/event/stored/item";
import type { PlanPolicies } from "../../../handlers/plan/plan";
import { type StreamRecord, transform as transformWith } from "../../../handlers/transform/transform";
import { message, receivedAt } from "../collect/requests";
import { enrichAll } from "../enrich/events";
import { boughtPlan } from "../plan/bought";
import { itemsOfMessages, noPlan, pageItem, poisonRecord, record } from "./records";

const transform = (records: readonly StreamRecord[]) => transformWith(records, enrichAll, noPlan);
const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

describe("a new item", () => {
  it("becomes one enriched line an event, and one line of what was stored", () => {
    const item = pageItem("m1");
    const { lines, counts, poison } = transform([record(item)]);
    expect(poison).toBeUndefined();
    expect(parsed(lines.events)).toEqual([
      expect.objectContaining({
        event_id: "m1",
        event_time: "2026-11-01 10:00:10.000",
        received_at: "2026-11-01 10:00:10.000",
        page_url: "https://example.com/a?utm_source=news",
        page_host: "example.com",
        campaign_source: "news",
        referrer_medium: "direct",
        device_class: "bot",
        is_bot: true,
      }),
    ]);
    expect(parsed(lines.raw)).toEqual([
      expect.objectContaining({ op: "INSERT", pk: "anon", sk: item.sk, count: 1 }),
    ]);
    expect(lines.failed).toEqual([]);
    expect(counts).toEqual({
      stored: 1,
      transformed: 1,
      failed: 0,
      duplicates: 0,
      enrichment_errors: 0,
      violations: 0,
      poison: 0,
    });
  });

  it("with a compressed body is read alike, and stands in base64 in the raw line", () => {
    const messages = Array.from({ length: 20 }, (_, index) =>
      message({ messageId: `m${index}`, event: `Viewed product ${index}`, properties: { index } }),
    );
    const { lines } = transform(itemsOfMessages(...messages).map((item) => record(item)));
    expect(lines.events).toHaveLength(20);
    expect(parsed(lines.raw)).toEqual([
      expect.objectContaining({ codec: 1, count: 20, body: expect.any(String) }),
    ]);
  });

  it("of rejections becomes lines of failed events, and is kept in the raw backup too", () => {
    const { lines, counts } = transform(
      itemsOfMessages("bad", message({ anonymousId: null })).map((item) => record(item)),
    );
    expect(parsed(lines.failed)).toEqual([
      expect.objectContaining({
        reason: "not_an_object",
        payload: '"bad"',
        received_at: "2026-11-01 10:00:10.000",
      }),
      expect.objectContaining({ reason: "missing_identity", source: "web", stage: "collect" }),
    ]);
    expect(parsed(lines.raw)).toEqual([expect.objectContaining({ op: "INSERT", kind: "failed", count: 2 })]);
    expect(lines.events).toEqual([]);
    expect(counts).toMatchObject({ stored: 2, transformed: 0, failed: 2 });
  });

  it("keeps whole, beside its column, the payload that the failed event's column has to cut", () => {
    const payload = "x".repeat(100_000);
    const failure = storedFailure({
      source: "web",
      stage: "collect",
      reason: "event_too_large",
      payload,
      identity: "i",
    });
    const [item] = itemsOf(
      {
        source: "web",
        sourceKind: "browser",
        protocol: "segment",
        receivedAt,
        events: [],
        failures: [failure],
      },
      30,
    );
    const { lines } = transform(item === undefined ? [] : [record(item)]);
    const [line] = parsed(lines.failed);
    expect(line.payload).toHaveLength(65_535);
    expect(line.message).toMatch(/\(the first 65535 of 100000 bytes are here\)$/);
    expect(line.whole_payload).toBe(payload);
    expect(lines.raw).toHaveLength(1);
  });

  it("keeps an event that an enrichment breaks on, and counts that it did", () => {
    const broken = {
      ...enrichments.page,
      add: () => {
        throw new Error("broken");
      },
    };
    const enrich = enricher(
      { lookups: { countryOf: () => undefined } },
      { ...enrichments, page: broken, money: broken },
    );
    const { lines, counts } = transformWith([record(pageItem("m1"))], enrich, noPlan);
    const [event] = parsed(lines.events);
    expect(event).toMatchObject({
      event_id: "m1",
      campaign_source: "news",
      is_bot: true,
      enrichment_errors: "page,money",
    });
    expect(event).not.toHaveProperty("page_host");
    expect(counts).toMatchObject({ transformed: 1, enrichment_errors: 2 });
  });

  it("turns an event too large for a record into a failed one", () => {
    const event = {
      event_id: "large",
      event_type: "track",
      event_time: receivedAt.toISOString(),
      anonymous_id: "a",
      properties: { blob: "x".repeat(1_100_000) },
    };
    const [item] = itemsOf(
      {
        source: "web",
        sourceKind: "browser",
        protocol: "segment",
        receivedAt,
        events: [{ event }],
        failures: [],
      },
      30,
    );
    const { lines, counts } = transform(item === undefined ? [] : [record(item)]);
    expect(lines.events).toEqual([]);
    expect(parsed(lines.failed)).toEqual([
      expect.objectContaining({
        reason: "line_too_large",
        stage: "transform",
        batch_id: item?.sk.split("#")[1],
        received_at: "2026-11-01 10:00:10.000",
        payload: expect.stringMatching(/^\{"event_id":"large"/),
      }),
    ]);
    expect(counts).toMatchObject({ stored: 1, transformed: 0, failed: 1 });
  });
});

describe("an item stored again", () => {
  it("is noted as duplicates, and its events go nowhere", () => {
    const [item] = itemsOfMessages(message(), message({ messageId: "m2" }));
    const { lines, counts } = transform(item === undefined ? [] : [record(item, "MODIFY")]);
    expect(lines.events).toEqual([]);
    expect(parsed(lines.raw)).toEqual([
      {
        op: "MODIFY",
        pk: "anon",
        sk: item?.sk,
        kind: "events",
        source: "web",
        received_at: receivedAt.toISOString(),
        count: 2,
      },
    ]);
    expect(counts).toMatchObject({ stored: 0, transformed: 0, duplicates: 2 });
  });
});

describe("an item removed", () => {
  it("is nothing to transform", () => {
    const { lines } = transform([{ change: "REMOVE", sequenceNumber: "1", newImage: {} }]);
    expect(lines).toEqual({ raw: [], events: [], failed: [] });
  });
});

describe("a record that cannot be read", () => {
  it.each([
    ["without the attributes of an item", poisonRecord()],
    ["with a body that is damaged", record({ ...pageItem("x"), codec: 1, body: Buffer.from("damaged") })],
    ["with a body of an unknown codec", record({ ...pageItem("x"), codec: 9, body: Buffer.from("damaged") })],
    ["with a body that is no text of its kind", record({ ...pageItem("x"), body: "{}" })],
  ])("%s is reported, and all before it is done", (_, poison) => {
    const before = record(pageItem("before"));
    const outcome = transform([before, poison, record(pageItem("after"))]);
    expect(outcome.poison).toMatchObject({ sequenceNumber: poison.sequenceNumber, error: expect.anything() });
    expect(parsed(outcome.lines.events).map(({ event_id }) => event_id)).toEqual(["before"]);
    expect(outcome.lines.raw).toHaveLength(1);
    expect(outcome.counts).toMatchObject({ stored: 1, transformed: 1, poison: 1 });
  });
});

describe("an event that breaks the tracking plan", () => {
  const items = itemsOfMessages(
    message({ messageId: "broken", event: "Bought", properties: { price: "7" } }),
    message({ messageId: "kept", event: "Bought", properties: { order: "o-1", price: 7 } }),
  ).map((item) => record(item));
  const held = (policies: PlanPolicies) => transformWith(items, enrichAll, { plan: boughtPlan, policies });

  it("is flagged, and the others are not", () => {
    const { lines, counts } = held({});
    const [broken, kept] = parsed(lines.events);
    expect(broken).toMatchObject({
      event_id: "broken",
      plan_version: 2,
      violations: [
        { path: "/properties/order", must: "be there" },
        { path: "/properties/price", must: "be number", got: '"7"' },
      ],
    });
    expect(kept).toMatchObject({ event_id: "kept", plan_version: 2 });
    expect(kept).not.toHaveProperty("violations");
    expect(counts).toMatchObject({ stored: 2, transformed: 2, failed: 0, violations: 1 });
  });

  it("is held to the version that its client claims", () => {
    const claiming = itemsOfMessages(
      ...[1, 2].map((event_version) =>
        message({
          messageId: `claims ${event_version}`,
          event: "Bought",
          properties: {},
          context: { protocols: { event_version } },
        }),
      ),
    ).map((item) => record(item));
    const { lines } = transformWith(claiming, enrichAll, { plan: boughtPlan, policies: {} });
    expect(
      parsed(lines.events).map(({ plan_version, violations }) => [plan_version, violations?.length]),
    ).toEqual([
      [1, undefined],
      [2, 2],
    ]);
  });

  it("becomes a failed event, whole and with its reason, where its source wants that", () => {
    const { lines, counts } = held({ web: { violations: "reject" } });
    expect(parsed(lines.events).map(({ event_id }) => event_id)).toEqual(["kept"]);
    const [failed] = parsed(lines.failed);
    expect(failed).toMatchObject({
      reason: "breaks_plan",
      stage: "transform",
      source: "web",
      message:
        'The event breaks the tracking plan: /properties/order must be there; /properties/price must be number, got "7"',
    });
    expect(JSON.parse(failed.payload)).toMatchObject({
      event_id: "broken",
      event_name: "Bought",
      properties: { price: "7" },
    });
    expect(counts).toMatchObject({ stored: 2, transformed: 1, failed: 1, violations: 0 });
  });
});
