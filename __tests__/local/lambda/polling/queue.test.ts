import { anyOf } from "../../../../local/lambda/polling/filters";
import { pollQueue, type QueuePolling, type QueueRules } from "../../../../local/lambda/polling/queue/poller";
import type { QueueRecord, QueueSource } from "../../../../local/lambda/polling/queue/source";
import type { BatchOutcome } from "../../../../local/lambda/polling/stream/types";
import { answered, FAILED, REJECTED, reporting, virtualClock } from "./fakes";

const RULES: QueueRules = { batchSize: 10, windowMs: 0, maximumConcurrency: 2, reportsItemFailures: true };

/** A queue that hands out each message once. */
class FakeQueue implements QueueSource {
  readonly removed: string[] = [];
  faults = 0;
  constructor(readonly waiting: QueueRecord[]) {}
  async receive(most: number): Promise<readonly QueueRecord[]> {
    if (this.faults-- > 0) throw new Error("connection refused");
    await new Promise((resolve) => setImmediate(resolve));
    return this.waiting.splice(0, Math.min(most, 10));
  }
  async remove(records: readonly QueueRecord[]): Promise<void> {
    this.removed.push(...records.map(({ messageId }) => messageId));
  }
}

function messages(count: number): QueueRecord[] {
  return Array.from({ length: count }, (_, n) => ({
    messageId: `m${n}`,
    receiptHandle: `r${n}`,
    body: JSON.stringify({ n }),
  }));
}

async function poll(
  queue: FakeQueue,
  handler: (ids: string[]) => Promise<BatchOutcome> | BatchOutcome,
  more: Partial<QueuePolling> = {},
) {
  const stop = new AbortController();
  const batches: string[][] = [];
  const clock = virtualClock();
  const receive = queue.receive.bind(queue);
  let empty = 0;
  queue.receive = async (most) => {
    const received = await receive(most);
    clock.time += 300; // a call that waits for messages takes its time
    if (received.length === 0 && ++empty > 20) stop.abort();
    return received;
  };
  await pollQueue(
    {
      queueArn: "arn:queue",
      source: queue,
      rules: RULES,
      clock,
      invoke: async (event) => {
        const ids = (JSON.parse(event) as { Records: QueueRecord[] }).Records.map(
          ({ messageId }) => messageId,
        );
        batches.push(ids);
        return handler(ids);
      },
      ...more,
    },
    stop.signal,
  );
  return batches;
}

beforeEach(() => jest.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

test("deletes messages that the function has taken", async () => {
  const queue = new FakeQueue(messages(13));
  const batches = await poll(queue, () => answered());
  expect(batches.map((ids) => ids.length)).toEqual([10, 3]);
  expect(queue.removed).toHaveLength(13);
});

test("keeps exactly the messages that were reported as failed", async () => {
  const queue = new FakeQueue(messages(4));
  await poll(queue, () => reporting("m1", "m3"));
  expect(queue.removed).toEqual(["m0", "m2"]);
});

test("keeps all when the function fails, cannot be invoked or reports an unknown message", async () => {
  for (const outcome of [FAILED, REJECTED, reporting("other"), reporting("")]) {
    const queue = new FakeQueue(messages(2));
    await poll(queue, () => outcome);
    expect(queue.removed).toEqual([]);
  }
});

test("keeps all when a function that reports no single failures fails", async () => {
  for (const outcome of [FAILED, REJECTED]) {
    const queue = new FakeQueue(messages(2));
    await poll(queue, () => outcome, { rules: { ...RULES, reportsItemFailures: false } });
    expect(queue.removed).toEqual([]);
  }
});

test("fills a batch within its window", async () => {
  const queue = new FakeQueue(messages(25));
  const batches = await poll(queue, () => answered(), {
    rules: { ...RULES, batchSize: 20, windowMs: 1_000 },
  });
  expect(batches.map((ids) => ids.length)).toEqual([20, 5]);
});

test("has no more batches at work than the mapping allows", async () => {
  let running = 0;
  let most = 0;
  const queue = new FakeQueue(messages(60));
  await poll(queue, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
    return answered();
  });
  expect(most).toBe(2);
  expect(queue.removed).toHaveLength(60);
});

test("deletes what the filter leaves out, looking into bodies that are JSON", async () => {
  const queue = new FakeQueue(messages(3));
  const batches = await poll(queue, () => answered(), { matches: anyOf([{ body: { n: [1] } }]) });
  expect(batches).toEqual([["m1"]]);
  expect([...queue.removed].sort()).toEqual(["m0", "m1", "m2"]);
});

test("repeats a failing call and loses nothing", async () => {
  const queue = new FakeQueue(messages(3));
  queue.faults = 10;
  await poll(queue, () => answered());
  expect(queue.removed).toHaveLength(3);
});

test("hands over no more than an event may hold, and still no more at once than the mapping allows", async () => {
  const large = messages(30).map((message) => ({ ...message, body: "x".repeat(1_000_000) }));
  const queue = new FakeQueue(large);
  let [running, most] = [0, 0];
  const batches = await poll(
    queue,
    async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      return answered();
    },
    { rules: { ...RULES, batchSize: 30, windowMs: 1_000 } },
  );
  expect(batches.map((ids) => ids.length)).toEqual([6, 6, 6, 6, 6]);
  expect(most).toBe(2);
  expect(queue.removed).toHaveLength(30);
});
