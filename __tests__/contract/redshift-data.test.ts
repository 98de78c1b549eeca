import * as data from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import { type Alone, redshiftAlone } from "./alone";
import { CheckedService, codeOf, documentedOperations, servedOperations, unrefused } from "./service";

const namespaceName = "clickstream";
const workgroupName = "clickstream";
let redshift: Alone;
let service: CheckedService;
let client: data.RedshiftDataClient;

beforeAll(async () => {
  redshift = await redshiftAlone();
  service = new CheckedService("redshift-data", redshift.handler);
  await service.start();
  client = new data.RedshiftDataClient(service.client);
  const control = new RedshiftServerlessClient(service.client);
  await control.send(new CreateNamespaceCommand({ namespaceName, dbName: "dev" }));
  await control.send(new CreateWorkgroupCommand({ workgroupName, namespaceName }));
  control.destroy();
  service.exchanges.length = 0; // those were of another model
});
afterAll(async () => {
  client.destroy();
  service.stop();
  await redshift.stop();
});

const ask = (command: unknown) => client.send(command as data.DescribeStatementCommand);
const target = { WorkgroupName: workgroupName, Database: "dev" };
const Id = "00000000-0000-0000-0000-000000000000";

describe("the Data API", () => {
  it("answers as its model says, whatever is asked", async () => {
    const made = await client.send(
      new data.ExecuteStatementCommand({
        ...{ ...target, Sql: "create table t (n integer, at timestamp, s varchar(10))", WaitTimeSeconds: 30 },
        ...{ StatementName: "make", ClientToken: "token" },
      }),
    );
    expect(made.CreatedAt).toBeInstanceOf(Date);
    await ask(new data.DescribeStatementCommand({ Id: made.Id }));
    const Sqls = ["insert into t values (1, null, 'a')", "select * from t"];
    const batch = await client.send(
      new data.BatchExecuteStatementCommand({
        ...target,
        Sqls,
        SessionKeepAliveSeconds: 60,
        WaitTimeSeconds: 30,
      }),
    );
    const described = await ask(new data.DescribeStatementCommand({ Id: batch.Id }));
    expect(described.Status).toBe("FINISHED");
    await ask(new data.DescribeStatementCommand({ Id: `${batch.Id}:2` }));
    await ask(new data.GetStatementResultCommand({ Id: `${batch.Id}:2` }));
    const csv = await client.send(
      new data.ExecuteStatementCommand({
        ...{ ...target, Sql: "select :n as n", ResultFormat: "CSV", WaitTimeSeconds: 30 },
        Parameters: [{ name: "n", value: "1" }],
      }),
    );
    await ask(new data.GetStatementResultV2Command({ Id: csv.Id }));
    const failing = new data.ExecuteStatementCommand({
      ...target,
      Sql: "select * from none",
      WaitTimeSeconds: 30,
    });
    const failed = await client.send(failing);
    expect((await ask(new data.DescribeStatementCommand({ Id: failed.Id }))).Status).toBe("FAILED");
    await ask(new data.ListStatementsCommand({ Status: "ALL", MaxResults: 1 }));
    await ask(new data.ListSessionsCommand({}));
    await ask(new data.ListDatabasesCommand(target));
    await ask(new data.ListSchemasCommand(target));
    await ask(new data.ListTablesCommand({ ...target, SchemaPattern: "public" }));
    await ask(new data.DescribeTableCommand({ ...target, Schema: "public", Table: "t" }));
    const twice = Array(12).fill("insert into t select n, at, s from t");
    await ask(new data.BatchExecuteStatementCommand({ ...target, Sqls: twice, WaitTimeSeconds: 30 }));
    const Sql = "select count(*) from t as a cross join t as b cross join t as c where a.n + b.n < c.n";
    const slow = await client.send(new data.ExecuteStatementCommand({ ...target, Sql }));
    await ask(new data.CancelStatementCommand({ Id: slow.Id }));
  });

  it.each<[string, string, object]>([
    ["ResourceNotFoundException", "a statement", new data.DescribeStatementCommand({ Id })],
    ["ResourceNotFoundException", "a result", new data.GetStatementResultCommand({ Id })],
    ["ResourceNotFoundException", "a CSV result", new data.GetStatementResultV2Command({ Id })],
    ["ResourceNotFoundException", "a cancellation", new data.CancelStatementCommand({ Id })],
    ["ResourceNotFoundException", "a session", new data.ListSessionsCommand({ SessionId: Id })],
    ...[
      new data.ExecuteStatementCommand({ ...target, WorkgroupName: "none", Sql: "select 1" }),
      new data.BatchExecuteStatementCommand({ ...target, WorkgroupName: "none", Sqls: ["select 1"] }),
      new data.ListDatabasesCommand({ ...target, WorkgroupName: "none" }),
      new data.ListSchemasCommand({ ...target, WorkgroupName: "none" }),
      new data.ListTablesCommand({ ...target, WorkgroupName: "none" }),
      new data.DescribeTableCommand({ ...target, WorkgroupName: "none" }),
    ].map((command): [string, string, object] => ["ResourceNotFoundException", "another workgroup", command]),
    ["ValidationException", "no database", new data.ExecuteStatementCommand({ Sql: "select 1" } as never)],
    ["ValidationException", "no id", new data.DescribeStatementCommand({ Id: "none" })],
    ["ValidationException", "a strange page", new data.ListStatementsCommand({ NextToken: "strange" })],
    [
      "ValidationException",
      "an event bus",
      new data.ExecuteStatementCommand({ ...target, Sql: "select 1", WithEvent: true }),
    ],
    ["ValidationException", "no statements", new data.BatchExecuteStatementCommand({ ...target, Sqls: [] })],
  ])("answers %s for %s", async (code, _, command) => {
    expect(await codeOf(ask(command))).toBe(code);
  });
});

it("leaves no operation out, and none of its answers is another than the Data API's", async () => {
  const served = await servedOperations("redshift-data", redshift.handler);
  expect(service.succeeded).toEqual(served);
  expect(documentedOperations("redshift-data")).toEqual(served);
  expect(service.violations).toEqual([]);
});

it("refuses every input that breaks the model", async () => {
  expect(await unrefused("redshift-data", redshift.handler)).toEqual([]);
});
