import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Definitions } from "./catalog/known";
import { registerFunctions } from "./functions";
import { LAYOUT, SCHEMA } from "./schema";
import { WriteLock } from "./transactions/write-lock";

/**
 * The warehouse's one file, `warehouse.duckdb`. Any DuckDB client of 1.4 or newer can open it while the pipeline
 * is stopped. One write transaction runs at a time, in the order of asking; queries run beside it and see what
 * was committed before.
 */
export class Database {
  readonly lock = new WriteLock();
  readonly definitions = new Definitions();

  private constructor(
    readonly instance: DuckDBInstance,
    /** Where COPY puts what it downloads: the only folder that the engine may read. */
    readonly copyDir: string,
  ) {}

  /** Opens the file in `folder`, and makes it if there is none. */
  static async open(folder: string): Promise<Database> {
    const copyDir = join(folder, "copy");
    rmSync(copyDir, { recursive: true, force: true });
    mkdirSync(copyDir, { recursive: true });
    const instance = await opened(join(folder, "warehouse.duckdb"), {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      storage_compatibility_version: "v1.4.0",
      // a transaction sees what was committed when it began, not when it first looked
      immediate_transaction_mode: "true",
      integer_division: "true",
      default_null_order: "nulls_last_on_asc_first_on_desc",
    });
    try {
      const connection = await instance.connect();
      await connection.run("set global timezone = 'UTC'");
      registerFunctions(connection);
      await holdToVersion(connection);
      for (const statement of SCHEMA) await connection.run(statement);
      // from here on no statement reaches the machine's files, whatever the checker may have let through
      await connection.run(`set allowed_directories = ['${copyDir.replaceAll("'", "''")}/']`);
      await connection.run("set enable_external_access = false");
      await connection.run("set lock_configuration = true");
      connection.closeSync();
    } catch (error) {
      instance.closeSync();
      throw error;
    }
    return new Database(instance, copyDir);
  }

  /** A session of its own: temporary tables are its own, and end with it. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    await connection.run("set schema = 'public'");
    return connection;
  }

  close(): void {
    this.instance.closeSync();
  }
}

const REMEDY = "npm run reset makes an empty one";

/** @throws Error that says what to do when the file is none that this engine reads. */
async function opened(path: string, options: Record<string, string>): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(path, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the warehouse ${path} cannot be opened: ${reason}\n${REMEDY}.`, { cause: error });
  }
}

/**
 * Sees that the file is laid out as this code lays it out. An older one is brought up by what {@link SCHEMA} adds.
 * @throws Error that says what to do for one that newer code has made.
 */
async function holdToVersion(connection: DuckDBConnection): Promise<void> {
  await connection.run("create schema if not exists rs");
  await connection.run("create table if not exists rs.layout (version integer not null)");
  const reader = await connection.runAndReadAll("select max(version) from rs.layout");
  const version = Number(reader.getRowsJson()[0]?.[0] ?? 0);
  if (version > LAYOUT)
    throw new Error(
      `the warehouse is laid out as version ${version}, made by newer code than this, which knows ${LAYOUT}: use that code, or ${REMEDY}.`,
    );
  if (version < LAYOUT) await connection.run(`insert into rs.layout values (${LAYOUT})`);
}

/** Drops every schema, the user's and ours, and makes the empty ones anew. */
export async function dropAll(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select schema_name from duckdb_schemas() where database_name = 'warehouse' and not internal",
  );
  await connection.run("begin transaction");
  await connection.run("set schema = 'main'");
  for (const { schema_name: schema } of reader.getRowObjectsJson())
    if (schema !== "main") await connection.run(`drop schema "${String(schema)}" cascade`);
  await holdToVersion(connection);
  for (const statement of SCHEMA) await connection.run(statement);
  await connection.run("commit");
}
