import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../sql/error";
import type { Token } from "../sql/tokens";
import { LoadError } from "./copy";
import { Database, dropAll } from "./database";
import type { ObjectSource } from "./objects";
import { type Outcome, onlyReads, Session, type SessionContext } from "./session";

/** Who watches a call's statements run. */
export interface Watcher {
  /** Statement number `index` begins. */
  started(index: number): void;
  ended(index: number, outcome: Outcome): void;
  /** It failed: what is behind it does not run, what is before it is rolled back. */
  failed(index: number, error: SqlError): void;
}

/** One client's call: statements of one transaction. */
export interface Work {
  readonly statements: readonly (readonly Token[])[];
  readonly database: string;
  readonly user: string;
  readonly hasRole: SessionContext["hasRole"];
}

/** Ends a call that waits or runs. */
export interface Running {
  readonly done: Promise<void>;
  /** @returns whether there was still something to end. */
  cancel(): boolean;
}

const INTERRUPT_MS = 20;

/** The engine behind the Data API. */
export class Warehouse {
  #queries = 0;

  private constructor(
    readonly database: Database,
    readonly objects: ObjectSource,
  ) {}

  static async open(folder: string, objects: ObjectSource): Promise<Warehouse> {
    return new Warehouse(await Database.open(folder), objects);
  }

  /** Runs a call: reads at once, writes one after the other. `done` never rejects: the watcher is told. */
  run(work: Work, watcher: Watcher): Running {
    let connection: DuckDBConnection | undefined;
    let ended = false;
    let cancelled = false;
    const execute = async (): Promise<void> => {
      try {
        if (cancelled) throw cancellation();
        connection = await this.database.connect();
        await this.#transact(new Session(connection, this.#context(work)), work, watcher, () => cancelled);
      } catch (error) {
        watcher.failed(0, error instanceof SqlError ? error : new SqlError(String(error), { cause: error }));
      } finally {
        ended = true;
        connection?.closeSync();
        connection = undefined;
      }
    };
    const done = onlyReads(work.statements) ? execute() : this.database.write(execute);
    return {
      done,
      cancel: () => {
        if (ended) return false;
        cancelled = true;
        // again and again: between two of its queries there is nothing to interrupt
        const timer = setInterval(() => connection?.interrupt(), INTERRUPT_MS);
        void done.finally(() => clearInterval(timer));
        return true;
      },
    };
  }

  /** Drops all that the namespace held: its data goes with it. */
  async empty(): Promise<void> {
    await this.database.write(async () => {
      const connection = await this.database.connect();
      try {
        await dropAll(connection);
      } finally {
        connection.closeSync();
      }
    });
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  #context({ database, user, hasRole }: Work): SessionContext {
    return { database, user, hasRole, objects: this.objects, copyDir: this.database.copyDir };
  }

  async #transact(session: Session, work: Work, watcher: Watcher, cancelled: () => boolean): Promise<void> {
    const { statements } = work;
    const queryId = ++this.#queries;
    const outcomes: Outcome[] = [];
    let index = 0;
    try {
      await session.begin();
      for (const tokens of statements) {
        watcher.started(index);
        if (cancelled()) throw cancellation();
        outcomes.push(await session.run(tokens, statements.length > 1));
        index++;
      }
      index = statements.length - 1;
      if (cancelled()) throw cancellation();
      await session.commit();
    } catch (error) {
      await session.rollback();
      if (error instanceof LoadError) await recordLoadError(session, work.user, queryId, error);
      const shown = error instanceof SqlError ? error : new SqlError(String(error), { cause: error });
      watcher.failed(index, cancelled() ? cancellation() : shown);
      return;
    }
    // nothing is reported as done before the commit: until then it may still be rolled back
    for (const [i, outcome] of outcomes.entries()) watcher.ended(i, outcome);
  }
}

function cancellation(): SqlError {
  return new SqlError("Query cancelled on user's request");
}

/** Written in a transaction of its own: it outlives the load that failed. */
async function recordLoadError(
  session: Session,
  user: string,
  queryId: number,
  error: LoadError,
): Promise<void> {
  const { detail } = error;
  await session.connection.run(
    `insert into rs.sys_load_error_detail values ($user, $queryId, cast(now() as timestamp), $table, $file, $line,
       $column, $columnType, $columnLength, 0, $code, $message)`,
    {
      user,
      queryId,
      table: error.table,
      file: detail.file,
      line: detail.line,
      column: detail.column,
      columnType: detail.columnType,
      columnLength: detail.columnLength,
      code: detail.code,
      message: detail.message,
    },
  );
}
