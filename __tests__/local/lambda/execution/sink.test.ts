import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileSink } from "../../../../local/lambda/execution/sink";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-sink-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("writes each function's lines to its own file, in order, and forwards them by stream", async () => {
  const forwarded: [string, string, string, string[]][] = [];
  const sink = new FileSink(folder, {
    forward: (name, group, stream, lines) =>
      forwarded.push([name, group, stream, lines.map(({ message }) => message)]),
  });
  sink.write("one", "/aws/lambda/one", "s1", "a");
  sink.write("two", "/aws/lambda/two", "s2", "b");
  sink.write("one", "/aws/lambda/one", "s3", "c");
  await sink.flush();
  sink.write("one", "/aws/lambda/one", "s1", "d");
  await sink.flush();
  expect(readFileSync(join(folder, "one.log"), "utf8")).toBe("a\nc\nd\n");
  expect(readFileSync(join(folder, "two.log"), "utf8")).toBe("b\n");
  expect(forwarded).toEqual([
    ["one", "/aws/lambda/one", "s1", ["a"]],
    ["one", "/aws/lambda/one", "s3", ["c"]],
    ["two", "/aws/lambda/two", "s2", ["b"]],
    ["one", "/aws/lambda/one", "s1", ["d"]],
  ]);
});

test("puts a large file aside", async () => {
  const file = join(folder, "one.log");
  writeFileSync(file, "");
  truncateSync(file, 32_000_001);
  const sink = new FileSink(folder);
  sink.write("one", "g", "s", "fresh");
  await sink.flush();
  expect(readFileSync(file, "utf8")).toBe("fresh\n");
  expect(statSync(`${file}.1`).size).toBe(32_000_001);
});
