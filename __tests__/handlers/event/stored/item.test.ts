import fc from "fast-check";
import { storedFailure } from "../../../../handlers/event/failure";
import { itemOfRaw, type RawLine, rawInsert, rawModify } from "../../../../handlers/event/lake";
import { fromImage, toAttributes } from "../../../../handlers/event/stored/attributes";
import {
  batchIdOfKey,
  type Decoded,
  type DecodedEvent,
  eachEvent,
  eventsOf,
  eventTableOf,
  failuresOf,
  itemsOf,
  type StoredItem,
} from "../../../../handlers/event/stored/item";
import { typicalEvents } from "../typical";

const receivedAt = new Date("2026-11-01T10:01:00.000Z");

function request(over: Partial<Decoded> = {}): Decoded {
  return {
    source: "web",
    sourceKind: "browser",
    protocol: "segment",
    receivedAt,
    events: [],
    failures: [],
    ...over,
  };
}

function event(id: string, over: Partial<DecodedEvent["event"]> = {}, clientTime?: string): DecodedEvent {
  return {
    event: {
      event_id: id,
      event_type: "track",
      event_time: "2026-11-01T10:00:00.000Z",
      anonymous_id: "a",
      ...over,
    },
    ...(clientTime === undefined ? {} : { clientTime }),
  };
}

/** The item as a stream carries it to a function. */
function image(item: StoredItem) {
  return Object.fromEntries(
    Object.entries(toAttributes(item)).map(([name, value]) => [
      name,
      value.B === undefined ? (value as { S: string }) : { B: Buffer.from(value.B).toString("base64") },
    ]),
  );
}

describe("a request's items", () => {
  it("are one per visitor for a browser's source", () => {
    const events = [
      event("1"),
      event("2", { anonymous_id: "b" }),
      event("3"),
      event("4", { anonymous_id: undefined as never, user_id: "u" }),
    ];
    const items = itemsOf(request({ events }), 30);
    expect(items.map(({ pk, count }) => [pk, count])).toEqual([
      ["a", 2],
      ["b", 1],
      ["user:u", 1],
    ]);
  });

  it("are one for a server's source, however many visitors it names", () => {
    const events = Array.from({ length: 20 }, (_, index) =>
      event(`e${index}`, { anonymous_id: `v${index}` }),
    );
    const [item, ...others] = itemsOf(request({ sourceKind: "server", events }), 30);
    expect(others).toEqual([]);
    expect(item?.pk).toMatch(/^request:[0-9a-f]{32}$/);
    expect(item?.count).toBe(20);
  });

  it("have a key that depends on the events alone", () => {
    const first = event("1", { sent_at: "2026-11-01T10:00:10.000Z" }, "2026-11-01T09:59:00.000Z");
    const second = event("2", {}, "2026-11-01T09:58:00.000Z");
    const again = { ...first, event: { ...first.event, sent_at: "2026-11-01T11:00:00.000Z" } };
    const [sent] = itemsOf(request({ events: [first, second] }), 30);
    const [retried] = itemsOf(
      request({ events: [second, again], receivedAt: new Date("2026-11-01T11:00:00Z") }),
      60,
    );
    expect(sent?.sk).toMatch(/^2026-11-01T09:58:00\.000Z#[0-9a-f]{32}$/);
    expect([retried?.pk, retried?.sk]).toEqual([sent?.pk, sent?.sk]);
    expect(retried?.received_at).not.toBe(sent?.received_at);
  });

  it("know how many, from when to when, whose, and until when", () => {
    const events = [
      event("1", { user_id: "u" }, "2026-11-01T09:59:00.000Z"),
      event("2", { user_id: "u" }, "2026-11-01T09:58:00.000Z"),
    ];
    expect(itemsOf(request({ events }), 30)[0]).toMatchObject({
      kind: "events",
      count: 2,
      first_time: "2026-11-01T09:58:00.000Z",
      last_time: "2026-11-01T09:59:00.000Z",
      user_id: "u",
      source: "web",
      protocol: "segment",
      received_at: "2026-11-01T10:01:00.000Z",
      expires_at: Date.parse("2026-12-01T10:01:00.000Z") / 1000,
    });
  });

  it("hold accepted and failed events of one request apart", () => {
    const failure = storedFailure({
      source: "web",
      stage: "collect",
      reason: "missing_identity",
      payload: "{}",
      identity: "x",
    });
    const items = itemsOf(request({ events: [event("1")], failures: [failure] }), 30);
    expect(items.map(({ kind, count }) => [kind, count])).toEqual([
      ["events", 1],
      ["failed", 1],
    ]);
    const [, failed] = items;
    expect(failed && failuresOf(failed)).toEqual([
      {
        ...failure,
        batch_id: batchIdOfKey(failed?.sk ?? ""),
        received_at: receivedAt.toISOString(),
        source: "web",
        protocol: "segment",
      },
    ]);
    expect(() => failed && eventsOf(failed)).toThrow("holds no events");
  });

  it("are split where one would be too large for the table, and lose nothing", () => {
    let state = 7;
    const noise = (length: number): string =>
      Array.from({ length }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return String.fromCodePoint(0x4e00 + (state % 20_000));
      }).join("");
    const events = Array.from({ length: 12 }, (_, index) =>
      event(`e${index}`, { properties: { blob: noise(20_000) } }, `2026-11-01T10:00:${10 + index}.000Z`),
    );
    const items = itemsOf(request({ events }), 30);
    expect(items.length).toBeGreaterThan(1);
    for (const { body } of items) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(380 * 1024);
    expect(new Set(items.map(({ sk }) => sk)).size).toBe(items.length);
    expect(items.flatMap(eventsOf).map((row) => row.event_id)).toEqual(
      events.map((row) => row.event.event_id),
    );
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });

  it("are read back whole from the table's stream and from the raw lake", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.jsonValue(), (count, extra) => {
        const events = typicalEvents(count).map((typical) => ({
          event: { ...typical, context: { extra: extra as never } },
        }));
        for (const item of itemsOf(request({ events }), 30)) {
          const streamed = fromImage(image(item));
          const line = JSON.parse(JSON.stringify(rawInsert(streamed))) as Extract<RawLine, { op: "INSERT" }>;
          expect(itemOfRaw(line)).toEqual(streamed);
          for (const stored of [streamed, itemOfRaw(line)])
            expect(JSON.parse(JSON.stringify(eventsOf(stored)))).toEqual(
              events.map(({ event: typical }) => ({
                ...JSON.parse(JSON.stringify(typical)),
                batch_id: batchIdOfKey(item.sk),
                received_at: receivedAt.toISOString(),
                source: "web",
                protocol: "segment",
                schema_version: 1,
              })),
            );
          // A column that is null is undefined in them, and absent from the others.
          const shown: object[] = [];
          eachEvent(eventTableOf(streamed), (event) => shown.push({ ...event }));
          expect(shown).toEqual(eventsOf(streamed));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("leave a line without a body when they are stored again", () => {
    const [item] = itemsOf(request({ events: [event("1")] }), 30);
    expect(item && rawModify(item)).toEqual({
      op: "MODIFY",
      pk: "a",
      sk: item?.sk,
      kind: "events",
      source: "web",
      received_at: receivedAt.toISOString(),
      count: 1,
    });
  });
});

describe("an image that no collector wrote", () => {
  it("is refused by the names it lacks", () => {
    expect(() => fromImage({ pk: { S: "a" }, sk: { S: "b" } })).toThrow(
      "a stored item lacks kind, source, protocol, received_at",
    );
  });
});
