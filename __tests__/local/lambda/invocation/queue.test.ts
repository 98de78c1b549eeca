import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DestinationRecord } from "../../../../local/lambda/aws/destinations";
import { throttled } from "../../../../local/lambda/execution/concurrency";
import type { Invocation, InvocationResult } from "../../../../local/lambda/execution/invoker";
import { AsyncQueue } from "../../../../local/lambda/invocation/queue";
import type { EventInvokeConfig, LambdaStore } from "../../../../local/lambda/state";
import { configuration } from "../configuration";

let folder: string;
let queues: AsyncQueue[];
let invocations: Invocation[];
let delivered: [string, DestinationRecord][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-async-"));
  queues = [];
  invocations = [];
  delivered = [];
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  for (const queue of queues) queue.close();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const SUCCESS: InvocationResult = {
  requestId: "r",
  payload: Buffer.from('"done"'),
  executedVersion: "$LATEST",
};
const FAILURE: InvocationResult = {
  requestId: "r",
  payload: Buffer.from('{"errorType":"Error"}'),
  executedVersion: "$LATEST",
  functionError: "Unhandled",
};

function start(
  outcome: (call: number) => InvocationResult,
  config?: Partial<EventInvokeConfig>,
  more: object = {},
  deliveryFaults = 0,
): AsyncQueue {
  const record = {
    latest: configuration(),
    ...more,
    eventInvoke: config === undefined ? {} : { $LATEST: { LastModified: 0, ...config } },
  };
  const store = { state: { functions: { probe: record } } } as unknown as LambdaStore;
  const invoke = async (invocation: Invocation): Promise<InvocationResult> => {
    invocations.push(invocation);
    return outcome(invocations.length);
  };
  const deliver = async (arn: string, message: DestinationRecord): Promise<void> => {
    if (deliveryFaults-- > 0) throw new Error("queue unreachable");
    delivered.push([arn, message]);
  };
  const queue = new AsyncQueue(folder, store, { invoke }, () => deliver, [1, 1]);
  queues.push(queue);
  return queue;
}

/** Waits until nothing is left to do. */
async function empty(): Promise<void> {
  while (readdirSync(folder).length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("has an event on disk before it is acknowledged, until the function has taken it", async () => {
  const queue = start(() => SUCCESS);
  await queue.accept({ functionName: "probe" }, '{"a":1}');
  expect(readdirSync(folder)).toHaveLength(1);
  await empty();
  expect(invocations.map(({ event }) => event)).toEqual(['{"a":1}']);
});

test("tries twice more under the same request id", async () => {
  const queue = start((call) => (call < 3 ? FAILURE : SUCCESS));
  const requestId = await queue.accept({ functionName: "probe" }, "{}");
  await empty();
  expect(invocations.map((invocation) => invocation.requestId)).toEqual([requestId, requestId, requestId]);
  expect(delivered).toEqual([]);
});

test("delivers an event that keeps failing to the on-failure destination, with the function's answer", async () => {
  const queue = start(() => FAILURE, {
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: "arn:queue" } },
  });
  const requestId = await queue.accept({ functionName: "probe" }, '{"a":1}');
  await empty();
  expect(invocations).toHaveLength(2);
  const [[arn, record] = ["", undefined]] = delivered;
  expect(arn).toBe("arn:queue");
  expect(JSON.parse(record?.message ?? "")).toEqual({
    version: "1.0",
    timestamp: expect.any(String),
    requestContext: {
      requestId,
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe:$LATEST",
      condition: "RetriesExhausted",
      approximateInvokeCount: 2,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType: "Error" },
  });
});

test("delivers successes if it is told to", async () => {
  const queue = start(() => SUCCESS, { DestinationConfig: { OnSuccess: { Destination: "arn:topic" } } });
  await queue.accept({ functionName: "probe" }, "{}");
  await empty();
  expect(delivered.map(([arn]) => arn)).toEqual(["arn:topic"]);
});

test("gives up an event that has become too old, without an attempt", async () => {
  const accepted = { functionName: "probe", requestId: "old", event: "{}", acceptedAt: 0, attempts: 0 };
  writeFileSync(join(folder, "old.json"), JSON.stringify(accepted));
  const queue = start(() => SUCCESS, { DestinationConfig: { OnFailure: { Destination: "arn:queue" } } });
  await queue.restore();
  await empty();
  expect(invocations).toEqual([]);
  expect(JSON.parse(delivered[0]?.[1].message ?? "")).toMatchObject({
    requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 0 },
  });
});

test("goes on after a restart, with the attempts that were made", async () => {
  const accepted = {
    functionName: "probe",
    requestId: "again",
    event: "{}",
    acceptedAt: Date.now(),
    attempts: 2,
  };
  writeFileSync(join(folder, "again.json"), JSON.stringify(accepted));
  writeFileSync(join(folder, "half.json.tmp"), "{");
  await start(() => FAILURE).restore();
  await empty();
  expect(invocations).toHaveLength(1);
});

test("a throttled attempt uses up no retry and keeps the event", async () => {
  const queue = start(() => {
    throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
  });
  await queue.accept({ functionName: "probe" }, "{}");
  while (invocations.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(readdirSync(folder)).toHaveLength(1);
});

test("gives up at once, without an attempt, while the function may not run at all", async () => {
  const config = { DestinationConfig: { OnFailure: { Destination: "arn:queue" } } };
  const queue = start(() => SUCCESS, config, { reservedConcurrency: 0 });
  await queue.accept({ functionName: "probe" }, "{}");
  await empty();
  expect(invocations).toEqual([]);
  expect(JSON.parse(delivered[0]?.[1].message ?? "")).toMatchObject({
    requestContext: { condition: "ZeroReservedConcurrency", approximateInvokeCount: 0 },
  });
});

test("tells a dead-letter queue the event itself, and why in attributes", async () => {
  const failure = { ...FAILURE, payload: Buffer.from(JSON.stringify({ errorMessage: "e".repeat(2_000) })) };
  const more = { latest: configuration({ DeadLetterConfig: { TargetArn: "arn:dead" } }) };
  const queue = start(() => failure, { MaximumRetryAttempts: 0 }, more);
  const requestId = await queue.accept({ functionName: "probe" }, '{"a":1}');
  await empty();
  expect(delivered).toEqual([
    [
      "arn:dead",
      expect.objectContaining({
        message: '{"a":1}',
        attributes: {
          RequestID: { DataType: "String", StringValue: requestId },
          ErrorCode: { DataType: "Number", StringValue: "200" },
          ErrorMessage: { DataType: "String", StringValue: "e".repeat(1_024) },
        },
      }),
    ],
  ]);
});

test("does not invoke the function again because a destination was not reached, not even after a restart", async () => {
  const config = { DestinationConfig: { OnSuccess: { Destination: "arn:topic" } } };
  const first = start(() => SUCCESS, config, {}, 1);
  await first.accept({ functionName: "probe" }, "{}");
  while (!readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8").includes('"settled"'))
    await new Promise((resolve) => setTimeout(resolve, 2));
  first.close();
  await start(() => SUCCESS, config).restore();
  await empty();
  expect(invocations).toHaveLength(1);
  expect(delivered.map(([arn]) => arn)).toEqual(["arn:topic"]);
});
