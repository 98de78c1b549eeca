import { randomUUID } from "node:crypto";
import { AwsError } from "../../service/aws";
import type { ResultSet } from "../engine/results";
import type { Running } from "../engine/warehouse";

export type Status = "SUBMITTED" | "PICKED" | "STARTED" | "FINISHED" | "ABORTED" | "FAILED";

/** One SQL statement and what became of it. */
export interface Part {
  readonly id: string;
  readonly sql: string;
  status: Status;
  startedAt?: number;
  updatedAt: number;
  /** Nanoseconds, as the Data API counts. */
  duration: number;
  rows: number;
  error?: string;
  result?: ResultSet;
}

/** What one call of ExecuteStatement or BatchExecuteStatement made. Times are milliseconds since 1970. */
export interface Statement {
  readonly id: string;
  readonly batch: boolean;
  readonly name: string | undefined;
  readonly database: string;
  readonly workgroup: string;
  readonly user: string;
  readonly secretArn: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly createdAt: number;
  readonly parts: readonly Part[];
  status: Status;
  startedAt?: number;
  updatedAt: number;
  duration: number;
  error?: string;
  running?: Running;
}

/** How long a statement and its result can be asked for. */
const KEPT_MS = 24 * 3600 * 1000;
/** Results kept at once; the oldest go first. */
const KEPT_BYTES = 256 * 1024 * 1024;

/**
 * The statements of this process, newest last. They do not survive a restart: a client that asks for one after
 * it is told that there is none, and what was not committed was rolled back.
 */
export class Statements {
  readonly #byId = new Map<string, Statement>();
  readonly #byToken = new Map<string, string>();

  /** The statement that a client token made. @default none */
  byToken(token: string | undefined): Statement | undefined {
    const id = token === undefined ? undefined : this.#byToken.get(token);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  add(statement: Statement, token: string | undefined): void {
    this.#forgetOld(statement.createdAt);
    this.#byId.set(statement.id, statement);
    if (token !== undefined) this.#byToken.set(token, statement.id);
  }

  /** A statement, and its part if the id names one: `<id>:<number>`. */
  find(id: string): { readonly statement: Statement; readonly part: Part | undefined } {
    const [whole = id, number] = id.split(":");
    const statement = this.#byId.get(whole);
    const part = number === undefined ? undefined : statement?.parts[Number(number) - 1];
    if (statement === undefined || (number !== undefined && part === undefined))
      throw new AwsError("ResourceNotFoundException", "Query does not exist.", 400, { ResourceId: id });
    return { statement, part };
  }

  /** All of them, newest first. */
  list(): Statement[] {
    return [...this.#byId.values()].reverse();
  }

  #forgetOld(now: number): void {
    let bytes = 0;
    for (const statement of this.list()) {
      for (const part of statement.parts) bytes += part.result?.sizeBytes ?? 0;
      const ended = ["FINISHED", "FAILED", "ABORTED"].includes(statement.status);
      if (ended && (bytes > KEPT_BYTES || now - statement.createdAt > KEPT_MS))
        this.#byId.delete(statement.id);
    }
    for (const [token, id] of this.#byToken) if (!this.#byId.has(id)) this.#byToken.delete(token);
  }
}

/** A statement that has not begun. */
export function newStatement(
  given: Pick<Statement, "batch" | "name" | "database" | "workgroup" | "user" | "secretArn" | "parameters">,
  sqls: readonly string[],
  now: number,
): Statement {
  const id = randomUUID();
  const parts = sqls.map(
    (sql, i): Part => ({
      id: given.batch ? `${id}:${i + 1}` : id,
      sql,
      status: "SUBMITTED",
      updatedAt: now,
      duration: 0,
      rows: -1,
    }),
  );
  return { ...given, id, parts, createdAt: now, updatedAt: now, status: "SUBMITTED", duration: 0 };
}
