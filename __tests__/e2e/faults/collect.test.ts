import { randomUUID } from "node:crypto";
import { json, verb } from "../verb";
import { expectAllStruck, MINUTES, Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
}, MINUTES);
afterEach(() => scene.faults.clear());

/** Sends one event, once. */
async function post(messageId: string): Promise<Response> {
  return fetch(new URL("v1/track", scene.collector.url), {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${scene.collector.writeKey}:`).toString("base64")}` },
    body: JSON.stringify({ event: "Test", anonymousId: "a", messageId }),
  });
}

const taken: string[] = [];

describe("the collector", () => {
  it.each([
    "dynamodb:BatchWriteItem=throttle",
    "dynamodb:BatchWriteItem=error",
    "dynamodb:BatchWriteItem=partial(1)",
    "dynamodb:BatchWriteItem=lost",
  ])(
    "acknowledges nothing under %s, says when to come again, and then takes the event",
    async (fault) => {
      const messageId = randomUUID();
      await scene.set(fault);
      const refused = await post(messageId);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expectAllStruck(await scene.struck());
      await scene.faults.clear();
      expect((await post(messageId)).status).toBe(200);
      taken.push(messageId);
    },
    MINUTES,
  );

  it(
    "has stored once what it acknowledged at last",
    async () => {
      expect(taken).toHaveLength(4);
      expect(await scene.copies(taken)).toEqual(taken.map(() => 1));
    },
    8 * MINUTES,
  );

  it(
    "gets everything into the warehouse once while its writes fail in part, twice over, late and without an answer",
    async () => {
      await scene.set(
        "dynamodb:BatchWriteItem/events=throttle@0.2",
        "dynamodb:BatchWriteItem/events=partial@0.3",
        "dynamodb:BatchWriteItem/events=lost@0.2",
        "dynamodb:BatchWriteItem/events=timeout(done,1s)@0.2",
        "dynamodb:BatchWriteItem/events=duplicate@0.3",
        "lambda:environment/collect=kill(3ms)#2..3",
      );
      const sent = await scene.send(30);
      expectAllStruck(await scene.struck());
      await scene.faults.clear();
      await scene.expectOnce(sent);
    },
    8 * MINUTES,
  );
});

describe("a fault that is set", () => {
  it(
    "stands in the status until it is cleared, and torture lists and clears it",
    async () => {
      await scene.set("ssm:GetParameters=throttle@0.5");
      expect(await json("status")).toMatchObject({
        ready: true,
        faults: [{ fault: "ssm:GetParameters=throttle@0.5", struck: 0 }],
      });
      expect((await verb("status")).stdout).toContain("ssm:GetParameters=throttle@0.5");
      expect(await json("torture", "--list")).toMatchObject({
        seed: 11,
        faults: [{ id: expect.any(Number) }],
      });
      expect((await verb("torture", "--clear")).stdout).toContain("No faults are set.");
      expect(await json("status")).toMatchObject({ faults: [] });
      const held = await verb("torture", "--fault", "ssm:GetParameters=slow(1ms)", "--for", "100ms");
      expect(held).toMatchObject({ code: 0, stdout: expect.stringContaining("ssm:GetParameters=slow(1ms)") });
      expect(await json("torture", "--list")).toMatchObject({ faults: [] });
    },
    MINUTES,
  );
});
