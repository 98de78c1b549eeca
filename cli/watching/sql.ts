import { readSqlFiles } from "../../handlers/migrate/files";
import { readLedger } from "../../handlers/migrate/ledger";
import { pendingOf } from "../../handlers/migrate/pending";
import type { Warehouse } from "../../handlers/warehouse/warehouse";

/** How the files of `sql/` stand to the warehouse; names of files. */
export interface SqlState {
  /** Migrations that have not been applied. */
  readonly migrations: readonly string[];
  /** Models that are new or were changed since they were applied. */
  readonly models: readonly string[];
  /** Models that were applied and are no files any more. */
  readonly gone: readonly string[];
}

/**
 * Compares a folder of SQL with the warehouse's own ledger.
 * @throws when a file's name has not the form it must have, or a migration was changed after it was applied.
 */
export async function sqlState(folder: string, warehouse: Pick<Warehouse, "query">): Promise<SqlState> {
  const files = readSqlFiles(folder);
  const ledger = await readLedger(warehouse);
  const { migrations, models, problems } = pendingOf(files, ledger);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const there = new Set(files.models.map(({ name }) => name));
  return {
    migrations: migrations.map(({ name }) => name),
    models: models.map(({ name }) => name),
    gone: ledger
      .filter(({ version, name }) => version === undefined && !there.has(name))
      .map(({ name }) => name),
  };
}
