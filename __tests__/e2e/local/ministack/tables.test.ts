import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import { MiniStack } from "./process";

const SHARD = "shardId-00000000000000000000-00000000";

let server: MiniStack;

beforeAll(async () => {
  server = await MiniStack.inFolder();
});

afterAll(() => server.remove());

describe("tables of a MiniStack that is killed", () => {
  it("items, an index, and stream records with their sequence numbers and positions", async () => {
    const db = new DynamoDBClient(server.client);
    const stream = await createTable(db, "items");
    await db.send(
      new BatchWriteItemCommand({
        RequestItems: {
          items: ["a", "b", "c", "d"].map((pk) => ({
            PutRequest: {
              Item: { pk: { S: pk }, sk: { S: "1" }, owner: { S: "x" }, body: { B: Buffer.from(pk) } },
            },
          })),
        },
      }),
    );
    await db.send(
      new UpdateItemCommand({
        TableName: "items",
        Key: { pk: { S: "a" }, sk: { S: "1" } },
        UpdateExpression: "SET #owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": { S: "y" } },
      }),
    );
    await db.send(new DeleteItemCommand({ TableName: "items", Key: { pk: { S: "b" }, sk: { S: "1" } } }));
    await db.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: "items", Item: { pk: { S: "e" }, sk: { S: "1" } } } },
          { Delete: { TableName: "items", Key: { pk: { S: "c" }, sk: { S: "1" } } } },
        ],
      }),
    );
    const items = await scan(db, "items");
    const records = await read(stream, "TRIM_HORIZON");
    const open = await iterator(stream, "LATEST");
    expect(records.map(({ eventName }) => eventName)).toEqual([
      ...Array(4).fill("INSERT"),
      "MODIFY",
      "REMOVE",
      "INSERT",
      "REMOVE",
    ]);

    await server.crash();

    expect(await scan(db, "items")).toEqual(items);
    const { Table } = await db.send(new DescribeTableCommand({ TableName: "items" }));
    expect(Table).toMatchObject({ ItemCount: 3, LatestStreamArn: stream });
    expect(await read(stream, "TRIM_HORIZON")).toEqual(records);
    const after = await read(stream, "AFTER_SEQUENCE_NUMBER", records[4]?.dynamodb?.SequenceNumber);
    expect(after).toEqual(records.slice(5));
    const owned = await db.send(
      new QueryCommand({
        TableName: "items",
        IndexName: "by-owner",
        KeyConditionExpression: "#owner = :y",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":y": { S: "y" } },
      }),
    );
    expect(owned.Items?.map(({ pk }) => pk)).toEqual([{ S: "a" }]);

    await db.send(new PutItemCommand({ TableName: "items", Item: { pk: { S: "f" }, sk: { S: "1" } } }));
    const [next, ...more] = await readFrom(open);
    expect(more).toEqual([]);
    expect(next?.dynamodb?.Keys?.pk).toEqual({ S: "f" });
    expect(BigInt(next?.dynamodb?.SequenceNumber ?? 0)).toBeGreaterThan(
      BigInt(records.at(-1)?.dynamodb?.SequenceNumber ?? 0),
    );
  });

  it("a retry after the restart is a MODIFY, and an identical put leaves no record", async () => {
    const db = new DynamoDBClient(server.client);
    const stream = await createTable(db, "retries");
    const put = (attempt: string) =>
      db.send(
        new PutItemCommand({
          TableName: "retries",
          Item: { pk: { S: "r" }, sk: { S: "1" }, attempt: { S: attempt } },
        }),
      );
    await put("first");
    const before = await read(stream, "TRIM_HORIZON");
    await server.crash();
    await put("first");
    await put("second");
    const records = await read(stream, "TRIM_HORIZON");
    expect(records).toEqual([...before, expect.objectContaining({ eventName: "MODIFY" })]);
  });

  it("a start drops what has been overwritten from the journal, and nothing else", async () => {
    const db = new DynamoDBClient(server.client);
    const stream = await createTable(db, "quiet");
    await db.send(new PutItemCommand({ TableName: "quiet", Item: { pk: { S: "q" }, sk: { S: "1" } } }));
    const records = await read(stream, "TRIM_HORIZON");
    await createTable(db, "busy", false);
    const put = (round: number) =>
      db.send(
        new BatchWriteItemCommand({
          RequestItems: {
            busy: Array.from({ length: 25 }, (_, i) => ({
              PutRequest: { Item: { pk: { S: String(i) }, sk: { S: "1" }, round: { N: String(round) } } },
            })),
          },
        }),
      );
    for (let round = 0; round < 420; round++) await put(round);
    const items = await scan(db, "busy");
    const journal = join(server.stateDir, "tables.journal");
    const { size } = statSync(journal);
    await server.crash();
    expect(statSync(journal).size).toBeLessThan(size / 10);
    expect(await scan(db, "busy")).toEqual(items);
    await server.crash();
    expect(await scan(db, "busy")).toEqual(items);
    expect(await scan(db, "quiet")).toHaveLength(1);
    expect(await read(stream, "TRIM_HORIZON")).toEqual(records);
  });

  it("no item of a deleted table comes back with the next table of its name, but its stream stays readable", async () => {
    const db = new DynamoDBClient(server.client);
    const stream = await createTable(db, "again");
    await db.send(new PutItemCommand({ TableName: "again", Item: { pk: { S: "old" }, sk: { S: "1" } } }));
    await db.send(new DeleteTableCommand({ TableName: "again" }));
    await createTable(db, "again");
    await server.crash();
    expect(await scan(db, "again")).toEqual([]);
    expect(await read(stream, "TRIM_HORIZON")).toHaveLength(1);
  });

  it("an unfinished last line of the journal is ignored, and what follows it is kept", async () => {
    const db = new DynamoDBClient(server.client);
    await createTable(db, "torn");
    await db.send(new PutItemCommand({ TableName: "torn", Item: { pk: { S: "whole" }, sk: { S: "1" } } }));
    await server.end("SIGKILL");
    const journal = join(server.stateDir, "tables.journal");
    const whole = readFileSync(journal, "utf8").trimEnd().split("\n").at(-1) ?? "";
    appendFileSync(journal, whole.slice(0, -20));
    await server.start();
    await db.send(new PutItemCommand({ TableName: "torn", Item: { pk: { S: "later" }, sk: { S: "1" } } }));
    await server.crash();
    expect((await scan(db, "torn")).map(({ pk }) => pk)).toEqual([{ S: "later" }, { S: "whole" }]);
  });
});

