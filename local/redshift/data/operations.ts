import type { Operation } from "../../service/aws";
import type { Warehouse } from "../engine/warehouse";
import type { Serverless } from "../serverless/serverless";
import { columnList, type PageInput, paged, schemas, tables } from "./catalog";
import { type Connection, type ConnectionInput, connect } from "./connection";
import { described, describedPart, resultPage, seconds, submitted } from "./describe";
import { invalid, type SubmitInput, submit } from "./execute";
import type { Statement, Statements } from "./statements";

/** What the Data API works with. */
export interface DataApi {
  readonly serverless: Serverless;
  readonly warehouse: Warehouse;
  readonly statements: Statements;
}

type Input<Members> = Members & { readonly WaitTimeSeconds?: number };

/**
 * The Redshift Data API's operations.
 * @param caller the database user that belongs to the IAM identity behind the request.
 * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Operations.html
 */
export function dataOperations(api: DataApi, caller: string): Readonly<Record<string, Operation>> {
  const { serverless, warehouse, statements } = api;
  const connection = (input: ConnectionInput): Connection => connect(serverless, input, caller);
  return {
    ExecuteStatement: async (input: Input<ConnectionInput & SubmitInput & { readonly Sql?: string }>) => {
      if (typeof input.Sql !== "string") throw invalid("Sql is required");
      const statement = submit(statements, warehouse, connection(input), [input.Sql], false, input);
      await wait(statement, input.WaitTimeSeconds);
      return submitted(statement);
    },
    BatchExecuteStatement: async (
      input: Input<ConnectionInput & SubmitInput & { readonly Sqls?: readonly string[] }>,
    ) => {
      const statement = submit(statements, warehouse, connection(input), input.Sqls ?? [], true, input);
      await wait(statement, input.WaitTimeSeconds);
      return submitted(statement);
    },
    DescribeStatement: async (input: Input<{ readonly Id: string }>) => {
      const { statement, part } = statements.find(input.Id);
      await wait(statement, input.WaitTimeSeconds);
      return part === undefined ? described(statement) : describedPart(statement, part);
    },
    GetStatementResult: async (input: Input<{ readonly Id: string; readonly NextToken?: string }>) => {
      const { statement, part } = statements.find(input.Id);
      await wait(statement, input.WaitTimeSeconds);
      return resultPage(statement, part, input.NextToken);
    },
    CancelStatement: ({ Id }: { readonly Id: string }) => {
      const { statement } = statements.find(Id);
      if (statement.running?.cancel() !== true)
        throw invalid(`Could not cancel a query that is already in ${statement.status} state with ID: ${Id}`);
      return { Status: true };
    },
    ListStatements: (
      input: PageInput & {
        readonly Status?: string;
        readonly StatementName?: string;
        readonly Database?: string;
      },
    ) => {
      const chosen = statements
        .list()
        .filter(
          ({ status }) => (input.Status ?? "FINISHED") === "ALL" || status === (input.Status ?? "FINISHED"),
        )
        .filter(({ name }) => input.StatementName === undefined || name?.startsWith(input.StatementName))
        .filter(({ database }) => input.Database === undefined || database === input.Database);
      const { page, ...next } = paged(chosen, input, 100);
      return { Statements: page.map(listed), ...next };
    },
    ListDatabases: (input: ConnectionInput & PageInput) => {
      const { page, ...next } = paged([connection(input).database], input, 1000);
      return { Databases: page, ...next };
    },
    ListSchemas: async (input: ConnectionInput & PageInput & { readonly SchemaPattern?: string }) => {
      connection(input);
      const { page, ...next } = paged(await schemas(warehouse, input.SchemaPattern), input, 1000);
      return { Schemas: page, ...next };
    },
    ListTables: async (
      input: ConnectionInput &
        PageInput & { readonly SchemaPattern?: string; readonly TablePattern?: string },
    ) => {
      connection(input);
      const found = await tables(warehouse, input.SchemaPattern, input.TablePattern);
      const { page, ...next } = paged(found, input, 1000);
      return { Tables: page, ...next };
    },
    DescribeTable: async (
      input: ConnectionInput & PageInput & { readonly Schema?: string; readonly Table?: string },
    ) => {
      connection(input);
      if (input.Table === undefined) throw invalid("Table is required");
      const columns = await columnList(warehouse, input.Schema ?? "public", input.Table);
      const { page, ...next } = paged(columns, input, 1000);
      return { TableName: input.Table, ColumnList: page, ...next };
    },
  };
}

function listed(statement: Statement): object {
  const { batch, parts, name, parameters, secretArn } = statement;
  return {
    Id: statement.id,
    CreatedAt: seconds(statement.createdAt),
    UpdatedAt: seconds(statement.updatedAt),
    Status: statement.status,
    IsBatchStatement: batch,
    ResultFormat: "JSON",
    ...(batch ? { QueryStrings: parts.map(({ sql }) => sql) } : { QueryString: parts[0]?.sql ?? "" }),
    ...(name === undefined ? {} : { StatementName: name }),
    ...(parameters === undefined ? {} : { QueryParameters: parameters }),
    ...(secretArn === undefined ? {} : { SecretArn: secretArn }),
  };
}

/** Waits until the statement has ended, or for as long as was asked. */
async function wait({ running }: Statement, waitSeconds: number | undefined): Promise<void> {
  if (running === undefined || waitSeconds === undefined) return;
  if (!Number.isInteger(waitSeconds) || waitSeconds < 1 || waitSeconds > 30)
    throw invalid(`WaitTimeSeconds must be between 1 and 30, got ${waitSeconds}`);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitSeconds * 1000);
  });
  await Promise.race([running.done, patience]);
  clearTimeout(timer);
}
