import { StatementFailed } from "../warehouse/failure";
import { literal } from "../warehouse/split";
import type { Warehouse } from "../warehouse/warehouse";
import type { Migration, Model } from "./files";
import { claim, entries, LOCK, readLedger, since, UNFINISHED } from "./ledger";

/** What applying needs. */
export interface ApplyDeps {
  readonly warehouse: Pick<Warehouse, "query" | "transaction">;
  readonly now: () => Date;
}

/** The claim is every transaction's second statement. */
const CLAIM_INDEX = 1;

/** A deploy lives 15 minutes at most: a statement that was begun before that was left by one that is dead. */
const DEAD_MINUTES = 20;

/**
 * Applies a migration with its line of the ledger. One that another deploy has applied meanwhile is done.
 * @throws naming the file, its statement and the warehouse's words; nothing of the file is left then.
 */
export async function applyMigration(file: Migration, deps: ApplyDeps): Promise<void> {
  try {
    await (file.transactional ? inTransaction(file, deps) : alone(file, deps));
  } catch (error) {
    if (isTaken(error) && (await isApplied(file, deps))) return;
    const reason = isTaken(error) ? "another deploy is applying it" : messageOf(error);
    throw new Error(`${file.name} was not applied: ${reason}`, { cause: error });
  }
}

async function inTransaction(file: Migration, { warehouse, now }: ApplyDeps): Promise<void> {
  await warehouse.transaction([
    LOCK,
    claim(`name = ${literal(file.name)}`),
    ...file.statements,
    // What models read may have changed: all of them are made anew.
    "delete from schema_migrations where version is null",
    entries([file], since(now())),
  ]);
}

/**
 * What cannot run in a transaction is claimed in one before, and written down in one behind. If this process ends in
 * between, a later deploy runs the statement again.
 */
async function alone(file: Migration, { warehouse, now }: ApplyDeps): Promise<void> {
  const name = `name = ${literal(file.name)}`;
  const started = now();
  await warehouse.transaction([
    LOCK,
    claim(
      `${name} and (duration_ms <> ${UNFINISHED} or applied_at > dateadd(minute, -${DEAD_MINUTES}, getdate()))`,
    ),
    `delete from schema_migrations where ${name}`,
    entries([file], String(UNFINISHED)),
  ]);
  try {
    for (const statement of file.statements) await warehouse.query(statement);
  } catch (error) {
    if (error instanceof StatementFailed)
      await warehouse.transaction([LOCK, `delete from schema_migrations where ${name}`]);
    throw error;
  }
  await warehouse.transaction([
    LOCK,
    `delete from schema_migrations where version is null or ${name}`,
    entries([file], since(started)),
  ]);
}

/**
 * Makes models anew, as many in one transaction as go into a batch.
 * @param changed names of those whose file is another one than the ledger says.
 * @returns false when another deploy has made some of them meanwhile: the ledger is to be read again.
 * @throws naming the file, its statement and the warehouse's words; nothing of the batch is left then.
 */
export async function applyModels(
  models: readonly Model[],
  changed: ReadonlySet<string>,
  { warehouse, now }: ApplyDeps,
): Promise<boolean> {
  for (const batch of batches(models)) {
    const names = `name in (${batch.map(({ name }) => literal(name)).join(", ")})`;
    const done = batch
      .filter(({ name }) => changed.has(name))
      .map(({ name, checksum }) => `name = ${literal(name)} and checksum = ${literal(checksum)}`);
    const statements = batch.flatMap((file) => file.statements.map((sql) => ({ file, sql })));
    const before = [LOCK, claim(done.length === 0 ? "1 = 0" : done.join(" or "))];
    try {
      await warehouse.transaction([
        ...before,
        ...statements.map(({ sql }) => sql),
        `delete from schema_migrations where ${names}`,
        entries(batch, since(now())),
      ]);
    } catch (error) {
      if (isTaken(error)) return false;
      const at = error instanceof StatementFailed ? (error.index ?? 0) - before.length : -1;
      const name = statements[at]?.file.name ?? batch.map((file) => file.name).join(", ");
      throw new Error(`${name} was not applied: ${messageOf(error)}`, { cause: error });
    }
  }
  return true;
}

/** Limits of a batch, less what is not the models' own. */
const MAX_STATEMENTS = 36;
const MAX_BYTES = 96 * 1024;

function* batches(models: readonly Model[]): Generator<Model[]> {
  let batch: Model[] = [];
  const sizeOf = (some: readonly Model[]): { count: number; bytes: number } => {
    const statements = some.flatMap((model) => model.statements);
    return { count: statements.length, bytes: Buffer.byteLength(statements.join()) };
  };
  for (const model of models) {
    const { count, bytes } = sizeOf([...batch, model]);
    if (batch.length > 0 && (count > MAX_STATEMENTS || bytes > MAX_BYTES)) {
      yield batch;
      batch = [];
    }
    batch.push(model);
  }
  if (batch.length > 0) yield batch;
}

function isTaken(error: unknown): boolean {
  return error instanceof StatementFailed && error.index === CLAIM_INDEX && !error.isConflict;
}

async function isApplied({ name, checksum }: Migration, { warehouse }: ApplyDeps): Promise<boolean> {
  const ledger = await readLedger(warehouse);
  return ledger.some((each) => each.name === name && each.checksum === checksum && !each.unfinished);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
