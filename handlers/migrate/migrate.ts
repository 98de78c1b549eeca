import { literal, splitStatements } from "../warehouse/split";
import { StatementFailed, type Warehouse } from "../warehouse/warehouse";
import type { WarehouseRole } from "./env";
import type { SqlFile, SqlFiles } from "./files";

/** What a migration did: names of files, and of database users. */
export interface Migrated {
  readonly applied: readonly string[];
  readonly models: readonly string[];
  readonly users: readonly string[];
}

/** What the ledger says of a file. */
export interface Applied {
  readonly version: number | undefined;
  readonly name: string;
  readonly checksum: string;
}

/** Grain: one row a file that has been applied; a model has no version and is replaced. */
const LEDGER = `create table if not exists schema_migrations (
  version integer,
  name varchar(256) not null,
  checksum varchar(64) not null,
  duration_ms bigint not null,
  applied_at timestamp not null
)`;

/** Serializes deploys: whoever holds it sees all that the others have done. */
const LOCK = "lock table schema_migrations";

/**
 * Brings the warehouse to where the files say: new migrations in their order, each with its line of the ledger in
 * one transaction; then models that changed; then the users of roles.
 * @param users warehouse role by name of the IAM role.
 * @param now the present time.
 * @throws when an applied migration was edited or is missing, naming it, or a statement fails, naming file and
 * statement. What was applied before it stays.
 */
export async function migrate(
  warehouse: Pick<Warehouse, "query" | "transaction">,
  files: SqlFiles,
  users: Readonly<Record<string, WarehouseRole>>,
  now: () => Date,
): Promise<Migrated> {
  await warehouse.query(LEDGER);
  const ledger = await readLedger(warehouse);
  const pending = pendingOf(files, ledger);
  for (const file of pending.migrations) await apply(warehouse, file, String(file.version), now());
  for (const file of pending.models) await apply(warehouse, file, undefined, now());
  const made = [];
  for (const [role, granted] of Object.entries(users))
    if (await ensureUser(warehouse, `IAMR:${role}`, granted)) made.push(`IAMR:${role}`);
  return {
    applied: pending.migrations.map(({ name }) => name),
    models: pending.models.map(({ name }) => name),
    users: made,
  };
}

/** What is to be applied. @throws when the past was changed. */
export function pendingOf(files: SqlFiles, ledger: readonly Applied[]): SqlFiles {
  const versions = new Map(files.migrations.map((file) => [file.version, file]));
  for (const { version, name, checksum } of ledger) {
    if (version === undefined) continue;
    const file = versions.get(version);
    if (file === undefined) throw new Error(`${name} was applied and is missing now: put it back`);
    if (file.name !== name || file.checksum !== checksum)
      throw new Error(
        `${file.name} was changed after it was applied${file.name === name ? "" : ` as ${name}`}: undo that, and write a new migration`,
      );
  }
  const applied = new Map(ledger.map(({ name, checksum }) => [name, checksum]));
  return {
    migrations: files.migrations.filter(({ name }) => !applied.has(name)),
    models: files.models.filter(({ name, checksum }) => applied.get(name) !== checksum),
  };
}

/** What the ledger says of files that have been applied, oldest first. */
export async function readLedger(warehouse: Pick<Warehouse, "query">): Promise<Applied[]> {
  const { rows } = await warehouse.query(
    "select version, name, checksum from schema_migrations order by applied_at",
  );
  return rows.map(([version, name, checksum]) => ({
    version: version === null ? undefined : Number(version),
    name: String(name),
    checksum: String(checksum),
  }));
}

/** Applies a file and writes it into the ledger, in one transaction that fails if it stands there already. */
async function apply(
  warehouse: Pick<Warehouse, "transaction">,
  file: SqlFile,
  version: string | undefined,
  started: Date,
): Promise<void> {
  const name = literal(file.name);
  const since = literal(started.toISOString().replace("T", " ").replace("Z", ""));
  const claim =
    version === undefined
      ? `delete from schema_migrations where name = ${name}`
      : `select cast(case when count(*) = 0 then '0' else 'another deploy has applied it meanwhile' end as integer) from schema_migrations where name = ${name}`;
  const statements = [
    LOCK,
    claim,
    ...splitStatements(file.sql),
    `insert into schema_migrations (version, name, checksum, duration_ms, applied_at) select ${version ?? "null"}, ${name}, ${literal(file.checksum)}, datediff(millisecond, cast(${since} as timestamp), getdate()), getdate()`,
  ];
  try {
    await warehouse.transaction(statements);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file.name} was not applied: ${reason}`, { cause: error });
  }
}

/**
 * Makes a database user that the Data API derives from an IAM role, and grants it a role of the warehouse.
 * @returns whether it was not there before.
 */
async function ensureUser(
  warehouse: Pick<Warehouse, "query">,
  user: string,
  role: WarehouseRole,
): Promise<boolean> {
  // The Data API makes a role's user itself when the role comes first: that it exists says nothing of its grants.
  const made = await unlessThere(warehouse, `create user "${user}" password disable`);
  await unlessThere(warehouse, `grant role ${role} to "${user}"`);
  return made;
}

async function unlessThere(warehouse: Pick<Warehouse, "query">, sql: string): Promise<boolean> {
  try {
    await warehouse.query(sql);
    return true;
  } catch (error) {
    if (error instanceof StatementFailed && /already/.test(error.reason)) return false;
    throw error;
  }
}
