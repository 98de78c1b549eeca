import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../../sql/error";
import { plan } from "../../sql/statement";
import type { CatalogRelation } from "../catalog/catalog";
import { type Change, type Definitions, Known } from "../catalog/known";
import { temporaryTables } from "../catalog/stored";
import { LoadError, recordLoadErrors } from "../copy/load-errors";
import { asSqlError, cancelled, isCancelled } from "../errors";
import { execute, type SessionContext } from "../execute";
import { DEFAULT_SETTINGS, type Settings } from "../statements/settings";
import { blockFailed, type Control, control, onlyReads } from "./control";
import type { Outcome, Watcher, Work } from "./work";
import type { WriteLock } from "./write-lock";

const INTERRUPT_MS = 20;

/**
 * One client's connection: its temporary tables and settings, and the transaction that it may have opened. It runs one
 * call at a time.
 */
export class Session {
  /** `open` and `failed` are of a transaction that the client began itself. */
  #block: "none" | "open" | "failed" = "none";
  #begun = false;
  #release: (() => void) | undefined;
  #busy = false;
  /** What the transaction knows of definitions; its own where it has changed them, else all sessions'. */
  #known = new Known();
  /** What was committed when the transaction began. @default undefined not known */
  #before: Known | undefined;
  #defines = false;
  #temporary: ReadonlyMap<string, CatalogRelation> = new Map();
  #temporaryBefore = this.#temporary;
  settings: Settings = DEFAULT_SETTINGS;

  constructor(
    readonly connection: DuckDBConnection,
    readonly context: SessionContext,
    readonly lock: WriteLock,
    readonly definitions: Definitions,
  ) {}

  /** What the open transaction knows of definitions. */
  get known(): Known {
    return this.#known;
  }

  /** The session's own tables, by name. */
  get temporary(): ReadonlyMap<string, CatalogRelation> {
    return this.#temporary;
  }

  /** A temporary table was made. */
  hasTemporary(table: CatalogRelation): void {
    this.#temporary = new Map(this.#temporary).set(table.name, table);
  }

  /** Temporary tables were changed otherwise. */
  async temporaryChanged(): Promise<void> {
    this.#temporary = await temporaryTables(this.connection);
  }

