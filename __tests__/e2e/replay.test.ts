import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { waitForArrival } from "../../cli/importing/arrival";
import { listLake } from "../../cli/replaying/lake";
import type { Outcome } from "../../cli/replaying/run";
import { removeUndelivered, settleAttention } from "../../cli/replaying/undelivered";
import { arrivalsOf, queryRows } from "../../cli/warehouse";
import { lakePrefixes } from "../../handlers/event/lake";
import { MINUTES, Scene } from "./faults/scene";
import { beginVerb, json, testState, until, verb } from "./verb";

let scene: Scene;
let lambda: LambdaClient;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  scene = await Scene.open();
  lambda = new LambdaClient({});
  dynamodb = new DynamoDBClient({});
}, MINUTES);
afterEach(() => scene.faults.clear());

/** Key of an item without anything else. */
const POISON = { S: "poison" };

const rows = (sql: string) => queryRows(scene.target, sql);
const ask = (...options: readonly string[]) => json<Outcome>("replay", ...options);
const functions = () => scene.target.outputs.functions;

/** Everything that the warehouse holds, as far as it is not about when it was loaded. */
async function everything(): Promise<Record<string, unknown>> {
  const tables = {
    events: "select * from events order by event_id, received_at",
    // A row of the Data API's results has 64 KB at most, as much as a payload alone.
    failed_events: `select failed_id, batch_id, cast(received_at as varchar(32)), source, protocol, stage, reason,
                      message, sha2(payload, 256), payload_encoding
                    from failed_events order by failed_id, received_at`,
    sessions: "select * from all_sessions order by session_id, visitor_id, traffic",
    identities: "select * from identities order by id, id_type",
    users: "select * from users order by user_id",
    ledger: "select object_key, etag, size_bytes, stream from load_ledger order by object_key",
    counts: `select stream, received_hour, sum(lines_read), sum(inserted), sum(dropped)
             from load_counts group by stream, received_hour order by 1, 2`,
  };
  const held: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(tables)) held[name] = await rows(sql);
  return held;
}

async function expectBalanced(): Promise<void> {
  let balance: { balanced?: boolean } = {};
  await until("everything balances", async () => {
    balance = await json("balance", "--deep");
    return balance.balanced === true;
  });
  expect(balance).toMatchObject({ balanced: true, in_flight: 0, findings: [] });
}

/** Sends batches with rejected events among them, and waits until they are in the warehouse. */
async function sent(count: number): Promise<string[]> {
  const batches = await scene.send(count);
  await waitForArrival(arrivalsOf(scene.target), batches, () => undefined, 1_000, 4 * MINUTES);
  return batches.flatMap(({ messageIds }) => messageIds);
}

const listed = (ids: readonly string[]): string => ids.map((id) => `'${id}'`).join(", ");

describe("npm run replay", () => {
  it(
    "brings in exactly what is missing, though its function is killed in the middle",
    async () => {
      const ids = await sent(4);
      const before = await everything();
      const gone = listed(ids.filter((_, index) => index % 3 === 0));
      await rows(`delete from events where event_id in (${gone})`);
      await rows("delete from failed_events where received_at > dateadd(hour, -2, getdate())");
      const [[left] = []] = await rows(`select count(*) from events where event_id in (${listed(ids)})`);
      expect(Number(left)).toBeLessThan(ids.length * 0.7);

      const dry = await ask("--from", "2h", "--dry-run");
      expect(dry).toMatchObject({ dry_run: true, balanced: null, files: [] });
      expect(dry.missing_events).toBeGreaterThan(50);
      expect(dry.missing_failed).toBeGreaterThan(0);
      expect(dry.estimate.usd).toBeGreaterThan(0);

      await scene.set("lambda:environment/replay=kill(400ms)#2..2");
      const done = await ask("--from", "2h");
      await scene.faults.clear();
      expect(done).toMatchObject({ balanced: true, findings: [], unreadable: 0, renewed: 0 });
      expect(done.missing_events).toBe(dry.missing_events);
      const after = await everything();
      for (const name of ["events", "failed_events", "sessions", "identities", "users"])
        expect(after[name]).toEqual(before[name]);
      await expectBalanced();
      expect(await ask("--from", "2h")).toMatchObject({ missing_events: 0, missing_failed: 0, files: [] });
    },
    10 * MINUTES,
  );

  it(
    "renews what is there with --replace, each event once",
    async () => {
      const before = await everything();
      await rows(
        "update events set page_host = 'wrong', device_class = 'tv', is_bot = null where received_at > dateadd(hour, -2, getdate())",
      );
      await rows("delete from all_sessions");
      const done = await ask("--from", "2h", "--replace");
      expect(done).toMatchObject({ balanced: true, missing_events: 0, files: [] });
      expect(done.renewed).toBeGreaterThan(100);
      const after = await everything();
      for (const name of ["events", "sessions", "counts"]) expect(after[name]).toEqual(before[name]);
      await expectBalanced();
    },
    8 * MINUTES,
  );

  it(
    "goes on where it was when it is killed",
    async () => {
      await scene.set("lambda:environment/replay=kill(5s)", "redshift-data:*=slow(300ms)");
      const folder = join(testState, "replays", "local");
      const killed = beginVerb("replay", "--from", "3h");
      await until("it has begun", () => existsSync(folder) && readdirSync(folder).length > 0);
      killed.child.kill("SIGKILL");
      await killed.ended;
      await scene.faults.clear();
      expect(readdirSync(folder)).toHaveLength(1);
      expect(await ask("--from", "3h")).toMatchObject({ resumed: true, balanced: true });
      expect(readdirSync(folder)).toEqual([]);
    },
    8 * MINUTES,
  );
});

