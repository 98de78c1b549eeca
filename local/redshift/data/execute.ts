import { AwsError } from "../../service/aws";
import type { Warehouse } from "../engine/warehouse";
import { SqlError } from "../sql/error";
import { bind } from "../sql/parameters";
import { type Token, tokenize } from "../sql/tokens";
import type { Connection } from "./connection";
import { newStatement, type Part, type Statement, type Statements } from "./statements";

/** Members that ExecuteStatement and BatchExecuteStatement share. */
export interface SubmitInput {
  readonly StatementName?: string;
  readonly Parameters?: readonly { readonly name: string; readonly value: string }[];
  readonly ClientToken?: string;
  readonly WithEvent?: boolean;
  readonly ResultFormat?: string;
  readonly SessionId?: string;
  readonly SessionKeepAliveSeconds?: number;
  readonly ExecutionMode?: string;
}

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const STATEMENT_BYTES = 100 * 1024;
const BATCH_STATEMENTS = 40;

/**
 * Takes statements in and runs them: what is wrong with the call is an error, what is wrong with a statement
 * fails the statement.
 */
export function submit(
  statements: Statements,
  warehouse: Warehouse,
  connection: Connection,
  sqls: readonly string[],
  batch: boolean,
  input: SubmitInput,
): Statement {
  refuse(input);
  const known = statements.byToken(input.ClientToken);
  if (known !== undefined) return known;
  if (sqls.length === 0 || sqls.length > BATCH_STATEMENTS)
    throw invalid(`Sqls must hold between 1 and ${BATCH_STATEMENTS} statements, got ${sqls.length}`);
  const large = sqls.find((sql) => Buffer.byteLength(sql) > STATEMENT_BYTES);
  if (large !== undefined)
    throw invalid(`Statement size must be at most 100 KB, got ${Buffer.byteLength(large)} bytes`);
  const { database, workgroup, user, secretArn, hasRole } = connection;
  const statement = newStatement(
    {
      batch,
      name: input.StatementName,
      database,
      workgroup,
      user,
      secretArn,
      parameters: input.Parameters,
    },
    sqls,
    Date.now(),
  );
  const tokens = read(statement, input.Parameters ?? []);
  statements.add(statement, input.ClientToken);
  if (tokens === undefined) return statement;
  statement.running = warehouse.run(
    { statements: tokens, database, user, hasRole },
    {
      started: (index) => started(statement, index),
      ended: (index, { rows, result }) => {
        const part = statement.parts[index];
        if (part === undefined) return;
        part.rows = rows;
        if (result !== undefined) part.result = result;
        end(part, "FINISHED");
        if (index === statement.parts.length - 1) end(statement, "FINISHED");
      },
      failed: (index, error) => failed(statement, index, error),
    },
  );
  return statement;
}

function refuse({
  WithEvent,
  ResultFormat,
  SessionId,
  SessionKeepAliveSeconds,
  ExecutionMode,
}: SubmitInput): void {
  const asked = Object.entries({
    WithEvent: WithEvent === true,
    "ResultFormat CSV": ResultFormat !== undefined && ResultFormat !== "JSON",
    SessionId: SessionId !== undefined,
    SessionKeepAliveSeconds: (SessionKeepAliveSeconds ?? 0) > 0,
    "ExecutionMode AUTO_COMMIT": ExecutionMode === "AUTO_COMMIT",
  }).find(([, wanted]) => wanted);
  if (asked !== undefined) throw invalid(`${asked[0]} is not supported by the local warehouse`);
}

/** The statements' tokens with the parameters' values in them; undefined when one of them fails already. */
function read(
  statement: Statement,
  parameters: readonly { readonly name: string; readonly value: string }[],
): Token[][] | undefined {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const used = new Set<string>();
  const all: Token[][] = [];
  for (const [index, part] of statement.parts.entries()) {
    try {
      all.push(bind(tokenize(part.sql), values, used));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      failed(statement, index, error);
      return undefined;
    }
  }
  const unused = [...values.keys()].filter((name) => !used.has(name));
  if (unused.length > 0)
    throw invalid(`Parameters list contains unused parameters. Unused parameters: [${unused.join(", ")}]`);
  return all;
}

function started(statement: Statement, index: number): void {
  const now = Date.now();
  statement.startedAt ??= now;
  statement.status = "STARTED";
  statement.updatedAt = now;
  const before = statement.parts[index - 1];
  if (before?.startedAt !== undefined) before.duration = (now - before.startedAt) * 1e6;
  const part = statement.parts[index];
  if (part === undefined) return;
  part.startedAt = now;
  part.status = "STARTED";
  part.updatedAt = now;
}

function failed(statement: Statement, index: number, error: SqlError): void {
  const status = error.message.includes("cancelled on user's request") ? "ABORTED" : "FAILED";
  for (const [i, part] of statement.parts.entries()) {
    if (i === index) part.error = error.message;
    if (i >= index) end(part, i === index ? status : "ABORTED");
    else end(part, "ABORTED"); // it ran, and was rolled back
  }
  statement.error = statement.batch ? `Query #${index + 1} failed with ${error.message}` : error.message;
  end(statement, status);
}

function end(one: Statement | Part, status: "FINISHED" | "FAILED" | "ABORTED"): void {
  const now = Date.now();
  one.status = status;
  one.updatedAt = now;
  if (one.startedAt !== undefined && one.duration === 0)
    one.duration = Math.max(1, Math.round((now - one.startedAt) * 1e6));
}

/** The call itself is wrong. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
