import { batchesOf, type FileBatch, type Span } from "../../../cli/importing/batches";
import { ndjsonParser } from "../../../cli/importing/formats/ndjson";
import { linesOf } from "../../../cli/importing/input/lines";
import { lineIds } from "../../../cli/importing/message";

async function* bytes(contents: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(contents);
}

async function batches(contents: string, wasSent?: (span: Span) => boolean): Promise<FileBatch[]> {
  const all: FileBatch[] = [];
  for await (const batch of batchesOf(linesOf(bytes(contents)), ndjsonParser, lineIds(), wasSent))
    all.push(batch);
  return all;
}

const line = (event: string): string => JSON.stringify({ type: "track", event, userId: "u" });
const ids = (of: readonly FileBatch[]): string[] =>
  of.flatMap(({ messages }) => messages.map(({ messageId }) => messageId));

describe("the batches of a file", () => {
  const contents = Array.from({ length: 450 }, (_, i) => line(`e${i % 3}`)).join("\n");

  it("hold every line once, under an identity of its own, equal lines included", async () => {
    const all = await batches(contents);
    expect(new Set(ids(all)).size).toBe(450);
    expect(all.map(({ index, messages }) => [index, messages.length])).toEqual([
      [0, 200],
      [1, 200],
      [2, 50],
    ]);
  });

  it("are the same every time", async () => {
    expect(await batches(contents)).toEqual(await batches(contents));
  });

  it("end where they did before the file grew, so that what was sent is not sent in another batch", async () => {
    const before = await batches(contents);
    const known = new Set(before.map(({ span }) => JSON.stringify(span)));
    const grown = await batches(`${contents}\n${line("new")}\n${line("newer")}`, (span) =>
      known.has(JSON.stringify(span)),
    );
    expect(grown.slice(0, 3)).toEqual(before);
    expect(grown.slice(3).map(({ messages }) => messages.map(({ event }) => event))).toEqual([
      ["new", "newer"],
    ]);
  });

  it("tell equal lines of two files apart that differ before", async () => {
    const [one, other] = [
      ids(await batches(`${line("a")}\n${line("x")}`)),
      ids(await batches(`${line("b")}\n${line("x")}`)),
    ];
    expect(new Set([...one, ...other]).size).toBe(4);
  });

  it("stay under what the collector takes", async () => {
    const big = Array.from({ length: 60 }, () =>
      JSON.stringify({ type: "track", event: "e", properties: { text: "ü".repeat(8_000) } }),
    ).join("\n");
    const all = await batches(big);
    expect(all.length).toBeGreaterThan(1);
    for (const { body } of all) expect(Buffer.byteLength(body)).toBeLessThan(500_000);
  });

  it.each([
    ["than any line", 1_000_000],
    ["than any event", 250_000],
  ])("have a line that is longer %s as one that cannot be read", async (_, length) => {
    const [batch, ...none] = await batches(
      `${line("a")}\n${JSON.stringify({ type: "track", event: "e", properties: { text: "ü".repeat(length) } })}\n${line("b")}`,
    );
    expect(none).toEqual([]);
    expect(batch?.messages.map(({ type }) => type)).toEqual(["track", "unreadable", "track"]);
    expect(Buffer.byteLength(batch?.body ?? "")).toBeLessThan(200_000);
  });

  it("keep a message's own identity, and hand over what is no message", async () => {
    const [batch] = await batches('{"type":"page","messageId":"own","sentAt":"2026-01-01"}\n[1]\n{');
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
