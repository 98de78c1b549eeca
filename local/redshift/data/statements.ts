import { AwsError } from "../../service/aws";
import type { Journal } from "./journal";
import { hasEnded, type Part, recover, type Statement } from "./statement";

/** How long a statement and its result can be asked for. @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const KEPT_MS = 24 * 3600 * 1000;
/** How long a client token is remembered. */
const TOKEN_MS = 8 * 3600 * 1000;

/** A statement that runs, or waits to. */
export interface Running {
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<void>;
  readonly cancel: () => void;
}

/** The statements of the last 24 hours. They survive a restart. */
export class Statements {
  readonly #byId = new Map<string, Statement>();
  readonly #running = new Map<string, Running>();

  /** @param committed the names that the database has of commits. */
  constructor(
    readonly journal: Journal,
    committed: ReadonlySet<string>,
    now: number,
  ) {
    for (const statement of journal.load()) {
      const open = !hasEnded(statement);
      recover(statement, committed, now);
      if (open) journal.save(statement);
      this.#byId.set(statement.id, statement);
    }
    this.#forgetOld(now);
  }

  /** The statement that the caller's client token made. @default undefined none */
  byToken(principal: string, token: string | undefined, now: number): Statement | undefined {
    if (token === undefined) return undefined;
    for (const statement of this.#byId.values())
      if (
        statement.clientToken === token &&
        statement.principal === principal &&
        now - statement.createdAt < TOKEN_MS
      )
        return statement;
    return undefined;
  }

  add(statement: Statement): void {
    this.#forgetOld(statement.createdAt);
    this.#byId.set(statement.id, statement);
    this.journal.save(statement);
  }

  /** The statement runs from now on. */
  run({ id }: Statement, running: Running): void {
    this.#running.set(id, running);
    void running.done.then(() => this.#running.delete(id));
  }

  running({ id }: Statement): Running | undefined {
    return this.#running.get(id);
  }

  /** Statements that have not ended. */
  get active(): number {
    return this.#running.size;
  }

  /**
   * A statement of the caller's, and its part if the id names one: `<id>:<number>`.
   * @throws AwsError ValidationException, ResourceNotFoundException.
   */
  find(id: unknown, principal: string): { readonly statement: Statement; readonly part: Part | undefined } {
    if (typeof id !== "string" || !/^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/.test(id))
      throw new AwsError(
        "ValidationException",
        `Id must satisfy the pattern of a statement's id, got ${String(id)}`,
      );
    const [whole = id, number] = id.split(":");
    const statement = this.#byId.get(whole);
    const part = number === undefined ? undefined : statement?.parts[Number(number) - 1];
    const missing = number !== undefined && part === undefined;
    if (statement === undefined || statement.principal !== principal || missing)
      throw new AwsError("ResourceNotFoundException", "Query does not exist.", 400, { ResourceId: id });
    return { statement, part };
  }

  /** All of them, newest first. */
  list(): Statement[] {
    return [...this.#byId.values()].reverse();
  }

  /** Waits until nothing runs. What is killed meanwhile is found as failed, or committed, after the restart. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #forgetOld(now: number): void {
    for (const statement of this.#byId.values()) {
      if (now - statement.createdAt <= KEPT_MS) return; // the rest is younger
      if (!hasEnded(statement)) continue;
      this.#byId.delete(statement.id);
      this.journal.remove(statement.id);
    }
  }
}
