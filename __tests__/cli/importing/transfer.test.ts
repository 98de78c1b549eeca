import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { inputsOf } from "../../../cli/importing/input/files";
import type { Message } from "../../../cli/importing/message";
import { type Counts, transfer } from "../../../cli/importing/transfer";
import { post } from "../../handlers/collect/requests";

let folder: string;
let server: Server;
let url: string;
/** The names of the events of each batch that came. */
let came: unknown[][];
/** Called for each request; answers with its status. */
let statusOf: () => number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "transfer-"));
  came = [];
  statusOf = () => 200;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as { batch: Message[] };
    const status = statusOf();
    if (status === 200) came.push(body.batch.map(({ event }) => event));
    // The collector itself says what comes of a batch.
    const { answer } = post(body, { path: "/v1/import" });
    response.writeHead(status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const line = (event: number): string =>
  `${JSON.stringify({ type: "track", event: `e${event}`, userId: "u" })}\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => line(from + at)).join("");

async function run(name: string, over: Partial<Parameters<typeof transfer>[1]> = {}) {
  const counts: Counts = { read: 0, accepted: 0, failed: 0, duplicate: 0 };
  const [input] = await inputsOf([name], folder);
  if (input === undefined) throw new Error("there is an input");
  const before = await transfer(input, {
    reading: {},
    ...{
      collector: { url, writeKey: "key" },
      source: "import",
      ledgers: join(folder, "ledgers"),
      again: false,
    },
    signal: new AbortController().signal,
    maxBytes: 400_000,
    onBytes: () => undefined,
    onBatch: (batch) => {
      for (const name of ["read", "accepted", "failed", "duplicate"] as const)
        counts[name] += batch.counts[name];
    },
    ...over,
  });
  return { before, ...counts };
}

describe("an import", () => {
  it("sends every line once, and counts what the collector says", async () => {
    writeFileSync(join(folder, "f"), `${lines(0, 450)}{}\n{`);
    expect(await run("f")).toEqual({ before: undefined, read: 452, accepted: 450, failed: 2, duplicate: 0 });
    expect(came.map(({ length }) => length).sort()).toEqual([200, 200, 52]);
  });

  it("says when a file was imported before, however it is packed or named, and sends nothing of it", async () => {
    writeFileSync(join(folder, "f"), lines(0, 250));
    await run("f");
    writeFileSync(join(folder, "other.gz"), gzipSync(lines(0, 250)));
    expect(await run("other.gz")).toMatchObject({ before: expect.stringMatching(/^\d{4}-/), duplicate: 250 });
    expect(came).toHaveLength(2);
    expect(await run("f", { again: true })).toMatchObject({ read: 250, accepted: 0, duplicate: 250 });
    expect(came).toHaveLength(4);
    expect(await run("f", { source: "server" })).toMatchObject({ before: undefined, accepted: 250 });
  });

  it("sends of a file that has grown what is new", async () => {
    writeFileSync(join(folder, "f"), lines(0, 250));
    await run("f");
    appendFileSync(join(folder, "f"), lines(250, 260));
    came = [];
    expect(await run("f")).toEqual({ before: undefined, read: 260, accepted: 10, failed: 0, duplicate: 250 });
    expect(came).toEqual([Array.from({ length: 10 }, (_, at) => `e${250 + at}`)]);
  });

  it("goes on where it was interrupted: what is on its way is still acknowledged", async () => {
    writeFileSync(join(folder, "f"), lines(0, 2_000));
    const interrupt = new AbortController();
    statusOf = () => {
      if (came.length === 2) interrupt.abort();
      return 200;
    };
    await expect(run("f", { signal: interrupt.signal })).rejects.toThrow("The same command goes on");
    const sent = came.length;
    expect(sent).toBeLessThan(10);
    statusOf = () => 200;
    expect(await run("f")).toMatchObject({
      read: 2_000,
      accepted: 2_000 - sent * 200,
      duplicate: sent * 200,
    });
    expect(new Set(came.flat()).size).toBe(2_000);
    expect(came).toHaveLength(10);
  });

  it("ends when the collector refuses, and keeps what was acknowledged", async () => {
    writeFileSync(join(folder, "f"), lines(0, 2_000));
    statusOf = () => (came.length < 3 ? 200 : 400);
    await expect(run("f")).rejects.toThrow("refused batch");
    const sent = came.length;
    statusOf = () => 200;
    expect(await run("f")).toMatchObject({ accepted: 2_000 - sent * 200 });
  });

  it("does not read the same lines otherwise than they were sent", async () => {
    writeFileSync(join(folder, "f"), lines(0, 10));
    await run("f");
    appendFileSync(join(folder, "f"), lines(10, 20));
    await expect(run("f", { reading: { format: "combined" } })).rejects.toThrow("another --format");
  });

  it("tells the format, and says so when it cannot", async () => {
    writeFileSync(join(folder, "f"), "hello\nworld\n");
    await expect(run("f")).rejects.toThrow(
      "The first lines of f do not tell its format. Name it: --format cloudfront|alb|combined|common|snowplow|ndjson|csv; CSV needs a --map.\n  hello\n  world",
    );
    writeFileSync(join(folder, "json"), lines(0, 1));
    await expect(run("json", { reading: { site: "https://example.com" } })).rejects.toThrow(
      "--site goes with combined and common; json is ndjson.",
    );
    writeFileSync(join(folder, "empty"), "");
    expect(await run("empty")).toEqual({ before: undefined, read: 0, accepted: 0, failed: 0, duplicate: 0 });
    expect(came).toEqual([]);
  });
});
