import type { LambdaFunctionURLEvent } from "aws-lambda";
import type { CollectSettings } from "../../../handlers/collect/collect";
import { collectHandler } from "../../../handlers/collect/handler";
import type { Store } from "../../../handlers/collect/store";
import { Metrics } from "../../../handlers/metrics";
import { basic, message, receivedAt, settings } from "./requests";

function setUp(store: Store, remainingMs = 3_000, other: Partial<CollectSettings> = {}) {
  const metrics: string[] = [];
  const log = jest.fn();
  const handler = collectHandler({
    ...settings,
    ...other,
    store,
    log,
    metrics: new Metrics("collect", 0, (line) => metrics.push(line)),
    now: () => receivedAt,
    sleep: async () => {},
    random: () => 0,
  });
  const call = (event: LambdaFunctionURLEvent) =>
    handler(event, { getRemainingTimeInMillis: () => remainingMs });
  const counted = () => JSON.parse(metrics.join("") || "{}");
  return { call, counted, log };
}

/** An event of a function URL, payload format 2.0. */
function urlEvent(path: string, body: object | undefined, method = "POST"): LambdaFunctionURLEvent {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { authorization: basic("web-key"), "user-agent": "Agent/1" },
    requestContext: {
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "198.51.100.77", userAgent: "Agent/1" },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as LambdaFunctionURLEvent;
}

const mixed = { batch: [message(), message({ messageId: "m2", anonymousId: null })] };

describe("the collector's handler", () => {
  it("hands the function URL's cookies over, and sets one once all is stored", async () => {
    const idCookie = { name: "cs_id", maxAgeSeconds: 86_400, overrides: false };
    const event = urlEvent("/v1/batch", { batch: [message({ anonymousId: null })] });
    const cookies = ["a=b", "cs_id=kept-id"];
    const stored = setUp(async () => {}, 3_000, { idCookie });
    expect(await stored.call({ ...event, cookies })).toMatchObject({
      statusCode: 200,
      cookies: ["cs_id=kept-id; Path=/; Max-Age=86400; SameSite=Lax; Secure"],
    });
    const throttled = setUp(() => Promise.reject(new Error("throttled")), 3_000, { idCookie });
    const refused = await throttled.call({ ...event, cookies });
    expect(refused).toMatchObject({ statusCode: 503 });
    expect(refused).not.toHaveProperty("cookies");
  });

  it("answers 200 only after accepted and failed events alike are stored", async () => {
    let finish = (): void => {};
    const kinds: string[] = [];
    const { call, counted } = setUp((items) => {
      kinds.push(...items.map(({ kind }) => kind));
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    let isAnswered = false;
    const answer = call(urlEvent("/v1/batch", mixed)).finally(() => {
      isAnswered = true;
    });
    await new Promise(setImmediate);
    expect(kinds).toEqual(["events", "failed"]);
    expect(isAnswered).toBe(false);
    finish();
    expect(await answer).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "application/json" },
      body: '{"success":true,"accepted":1,"failed":1,"duplicate":0,"reason":"missing_identity"}',
    });
    expect(counted()).toMatchObject({ accepted: 1, failed: 1 });
  });

  it("answers 503 and acknowledges nothing when the store does not take all of it", async () => {
    const cause = new Error("throttled");
    const { call, counted, log } = setUp(() => Promise.reject(cause));
    expect(await call(urlEvent("/v1/batch", mixed))).toMatchObject({
      statusCode: 503,
      headers: { "retry-after": "5" },
      body: expect.stringContaining('"error":"store_unavailable"'),
    });
    expect(counted()).toMatchObject({ store_unavailable: 1 });
    expect(counted()).not.toHaveProperty("accepted");
    expect(log).toHaveBeenCalledWith("store_unavailable", cause);
  });

  it("answers 503 even to a body it would refuse, when it cannot keep it", async () => {
    const { call } = setUp(() => Promise.reject(new Error("down")));
    const event = { ...urlEvent("/v1/batch", undefined), body: "not json" };
    expect(await call(event)).toMatchObject({ statusCode: 503 });
  });

  it("leaves the store some time less than the invocation has", async () => {
    let remaining = 0;
    const { call } = setUp(async (_, { remainingMs }) => {
      remaining = remainingMs();
    });
    await call(urlEvent("/v1/track", message()));
    expect(remaining).toBe(2_750);
  });

  it("gives up while the client still listens, however much time the function has", async () => {
    let remaining = 0;
    const store: Store = async (_, { remainingMs }) => {
      remaining = remainingMs();
    };
    const { call } = setUp(store, 60_000);
    await call(urlEvent("/v1/batch", mixed));
    expect(remaining).toBeLessThan(5_000);
  });

  it("answers without a body where there is nothing to say", async () => {
    const { call } = setUp(async () => {});
    expect(await call(urlEvent("/v1/track", undefined, "OPTIONS"))).toEqual({
      statusCode: 204,
      headers: { allow: "POST, OPTIONS" },
    });
  });
});
