import { readShard, type ShardReading } from "../../../../local/lambda/polling/stream/shard";
import type { BatchOutcome, BatchRules } from "../../../../local/lambda/polling/stream/types";
import { answered, FakeStream, RULES, sequences, virtualClock } from "./fakes";

interface Setting {
  readonly stream: FakeStream;
  readonly rules?: Partial<BatchRules>;
  readonly more?: Partial<ShardReading>;
  readonly handler?: (ids: string[]) => Promise<BatchOutcome> | BatchOutcome;
  /** Whether what the test waits for has come. */
  readonly until: (seen: string[]) => boolean;
}

/** Reads shard "s" until the condition holds. */
async function read({ stream, rules, more, handler = () => answered(), until }: Setting) {
  const stop = new AbortController();
  const seen: string[] = [];
  const batches: string[][] = [];
  const saved: string[] = [];
  let sleeps = 0;
  const clock = virtualClock();
  const { sleep } = clock;
  clock.sleep = async (ms, signal) => {
    sleeps += 1;
    if (until(seen)) stop.abort();
    if (sleeps > 5_000) throw new Error(`still waiting; seen so far: ${seen.join()}`);
    await sleep(ms, signal);
  };
  const ended = await readShard({
    shardId: "s",
    streamArn: "arn:stream",
    start: "TRIM_HORIZON",
    source: stream,
    rules: { ...RULES, ...rules },
    clock,
    invoke: async (event) => {
      const ids = sequences(event);
      batches.push(ids);
      const outcome = await handler(ids);
      if (outcome.kind === "answered") seen.push(...ids);
      return outcome;
    },
    discard: async () => undefined,
    save: (sequenceNumber) => saved.push(sequenceNumber),
    signal: stop.signal,
    ...more,
  });
  return { seen, batches, saved, ended };
}

function filled(count: number): FakeStream {
  const stream = new FakeStream("s");
  for (let n = 0; n < count; n += 1) stream.put("s", `key-${n % 7}`);
  return stream;
}

beforeEach(() => jest.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

test("reads everything from the beginning, in order, and remembers how far it is", async () => {
  const { seen, saved } = await read({ stream: filled(35), until: (ids) => ids.length >= 35 });
  expect(seen).toEqual(Array.from({ length: 35 }, (_, n) => String(n + 1).padStart(6, "0")));
  expect(saved.at(-1)).toBe("000035");
});

test("starts at the end with LATEST", async () => {
  const stream = filled(5);
  let later: string | undefined;
  const iterator = stream.iterator.bind(stream);
  stream.iterator = async (shardId, position) => {
    const found = await iterator(shardId, position);
    later ??= stream.put("s", "new");
    return found;
  };
  const { seen } = await read({ stream, more: { start: "LATEST" }, until: (ids) => ids.length > 0 });
  expect(seen).toEqual([later]);
});

test("goes on after the checkpoint", async () => {
  const more = { checkpoint: "000003" };
  const { seen } = await read({ stream: filled(5), more, until: (ids) => ids.length >= 2 });
  expect(seen).toEqual(["000004", "000005"]);
});

test("reads from the beginning when the stream does not know the checkpoint", async () => {
  const more = { checkpoint: "gone", start: "LATEST" as const };
  const { seen } = await read({ stream: filled(3), more, until: (ids) => ids.length >= 3 });
  expect(seen).toEqual(["000001", "000002", "000003"]);
});

test("skips nothing when the stream forgets its records and goes on from zero", async () => {
  const stream = filled(20);
  let restarted = false;
  const { seen } = await read({
    stream,
    until: (ids) => {
      if (ids.length >= 20 && !restarted) {
        restarted = true;
        stream.restart();
        for (let n = 0; n < 30; n += 1) stream.put("s", "after"); // an old iterator would begin at the 20th
      }
      return new Set(ids).size >= 50;
    },
  });
  expect(new Set(seen).size).toBe(50);
});

test("repeats failing calls for ever and loses nothing", async () => {
  const stream = filled(5);
  stream.faults = 25;
  const { seen } = await read({ stream, until: (ids) => ids.length >= 5 });
  expect(seen).toHaveLength(5);
});

test("does not save beyond a record that is still being worked on", async () => {
  const stream = new FakeStream("s");
  for (let n = 0; n < 40; n += 1) stream.put("s", `key-${n}`);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { saved } = await read({
    stream,
    rules: { lanes: 4, batchSize: 1 },
    handler: async (ids) => {
      if (ids.includes("000006")) await held;
      return answered();
    },
    until: (ids) => {
      if (ids.length < 25) return false;
      release();
      return true;
    },
  });
  const beforeRelease = saved.filter((sequenceNumber) => sequenceNumber < "000006");
  expect(saved.slice(0, beforeRelease.length)).toEqual(beforeRelease);
  expect(beforeRelease.at(-1)).toBe("000005");
});

test("keeps the order of each partition key while keys are worked on side by side", async () => {
  const stream = new FakeStream("s");
  const byKey = new Map<string, string[]>();
  for (let n = 0; n < 60; n += 1) {
    const key = `key-${n % 6}`;
    byKey.set(key, [...(byKey.get(key) ?? []), stream.put("s", key)]);
  }
  let running = 0;
  let most = 0;
  const { seen } = await read({
    stream,
    rules: { lanes: 4, batchSize: 3 },
    handler: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answered();
    },
    until: (ids) => ids.length >= 60,
  });
  for (const ids of byKey.values()) expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
  expect(most).toBeGreaterThan(1);
});

test("has one batch at a time without parallelization", async () => {
  let running = 0;
  const { batches } = await read({
    stream: filled(30),
    rules: { batchSize: 4 },
    handler: async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answered();
    },
    until: (ids) => ids.length >= 30,
  });
  expect(batches.every((ids) => ids.length <= 4)).toBe(true);
});

test("waits for the batching window, and not for it when the batch is full", async () => {
  const filling = await read({
    stream: filled(10),
    rules: { batchSize: 4, windowMs: 60_000 },
    until: (ids) => ids.length >= 10,
  });
  expect(filling.batches.map((ids) => ids.length)).toEqual([4, 4, 2]);
});

test("counts what the filter leaves out as done and does not deliver it", async () => {
  const stream = new FakeStream("s");
  stream.put("s", "a");
  stream.put("s", "a", "REMOVE");
  stream.put("s", "a");
  stream.put("s", "a", "REMOVE");
  const matches = (record: unknown): boolean => (record as { eventName: string }).eventName === "INSERT";
  const { seen, saved } = await read({ stream, more: { matches }, until: (ids) => ids.length >= 2 });
  expect(seen).toEqual(["000001", "000003"]);
  expect(saved.at(-1)).toBe("000004");
});

test("gives each record its stream's ARN", async () => {
  const events: unknown[] = [];
  const invoke: ShardReading["invoke"] = async (event) => {
    events.push(JSON.parse(event));
    return answered();
  };
  await read({ stream: filled(1), more: { invoke }, until: () => events.length > 0 });
  expect(events).toEqual([
    {
      Records: [
        {
          eventID: "id-000001",
          eventName: "INSERT",
          dynamodb: {
            ApproximateCreationDateTime: 1_000_000_000,
            Keys: { pk: { S: "key-0" } },
            SequenceNumber: "000001",
          },
          eventSourceARN: "arn:stream",
        },
      ],
    },
  ]);
});

test("ends with a closed shard once everything of it is done", async () => {
  const stream = filled(12);
  stream.closed.add("s");
  const { seen, ended } = await read({ stream, until: () => false });
  expect(seen).toHaveLength(12);
  expect(ended).toBe(true);
});
