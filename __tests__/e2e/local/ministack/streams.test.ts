import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import { MiniStack } from "./process";

const SHARD = "shardId-00000000000000000000-00000000";
const DAY_SECONDS = 86_400;

let server: MiniStack;
let db: DynamoDBClient;

beforeAll(async () => {
  server = await MiniStack.inFolder();
  db = new DynamoDBClient(server.client);
});
afterAll(() => server.remove());

describe("a table's stream", () => {
  it("tells how large a record is, as in AWS's own examples", async () => {
    const stream = await createTable("sizes");
    const Key = { Id: { N: "101" } };
    await put("sizes", { ...Key, Message: { S: "New item!" } });
    await put("sizes", { ...Key, Message: { S: "This item has changed" } });
    await db.send(new DeleteItemCommand({ TableName: "sizes", Key }));
    const records = await read(stream, "TRIM_HORIZON");
    expect(records.map(({ dynamodb }) => dynamodb?.SizeBytes)).toEqual([26, 59, 38]);
  });

  it("counts every type of attribute", async () => {
    const stream = await createTable("types");
    await put("types", {
      Id: { N: "-12.50" }, // 2 + 4
      b: { B: Buffer.from("four") }, // 1 + 4
      l: { L: [{ S: "é" }, { BOOL: true }] }, // 1 + 3 + 2 + 2 + 1
      m: { M: { n: { NULL: true } } }, // 1 + 3 + 1 + 1 + 1
      s: { SS: ["a", "bc"] }, // 1 + 3
    });
    const [record] = await read(stream, "TRIM_HORIZON");
    expect(record?.dynamodb?.SizeBytes).toBe(6 + 6 + 5 + 9 + 7 + 4);
  });

  it("keeps a record for 24 hours: then it is gone, and so is its place", async () => {
    const stream = await createTable("ages");
    for (const id of ["1", "2", "3"]) await put("ages", { Id: { N: id } });
    const [first, second, third] = await read(stream, "TRIM_HORIZON");
    await server.end("SIGKILL");
    makeOlder(second?.dynamodb?.SequenceNumber ?? "", DAY_SECONDS + 60);
    makeOlder(first?.dynamodb?.SequenceNumber ?? "", DAY_SECONDS + 60);
    await server.start();
    expect(await read(stream, "TRIM_HORIZON")).toEqual([third]);
    await expect(
      read(stream, "AFTER_SEQUENCE_NUMBER", first?.dynamodb?.SequenceNumber),
    ).rejects.toMatchObject({
      name: "TrimmedDataAccessException",
    });
  });
});

/** Lets a record in the journal have been written so much earlier. */
function makeOlder(sequenceNumber: string, seconds: number): void {
  const journal = join(server.stateDir, "tables.journal");
  const lines = readFileSync(journal, "utf8").split("\n");
  const older = lines.map((line) =>
    line.includes(sequenceNumber)
      ? line.replace(
          /("ApproximateCreationDateTime": ?)(\d+)/,
          (_all, name: string, time: string) => name + String(Number(time) - seconds),
        )
      : line,
  );
  writeFileSync(journal, older.join("\n"));
}

async function createTable(TableName: string): Promise<string> {
  const { TableDescription } = await db.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  return TableDescription?.LatestStreamArn ?? "";
}

async function put(TableName: string, Item: Record<string, AttributeValue>): Promise<void> {
  await db.send(new PutItemCommand({ TableName, Item }));
}

async function read(StreamArn: string, ShardIteratorType: ShardIteratorType, SequenceNumber?: string) {
  const streams = new DynamoDBStreamsClient(server.client);
  const place = { StreamArn, ShardId: SHARD, ShardIteratorType, SequenceNumber };
  const { ShardIterator } = await streams.send(new GetShardIteratorCommand(place));
  return (await streams.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
}
