import type { CollectRequest } from "../../../handlers/collect/collect";
import { TRACKER_PATH } from "../../../handlers/collect/snowplow/endpoints";
import type { FailedEvent } from "../../../handlers/event/event";
import { eventsOf } from "../../../handlers/event/stored/item";
import { collectAgain } from "../../../handlers/replay/again";
import { basic, message, post, receivedAt, settings, stored } from "../collect/requests";

/** What is rejected for its size today, and taken tomorrow. */
const tight = { limits: { eventBytes: 300, bodyBytes: 4_000 } };
const text = "x".repeat(400);

/** The rejection of a request, by a collector that takes little. */
function rejection(body: unknown, over: Partial<CollectRequest> = {}, limits = tight.limits): FailedEvent {
  const { failures, events } = stored(post(body, over, { limits }));
  const [failure] = failures;
  if (failure === undefined || failures.length > 1 || events.length > 0)
    throw new Error(`expected one rejection, got ${JSON.stringify({ failures, events })}`);
  return failure;
}

const again = (failure: FailedEvent) => collectAgain(failure, settings)?.flatMap(eventsOf);

const large = message({ properties: { text }, timestamp: "2026-11-01T09:00:00.000Z" });
const { type: _, ...untyped } = large;

describe("a rejected event that the collector takes now", () => {
  it.each([
    ["of Segment's batch", { batch: [large] }, {}],
    ["of Segment's own address for its type", untyped, { path: "/v1/track" }],
    ["of an import", { batch: [large] }, { path: "/v1/import" }],
  ])("is what it would have been then: %s", (_name, body, over) => {
    const events = again(rejection(body, over));
    expect(events).toEqual(
      // What the request alone told, the visitor's network, is not kept with a rejection.
      stored(post(body, over)).events.map(({ batch_id: _batch, ip_network: _network, ...event }) =>
        expect.objectContaining({ ...event, received_at: receivedAt.toISOString() }),
      ),
    );
    expect(events).toHaveLength(1);
  });

  it.each([
    ["identify", { userId: "u", traits: { text } }],
    ["group", { userId: "u", groupId: "g", traits: { text } }],
    ["alias", { userId: "u", previousId: "p", context: { text } }],
    ["page", { anonymousId: "a", name: "Home", properties: { text } }],
  ])("of an address for a type is told by what it has: %s", (type, body) => {
    const failure = rejection({ ...body, messageId: "m" }, { path: `/v1/${type}` });
    expect(again(failure)).toEqual([expect.objectContaining({ event_type: type, event_id: "m" })]);
  });

  it("of Snowplow's trackers is one again, whoever names its source", () => {
    const event = { e: "se", eid: "s1", aid: "web-key", duid: "d", se_ca: "c", se_ac: text, p: "web" };
    const headers = {};
    const body = { schema: "iglu:x", data: [event] };
    const failure = rejection(body, { path: TRACKER_PATH, headers });
    expect(again(failure)).toEqual([expect.objectContaining({ event_id: "s1", protocol: "snowplow" })]);
    const byHeader = { path: TRACKER_PATH, headers: { authorization: basic("web-key") } };
    const { aid: _aid, ...keyless } = event;
    expect(again(rejection({ ...body, data: [keyless] }, byHeader))).toEqual([
      expect.objectContaining({ event_id: "s1", anonymous_id: "d" }),
    ]);
    const query = new URLSearchParams(event).toString();
    const pixel = { method: "GET", path: "/i", headers, query, body: undefined } as Partial<CollectRequest>;
    expect(again(rejection(undefined, pixel))).toEqual([expect.objectContaining({ event_id: "s1" })]);
  });

  it("of AWS's Clickstream SDKs is one again", () => {
    const event = {
      ...{ event_type: "bought", event_id: "c1", device_id: "d", unique_id: "u", app_id: "web-key" },
      ...{ timestamp: receivedAt.getTime(), platform: "Web", attributes: { text } },
    };
    const over = { path: "/collect", query: "appId=web-key", headers: {} };
    expect(again(rejection([event], over))).toEqual([
      expect.objectContaining({ event_id: "c1", event_name: "bought", protocol: "clickstream" }),
    ]);
  });

  it("stands under its rejection's id, the same each time", () => {
    const failure = rejection({ batch: [large] });
    const [item] = collectAgain(failure, settings) ?? [];
    expect(item?.sk).toBe(`2026-11-01T09:00:00.000Z#${failure.failed_id}`);
    expect(collectAgain(failure, settings)).toEqual([item]);
  });

  it("may be a whole body, its events still told apart", () => {
    const body = { batch: [large, message({ messageId: "m2", anonymousId: "other" })] };
    const failure = rejection(body, {}, { eventBytes: 4_000, bodyBytes: 300 });
    expect(failure.reason).toBe("body_too_large");
    const items = collectAgain(failure, settings) ?? [];
    expect(items.flatMap(eventsOf).map(({ event_id }) => event_id)).toEqual(["m1", "m2"]);
    expect(new Set(items.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(items.length);
  });
});

describe("a rejected event that is none still", () => {
  it.each([
    ["it is what it was", rejection({ batch: [message({ anonymousId: null })] })],
    ["its source is gone", { ...rejection({ batch: [large] }), source: "gone" }],
    ["its body cannot be read", rejection("{torn")],
    [
      "the importer rejected it",
      rejection({ batch: [{ type: "unreadable", messageId: "l", message: "why", payload: "a line" }] }),
    ],
    [
      "it is not text",
      { ...rejection({ batch: [large] }), payload: "AAEC", payload_encoding: "base64" as const },
    ],
  ])("says so: %s", (_name, failure) => {
    expect(collectAgain(failure, settings)).toBeUndefined();
  });
});
