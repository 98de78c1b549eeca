import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";

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

/** A value as the Data API gives it; SUPER is its JSON text. */
export type Value = string | number | boolean | null;

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A statement that the warehouse refused, in its own words. */
export class StatementFailed extends Error {
  constructor(
    readonly reason: string,
    /** The statement, where the warehouse says which one it was. */
    readonly sql: string | undefined,
  ) {
    super(sql === undefined ? reason : `${reason}\nin: ${sql.trim().slice(0, 500)}`);
    this.name = "StatementFailed";
  }
}

/** The time to wait was over before the statement was; it may still succeed. */
export class StillRunning extends Error {
  constructor(readonly statementId: string) {
    super(`statement ${statementId} is still running`);
    this.name = "StillRunning";
  }
}

const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2_000;

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
  async query(sql: string): Promise<Rows> {
    const { Id } = await this.client.send(new ExecuteStatementCommand({ ...this.connection(), Sql: sql }));
    const statement = await this.finished(Id ?? "");
    return statement.HasResultSet === true ? this.result(Id ?? "") : { columns: [], rows: [] };
  }

  /**
   * Runs statements as one transaction: all of them hold, or none.
   * @param token makes a call that is repeated run once. @default it would run again
   * @throws StatementFailed, StillRunning.
   * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
   */
  async transaction(sqls: readonly string[], token?: string): Promise<void> {
    const { Id } = await this.client.send(
      new BatchExecuteStatementCommand({
        ...this.connection(),
        Sqls: [...sqls],
        ...(token === undefined ? {} : { ClientToken: token }),
      }),
    );
    await this.finished(Id ?? "");
  }

  private connection() {
    const { workgroupName, database, secretArn } = this.target;
    return {
      WorkgroupName: workgroupName,
      Database: database,
      ...(secretArn === undefined ? {} : { SecretArn: secretArn }),
    };
  }

  private async finished(id: string): Promise<DescribeStatementResponse> {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const statement = await this.client.send(new DescribeStatementCommand({ Id: id }));
      if (statement.Status === "FINISHED") return statement;
      if (statement.Status === "FAILED" || statement.Status === "ABORTED") throw failureOf(statement);
      if (this.waiting.remainingMs() < pause) throw new StillRunning(id);
      await this.waiting.sleep(pause);
    }
  }

  private async result(id: string): Promise<Rows> {
    let columns: string[] = [];
    const rows: Value[][] = [];
    let next: string | undefined;
    do {
      const page = await this.client.send(
        new GetStatementResultCommand({ Id: id, ...(next === undefined ? {} : { NextToken: next }) }),
      );
      columns = (page.ColumnMetadata ?? []).map(({ label, name }) => label ?? name ?? "");
      for (const record of page.Records ?? []) rows.push(record.map(plainValue));
      next = page.NextToken;
    } while (next !== undefined && next !== "");
    return { columns, rows };
  }
}

/** The single statement of a batch that failed, if there is one, says more than the batch. */
function failureOf(statement: DescribeStatementResponse): StatementFailed {
  const failed = statement.SubStatements?.find(({ Status }) => Status === "FAILED");
  const reason = failed?.Error ?? statement.Error ?? `the statement was ${statement.Status?.toLowerCase()}`;
  return new StatementFailed(reason, failed?.QueryString ?? statement.QueryString);
}

function plainValue(field: Field): Value {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
