import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListStatementsCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { failureOf, StillRunning } from "./failure";
import { plainValue, type Rows, type Value } from "./rows";

/** Which database, and as whom. */
export interface WarehouseTarget {
  readonly workgroupName: string;
  readonly database: string;
  /** The secret to connect with. @default the database user of the caller's own role */
  readonly secretArn?: string;
}

/** How long a caller waits. Times in milliseconds. */
export interface Waiting {
  readonly remainingMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How statements are run. */
export interface RunOptions {
  /** Values of the statements' `:name` parameters, none of them empty. @default they have none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the statements are listed under. @default they have no name */
  readonly name?: string;
  /** Makes a call that is repeated run once. @default it would run again */
  readonly token?: string;
  /** The session to run in: temporary tables live as long as it does. @default one for this call alone */
  readonly session?: { readonly keepAliveSeconds: number } | { readonly id: string };
}

/** Statements that ran as one transaction and were committed. */
export interface Committed {
  readonly id: string;
  /** The session they ran in, where it was to be kept alive. */
  readonly sessionId: string | undefined;
  /** The rows of one of them, counted from 0. */
  readonly rows: (index: number) => Promise<Rows>;
}

const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2_000;

const BUSY_MS = 200;
const BUSY_TRIES = 10;

/** Redshift's Data API, as far as loading, migrating and asking need it. */
export class Warehouse {
  constructor(
    private readonly client: Pick<RedshiftDataClient, "send">,
    private readonly target: WarehouseTarget,
    private readonly waiting: Waiting,
  ) {}

  /**
   * Runs one statement.
   * @returns its rows; none for a statement that has no result.
   * @throws StatementFailed, StillRunning.
   */
  async query(sql: string, options: RunOptions = {}): Promise<Rows> {
    const { Id = "" } = await this.client.send(
      new ExecuteStatementCommand({ ...this.connection(options), ...optional(options), Sql: sql }),
    );
    const statement = await this.finished(Id);
    return statement.HasResultSet === true ? this.result(Id) : { columns: [], rows: [] };
  }

  /**
   * Runs statements as one transaction: all of them hold, or none.
   * @throws StatementFailed, StillRunning.
   * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
   */
  async transaction(sqls: readonly string[], options: RunOptions = {}): Promise<Committed> {
    const { Id = "", SessionId } = await this.onceFree(() =>
      this.client.send(
        new BatchExecuteStatementCommand({
          ...this.connection(options),
          ...optional(options),
          Sqls: [...sqls],
        }),
      ),
    );
    await this.finished(Id);
    return { id: Id, sessionId: SessionId, rows: (index) => this.result(`${Id}:${index + 1}`) };
  }

  /**
   * Statements of the caller's role that have not ended yet, by the beginning of their name. The warehouse is not
   * woken for it.
   * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListStatements.html
   */
  async running(namePrefix: string): Promise<string[]> {
    const ids: string[] = [];
    for (const Status of ["SUBMITTED", "PICKED", "STARTED"] as const) {
      let next: string | undefined;
      do {
        const page = await this.client.send(
          new ListStatementsCommand({ StatementName: namePrefix, Status, ...given("NextToken", next) }),
        );
        ids.push(...(page.Statements ?? []).flatMap(({ Id }) => Id ?? []));
        next = page.NextToken;
      } while (next !== undefined && next !== "");
    }
    return [...new Set(ids)];
  }

  /** Waits until a statement has ended, however it does. @throws StillRunning. */
  async ended(id: string): Promise<DescribeStatementResponse> {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const statement = await this.client.send(new DescribeStatementCommand({ Id: id }));
      if (["FINISHED", "FAILED", "ABORTED"].includes(statement.Status ?? "")) return statement;
      if (this.waiting.remainingMs() < pause) throw new StillRunning(id);
      await this.waiting.sleep(pause);
    }
  }

  /** A session is busy for a moment longer than its last statement. */
  private async onceFree<Result>(submit: () => Promise<Result>): Promise<Result> {
    for (let left = BUSY_TRIES; ; left -= 1) {
      try {
        return await submit();
      } catch (error) {
        const isBusy = error instanceof Error && /session is not available/i.test(error.message);
        if (!isBusy || left === 0) throw error;
        await this.waiting.sleep(BUSY_MS);
      }
    }
  }

  private async finished(id: string): Promise<DescribeStatementResponse> {
    const statement = await this.ended(id);
    if (statement.Status !== "FINISHED") throw failureOf(statement);
    return statement;
  }

  /** A session knows its database and user; a call that names them too is refused. */
  private connection({ session }: RunOptions) {
    if (session !== undefined && "id" in session) return { SessionId: session.id };
    const { workgroupName, database, secretArn } = this.target;
    return {
      WorkgroupName: workgroupName,
      Database: database,
      ...given("SecretArn", secretArn),
      ...given("SessionKeepAliveSeconds", session?.keepAliveSeconds),
    };
  }

  private async result(id: string): Promise<Rows> {
    let columns: string[] = [];
    const rows: Value[][] = [];
    let next: string | undefined;
    do {
      const page = await this.client.send(
        new GetStatementResultCommand({ Id: id, ...given("NextToken", next) }),
      );
      columns = (page.ColumnMetadata ?? []).map(({ label, name }) => label ?? name ?? "");
      for (const record of page.Records ?? []) rows.push(record.map(plainValue));
      next = page.NextToken;
    } while (next !== undefined && next !== "");
    return { columns, rows };
  }
}

function optional({ parameters, name, token }: RunOptions) {
  const values = Object.entries(parameters ?? {}).map(([name, value]) => ({ name, value }));
  return {
    ...given("Parameters", values.length === 0 ? undefined : values),
    ...given("StatementName", name),
    ...given("ClientToken", token),
  };
}

/** A member of a request, where there is a value for it. */
function given<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}
