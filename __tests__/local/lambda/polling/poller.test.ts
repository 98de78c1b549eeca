import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pollStream } from "../../../../local/lambda/polling/stream/poller";
import { answered, FakeStream, RULES, sequences, virtualClock } from "./fakes";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-poller-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Polls until so many records were delivered. */
async function poll(
  stream: FakeStream,
  count: number,
  start: "TRIM_HORIZON" | "LATEST" = "TRIM_HORIZON",
  createdMs = 0,
) {
  const stop = new AbortController();
  const seen: string[] = [];
  await pollStream(
    {
      uuid: "mapping",
      streamArn: "arn:stream",
      ...{ start, createdMs },
      source: stream,
      rules: RULES,
      clock: virtualClock(),
      invoke: async (event) => {
        seen.push(...sequences(event));
        if (seen.length >= count) setImmediate(() => stop.abort());
        return answered();
      },
      discard: async () => undefined,
      folder,
    },
    stop.signal,
  );
  return seen;
}

test("goes on where an earlier process had come to", async () => {
  const stream = new FakeStream("s");
  for (let n = 0; n < 3; n += 1) stream.put("s", "a");
  expect(await poll(stream, 3)).toEqual(["000001", "000002", "000003"]);
  stream.put("s", "a");
  expect(await poll(stream, 1)).toEqual(["000004"]);
  expect(JSON.parse(readFileSync(join(folder, "mapping.json"), "utf8"))).toEqual({
    shards: { s: { sequenceNumber: "000004" } },
  });
});

test("reads a child shard whole, after its parent is done", async () => {
  const stream = new FakeStream("parent", "child");
  stream.parents.set("child", "parent");
  stream.closed.add("parent");
  stream.put("child", "a"); // written first here, so that only the order of shards can explain the result
  stream.put("parent", "a");
  stream.put("parent", "a");
  expect(await poll(stream, 3)).toEqual(["000002", "000003", "000001"]);
});

test("does not read an ended shard again", async () => {
  const stream = new FakeStream("parent", "child");
  stream.parents.set("child", "parent");
  stream.closed.add("parent");
  stream.put("parent", "a");
  stream.put("child", "a");
  await poll(stream, 2);
  stream.put("child", "a");
  expect(await poll(stream, 1)).toEqual(["000003"]);
});

test("LATEST is where the stream ended when the mapping was made, also if nothing was read before a restart", async () => {
  const stream = new FakeStream("s");
  stream.put("s", "before", "INSERT", 999_999_994);
  const stop = new AbortController();
  const read = stream.read.bind(stream);
  stream.read = async (iterator) => {
    stop.abort(); // the first process ends before it has read anything
    return { records: [], next: iterator };
  };
  const common = { uuid: "mapping", streamArn: "arn:stream", rules: RULES, clock: virtualClock(), folder };
  const nothing = { invoke: async () => answered(), discard: async () => undefined };
  await pollStream(
    { ...common, ...nothing, start: "LATEST", createdMs: 999_999_995_500, source: stream },
    stop.signal,
  );
  stream.read = read;
  const meanwhile = stream.put("s", "meanwhile", "INSERT", 999_999_996);
  expect(await poll(stream, 1, "LATEST", 999_999_995_500)).toEqual([meanwhile]);
});

test("LATEST reads a shard that appears later from its beginning", async () => {
  const stream = new FakeStream("parent", "child");
  stream.parents.set("child", "parent");
  stream.closed.add("parent");
  stream.put("parent", "before");
  const born = stream.put("child", "after");
  expect(await poll(stream, 1, "LATEST")).toEqual([born]);
});
