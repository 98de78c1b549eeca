import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { lakePrefixes } from "../event/lake";
import { literal } from "../warehouse/split";
import { StatementFailed, type Warehouse } from "../warehouse/warehouse";
import type { LakeFile } from "./notification";
import { copyStatement, type LoadSql } from "./statements";

/** What a load needs. */
export interface LoadDeps {
  readonly warehouse: Pick<Warehouse, "query" | "transaction">;
  /** Writes an object into the lake. */
  readonly put: (key: string, body: string | Buffer) => Promise<void>;
  readonly sql: LoadSql;
  readonly bucket: string;
  readonly copyRoleArn: string;
  readonly deduplicationHours: number;
  /** Told apart from every other run of the loader. */
  readonly runId: string;
}

/** What became of the files. */
export interface Loaded {
  /** Files that the warehouse holds now, whoever loaded them. */
  readonly loaded: readonly LakeFile[];
  /** Files that cannot be loaded, and why. */
  readonly refused: readonly { readonly file: LakeFile; readonly reason: string }[];
  /** Files that this run itself loaded. */
  readonly count: number;
}

/** As many files as one statement can name: a statement may have 100 KB, a key 1 KB. */
const KEYS_A_QUERY = 90;

/** So many refused files in a run mean that something else is wrong than the files. */
const MAX_REFUSED = 3;

/**
 * Loads files, each exactly once: all in one transaction, together with the ledger that says so. Files that fail
 * together are halved until those that fail by themselves are found.
 * @throws StillRunning at the end of the time; what the warehouse itself threw when too much fails.
 */
export async function load(files: readonly LakeFile[], deps: LoadDeps): Promise<Loaded> {
  const unique = [...new Map(files.map((file) => [file.key, file])).values()];
  const known = await inLedger(unique, deps);
  const fresh = unique.filter(({ key }) => !known.has(key));
  const refused: { file: LakeFile; reason: string }[] = [];
  const loaded = unique.filter(({ key }) => known.has(key));
  const before = loaded.length;
  if (fresh.length > 0) await loadOrHalve(fresh, deps, loaded, refused);
  return { loaded, refused, count: loaded.length - before };
}

async function loadOrHalve(
  files: readonly LakeFile[],
  deps: LoadDeps,
  loaded: LakeFile[],
  refused: { file: LakeFile; reason: string }[],
): Promise<void> {
  try {
    await loadTogether(files, deps);
    loaded.push(...files);
  } catch (error) {
    if (!(error instanceof StatementFailed)) throw error;
    const known = await inLedger(files, deps);
    const rest = files.filter(({ key }) => !known.has(key));
    loaded.push(...files.filter(({ key }) => known.has(key)));
    const [first] = rest;
    if (first === undefined) return;
    if (rest.length > 1 || rest.length < files.length) {
      const middle = Math.ceil(rest.length / 2);
      for (const half of [rest.slice(0, middle), rest.slice(middle)])
        if (half.length > 0) await loadOrHalve(half, deps, loaded, refused);
      return;
    }
    refused.push({ file: first, reason: error.reason });
    if (refused.length >= MAX_REFUSED) throw error;
  }
}

/** One transaction: lock, copy, insert what is new, count, ledger. */
async function loadTogether(files: readonly LakeFile[], deps: LoadDeps): Promise<void> {
  const { sql, bucket, copyRoleArn, put } = deps;
  const loadId = hash(...files.map(({ key }) => key).sort());
  const folder = `${lakePrefixes.manifests}${loadId}`;
  const listKey = `${folder}/files.ndjson.gz`;
  await put(
    listKey,
    gzipSync(files.map((file) => JSON.stringify(stagedFile(file, loadId, deps))).join("\n")),
  );
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
  await deps.warehouse.transaction([...sql.stage, ...copies, ...sql.merge], hash(loadId, deps.runId));
}

const stagingTables = [
  ["events", "staged_events"],
  ["failed", "staged_failed_events"],
] as const;

/** A row of `staged_files`. */
function stagedFile({ key, etag, sizeBytes, stream }: LakeFile, loadId: string, deps: LoadDeps) {
  return {
    object_key: key,
    etag,
    size_bytes: sizeBytes,
    stream,
    load_id: loadId,
    deduplication_hours: deps.deduplicationHours,
  };
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
function manifestOf(bucket: string, keys: readonly string[]): string {
  return JSON.stringify({ entries: keys.map((key) => ({ url: `s3://${bucket}/${key}`, mandatory: true })) });
}

async function inLedger(files: readonly LakeFile[], { warehouse }: LoadDeps): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (let at = 0; at < files.length; at += KEYS_A_QUERY) {
    const keys = files.slice(at, at + KEYS_A_QUERY).map(({ key }) => literal(key));
    const { rows } = await warehouse.query(
      `select object_key from load_ledger where object_key in (${keys.join(", ")})`,
    );
    for (const [key] of rows) known.add(String(key));
  }
  return known;
}

function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
