import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Definitions } from "./catalog/known";
import { registerFunctions } from "./functions";
import { SCHEMA } from "./schema";
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
    const instance = await DuckDBInstance.create(join(folder, "warehouse.duckdb"), {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      storage_compatibility_version: "v1.4.0",
      // a transaction sees what was committed when it began, not when it first looked
      immediate_transaction_mode: "true",
      integer_division: "true",
      default_null_order: "nulls_last_on_asc_first_on_desc",
    });
    const connection = await instance.connect();
    await connection.run("set global timezone = 'UTC'");
    registerFunctions(connection);
    for (const statement of SCHEMA) await connection.run(statement);
    // from here on no statement reaches the machine's files, whatever the checker may have let through
    await connection.run(`set allowed_directories = ['${copyDir.replaceAll("'", "''")}/']`);
    await connection.run("set enable_external_access = false");
    await connection.run("set lock_configuration = true");
    connection.closeSync();
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

/** Drops every schema, the user's and ours, and makes the empty ones anew. */
export async function dropAll(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select schema_name from duckdb_schemas() where database_name = 'warehouse' and not internal",
  );
  await connection.run("begin transaction");
  await connection.run("set schema = 'main'");
  for (const { schema_name: schema } of reader.getRowObjectsJson())
    if (schema !== "main") await connection.run(`drop schema "${String(schema)}" cascade`);
  for (const statement of SCHEMA) await connection.run(statement);
  await connection.run("commit");
}
