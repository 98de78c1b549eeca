import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSessionsCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { DATABASE, LocalRedshift } from "../support";

const redshift = new LocalRedshift();
const target = { WorkgroupName: "clickstream", Database: DATABASE };
let client: RedshiftDataClient;
beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
  client = redshift.client();
});
afterAll(async () => {
  client.destroy();
  await redshift.stop();
});

async function open(seconds = 60): Promise<string> {
  const { SessionId = "" } = await client.send(
    new ExecuteStatementCommand({
      ...target,
      Sql: "select 1",
      SessionKeepAliveSeconds: seconds,
      WaitTimeSeconds: 30,
    }),
  );
  return SessionId;
}

async function run(SessionId: string, Sql: string) {
  const { Id = "" } = await client.send(new ExecuteStatementCommand({ SessionId, Sql, WaitTimeSeconds: 30 }));
  return await client.send(new DescribeStatementCommand({ Id }));
}

async function rows(SessionId: string, Sql: string) {
  const { Id, Error: error } = await run(SessionId, Sql);
  if (error !== undefined) return error;
  return (await client.send(new GetStatementResultCommand({ Id }))).Records;
}

describe("a session", () => {
  it("keeps temporary tables from one statement to the next, and from other sessions", async () => {
    const one = await open();
    const two = await open();
    await run(one, "create temp table mine (n integer)");
    expect((await run(one, "insert into mine values (1)")).SessionId).toBe(one);
    expect(await rows(one, "select n from mine")).toEqual([[{ longValue: 1 }]]);
    expect(await rows(two, "select n from mine")).toBe('ERROR: relation "mine" does not exist');
  });

  it("holds a transaction open until it is committed or rolled back", async () => {
    await redshift.sql("create table held (n integer)");
    const session = await open();
    await run(session, "begin");
    await run(session, "insert into held values (1)");
    expect(await redshift.rows("select count(*) from held")).toEqual([[0]]);
    expect(await rows(session, "select count(*) from held")).toEqual([[{ longValue: 1 }]]);
    await run(session, "rollback");
    await run(session, "begin");
    await run(session, "insert into held values (2)");
    await run(session, "commit");
    expect(await redshift.rows("select n from held")).toEqual([[2]]);
  });

  it("lets no other writer pass while its transaction has written", async () => {
    await redshift.sql("create table order_of_writes (n integer)");
    const session = await open();
    await run(session, "begin");
    await run(session, "insert into order_of_writes values (1)");
    const { Id = "" } = await client.send(
      new ExecuteStatementCommand({ ...target, Sql: "insert into order_of_writes values (2)" }),
    );
    expect((await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 1 }))).Status).toBe(
      "PICKED",
    );
    await run(session, "commit");
    expect((await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }))).Status).toBe(
      "FINISHED",
    );
  });

  it("ignores all but the end of a transaction in which a statement failed", async () => {
    const session = await open();
    await run(session, "begin");
    expect((await run(session, "select 'x'::integer")).Status).toBe("FAILED");
    expect(await rows(session, "select 1")).toBe(
      "ERROR: current transaction is aborted, commands ignored until end of transaction block",
    );
    await run(session, "rollback");
    expect(await rows(session, "select 1")).toEqual([[{ longValue: 1 }]]);
  });

  it("commits what is open when a statement truncates", async () => {
    await redshift.sql("create table emptied (n integer)");
    const session = await open();
    await run(session, "begin");
    await run(session, "insert into emptied values (1)");
    await run(session, "truncate emptied");
    await run(session, "insert into emptied values (2)");
    await run(session, "rollback");
    expect(await redshift.rows("select n from emptied")).toEqual([[2]]);
  });

  it("runs one statement at a time", async () => {
    const SessionId = await open();
    await redshift.sql("create table waited (n integer)");
    const holder = await open();
    await run(holder, "begin");
    await run(holder, "lock waited");
    const { Id = "" } = await client.send(
      new ExecuteStatementCommand({ SessionId, Sql: "insert into waited values (1)" }),
    );
    await expect(run(SessionId, "select 1")).rejects.toMatchObject({
      name: "ValidationException",
      message: "Session is not available",
    });
    const { Sessions } = await client.send(new ListSessionsCommand({ SessionId }));
    expect(Sessions).toMatchObject([{ SessionId, Status: "BUSY", CurrentStatementId: Id }]);
    await run(holder, "rollback");
    await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(await rows(SessionId, "select n from waited")).toEqual([[{ longValue: 1 }]]);
  });

  it("takes a batch as one transaction", async () => {
    const SessionId = await open();
    await run(SessionId, "create temp table pair (n integer)");
    const { Id = "" } = await client.send(
      new BatchExecuteStatementCommand({
        SessionId,
        Sqls: ["insert into pair values (1)", "insert into pair values ('x')"],
        WaitTimeSeconds: 30,
      }),
    );
    expect((await client.send(new DescribeStatementCommand({ Id }))).Status).toBe("FAILED");
    expect(await rows(SessionId, "select count(*) from pair")).toEqual([[{ longValue: 0 }]]);
  });

  it("is closed when nobody has used it for as long as it was to be kept, and says so", async () => {
    const SessionId = await open(1);
    let status = "AVAILABLE";
    while (status === "AVAILABLE") {
      await sleep(50);
      const { Sessions } = await client.send(new ListSessionsCommand({ SessionId }));
      status = Sessions?.[0]?.Status ?? "none";
    }
    expect(status).toBe("CLOSED");
    await expect(run(SessionId, "select 1")).rejects.toThrow("Session is not available");
    const { Sessions } = await client.send(new ListSessionsCommand({ Status: "CLOSED" }));
    expect(Sessions?.map((session) => session.SessionId)).toContain(SessionId);
  });

  it("is the caller's own", async () => {
    const SessionId = await open();
    const other = { "x-local-principal": "arn:aws:iam::000000000000:role/other" };
    expect(
      await redshift.call("RedshiftData.ExecuteStatement", { SessionId, Sql: "select 1" }, other),
    ).toMatchObject({ __type: "ValidationException", Message: `Session with Id: ${SessionId} is invalid` });
    expect(await redshift.call("RedshiftData.ListSessions", {}, other)).toMatchObject({ Sessions: [] });
    expect(await redshift.call("RedshiftData.ListSessions", { SessionId }, other)).toMatchObject({
      __type: "ResourceNotFoundException",
    });
  });
});