async function createTable(db: DynamoDBClient, TableName: string, StreamEnabled = true): Promise<string> {
  const { TableDescription } = await db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "owner"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-owner",
          KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      StreamSpecification: { StreamEnabled, ...(StreamEnabled && { StreamViewType: "NEW_AND_OLD_IMAGES" }) },
    }),
  );
  return TableDescription?.LatestStreamArn ?? "";
}

async function scan(db: DynamoDBClient, TableName: string) {
  return (await db.send(new ScanCommand({ TableName }))).Items ?? [];
}

async function iterator(
  StreamArn: string,
  ShardIteratorType: ShardIteratorType,
  SequenceNumber?: string,
): Promise<string | undefined> {
  const command = new GetShardIteratorCommand({
    StreamArn,
    ShardId: SHARD,
    ShardIteratorType,
    SequenceNumber,
  });
  return (await new DynamoDBStreamsClient(server.client).send(command)).ShardIterator;
}

async function readFrom(ShardIterator: string | undefined) {
  return (
    (await new DynamoDBStreamsClient(server.client).send(new GetRecordsCommand({ ShardIterator }))).Records ??
    []
  );
}

async function read(stream: string, type: ShardIteratorType, sequenceNumber?: string) {
  return readFrom(await iterator(stream, type, sequenceNumber));
}
