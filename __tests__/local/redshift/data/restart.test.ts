import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSessionsCommand,
} from "@aws-sdk/client-redshift-data";
import { stateRoot } from "../../../../cli/paths";
import { committing, newStatement, recover, started } from "../../../../local/redshift/data/statement";
import { pythonInterpreter } from "../../../../local/setup/python";
import { DATABASE, LocalRedshift } from "../support";

const target = { WorkgroupName: "clickstream", Database: DATABASE };

describe("after a restart", () => {
  const redshift = new LocalRedshift();
  beforeAll(async () => {
    await redshift.start();
    await redshift.deploy();
  });
  afterAll(() => redshift.stop());

  it("what was committed is there, with the statements, their results and their tokens", async () => {
    const client = redshift.client();
    await redshift.sql("create table kept (n integer)");
    const insert = {
      ...target,
      Sql: "insert into kept values (1)",
      ClientToken: "once",
      WaitTimeSeconds: 30,
    };
    const { Id: inserted } = await client.send(new ExecuteStatementCommand(insert));
    const { id: Id } = await redshift.sql("select n from kept");
    const { SessionId } = await client.send(
      new ExecuteStatementCommand({ ...target, Sql: "select 1", SessionKeepAliveSeconds: 60 }),
    );
    client.destroy();
    await redshift.restart();
    const again = redshift.client();
    expect(await redshift.rows("select n from kept")).toEqual([[1]]);
    expect(await again.send(new DescribeStatementCommand({ Id: inserted }))).toMatchObject({
      Status: "FINISHED",
      ResultRows: 1,
    });
    expect((await again.send(new GetStatementResultCommand({ Id }))).Records).toEqual([[{ longValue: 1 }]]);
    expect((await again.send(new ExecuteStatementCommand(insert))).Id).toBe(inserted);
    expect((await again.send(new ListSessionsCommand({ SessionId }))).Sessions).toMatchObject([
      { Status: "CLOSED" },
    ]);
    again.destroy();
  });
});

describe("a statement that ran when the process ended", () => {
  const origin = { principal: "p", database: "d", workgroup: "w", user: "u" };
  const asked = { batch: true, autoCommit: false, format: "JSON" } as const;
  const running = () => {
    const statement = newStatement(origin, asked, ["a", "b"], 1);
    started(statement, 0, 2);
    started(statement, 1, 3);
    return statement;
  };
  const outcomes = [{ rows: 1 }, { rows: 2 }];

  it("has failed when it had not come to its commit", () => {
    const statement = running();
    recover(statement, new Set([statement.id]), 4);
    expect(statement).toMatchObject({ status: "FAILED", error: expect.stringMatching(/restarted/) });
  });

  it("has failed when its commit is not in the database", () => {
    const statement = running();
    committing(statement, statement.id, 0, outcomes);
    recover(statement, new Set(), 4);
    expect(statement).toMatchObject({
      status: "FAILED",
      parts: [{ status: "FAILED" }, { status: "FAILED" }],
    });
  });

  it("has finished when its commit is in the database, though nobody was told", () => {
    const statement = running();
    committing(statement, statement.id, 0, outcomes);
    recover(statement, new Set([statement.id]), 4);
    expect(statement).toMatchObject({
      status: "FINISHED",
      parts: [
        { status: "FINISHED", rows: 1 },
        { status: "FINISHED", rows: 2 },
      ],
    });
  });
});

describe("a process that is killed", () => {
  const folder = mkdtempSync(join(tmpdir(), "redshift-killed-"));
  const main = join(__dirname, "..", "..", "..", "..", "local", "redshift", "main.ts");
  let child: ChildProcess | undefined;
  const clients: LocalRedshift[] = [];
  afterEach(() => child?.kill("SIGKILL"));
  afterAll(async () => {
    for (const redshift of clients) await redshift.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<LocalRedshift> {
    const redshift = new LocalRedshift();
    clients.push(redshift);
    child = fork(main, [], {
      execArgv: ["--import", "tsx"],
      env: {
        ...process.env,
        PORT: "0",
        STATE_DIR: folder,
        LOG_DIR: folder,
        PYTHON: pythonInterpreter(stateRoot),
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const port = await new Promise((resolve) =>
      child?.once("message", ({ port: bound }: { port: number }) => resolve(bound)),
    );
    redshift.url = `http://127.0.0.1:${port}`;
    return redshift;
  }

  it("reads back what was altered", async () => {
    const before = await start();
    await before.call("RedshiftServerless.CreateNamespace", {
      namespaceName: "clickstream",
      dbName: DATABASE,
    });
    await before.call("RedshiftServerless.CreateWorkgroup", {
      workgroupName: "clickstream",
      namespaceName: "clickstream",
    });
    await before.sql("create table altered (n integer not null, label varchar(5))");
    await before.sql("insert into altered values (1, 'one')");
    for (const change of [
      "add column m integer default 2",
      "add column note varchar(10)",
      "rename column label to name",
      "alter column name type varchar(9)",
      "drop column note",
      "rename to changed",
    ])
      expect((await before.sql(`alter table altered ${change}`)).error).toBeUndefined();
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
    const after = await start();
    expect(await after.rows("select n, name, m from changed")).toEqual([[1, "one", 2]]);
    expect((await after.sql("drop table changed")).error).toBeUndefined();
    for (const [target, name] of [
      ["DeleteWorkgroup", "workgroupName"],
      ["DeleteNamespace", "namespaceName"],
    ] as const)
      await after.call(`RedshiftServerless.${target}`, { [name]: "clickstream" });
  }, 60_000);

  it("forgets no statement, and says of each what became of it", async () => {
    const before = await start();
    await before.call("RedshiftServerless.CreateNamespace", {
      namespaceName: "clickstream",
      dbName: DATABASE,
    });
    await before.call("RedshiftServerless.CreateWorkgroup", {
      workgroupName: "clickstream",
      namespaceName: "clickstream",
    });
    await before.sql("create table many (n integer)");
    const done = await before.sql("insert into many values (1)");
    const client = before.client();
    const endless = "insert into many select a.n from many a, many b where a.n = b.n";
    const { Id = "" } = await client.send(
      new BatchExecuteStatementCommand({ ...target, Sqls: Array(40).fill(endless) }),
    );
    client.destroy();
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
    const after = await start();
    expect(await after.call("RedshiftData.DescribeStatement", { Id: done.id })).toMatchObject({
      Status: "FINISHED",
    });
    const described = await after.call("RedshiftData.DescribeStatement", { Id });
    expect(described).toMatchObject({ Status: "FAILED", Error: expect.stringMatching(/restarted/) });
    expect(await after.rows("select n from many")).toEqual([[1]]);
  }, 60_000);
});
