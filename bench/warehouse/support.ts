import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { load } from "../../handlers/load/load";
import type { LakeFile } from "../../handlers/load/queue/notification";
import { readLoadSql } from "../../handlers/load/statements";
import { readSqlFiles } from "../../handlers/migrate/files";
import { migrate } from "../../handlers/migrate/migrate";
import type { Rows } from "../../handlers/warehouse/rows";
import { Warehouse } from "../../handlers/warehouse/warehouse";
import type { Bench } from "../harness/case";
import type { BenchCloud } from "../harness/cloud";

const sqlFolder = join(__dirname, "..", "..", "sql");
const NAME = "bench-warehouse";
const PATIENCE_MS = 15 * 60_000;
/** As often as a person would notice: what is measured is the warehouse, and not how seldom it is asked. */
const POLL_MS = 10;

/** A warehouse with the project's tables, and a lake. */
export interface BenchWarehouse {
  query(sql: string, parameters?: Readonly<Record<string, string>>): Promise<Rows>;
  /** Runs statements as one transaction. */
  run(...sqls: readonly string[]): Promise<void>;
  /** Puts a file of events into the lake. */
  put(key: string, lines: readonly object[]): Promise<LakeFile>;
  /** The bytes of one. */
  read(key: string): Promise<Uint8Array>;
  /** Loads files as the loader does. @throws when one of them is refused */
  load(files: readonly LakeFile[]): Promise<void>;
  /** Empties every table that a load writes. */
  empty(): Promise<void>;
}

const TABLES = ["events", "all_sessions", "identity_links", "load_ledger", "load_counts", "load_failures"];

const made = new WeakMap<BenchCloud, Promise<BenchWarehouse>>();

/** The warehouse of the run's cloud, which its cases share, emptied. */
export async function benchWarehouse({ cloud, say }: Bench): Promise<BenchWarehouse> {
  const running = await cloud();
  const before = made.get(running);
  if (before === undefined) say("making the warehouse's tables");
  const found = before ?? deployed(running);
  made.set(running, found);
  const warehouse = await found;
  await warehouse.empty();
  return warehouse;
}

async function deployed({ aws, roleArn }: BenchCloud): Promise<BenchWarehouse> {
  const control = new RedshiftServerlessClient(aws);
  const names = { namespaceName: NAME, workgroupName: NAME };
  const { namespace } = await control.send(
    new CreateNamespaceCommand({ ...names, dbName: "bench", manageAdminPassword: true, iamRoles: [roleArn] }),
  );
  await control.send(new CreateWorkgroupCommand({ ...names, baseCapacity: 8 }));
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: NAME }));
  const putObject = async (Key: string, Body: string | Buffer): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: NAME, Key, Body }));
  };

  const waiting = { remainingMs: () => PATIENCE_MS, sleep: () => sleep(POLL_MS) };
  const target = { workgroupName: NAME, database: "bench" };
  const client = new RedshiftDataClient(aws);
  const warehouse = new Warehouse(client, target, waiting);
  const secretArn = namespace?.adminPasswordSecretArn ?? "";
  await migrate(
    readSqlFiles(sqlFolder),
    { users: {}, sessionMinutes: 30, timeZone: "UTC", internalTraffic: {} },
    {
      warehouse: new Warehouse(client, { ...target, secretArn }, waiting),
      waiting,
      random: Math.random,
      now: () => new Date(),
    },
  );
  let runs = 0;
  return {
    query: (sql, parameters = {}) => warehouse.query(sql, { parameters }),
    run: async (...sqls) => {
      await warehouse.transaction(sqls);
    },
    async put(key, lines) {
      const body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      await putObject(key, body);
      return { key, stream: "events", etag: "e", sizeBytes: body.length };
    },
    async read(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: NAME, Key: key }));
      if (Body === undefined) throw new Error(`${key} has no body`);
      return Body.transformToByteArray();
    },
    async load(files) {
      runs += 1;
      const { loaded, refused } = await load(files, {
        warehouse,
        waiting,
        random: Math.random,
        put: putObject,
        sql: readLoadSql(sqlFolder),
        bucket: NAME,
        copyRoleArn: roleArn,
        deduplicationHours: 24,
        runId: `run-${runs}`,
      });
      if (loaded.length !== files.length)
        throw new Error(`${files.length} files must be loaded, got ${loaded.length}: ${refused[0]?.reason}`);
    },
    async empty() {
      for (const table of TABLES) await warehouse.query(`truncate table ${table}`);
    },
  };
}

/** How long something takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
