import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { cloud, count, json, until } from "./verb";

interface Status {
  readonly collectorUrl: string;
  readonly writeKey: string;
}

const MINUTES = 60_000;
let status: Status;
beforeAll(async () => {
  status = await json<Status>("status");
}, MINUTES);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(new URL(path, status.collectorUrl), {
    method: "POST",
    body: typeof body === "string" ? body : new Uint8Array(body),
    headers: { authorization: `Basic ${Buffer.from(`${status.writeKey}:`).toString("base64")}`, ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const event = (members: object = {}): string =>
  JSON.stringify({ type: "track", event: "Test", anonymousId: "a", messageId: randomUUID(), ...members });

describe("the collector, through its function URL", () => {
  it.each([
    ["a body that is not JSON", () => post("v1/batch", "not json"), 400],
    ["a body over 500 KB", () => post("v1/batch", `{"batch":[${event({ x: "y".repeat(600_000) })}]}`), 400],
    [
      "a gzip bomb",
      () => post("v1/batch", gzipSync(Buffer.alloc(50_000_000, 32)), { "content-encoding": "gzip" }),
      400,
    ],
    [
      "an unknown write key",
      () => post("v1/track", event(), { authorization: `Basic ${btoa("nobody:")}` }),
      401,
    ],
    ["no write key", () => post("v1/track", event(), { authorization: "" }), 401],
    ["another path", () => post("v2/track", event()), 404],
    ["an event", () => post("v1/track", event()), 200],
  ])("answers %s as it must", async (_, send, expected) => {
    expect((await send()).status).toBe(expected);
  });

  it("says that it is well", async () => {
    const answer = await fetch(new URL("healthz", status.collectorUrl));
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  });

  it.each([
    ["v1/t", "content-type"],
    ["v1/batch", "anonymousid,authorization,content-type,sentat"],
    ["com.snowplowanalytics.snowplow/tp2", "content-type,sp-anonymous"],
    ["collect?appId=a", "content-type,user-agent"],
  ])("lets pages of any origin send to %s with %s", async (path, requested) => {
    const origin = "https://www.example.com";
    const answer = await fetch(new URL(path, status.collectorUrl), {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": requested,
      },
    });
    expect(answer.ok).toBe(true);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    expect(Number(answer.headers.get("access-control-max-age"))).toBeGreaterThan(0);
    const allowed = answer.headers.get("access-control-allow-headers")?.toLowerCase().split(/, ?/) ?? [];
    expect(allowed).toEqual(expect.arrayContaining(requested.split(",")));
  });

  it("tells a page of its origin what became of its events", async () => {
    const { headers } = await post("v1/track", event(), { origin: "https://www.example.com" });
    expect(headers.get("access-control-allow-origin")).toBe("https://www.example.com");
    expect(headers.get("access-control-expose-headers")).toBe("retry-after");
  });

  it("answers a pixel with a GIF", async () => {
    const query = new URLSearchParams({ e: "pv", aid: status.writeKey, eid: randomUUID(), tv: "x-1" });
    const answer = await fetch(new URL(`i?${query}`, status.collectorUrl));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/gif"]);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(Buffer.from(await answer.arrayBuffer()).toString("latin1", 0, 6)).toBe("GIF89a");
  });

  it(
    "keeps the good events of a batch, and the bad one as a failed event",
    async () => {
      const mark = randomUUID();
      const answer = await post(
        "v1/batch",
        `{"batch":[${event({ event: mark })},${JSON.stringify({ type: "track", event: mark, messageId: mark })},${event({ event: mark })}]}`,
      );
      expect(answer).toMatchObject({ status: 200, body: { accepted: 2, failed: 1 } });
      await until(
        "all three are in the warehouse",
        async () => {
          const good = await count(`select count(*) from events where event_name = '${mark}'`);
          const bad = await count(
            `select count(*) from failed_events where reason = 'missing_identity' and payload like '%${mark}%'`,
          );
          return good === 2 && bad === 1;
        },
        180,
      );
    },
    4 * MINUTES,
  );

  it(
    "stores a retry once, though its time of sending differs",
    async () => {
      const mark = randomUUID();
      const message = {
        type: "track",
        event: mark,
        anonymousId: "a",
        messageId: mark,
        timestamp: "2026-11-01T10:00:00.000Z",
      };
      for (const sentAt of ["2026-11-01T10:00:01.000Z", "2026-11-01T10:00:31.000Z"])
        expect((await post("v1/batch", JSON.stringify({ batch: [message], sentAt }))).status).toBe(200);
      await until(
        "it is in the warehouse",
        async () => (await count(`select count(*) from events where event_id = '${mark}'`)) > 0,
        180,
      );
      expect(await count(`select count(*) from events where event_id = '${mark}'`)).toBe(1);
    },
    4 * MINUTES,
  );

  it(
    "acknowledges nothing while the store does not answer, and says when to come again",
    async () => {
      const store = cloud().processes.find(({ name }) => name === "ministack")?.pid;
      if (store === undefined) throw new Error("the store does not run");
      process.kill(store, "SIGSTOP");
      try {
        const answer = await post("v1/track", event());
        expect(answer.status).toBe(503);
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      } finally {
        process.kill(store, "SIGCONT");
      }
      await until("it is taken again", async () => (await post("v1/track", event())).status === 200);
    },
    2 * MINUTES,
  );
});
