import { StatementFailed } from "../warehouse/failure";
import { literal } from "../warehouse/split";
import type { Warehouse } from "../warehouse/warehouse";
import type { SqlFile } from "./files";
import type { Applied } from "./pending";

/** Grain: one row a file that has been applied; a model has no version and is replaced. */
export const LEDGER = `create table if not exists schema_migrations (
  version integer,
  name varchar(256) not null,
  checksum varchar(64) not null,
  duration_ms bigint not null,
  applied_at timestamp not null
)`;

/** Serializes deploys: whoever holds it sees all that the others have done. First in its transaction. */
export const LOCK = "lock table schema_migrations";

/** In the place of a duration while a statement runs outside of a transaction. */
export const UNFINISHED = -1;

/** Reads the ledger; empty where there is none yet. */
export async function readLedger(warehouse: Pick<Warehouse, "query">): Promise<Applied[]> {
  try {
    const { rows } = await warehouse.query(
      "select version, name, checksum, duration_ms from schema_migrations order by applied_at, name",
    );
    return rows.map(([version, name, checksum, durationMs]) => ({
      version: version === null ? undefined : Number(version),
      name: String(name),
      checksum: String(checksum),
      unfinished: Number(durationMs) === UNFINISHED,
    }));
  } catch (error) {
    if (error instanceof StatementFailed && /does not exist/.test(error.reason)) return [];
    throw error;
  }
}

/** Fails, and with it the transaction, when there is a line in the ledger that `where` describes. */
export function claim(where: string): string {
  return `select cast(case when count(*) = 0 then '0' else 'another deploy has applied it meanwhile' end as integer) from schema_migrations where ${where}`;
}

/** Writes lines into the ledger for files that were applied, or begun. */
export function entries(
  files: readonly (SqlFile & { readonly version?: number })[],
  durationMs: string,
): string {
  const lines = files.map(
    ({ version, name, checksum }) =>
      `(${version ?? "null"}, ${literal(name)}, ${literal(checksum)}, ${durationMs}, getdate())`,
  );
  return `insert into schema_migrations (version, name, checksum, duration_ms, applied_at) values ${lines.join(", ")}`;
}

/** Milliseconds since a time by the clock of whoever asks, in SQL. */
export function since(started: Date): string {
  const time = literal(started.toISOString().replace("T", " ").replace("Z", ""));
  return `greatest(0, datediff(millisecond, cast(${time} as timestamp), getdate()))`;
}
