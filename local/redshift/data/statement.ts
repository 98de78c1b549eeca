import { randomUUID } from "node:crypto";
import { isCancelled } from "../engine/errors";
import type { ResultSet } from "../engine/results";
import type { Outcome } from "../engine/transactions/work";
import type { SqlError } from "../sql/error";

export type Status = "SUBMITTED" | "PICKED" | "STARTED" | "FINISHED" | "ABORTED" | "FAILED";

/** A `:name` parameter's value, as a call gives it. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** One SQL statement and what became of it. Times are milliseconds since 1970. */
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
  /** The name under which it is being committed, once it is. */
  committing?: string;
}

/** Who made a statement, and where it runs. */
export interface Origin {
  /** The caller's ARN: no one else sees the statement. */
  readonly principal: string;
  readonly database: string;
  readonly workgroup: string;
  /** The database user that it runs as. */
  readonly user: string;
  readonly secretArn?: string;
  readonly sessionId?: string;
}

/** What a call asks for beside its SQL. */
export interface Asked {
  readonly batch: boolean;
  /** Each statement of a batch in a transaction of its own. */
  readonly autoCommit: boolean;
  readonly format: "JSON" | "CSV";
  readonly name?: string;
  readonly clientToken?: string;
  readonly parameters?: readonly Parameter[];
}

/** What one call of ExecuteStatement or BatchExecuteStatement made. */
export interface Statement extends Origin, Asked {
  readonly id: string;
  readonly createdAt: number;
  readonly parts: readonly Part[];
  /** The engine's number of the call, as `sys_query_history` has it. */
  readonly queryId: number;
  status: Status;
  startedAt?: number;
  updatedAt: number;
  duration: number;
  error?: string;
}

let lastQueryId = Date.now();

/** A statement that has not begun. */
export function newStatement(origin: Origin, asked: Asked, sqls: readonly string[], now: number): Statement {
  const id = randomUUID();
  const parts = sqls.map(
    (sql, i): Part => ({
      id: asked.batch ? `${id}:${i + 1}` : id,
      sql,
      status: "SUBMITTED",
      updatedAt: now,
      duration: 0,
      rows: -1,
    }),
  );
  lastQueryId = Math.max(lastQueryId + 1, now);
  return {
    ...origin,
    ...asked,
    id,
    parts,
    queryId: lastQueryId,
    createdAt: now,
    updatedAt: now,
    status: "SUBMITTED",
    duration: 0,
  };
}

/** Whether nothing more will happen to it. */
export function hasEnded({ status }: { readonly status: Status }): boolean {
  return status === "FINISHED" || status === "FAILED" || status === "ABORTED";
}

/** Statement number `index` begins. */
export function started(statement: Statement, index: number, now: number): void {
  statement.startedAt ??= now;
  statement.status = "STARTED";
  statement.updatedAt = now;
  const before = statement.parts[index - 1];
  if (before?.startedAt !== undefined && before.duration === 0)
    before.duration = Math.max(1, (now - before.startedAt) * 1e6);
  const part = statement.parts[index];
  if (part === undefined) return;
  part.startedAt = now;
  part.status = "STARTED";
  part.updatedAt = now;
}

/** Statements `first` and on are about to be committed under that name. */
export function committing(
  statement: Statement,
  name: string,
  first: number,
  outcomes: readonly Outcome[],
): void {
  for (const [i, { rows, result }] of outcomes.entries()) {
    const part = statement.parts[first + i];
    if (part === undefined) continue;
    part.committing = name;
    part.rows = rows;
    if (result !== undefined) part.result = result;
  }
}

/** Statement number `index` has done its work. */
export function ended(statement: Statement, index: number, { rows, result }: Outcome, now: number): void {
  const part = statement.parts[index];
  if (part === undefined) return;
  part.rows = rows;
  if (result !== undefined) part.result = result;
  end(part, "FINISHED", now);
  concluded(statement, now);
}

/** Statement number `index` did not do its work; in a transaction, the others did not either. */
export function failed(statement: Statement, index: number, error: SqlError, now: number): void {
  const status = isCancelled(error) ? "ABORTED" : "FAILED";
  const part = statement.parts[index];
  if (part !== undefined) {
    part.error = error.message;
    end(part, status, now);
  }
  const message = statement.batch ? `Query #${index + 1} failed with ${error.message}` : error.message;
  statement.error ??= message;
  if (statement.autoCommit) {
    concluded(statement, now);
    return;
  }
  for (const [i, other] of statement.parts.entries()) if (i !== index) end(other, "ABORTED", now);
  end(statement, status, now);
}

/** The whole has ended when its last statement has. */
function concluded(statement: Statement, now: number): void {
  if (!statement.parts.every(hasEnded)) return;
  const worst = (["FAILED", "ABORTED"] as const).find((status) =>
    statement.parts.some((part) => part.status === status),
  );
  end(statement, worst ?? "FINISHED", now);
}

function end(one: Statement | Part, status: "FINISHED" | "FAILED" | "ABORTED", now: number): void {
  one.status = status;
  one.updatedAt = now;
  if ("committing" in one) delete one.committing;
  if (status !== "FINISHED" && "sql" in one) {
    delete one.result;
    one.rows = -1;
  }
  if (one.startedAt !== undefined && one.duration === 0)
    one.duration = Math.max(1, Math.round((now - one.startedAt) * 1e6));
}

/**
 * What became of a statement that ran when the process ended: what was committed is finished, and all else was rolled
 * back.
 * @param committed the names that the database has of commits.
 */
export function recover(statement: Statement, committed: ReadonlySet<string>, now: number): void {
  if (hasEnded(statement)) return;
  const lost = "The warehouse was restarted while the statement ran, and its transaction was rolled back";
  for (const part of statement.parts) {
    if (hasEnded(part)) continue;
    const done = part.committing !== undefined && committed.has(part.committing);
    if (!done) part.error = lost;
    end(part, done ? "FINISHED" : "FAILED", now);
  }
  if (statement.parts.some(({ status }) => status === "FAILED")) statement.error ??= lost;
  concluded(statement, now);
}
