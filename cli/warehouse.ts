import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { StatementFailed, StillRunning } from "../handlers/warehouse/failure";
import type { Rows } from "../handlers/warehouse/rows";
import { Warehouse } from "../handlers/warehouse/warehouse";
import { type Target, wakeLoader } from "./environment";
import type { Warehouse as ArrivalWarehouse } from "./importing/arrival";
import { UserError } from "./terminal";

/** How long a verb waits for one statement. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Runs one statement on an environment's warehouse, as the operator.
 * @param parameters values of its `:name` parameters, none of them empty. @default it has none
 * @throws UserError with the warehouse's own words when it refuses the statement.
 */
export async function query(
  { outputs }: Target,
  sql: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Rows> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  const target = { workgroupName: outputs.workgroupName, database: outputs.databaseName };
  const waiting = { remainingMs: () => giveUpAt - Date.now(), sleep: (ms: number) => sleep(ms) };
  try {
    return await new Warehouse(new RedshiftDataClient({}), target, waiting).query(sql, { parameters });
  } catch (error) {
    if (error instanceof StatementFailed) throw new UserError(error.reason);
    if (error instanceof StillRunning)
      throw new UserError(`${error.message} after ${PATIENCE_MS / 60_000} minutes`);
    throw error;
  }
}

/** The rows of a query. */
export async function queryRows(target: Target, sql: string): Promise<Rows["rows"]> {
  return (await query(target, sql)).rows;
}

/** What waiting for events to arrive needs of an environment. */
export function arrivalsOf(target: Target): ArrivalWarehouse {
  return { query: (sql) => queryRows(target, sql), wakeLoader: () => wakeLoader(target) };
}
