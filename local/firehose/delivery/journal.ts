import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

/**
 * A journal segment is a file of entries, one a put: length of the body (u32), CRC-32 of all that follows
 * (u32), arrival (f64, milliseconds since the epoch), body. A body is what the delivered object will hold,
 * byte for byte, so that delivering a segment is copying its bodies.
 */
export const ENTRY_HEADER_BYTES = 16;

/** A body holds a PutRecordBatch of 4 MiB and its delimiters, which are of at most 5,120 characters each. */
const MAX_BODY_BYTES = 4 * 1024 * 1024 + 500 * 4 * 5_120;

/** Fills in the header of an entry whose body was written behind it. */
export function finishEntry(entry: Buffer, arrivalMs: number): void {
  entry.writeUInt32LE(entry.length - ENTRY_HEADER_BYTES, 0);
  entry.writeDoubleLE(arrivalMs, 8);
  entry.writeUInt32LE(crc32(entry.subarray(8)), 4);
}

/** When an entry's records arrived, in milliseconds since the epoch. */
export function arrivalOf(entry: Buffer): number {
  return entry.readDoubleLE(8);
}

/** What a segment holds. */
export interface Segment {
  readonly file: string;
  /** Up to here the file was synced; what may follow was never acknowledged. */
  readonly fileBytes: number;
  readonly bodyBytes: number;
  /** When its oldest entry arrived, in milliseconds since the epoch. */
  readonly firstArrivalMs: number;
}

/** A segment that is being written. */
export class SegmentWriter {
  #fileBytes = 0;
  #bodyBytes = 0;
  #firstArrivalMs = Number.POSITIVE_INFINITY;

  private constructor(
    readonly file: string,
    readonly handle: FileHandle,
  ) {}

  /** Makes the file and syncs its folder, so that the name survives with the bytes. */
  static async create(file: string): Promise<SegmentWriter> {
    const handle = await open(file, "wx");
    const folder = await open(dirname(file), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return new SegmentWriter(file, handle);
  }

  /** What was appended so far. */
  get segment(): Segment {
    return {
      file: this.file,
      fileBytes: this.#fileBytes,
      bodyBytes: this.#bodyBytes,
      firstArrivalMs: this.#firstArrivalMs,
    };
  }

  /** Writes entries and syncs them. After an error the next call overwrites what this one may have left. */
  async append(entries: readonly Buffer[]): Promise<void> {
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0);
    let written = 0;
    let rest = entries;
    while (written < bytes) {
      const { bytesWritten } = await this.handle.writev(rest, this.#fileBytes + written);
      written += bytesWritten;
      if (written < bytes) rest = [Buffer.concat(entries as Buffer[]).subarray(written)];
    }
    await this.handle.datasync();
    this.#fileBytes += bytes;
    this.#bodyBytes += bytes - entries.length * ENTRY_HEADER_BYTES;
    for (const entry of entries) this.#firstArrivalMs = Math.min(this.#firstArrivalMs, arrivalOf(entry));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Reads a segment's entries back, headers included, up to the first that is torn or damaged. */
export async function* readEntries(file: string, fileBytes?: number): AsyncGenerator<Buffer> {
  if (fileBytes === 0) return;
  const end = fileBytes === undefined ? {} : { end: fileBytes - 1 };
  let pending: Buffer[] = [];
  let available = 0;
  let needed = ENTRY_HEADER_BYTES;
  for await (const chunk of createReadStream(file, { ...end, highWaterMark: 256 * 1024 })) {
    pending.push(chunk as Buffer);
    available += (chunk as Buffer).length;
    if (available < needed) continue;
    let bytes = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
    for (;;) {
      if (bytes.length < ENTRY_HEADER_BYTES) break;
      const bodyBytes = bytes.readUInt32LE(0);
      if (bodyBytes > MAX_BODY_BYTES) return;
      needed = ENTRY_HEADER_BYTES + bodyBytes;
      if (bytes.length < needed) break;
      const entry = bytes.subarray(0, needed);
      if (crc32(entry.subarray(8)) !== entry.readUInt32LE(4)) return;
      yield entry;
      bytes = bytes.subarray(needed);
      needed = ENTRY_HEADER_BYTES;
    }
    pending = [bytes];
    available = bytes.length;
  }
}

/** Finds out what a segment holds that another process left. */
export async function inspectSegment(file: string): Promise<Segment> {
  let fileBytes = 0;
  let bodyBytes = 0;
  let firstArrivalMs = Number.POSITIVE_INFINITY;
  for await (const entry of readEntries(file)) {
    fileBytes += entry.length;
    bodyBytes += entry.length - ENTRY_HEADER_BYTES;
    firstArrivalMs = Math.min(firstArrivalMs, arrivalOf(entry));
  }
  return { file, fileBytes, bodyBytes, firstArrivalMs };
}
