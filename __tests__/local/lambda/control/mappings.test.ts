import type { Server } from "node:http";
import { fakeGateway } from "../aws/gateway";
import { Api, MAPPINGS } from "./lambda-api";

let api: Api;
let server: Server | undefined;
const call: Api["call"] = (...values) => api.call(...values);
const create: Api["create"] = (more) => api.create(more);

beforeAll(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
});
beforeEach(() => {
  api = new Api();
  for (const method of ["error", "warn"] as const)
    jest.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(async () => {
  await api.remove();
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  jest.restoreAllMocks();
});

const STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/2026-11-23T00:00:00.000";

const LATEST = { EventSourceArn: STREAM, StartingPosition: "LATEST" };
const QUEUE = { EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q" };

test("creates, changes and deletes a stream mapping with AWS's defaults", async () => {
  await create();
  const created = await call("POST", MAPPINGS, {
    FunctionName: "probe",
    EventSourceArn: STREAM,
    StartingPosition: "TRIM_HORIZON",
    Tags: { a: "b" },
  });
  expect(created.status).toBe(202);
  expect(created.body).toMatchObject({
    State: "Creating",
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    BisectBatchOnFunctionError: false,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    DestinationConfig: { OnFailure: {} },
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe",
    LastProcessingResult: "No records processed",
  });
  const path = `${MAPPINGS}/${String(created.body.UUID)}`;
  expect((await call("GET", path)).body.State).toBe("Enabled");
  await call("PUT", path, { Enabled: false, BatchSize: 500 });
  expect((await call("GET", path)).body).toMatchObject({
    State: "Disabled",
    BatchSize: 500,
    StartingPosition: "TRIM_HORIZON",
  });
  const tags = await call(
    "GET",
    `/2017-03-31/tags/${encodeURIComponent(String(created.body.EventSourceMappingArn))}`,
  );
  expect(tags.body).toEqual({ Tags: { a: "b" } });
  expect((await call("DELETE", path)).body.State).toBe("Deleting");
  expect((await call("GET", path)).status).toBe(404);
});

test.each([
  [{ EventSourceArn: STREAM }, "StartingPosition must be TRIM_HORIZON or LATEST"],
  [{ EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/x" }, "EventSourceArn must be"],
  [
    { EventSourceArn: STREAM, StartingPosition: "LATEST", ParallelizationFactor: 11 },
    "'parallelizationFactor' failed to satisfy constraint: Member must have value less than or equal to 10",
  ],
  [{ ...LATEST, TumblingWindowInSeconds: 5 }, "no tumbling windows"],
  [{ EventSourceArn: STREAM, StartingPosition: "AT_TIMESTAMP" }, "must be TRIM_HORIZON or LATEST"],
  [{ ...LATEST, StartingPositionTimestamp: 1 }, "StartingPositionTimestamp must not be given"],
  [
    { ...LATEST, BatchSize: 10_001 },
    "'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
  ],
  [{ ...LATEST, MaximumBatchingWindowInSeconds: 301 }, "Member must have value less than or equal to 300"],
  [
    { ...LATEST, MaximumRecordAgeInSeconds: 59 },
    "MaximumRecordAgeInSeconds must be -1 or at least 60, got 59",
  ],
  [{ ...LATEST, MaximumRetryAttempts: 10_001 }, "Member must have value less than or equal to 10000"],
  [{ ...LATEST, ScalingConfig: { MaximumConcurrency: 2 } }, "ScalingConfig must not be given"],
  [{ ...LATEST, FunctionResponseTypes: ["Other"] }, "enum value set: [ReportBatchItemFailures]"],
  [
    { ...LATEST, ProvisionedPollerConfig: { MinimumPollers: 1 } },
    "ProvisionedPollerConfig must not be given",
  ],
  [
    {
      ...LATEST,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:lambda:us-east-1:000000000000:function:f" } },
    },
    "sqs, sns, s3",
  ],
  [
    { ...LATEST, DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } } },
    "OnSuccess",
  ],
  [
    { ...LATEST, FilterCriteria: { Filters: Array(6).fill({ Pattern: '{"a":[1]}' }) } },
    "at most 5 filters, got 6",
  ],
  [{ ...QUEUE, StartingPosition: "LATEST" }, "StartingPosition must not be given"],
  [{ ...QUEUE, BisectBatchOnFunctionError: true }, "BisectBatchOnFunctionError must not be given"],
  [
    { ...QUEUE, ScalingConfig: { MaximumConcurrency: 1 } },
    "Member must have value greater than or equal to 2",
  ],
  [{ EventSourceArn: `${QUEUE.EventSourceArn}.fifo` }, "polls no FIFO queue"],
  [{ EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q", BatchSize: 100 }, "Maximum batch window"],
  [
    { EventSourceArn: STREAM, StartingPosition: "LATEST", FilterCriteria: { Filters: [{ Pattern: "{" }] } },
    "not JSON",
  ],
])("refuses the mapping %j", async (input, message) => {
  await create();
  const { status, body } = await call("POST", MAPPINGS, { FunctionName: "probe", ...input });
  expect(status).toBe(400);
  expect(body.message).toContain(message);
});

/** A Lambda whose gateway has a queue with a visibility timeout of 30 seconds, and no stream. */
async function withQueue(): Promise<void> {
  const gateway = await fakeGateway(({ headers }) => {
    const operation = String(headers["x-amz-target"]).split(".").at(-1);
    if (operation === "GetQueueUrl") return { status: 200, body: '{"QueueUrl":"http://127.0.0.1:1/1/q"}' };
    if (operation === "GetQueueAttributes")
      return { status: 200, body: '{"Attributes":{"VisibilityTimeout":"30"}}' };
    return { status: 400, body: '{"__type":"ResourceNotFoundException","message":"none"}' };
  });
  server = gateway.server;
  await api.remove();
  api = new Api(gateway.url);
}

test("refuses a queue that would show a message again while the function still works on it", async () => {
  await withQueue();
  await create({ Timeout: 31 });
  const { status, body } = await call("POST", MAPPINGS, { FunctionName: "probe", ...QUEUE });
  expect({ status, message: body.message }).toEqual({
    status: 400,
    message: "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds",
  });
  await call("PUT", "/2015-03-31/functions/probe/configuration", { Timeout: 30 });
  const created = await call("POST", MAPPINGS, { FunctionName: "probe", Enabled: false, ...QUEUE });
  expect(created).toMatchObject({ status: 202, body: { BatchSize: 10 } });
});

test("takes filters and a maximum concurrency away when they are updated with empty ones", async () => {
  await withQueue();
  await create();
  const input = {
    ...{ FunctionName: "probe", Enabled: false, ...QUEUE, ScalingConfig: { MaximumConcurrency: 2 } },
    FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] },
  };
  const { body: created } = await call("POST", MAPPINGS, input);
  const path = `${MAPPINGS}/${String(created.UUID)}`;
  await call("PUT", path, { BatchSize: 5 });
  expect((await call("GET", path)).body).toMatchObject({
    ScalingConfig: { MaximumConcurrency: 2 },
    FilterCriteria: input.FilterCriteria,
  });
  await call("PUT", path, { ScalingConfig: {}, FilterCriteria: {} });
  const { body } = await call("GET", path);
  expect(body).not.toHaveProperty("ScalingConfig");
  expect(body).not.toHaveProperty("FilterCriteria");
});

test("refuses a stream that is not there", async () => {
  await withQueue();
  await create();
  const { status, body } = await call("POST", MAPPINGS, { FunctionName: "probe", ...LATEST });
  expect({ status, message: body.message }).toEqual({ status: 400, message: `Stream not found: ${STREAM}` });
});

test("refuses a second mapping of a source to the same function", async () => {
  await create();
  await call("POST", MAPPINGS, { FunctionName: "probe", ...LATEST });
  const { status, code } = await call("POST", MAPPINGS, { FunctionName: "probe", ...LATEST });
  expect({ status, code }).toEqual({ status: 409, code: "ResourceConflictException" });
});

test("lists mappings by source and by function", async () => {
  await create();
  await create({ FunctionName: "other" });
  for (const FunctionName of ["probe", "other"]) await call("POST", MAPPINGS, { FunctionName, ...LATEST });
  const count = async (query: string) =>
    ((await call("GET", `${MAPPINGS}?${query}`)).body.EventSourceMappings as unknown[]).length;
  expect(await count("FunctionName=probe")).toBe(1);
  expect(await count(`EventSourceArn=${STREAM}`)).toBe(2);
  expect(await count("EventSourceArn=arn:aws:sqs:us-east-1:000000000000:none")).toBe(0);
  expect(await count("MaxItems=1")).toBe(1);
});
