import type { DestinationRecord } from "../../../../local/lambda/aws/destinations";
import { discardTo } from "../../../../local/lambda/polling/stream/discard";
import type { Discarded } from "../../../../local/lambda/polling/stream/types";
import type { Mapping } from "../../../../local/lambda/state";
import { item } from "./fakes";

const MAPPING: Mapping = {
  UUID: "11111111-2222-3333-4444-555555555555",
  FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:transform",
  EventSourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/2026",
  enabled: true,
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
  LastModified: 0,
  tags: {},
  DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::lake" } },
};

const DISCARDED: Discarded = {
  condition: "RetryAttemptsExhausted",
  shardId: "shardId-1",
  records: [item("7", 1_700_000_000_000), item("8", 1_700_000_001_500)],
  invocations: 3,
  last: { requestId: "the-request", version: "$LATEST", failed: true },
};

beforeEach(() => jest.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

async function deliver(discarded: Discarded, mapping = MAPPING): Promise<[string, DestinationRecord][]> {
  const delivered: [string, DestinationRecord][] = [];
  const time = new Date("2026-11-23T10:20:30.456Z");
  await discardTo(
    mapping,
    async (arn, record) => {
      delivered.push([arn, record]);
    },
    () => time,
  )(discarded);
  return delivered;
}

const METADATA = {
  requestContext: {
    requestId: "the-request",
    functionArn: MAPPING.FunctionArn,
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 3,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2026-11-23T10:20:30.456Z",
  DDBStreamBatchInfo: {
    shardId: "shardId-1",
    startSequenceNumber: "7",
    endSequenceNumber: "8",
    approximateArrivalOfFirstRecord: "2023-11-14T22:13:20Z",
    approximateArrivalOfLastRecord: "2023-11-14T22:13:21Z",
    batchSize: 2,
    streamArn: MAPPING.EventSourceArn,
  },
};

test("tells a queue or a topic where the records were, without them", async () => {
  const [[arn, record] = ["", undefined]] = await deliver(DISCARDED);
  expect(arn).toBe("arn:aws:s3:::lake");
  expect(JSON.parse(record?.message ?? "")).toEqual(METADATA);
});

test("gives a bucket the whole records, under AWS's key", async () => {
  const [[, record] = ["", undefined]] = await deliver(DISCARDED);
  expect(record?.object.key).toMatch(
    /^aws\/lambda\/11111111-2222-3333-4444-555555555555\/shardId-1\/2026\/11\/23\/2026-11-23T10\.20\.30-[0-9a-f-]{36}$/,
  );
  const { payload, ...metadata } = JSON.parse(record?.object.content ?? "") as { payload: string };
  expect(metadata).toEqual(METADATA);
  expect(JSON.parse(payload)).toEqual({
    Records: [{ dynamodb: { SequenceNumber: "7" } }, { dynamodb: { SequenceNumber: "8" } }],
  });
});

test("has no response to tell of when the function was never invoked", async () => {
  const { last, ...never } = DISCARDED;
  const aged: Discarded = { ...never, condition: "RecordAgeExceeded", invocations: 0 };
  const [[, record] = ["", undefined]] = await deliver(aged);
  expect(last).toBeDefined();
  expect(JSON.parse(record?.message ?? "")).not.toHaveProperty("responseContext");
});

test("drops records without a destination, and says so", async () => {
  const delivered = await deliver(DISCARDED, { ...MAPPING, DestinationConfig: { OnFailure: {} } });
  expect(delivered).toEqual([]);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining("2 record(s) of shardId-1 given up"));
});
