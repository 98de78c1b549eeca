import { lakePrefixes } from "../event/lake";
import { timestamp } from "../load/ledger";
import { copyStatement } from "../load/statements";
import { retryConflicts } from "../warehouse/retry";
import type { Value } from "../warehouse/rows";
import type { Waiting, Warehouse } from "../warehouse/warehouse";
import type { ReplaySql } from "./statements";

/** What is needed to hold lines against the warehouse. */
export interface StagingDeps {
  readonly warehouse: Pick<Warehouse, "query" | "transaction">;
  readonly waiting: Waiting;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly sql: ReplaySql;
  readonly bucket: string;
  readonly copyRoleArn: string;
  readonly deduplicationHours: number;
  /** Writes gzip lines into the lake. */
  readonly write: (key: string, lines: readonly string[]) => Promise<void>;
  /** Told apart from every other run of the function. */
  readonly runId: string;
}

/** What tells a copy of an event apart, as its line has it. */
export type EventLine = Copy & { readonly event_id: string };
export type FailedLine = Copy & { readonly failed_id: string };

interface Copy {
  readonly batch_id: string;
  /** As the warehouse reads times, with milliseconds. */
  readonly received_at: string;
}

/** What the warehouse says of lines. */
export interface Compared {
  /** Whether it has a copy of an event's line; of a rejection's. */
  readonly lacksEvent: (line: EventLine) => boolean;
  readonly lacksFailed: (line: FailedLine) => boolean;
  /** Ids of the transform's own rejections among those received with the lines. */
  readonly rejectedByTransform: ReadonlySet<string>;
  /** Exchanges the events it has for the lines, all or none. @returns how many. */
  readonly renew: () => Promise<number>;
}

/** How long the warehouse keeps the staging tables while nothing is asked of them, in seconds. */
const SESSION_SECONDS = 120;

/**
 * Copies lines into temporary tables of a session and asks which of them the warehouse lacks.
 * @param name tells these lines apart within the run.
 * @throws StatementFailed, StillRunning.
 */
export async function compare(
  lines: { readonly events: readonly string[]; readonly failed: readonly string[] },
  name: string,
  deps: StagingDeps,
): Promise<Compared> {
  const { sql, bucket, copyRoleArn, warehouse, waiting, random } = deps;
  const deduplication = { deduplication_hours: String(deps.deduplicationHours) };
  const copies: string[] = [];
  for (const [table, some] of [
    ["staged_events", lines.events],
    ["staged_failed_events", lines.failed],
  ] as const) {
    if (some.length === 0) continue;
    const key = `${lakePrefixes.manifests}replay/${deps.runId}/${name}/${table}.gz`;
    await deps.write(key, some);
    copies.push(copyStatement({ table, key, manifest: false }, bucket, copyRoleArn));
  }
  const staging = [...sql.stage, ...copies, sql.bounds];
  const staged = await warehouse.transaction(staging, {
    parameters: deduplication,
    session: { keepAliveSeconds: SESSION_SECONDS },
  });
  if (staged.sessionId === undefined) throw new Error("the warehouse kept no session");
  const session = { id: staged.sessionId };
  const { columns, rows } = await staged.rows(staging.length - 1);
  const bound = (wanted: string): string => {
    const value = rows[0]?.[columns.indexOf(wanted)];
    return value === null || value === undefined ? timestamp(new Date(0)) : String(value);
  };
  const bounds = { lines_from: bound("lines_from"), lines_until: bound("lines_until") };
  const copied = { copies_from: bound("copies_from"), copies_until: bound("copies_until") };
  const asked = await warehouse.transaction(sql.missing, {
    parameters: { ...deduplication, ...bounds, ...copied },
    session,
  });
  const events = keys((await asked.rows(0)).rows);
  const failed = keys((await asked.rows(1)).rows);
  const rejected = (await asked.rows(2)).rows.map(([id]) => String(id));
  return {
    lacksEvent: (line) => events.has(keyOf([line.event_id, line.batch_id, line.received_at])),
    lacksFailed: (line) => failed.has(keyOf([line.failed_id, line.batch_id, line.received_at])),
    rejectedByTransform: new Set(rejected),
    renew: () =>
      retryConflicts(
        async () => {
          const renewed = await warehouse.transaction(sql.renew, { parameters: bounds, session });
          return Number((await renewed.rows(sql.renew.length - 1)).rows[0]?.[0]);
        },
        waiting,
        random,
      ),
  };
}

function keyOf(copy: readonly Value[]): string {
  return copy.join("\n");
}

function keys(copies: readonly (readonly Value[])[]): ReadonlySet<string> {
  return new Set(copies.map(keyOf));
}
