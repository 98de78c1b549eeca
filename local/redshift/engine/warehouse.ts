import type { DuckDBConnection } from "@duckdb/node-api";
import type { Checker } from "../check/checker";
import { ensureUser } from "./access/identity";
import type { ObjectSources } from "./copy/objects";
import { Database, dropAll } from "./database";
import type { SessionContext } from "./execute";
import { Session } from "./transactions/session";

/** How long the names of commits are kept: as long as anyone can ask for the call. */
const KEPT_HOURS = 24;

/** The engine behind the Data API. */
export class Warehouse {
  readonly #sessions = new Set<Session>();

  private constructor(
    readonly database: Database,
    readonly objects: ObjectSources,
    readonly checker: Checker,
  ) {}

  static async open(folder: string, objects: ObjectSources, checker: Checker): Promise<Warehouse> {
    return new Warehouse(await Database.open(folder), objects, checker);
  }

  /** Opens a session, which is to be closed. */
  async connect(
    client: Pick<SessionContext, "database" | "user" | "superuser" | "roleOf">,
  ): Promise<Session> {
    const connection = await this.database.connect();
    await ensureUser(connection, client.user, client.superuser, this.database.definitions);
    const context: SessionContext = {
      ...client,
      objects: this.objects,
      copyDir: this.database.copyDir,
      pass: (sql, block) => this.checker.pass(sql, block),
    };
    const session = new Session(connection, context, this.database.lock, this.database.definitions);
    this.#sessions.add(session);
    return session;
  }

  async disconnect(session: Session): Promise<void> {
    this.#sessions.delete(session);
    await session.close();
  }

  /** Asks the engine something, beside every session. */
  async look<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.database.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  /** The names of calls that were committed, of those that may still be asked for; older ones are forgotten. */
  async committed(): Promise<ReadonlySet<string>> {
    const connection = await this.database.connect();
    try {
      await connection.run(
        `delete from rs.committed where committed_at < now() - interval '${KEPT_HOURS} hours'`,
      );
      const reader = await connection.runAndReadAll("select name from rs.committed");
      return new Set(reader.getRowsJson().map(([name]) => String(name)));
    } finally {
      connection.closeSync();
    }
  }

  /** Drops all that the namespace held: its data goes with it. */
  async empty(): Promise<void> {
    const release = await this.database.lock.acquire(new AbortController().signal);
    const connection = await this.database.connect();
    try {
      await this.database.definitions.change(() => dropAll(connection));
    } finally {
      connection.closeSync();
      release();
    }
  }

  /** Closes the file, when every session has been closed. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => this.disconnect(session)));
    this.database.close();
  }
}
