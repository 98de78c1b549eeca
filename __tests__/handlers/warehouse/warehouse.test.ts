import type { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { StillRunning } from "../../../handlers/warehouse/failure";
import { Warehouse } from "../../../handlers/warehouse/warehouse";

const target = { workgroupName: "wg", database: "db" };

/** A Data API that answers from a script: by the name of the command, one answer after the other. */
function scripted(script: Record<string, object[]>) {
  const calls: { name: string; input: object }[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: object }) => {
      const name = command.constructor.name.replace("Command", "");
      calls.push({ name, input: command.input });
      const answer = script[name]?.shift();
      if (answer === undefined) throw new Error(`no answer to ${name}`);
      return answer;
    },
  };
  return { client: client as unknown as Pick<RedshiftDataClient, "send">, calls };
}

function warehouse(
  client: Pick<RedshiftDataClient, "send">,
  remainingMs = 60_000,
  secretArn?: string,
): Warehouse {
  const waiting = { remainingMs: () => remainingMs, sleep: async () => undefined };
  return new Warehouse(client, { ...target, ...(secretArn === undefined ? {} : { secretArn }) }, waiting);
}

describe("a query", () => {
  it("waits until it is finished and reads every page", async () => {
    const { client, calls } = scripted({
      ExecuteStatement: [{ Id: "q" }],
      DescribeStatement: [
        { Status: "SUBMITTED" },
        { Status: "STARTED" },
        { Status: "FINISHED", HasResultSet: true },
      ],
      GetStatementResult: [
        {
          ColumnMetadata: [{ name: "a" }, { label: "b" }],
          Records: [[{ longValue: 1 }, { isNull: true }]],
          NextToken: "2",
        },
        {
          ColumnMetadata: [{ name: "a" }, { label: "b" }],
          Records: [
            [{ doubleValue: 0.5 }, { stringValue: "x" }],
            [{ booleanValue: false }, { longValue: 0 }],
          ],
        },
      ],
    });
    expect(await warehouse(client, 60_000, "secret").query("select 1")).toEqual({
      columns: ["a", "b"],
      rows: [
        [1, null],
        [0.5, "x"],
        [false, 0],
      ],
    });
    expect(calls[0]).toEqual({
      name: "ExecuteStatement",
      input: { WorkgroupName: "wg", Database: "db", SecretArn: "secret", Sql: "select 1" },
    });
  });

  it("has no rows when it has no result", async () => {
    const { client } = scripted({
      ExecuteStatement: [{ Id: "q" }],
      DescribeStatement: [{ Status: "FINISHED", HasResultSet: false }],
    });
    expect(await warehouse(client).query("create table t (a integer)")).toEqual({ columns: [], rows: [] });
  });

  it("fails in the warehouse's own words", async () => {
    const { client } = scripted({
      ExecuteStatement: [{ Id: "q" }],
      DescribeStatement: [{ Status: "FAILED", Error: "ERROR: no such table", QueryString: "select x" }],
    });
    await expect(warehouse(client).query("select x")).rejects.toMatchObject({
      name: "StatementFailed",
      reason: "ERROR: no such table",
    });
  });

  it("says which statement still runs when the time is over", async () => {
    const { client } = scripted({
      ExecuteStatement: [{ Id: "q7" }],
      DescribeStatement: [{ Status: "STARTED" }],
    });
    await expect(warehouse(client, 10).query("select 1")).rejects.toEqual(new StillRunning("q7"));
  });
});

describe("a transaction", () => {
  const failed = {
    Status: "FAILED",
    Error: "Query #2 failed",
    CreatedAt: new Date(0),
    SubStatements: [
      { Status: "FINISHED" },
      { Status: "FAILED", Error: "ERROR: bad", QueryString: "insert 2" },
      { Status: "ABORTED" },
    ],
  };

  it("names the statement that failed", async () => {
    const { client, calls } = scripted({ BatchExecuteStatement: [{ Id: "t" }], DescribeStatement: [failed] });
    const sqls = ["select 1", "insert 2", "select 3"];
    await expect(
      warehouse(client).transaction(sqls, { token: "token", name: "name", parameters: { a: "1" } }),
    ).rejects.toMatchObject({ reason: "ERROR: bad", sql: "insert 2", index: 1, submittedAt: new Date(0) });
    expect(calls[0]?.input).toEqual({
      WorkgroupName: "wg",
      Database: "db",
      Sqls: sqls,
      ClientToken: "token",
      StatementName: "name",
      Parameters: [{ name: "a", value: "1" }],
    });
  });

  it("begins a session, and goes on in it once it is free", async () => {
    const done = { Status: "FINISHED" };
    const { client, calls } = scripted({
      BatchExecuteStatement: [{ Id: "one", SessionId: "s" }, { Id: "two" }],
      DescribeStatement: [done, done],
      GetStatementResult: [{ ColumnMetadata: [{ name: "a" }], Records: [[{ longValue: 1 }]] }],
    });
    let busy = 2;
    const { send } = client as unknown as {
      send: (command: { input: { SessionId?: string } }) => Promise<object>;
    };
    const patient = {
      send: (command: { input: { SessionId?: string } }) => {
        if (command.input.SessionId !== undefined && busy-- > 0) throw new Error("Session is not available");
        return send(command);
      },
    } as unknown as Pick<RedshiftDataClient, "send">;
    const first = await warehouse(patient).transaction(["stage"], { session: { keepAliveSeconds: 9 } });
    expect(await first.rows(0)).toEqual({ columns: ["a"], rows: [[1]] });
    await warehouse(patient).transaction(["merge"], { session: { id: first.sessionId ?? "" } });
    expect(calls.map(({ input }) => input)).toEqual([
      { WorkgroupName: "wg", Database: "db", SessionKeepAliveSeconds: 9, Sqls: ["stage"] },
      { Id: "one" },
      { Id: "one:1" },
      { SessionId: "s", Sqls: ["merge"] },
      { Id: "two" },
    ]);
  });
});

describe("statements that run", () => {
  it("are found by the beginning of their name, on every page", async () => {
    const { client, calls } = scripted({
      ListStatements: [
        { Statements: [{ Id: "a" }], NextToken: "2" },
        { Statements: [{ Id: "b" }] },
        { Statements: [] },
        { Statements: [{ Id: "b" }, { Id: "c" }] },
      ],
    });
    expect(await warehouse(client).running("load-")).toEqual(["a", "b", "c"]);
    expect(calls.map(({ input }) => (input as { Status: string }).Status)).toEqual([
      "SUBMITTED",
      "SUBMITTED",
      "PICKED",
      "STARTED",
    ]);
  });

  it.each(["FINISHED", "FAILED", "ABORTED"])("have ended when they are %s", async (Status) => {
    const { client } = scripted({ DescribeStatement: [{ Status: "PICKED" }, { Status }] });
    expect(await warehouse(client).ended("a")).toEqual({ Status });
  });
});
