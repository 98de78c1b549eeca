import { processBatch } from "../../../../local/lambda/polling/stream/batch";
import type {
  BatchOutcome,
  BatchRecord,
  BatchRules,
  Discarded,
} from "../../../../local/lambda/polling/stream/types";
import { answered, FAILED, item, REJECTED, RULES, reporting, sequences, virtualClock } from "./fakes";

/** Runs a batch against a function and tells everything that happened to it. */
async function run(
  records: readonly BatchRecord[],
  rules: Partial<BatchRules>,
  handler: (ids: string[], call: number) => BatchOutcome,
  discardFaults = 0,
) {
  const invocations: string[][] = [];
  const done: string[] = [];
  const discarded: Discarded[] = [];
  const stop = new AbortController();
  const clock = virtualClock();
  await processBatch(records, {
    shardId: "shard",
    rules: { ...RULES, ...rules },
    clock,
    invoke: async (event) => {
      invocations.push(sequences(event));
      if (invocations.length > 200) stop.abort();
      return handler(sequences(event), invocations.length);
    },
    discard: async (batch) => {
      if (discardFaults-- > 0) throw new Error("bucket unreachable");
      discarded.push(batch);
    },
    done: (items) => done.push(...items.map(({ sequenceNumber }) => sequenceNumber)),
    signal: stop.signal,
  });
  return {
    invocations,
    done,
    discarded,
    ids: discarded.map((each) => each.records.map((r) => r.sequenceNumber)),
  };
}

const BATCH = ["1", "2", "3", "4"].map((id) => item(id));

