import type { InternalTraffic, WarehouseRole } from "../handlers/migrate/env";
import type { CallSettings } from "./edge";
import type { EnrichmentSwitches } from "./enrichment";
import { type Names, namesOf } from "./names";
import { type Sizing, sizingFor } from "./sizing";
import type { SourceSettings } from "./sources";
import { validate } from "./validation";

export const environmentNames = ["local", "dev", "prod"] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Where Terraform keeps an environment's state: files of this machine, or a bucket with lock files. */
export type StateBackend = "files" | "s3";

/** What a row of the table says; settings of `Sizing` that it leaves out follow from `expectedRps`. */
export interface EnvironmentRow extends Partial<Sizing>, SourceSettings, CallSettings {
  /** The AWS account, twelve digits. The provider refuses any other. */
  readonly account: string;
  readonly region: string;
  /** Three zones of the Region that Redshift Serverless runs in, by zone id, which is the same for every account. */
  readonly zoneIds: readonly [string, string, string];
  /** Requests a second, each of about ten events, at a usual hour. */
  readonly expectedRps: number;
  readonly state: StateBackend;
  /** Versions of the AWS provider that the environment's resources are valid for. */
  readonly awsProvider: string;
  /**
   * Whether the function URL's policy carries `lambda:InvokeFunction`, limited to calls through the URL. AWS
   * answers 403 without it; provider 5.100 does not know the limit, and without the limit it is never granted.
   */
  readonly functionUrlInvokePermission: boolean;
  /** Whether what must survive is protected from deletion, by AWS and by Terraform. */
  readonly protect: boolean;
  /** How far back the events table can be restored, in days, 1 to 35. @default 35, DynamoDB's own */
  readonly recoveryDays?: number;
  /** How many days logs are kept. */
  readonly retentionDays: number;
  /** How far apart in `received_at` two copies of one event may lie and still be known for one, in hours. */
  readonly deduplicationHours: number;
  /**
   * After how long the queue hands a message out again that was taken and not removed, in seconds: as long as a
   * load may run. Shorter, a killed load is repeated sooner and a slow one twice, which the ledger sees.
   */
  readonly redeliverySeconds: number;
  /** After how many days `raw/` moves to Glacier Instant Retrieval, where a gigabyte costs a sixth. */
  readonly rawToColdDays: number;
  /** The largest event that is taken, in KiB, 1 to 256. @default 32, as Segment does */
  readonly maxEventKilobytes?: number;
  /** The largest body that is taken, in KiB, before and after expansion, 1 to 6,144. @default 500, as Segment does */
  readonly maxBodyKilobytes?: number;
  /** The time zone that reports count days in, IANA: `Europe/Berlin`. @default "UTC" */
  readonly timeZone?: string;
  /** After so many minutes without activity a session has ended. @default 30 */
  readonly sessionMinutes?: number;
  /** Whose events are marked as internal and left out of the models. @default nobody's */
  readonly internalTraffic?: InternalTraffic;
  /** Enrichments that are switched off: `{ country: false }`; `docs/enrichment.md` lists them. @default all are on */
  readonly enrichments?: EnrichmentSwitches;
  /** What people may do in the warehouse: its role by name of the IAM role they use. @default nothing */
  readonly warehouseUsers?: Readonly<Record<string, Exclude<WarehouseRole, "loader" | "replayer">>>;
  /** Who is told of alarms and of the budget. @default nobody: alarms stand in the console alone */
  readonly alarmEmail?: string;
}

/** An environment with every setting decided. */
export type Environment = Omit<EnvironmentRow, keyof Sizing> &
  Sizing & { readonly name: EnvironmentName; readonly names: Names };

/** The first provider that knows `invoked_via_function_url` is 6.29. */
const AWS_PROVIDER = ">= 6.29.0, < 7.0.0";

/**
 * The environments. Before the first deploy of `dev` or `prod`, write down the account and make write keys of
 * your own; the state bucket is named after the account (see `names.ts`).
 */
export const environments: Readonly<Record<EnvironmentName, EnvironmentRow>> = {
  local: {
    account: "000000000000",
    region: "us-east-1",
    zoneIds: ["use1-az1", "use1-az2", "use1-az3"],
    expectedRps: 1,
    state: "files",
    awsProvider: ">= 5.100.0, < 7.0.0",
    functionUrlInvokePermission: false,
    protect: false,
    retentionDays: 7,
    deduplicationHours: 24,
    redeliverySeconds: 60,
    rawToColdDays: 90,
    batchWindowSeconds: 1,
    bufferSeconds: 5,
    loadSchedule: "rate(1 minute)",
    proxySecrets: ["local-proxy-secret"],
    writeKeys: { web: ["local-web-key"], server: ["local-server-key"], import: ["local-import-key"] },
  },
  dev: {
    account: "111111111111",
    region: "us-east-1",
    zoneIds: ["use1-az1", "use1-az2", "use1-az4"],
    expectedRps: 1,
    state: "s3",
    awsProvider: AWS_PROVIDER,
    functionUrlInvokePermission: true,
    protect: true,
    recoveryDays: 7,
    retentionDays: 14,
    deduplicationHours: 24,
    redeliverySeconds: 900,
    rawToColdDays: 90,
    writeKeys: {
      web: ["e4b1c57d0a7f4f0c9a3d2d6a51f8c1b7"],
      server: ["0f6e2c9b8d354a17b6c0e5d4a1729f83"],
      import: ["7c2d91a6f0e84b3fa5d8c3b2e1067a94"],
    },
  },
  prod: {
    account: "222222222222",
    region: "us-east-1",
    zoneIds: ["use1-az1", "use1-az2", "use1-az4"],
    expectedRps: 10,
    state: "s3",
    awsProvider: AWS_PROVIDER,
    functionUrlInvokePermission: true,
    protect: true,
    retentionDays: 90,
    deduplicationHours: 24,
    redeliverySeconds: 900,
    rawToColdDays: 90,
    writeKeys: {
      web: ["5d8a03f1c6b94e27a0f7d4c2b9e1683a"],
      server: ["b27f5e90d1c84a63958e0a7c3d4f1b62"],
      import: ["91c4e6a8f27d4b05bd3e7f80a5c2196d"],
    },
  },
};

/**
 * Environments with every setting decided.
 * @param only name of the one that is wanted, e.g. of the variable CLICKSTREAM_ENV. @default all of them
 * @throws when a row holds a value that is not allowed, naming the value and what is, or `only` names no row.
 */
export function environmentsOf(only?: string): Environment[] {
  const wanted = environmentNames.filter((name) => only === undefined || name === only);
  if (wanted.length === 0)
    throw new Error(`the environment must be one of ${environmentNames.join(", ")}, got ${only}`);
  return wanted.map((name) => environmentOf(name, environments[name]));
}

/** One row, with what follows from its `expectedRps`. @throws when it holds a value that is not allowed. */
export function environmentOf(name: EnvironmentName, row: EnvironmentRow): Environment {
  const environment = {
    ...sizingFor(row.expectedRps),
    ...row,
    name,
    names: namesOf(name, row.account, row.region),
  };
  validate(environment);
  return environment;
}
