import { randomUUID } from "node:crypto";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { readOutputs, useLocalCloud } from "../../cli/environment";
import type { PlanPolicies } from "../../handlers/plan/plan";
import type { Outputs } from "../../stacks/outputs";
import { count, json, until } from "./verb";

const MINUTES = 60_000;

let outputs: Outputs;
beforeAll(async () => {
  useLocalCloud();
  outputs = await readOutputs("local");
}, MINUTES);

async function send(event: string, properties: object): Promise<string> {
  const messageId = randomUUID();
  const writeKey = outputs.sources.find(({ name }) => name === "server")?.writeKey;
  const answer = await fetch(new URL("v1/track", outputs.collectorUrl), {
    method: "POST",
    body: JSON.stringify({ writeKey, event, properties, messageId, anonymousId: messageId }),
  });
  expect(answer.status).toBe(200);
  return messageId;
}

const inTable = (table: "events" | "failed_events", where: string) =>
  until(
    `a row of ${table} where ${where}`,
    async () => (await count(`select count(*) from ${table} where ${where}`)) > 0,
  );

async function rows(sql: string): Promise<unknown[][]> {
  return (await json<{ rows: unknown[][] }>("query", sql)).rows;
}

/** Has the deployed transform treat a source so, as a deploy of such a configuration does. */
async function setPolicies(policies: PlanPolicies): Promise<void> {
  const lambda = new LambdaClient({});
  const FunctionName = outputs.functions.transform;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, PLAN_POLICIES: JSON.stringify(policies) };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
}

describe("a plan is inferred from what the warehouse has", () => {
  it(
    "with types, what is required, and lists of few texts",
    async () => {
      const name = `Inferred ${randomUUID()}`;
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          send(name, {
            size: index % 2 ? "S" : "M",
            price: index / 2,
            ...(index > 0 ? { first: false } : {}),
          }),
        ),
      );
      await until(
        "all are in the warehouse",
        async () => (await count(`select count(*) from events where event_name = '${name}'`)) === ids.length,
      );
      const { events } = await json<{ events: unknown[] }>(
        "schema",
        "--infer",
        "--event",
        name,
        "--since",
        "1h",
      );
      expect(events).toEqual([
        {
          event: name,
          owner: expect.any(String),
          description: expect.stringMatching(/^Inferred from 20 events of /),
          versions: {
            1: {
              properties: {
                type: "object",
                required: ["price", "size"],
                properties: {
                  first: { type: "boolean" },
                  price: { type: "number" },
                  size: { type: "string", enum: ["M", "S"] },
                },
              },
            },
          },
        },
      ]);
      const all = await json<{ events: { event: string }[] }>("schema", "--infer", "--since", "1h");
      const names = all.events.map(({ event }) => event);
      expect(names).toContain(name);
      // What is planned is looked at when it is asked for alone.
      expect(names).not.toContain("Product Viewed");
    },
    5 * MINUTES,
  );
});

describe("the deployed pipeline holds events to the tracking plan", () => {
  it(
    "flags what breaks it, where and how, and fills promoted columns",
    async () => {
      const order = `o-${randomUUID()}`;
      const kept = await send("Order Completed", { order_id: order, revenue: 79.5, currency: "EUR" });
      const broken = await send("Product Viewed", { price: "7" });
      await inTable("events", `event_id = '${kept}'`);
      await inTable("events", `event_id = '${broken}'`);
      expect(
        await rows(
          `select order_id, plan_version, violations is null from events where event_id = '${kept}'`,
        ),
      ).toEqual([[order, 2, true]]);
      expect(
        await rows(
          `select found.path::varchar, found.must::varchar, found.got::varchar from events, events.violations as found where event_id = '${broken}' order by 1`,
        ),
      ).toEqual([
        ["/properties/price", "be number", '"7"'],
        ["/properties/product", "be there", null],
      ]);
      const asked = await json<{ rows: unknown[][] }>("query", "--name", "violations");
      expect(asked.rows.map((row) => row.slice(0, 5))).toContainEqual([
        "Product Viewed",
        "server",
        1,
        "/properties/price",
        "be number",
      ]);
    },
    5 * MINUTES,
  );

  it(
    "makes failed events of what breaks it and of what it does not name, where a source is set so",
    async () => {
      let broken: string;
      let unplanned: string;
      const name = `Unplanned ${randomUUID()}`;
      await setPolicies({ server: { violations: "reject", unplanned: "reject" } });
      try {
        broken = await send("Product Viewed", { price: "7" });
        unplanned = await send(name, {});
        await inTable("failed_events", `payload like '%${broken}%'`);
        await inTable("failed_events", `payload like '%${unplanned}%'`);
      } finally {
        await setPolicies({});
      }
      const failed = (id: string) =>
        rows(`select stage, reason, message, source from failed_events where payload like '%${id}%'`);
      expect(await failed(broken)).toEqual([
        [
          "transform",
          "breaks_plan",
          'The event breaks the tracking plan: /properties/product must be there; /properties/price must be number, got "7"',
          "server",
        ],
      ]);
      expect(await failed(unplanned)).toEqual([
        [
          "transform",
          "unplanned_event",
          `The tracking plan does not name the event: /event_name must be an event of the tracking plan, got "${name}"`,
          "server",
        ],
      ]);
      expect(await count(`select count(*) from events where event_id in ('${broken}', '${unplanned}')`)).toBe(
        0,
      );
      const after = await send(name, {});
      await inTable("events", `event_id = '${after}'`);
    },
    8 * MINUTES,
  );

  it(
    "and balances with the failed ones counted",
    async () => {
      await until(
        "everything has arrived",
        async () => (await json<{ balanced: boolean }>("balance")).balanced,
      );
    },
    4 * MINUTES,
  );
});
