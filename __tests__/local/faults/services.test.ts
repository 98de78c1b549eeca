import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { OwnFaults } from "../../../local/faults/client";
import { deliveredTwice } from "../../../local/faults/firehose";
import { Faults } from "../../../local/faults/keeper";
import { killDuring, twice } from "../../../local/faults/lambda";
import { calledTwice } from "../../../local/faults/scheduler";
import type { RoleClients } from "../../../local/lambda/aws/role-clients";
import { Concurrency } from "../../../local/lambda/execution/concurrency";
import type { Invocation, Invoker } from "../../../local/lambda/execution/invoker";
import { InvocationLog } from "../../../local/lambda/execution/log";
import { runtimeNode } from "../../../local/lambda/execution/node";
import { FunctionPool } from "../../../local/lambda/execution/pool";
import { Pollers } from "../../../local/lambda/polling/pollers";
import type { LambdaStore, Mapping } from "../../../local/lambda/state";
import { roleCredentials } from "../credentials";
import { Bench as FirehoseBench, until } from "../firehose/fakes";
import { configuration } from "../lambda/configuration";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Faults of a service, without the gateway between. */
function faultsOf(service: string, ...texts: readonly string[]): OwnFaults & { readonly faults: Faults } {
  const faults = new Faults();
  const problem = faults.set(texts);
  if (problem !== undefined) throw new Error(problem);
  const call = (operation: string, resources: readonly string[]) => ({ service, operation, resources });
  return {
    faults,
    draw: async (activity, ...resources) => faults.draw(call(activity, resources))?.effect,
    holds: (activity, ...resources) =>
      faults.list.faults.some(
        ({ operation, resource }) =>
          operation === activity && (resource === undefined || resources.includes(resource)),
      ),
  };
}

describe("an execution environment", () => {
  const running = (source: string, faults: OwnFaults): FunctionPool => {
    writeFileSync(join(folder, "index.mjs"), source);
    const environmentsFolder = join(folder, "environments");
    const node = runtimeNode(() => undefined);
    const host = {
      ...{ node, gatewayUrl: "http://127.0.0.1:1", environmentsFolder },
      credentials: async () => roleCredentials,
      invoked: killDuring(faults),
    };
    const log = new InvocationLog({ write: () => undefined });
    const deployment = { configuration: configuration(), codeFolder: folder };
    return new FunctionPool(deployment, host, log, new Concurrency(() => undefined));
  };
  const run = async (pool: FunctionPool, requestId: string) => {
    const head = { requestId, arn: "arn:probe", traceId: "Root=1" };
    const { status, payload } = await pool.invoke({ head, event: "{}" });
    return `${status}: ${payload.toString("utf8")}`;
  };

  it("is killed in the middle of the invocation that the fault names, and the next one gets another", async () => {
    const source =
      "let n = 0; export const handler = async () => (await new Promise((r) => setTimeout(r, 300)), ++n);";
    const pool = running(source, faultsOf("lambda", "lambda:environment/probe=kill(50ms)#2..2"));
    try {
      expect(await run(pool, "r1")).toBe("success: 1");
      expect(await run(pool, "r2")).toMatch(/^error: .*Runtime exited with error: signal: killed/);
      expect(await run(pool, "r3")).toBe("success: 1");
    } finally {
      pool.close();
    }
  }, 20_000);

  it("is not killed once the invocation is over", async () => {
    const source = "let n = 0; export const handler = async () => ++n;";
    const pool = running(source, faultsOf("lambda", "lambda:environment=kill(100ms)"));
    try {
      expect(await run(pool, "r1")).toBe("success: 1");
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await run(pool, "r2")).toBe("success: 2");
    } finally {
      pool.close();
    }
  }, 20_000);
});

