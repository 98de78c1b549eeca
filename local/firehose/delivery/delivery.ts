import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Clock } from "../clock";
import { ENTRY_HEADER_BYTES, readEntries, type Segment } from "./journal";
import type { ObjectStore, StoredObject } from "./object-store";

/** What a stream's configuration, as it is right now, says of one object. */
export interface ObjectPlan extends Omit<StoredObject, "file" | "sizeBytes"> {
  readonly gzip: boolean;
}

/** Plans the object of a segment whose oldest record arrived at `arrivalMs`. */
export type PlanObject = (arrivalMs: number, uuid: string) => ObjectPlan;

/** Firehose keeps a record for a day. @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
const RETENTION_MS = 24 * 60 * 60 * 1000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;
const CHUNK_BYTES = 64 * 1024;

/**
 * Delivers a stream's sealed segments to S3, oldest first: each becomes one object. A segment's file is
 * removed only when its object was stored, so a crash in between delivers it again; it is given up only when
 * S3 has failed for the 24 hours that Firehose keeps a record.
 */
export class Delivery {
  readonly #segments: Segment[] = [];
  #running = false;
  #stopped = false;

  constructor(
    private readonly streamName: string,
    private readonly plan: PlanObject,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => Promise<void>,
  ) {}

  enqueue(segment: Segment): void {
    this.#segments.push(segment);
    if (!this.#running) void this.#run();
  }

  /** Delivers nothing more. The segments that wait stay where they are. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let segment = this.#segments[0]; segment !== undefined && !this.#stopped; ) {
      await this.#deliver(segment);
      this.#segments.shift();
      segment = this.#segments[0];
    }
    this.#running = false;
  }

  async #deliver(segment: Segment): Promise<void> {
    const uuid = randomUUID();
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      try {
        await this.#store(segment, this.plan(segment.firstArrivalMs, uuid));
        await rm(segment.file, { force: true });
        return;
      } catch (error) {
        if (this.#stopped) return;
        if (attempt === 0) {
          console.error(`${this.streamName}: delivery to S3 fails, will be retried:`, error);
          void this.failed(error);
        }
        if (this.clock.now() - segment.firstArrivalMs >= RETENTION_MS) {
          console.error(`${this.streamName}: LOST ${segment.bodyBytes} bytes: S3 has failed for 24 hours`);
          await rm(segment.file, { force: true });
          return;
        }
      }
      await this.#wait(Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS));
    }
  }

  /** Streams the segment's bodies into a file of known size, so that memory does not grow with the buffer. */
  async #store(segment: Segment, { gzip, ...where }: ObjectPlan): Promise<void> {
    const file = `${segment.file}.object`;
    try {
      const bodies = Readable.from(bodiesOf(segment));
      if (gzip) await pipeline(bodies, createGzip(), createWriteStream(file));
      else await pipeline(bodies, createWriteStream(file));
      const { size } = await stat(file);
      await this.objects.put({ ...where, file, sizeBytes: size });
    } finally {
      await rm(file, { force: true });
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

/** The segment's bodies, small ones put together: a gzip stream takes few large writes much faster. */
async function* bodiesOf({ file, fileBytes, bodyBytes }: Segment): AsyncGenerator<Buffer> {
  let delivered = 0;
  let chunk: Buffer[] = [];
  let chunkBytes = 0;
  for await (const entry of readEntries(file, fileBytes)) {
    const body = entry.subarray(ENTRY_HEADER_BYTES);
    delivered += body.length;
    chunkBytes += body.length;
    chunk.push(body);
    if (chunkBytes < CHUNK_BYTES) continue;
    yield Buffer.concat(chunk);
    chunk = [];
    chunkBytes = 0;
  }
  if (delivered !== bodyBytes)
    throw new Error(`${file} holds ${delivered} bytes of records, ${bodyBytes} were acknowledged`);
  yield Buffer.concat(chunk);
}
