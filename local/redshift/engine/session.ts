import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectName } from "../sql/cursor";
import { SqlError } from "../sql/error";
import type { Plan } from "../sql/plan";
import { plan } from "../sql/statement";
import { spellName, spellTable } from "../sql/tables";
import { is, type Token } from "../sql/tokens";
import { exists, noRelation, superColumns } from "./catalog";
import { changeColumn, createTableAs } from "./columns";
import { runCopy } from "./copy";
import { asSqlError } from "./errors";
import type { ObjectSource } from "./objects";
import { applyPrincipal } from "./principals";
import { type ResultSet, runQuery } from "./results";

/** What a session works with. */
export interface SessionContext {
  readonly database: string;
  readonly user: string;
  readonly objects: ObjectSource;
  readonly copyDir: string;
  /** Whether the namespace has this role, so that COPY may read with it. */
  readonly hasRole: (arn: string) => boolean;
}

/** What became of one statement. */
export interface Outcome {
  /** Rows of the result, or rows written; -1 when it has neither, as the Data API says it. */
  readonly rows: number;
  readonly result?: ResultSet;
}

/** Whether statements only read: then they wait for no write. */
export function onlyReads(statements: readonly (readonly Token[])[]): boolean {
  return statements.every(
    (tokens) =>
      is(tokens[0], "select", "with", "explain", "(") &&
      !tokens.some((token) => is(token, "insert", "update", "delete")),
  );
}

/** Runs statements of one client on one connection, in one transaction. */
export class Session {
  constructor(
    readonly connection: DuckDBConnection,
    readonly context: SessionContext,
  ) {}

  async begin(): Promise<void> {
    await this.connection.run("begin transaction");
  }

  async commit(): Promise<void> {
    await this.connection.run("commit");
  }

  /** Rolls back; a connection that is in no transaction has nothing to lose. */
  async rollback(): Promise<void> {
    await this.connection.run("rollback").catch(() => undefined);
  }

  /**
   * Runs one statement.
   * @param batch whether others share its transaction: some statements refuse that.
   * @throws {SqlError} when it does not run; the transaction is then to be rolled back.
   */
  async run(tokens: readonly Token[], batch: boolean): Promise<Outcome> {
    try {
      const names = {
        database: this.context.database,
        user: this.context.user,
        superColumns: await superColumns(this.connection),
      };
      return await this.#execute(plan(tokens, names), tokens, batch);
    } catch (error) {
      throw asSqlError(error);
    }
  }

  async #execute(step: Plan, tokens: readonly Token[], batch: boolean): Promise<Outcome> {
    const { connection } = this;
    switch (step.kind) {
      case "query": {
        const delimited = tokens
          .filter(({ kind }) => kind === "quoted")
          .map(({ text }) => text.toLowerCase());
        const result = await runQuery(connection, step.sql, new Set(delimited));
        return { rows: result.rows, result };
      }
      case "write":
        return { rows: (await connection.run(step.sql)).rowsChanged };
      case "define":
        await connection.run(step.sql);
        return NOTHING;
      case "create table":
        await connection.run(spellTable(step.table));
        return NOTHING;
      case "create table as":
        await createTableAs(connection, step);
        return NOTHING;
      case "change column":
        await changeColumn(connection, step.table, step.column, step.add);
        return NOTHING;
      case "copy":
        return { rows: await this.#copy(step) };
      case "principal":
        await applyPrincipal(connection, step.command, this.context.database);
        return NOTHING;
      case "truncate":
        return this.#truncate(step.table);
      case "lock":
        await this.#mustExist(step.tables); // the one write at a time is the lock
        return NOTHING;
      case "transaction":
        if (batch)
          throw new SqlError(`${step.verb.toUpperCase()} is not allowed: the batch is one transaction`);
        return NOTHING;
      case "nothing":
        if (batch && step.outside !== undefined)
          throw new SqlError(`${step.outside} cannot run inside a transaction block`);
        await this.#mustExist(step.tables);
        return NOTHING;
    }
  }

  async #copy({ copy }: Extract<Plan, { kind: "copy" }>): Promise<number> {
    const { objects, copyDir, hasRole } = this.context;
    if (!hasRole(copy.role))
      throw new SqlError(`The requested role ${copy.role} is not associated to cluster`);
    return await runCopy(this.connection, copy, objects, copyDir);
  }

  /** TRUNCATE commits what was done before it, and itself. */
  async #truncate(table: ObjectName): Promise<Outcome> {
    await this.#mustExist([table]);
    await this.commit();
    await this.connection.run(`truncate table ${spellName(table)}`);
    await this.begin();
    return NOTHING;
  }

  async #mustExist(tables: readonly ObjectName[]): Promise<void> {
    for (const table of tables) if (!(await exists(this.connection, table))) throw noRelation(table);
  }
}

const NOTHING: Outcome = { rows: -1 };
