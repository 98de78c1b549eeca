import { readSqlFiles } from "../../handlers/migrate/files";
import { type Applied, pendingOf } from "../../handlers/migrate/pending";

/** What a deploy would do to the warehouse; names of files. */
export interface PlannedMigrations {
  /** Migrations that would be applied, in their order. */
  readonly pending: readonly string[];
  /** Views that would be made anew, in their order. */
  readonly models: readonly string[];
  /** What stops the deploy: sentences that name the file. */
  readonly problems: readonly string[];
}

/**
 * Compares a folder of SQL with the ledger of a warehouse.
 * @param ledger empty where nothing is deployed yet.
 */
export function planMigrations(folder: string, ledger: readonly Applied[]): PlannedMigrations {
  try {
    const { migrations, models, problems } = pendingOf(readSqlFiles(folder), ledger);
    return {
      pending: migrations.map(({ name }) => name),
      models: models.map(({ name }) => name),
      problems,
    };
  } catch (error) {
    return { pending: [], models: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
}
