import { invalid } from "./execute";
import type { Part, Statement } from "./statements";

/** Seconds since 1970, as AwsJson carries times. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** ExecuteStatement's and BatchExecuteStatement's answer. */
export function submitted(statement: Statement): object {
  return {
    Id: statement.id,
    CreatedAt: seconds(statement.createdAt),
    Database: statement.database,
    DbUser: statement.user,
    DbGroups: [],
    WorkgroupName: statement.workgroup,
    Status: statement.status,
    HasResultSet: statement.parts.some(({ result }) => result !== undefined),
    ...(statement.secretArn === undefined ? {} : { SecretArn: statement.secretArn }),
  };
}

/** DescribeStatement's answer for a whole statement. */
export function described(statement: Statement): object {
  const last = statement.parts.at(-1);
  return {
    Id: statement.id,
    CreatedAt: seconds(statement.createdAt),
    UpdatedAt: seconds(statement.updatedAt),
    Database: statement.database,
    DbUser: statement.user,
    WorkgroupName: statement.workgroup,
    Status: statement.status,
    Duration: statement.duration === 0 ? -1 : statement.duration,
    HasResultSet: statement.parts.some(({ result }) => result !== undefined),
    RedshiftPid: 0,
    RedshiftQueryId: 0,
    ResultFormat: "JSON",
    ResultRows: statement.batch ? -1 : (last?.rows ?? -1),
    ResultSize: statement.batch ? -1 : (last?.result?.sizeBytes ?? -1),
    ...(statement.batch
      ? { SubStatements: statement.parts.map(subStatement), ExecutionMode: "TRANSACTION" }
      : { QueryString: last?.sql ?? "" }),
    ...(statement.parameters === undefined ? {} : { QueryParameters: statement.parameters }),
    ...(statement.error === undefined ? {} : { Error: statement.error }),
    ...(statement.secretArn === undefined ? {} : { SecretArn: statement.secretArn }),
  };
}

/** DescribeStatement's answer for one statement of a batch. */
export function describedPart(statement: Statement, part: Part): object {
  const { Id, ...rest } = subStatement(part) as { Id: string };
  return {
    Id,
    ...rest,
    Database: statement.database,
    DbUser: statement.user,
    WorkgroupName: statement.workgroup,
    ResultFormat: "JSON",
  };
}

function subStatement(part: Part): object {
  return {
    Id: part.id,
    CreatedAt: seconds(part.startedAt ?? part.updatedAt),
    UpdatedAt: seconds(part.updatedAt),
    Status: part.status,
    Duration: part.duration === 0 ? -1 : part.duration,
    HasResultSet: part.result !== undefined,
    QueryString: part.sql,
    RedshiftQueryId: 0,
    ResultRows: part.rows,
    ResultSize: part.result?.sizeBytes ?? -1,
    ...(part.error === undefined ? {} : { Error: part.error }),
  };
}

/** GetStatementResult's answer: one page. */
export function resultPage(statement: Statement, part: Part | undefined, token: string | undefined): object {
  const one = part ?? (statement.batch ? undefined : statement.parts[0]);
  if (one === undefined)
    throw invalid("The statement is a batch: ask for the result of one of its statements, by <id>:<number>");
  if (one.status !== "FINISHED") throw invalid(`Query is not finished. Status: ${one.status}`);
  const { result } = one;
  if (result === undefined)
    throw invalid("Query does not have result. Please check query status with DescribeStatement.");
  const index = token === undefined ? 0 : pageOf(token, one.id);
  const page = result.pages[index];
  if (page === undefined) throw invalid("NextToken is not valid");
  return {
    Records: JSON.parse(page) as object[],
    ColumnMetadata: result.columns,
    TotalNumRows: result.rows,
    ...(index + 1 < result.pages.length ? { NextToken: pageToken(one.id, index + 1) } : {}),
  };
}

function pageToken(id: string, index: number): string {
  return Buffer.from(JSON.stringify([id, index])).toString("base64");
}

function pageOf(token: string, id: string): number {
  try {
    const [of, index] = JSON.parse(Buffer.from(token, "base64").toString()) as [string, number];
    if (of === id && Number.isInteger(index)) return index;
  } catch {
    // not one of ours
  }
  throw invalid("NextToken is not valid");
}
