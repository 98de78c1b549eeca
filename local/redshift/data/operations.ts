import { AwsError, type Operation } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import type { Serverless } from "../serverless/serverless";
import { columnList, schemas, tables } from "./catalog";
import { type Connection, type ConnectionInput, connect } from "./connection";
import { described, describedPart, listed, listedSession, resultPage, submitted } from "./describe";
import { type PageInput, paged } from "./pages";
import type { SessionStatus } from "./sessions";
import type { Statement } from "./statement";
import { type Desk, submit } from "./submit";
import { checkWait, invalid, type SubmitInput } from "./validation";

/** What the Data API works with. */
export interface DataApi extends Desk {
  readonly serverless: Serverless;
}

interface StatementInput {
  readonly Id?: string;
  readonly WaitTimeSeconds?: number;
  readonly NextToken?: string;
}

interface Pattern {
  readonly SchemaPattern?: string;
  readonly TablePattern?: string;
}

interface ListInput extends PageInput {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly Database?: string;
  readonly RoleLevel?: boolean;
}

/**
 * The Redshift Data API's operations.
 * @param principal the caller's ARN.
 * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Operations.html
 */
export function dataOperations(api: DataApi, principal: string): Readonly<Record<string, Operation>> {
  const { serverless, warehouse, statements } = api;
  const connection = (input: ConnectionInput): Connection => connect(serverless, input, principal);
  const result = (format: "JSON" | "CSV") => async (input: StatementInput) => {
    const { statement, part } = await waited(input);
    return await resultPage(statements.journal, statement, part, input.NextToken, format);
  };
  const waited = async ({ Id, WaitTimeSeconds }: StatementInput) => {
    checkWait(new Constraints(), WaitTimeSeconds).enforce();
    const found = statements.find(Id, principal);
    await wait(api, found.statement, WaitTimeSeconds);
    return found;
  };
  return {
    ExecuteStatement: async (input: ConnectionInput & SubmitInput & { readonly Sql?: string }) => {
      new Constraints().text("sql", input.Sql).enforce();
      const sqls = [input.Sql ?? ""];
      const call = { input, sqls, batch: false, principal, connection: () => connection(input) };
      const statement = await submit(api, call);
      await wait(api, statement, input.WaitTimeSeconds);
      return submitted(statement);
    },
    BatchExecuteStatement: async (
      input: ConnectionInput & SubmitInput & { readonly Sqls?: readonly string[] },
    ) => {
      new Constraints().present("sqls", input.Sqls).enforce();
      const sqls = input.Sqls ?? [];
      const call = { input, sqls, batch: true, principal, connection: () => connection(input) };
      const statement = await submit(api, call);
      await wait(api, statement, input.WaitTimeSeconds);
      return submitted(statement);
    },
    DescribeStatement: async (input: StatementInput) => {
      const { statement, part } = await waited(input);
      return part === undefined ? described(statement) : describedPart(statement, part);
    },
    GetStatementResult: result("JSON"),
    GetStatementResultV2: result("CSV"),
    CancelStatement: ({ Id }: StatementInput) => {
      const { statement } = statements.find(Id, principal);
      const running = statements.running(statement);
      if (running === undefined)
        throw invalid(`Could not cancel a query that is already in ${statement.status} state with ID: ${Id}`);
      running.cancel();
      return { Status: true };
    },
    ListStatements: (input: ListInput & { readonly Status?: string; readonly StatementName?: string }) => {
      checkList(input);
      const { Status = "FINISHED", StatementName } = input;
      new Constraints()
        .optionalText("status", Status, {
          oneOf: ["SUBMITTED", "PICKED", "STARTED", "FINISHED", "ABORTED", "FAILED", "ALL"],
        })
        .enforce();
      const chosen = statements
        .list()
        .filter((statement) => statement.principal === principal && isOf(statement, input))
        .filter(({ status }) => Status === "ALL" || status === Status)
        .filter(({ name }) => StatementName === undefined || name?.startsWith(StatementName) === true);
      const { page, ...next } = paged(chosen, input, 100);
      return { Statements: page.map(listed), ...next };
    },
    ListSessions: (input: ListInput & { readonly Status?: SessionStatus; readonly SessionId?: string }) => {
      checkList(input);
      const { SessionId, Status } = input;
      new Constraints().optionalText("status", Status, { oneOf: ["AVAILABLE", "BUSY", "CLOSED"] }).enforce();
      const mine = api.sessions.list(principal);
      if (SessionId !== undefined) {
        const one = mine.find(({ id }) => id === SessionId);
        if (one === undefined)
          throw new AwsError("ResourceNotFoundException", "Session does not exist.", 400, {
            ResourceId: SessionId,
          });
        return { Sessions: [listedSession(one)] };
      }
      const chosen = mine
        .filter((record) => isOf(record, input))
        .filter(({ status }) => (Status === undefined ? status !== "CLOSED" : status === Status));
      const { page, ...next } = paged(chosen, input, 100);
      return { Sessions: page.map(listedSession), ...next };
    },
    ListDatabases: (input: ConnectionInput & PageInput) => {
      const { page, ...next } = paged([connection(input).database], input, 1000);
      return { Databases: page, ...next };
    },
    ListSchemas: async (input: ConnectionInput & PageInput & Pattern) => {
      connection(input);
      const { page, ...next } = paged(await schemas(warehouse, input.SchemaPattern), input, 1000);
      return { Schemas: page, ...next };
    },
    ListTables: async (input: ConnectionInput & PageInput & Pattern) => {
      const { database } = connection(input);
      const found = await tables(warehouse, database, input.SchemaPattern, input.TablePattern);
      const { page, ...next } = paged(found, input, 1000);
      return { Tables: page, ...next };
    },
    DescribeTable: async (
      input: ConnectionInput & PageInput & { readonly Schema?: string; readonly Table?: string },
    ) => {
      const { database } = connection(input);
      const columns = await columnList(warehouse, database, input.Schema, input.Table);
      const { page, ...next } = paged(columns, input, 1000);
      return { ...(input.Table === undefined ? {} : { TableName: input.Table }), ColumnList: page, ...next };
    },
  };
}

function checkList({ ClusterIdentifier, WorkgroupName }: ListInput): void {
  if (ClusterIdentifier !== undefined && WorkgroupName !== undefined)
    throw invalid("ClusterIdentifier and WorkgroupName exclude each other");
}

/** Whether a statement or session belongs to the warehouse and database that a list is asked of. */
function isOf(
  one: { readonly database: string; readonly workgroup: string },
  { ClusterIdentifier, WorkgroupName, Database }: ListInput,
): boolean {
  return (
    ClusterIdentifier === undefined &&
    (WorkgroupName === undefined || WorkgroupName === one.workgroup) &&
    (Database === undefined || Database === one.database)
  );
}

/** Waits until the statement has ended, or for as long as was asked. */
async function wait(
  { statements }: Desk,
  statement: Statement,
  waitSeconds: number | undefined,
): Promise<void> {
  const running = statements.running(statement);
  if (running === undefined || waitSeconds === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitSeconds * 1000);
  });
  await Promise.race([running.done, patience]);
  clearTimeout(timer);
}
