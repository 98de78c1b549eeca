import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { DATABASE, LocalRedshift } from "../support";

const redshift = new LocalRedshift();
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

async function open(): Promise<(sql: string) => Promise<string | unknown[][] | undefined>> {
  const { SessionId } = await client.send(
    new ExecuteStatementCommand({
      ...{ WorkgroupName: "clickstream", Database: DATABASE, Sql: "select 1" },
      ...{ SessionKeepAliveSeconds: 60, WaitTimeSeconds: 30 },
    }),
  );
  return async (Sql) => {
    const { Id = "" } = await client.send(
      new ExecuteStatementCommand({ SessionId, Sql, WaitTimeSeconds: 30 }),
    );
    const ended = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    if (ended.Error !== undefined) return ended.Error;
    if (ended.HasResultSet !== true) return undefined;
    const { Records = [] } = await client.send(new GetStatementResultCommand({ Id }));
    return Records.map((record) => record.map((field) => Object.values(field)[0] as unknown));
  };
}

const error = async (...sqls: string[]): Promise<string | undefined> => (await redshift.sql(...sqls)).error;

describe("what one session defines", () => {
  it("is there for others when it is committed, and never when it is rolled back", async () => {
    const session = await open();
    await session("begin");
    expect(await session("create table late_table (n integer)")).toBeUndefined();
    expect(await session("select count(*) from late_table")).toEqual([[0]]);
    expect(await error("select * from late_table")).toMatch(/"late_table" does not exist/);
    await session("rollback");
    expect(await session("select count(*) from late_table")).toMatch(/"late_table" does not exist/);
    await session("begin");
    await session("create table late_table (n integer)");
    await session("create view late_view as select n from late_table");
    await session("commit");
    expect(await redshift.rows("select count(*) from late_view")).toEqual([[0]]);
  });

  it("is not there for a transaction that began before", async () => {
    await redshift.sql("create table before_and_after (n integer)");
    const reader = await open();
    await reader("begin");
    expect(await reader("select count(*) from before_and_after")).toEqual([[0]]);
    expect(await error("alter table before_and_after add column m integer")).toBeUndefined();
    expect(await redshift.rows("select count(m) from before_and_after")).toEqual([[0]]);
    expect(await reader("select * from before_and_after")).toEqual([]);
    expect(await reader("select m from before_and_after")).toMatch(/column "m" does not exist/);
    await reader("commit");
    expect(await reader("select count(m) from before_and_after")).toEqual([[0]]);
  });

  it("follows each change of it", async () => {
    await redshift.sql("create table changing (n integer)");
    expect(await redshift.rows("select n from changing")).toEqual([]);
    await redshift.sql("alter table changing rename column n to m");
    expect(await error("select n from changing")).toMatch(/column "n" does not exist/);
    await redshift.sql("alter table changing rename to changed");
    expect(await error("select m from changing")).toMatch(/"changing" does not exist/);
    expect(await redshift.rows("select m from changed")).toEqual([]);
    await redshift.sql(
      "create function f_twice (integer) returns integer stable as $$ select $1 * 2 $$ language sql",
    );
    expect(await redshift.rows("select f_twice(2)")).toEqual([[4]]);
    await redshift.sql("drop function f_twice(integer)");
    expect(await error("select f_twice(2)")).toMatch(/f_twice/);
    await redshift.sql("create schema passing", "create table passing.one (n integer)");
    expect(await redshift.rows("select n from passing.one")).toEqual([]);
    await redshift.sql("drop schema passing cascade");
    expect(await error("select n from passing.one")).toMatch(/does not exist/);
    await redshift.sql("drop table changed");
    expect(await error("select m from changed")).toMatch(/"changed" does not exist/);
  });

  it("goes with the namespace that it was defined in", async () => {
    const other = new LocalRedshift();
    await other.start();
    await other.deploy();
    await other.sql("create table gone (n integer)");
    expect(await other.rows("select n from gone")).toEqual([]);
    await other.call("RedshiftServerless.DeleteWorkgroup", { workgroupName: "clickstream" });
    await other.call("RedshiftServerless.DeleteNamespace", { namespaceName: "clickstream" });
    await other.deploy();
    expect((await other.sql("select n from gone")).error).toMatch(/"gone" does not exist/);
    await other.stop();
  });
});