beforeEach(() => jest.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

test("hands over a batch once when the function takes it", async () => {
  const result = await run(BATCH, {}, () => answered());
  expect(result.invocations).toEqual([["1", "2", "3", "4"]]);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("tries a failing batch again, whole, until the function takes it", async () => {
  const result = await run(BATCH, {}, (_ids, call) => (call < 4 ? FAILED : answered()));
  expect(result.invocations).toHaveLength(4);
  expect(result.invocations.every((ids) => ids.length === 4)).toBe(true);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("gives a batch up after the retries it may have", async () => {
  const result = await run(BATCH, { maximumRetryAttempts: 2 }, () => FAILED);
  expect(result.invocations).toHaveLength(3);
  expect(result.ids).toEqual([["1", "2", "3", "4"]]);
  expect(result.discarded[0]).toMatchObject({
    condition: "RetryAttemptsExhausted",
    invocations: 3,
    last: { requestId: "request", version: "$LATEST", failed: true },
  });
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("does not try again when no retries are allowed", async () => {
  const result = await run(BATCH, { maximumRetryAttempts: 0 }, () => FAILED);
  expect(result.invocations).toHaveLength(1);
  expect(result.ids).toEqual([["1", "2", "3", "4"]]);
});

test("bisects down to the poison record, which alone uses up retries and is given up", async () => {
  const rules = { bisect: true, maximumRetryAttempts: 1 };
  const result = await run(BATCH, rules, (ids) => (ids.includes("3") ? FAILED : answered()));
  expect(result.invocations).toEqual([["1", "2", "3", "4"], ["1", "2"], ["3", "4"], ["3"], ["3"], ["4"]]);
  expect(result.ids).toEqual([["3"]]);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("goes on from the lowest sequence number that was reported", async () => {
  const result = await run(BATCH, { reportsItemFailures: true }, (_ids, call) =>
    call === 1 ? reporting("4", "3") : answered({ batchItemFailures: [] }),
  );
  expect(result.invocations).toEqual([
    ["1", "2", "3", "4"],
    ["3", "4"],
  ]);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("gives up only what was not processed before", async () => {
  const rules = { reportsItemFailures: true, maximumRetryAttempts: 2 };
  const result = await run(BATCH, rules, () => reporting("2"));
  expect(result.invocations).toEqual([
    ["1", "2", "3", "4"],
    ["2", "3", "4"],
    ["2", "3", "4"],
  ]);
  expect(result.ids).toEqual([["2", "3", "4"]]);
  expect(result.discarded[0]?.last?.failed).toBe(false);
});

test("with bisection and reported items, splits where the report says and loses nothing but the poison", async () => {
  const rules = { reportsItemFailures: true, bisect: true, maximumRetryAttempts: 0 };
  const result = await run(BATCH, rules, (ids) => (ids.includes("2") ? reporting("2") : answered()));
  expect(result.invocations).toEqual([
    ["1", "2", "3", "4"],
    ["2", "3", "4"],
    ["2", "3"],
    ["2"],
    ["3"],
    ["4"],
  ]);
  expect(result.ids).toEqual([["2"]]);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test.each([
  ["an empty list", { batchItemFailures: [] }],
  ["a null list", { batchItemFailures: null }],
  ["an empty answer", {}],
  ["a null answer", null],
])("takes %s for a success", async (_name, payload) => {
  const result = await run(BATCH, { reportsItemFailures: true }, () => answered(payload));
  expect(result.invocations).toHaveLength(1);
  expect(result.done).toHaveLength(4);
});

test.each([
  ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }],
  ["a null identifier", { batchItemFailures: [{ itemIdentifier: null }] }],
  ["an identifier under another name", { batchItemFailures: [{ id: "3" }] }],
  ["an identifier that is not in the batch", { batchItemFailures: [{ itemIdentifier: "9" }] }],
])("takes %s for the failure of the whole batch", async (_name, payload) => {
  const rules = { reportsItemFailures: true, maximumRetryAttempts: 0 };
  const result = await run(BATCH, rules, () => answered(payload));
  expect(result.ids).toEqual([["1", "2", "3", "4"]]);
});

test("ignores a report when the mapping does not ask for one", async () => {
  const result = await run(BATCH, {}, () => reporting("1"));
  expect(result.invocations).toHaveLength(1);
  expect(result.done).toHaveLength(4);
});

test("gives up records that are too old before the function sees them, and hands over the rest", async () => {
  const now = 1_000_000_000_000;
  const records = [item("1", now - 61_000), item("2", now - 61_000), item("3", now - 1_000)];
  const result = await run(records, { maximumRecordAgeSeconds: 60 }, () => answered());
  expect(result.invocations).toEqual([["3"]]);
  expect(result.ids).toEqual([["1", "2"]]);
  expect(result.discarded[0]).toMatchObject({ condition: "RecordAgeExceeded", invocations: 0 });
  expect(result.discarded[0]?.last).toBeUndefined();
  expect(result.done).toEqual(["1", "2", "3"]);
});

test("gives a failing batch up once it has become too old", async () => {
  const result = await run(BATCH, { maximumRecordAgeSeconds: 5 }, () => FAILED);
  expect(result.invocations.length).toBeGreaterThan(2);
  expect(result.discarded[0]?.condition).toBe("RecordAgeExceeded");
});

test("uses up no retry while the function cannot be invoked", async () => {
  const result = await run(BATCH, { maximumRetryAttempts: 0, bisect: true }, (_ids, call) =>
    call < 10 ? REJECTED : answered(),
  );
  expect(result.invocations).toHaveLength(10);
  expect(result.discarded).toEqual([]);
  expect(result.done).toHaveLength(4);
});

test("is not done with a record until the destination has it", async () => {
  const result = await run(BATCH, { maximumRetryAttempts: 0 }, () => FAILED, 3);
  expect(result.ids).toEqual([["1", "2", "3", "4"]]);
  expect(result.done).toEqual(["1", "2", "3", "4"]);
});

test("leaves records undone when it is stopped", async () => {
  const result = await run(BATCH, {}, () => FAILED); // the fake stops it after 200 invocations
  expect(result.done).toEqual([]);
  expect(result.discarded).toEqual([]);
});

test("a record that the stream has dropped is gone, though it may be retried for ever, and no destination hears of it", async () => {
  const day = 86_400_000;
  const now = 1_000_000_000_000;
  const records = [item("1", now - day - 1), item("2", now - day + 150), item("3")];
  const result = await run(records, {}, (ids, call) => (ids.includes("2") && call < 5 ? FAILED : answered()));
  expect(result.invocations[0]).toEqual(["2", "3"]);
  expect(result.invocations.at(-1)).toEqual(["3"]); // the second one went while it was retried
  expect(result.done).toEqual(["1", "2", "3"]);
  expect(result.discarded).toEqual([]);
});

test("gives up by the mapping's record age before the stream drops the record", async () => {
  const old = item("1", 1_000_000_000_000 - 90_000_000);
  const result = await run([old], { maximumRecordAgeSeconds: 3_600 }, () => answered());
  expect(result.discarded.map(({ condition }) => condition)).toEqual(["RecordAgeExceeded"]);
});