  /** A statement may have changed definitions: for this session now, and for others when it commits. */
  defined(change: Change): void {
    if (!this.#defines) this.#known = this.#known.copy();
    this.#defines = true;
    this.#known.forget(change);
  }

  /** Runs a call. Never rejects: the watcher is told. */
  async run(work: Work, watcher: Watcher, signal: AbortSignal): Promise<void> {
    this.#busy = true;
    // again and again: between two of its queries there is nothing to interrupt
    let timer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      timer = setInterval(() => this.connection.interrupt(), INTERRUPT_MS);
    };
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      watcher.picked();
      if (work.mode === "transaction") await this.#together(work, watcher, signal);
      else for (const index of work.statements.keys()) await this.#single(work, index, watcher, signal);
    } finally {
      signal.removeEventListener("abort", interrupt);
      clearInterval(timer);
      this.#busy = false;
    }
  }

  /** Rolls back what is open and lets go of everything. Waits for a call that runs, which is to be cancelled before. */
  async close(): Promise<void> {
    while (this.#busy) await new Promise((resolve) => setTimeout(resolve, INTERRUPT_MS));
    await this.#rollback();
    this.connection.closeSync();
  }

  /** All statements as one transaction. */
  async #together(work: Work, watcher: Watcher, signal: AbortSignal): Promise<void> {
    const { statements } = work;
    const outcomes: Outcome[] = [];
    let index = 0;
    try {
      if (this.#block === "failed") throw blockFailed();
      if (!statements.every(onlyReads)) await this.#write(signal);
      for (const tokens of statements) {
        watcher.started(index);
        if (signal.aborted) throw cancelled();
        if (control(tokens) !== undefined)
          throw new SqlError(
            `${control(tokens)?.toUpperCase()} is not allowed: the batch is one transaction`,
          );
        outcomes.push(await this.#execute(work, index, true));
        index++;
      }
      index = statements.length - 1;
      if (signal.aborted) throw cancelled();
      await this.#commit(() => watcher.committing(0, outcomes));
    } catch (error) {
      watcher.failed(index, await this.#undo(error, signal));
      return;
    }
    // nothing is reported as done before the commit: until then it may still be rolled back
    for (const [i, outcome] of outcomes.entries()) watcher.ended(i, outcome);
  }

  /** One statement, in a transaction of its own unless the client has one open. */
  async #single(work: Work, index: number, watcher: Watcher, signal: AbortSignal): Promise<void> {
    const tokens = work.statements[index] ?? [];
    try {
      if (signal.aborted) throw cancelled();
      const verb = control(tokens);
      const within = this.#block === "open";
      if (this.#block === "failed" && verb !== "commit" && verb !== "rollback") throw blockFailed();
      if (!onlyReads(tokens)) await this.#write(signal);
      watcher.started(index);
      if (verb !== undefined) plan(tokens); // it must be written as Redshift reads it
      const outcome = verb === undefined ? await this.#execute(work, index, within) : { rows: -1 };
      if (signal.aborted) throw cancelled(); // the cancel was answered with yes
      if (verb !== undefined) await this.#control(verb, () => watcher.committing(index, [outcome]));
      else if (this.#block === "none") await this.#commit(() => watcher.committing(index, [outcome]));
      watcher.ended(index, outcome);
    } catch (error) {
      if (this.#block === "open") this.#block = "failed";
      watcher.failed(index, await this.#undo(error, signal));
    }
  }

  async #execute(work: Work, index: number, block: boolean): Promise<Outcome> {
    if (!this.#begun) {
      await this.#begin();
      this.#begun = true;
    }
    const limit = this.settings.statementTimeoutMs;
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    if (limit > 0)
      timer = setTimeout(() => {
        late = true;
        this.connection.interrupt();
      }, limit);
    try {
      return await execute(this, work, index, block);
    } catch (error) {
      throw late
        ? new SqlError("canceling statement due to statement timeout", { cause: error })
        : asSqlError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #begin(): Promise<void> {
    const { committed } = this.definitions;
    await this.connection.run("begin transaction");
    // what was committed meanwhile, the transaction may see or not
    this.#before = committed === this.definitions.committed ? committed : undefined;
    this.#known = this.#before ?? new Known();
    this.#defines = false;
    this.#temporaryBefore = this.#temporary;
  }

  /** BEGIN, COMMIT and ROLLBACK of the client's own transaction. Where there is none, they do nothing, as in Redshift. */
  async #control(verb: Control, name: () => string): Promise<void> {
    if (verb === "begin") {
      if (this.#block === "none") this.#block = "open";
    } else {
      if (verb === "commit" && this.#block === "open") await this.#commit(name);
      else await this.#rollback();
      this.#block = "none";
    }
  }

  /** TRUNCATE commits what was done before it, and itself; the transaction that was open has ended. */
  async commitAndGoOn(within: () => Promise<void>): Promise<void> {
    await this.#commitWork();
    await within();
    await this.#begin();
    if (this.#block === "open") this.#block = "none";
  }

  /** Waits until no one else writes. */
  async #write(signal: AbortSignal): Promise<void> {
    this.#release ??= await this.lock.acquire(signal);
  }

  /** Commits; what was written is committed together with its name. */
  async #commit(name: () => string): Promise<void> {
    try {
      if (this.#release !== undefined && this.#begun)
        await this.connection.run("insert into rs.committed values ($name, now())", { name: name() });
      if (this.#begun) await this.#commitWork();
    } catch (error) {
      throw asSqlError(error);
    }
    this.#settle();
  }

  async #commitWork(): Promise<void> {
    const commit = async (): Promise<void> => {
      await this.connection.run("commit");
    };
    if (this.#defines) await this.definitions.change(commit, this.#before, this.#known);
    else await commit();
  }

  async #rollback(): Promise<void> {
    if (this.#begun) {
      await this.connection.run("rollback").catch(() => undefined);
      this.#temporary = this.#temporaryBefore;
    }
    this.#settle();
  }

  #settle(): void {
    this.#begun = false;
    this.#defines = false;
    this.#release?.();
    this.#release = undefined;
  }

  /** Rolls back, and says what went wrong as the client is to read it. */
  async #undo(error: unknown, signal: AbortSignal): Promise<SqlError> {
    await this.#rollback();
    if (error instanceof LoadError) await recordLoadErrors(this.connection, this.context.user, error.details);
    const shown = error instanceof SqlError ? error : new SqlError(String(error), { cause: error });
    return signal.aborted || isCancelled(shown) ? cancelled() : shown;
  }
}
