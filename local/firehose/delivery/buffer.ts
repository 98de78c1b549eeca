import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock";
import { ENTRY_HEADER_BYTES, type Segment, SegmentWriter } from "./journal";

/** When a buffer is full: whichever comes first. */
export interface BufferLimits {
  readonly sizeBytes: number;
  readonly intervalMs: number;
}

interface Waiting {
  readonly entry: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The buffer of one stream. It is a journal segment on disk; when it is full by size or old by time it is
 * sealed and handed on, and the next one begins. Entries that arrive while the disk is syncing wait and share
 * the next sync.
 */
export class StreamBuffer {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #open: SegmentWriter | undefined;
  #due = false;
  #closed = false;
  /** Of the open segment's interval, once it holds something. */
  #cancelTimer: (() => void) | undefined;

  /**
   * @param nextSegment the number of the first segment that this buffer writes.
   * @param onSealed takes over a segment that is complete and synced.
   */
  constructor(
    private readonly folder: string,
    private nextSegment: number,
    private readonly limits: () => BufferLimits,
    private readonly clock: Clock,
    private readonly onSealed: (segment: Segment) => void,
  ) {}

  /** Resolves when the entry is durable; rejects when it could not be written, and then it is not kept. */
  append(entry: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error("the delivery stream is closed"));
      this.#waiting.push({ entry, resolve, reject });
      this.#wake();
    });
  }

  /** Ends the buffer as it is: what was acknowledged stays in its segment. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    await this.#writing;
    await this.#open?.close();
    this.#open = undefined;
  }

  #wake(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (!this.#closed && (this.#waiting.length > 0 || this.#due)) this.#wake();
    });
  }

  /** The only writer: one group of entries, one sync at a time. */
  async #write(): Promise<void> {
    while (!this.#closed) {
      if (this.#due) await this.#seal();
      if (this.#waiting.length === 0) return;
      const group = this.#takeGroup();
      try {
        await this.#commit(group.map(({ entry }) => entry));
      } catch (error) {
        for (const { reject } of group) reject(error);
        continue;
      }
      for (const { resolve } of group) resolve();
    }
    for (const { reject } of this.#waiting.splice(0)) reject(new Error("the delivery stream is closed"));
  }

  /** As many waiting entries as fit into the open segment, and always one. */
  #takeGroup(): Waiting[] {
    let room = this.limits().sizeBytes - (this.#open?.segment.bodyBytes ?? 0);
    let count = 0;
    for (const { entry } of this.#waiting) {
      if (room <= 0) break;
      room -= entry.length - ENTRY_HEADER_BYTES;
      count += 1;
    }
    return this.#waiting.splice(0, Math.max(1, count));
  }

  async #commit(entries: readonly Buffer[]): Promise<void> {
    const name = `${String(this.nextSegment).padStart(12, "0")}.segment`;
    let segment = this.#open;
    if (segment === undefined) {
      this.nextSegment += 1;
      segment = await SegmentWriter.create(join(this.folder, name));
      this.#open = segment;
    }
    await segment.append(entries);
    const { bodyBytes, firstArrivalMs } = segment.segment;
    const { sizeBytes, intervalMs } = this.limits();
    if (bodyBytes >= sizeBytes) this.#due = true;
    const ageMs = this.clock.now() - firstArrivalMs;
    this.#cancelTimer ??= this.clock.after(Math.max(0, intervalMs - ageMs), () => {
      this.#due = true;
      this.#wake();
    });
  }

  async #seal(): Promise<void> {
    this.#due = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const writer = this.#open;
    if (writer === undefined) return;
    this.#open = undefined;
    await writer.close();
    const { segment } = writer;
    if (segment.bodyBytes > 0) this.onSealed(segment);
    else await rm(segment.file, { force: true });
  }
}
