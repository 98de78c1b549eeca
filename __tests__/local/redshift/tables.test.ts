import { LocalRedshift } from "./support";

const redshift = new LocalRedshift();
beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
});
afterAll(() => redshift.stop());

const error = async (...sqls: string[]): Promise<string | undefined> => (await redshift.sql(...sqls)).error;

describe("tables", () => {
  it("take Redshift's attributes, and hold VARCHAR(n) to n bytes", async () => {
    const create = `create table orders (
      id bigint not null encode az64 distkey, name varchar(3) encode lzo default 'x', kept boolean,
      at timestamptz, primary key (id)
    ) diststyle key compound sortkey (id, at)`;
    expect(await error(create)).toBeUndefined();
    expect(await error("insert into orders (id, name) values (1, 'abc'), (2, default)")).toBeUndefined();
    expect(await error("insert into orders (id, name) values (3, 'äö')")).toMatch(
      /Value too long for character type\s.*character varying\(3\)/,
    );
    expect(await error("update orders set name = 'abcd'")).toMatch(
      /Value too long for character type\s.*character varying\(3\)/,
    );
    expect(await error("insert into orders (name) values ('a')")).toBe(
      "ERROR: Cannot insert a NULL value into column id",
    );
    expect(await error("insert into orders select 4, null, true, null")).toBeUndefined();
    expect(
      await error("insert into orders select id + 4, nullif(name, 'abc') from orders where id = 1"),
    ).toBe(undefined);
    expect(await error("delete from orders where id > 3")).toBeUndefined();
    expect(await redshift.rows("select id, name from orders order by id")).toEqual([
      [1, "abc"],
      [2, "x"],
    ]);
  });

  it("get new and wider columns, and keep rows, widths and comments", async () => {
    await redshift.sql("create table wide (a varchar(2) not null)");
    await redshift.sql("comment on column wide.a is 'what a is'");
    await redshift.sql("insert into wide values ('aa')");
    expect(await error("alter table wide add column b varchar(2) default 'b'")).toBeUndefined();
    expect(await error("alter table wide alter column a type varchar(4)")).toBeUndefined();
    expect(await error("update wide set a = 'aaaa'")).toBeUndefined();
    expect(await error("update wide set b = 'bbb'")).toMatch(
      /Value too long for character type\s.*character varying\(2\)/,
    );
    expect(await error("alter table wide add column b integer")).toMatch(/already exists/);
    expect(await redshift.rows("select a, b from wide")).toEqual([["aaaa", "b"]]);
    const described = await redshift.call("RedshiftData.DescribeTable", {
      WorkgroupName: "clickstream",
      Database: "clickstream",
      Table: "wide",
    });
    expect(described.ColumnList).toMatchObject([
      { name: "a", typeName: "varchar", length: 4, nullable: 0 },
      { name: "b", typeName: "varchar", length: 2, nullable: 1 },
    ]);
  });

  it("that take another's columns take their widths", async () => {
    await redshift.sql("create table original (a varchar(2) not null)");
    expect(await error("create table twin as select * from original where false")).toBeUndefined();
    expect(await error("insert into twin values (null), ('aaa')")).toMatch(/value too long/);
  });

  it.each([
    ["create table x (tag varchar(10))", "reserved"],
    ["create table x (a json)", "does not exist"],
    ["create table x (a varchar(70000))", "1 to 65535"],
    ["create table x (a integer) diststyle even distkey (a)", "DISTKEY"],
    ["create table x (p super) sortkey (p)", "SUPER"],
    ["create table x (a integer check (a > 0))", "syntax error"],
    ["create index i on x (a)", "syntax error"],
  ])("%s is refused", async (statement, why) => {
    expect(await error(statement)).toContain(why);
  });
});

describe("a batch", () => {
  it("is one transaction", async () => {
    await redshift.sql("create table ledger (n integer)");
    const failed = await redshift.sql("insert into ledger values (1)", "insert into ledger values ('x')");
    expect(failed.status).toBe("FAILED");
    expect(failed.error).toMatch(/^Query #2 failed with ERROR: /);
    expect(failed.described.SubStatements).toMatchObject([{ Status: "ABORTED" }, { Status: "FAILED" }]);
    expect(await redshift.rows("select count(*) from ledger")).toEqual([[0]]);
  });

  it("keeps temporary tables to itself", async () => {
    expect(await error("create temp table mine (a integer)", "insert into mine values (1)")).toBeUndefined();
    expect(await error("select * from mine")).toMatch(/does not exist/);
  });

  it("is committed by a TRUNCATE in it", async () => {
    await redshift.sql("create table emptied (n integer)");
    await redshift.sql("insert into emptied values (1)");
    await redshift.sql("create table kept (n integer)");
    await redshift.sql("insert into kept values (1)", "truncate emptied", "select 'x'::integer");
    expect(await redshift.rows("select (select count(*) from kept), (select count(*) from emptied)")).toEqual(
      [[1, 0]],
    );
  });

  it("holds no VACUUM and no BEGIN", async () => {
    await redshift.sql("create table vacuumed (n integer)");
    expect(await error("vacuum vacuumed")).toBeUndefined();
    expect(await error("select 1", "vacuum vacuumed")).toMatch(
      /VACUUM cannot run inside a transaction block/,
    );
    expect(await error("begin", "select 1")).toMatch(/BEGIN is not allowed/);
  });

  it("waits for the one before it, and sees what that has done", async () => {
    await redshift.sql("create table counter (n integer)");
    const next = () =>
      redshift.sql("lock table counter", "insert into counter select coalesce(max(n), 0) + 1 from counter");
    const ran = await Promise.all(Array.from({ length: 5 }, next));
    expect(ran.map(({ status }) => status)).toEqual(Array(5).fill("FINISHED"));
    expect(await redshift.rows("select n from counter order by n")).toEqual([[1], [2], [3], [4], [5]]);
  });
});

describe("users, roles and grants", () => {
  it("are kept, listed, and change with their transaction", async () => {
    await redshift.sql("create table granted (n integer)");
    expect(
      await error(
        "create role loader",
        'create user "IAMR:clickstream-load" password disable',
        'grant role loader to "IAMR:clickstream-load"',
        "grant select, insert on granted to role loader",
      ),
    ).toBeUndefined();
    await redshift.sql("create role gone", "select 'x'::integer");
    expect(await redshift.rows("select usename from pg_user order by 1")).toEqual([
      ["IAM:root"],
      ["IAMR:clickstream-load"],
    ]);
    expect(await redshift.rows("select role_name from svv_roles")).toEqual([["loader"]]);
    expect(await redshift.rows("select user_name, role_name from svv_user_grants")).toEqual([
      ["IAMR:clickstream-load", "loader"],
    ]);
    expect(
      await redshift.rows(
        "select namespace_name, relation_name, privilege_type, identity_name from svv_relation_privileges order by 3",
      ),
    ).toEqual([
      ["public", "granted", "INSERT", "loader"],
      ["public", "granted", "SELECT", "loader"],
    ]);
  });

  it.each([
    ["create role loader", 'role "loader" already exists'],
    ["grant select on granted to role nobody", 'role "nobody" does not exist'],
    ["grant select on nothing to role loader", 'relation "nothing" does not exist'],
    ["grant role nobody to public", 'role "nobody" does not exist'],
  ])("%s fails", async (statement, why) => {
    expect(await error(statement)).toBe(`ERROR: ${why}`);
  });
});
