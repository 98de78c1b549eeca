import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of SQL. */
export interface SqlFile {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of its contents, hex. */
  readonly checksum: string;
}

/** `V007__create_users.sql`: applied once, in the order of its number. */
export interface Migration extends SqlFile {
  readonly version: number;
}

/** What a deploy brings: migrations, applied once each, and models, applied again when they change. */
export interface SqlFiles {
  readonly migrations: readonly Migration[];
  readonly models: readonly SqlFile[];
}

const MIGRATION = /^V(\d{3,})__[a-z0-9]+(_[a-z0-9]+)*\.sql$/;
const MODEL = /^R__[a-z0-9]+(_[a-z0-9]+)*\.sql$/;

/**
 * Reads `migrations/` and `models/` of a folder.
 * @throws when a file's name is of neither form, or two migrations have one number.
 */
export function readSqlFiles(folder: string): SqlFiles {
  const migrations = sqlFiles(join(folder, "migrations"), MIGRATION, "V###__verb_object.sql").map((file) => ({
    ...file,
    version: Number(MIGRATION.exec(file.name)?.[1]),
  }));
  migrations.sort((one, other) => one.version - other.version);
  for (const [at, { version, name }] of migrations.entries()) {
    const before = migrations[at - 1];
    if (before?.version === version) throw new Error(`${before.name} and ${name} have the same number`);
  }
  return { migrations, models: sqlFiles(join(folder, "models"), MODEL, "R__name.sql") };
}

function sqlFiles(folder: string, pattern: RegExp, form: string): SqlFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => {
      if (!pattern.test(name)) throw new Error(`${name} must be named as ${form}`);
      const sql = readFileSync(join(folder, name), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}
