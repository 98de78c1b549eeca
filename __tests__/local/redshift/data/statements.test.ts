import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  GetStatementResultV2Command,
  ListSchemasCommand,
  ListStatementsCommand,
  ListTablesCommand,
  paginateGetStatementResult,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { DATABASE, LocalRedshift } from "../support";

const redshift = new LocalRedshift();
const target = { WorkgroupName: "clickstream", Database: DATABASE };
let client: RedshiftDataClient;
let secretArn: string;
beforeAll(async () => {
  await redshift.start();
  secretArn = await redshift.deploy();
  client = redshift.client();
  await redshift.sql("create table numbers (n integer, label varchar(100))");
});
afterAll(async () => {
  client.destroy();
  await redshift.stop();
});

const execute = (Sql: string, more: object = {}) =>
  client.send(new ExecuteStatementCommand({ ...target, Sql, WaitTimeSeconds: 30, ...more }));

describe("the Data API", () => {
  it("runs a statement by its id, and tells what it did", async () => {
    const { Id = "", CreatedAt } = await client.send(
      new ExecuteStatementCommand({ ...target, Sql: "select 1 as one" }),
    );
    const described = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(described).toMatchObject({
      Id,
      CreatedAt,
      Status: "FINISHED",
      HasResultSet: true,
      ResultRows: 1,
      QueryString: "select 1 as one",
      DbUser: "IAM:root",
    });
    expect(described.Duration).toBeGreaterThan(0);
    const result = await client.send(new GetStatementResultCommand({ Id }));
    expect(result.Records).toEqual([[{ longValue: 1 }]]);
    expect(result.ColumnMetadata).toMatchObject([{ label: "one", typeName: "int4" }]);
  });

  it("connects with the secret as the admin", async () => {
    expect((await execute("select current_user", { SecretArn: secretArn })).DbUser).toBe("admin");
    await expect(execute("select 1", { SecretArn: `${secretArn}x` })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("puts the parameters in, typed by where they stand", async () => {
    await execute("insert into numbers values (:n, :label)", {
      Parameters: [
        { name: "n", value: "7" },
        { name: "label", value: "it's :n \\ -- ; drop table numbers" },
      ],
    });
    const { Id = "" } = await execute("select label from numbers where n = :n and n::integer = 7", {
      Parameters: [{ name: "n", value: "7" }],
    });
    const { Records } = await client.send(new GetStatementResultCommand({ Id }));
    expect(Records).toEqual([[{ stringValue: "it's :n \\ -- ; drop table numbers" }]]);
  });

  it("refuses a parameter that no statement takes, and fails a statement that misses one", async () => {
    await expect(execute("select 1", { Parameters: [{ name: "n", value: "1" }] })).rejects.toThrow(
      /unused parameters: \[n\]/i,
    );
    expect((await redshift.sql("select :gone")).error).toBe("ERROR: Cannot find parameter: gone");
  });

  it("takes a client token's statement once", async () => {
    const Sql = "insert into numbers values (100, 'once')";
    const [one, two] = [
      await execute(Sql, { ClientToken: "token" }),
      await execute(Sql, { ClientToken: "token" }),
    ];
    expect(two.Id).toBe(one.Id);
    expect(await redshift.rows("select count(*) from numbers where n = 100")).toEqual([[1]]);
  });

  it("counts rows and bytes of a batch together", async () => {
    const { described } = await redshift.sql(
      "select 1",
      "select 2 union all select 3",
      "set query_group to x",
    );
    expect(described).toMatchObject({ ResultRows: 3, ResultSize: 3, ExecutionMode: "TRANSACTION" });
  });

  it("commits each statement of a batch for itself when it is told to", async () => {
    await redshift.sql("create table each_one (n integer)");
    const { Id = "" } = await client.send(
      new BatchExecuteStatementCommand({
        ...target,
        Sqls: [
          "insert into each_one values (1)",
          "insert into each_one values ('x')",
          "insert into each_one values (3)",
        ],
        ExecutionMode: "AUTO_COMMIT",
      }),
    );
    const described = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(described).toMatchObject({
      Status: "FAILED",
      ExecutionMode: "AUTO_COMMIT",
      SubStatements: [{ Status: "FINISHED", ResultRows: 1 }, { Status: "FAILED" }, { Status: "FINISHED" }],
    });
    expect(await redshift.rows("select n from each_one order by n")).toEqual([[1], [3]]);
  });

  it("keeps every digit of a large number", async () => {
    const { Id = "" } = await execute("select 9007199254740993::bigint as n");
    const response = await fetch(redshift.url, {
      method: "POST",
      headers: { "x-amz-target": "RedshiftData.GetStatementResult" },
      body: JSON.stringify({ Id }),
    });
    expect(await response.text()).toContain('{"longValue":9007199254740993}');
  });

  it("gives CSV to those who asked for it, and to them alone", async () => {
    const { Id = "" } = await execute("select 1 as n, 'a,\"b\"' as t, null::integer as none, '' as empty", {
      ResultFormat: "CSV",
    });
    const result = await client.send(new GetStatementResultV2Command({ Id }));
    expect(result).toMatchObject({
      ResultFormat: "CSV",
      TotalNumRows: 1,
      Records: [{ CSVRecords: '1,"a,""b""",,""\r\n' }],
    });
    await expect(client.send(new GetStatementResultCommand({ Id }))).rejects.toThrow(/GetStatementResultV2/);
    const { Id: json = "" } = await execute("select 1");
    await expect(client.send(new GetStatementResultV2Command({ Id: json }))).rejects.toThrow(
      /format is JSON/,
    );
  });

  it("shows a statement to the role that ran it, and to no other", async () => {
    const role = (name: string) => ({ "x-local-principal": `arn:aws:iam::000000000000:role/path/${name}` });
    const submit = { ...target, Sql: "select 1", ClientToken: "mine", WaitTimeSeconds: 30 };
    const mine = await redshift.call("RedshiftData.ExecuteStatement", submit, role("one"));
    expect(mine).toMatchObject({ Status: "FINISHED", DbUser: "IAMR:one" });
    const describe = (name: string) =>
      redshift.call("RedshiftData.DescribeStatement", { Id: mine.Id }, role(name));
    expect(await describe("one")).toMatchObject({ DbUser: "IAMR:one" });
    expect(await describe("two")).toMatchObject({ __type: "ResourceNotFoundException" });
    const listed = await redshift.call("RedshiftData.ListStatements", {}, role("one"));
    expect(listed.Statements).toMatchObject([{ Id: mine.Id }]);
    expect((await redshift.call("RedshiftData.ListStatements", {}, role("two"))).Statements).toEqual([]);
    const other = await redshift.call("RedshiftData.ExecuteStatement", submit, role("two"));
    expect(other.Id).not.toBe(mine.Id);
  });

  it("gives the results of a batch by statement", async () => {
    const { Id = "" } = await client.send(
      new BatchExecuteStatementCommand({
        ...target,
        Sqls: ["select 1", "select 'two'"],
        WaitTimeSeconds: 30,
      }),
    );
    const { SubStatements } = await client.send(new DescribeStatementCommand({ Id }));
    expect(SubStatements).toMatchObject([
      { Id: `${Id}:1`, Status: "FINISHED", HasResultSet: true },
      { Id: `${Id}:2`, Status: "FINISHED", HasResultSet: true },
    ]);
    const { Records } = await client.send(new GetStatementResultCommand({ Id: `${Id}:2` }));
    expect(Records).toEqual([[{ stringValue: "two" }]]);
    await expect(client.send(new GetStatementResultCommand({ Id }))).rejects.toThrow(/batch/);
  });

  it("gives a large result in pages", async () => {
    await redshift.sql("create table large (n integer, pad varchar(2000))");
    await redshift.sql("insert into large values (1, repeat('x', 1500))");
    for (let doubled = 0; doubled < 11; doubled++)
      await redshift.sql("insert into large select n + (select max(n) from large), pad from large");
    const { Id = "" } = await execute("select n, pad from large order by n");
    let rows = 0;
    let pages = 0;
    for await (const page of paginateGetStatementResult({ client }, { Id })) {
      expect(page.Records?.[0]?.[0]).toEqual({ longValue: rows + 1 });
      expect(page.TotalNumRows).toBe(2048);
      rows += page.Records?.length ?? 0;
      pages++;
    }
    expect(rows).toBe(2048);
    expect(pages).toBeGreaterThan(2);
  });

  it("fails a result with a row of more than 64 KB", async () => {
    expect((await redshift.sql("select repeat('x', 70000)")).error).toMatch(
      /larger than the Data API's limit/,
    );
  });

  it("cancels a statement that runs, and one that waits", async () => {
    const slow =
      "select count(*) from large as a cross join large as b cross join large as c where a.pad <> b.pad or c.n < 0";
    const write = `insert into numbers ${slow.replace("count(*)", "count(*), 'slow'")}`;
    const { Id: running = "" } = await client.send(new ExecuteStatementCommand({ ...target, Sql: write }));
    const { Id: waiting = "" } = await client.send(
      new ExecuteStatementCommand({ ...target, Sql: "insert into numbers values (9, 'waits')" }),
    );
    const { Status } = await client.send(new DescribeStatementCommand({ Id: waiting }));
    expect(["SUBMITTED", "PICKED"]).toContain(Status); // it has not begun
    for (const Id of [waiting, running])
      expect((await client.send(new CancelStatementCommand({ Id }))).Status).toBe(true);
    for (const Id of [running, waiting])
      expect((await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }))).Status).toBe(
        "ABORTED",
      );
    await expect(client.send(new CancelStatementCommand({ Id: running }))).rejects.toMatchObject({
      name: "ValidationException",
    });
    expect(await redshift.rows("select count(*) from numbers where label in ('slow', 'waits')")).toEqual([
      [0],
    ]);
  });

  it("lists statements by state and by the beginning of their name, in pages", async () => {
    for (const StatementName of ["report 1", "report 2", "other"])
      await execute("select 1", { StatementName });
    const named = { StatementName: "report" };
    const first = await client.send(new ListStatementsCommand({ ...named, MaxResults: 1 }));
    expect(first.Statements).toMatchObject([{ StatementName: "report 2", Status: "FINISHED" }]);
    const second = await client.send(
      new ListStatementsCommand({ ...named, MaxResults: 1, NextToken: first.NextToken }),
    );
    expect(second.Statements).toMatchObject([{ StatementName: "report 1" }]);
    expect(second.NextToken).toBeUndefined();
    const failed = await client.send(new ListStatementsCommand({ ...named, Status: "FAILED" }));
    expect(failed.Statements).toEqual([]);
    await expect(client.send(new ListStatementsCommand({ NextToken: "junk" }))).rejects.toThrow(/NextToken/);
  });

  it("lists statements, schemas and tables", async () => {
    const { Statements } = await client.send(new ListStatementsCommand({ Status: "ALL", MaxResults: 3 }));
    expect(Statements).toHaveLength(3);
    expect((await client.send(new ListSchemasCommand(target))).Schemas).toEqual([
      "information_schema",
      "pg_catalog",
      "pg_internal",
      "public",
    ]);
    const { Tables } = await client.send(new ListTablesCommand({ ...target, TablePattern: "num%" }));
    expect(Tables).toEqual([{ name: "numbers", schema: "public", type: "TABLE" }]);
  });

  it.each([
    [{ WorkgroupName: "other" }, "ResourceNotFoundException"],
    [{ Database: "other" }, "ValidationException"],
    [{ Database: undefined }, "ValidationException"],
    [{ WithEvent: true }, "ValidationException"],
    [{ ClusterIdentifier: "c" }, "ValidationException"],
    [{ WaitTimeSeconds: 31 }, "ValidationException"],
    [{ Parameters: [{ name: "n", value: "" }] }, "ValidationException"],
    [{ ResultFormat: "PARQUET" }, "ValidationException"],
    [{ SessionKeepAliveSeconds: 86_401 }, "ValidationException"],
    [{ Sql: "x".repeat(102_401) }, "ValidationException"],
  ])("refuses a call with %j", async (wrong, name) => {
    await expect(execute("select 1", wrong)).rejects.toMatchObject({ name });
  });

  it("refuses a batch of more than 40 statements, and knows no statement but its own", async () => {
    const Sqls = Array(41).fill("select 1");
    await expect(client.send(new BatchExecuteStatementCommand({ ...target, Sqls }))).rejects.toThrow(
      /length less than or equal to 40/,
    );
    await expect(client.send(new DescribeStatementCommand({ Id: "11111111-2222" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
    const Id = "11111111-2222-3333-4444-555555555555";
    await expect(client.send(new DescribeStatementCommand({ Id }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceId: Id,
    });
  });
});
