import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { DeleteMessageBatchCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Bench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().open();
});
afterEach(() => bench.close());

const input = (at: number) => JSON.parse(bench.seen[at]?.body ?? "{}") as Record<string, unknown>;

describe("BatchWriteItem in part", () => {
  const puts = (count: number, table: string) =>
    Array.from({ length: count }, (_, at) => ({ PutRequest: { Item: { pk: { S: `${table}${at}` } } } }));
  const write = (RequestItems: Record<string, ReturnType<typeof puts>>) =>
    new DynamoDBClient(bench.client).send(new BatchWriteItemCommand({ RequestItems }));

  it("answers with what the table did not get, and the table gets the rest", async () => {
    await bench.set("dynamodb:BatchWriteItem=partial(0.4)");
    bench.serve = () => ({ body: { UnprocessedItems: {} } });
    const sent = { one: puts(10, "one"), two: puts(5, "two") };
    const { UnprocessedItems = {} } = await write(sent);
    const written = input(0).RequestItems as typeof sent;
    for (const table of ["one", "two"] as const) {
      const both = [...(UnprocessedItems[table] ?? []), ...(written[table] ?? [])];
      expect(both).toHaveLength(sent[table].length);
      expect(both).toEqual(expect.arrayContaining(sent[table]));
    }
    expect(Object.values(UnprocessedItems).flat().length).toBeGreaterThan(0);
    expect(Object.values(written).flat().length).toBeGreaterThan(0);
  });

  it("can leave everything, and the table is not asked", async () => {
    await bench.set("dynamodb:BatchWriteItem=partial(1)");
    const sent = { one: puts(3, "one") };
    expect((await write(sent)).UnprocessedItems).toEqual(sent);
    expect(bench.seen).toEqual([]);
  });

  it("leaves one at least, and adds to what the table itself leaves", async () => {
    await bench.set("dynamodb:BatchWriteItem=partial(0.0001)");
    const theirs = { one: puts(1, "theirs") };
    bench.serve = () => ({ body: { UnprocessedItems: theirs } });
    const { UnprocessedItems } = await write({ one: puts(4, "one") });
    expect(UnprocessedItems?.one).toHaveLength(2);
    expect((input(0).RequestItems as typeof theirs).one).toHaveLength(3);
  });

  it("passes a batch that the table would refuse, and its refusal, on", async () => {
    await bench.set("dynamodb:BatchWriteItem=partial");
    bench.serve = () => ({ status: 400, body: { __type: "ValidationException", message: "Too many items" } });
    await expect(write({ one: puts(26, "one") })).rejects.toMatchObject({ name: "ValidationException" });
    expect((input(0).RequestItems as { one: unknown[] }).one).toHaveLength(26);
    await expect(write({ one: puts(2, "one") })).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("PutRecordBatch in part", () => {
  const put = (...records: string[]) =>
    new FirehoseClient(bench.client).send(
      new PutRecordBatchCommand({
        DeliveryStreamName: "events",
        Records: records.map((record) => ({ Data: Buffer.from(record) })),
      }),
    );

  it("answers each record in its place: an id for those taken, an error code for the others", async () => {
    await bench.set("firehose:PutRecordBatch/events=partial");
    bench.serve = ({ body }) => {
      const { Records } = JSON.parse(body) as { Records: { Data: string }[] };
      const RequestResponses = Records.map(({ Data }) => ({
        RecordId: Buffer.from(Data, "base64").toString(),
      }));
      return { body: { FailedPutCount: 0, Encrypted: true, RequestResponses } };
    };
    const records = Array.from({ length: 20 }, (_, at) => `record ${at}`);
    const { FailedPutCount, RequestResponses = [], Encrypted } = await put(...records);
    expect(Encrypted).toBe(true);
    expect(RequestResponses).toHaveLength(20);
    const failed = RequestResponses.filter(({ RecordId }) => RecordId === undefined);
    expect(FailedPutCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(20);
    for (const { ErrorCode, ErrorMessage } of failed) {
      expect(["ServiceUnavailableException", "InternalFailure"]).toContain(ErrorCode);
      expect(ErrorMessage).toMatch(/\w/);
    }
    for (const [at, { RecordId }] of RequestResponses.entries())
      if (RecordId !== undefined) expect(RecordId).toBe(records[at]);
  });

  it("can take none", async () => {
    await bench.set("firehose:PutRecordBatch=partial(1)#1");
    const { FailedPutCount, RequestResponses } = await put("a", "b");
    expect(FailedPutCount).toBe(2);
    expect(RequestResponses?.map(({ RecordId }) => RecordId)).toEqual([undefined, undefined]);
    expect(bench.seen).toEqual([]);
  });
});

describe("batches of SQS in part", () => {
  const ids = ["a", "b", "c", "d"];
  it.each(["SendMessageBatch", "DeleteMessageBatch"])("%s names what failed", async (operation) => {
    await bench.set(`sqs:${operation}=partial`);
    bench.serve = ({ body }) => {
      const { Entries } = JSON.parse(body) as { Entries: { Id: string }[] };
      return { body: { Successful: Entries.map(({ Id }) => ({ Id })) } };
    };
    const sqs = new SQSClient({ ...bench.client, md5: false });
    const QueueUrl = `${bench.url}/000000000000/q`;
    const { Successful = [], Failed = [] } =
      operation === "SendMessageBatch"
        ? await sqs.send(
            new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: Id })) }),
          )
        : await sqs.send(
            new DeleteMessageBatchCommand({
              QueueUrl,
              Entries: ids.map((Id) => ({ Id, ReceiptHandle: Id })),
            }),
          );
    expect([...Successful, ...Failed].map(({ Id }) => Id).sort()).toEqual(ids);
    expect(Failed.length).toBeGreaterThan(0);
    expect(Failed[0]).toMatchObject({ SenderFault: false, Code: "InternalError" });
    const got = input(0).Entries as { Id: string }[];
    expect(got.map(({ Id }) => Id)).toEqual(Successful.map(({ Id }) => Id));
  });
});
