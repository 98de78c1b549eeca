import type { DescribeStatementResponse } from "@aws-sdk/client-redshift-data";

/** A statement that the warehouse refused, in its own words. */
export class StatementFailed extends Error {
  constructor(
    readonly reason: string,
    /** The statement, where the warehouse says which one it was. */
    readonly sql: string | undefined,
    /** Which one of a transaction's statements it was, counted from 0. */
    readonly index?: number,
    /** When it was submitted: what system views tell of it is not older. */
    readonly submittedAt?: Date,
  ) {
    super(sql === undefined ? reason : `${reason}\nin: ${sql.trim().slice(0, 500)}`);
    this.name = "StatementFailed";
  }

  /**
   * Whether the same transaction may succeed when it is run again: it met another one.
   * @see https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
   */
  get isConflict(): boolean {
    return /\b1023\b|serializable isolation|could not serialize|deadlock detected|conflict(s|ing)? with (a )?concurrent|concurrent (transaction|update)/i.test(
      this.reason,
    );
  }
}

/** The time to wait was over before the statement was; it may still succeed. */
export class StillRunning extends Error {
  constructor(readonly statementId: string) {
    super(`statement ${statementId} is still running`);
    this.name = "StillRunning";
  }
}

/** The single statement of a batch that failed, if there is one, says more than the batch. */
export function failureOf(statement: DescribeStatementResponse): StatementFailed {
  const parts = statement.SubStatements ?? [];
  const index = parts.findIndex(({ Status }) => Status === "FAILED");
  const failed = parts[index];
  const reason = failed?.Error ?? statement.Error ?? `the statement was ${statement.Status?.toLowerCase()}`;
  return new StatementFailed(
    reason,
    failed?.QueryString ?? statement.QueryString,
    failed === undefined ? undefined : index,
    statement.CreatedAt,
  );
}
