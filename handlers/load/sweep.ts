import { lakePrefixes } from "../event/lake";
import { settledSince } from "./ledger";
import { type LakeFile, lakeFile, notificationOf } from "./queue/notification";
import type { RunDeps } from "./run";

/** An object of the lake. */
export interface LakeObject {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

export interface SweepDeps extends Pick<RunDeps, "warehouse" | "queue" | "log"> {
  /** All objects whose keys begin so. */
  readonly list: (prefix: string) => Promise<readonly LakeObject[]>;
  readonly now: () => Date;
}

/** What a sweep found. */
export interface Swept {
  /** Files of the hours that were looked at. */
  readonly listed: number;
  /** Files among them that the warehouse did not hold: the queue has been told of them. */
  readonly missing: number;
}

const HOUR_MS = 3600 * 1000;

/** Two days, so that a sweep that was missed is made up for by the next. */
export const SWEEP_HOURS = 49;

/** A younger object's notification may still be on its way. */
const SETTLING_MS = HOUR_MS;

/**
 * Compares the lake with the ledger, and tells the queue of files that are missing there: their notification was
 * lost. The warehouse is asked only when there are files at all.
 * @param hours how far back to look.
 */
export async function sweep(hours: number, { list, queue, warehouse, log, now }: SweepDeps): Promise<Swept> {
  const until = now().getTime();
  const files: LakeFile[] = [];
  for (const prefix of hourPrefixes(until, hours))
    for (const { key, etag, sizeBytes, createdAt } of await list(prefix)) {
      const file = lakeFile(key, etag, sizeBytes);
      if (file !== undefined && createdAt.getTime() <= until - SETTLING_MS) files.push(file);
    }
  if (files.length === 0) return { listed: 0, missing: 0 };
  const settled = await settledSince(new Date(until - (hours + 24) * HOUR_MS), warehouse);
  const missing = files.filter(({ key }) => !settled.has(key));
  if (missing.length > 0) {
    log({
      level: "WARN",
      message: "files of the lake are missing in the ledger: they are loaded now",
      count: missing.length,
      keys: missing.slice(0, 20).map(({ key }) => key),
    });
    await queue.send(missing.map(notificationOf));
  }
  return { listed: files.length, missing: missing.length };
}

/** Folders of the hours up to the present one, for each stream that is loaded. */
function* hourPrefixes(until: number, hours: number): Generator<string> {
  for (let back = hours; back >= 0; back -= 1) {
    const iso = new Date(until - back * HOUR_MS).toISOString();
    for (const folder of [lakePrefixes.events, lakePrefixes.failed])
      yield `${folder}dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}/`;
  }
}
