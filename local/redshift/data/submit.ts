import { AwsError } from "../../service/aws";
import type { Session } from "../engine/transactions/session";
import type { Watcher, Work } from "../engine/transactions/work";
import type { Warehouse } from "../engine/warehouse";
import { SqlError } from "../sql/error";
import { bind } from "../sql/parameters";
import { type Token, tokenize } from "../sql/tokens";
import type { Connection } from "./connection";
import type { OpenSession, Sessions } from "./sessions";
import {
  committing,
  ended,
  failed,
  hasEnded,
  newStatement,
  type Origin,
  type Parameter,
  type Statement,
  started,
} from "./statement";
import type { Statements } from "./statements";
import { checkSubmit, invalid, type SubmitInput } from "./validation";

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const MOST_ACTIVE = 500;

/** What takes statements in. */
export interface Desk {
  readonly warehouse: Warehouse;
  readonly statements: Statements;
  readonly sessions: Sessions;
}

/** A call of ExecuteStatement or BatchExecuteStatement. */
export interface Submission {
  readonly input: SubmitInput;
  readonly sqls: readonly string[];
  readonly batch: boolean;
  readonly principal: string;
  /** Resolves the connection that the call names. @throws AwsError */
  readonly connection: () => Connection;
}

/**
 * Takes statements in and runs them: what is wrong with the call is an error, what is wrong with a statement fails the
 * statement.
 * @throws AwsError ValidationException, ResourceNotFoundException, ActiveStatementsExceededException,
 * ActiveSessionsExceededException.
 */
export async function submit(desk: Desk, submission: Submission): Promise<Statement> {
  const { input, sqls, batch, principal } = submission;
  const { statements, sessions } = desk;
  checkSubmit(input, sqls);
  const known = statements.byToken(principal, input.ClientToken, Date.now());
  if (known !== undefined) return known;
  const session = input.SessionId === undefined ? undefined : sessions.find(input.SessionId, principal);
  const connection = session === undefined ? submission.connection() : undefined;
  if (statements.active >= MOST_ACTIVE)
    throw new AwsError(
      "ActiveStatementsExceededException",
      `Active statements exceeded the allowed quota (${MOST_ACTIVE}).`,
    );
  const tokens = read(sqls, input.Parameters ?? []);
  const place = session ?? (await opened(desk, submission, connection));
  const origin = originOf(place, connection, principal);
  const statement = newStatement(origin, asked(input, batch), sqls, Date.now());
  statements.add(statement);
  if (tokens instanceof Unreadable) {
    failed(statement, tokens.index, tokens.error, Date.now());
    statements.journal.save(statement);
    if (place !== undefined && session === undefined) await sessions.end(place, Date.now());
    return statement;
  }
  if (place !== undefined)
    sessions.begin(place, statement.id, input.SessionKeepAliveSeconds, statement.createdAt);
  const stop = new AbortController();
  statements.run(statement, {
    done: run(desk, statement, tokens, place, connection, stop.signal),
    cancel: () => stop.abort(),
  });
  return statement;
}

/** The session that the call asks to be opened. @default undefined none */
async function opened(
  { sessions, warehouse }: Desk,
  { input, principal }: Submission,
  connection: Connection | undefined,
): Promise<OpenSession | undefined> {
  const seconds = input.SessionKeepAliveSeconds ?? 0;
  if (seconds === 0 || connection === undefined) return undefined;
  return await sessions.open(connection, principal, seconds, () => warehouse.connect(connection), Date.now());
}

function originOf(
  place: OpenSession | undefined,
  connection: Connection | undefined,
  principal: string,
): Origin {
  const { database, workgroup, user, secretArn } = place?.record ?? connection ?? {};
  if (database === undefined || workgroup === undefined || user === undefined)
    throw invalid("the call names no connection");
  return {
    principal,
    database,
    workgroup,
    user,
    ...(secretArn === undefined ? {} : { secretArn }),
    ...(place === undefined ? {} : { sessionId: place.record.id }),
  };
}

function asked(input: SubmitInput, batch: boolean) {
  return {
    batch,
    autoCommit: batch && input.ExecutionMode === "AUTO_COMMIT",
    format: input.ResultFormat ?? "JSON",
    ...(input.StatementName === undefined ? {} : { name: input.StatementName }),
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    ...(input.Parameters === undefined ? {} : { parameters: input.Parameters }),
  };
}

/** The call's statement number `index` cannot be read at all. */
class Unreadable {
  constructor(
    readonly index: number,
    readonly error: SqlError,
  ) {}
}

/** The statements' tokens with the parameters' values in them. */
function read(sqls: readonly string[], parameters: readonly Parameter[]): Token[][] | Unreadable {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const used = new Set<string>();
  const all: Token[][] = [];
  for (const [index, sql] of sqls.entries()) {
    try {
      all.push(bind(tokenize(sql), values, used));
    } catch (error) {
      if (error instanceof SqlError) return new Unreadable(index, error);
      throw error;
    }
  }
  const unused = [...values.keys()].filter((name) => !used.has(name));
  if (unused.length > 0)
    throw invalid(`Parameters list contains unused parameters. Unused parameters: [${unused.join(", ")}]`);
  return all;
}

/** Runs the statement to its end, whatever that is. Never rejects. */
async function run(
  { warehouse, statements, sessions }: Desk,
  statement: Statement,
  tokens: readonly (readonly Token[])[],
  place: OpenSession | undefined,
  connection: Connection | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { journal } = statements;
  const work: Work = {
    id: statement.id,
    statements: tokens,
    sqls: statement.parts.map(({ sql }) => sql),
    mode: statement.batch && !statement.autoCommit ? "transaction" : "each",
    format: statement.format,
    sink: (index) => journal.sink(statement.id, index),
  };
  let engine: Session | undefined;
  try {
    engine = place?.engine ?? (connection === undefined ? undefined : await warehouse.connect(connection));
    await engine?.run(work, watcher(statement, statements), signal);
  } catch (error) {
    console.error(error);
    failed(statement, 0, new SqlError(String(error), { cause: error }), Date.now());
    journal.save(statement);
  }
  if (place !== undefined) await sessions.end(place, Date.now());
  else if (engine !== undefined) await warehouse.disconnect(engine);
}

function watcher(statement: Statement, { journal }: Statements): Watcher {
  return {
    picked: () => {
      statement.status = "PICKED";
      statement.updatedAt = Date.now();
    },
    started: (index) => started(statement, index, Date.now()),
    committing: (first, outcomes) => {
      const name = statement.autoCommit ? (statement.parts[first]?.id ?? statement.id) : statement.id;
      committing(statement, name, first, outcomes);
      journal.save(statement);
      return name;
    },
    ended: (index, outcome) => {
      ended(statement, index, outcome, Date.now());
      if (hasEnded(statement)) journal.save(statement); // before anyone can be told
    },
    failed: (index, error) => {
      failed(statement, index, error, Date.now());
      if (hasEnded(statement)) journal.save(statement);
    },
  };
}
