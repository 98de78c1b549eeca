import { count, until } from "../verb";
import { expectAllStruck, MINUTES, Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
}, MINUTES);
afterEach(() => scene.faults.clear());

describe("the transform", () => {
  it(
    "delivers everything once while Firehose takes calls in part, fails, loses answers and is away",
    async () => {
      await scene.set(
        "firehose:PutRecordBatch/events=error#3",
        "firehose:PutRecordBatch/raw=partial@0.5",
        "firehose:PutRecordBatch=throttle@0.2",
        "firehose:PutRecordBatch=partial@0.3",
        "firehose:PutRecordBatch=lost@0.3",
        "firehose:PutRecordBatch=timeout(done,12s)#2..2",
      );
      const sent = await scene.send(6);
      await scene.expectOnce(sent);
      const struck = await scene.struck();
      expect(struck["firehose:PutRecordBatch/events=error#3"]).toBe(3);
      expect(Object.values(struck).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(4);
    },
    8 * MINUTES,
  );

  it(
    "delivers everything once though its environments are killed and its batches come twice",
    async () => {
      await scene.set(
        "firehose:PutRecordBatch=slow(150ms)",
        "lambda:environment/transform=kill(100ms)#2",
        "lambda:batch/transform=duplicate#1..2",
        "dynamodbstreams:GetRecords=throttle@0.2",
        "dynamodbstreams:GetRecords=error@0.1",
      );
      const sent = await scene.send(6);
      await scene.expectOnce(sent);
      expectAllStruck(await scene.struck());
    },
    8 * MINUTES,
  );

  it(
    "goes on where it was when its poller is started again",
    async () => {
      await scene.set("lambda:poller/transform=stop");
      const sent = await scene.send(3);
      const [batch = ""] = sent[0]?.receipt.batches ?? [];
      await new Promise((resolve) => setTimeout(resolve, 8_000)); // as long as an event takes to the lake, and more
      expect(await count(`select count(*) from events where batch_id = '${batch}'`)).toBe(0);
      await scene.faults.clear();
      await scene.expectOnce(sent);
    },
    8 * MINUTES,
  );
});

describe("the loader", () => {
  it(
    "loads everything once though everything is delivered twice, and in another order",
    async () => {
      await scene.set(
        "firehose:object=duplicate",
        "s3:PutObject=duplicate@0.5",
        "s3:notification/lake=duplicate@0.7",
        "s3:notification/lake=reorder@0.5",
        "sqs:ReceiveMessage=duplicate@0.3",
        "sqs:DeleteMessageBatch=partial@0.5",
        "lambda:event/load=duplicate",
        "scheduler:invocation/load=duplicate",
      );
      const sent = await scene.send(6);
      await scene.expectOnce(sent);
      await until(
        "everything that comes twice has come",
        async () => ((await scene.struck())["scheduler:invocation/load=duplicate"] ?? 0) > 0,
      );
      const {
        "s3:PutObject=duplicate@0.5": _,
        "sqs:DeleteMessageBatch=partial@0.5": __,
        ...sure
      } = await scene.struck();
      expect(sure["firehose:object=duplicate"]).toBeGreaterThan(0);
      expect(sure["lambda:event/load=duplicate"]).toBeGreaterThan(0);
      await scene.faults.clear();
      await scene.expectOnce(sent);
    },
    8 * MINUTES,
  );

  it(
    "loads everything once though the Data API throttles and fails, and it is killed in the middle of a load",
    async () => {
      await scene.set(
        "redshift-data:BatchExecuteStatement=lost#1",
        "redshift-data:BatchExecuteStatement=throttle#2..3",
        "redshift-data:DescribeStatement=throttle@0.2",
        "redshift-data:DescribeStatement=error@0.1",
        "redshift-data:*=slow(30ms)@0.5",
        "lambda:environment/load=kill(1500ms)#1",
        "sqs:ReceiveMessage=error@0.1",
      );
      const sent = await scene.send(4);
      await until(
        "the loader was killed",
        async () => ((await scene.struck())["lambda:environment/load=kill(1500ms)#1"] ?? 0) === 1,
        240,
      );
      await scene.expectOnce(sent);
      const struck = await scene.struck();
      expect(struck["redshift-data:BatchExecuteStatement=lost#1"]).toBe(1);
    },
    10 * MINUTES,
  );
});
