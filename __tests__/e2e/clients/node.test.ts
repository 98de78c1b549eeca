import { randomUUID } from "node:crypto";
import Rudder from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import {
  buildEcommerceTransaction,
  buildPageView,
  buildScreenView,
  buildSelfDescribingEvent,
  buildStructEvent,
  newTracker,
} from "@snowplow/node-tracker";
import { environments } from "../../../stacks/config";
import { cloud, json, until } from "../verb";
import { type Relay, relayTo } from "./relay";

const MINUTES = 60_000;
const [writeKey] = environments.local.writeKeys.server;

let collectorUrl: string;
beforeAll(async () => {
  collectorUrl = (await json<{ collectorUrl: string }>("status")).collectorUrl;
}, MINUTES);

let relay: Relay | undefined;
afterEach(() => relay?.close());

/** Rows of the warehouse, once there are as many; each as its values in the order of the columns. */
async function rowsOf(columns: string, where: string, count: number): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  await until(
    `${count} rows are in the warehouse`,
    async () => {
      const sql = `select ${columns} from events where ${where} order by event_type, event_name`;
      ({ rows } = await json<{ rows: unknown[][] }>("query", sql));
      return rows.length >= count;
    },
    240,
  );
  return rows;
}

/** How many events the table was given again, under the keys that they had. */
async function retried(): Promise<number> {
  return (await json<{ duplicate: number }>("balance")).duplicate;
}

/**
 * Snowplow's tracker keeps what it could not send, and tries it again with the next event, or when it is told.
 * @returns how to stop telling it.
 */
function keepTelling(tracker: { flush: () => void }): () => void {
  const timer = setInterval(() => tracker.flush(), 1_000);
  return () => clearInterval(timer);
}

/** Runs what sends events while the answer to the first request is lost, and tells how many came again. */
async function withLostAnswer(
  send: (url: string) => Promise<(() => void) | undefined>,
): Promise<{ path: string; again: number }> {
  const before = await retried();
  const between = await relayTo(collectorUrl, 1);
  relay = between;
  const stop = await send(between.url);
  await until("the client has sent again", () => between.answers.some(({ told }) => told));
  stop?.();
  let again = 0;
  await until(
    "what came again is counted",
    async () => {
      again = (await retried()) - before;
      return again > 0;
    },
    240,
  );
  return { path: between.answers[0]?.path ?? "", again };
}

describe("@segment/analytics-node", () => {
  it(
    "sends every type of event; a batch that comes again with another sentAt is the same",
    async () => {
      const user = randomUUID();
      const { path, again } = await withLostAnswer(async (host) => {
        const analytics = new Analytics({ writeKey, host, maxEventsInBatch: 6, flushInterval: 5_000 });
        analytics.track({
          userId: user,
          event: "Order Completed",
          properties: { revenue: 39.95, currency: "eur", products: [{ sku: "a" }] },
          context: { ip: "203.0.113.99", locale: "de-DE", device: { id: "d1" } },
        });
        analytics.page({
          userId: user,
          name: "Home",
          properties: { url: "https://e.example/a?utm_source=x" },
        });
        analytics.screen({ userId: user, anonymousId: "phone", name: "Cart" });
        analytics.identify({ userId: user, traits: { plan: "gold" } });
        analytics.group({ userId: user, groupId: "acme", traits: { seats: 5 } });
        analytics.alias({ userId: user, previousId: "old" });
        await analytics.closeAndFlush();
        return undefined;
      });
      expect([path, again]).toEqual(["/v1/batch", 6]);
      const rows = await rowsOf(
        "event_type, event_name, anonymous_id, group_id, previous_id, revenue, currency, locale, ip_network, page_path, campaign_source, json_serialize(properties), json_serialize(context), source, protocol, sdk_name",
        `user_id = '${user}'`,
        6,
      );
      const library = ["server", "segment", "@segment/analytics-node"];
      expect(rows).toEqual([
        ["alias", null, null, null, "old", null, null, null, null, null, null, null, null, ...library],
        [
          "group",
          null,
          null,
          "acme",
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          '{"seats":5}',
          null,
          ...library,
        ],
        [
          "identify",
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          '{"plan":"gold"}',
          null,
          ...library,
        ],
        [
          ...["page", "Home", null, null, null, null, null, null, null, "/a", "x"],
          ...['{"url":"https://e.example/a?utm_source=x"}', null, ...library],
        ],
        ["screen", "Cart", "phone", null, null, null, null, null, null, null, null, null, null, ...library],
        [
          ...["track", "Order Completed", null, null, null, expect.anything(), "EUR", "de-DE"],
          ...["203.0.113.0/24", null, null],
          ...['{"revenue":39.95,"currency":"eur","products":[{"sku":"a"}]}', '{"device":{"id":"d1"}}'],
          ...library,
        ],
      ]);
      expect(Number(rows[5]?.[5])).toBe(39.95);
    },
    8 * MINUTES,
  );
});

describe("@rudderstack/rudder-sdk-node", () => {
  it(
    "sends gzip; a batch that comes again is the same",
    async () => {
      const user = randomUUID();
      const { path, again } = await withLostAnswer(async (dataPlaneUrl) => {
        const rudder = new Rudder(writeKey, { dataPlaneUrl, flushAt: 20, flushInterval: 60_000 });
        // It sends the first event at once, and the others when it is told.
        rudder.identify({ userId: user, traits: { email: "someone@example.com" } });
        await until("the first event is sent", () => (relay?.answers.length ?? 0) > 0);
        rudder.track({ userId: user, event: "Signed Up", properties: { plan: "gold" } });
        rudder.group({ userId: user, groupId: "acme" });
        await rudder.flush();
        return undefined;
      });
      expect([path, again]).toEqual(["/v1/batch", 1]);
      const rows = await rowsOf(
        "event_type, event_name, group_id, json_serialize(properties), json_serialize(context), sent_at is not null, source, protocol, sdk_name",
        `user_id = '${user}'`,
        3,
      );
      const library = [true, "server", "segment", "analytics-node"];
      expect(rows).toEqual([
        ["group", null, "acme", null, '{"top_level":{"channel":"server"}}', ...library],
        ["identify", null, null, '{"email":"someone@example.com"}', expect.anything(), ...library],
        ["track", "Signed Up", null, '{"plan":"gold"}', '{"top_level":{"channel":"server"}}', ...library],
      ]);
    },
    8 * MINUTES,
  );
});

