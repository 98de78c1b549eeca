import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ENTRY_HEADER_BYTES,
  finishEntry,
  inspectSegment,
  readEntries,
  SegmentWriter,
} from "../../../../local/firehose/delivery/journal";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function entry(body: string | Buffer, arrivalMs = 1_000): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(ENTRY_HEADER_BYTES), Buffer.from(body as string)]);
  finishEntry(bytes, arrivalMs);
  return bytes;
}

async function bodies(file: string): Promise<string[]> {
  const read: string[] = [];
  for await (const bytes of readEntries(file)) read.push(bytes.subarray(ENTRY_HEADER_BYTES).toString());
  return read;
}

async function segmentOf(...entries: Buffer[]): Promise<string> {
  const writer = await SegmentWriter.create(join(folder, "000000000001.segment"));
  await writer.append(entries);
  await writer.close();
  return writer.file;
}

test("reads back what was appended, also entries larger than a read", async () => {
  const large = "x".repeat(700_000);
  const file = await segmentOf(entry("one", 2_000), entry(large, 1_500), entry("", 3_000), entry("two"));
  expect(await bodies(file)).toEqual(["one", large, "", "two"]);
  expect(await inspectSegment(file)).toEqual({
    ...{ file, firstArrivalMs: 1_000, bodyBytes: 700_006 },
    fileBytes: 700_006 + 4 * ENTRY_HEADER_BYTES,
  });
});

test.each([1, ENTRY_HEADER_BYTES - 1, ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES + 2])(
  "ignores a last entry of which only %d bytes were written",
  async (written) => {
    const file = await segmentOf(entry("whole"));
    appendFileSync(file, entry("torn").subarray(0, written));
    expect(await bodies(file)).toEqual(["whole"]);
  },
);

test("ignores a last entry whose bytes did not reach the disk, though its length did", async () => {
  const file = await segmentOf(entry("whole"));
  const torn = entry("torn");
  appendFileSync(file, Buffer.concat([torn.subarray(0, 8), Buffer.alloc(torn.length - 8)]));
  appendFileSync(file, Buffer.alloc(4_096));
  expect(await bodies(file)).toEqual(["whole"]);
});

test("ignores garbage that claims to be an enormous entry", async () => {
  const file = await segmentOf(entry("whole"));
  appendFileSync(file, Buffer.alloc(64, 0xff));
  expect((await inspectSegment(file)).bodyBytes).toBe(5);
});

test("finds nothing in an empty file", async () => {
  const file = join(folder, "empty");
  writeFileSync(file, "");
  expect(await inspectSegment(file)).toMatchObject({ fileBytes: 0, bodyBytes: 0 });
});

test("overwrites what a failed append may have left", async () => {
  const writer = await SegmentWriter.create(join(folder, "000000000001.segment"));
  await writer.append([entry("first")]);
  const sync = jest.spyOn(writer.handle, "datasync").mockRejectedValueOnce(new Error("EIO"));
  await expect(writer.append([entry("refused, and long")])).rejects.toThrow("EIO");
  await writer.append([entry("second")]);
  expect(sync).toHaveBeenCalledTimes(2);
  await writer.close();
  expect(await bodies(writer.file)).toEqual(["first", "second"]);
});

test("shows damage in what was acknowledged as a shorter segment", async () => {
  const file = await segmentOf(entry("first"), entry("second"));
  const { fileBytes } = await inspectSegment(file);
  truncateSync(file, fileBytes - 1);
  expect(await bodies(file)).toEqual(["first"]);
  expect(readFileSync(file)).toHaveLength(fileBytes - 1);
});