describe("npm run failed, and npm run replay -- --failed", () => {
  it(
    "show what was rejected, and bring it in when its cause is mended",
    async () => {
      const message = (messageId: string, length: number) => ({
        ...{ type: "track", event: "Large", anonymousId: "a", messageId },
        properties: { text: "x".repeat(length) },
      });
      const messageId = randomUUID();
      const larger = message(randomUUID(), 80_000);
      const answer = await fetch(new URL("v1/batch", scene.collector.url), {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${scene.collector.writeKey}:`)}` },
        body: JSON.stringify({ batch: [message(messageId, 40_000), larger] }),
      });
      expect(await answer.json()).toMatchObject({ accepted: 0, failed: 2 });
      const reason = ["--reason", "event_too_large", "--since", "1h"];
      const shown = () =>
        json<{ counts: { events: number; replayed: number }[]; samples: Record<string, unknown>[] }>(
          "failed",
          ...reason,
        );
      await until("it is shown", async () => (await shown()).counts.length > 0);
      const { counts, samples } = await shown();
      expect(counts).toEqual([
        expect.objectContaining({ stage: "collect", reason: "event_too_large", events: 2, replayed: 0 }),
      ]);
      expect(samples).toHaveLength(2);
      const sample = samples.find(({ message: why }) => String(why).includes("bytes are here"));
      expect(sample).toMatchObject({
        source: "server",
        message: expect.stringContaining("32768 are allowed"),
        payload: expect.stringMatching(/^\{"type":"track","event":"Large"/),
      });
      const whole = await json<{ payload: string }>("failed", "--id", String(sample?.failed_id));
      expect(JSON.parse(whole.payload)).toEqual(larger);
      expect((await verb("failed", ...reason)).stdout).toContain("2 rejected events.");

      const failedReplay = () => ask("--failed", "--reason", "event_too_large");
      expect(await failedReplay()).toMatchObject({ recovered: 0, still_failing: 2, balanced: true });
      const restore = await configure(functions().replay, (variables) => ({
        Environment: { Variables: { ...variables, MAX_EVENT_BYTES: "65536" } },
      }));
      try {
        expect(await failedReplay()).toMatchObject({
          ...{ recovered: 1, still_failing: 1, missing_events: 1, balanced: true },
        });
        expect(await failedReplay()).toMatchObject({ recovered: 1, missing_events: 0, files: [] });
      } finally {
        await restore();
      }
      expect(
        await rows(
          `select events.event_name, cast(events.received_at as varchar(32)) from events
           inner join failed_events on failed_events.failed_id = events.batch_id where events.event_id = '${messageId}'`,
        ),
      ).toEqual([["Large", sample?.received_at]]); // both came in one batch
      expect((await shown()).counts).toEqual([expect.objectContaining({ events: 2, replayed: 1 })]);
      await expectBalanced();
    },
    10 * MINUTES,
  );
});

