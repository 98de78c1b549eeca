import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { itemOfRaw, lakePrefixes, type RawLine } from "../../handlers/event/lake";
import { eventsOf } from "../../handlers/event/stored/item";
import { type Hourly, HourlyCount, hourOf } from "./counts";

/** What lies in the lake. */
export interface LakeCounts {
  /** Events and rejections of items stored for the first time. */
  readonly stored: Hourly;
  /** Events and rejections that came again under the same key. */
  readonly duplicate: Hourly;
  /** Distinct events, and distinct rejections, that came out of the transform. */
  readonly transformed: Hourly;
  readonly failed: Hourly;
  /** Lines as they lie there: one that was delivered twice counts twice. */
  readonly rawLines: Hourly;
  readonly eventLines: Hourly;
  readonly failedLines: Hourly;
  /** Objects with records that the transform could not deliver, and that wait for a replay. */
  readonly undelivered: number;
  /** Identities of the stored events; only when asked for. */
  readonly eventIds: ReadonlySet<string>;
}

/** Objects read at once. */
const CONCURRENCY = 8;

/**
 * Counts what lies in the lake.
 * @param deep also unpacks the stored items and collects their events' identities.
 * @param say is told how far it is.
 */
export async function countLake(
  bucket: string,
  deep: boolean,
  say: (what: string) => void,
): Promise<LakeCounts> {
  const s3 = new S3Client({});
  const read = (folder: string, onLine: (line: string) => void): Promise<void> =>
    readLines(s3, bucket, folder, onLine, (done, total) => say(`${folder} ${done} of ${total} objects`));
  const raw = rawCounter(deep);
  await read(lakePrefixes.raw, raw.line);
  const events = lineCounter(["event_id", "batch_id", "received_at"]);
  await read(lakePrefixes.events, events.line);
  const failed = lineCounter(["failed_id", "batch_id", "received_at"]);
  await read(lakePrefixes.failed, failed.line);
  return {
    ...raw.counts,
    transformed: events.distinct,
    failed: failed.distinct,
    eventLines: events.lines,
    failedLines: failed.lines,
    undelivered: (await list(s3, bucket, lakePrefixes.undelivered)).length,
  };
}

function rawCounter(deep: boolean) {
  const stored = new HourlyCount();
  const duplicate = new HourlyCount();
  const lines = new HourlyCount();
  const eventIds = new Set<string>();
  const seen = new Set<string>();
  return {
    line(text: string): void {
      const line = JSON.parse(text) as RawLine;
      const hour = hourOf(line.received_at);
      lines.add(hour);
      const key = `${line.op}\n${line.pk}\n${line.sk}\n${line.received_at}`;
      if (seen.has(key)) return;
      seen.add(key);
      (line.op === "INSERT" ? stored : duplicate).add(hour, line.count);
      if (deep && line.op === "INSERT" && line.kind === "events")
        for (const event of eventsOf(itemOfRaw(line))) eventIds.add(event.event_id);
    },
    counts: { stored: stored.hours, duplicate: duplicate.hours, rawLines: lines.hours, eventIds },
  };
}

function lineCounter(identity: readonly string[]) {
  const lines = new HourlyCount();
  const distinct = new HourlyCount();
  const seen = new Set<string>();
  return {
    line(text: string): void {
      const row = JSON.parse(text) as Readonly<Record<string, string>>;
      const hour = hourOf(row.received_at ?? "");
      lines.add(hour);
      const key = identity.map((name) => row[name]).join("\n");
      if (seen.has(key)) return;
      seen.add(key);
      distinct.add(hour);
    },
    lines: lines.hours,
    distinct: distinct.hours,
  };
}

async function readLines(
  s3: S3Client,
  bucket: string,
  folder: string,
  onLine: (line: string) => void,
  onObject: (done: number, total: number) => void,
): Promise<void> {
  const keys = await list(s3, bucket, folder);
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      for (const line of (await contents(s3, bucket, key)).split("\n")) if (line !== "") onLine(line);
      onObject(++done, keys.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function list(s3: S3Client, bucket: string, folder: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: folder,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

async function contents(s3: S3Client, bucket: string, key: string): Promise<string> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  return (key.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
