import { JsonText } from "../../service/aws";
import type { Journal } from "./journal";
import type { SessionRecord } from "./sessions";
import type { Part, Statement } from "./statement";
import { invalid } from "./validation";

/** Seconds since 1970, as AwsJson carries times. */
function seconds(ms: number): number {
  return ms / 1000;
}

/** The process that a statement ran in; there is but one, and the number is made up. */
const PID = 1_073_741_824;

function hasResult(statement: Statement): boolean {
  return statement.parts.some(({ result }) => result !== undefined);
}

/** Members that every answer on a statement has. */
function common(statement: Statement): object {
  return {
    Id: statement.id,
    CreatedAt: seconds(statement.createdAt),
    ...(statement.secretArn === undefined ? {} : { SecretArn: statement.secretArn }),
    ...(statement.sessionId === undefined ? {} : { SessionId: statement.sessionId }),
  };
}

/** ExecuteStatement's and BatchExecuteStatement's answer. */
export function submitted(statement: Statement): object {
  return {
    ...common(statement),
    Database: statement.database,
    DbUser: statement.user,
    DbGroups: [],
    WorkgroupName: statement.workgroup,
    Status: statement.status,
    HasResultSet: hasResult(statement),
  };
}

/** DescribeStatement's answer for a whole statement. */
export function described(statement: Statement): object {
  const { parts, batch } = statement;
  return {
    ...common(statement),
    UpdatedAt: seconds(statement.updatedAt),
    Database: statement.database,
    DbUser: statement.user,
    WorkgroupName: statement.workgroup,
    Status: statement.status,
    Duration: statement.duration === 0 ? -1 : statement.duration,
    HasResultSet: hasResult(statement),
    RedshiftPid: PID,
    RedshiftQueryId: batch ? 0 : statement.queryId,
    ResultFormat: statement.format,
    ResultRows: sum(parts.map(({ rows }) => rows)),
    ResultSize: sum(parts.map(({ result }) => result?.sizeBytes ?? -1)),
    ...(batch
      ? {
          SubStatements: parts.map(subStatement),
          ExecutionMode: statement.autoCommit ? "AUTO_COMMIT" : "TRANSACTION",
        }
      : { QueryString: parts[0]?.sql ?? "" }),
    ...(statement.parameters === undefined ? {} : { QueryParameters: statement.parameters }),
    ...(statement.error === undefined ? {} : { Error: statement.error }),
  };
}

/** The sum of what is there; -1 when there is nothing, as the Data API says it. */
function sum(numbers: readonly number[]): number {
  const given = numbers.filter((number) => number >= 0);
  return given.length === 0 ? -1 : given.reduce((total, number) => total + number, 0);
}

/** DescribeStatement's answer for one statement of a batch. */
export function describedPart(statement: Statement, part: Part): object {
  return {
    ...common(statement),
    ...subStatement(part),
    Database: statement.database,
    DbUser: statement.user,
    WorkgroupName: statement.workgroup,
    RedshiftPid: PID,
    ResultFormat: statement.format,
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
    RedshiftQueryId: -1,
    ResultRows: part.rows,
    ResultSize: part.result?.sizeBytes ?? -1,
    ...(part.error === undefined ? {} : { Error: part.error }),
  };
}

/** A statement in ListStatements' answer. */
export function listed(statement: Statement): object {
  const { batch, parts, name, parameters } = statement;
  return {
    ...common(statement),
    UpdatedAt: seconds(statement.updatedAt),
    Status: statement.status,
    IsBatchStatement: batch,
    ResultFormat: statement.format,
    ...(batch ? { QueryStrings: parts.map(({ sql }) => sql) } : { QueryString: parts[0]?.sql ?? "" }),
    ...(name === undefined ? {} : { StatementName: name }),
    ...(parameters === undefined ? {} : { QueryParameters: parameters }),
  };
}

/** A session in ListSessions' answer. */
export function listedSession(record: SessionRecord): object {
  return {
    SessionId: record.id,
    Status: record.status,
    CreatedAt: seconds(record.createdAt),
    UpdatedAt: seconds(record.updatedAt),
    Database: record.database,
    DbUser: record.user,
    WorkgroupName: record.workgroup,
    SessionAliveSeconds: record.keepAliveSeconds,
    ...(record.status === "CLOSED" ? {} : { SessionTtl: seconds(record.expiresAt) }),
    ...(record.statementId === undefined ? {} : { CurrentStatementId: record.statementId }),
  };
}

/**
 * One page of a result, as GetStatementResult (JSON) and GetStatementResultV2 (CSV) answer it.
 * @throws AwsError ValidationException when there is no such page.
 */
export async function resultPage(
  journal: Journal,
  statement: Statement,
  part: Part | undefined,
  token: string | undefined,
  format: "JSON" | "CSV",
): Promise<JsonText> {
  const one = part ?? (statement.batch ? undefined : statement.parts[0]);
  if (one === undefined)
    throw invalid("The statement is a batch: ask for the result of one of its statements, by <id>:<number>");
  if (one.status !== "FINISHED") throw invalid(`Query is not finished. Status: ${one.status}`);
  const { result } = one;
  if (result === undefined)
    throw invalid("Query does not have result. Please check query status with DescribeStatement.");
  if (statement.format !== format)
    throw invalid(
      `The result's format is ${statement.format}: ask ${format === "JSON" ? "GetStatementResultV2" : "GetStatementResult"} for it`,
    );
  const number = token === undefined || token === "" ? 0 : pageOf(token, one.id);
  const page = await journal.page(statement.id, statement.parts.indexOf(one), number);
  if (page === undefined) throw invalid("NextToken is not valid");
  const rest = JSON.stringify({
    ColumnMetadata: result.columns,
    TotalNumRows: result.rows,
    ...(format === "CSV" ? { ResultFormat: "CSV" } : {}),
    ...(page.more ? { NextToken: pageToken(one.id, number + 1) } : {}),
  });
  const records = format === "CSV" ? JSON.stringify([{ CSVRecords: page.text }]) : page.text;
  return new JsonText(`{"Records":${records},${rest.slice(1)}`);
}

function pageToken(id: string, number: number): string {
  return Buffer.from(JSON.stringify([id, number])).toString("base64");
}

function pageOf(token: string, id: string): number {
  try {
    const [of, number] = JSON.parse(Buffer.from(token, "base64").toString()) as [string, number];
    if (of === id && Number.isInteger(number) && number > 0) return number;
  } catch {
    // not one of ours
  }
  throw invalid("NextToken is not valid");
}
