import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { InvocationResult } from "../../../../local/lambda/execution/invoker";
import { Pollers } from "../../../../local/lambda/polling/pollers";
import type { LambdaStore, Mapping } from "../../../../local/lambda/state";
import { roleCredentials } from "../../credentials";
import { fakeGateway } from "../aws/gateway";
import { sequences } from "./fakes";

const STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/1";
const MAPPING: Mapping = {
  ...{ UUID: "mapping", FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe" },
  ...{ EventSourceArn: STREAM, enabled: true, StartingPosition: "TRIM_HORIZON", BatchSize: 100 },
  ...{ MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [], LastModified: 0, tags: {} },
};

let folder: string;
let server: Server;
let url: string;
let records: object[];
let batches: string[][];
let running: Pollers[];
let outcome: () => Promise<InvocationResult>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lambda-pollers-"));
  [records, batches, running] = [[], [], []];
  outcome = async () => ({ requestId: "r", payload: Buffer.from("null"), executedVersion: "$LATEST" });
  const gateway = await fakeGateway(({ headers, body }) => ({
    status: 200,
    body: JSON.stringify(answer(String(headers["x-amz-target"]).split(".").at(-1), JSON.parse(body))),
  }));
  ({ url, server } = gateway);
});
afterEach(async () => {
  for (const pollers of running) pollers.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** A stream of one shard, as DynamoDB's API tells it. */
function answer(operation: string | undefined, input: Record<string, string>): object {
  const sequence = (record: object) =>
    (record as { dynamodb: { SequenceNumber: string } }).dynamodb.SequenceNumber;
  if (operation === "DescribeStream")
    return {
      StreamDescription: {
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        Shards: [{ ShardId: "s" }],
      },
    };
  if (operation === "GetShardIterator") {
    const after = records.findIndex((record) => sequence(record) === input.SequenceNumber);
    return { ShardIterator: String(input.ShardIteratorType === "TRIM_HORIZON" ? 0 : after + 1) };
  }
  return { Records: records.slice(Number(input.ShardIterator)), NextShardIterator: String(records.length) };
}

function put(): string {
  const SequenceNumber = String(records.length + 1);
  const ApproximateCreationDateTime = Math.floor(Date.now() / 1_000);
  records.push({
    ...{ eventID: SequenceNumber, eventName: "INSERT" },
    dynamodb: { ApproximateCreationDateTime, Keys: { pk: { S: "a" } }, SequenceNumber },
  });
  return SequenceNumber;
}

function start(): Pollers {
  const store = { state: { mappings: { mapping: MAPPING } } } as unknown as LambdaStore;
  const invoke = async ({ event }: { event: string | Buffer }): Promise<InvocationResult> => {
    batches.push(sequences(String(event)));
    return outcome();
  };
  const clients = {
    ...{ gatewayUrl: url, credentials: async () => roleCredentials },
    ...{ s3: new S3Client({ region: "us-east-1" }), sqs: new SQSClient({ region: "us-east-1" }) },
    lambda: new LambdaClient({ region: "us-east-1" }),
  };
  const pollers = new Pollers({
    ...{ store, invoker: { invoke }, gatewayUrl: url, folder },
    clientsOf: () => clients,
    deliverAs: () => async () => undefined,
  });
  running.push(pollers);
  return pollers;
}

async function delivered(count: number): Promise<string[]> {
  while (batches.flat().length < count) await new Promise((resolve) => setTimeout(resolve, 10));
  return batches.flat();
}

test("goes on where a killed process had come to", async () => {
  const first = start();
  first.restore();
  put();
  expect(await delivered(1)).toEqual(["1"]);
  while (!existsSync(join(folder, "mapping.json"))) await new Promise((resolve) => setTimeout(resolve, 10));
  first.close(); // the state that a kill leaves is the same: nothing is written at the end
  put();
  start().restore();
  expect(await delivered(2)).toEqual(["1", "2"]);
});

test("polls nothing while a mapping is disabled, and skips nothing when it is enabled again", async () => {
  const pollers = start();
  pollers.restore();
  put();
  await delivered(1);
  pollers.apply({ ...MAPPING, enabled: false });
  await new Promise((resolve) => setTimeout(resolve, 50));
  put();
  put();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(batches.flat()).toEqual(["1"]);
  pollers.apply({ ...MAPPING, BatchSize: 1 });
  expect(await delivered(3)).toEqual(["1", "2", "3"]);
  expect(batches).toEqual([["1"], ["2"], ["3"]]);
});

test("changes a mapping after the batch that is at work, which is not delivered again", async () => {
  const result = outcome;
  let finish = (): void => undefined;
  outcome = () => new Promise((resolve) => (finish = () => void result().then(resolve)));
  const pollers = start();
  pollers.restore();
  put();
  await delivered(1);
  pollers.apply({ ...MAPPING, BatchSize: 1 });
  outcome = result;
  put();
  finish();
  expect(await delivered(2)).toEqual(["1", "2"]);
});

test("forgets the position of a mapping that is deleted", async () => {
  const pollers = start();
  pollers.restore();
  put();
  await delivered(1);
  while (!existsSync(join(folder, "mapping.json"))) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(pollers.lastResult("mapping")).toBe("OK");
  pollers.remove("mapping");
  while (existsSync(join(folder, "mapping.json"))) await new Promise((resolve) => setTimeout(resolve, 10));
});
