import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { streamArn } from "../api/control";
import { randomString } from "../api/destination";
import type { DeliveryStream } from "../api/types";
import type { Clock } from "../clock";
import { type BufferLimits, StreamBuffer } from "./buffer";
import { Delivery, type ObjectPlan } from "./delivery";
import type { ErrorLog } from "./error-log";
import { inspectSegment } from "./journal";
import { objectName } from "./object-name";
import type { ObjectStore } from "./object-store";

const MIB = 1024 * 1024;
const SEGMENT = /^(\d{12})\.segment$/;

/** One stream's way from a put to S3: its buffer, its journal and its delivery. */
export class StreamPipeline {
  readonly #folder: string;
  readonly #buffer: StreamBuffer;
  readonly #delivery: Delivery;

  /** Opens the stream's journal. What another process left in it is delivered as it is, without waiting. */
  constructor(
    journals: string,
    stream: DeliveryStream,
    { objects, errors }: { readonly objects: ObjectStore; readonly errors: ErrorLog },
    clock: Clock,
  ) {
    this.#folder = join(journals, stream.journal);
    mkdirSync(this.#folder, { recursive: true });
    const left = segmentsIn(this.#folder);
    this.#delivery = new Delivery(
      stream.name,
      (ms, uuid) => planObject(stream, ms, uuid),
      objects,
      clock,
      (error) => errors.failed(stream, error),
    );
    this.#buffer = new StreamBuffer(
      this.#folder,
      (left.at(-1)?.number ?? 0) + 1,
      () => limitsOf(stream),
      clock,
      (segment) => this.#delivery.enqueue(segment),
    );
    void this.#recover(left.map(({ file }) => file));
  }

  /** Resolves when the entry is durable. */
  append(entry: Buffer): Promise<void> {
    return this.#buffer.append(entry);
  }

  /** Stops without delivering: the journal keeps what is buffered. */
  async stop(): Promise<void> {
    this.#delivery.stop();
    await this.#buffer.close();
  }

  /** Stops and forgets what is buffered, as DeleteDeliveryStream does. */
  async delete(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #recover(files: readonly string[]): Promise<void> {
    for (const file of files) {
      try {
        const segment = await inspectSegment(file);
        if (segment.bodyBytes > 0) this.#delivery.enqueue(segment);
        else await rm(file, { force: true });
      } catch (error) {
        console.error(
          `cannot read ${file} back: it stays where it is, and the next start tries again`,
          error,
        );
      }
    }
  }
}

/** Removes the journals of streams that are gone: a delete was cut short. */
export function removeOrphans(journals: string, streams: readonly DeliveryStream[]): void {
  mkdirSync(journals, { recursive: true });
  const known = new Set(streams.map(({ journal }) => journal));
  for (const folder of readdirSync(journals))
    if (!known.has(folder)) rmSync(join(journals, folder), { recursive: true, force: true });
}

function segmentsIn(folder: string): { file: string; number: number }[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const number = SEGMENT.exec(name)?.[1];
      return number === undefined ? [] : [{ file: join(folder, name), number: Number(number) }];
    });
}

function limitsOf({ destination }: DeliveryStream): BufferLimits {
  const { SizeInMBs = 5, IntervalInSeconds = 300 } = destination.BufferingHints ?? {};
  return { sizeBytes: SizeInMBs * MIB, intervalMs: IntervalInSeconds * 1000 };
}

function planObject(stream: DeliveryStream, arrivalMs: number, uuid: string): ObjectPlan {
  const { destination } = stream;
  const gzip = destination.CompressionFormat === "GZIP";
  const kmsKeyArn = destination.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN;
  const key = objectName({
    ...{ streamName: stream.name, streamVersion: stream.version, arrivalMs, uuid, randomString },
    timeZone: destination.CustomTimeZone || "UTC",
    prefix: destination.Prefix ?? "",
    extension: destination.FileExtension || (gzip ? ".gz" : ""),
  });
  return {
    ...{ key, gzip, bucket: String(destination.BucketARN).replace(/^arn:[^:]*:s3:::/, "") },
    ...{ roleArn: String(destination.RoleARN), streamArn: streamArn(stream.name) },
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
  };
}
