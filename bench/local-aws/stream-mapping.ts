import { createServer } from "node:http";
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { listen } from "../../local/service/http";
import type { Case } from "../harness/case";

const TableName = "bench-stream";
const RECORDS = 20_000;
/** What BatchWriteItem takes. */
const ITEMS_A_CALL = 25;
const CALLS_AT_ONCE = 4;
/** What GetRecords and a mapping take at once. */
const BATCH = 1_000;
/** An item of ten events is about as long. */
const BODY = Buffer.alloc(650, 7);

/** Tells the benchmark how many records each batch has. */
const HANDLER = `
export const handler = async ({ Records }) => {
  await fetch(process.env.COUNTER, { method: "POST", body: String(Records.length) });
  return { batchItemFailures: [] };
};`;

export default {
  summary:
    "Records of about 700 bytes that a stream mapping hands to a trivial handler; the limit is reading the stream alone",
  unit: "records/s",
  target: { of: "value", bound: "at least", is: 5_000 },
  async prepare({ cloud, defer, say, signal }) {
    const { aws, createFunction } = await cloud();
    const table = new DynamoDBClient(aws);
    say(`writing ${RECORDS.toLocaleString("en-US")} items`);
    const streamArn = await fill(table, signal);
    const streams = new DynamoDBStreamsClient(aws);

    const counter = await countServer();
    defer(() => counter.close());
    const FunctionName = "bench-stream";
    await createFunction(FunctionName, HANDLER, { COUNTER: counter.url });
    const lambda = new LambdaClient(aws);
    await lambda.send(new InvokeCommand({ FunctionName, Payload: '{"Records":[]}' })); // a cold start is none of it
    return async () => {
      const limit = await readAlone(streams, streamArn, signal);
      const counted = counter.until(RECORDS);
      const started = performance.now();
      const { UUID } = await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName,
          EventSourceArn: streamArn,
          StartingPosition: "TRIM_HORIZON",
          BatchSize: BATCH,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
        }),
      );
      await counted;
      const value = RECORDS / ((performance.now() - started) / 1_000);
      await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      return { value, limit };
    };
  },
} satisfies Case;

/** Makes a table and writes its items. @returns its stream's ARN. */
async function fill(table: DynamoDBClient, signal: AbortSignal): Promise<string> {
  const { TableDescription } = await table.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    }),
  );
  let next = 0;
  const writer = async () => {
    while (next < RECORDS && !signal.aborted) {
      const first = next;
      next += ITEMS_A_CALL;
      const puts = Array.from({ length: ITEMS_A_CALL }, (_, index) => ({
        PutRequest: { Item: { pk: { S: `visitor-${first + index}` }, body: { B: BODY } } },
      }));
      const { UnprocessedItems = {} } = await table.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }),
      );
      if (Object.keys(UnprocessedItems).length > 0) throw new Error("the store left items unprocessed");
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, writer));
  if (TableDescription?.LatestStreamArn === undefined) throw new Error("the table has no stream");
  return TableDescription.LatestStreamArn;
}

/** Reads the stream and does nothing with it. @returns records/s. */
async function readAlone(
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  signal: AbortSignal,
): Promise<number> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const started = performance.now();
  let read = 0;
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    for (let iterator = ShardIterator; iterator !== undefined && read < RECORDS; ) {
      signal.throwIfAborted();
      const { Records = [], NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: BATCH }),
      );
      read += Records.length;
      iterator = NextShardIterator;
    }
  }
  if (read !== RECORDS) throw new Error(`the stream must hold ${RECORDS} records, got ${read}`);
  return read / ((performance.now() - started) / 1_000);
}

/** A server that is told of batches. */
async function countServer() {
  let told: (records: number) => void = () => undefined;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    told(Number(body));
    response.end();
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}/`;
  return {
    url,
    /** Resolves when handlers have been given as many records. */
    until: (records: number) =>
      new Promise<void>((resolve, reject) => {
        let seen = 0;
        told = (count) => {
          seen += count;
          if (seen === records) resolve();
          if (seen > records) reject(new Error(`the mapping handed on ${seen} records of ${records}`));
        };
      }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