describe("temporary tables", () => {
  it("come and go with the transaction that makes and drops them", async () => {
    const session = await open();
    await session("create temp table kept_table (n integer)");
    await session("begin");
    await session("create temp table passing_table (n integer)");
    await session("drop table kept_table");
    expect(await session("select count(*) from kept_table")).toMatch(/"kept_table" does not exist/);
    await session("rollback");
    expect(await session("select count(*) from kept_table")).toEqual([[0]]);
    expect(await session("select count(*) from passing_table")).toMatch(/"passing_table" does not exist/);
  });

  it("hide tables of their name, and show them again when they are dropped", async () => {
    await redshift.sql("create table hidden (n integer)", "insert into hidden values (1)");
    const session = await open();
    await session("create temp table hidden as select 'two'::varchar(3) as n");
    expect(await session("select n from hidden")).toEqual([["two"]]);
    expect(await session("select n from public.hidden")).toEqual([[1]]);
    expect(await session("insert into hidden values ('four')")).toMatch(/Value too long/);
    expect(await session("alter table hidden add column m integer default 5")).toBeUndefined();
    expect(await session("select m from hidden")).toEqual([[5]]);
    expect(await session("alter table hidden rename to seen")).toBeUndefined();
    expect(await session("select n from seen")).toEqual([["two"]]);
    expect(await session("select n from hidden")).toEqual([[1]]);
  });

  it("number their rows", async () => {
    const session = await open();
    await session("create temp table numbered (id bigint identity(7, 2), n integer)");
    await session("insert into numbered (n) values (1), (2)");
    expect(await session("select id from numbered order by id")).toEqual([[7], [9]]);
    expect(await session("insert into numbered values (1, 2)")).toMatch(
      /INSERT has more expressions than target columns|cannot set an identity column/,
    );
  });
});

describe("rights", () => {
  const someone = "arn:aws:iam::000000000000:role/someone";
  it("are those of the moment", async () => {
    await redshift.sql("create table guarded (n integer)");
    const asked = async () => (await redshift.as(someone, "select n from guarded")).error;
    expect(await asked()).toMatch(/permission denied for relation guarded/);
    await redshift.sql("create role guards", "grant select on guarded to role guards");
    expect(await asked()).toMatch(/permission denied/);
    await redshift.sql('grant role guards to "IAMR:someone"');
    expect(await asked()).toBeUndefined();
    await redshift.sql("revoke select on guarded from role guards");
    expect(await asked()).toMatch(/permission denied/);
    await redshift.sql('alter user "IAMR:someone" createuser');
    expect(await asked()).toBeUndefined();
    await redshift.sql('alter user "IAMR:someone" nocreateuser');
    expect(await asked()).toMatch(/permission denied/);
  });

  it("to create in the schema public are everyone's until they are revoked, apart from using it", async () => {
    await redshift.sql("create table shared (n integer)", "grant select on shared to public");
    const create = async () =>
      (await redshift.as(someone, "create table own (n integer)", "drop table own")).error;
    const read = async () => (await redshift.as(someone, "select n from shared")).error;
    expect(await create()).toBeUndefined();
    await redshift.sql("revoke create on schema public from public");
    expect(await create()).toMatch(/permission denied for schema public/);
    expect(await read()).toBeUndefined();
    await redshift.sql(
      "revoke usage on schema public from public",
      "grant create on schema public to public",
    );
    expect(await read()).toMatch(/permission denied for schema public/);
    await redshift.sql("grant usage on schema public to public");
    expect(await read()).toBeUndefined();
  });

  it("of a user that was dropped and connects again are those of anyone", async () => {
    const stranger = "arn:aws:iam::000000000000:role/stranger";
    expect((await redshift.as(stranger, "select 1")).error).toBeUndefined();
    await redshift.sql('drop user "IAMR:stranger"');
    expect((await redshift.as(stranger, "select 1")).error).toBeUndefined();
    expect(await redshift.rows("select count(*) from pg_user where usename = 'IAMR:stranger'")).toEqual([
      [1],
    ]);
  });
});