describe("@snowplow/node-tracker", () => {
  const columns =
    "event_type, event_name, anonymous_id, session_id, page_url, page_title, referrer_url, user_agent, screen_width, revenue, currency, json_serialize(properties), source, protocol, sdk_name";

  it.each([
    ["post", true, "/com.snowplowanalytics.snowplow/tp2"],
    ["get", false, "/i"],
  ] as const)(
    "sends by %s (base64: %p); an event that comes again with another stm is the same",
    async (eventMethod, encodeBase64, expected) => {
      const user = randomUUID();
      const { path, again } = await withLostAnswer(async (endpoint) => {
        const tracker = newTracker(
          { namespace: "sp", appId: writeKey, encodeBase64 },
          { endpoint, eventMethod, bufferSize: 5 },
        );
        tracker.setUserId(user);
        tracker.setDomainUserId("visitor");
        tracker.setSessionId("session");
        tracker.setScreenResolution("1920", "1080");
        tracker.setUseragent("Agent/1");
        const entity = { schema: "iglu:com.acme/entity/jsonschema/1-0-0", data: { a: [1] } };
        const page = { pageUrl: "https://e.example/a", pageTitle: "A", referrer: "https://r.example/" };
        tracker.track(buildPageView(page), [entity]);
        tracker.track(buildScreenView({ id: "s1", name: "Cart" }));
        tracker.track(buildStructEvent({ category: "video", action: "play", value: 1.5 }));
        tracker.track(
          buildSelfDescribingEvent({
            event: { schema: "iglu:com.acme/signed_up/jsonschema/1-0-0", data: { plan: { name: "gold" } } },
          }),
        );
        tracker.track(buildEcommerceTransaction({ orderId: "o1", total: 59.5, currency: "EUR" }));
        return keepTelling(tracker);
      });
      expect(path.split("?")[0]).toBe(expected);
      expect(again).toBe(eventMethod === "post" ? 5 : 1);
      const rows = await rowsOf(columns, `user_id = '${user}'`, 5);
      const visitor = ["visitor", "session"];
      const none = [null, null, null];
      const device = ["Agent/1", 1920];
      const origin = ["server", "snowplow", "node"];
      expect(rows).toEqual([
        [
          ...["page", null, ...visitor, "https://e.example/a", "A", "https://r.example/", ...device],
          ...[null, null, null, ...origin],
        ],
        [
          ...["screen", "Cart", ...visitor, ...none, ...device, null, null],
          ...[expect.stringContaining('"name":"Cart"'), ...origin],
        ],
        [
          ...["track", "play", ...visitor, ...none, ...device, null, null],
          ...['{"category":"video","action":"play","value":1.5}', ...origin],
        ],
        [
          ...["track", "signed_up", ...visitor, ...none, ...device, null, null],
          ...['{"plan":{"name":"gold"}}', ...origin],
        ],
        [
          ...["track", "transaction", ...visitor, ...none, ...device, expect.anything(), "EUR"],
          ...['{"order_id":"o1","total":59.5,"currency":"EUR"}', ...origin],
        ],
      ]);
      const [page] = await rowsOf(
        "json_serialize(context)",
        `user_id = '${user}' and event_type = 'page'`,
        1,
      );
      expect(JSON.parse(String(page?.[0]))).toMatchObject({
        app_id: writeKey,
        platform: "srv",
        contexts: [{ schema: "iglu:com.acme/entity/jsonschema/1-0-0", data: { a: [1] } }],
      });
    },
    8 * MINUTES,
  );
});

describe("while the store does not answer", () => {
  it(
    "all of them try again, and each event arrives once",
    async () => {
      const user = randomUUID();
      const between = await relayTo(collectorUrl);
      relay = between;
      const store = cloud().processes.find(({ name }) => name === "ministack")?.pid;
      if (store === undefined) throw new Error("the store does not run");
      const analytics = new Analytics({ writeKey, host: between.url, httpRequestTimeout: 60_000 });
      const rudder = new Rudder(writeKey, { dataPlaneUrl: between.url });
      const tracker = newTracker({ namespace: "sp", appId: writeKey }, { endpoint: between.url });
      tracker.setUserId(user);
      process.kill(store, "SIGSTOP");
      try {
        analytics.track({ userId: user, event: "segment" });
        rudder.track({ userId: user, event: "rudder" });
        tracker.track(buildStructEvent({ category: "c", action: "snowplow" }));
        await until(
          "all of them are told to come again",
          () => between.answers.filter(({ status }) => status === 503).length >= 3,
        );
      } finally {
        process.kill(store, "SIGCONT");
      }
      const stop = keepTelling(tracker);
      const rows = await rowsOf(
        "event_name, count(*)",
        `user_id = '${user}' group by event_name, event_type`,
        3,
      );
      expect(rows.map(([name, count]) => [name, Number(count)])).toEqual([
        ["rudder", 1],
        ["segment", 1],
        ["snowplow", 1],
      ]);
      stop();
      await analytics.closeAndFlush();
    },
    10 * MINUTES,
  );
});
