import { retryConflicts } from "../warehouse/retry";
import type { Waiting } from "../warehouse/warehouse";
import { type ApplyDeps, applyMigration, applyModels } from "./apply";
import type { WarehouseConfiguration } from "./env";
import type { SqlFiles } from "./files";
import { LEDGER, readLedger } from "./ledger";
import { pendingOf } from "./pending";
import { applySettings, type SettingsChange } from "./settings";
import { ensureUsers } from "./users";

/** What a migration did: names of files, and of database users. */
export interface Migrated {
  readonly applied: readonly string[];
  readonly models: readonly string[];
  readonly settings: SettingsChange;
  readonly users: readonly string[];
}

export interface MigrateDeps extends ApplyDeps {
  readonly waiting: Waiting;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** So often another deploy may have been faster with the models. */
const MAX_ROUNDS = 5;

/**
 * Brings the warehouse to where the files and the environment say: new migrations in their order, then models, then
 * settings, then users. Each is a transaction; what another one's makes fail is tried again.
 * @param configuration what the environment decides. @default settings and users stay as they are
 * @throws when an applied migration was edited or is missing, naming it, or a statement fails, naming file and
 * statement. What was applied before it stays.
 */
export async function migrate(
  files: SqlFiles,
  configuration: WarehouseConfiguration | undefined,
  deps: MigrateDeps,
): Promise<Migrated> {
  const { warehouse, waiting, random, now } = deps;
  const retrying = {
    query: (...call: Parameters<typeof warehouse.query>) =>
      retryConflicts(() => warehouse.query(...call), waiting, random),
    transaction: (...call: Parameters<typeof warehouse.transaction>) =>
      retryConflicts(() => warehouse.transaction(...call), waiting, random),
  };
  const apply = { warehouse: retrying, now };
  await retrying.query(LEDGER);
  const { migrations, problems } = pendingOf(files, await readLedger(retrying));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  for (const file of migrations) await applyMigration(file, apply);
  return {
    applied: migrations.map(({ name }) => name),
    models: await applyPendingModels(files, apply),
    settings:
      configuration === undefined ? "unchanged" : await applySettings(configuration, files.rebuild, retrying),
    users: await ensureUsers(configuration?.users ?? {}, retrying),
  };
}

async function applyPendingModels(files: SqlFiles, deps: ApplyDeps): Promise<string[]> {
  for (let round = 1; ; round += 1) {
    const ledger = await readLedger(deps.warehouse);
    const known = new Map(ledger.map(({ name, checksum }) => [name, checksum]));
    const { models } = pendingOf(files, ledger);
    const changed = models.filter(({ name, checksum }) => known.get(name) !== checksum);
    if (models.length === 0) return [];
    if (await applyModels(models, new Set(changed.map(({ name }) => name)), deps))
      return models.map(({ name }) => name);
    if (round === MAX_ROUNDS) throw new Error("another deploy keeps making the models anew");
  }
}
