import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { lakePrefixes } from "../event/lake";
import { StatementFailed } from "../warehouse/failure";
import { retryConflicts } from "../warehouse/retry";
import type { Value } from "../warehouse/rows";
import type { Waiting, Warehouse } from "../warehouse/warehouse";
import { filesFrom } from "./ledger";
import type { LakeFile } from "./queue/notification";
import { copyStatement, type LoadSql } from "./statements";

/** What a load needs. */
export interface LoadDeps {
  readonly warehouse: Pick<Warehouse, "query" | "transaction">;
  readonly waiting: Waiting;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Writes an object into the lake. */
  readonly put: (key: string, body: string | Buffer) => Promise<void>;
  readonly sql: LoadSql;
  readonly bucket: string;
  readonly copyRoleArn: string;
  readonly deduplicationHours: number;
  /** Told apart from every other run of the loader. */
  readonly runId: string;
}

/** The names of a load's statements begin so: the next run finds those that still run. */
export const STATEMENT_PREFIX = "load-";

/** Another loader has loaded one of the files since this one looked. */
export class LoadedMeanwhile extends Error {
  override readonly name = "LoadedMeanwhile";
}

/** How long the warehouse keeps the staging tables while nothing is asked of them, in seconds. */
const SESSION_SECONDS = 120;

/** What a bound is when no line of the files has one: it bounds nothing then. */
const NO_LINES = "2000-01-01 00:00:00";

const stagingTables = [
  ["events", "staged_events"],
  ["failed", "staged_failed_events"],
] as const;

/**
 * Loads files, all of them or none. They are copied into temporary tables first; what is read there bounds what the
 * one transaction looks at that then takes the lock, inserts what is new and writes the ledger. Without files it
 * does the same to nothing: it succeeds when nothing but a file can be what is wrong.
 * @throws LoadedMeanwhile, StatementFailed, StillRunning.
 */
export async function loadTogether(files: readonly LakeFile[], deps: LoadDeps): Promise<void> {
  const { sql, deduplicationHours, warehouse } = deps;
  const loadId = hash(...files.map(({ key }) => key).sort());
  const copies = await prepare(files, loadId, deps);
  const name = `${STATEMENT_PREFIX}${loadId}`;
  await retryConflicts(
    async () => {
      const staging = [...sql.stage, ...copies, sql.bounds];
      const staged = await warehouse.transaction(staging, {
        name,
        parameters: { deduplication_hours: String(deduplicationHours) },
        session: { keepAliveSeconds: SESSION_SECONDS },
      });
      const bounds = parametersOf(await staged.rows(staging.length - 1));
      if (staged.sessionId === undefined) throw new Error("the warehouse kept no session");
      await merge({ ...bounds, files_from: filesFrom(files) }, name, staged.sessionId, deps);
    },
    deps.waiting,
    deps.random,
  );
}

/** The one transaction that changes something. */
async function merge(
  parameters: Readonly<Record<string, string>>,
  name: string,
  sessionId: string,
  { sql, warehouse }: LoadDeps,
): Promise<void> {
  try {
    await warehouse.transaction([...sql.begin, ...sql.merge], {
      name,
      parameters,
      session: { id: sessionId },
    });
  } catch (error) {
    if (error instanceof StatementFailed && error.index === sql.begin.length - 1 && !error.isConflict)
      throw new LoadedMeanwhile(error.reason, { cause: error });
    throw error;
  }
}

/** Writes down in the lake what is to be copied. @returns the statements that copy it. */
async function prepare(files: readonly LakeFile[], loadId: string, deps: LoadDeps): Promise<string[]> {
  const { bucket, copyRoleArn, put, runId } = deps;
  // Two runs that load the same files at once do not write into each other's.
  const folder = `${lakePrefixes.manifests}${loadId}/${runId}`;
  const listKey = `${folder}/files.ndjson.gz`;
  await put(listKey, gzipSync(files.map((file) => JSON.stringify(stagedFile(file, loadId))).join("\n")));
  const copies = [
    copyStatement({ table: "staged_files", key: listKey, manifest: false }, bucket, copyRoleArn),
  ];
  for (const [stream, table] of stagingTables) {
    const keys = files.filter((file) => file.stream === stream).map(({ key }) => key);
    if (keys.length === 0) continue;
    const key = `${folder}/${stream}.json`;
    await put(key, manifestOf(bucket, keys));
    copies.push(copyStatement({ table, key, manifest: true }, bucket, copyRoleArn));
  }
  return copies;
}

/** A row of `staged_files`. */
function stagedFile({ key, etag, sizeBytes, stream }: LakeFile, loadId: string) {
  return { object_key: key, etag, size_bytes: sizeBytes, stream, load_id: loadId };
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
function manifestOf(bucket: string, keys: readonly string[]): string {
  return JSON.stringify({ entries: keys.map((key) => ({ url: `s3://${bucket}/${key}`, mandatory: true })) });
}

function parametersOf({
  columns,
  rows: [row = []],
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}): Record<string, string> {
  return Object.fromEntries(columns.map((column, at) => [column, String(row[at] ?? NO_LINES)]));
}

function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
