import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { lakePrefixes } from "../../handlers/event/lake";

/** An object of the lake. */
export interface LakeObject {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** Whether it lies where reading costs by the gigabyte. */
  readonly cold: boolean;
  /** ISO 8601. */
  readonly writtenAt: string;
}

const HOUR_MS = 3_600_000;

/**
 * A line may arrive so much later than its events were received: records wait in the stream for a day, and as
 * long again in the delivery stream.
 */
const LATEST_MS = 49 * HOUR_MS;

/** Clocks of the collector and of the delivery stream differ by less. */
const CLOCKS_MS = HOUR_MS;

/** Of more days than that the folder is listed whole. */
const MANY_DAYS_MS = 60 * 24 * HOUR_MS;

/** Lists a folder of the lake, in the order of the keys. */
export async function listLake(bucket: string, prefix: string): Promise<LakeObject[]> {
  const objects: LakeObject[] = [];
  const pages = paginateListObjectsV2({ client: new S3Client({}) }, { Bucket: bucket, Prefix: prefix });
  for await (const { Contents = [] } of pages)
    for (const { Key = "", ETag = "", Size = 0, StorageClass, LastModified } of Contents)
      objects.push({
        key: Key,
        etag: ETag.replaceAll('"', ""),
        sizeBytes: Size,
        cold: StorageClass === "GLACIER_IR",
        writtenAt: (LastModified ?? new Date(0)).toISOString(),
      });
  return objects;
}

/**
 * The objects of a folder that may hold what was received in a span, by the day and hour that they arrived in.
 * @param folder of one delivery stream.
 */
export async function objectsOfSpan(
  bucket: string,
  folder: "raw" | "failed",
  from: Date,
  until: Date,
  now: Date,
): Promise<LakeObject[]> {
  const first = from.getTime() - CLOCKS_MS;
  const last = Math.min(until.getTime() + LATEST_MS, now.getTime() + CLOCKS_MS);
  const [earliest, latest] = [hourPath(first), hourPath(last)];
  const prefix = lakePrefixes[folder];
  const prefixes =
    last - first > MANY_DAYS_MS ? [prefix] : [...daysOf(first, last)].map((day) => `${prefix}dt=${day}/`);
  const found: LakeObject[] = [];
  for (const each of prefixes)
    for (const object of await listLake(bucket, each)) {
      const hour = /dt=[\d-]+\/hour=\d\d/.exec(object.key)?.[0];
      if (hour === undefined || (hour >= earliest && hour <= latest)) found.push(object);
    }
  return found;
}

/** Days, `YYYY-MM-DD` in UTC, that a span touches. */
function* daysOf(first: number, last: number): Generator<string> {
  const lastDay = new Date(last).toISOString().slice(0, 10);
  for (let at = first; ; at += 24 * HOUR_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day > lastDay) return;
    yield day;
  }
}

function hourPath(time: number): string {
  const iso = new Date(time).toISOString();
  return `dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
}

/** Objects that one call of the function reads. */
export interface Chunk {
  /** Tells it from the others of the replay; the same for the same objects. */
  readonly name: string;
  readonly objects: readonly LakeObject[];
}

/** What a call reads: some hundred thousand events, a few minutes' work. */
const CHUNK_BYTES = 8 * 1024 * 1024;
const CHUNK_OBJECTS = 200;

/** Divides objects into chunks, in order. */
export function chunksOf(objects: readonly LakeObject[]): Chunk[] {
  const chunks: Chunk[] = [];
  let open: LakeObject[] = [];
  let bytes = 0;
  const close = (): void => {
    const [first] = open;
    if (first !== undefined)
      chunks.push({ name: `${first.key} ${open.length} ${open.at(-1)?.key}`, objects: open });
    open = [];
    bytes = 0;
  };
  for (const object of objects) {
    if (bytes + object.sizeBytes > CHUNK_BYTES || open.length === CHUNK_OBJECTS) close();
    open.push(object);
    bytes += object.sizeBytes;
  }
  close();
  return chunks;
}