describe("after a Firehose outage that outlasted the transform's patience", () => {
  it(
    "records wait whole in the lake, and npm run replay -- --undelivered brings each in once",
    async () => {
      const { EventSourceMappings = [] } = await lambda.send(
        new ListEventSourceMappingsCommand({ FunctionName: functions().transform }),
      );
      const { UUID, MaximumRetryAttempts } = EventSourceMappings[0] ?? {};
      const retries = (attempts: number | undefined) =>
        lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: attempts }));
      // Twelve hours of outage in seconds: the function gives up sooner, and the mapping does.
      const restore = await configure(functions().transform, () => ({ Timeout: 4 }));
      await retries(0);
      let batches: Awaited<ReturnType<Scene["send"]>>;
      try {
        // One of the streams takes everything: what was delivered to it comes twice.
        await scene.set("firehose:PutRecordBatch/events=error", "firehose:PutRecordBatch/failed=throttle");
        batches = await scene.send(2);
        // And one that no collector wrote: it can never be read.
        await dynamodb.send(
          new PutItemCommand({ TableName: scene.target.outputs.tableName, Item: { pk: POISON, sk: POISON } }),
        );
        const waiting = async () =>
          (await listLake(scene.target.outputs.lakeBucket, lakePrefixes.undelivered)).length;
        await until("records were given up", async () => (await waiting()) > 0, 240);
        await until("all of them were", async () => (await idle()) && (await waiting()) > 0, 240);
      } finally {
        await scene.faults.clear();
        await retries(MaximumRetryAttempts);
        await restore();
      }
      const unbalanced = await json<{ findings: string[] }>("balance");
      expect(unbalanced.findings.join()).toContain("wait for a replay");
      expect(await attention()).toBeGreaterThan(0);

      expect(await ask("--undelivered", "--dry-run")).toMatchObject({ dry_run: true, files: [] });
      await scene.set("lambda:environment/replay=kill(400ms)#1");
      const done = await ask("--undelivered");
      await scene.faults.clear();
      expect(done.items).toBeGreaterThan(0);
      expect(done).toMatchObject({ unreadable: 1 });
      expect(done.findings.join("\n")).toMatch(/cannot be read: .*a stored item lacks kind, source/);
      await scene.expectOnce(batches);

      // The object with what cannot be read stays until somebody has looked at it.
      const left = await listLake(scene.target.outputs.lakeBucket, lakePrefixes.undelivered);
      expect(left).toHaveLength(1);
      expect(await attention()).toBe(1);
      expect(await ask("--undelivered")).toMatchObject({ objects: 1, unreadable: 1, files: [] });
      for (const { key } of left) await removeUndelivered(scene.target, key);
      await settleAttention(scene.target, new Set(left.map(({ key }) => key)));
      await dynamodb.send(
        new DeleteItemCommand({
          TableName: scene.target.outputs.tableName,
          Key: { pk: POISON, sk: POISON },
        }),
      );
      expect(await attention()).toBe(0);
      await expectBalanced();
      expect(await ask("--undelivered")).toMatchObject({ objects: 0, files: [], balanced: true });
    },
    15 * MINUTES,
  );
});

describe("an emptied warehouse", () => {
  it(
    "is whole again after npm run replay -- --rebuild: the same rows, the same counts",
    async () => {
      await expectBalanced();
      const refused = await verb("replay", "--rebuild");
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("is not empty") });
      const before = await everything();
      for (const table of ["events", "failed_events", "all_sessions", "identity_links", "load_counts"])
        await rows(`delete from ${table}`);
      const done = await ask("--rebuild");
      expect(done).toMatchObject({ mode: "rebuild", balanced: true, findings: [], missing_events: 0 });
      expect(await everything()).toEqual(before);
      await expectBalanced();
    },
    10 * MINUTES,
  );
});

/** Changes a function's configuration. @returns what puts it back. */
async function configure(
  FunctionName: string,
  change: (variables: Record<string, string>) => object,
): Promise<() => Promise<void>> {
  const { Environment, Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = Environment?.Variables ?? {};
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...change(Variables) }));
  return async () => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Timeout, Environment: { Variables } }),
    );
  };
}

/** Messages of the attention queue, shown or hidden. */
async function attention(): Promise<number> {
  const { Attributes } = await new SQSClient({}).send(
    new GetQueueAttributesCommand({
      QueueUrl: scene.target.outputs.attentionQueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessages) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
  );
}

/** Whether nothing was given up for as long as an attempt takes, and more. */
async function idle(): Promise<boolean> {
  const count = async () =>
    (await listLake(scene.target.outputs.lakeBucket, lakePrefixes.undelivered)).length;
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  return before === (await count());
}
