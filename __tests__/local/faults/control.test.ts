import { request } from "node:http";
import { FaultListener } from "../../../local/faults/client";
import { FAULTS_PATH } from "../../../local/faults/control";
import type { FaultList } from "../../../local/faults/keeper";
import { Bench } from "./bench";

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().open();
});
afterEach(() => bench.close());

/** A raw request: fetch does not let one choose these headers. */
function status(headers: Record<string, string>, method = "GET", body?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(new URL(FAULTS_PATH, bench.url), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(body);
  });
}

describe("the control interface", () => {
  it("lists, sets and clears faults, with the seed and how often each has struck", async () => {
    expect(await bench.control("")).toMatchObject({ faults: [] });
    expect(await bench.set("dynamodb:PutItem=throttle#1", "sqs:*=slow(1ms)")).toMatchObject({
      seed: 7,
      faults: [{ id: 1, fault: "dynamodb:PutItem=throttle#1", seen: 0, struck: 0 }, { id: 2 }],
    });
    expect(await bench.control("/1", "DELETE")).toMatchObject({ cleared: 1, faults: [{ id: 2 }] });
    expect(await bench.control("", "DELETE")).toMatchObject({ cleared: 1, faults: [] });
  });

  it("says what is wrong with a fault, a seed or a path", async () => {
    expect(await bench.set("dynamodb:PutItem=explode")).toMatchObject({
      error: expect.stringContaining("dynamodb:PutItem can have throttle"),
    });
    expect(await bench.control("", "POST", { faults: "x" })).toMatchObject({
      error: 'faults must be a list of texts, got "x"',
    });
    expect(await bench.control("", "POST", { faults: [], seed: 1.5 })).toMatchObject({
      error: "seed must be a whole number, got 1.5",
    });
    expect(await bench.control("/9", "DELETE")).toMatchObject({ error: "no fault has the id 9" });
    expect(await bench.control("/x", "PUT")).toMatchObject({ error: `there is no PUT ${FAULTS_PATH}/x` });
  });

  it("is not there for a web page: neither of another origin nor under another name of this machine", async () => {
    const { host } = new URL(bench.url);
    expect(await status({})).toBe(200);
    expect(await status({ host: `localhost:${new URL(bench.url).port}` })).toBe(200);
    expect(await status({ origin: `http://${host}` })).toBe(200);
    expect(await status({ host: "rebound.example" })).toBe(403);
    expect(await status({ host: "127.0.0.1.example" })).toBe(403);
    expect(await status({ origin: "https://evil.example" })).toBe(403);
    expect(await status({ origin: "null" })).toBe(403);
    expect(await status({ origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await status({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await status({ origin: "https://evil.example" }, "DELETE")).toBe(403);
    const text = JSON.stringify({ faults: ["dynamodb:PutItem=throttle"] });
    expect(await status({ "content-type": "text/plain" }, "POST", text)).toBe(400);
    expect(await bench.control("")).toMatchObject({ faults: [] });
  });

  it("tells a service that listens before it answers, and draws for what the service does", async () => {
    let changes = 0;
    const faults = new FaultListener(bench.url, "lambda", () => {
      changes += 1;
    });
    try {
      while (changes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await faults.draw("batch", "transform")).toBeUndefined();
      await bench.set("lambda:batch/transform=duplicate#1", "lambda:poller/load=stop");
      expect(faults.holds("poller", "load")).toBe(true);
      expect(faults.holds("poller", "transform")).toBe(false);
      expect(await faults.draw("batch", "aggregate")).toBeUndefined();
      expect(await faults.draw("batch", "transform")).toEqual({ kind: "duplicate" });
      expect(await faults.draw("batch", "transform")).toBeUndefined();
      const { faults: listed } = (await bench.control("")) as FaultList;
      expect(listed[0]).toMatchObject({ seen: 2, struck: 1 });
      await bench.control("", "DELETE");
      expect(faults.holds("poller", "load")).toBe(false);
    } finally {
      faults.close();
    }
  });

  it("leaves a service without faults once the gateway is gone", async () => {
    const faults = new FaultListener(bench.url, "lambda");
    try {
      while (!faults.holds("poller", "load")) {
        await bench.control("", "DELETE");
        await bench.set("lambda:poller=stop");
      }
      bench.close();
      while (faults.holds("poller", "load")) await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      faults.close();
    }
  });
});
