import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { type Loaded, load } from "../../../handlers/load/load";
import type { LakeFile } from "../../../handlers/load/queue/notification";
import { readLoadSql } from "../../../handlers/load/statements";
import type { LoadDeps } from "../../../handlers/load/transaction";
import type { WarehouseConfiguration } from "../../../handlers/migrate/env";
import { readSqlFiles, type SqlFiles } from "../../../handlers/migrate/files";
import { type Migrated, migrate } from "../../../handlers/migrate/migrate";
import { Warehouse } from "../../../handlers/warehouse/warehouse";
import { DATABASE, LocalRedshift, ROLE } from "../../local/redshift/support";

export const sqlFolder = join(__dirname, "..", "..", "..", "sql");

/** The role that loads run as: they may do what it was granted, and no more. */
export const LOADER = "clickstream-load";

/** The role that replays run as. */
export const REPLAYER = "clickstream-replay";

export const configuration: WarehouseConfiguration = {
  users: { [LOADER]: "loader", [REPLAYER]: "replayer" },
  sessionMinutes: 30,
  timeZone: "UTC",
  internalTraffic: {},
};

/** Every table that a load writes. */
const tables = [
  "events",
  "failed_events",
  "load_ledger",
  "load_counts",
  "load_failures",
  "all_sessions",
  "identity_links",
];

/** The project's migrations and loader on the real engine; lake and secrets in memory. */
export class PipelineWarehouse {
  readonly redshift = new LocalRedshift();
  readonly files = readSqlFiles(sqlFolder);
  #client: RedshiftDataClient | undefined;
  #loader: RedshiftDataClient | undefined;
  #replayer: RedshiftDataClient | undefined;
  #secretArn: string | undefined;
  #runs = 0;

  async start(): Promise<void> {
    await this.redshift.start();
    this.#secretArn = await this.redshift.deploy();
    this.#client = this.redshift.client();
    this.#loader = asRole(this.redshift.client(), LOADER);
    this.#replayer = asRole(this.redshift.client(), REPLAYER);
  }

  async stop(): Promise<void> {
    this.#client?.destroy();
    this.#loader?.destroy();
    this.#replayer?.destroy();
    await this.redshift.stop();
  }

  /** Empties every table that a load writes. */
  async empty(): Promise<void> {
    this.redshift.bucket.objects.clear();
    const ran = await this.redshift.sql(...tables.map((table) => `delete from ${table}`));
    if (ran.error !== undefined) throw new Error(ran.error);
  }

  migrate(given: Partial<WarehouseConfiguration> = {}, files: SqlFiles = this.files): Promise<Migrated> {
    return migrate(files, { ...configuration, ...given }, this.migrateDeps());
  }

  migrateDeps() {
    return {
      warehouse: this.warehouse(this.#secretArn),
      waiting: this.waiting,
      random: Math.random,
      now: () => new Date(),
    };
  }

  load(...files: readonly LakeFile[]): Promise<Loaded> {
    return load(files, this.loadDeps());
  }

  loadDeps(): LoadDeps {
    return {
      warehouse: this.warehouse(),
      waiting: this.waiting,
      random: Math.random,
      put: async (key, body) => this.redshift.bucket.put(key, body),
      sql: readLoadSql(sqlFolder),
      bucket: "lake",
      copyRoleArn: ROLE,
      deduplicationHours: 24,
      runId: `run-${++this.#runs}`,
    };
  }

  /** A file of events in the lake. */
  file(key: string, ...lines: readonly (string | object)[]): LakeFile {
    this.redshift.bucket.lines(key, ...lines);
    return { key, stream: "events", etag: "e", sizeBytes: 1 };
  }

  rows(sql: string): Promise<unknown[][]> {
    return this.redshift.rows(sql);
  }

  readonly waiting = { remainingMs: () => PATIENCE_MS, sleep: () => sleep(5) };

  /** The warehouse as the replay's role. */
  replayer(): Warehouse {
    return this.warehouse(undefined, this.#replayer);
  }

  /** The warehouse as its admin, who holds the secret, or as the loader. */
  warehouse(secretArn?: string, role = this.#loader): Warehouse {
    const client = secretArn === undefined ? role : this.#client;
    if (client === undefined) throw new Error("the warehouse does not run");
    const target = { workgroupName: "clickstream", database: DATABASE };
    return new Warehouse(
      client,
      { ...target, ...(secretArn === undefined ? {} : { secretArn }) },
      this.waiting,
    );
  }
}

/** A client whose calls come from a role, as the gateway tells the service. */
function asRole(client: RedshiftDataClient, role: string): RedshiftDataClient {
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { readonly headers: Record<string, string> };
      headers["x-local-principal"] = `arn:aws:iam::000000000000:role/${role}`;
      return next(args);
    },
    { step: "build" },
  );
  return client;
}

/** Several calls of the Data API, on a machine that may be busy. */
export const PATIENCE_MS = 240_000;

let ids = 0;

/** A line of a file of events. */
export function event(
  more: Readonly<Record<string, unknown>> & { readonly event_time: string },
): Record<string, unknown> {
  ids += 1;
  return {
    event_id: `e${ids}`,
    batch_id: "b",
    event_type: "page",
    received_at: more.event_time,
    source: "web",
    protocol: "segment",
    schema_version: 1,
    ...more,
  };
}
