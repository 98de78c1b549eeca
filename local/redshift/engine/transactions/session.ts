import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../../sql/error";
import { plan } from "../../sql/statement";
import { is, type Token } from "../../sql/tokens";
import { type Definitions, Known } from "../catalog/known";
import { LoadError, recordLoadErrors } from "../copy/load-errors";
import { asSqlError, cancelled, isCancelled } from "../errors";
import { execute, type SessionContext } from "../execute";
import { DEFAULT_SETTINGS, type Settings } from "../statements/settings";
import type { Outcome, Watcher, Work } from "./work";
import type { WriteLock } from "./write-lock";

const INTERRUPT_MS = 20;

/** Whether a statement only reads: then it waits for no write. */
export function onlyReads(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (is(first, "show", "set", "reset", "begin", "start", "commit", "end", "rollback", "abort")) return true;
  const reads = is(first, "select", "with", "explain", "(");
  return reads && !tokens.some((token) => is(token, "insert", "update", "delete", "into"));
}

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
  #defines = false;
  #snapshot = 0;
  #known: Known | undefined;
  settings: Settings = DEFAULT_SETTINGS;

  constructor(
    readonly connection: DuckDBConnection,
    readonly context: SessionContext,
    readonly lock: WriteLock,
    readonly definitions: Definitions,
  ) {}

  /** What the session has read of definitions, if it still holds. */
  get known(): Known {
    const { version } = this.definitions;
    if (this.#known?.version !== version || this.#known.snapshot !== this.#snapshot)
      this.#known = new Known(this.#snapshot, version);
    return this.#known;
  }

  /** A statement may have changed definitions: for this session now, and for others when it commits. */
  defined(): void {
    this.#defines = true;
    this.definitions.changed();
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
    this.#snapshot = this.definitions.version;
    await this.connection.run("begin transaction");
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
    await this.connection.run("commit");
    if (this.#defines) this.definitions.changed();
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
      if (this.#begun) await this.connection.run("commit");
    } catch (error) {
      throw asSqlError(error);
    }
    this.#settle();
  }

  async #rollback(): Promise<void> {
    if (this.#begun) await this.connection.run("rollback").catch(() => undefined);
    this.#settle();
  }

  #settle(): void {
    this.#begun = false;
    if (this.#defines) this.definitions.changed();
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

type Control = "begin" | "commit" | "rollback";

const CONTROLS: Readonly<Record<string, Control>> = {
  begin: "begin",
  start: "begin",
  commit: "commit",
  end: "commit",
  rollback: "rollback",
  abort: "rollback",
};

/** What a statement does to the client's transaction. @default undefined nothing */
function control(tokens: readonly Token[]): Control | undefined {
  const first = tokens[0];
  return first?.kind === "word" ? CONTROLS[first.text] : undefined;
}

function blockFailed(): SqlError {
  return new SqlError("current transaction is aborted, commands ignored until end of transaction block");
}
