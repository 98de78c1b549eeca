import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Batch, batchesOf } from "../../../cli/importing/batches";
import { fingerprint, linesOf } from "../../../cli/importing/lines";
import { lineIds } from "../../../cli/importing/message";
import { ndjsonParser } from "../../../cli/importing/ndjson";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, contents: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

async function batches(path: string): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batchesOf(linesOf(path), ndjsonParser, lineIds())) all.push(batch);
  return all;
}

describe("the lines of a file", () => {
  it.each([
    ["ends with a newline", "a\nb\n", ["a", "b"]],
    ["ends without one", "a\nb", ["a", "b"]],
    ["has Windows' line ends", "a\r\nb\r\n", ["a", "b"]],
    ["has an empty line", "a\n\nb\n", ["a", "", "b"]],
    ["is empty", "", []],
  ])("are all read when it %s", async (_, contents, expected) => {
    for (const path of [file("plain", contents), file("packed.gz", gzipSync(contents))]) {
      const lines: string[] = [];
      for await (const { text, number } of linesOf(path)) {
        lines.push(text);
        expect(number).toBe(lines.length);
      }
      expect(lines).toEqual(expected);
    }
  });

  it("have one fingerprint, packed or not", async () => {
    const contents = "x".repeat(1_000_000);
    expect(await fingerprint(file("f", contents))).toBe(await fingerprint(file("f.gz", gzipSync(contents))));
  });
});

describe("the batches of a file", () => {
  const contents = Array.from({ length: 450 }, (_, i) =>
    JSON.stringify({ type: "track", event: `e${i % 3}`, userId: "u" }),
  ).join("\n");

  it("hold every line once, under an identity of its own, equal lines included", async () => {
    const all = await batches(file("equal", contents));
    const ids = all.flatMap(({ messages }) => messages.map(({ messageId }) => messageId));
    expect(new Set(ids).size).toBe(450);
    expect(all.map(({ index, messages }) => [index, messages.length])).toEqual([
      [0, 200],
      [1, 200],
      [2, 50],
    ]);
  });

  it("are the same every time", async () => {
    const path = file("again", contents);
    expect(await batches(path)).toEqual(await batches(path));
  });

  it("stay under what the collector takes", async () => {
    const big = Array.from({ length: 60 }, () =>
      JSON.stringify({ type: "track", event: "e", properties: { text: "ü".repeat(8_000) } }),
    ).join("\n");
    const all = await batches(file("big", big));
    expect(all.length).toBeGreaterThan(1);
    for (const { body } of all) expect(Buffer.byteLength(body)).toBeLessThan(500_000);
  });

  it("keep a message's own identity, and hand over what is no message", async () => {
    const [batch] = await batches(
      file("mixed", '{"type":"page","messageId":"own","sentAt":"2026-01-01"}\n[1]\n{'),
    );
    expect(batch?.messages).toEqual([
      { type: "page", messageId: "own" },
      {
        type: "unreadable",
        messageId: expect.any(String),
        message: "line 2 is not a JSON object",
        payload: "[1]",
      },
      { type: "unreadable", messageId: expect.any(String), message: "line 3 is not JSON", payload: "{" },
    ]);
  });
});
