import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { splitStatements } from "../warehouse/split";
import { dependencyOrder } from "./order";

/** A file of SQL. */
export interface SqlFile {
  readonly name: string;
  readonly statements: readonly string[];
  /** SHA-256 of its contents, hex. */
  readonly checksum: string;
}

/** `V007__create_users.sql`: applied once, in the order of its number. */
export interface Migration extends SqlFile {
  readonly version: number;
  /** Whether it is a transaction; else it is one statement that can be run again, because it may have to be. */
  readonly transactional: boolean;
}

/** `R__sessions.sql`: a view that is made anew when its file, or one that it reads, changes. */
export interface Model extends SqlFile {
  /** Names of the files whose views it reads, and those read in turn. */
  readonly reads: readonly string[];
}

/** What a deploy brings. */
export interface SqlFiles {
  readonly migrations: readonly Migration[];
  /** In the order in which each finds the views that it reads. */
  readonly models: readonly Model[];
  /** How sessions are built anew: behind what sets the settings. */
  readonly rebuild: readonly string[];
}

const MIGRATION = /^V(\d{3,})__[a-z0-9]+(_[a-z0-9]+)*\.sql$/;
const MODEL = /^R__([a-z0-9]+(?:_[a-z0-9]+)*)\.sql$/;

/** The first line of a migration that Redshift cannot run in a transaction. */
const NO_TRANSACTION = /^--\s*no transaction\b/i;

/** A batch may have 40 statements and 100 KB; some are the migration's own. */
const MAX_STATEMENTS = 36;
const MAX_BYTES = 96 * 1024;

/**
 * Reads `migrations/`, `models/` and `sessions/` of a folder.
 * @throws when a file's name is of no form, it does not fit a batch, two migrations have one number, a migration
 * without a transaction has more than one statement, or models read each other in a circle.
 */
export function readSqlFiles(folder: string): SqlFiles {
  const migrations = sqlFiles(join(folder, "migrations"), MIGRATION, "V###__verb_object.sql").map(
    migrationOf,
  );
  migrations.sort((one, other) => one.version - other.version);
  for (const [at, { version, name }] of migrations.entries()) {
    const before = migrations[at - 1];
    if (before?.version === version) throw new Error(`${before.name} and ${name} have the same number`);
  }
  const models = sqlFiles(join(folder, "models"), MODEL, "R__name.sql");
  const views = models.map((file) => ({ ...file, view: MODEL.exec(file.name)?.[1] ?? "" }));
  return {
    migrations,
    models: dependencyOrder(views),
    rebuild: sqlFiles(join(folder, "sessions"), /\.sql$/, "name.sql").flatMap(({ statements }) => statements),
  };
}

type TextFile = SqlFile & { readonly text: string };

function migrationOf({ text, ...file }: TextFile): Migration {
  const transactional = !NO_TRANSACTION.test(text);
  if (!transactional && file.statements.length !== 1)
    throw new Error(
      `${file.name} runs in no transaction and must hold one statement, got ${file.statements.length}`,
    );
  return { ...file, version: Number(MIGRATION.exec(file.name)?.[1]), transactional };
}

function sqlFiles(folder: string, pattern: RegExp, form: string): TextFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => {
      if (!pattern.test(name)) throw new Error(`${name} must be named as ${form}`);
      const text = readFileSync(join(folder, name), "utf8");
      const statements = splitStatements(text);
      const bytes = Buffer.byteLength(text);
      if (statements.length === 0) throw new Error(`${name} holds no statement`);
      if (statements.length > MAX_STATEMENTS)
        throw new Error(`${name} must hold ${MAX_STATEMENTS} statements at most, got ${statements.length}`);
      if (bytes > MAX_BYTES) throw new Error(`${name} must have ${MAX_BYTES} bytes at most, got ${bytes}`);
      return { name, text, statements, checksum: createHash("sha256").update(text).digest("hex") };
    });
}
