import { literal } from "../warehouse/split";
import type { Warehouse } from "../warehouse/warehouse";
import { arrivalOf, type LakeFile } from "./queue/notification";

/** So many failed attempts, and a file is not tried again until somebody asks for it. */
export const MAX_TRIES = 3;

/** What the warehouse knows of a file. */
export interface Known {
  readonly loaded: boolean;
  /** How often it failed to load. */
  readonly tries: number;
  /** Why it failed last; empty where it never did. */
  readonly reason: string;
}

/** A failed attempt, as `load_failures` holds it. */
export interface Failure {
  readonly key: string;
  readonly stream: LakeFile["stream"];
  readonly reason: string;
  /** As the warehouse writes times, UTC. */
  readonly failedAt: string;
}

/** What the ledger is asked through. */
export type Query = Pick<Warehouse, "query">;

/** Before this nothing was ever loaded. */
const LONG_AGO = "2000-01-01 00:00:00";

/** The clocks of the delivery stream and of the warehouse differ by less. */
const CLOCKS_MS = 24 * 3600 * 1000;

/** A statement may have 100 KB; every key stands in it twice. */
const KEY_BYTES_A_STATEMENT = 40_000;

/** What the warehouse knows of files, by key; nothing of those it never met. */
export async function knownFiles(files: readonly LakeFile[], warehouse: Query): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  for (const part of parts(files)) {
    const keys = part.map(({ key }) => literal(key)).join(", ");
    const { rows } = await warehouse.query(
      `select object_key, 1, 0, '' from load_ledger
       where loaded_at >= cast(:files_from as timestamp) and object_key in (${keys})
       union all
       select object_key, 0, count(*), max(reason) from load_failures
       where object_key in (${keys})
       group by object_key`,
      { parameters: { files_from: filesFrom(part) } },
    );
    for (const [key, loaded, tries, reason] of rows)
      known.set(String(key), {
        loaded: Number(loaded) === 1,
        tries: Number(tries),
        reason: String(reason ?? ""),
      });
  }
  return known;
}

/** Keys of all files that were loaded since a time, and of those that are set aside. */
export async function settledSince(since: Date, warehouse: Query): Promise<ReadonlySet<string>> {
  const { rows } = await warehouse.query(
    `select object_key from load_ledger where loaded_at >= cast(:since as timestamp)
     union all
     select object_key from load_failures group by object_key having count(*) >= ${MAX_TRIES}`,
    { parameters: { since: timestamp(since) } },
  );
  return new Set(rows.map(([key]) => String(key)));
}

/** Writes down that a file failed to load. */
export async function recordFailure(
  { key, stream }: LakeFile,
  reason: string,
  warehouse: Query,
): Promise<void> {
  await warehouse.query(
    `insert into load_failures (object_key, stream, reason, failed_at)
     values (:key, :stream, :reason, getdate())`,
    { parameters: { key, stream, reason: cutReason(reason) } },
  );
}

/** Every failed attempt of files that are not loaded, the oldest first. */
export async function failures(warehouse: Query): Promise<Failure[]> {
  const { rows } = await warehouse.query(
    "select object_key, stream, reason, cast(failed_at as varchar(32)) from load_failures order by failed_at",
  );
  return rows.map(([key, stream, reason, failedAt]) => ({
    key: String(key),
    stream: stream === "failed" ? "failed" : "events",
    reason: String(reason),
    failedAt: String(failedAt),
  }));
}

/** Forgets that files failed: they are tried anew. */
export async function forgetFailures(keys: readonly string[], warehouse: Query): Promise<void> {
  for (let at = 0; at < keys.length; at += 50) {
    const list = keys.slice(at, at + 50).map(literal);
    await warehouse.query(`delete from load_failures where object_key in (${list.join(", ")})`);
  }
}

/** A time before which none of the files can have been loaded: the ledger need not be read further back. */
export function filesFrom(files: readonly LakeFile[]): string {
  let earliest = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const arrival = arrivalOf(file);
    if (arrival === undefined) return LONG_AGO;
    earliest = Math.min(earliest, arrival.getTime());
  }
  return Number.isFinite(earliest) ? timestamp(new Date(earliest - CLOCKS_MS)) : LONG_AGO;
}

/** A time as the warehouse reads it, UTC. */
export function timestamp(time: Date): string {
  return time.toISOString().replace("T", " ").replace("Z", "");
}

/** Bytes that the column holds. */
const REASON_BYTES = 4_096;

/** A reason that fits its column; an empty one could not be a parameter. */
function cutReason(reason: string): string {
  const bytes = Buffer.from(reason || "unknown");
  return bytes.length <= REASON_BYTES
    ? bytes.toString()
    : `${bytes.subarray(0, REASON_BYTES - 8).toString()}…`;
}

function* parts(files: readonly LakeFile[]): Generator<LakeFile[]> {
  let part: LakeFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const size = Buffer.byteLength(file.key) + 8;
    if (part.length > 0 && bytes + size > KEY_BYTES_A_STATEMENT) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(file);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