describe("a function", () => {
  const counting = (): Invoker & { readonly seen: Invocation[] } => {
    const seen: Invocation[] = [];
    return {
      seen,
      invoke: async (invocation) => {
        seen.push(invocation);
        return { requestId: "r", payload: Buffer.from(String(seen.length)), executedVersion: "$LATEST" };
      },
    };
  };

  it("gets a batch twice, the same one, and the second result counts", async () => {
    const invoker = counting();
    const delivering = twice(invoker, faultsOf("lambda", "lambda:batch/transform=duplicate#1"), "batch");
    const invocation = { functionName: "transform", event: '{"Records":[1,2]}' };
    expect(String((await delivering.invoke(invocation)).payload)).toBe("2");
    expect(invoker.seen).toEqual([invocation, invocation]);
    await delivering.invoke(invocation);
    await delivering.invoke({ ...invocation, functionName: "other" });
    expect(invoker.seen).toHaveLength(4);
  });

  it("gets an asynchronous event twice, with the same request id", async () => {
    const invoker = counting();
    const delivering = twice(invoker, faultsOf("lambda", "lambda:event=duplicate#1"), "event");
    await delivering.invoke({ functionName: "load", event: "{}", requestId: "r1" });
    expect(invoker.seen.map(({ requestId }) => requestId)).toEqual(["r1", "r1"]);
  });
});

describe("an event source mapping", () => {
  it("is not polled while its poller is stopped, and goes on when the fault is cleared", async () => {
    const mapping = {
      ...{ UUID: "m", enabled: true, BatchSize: 10, MaximumBatchingWindowInSeconds: 0 },
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe",
      EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
      FunctionResponseTypes: [],
    } as unknown as Mapping;
    let receives = 0;
    const sqs = {
      send: async (command: unknown) => {
        if (command instanceof GetQueueUrlCommand) return { QueueUrl: "http://127.0.0.1/q" };
        receives += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
        return {};
      },
    } as unknown as SQSClient;
    const faults = faultsOf("lambda", "lambda:poller/probe=stop");
    const pollers = new Pollers({
      ...{ folder, gatewayUrl: "http://127.0.0.1:1" },
      clientsOf: () => ({ sqs }) as unknown as RoleClients,
      deliverAs: () => async () => undefined,
      store: { state: { mappings: { m: mapping } } } as unknown as LambdaStore,
      invoker: { invoke: () => Promise.reject(new Error("nothing was received")) },
      paused: (functionName) => faults.holds("poller", functionName),
    });
    try {
      pollers.restore();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receives).toBe(0);
      faults.faults.clear();
      pollers.refresh();
      await until(() => receives > 3);
      faults.faults.set(["lambda:poller=stop"]);
      pollers.refresh();
      await new Promise((resolve) => setTimeout(resolve, 20)); // the call under way ends
      const before = receives;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receives).toBe(before);
    } finally {
      pollers.close();
    }
  });
});

describe("a delivery stream", () => {
  it("writes an object twice, under two names of one pattern", async () => {
    const faults = faultsOf("firehose", "firehose:object/events=duplicate#1");
    const bench = new FirehoseBench();
    const doubled = deliveredTwice(bench.objects, faults);
    const firehose = new FirehoseBench({ objects: doubled });
    try {
      await firehose.create({ BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 } });
      await firehose.put("one", "two");
      firehose.clock.advance(60_000);
      await until(() => bench.objects.objects.length === 2);
      await firehose.put("three");
      firehose.clock.advance(60_000);
      await until(() => bench.objects.objects.length === 3);
      const [first, second, third] = bench.objects.objects;
      expect(second?.body).toEqual(first?.body);
      expect(third?.body).not.toEqual(first?.body);
      const uuid = /[0-9a-f]{8}-[0-9a-f-]{27}$/;
      expect(second?.key.replace(uuid, "")).toBe(first?.key.replace(uuid, ""));
      expect(second?.key).not.toBe(first?.key);
    } finally {
      await firehose.remove();
      await bench.remove();
    }
  });
});

describe("a schedule", () => {
  it("calls its target twice", async () => {
    const called: string[] = [];
    const targets = calledTwice(
      {
        invokeFunction: async (arn) => void called.push(arn),
        sendMessage: async ({ queueArn }) => void called.push(queueArn),
      },
      faultsOf("scheduler", "scheduler:invocation/load=duplicate"),
    );
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:load";
    const caller = { roleArn: "arn:aws:iam::000000000000:role/scheduler", scheduleArn: "arn:schedule" };
    await targets.invokeFunction(arn, "{}", caller);
    await targets.sendMessage({ queueArn: "arn:aws:sqs:us-east-1:000000000000:other", body: "{}" }, caller);
    expect(called).toEqual([arn, arn, "arn:aws:sqs:us-east-1:000000000000:other"]);
  });
});
