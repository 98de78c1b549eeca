import { LocalRedshift } from "./support";

const redshift = new LocalRedshift();
beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
  await redshift.sql("create table facts (id integer, name varchar(10), at timestamp, properties super)");
  await redshift.sql(`insert into facts values (1, 'a', '2024-01-31 10:00:00', json_parse('{"plan":"pro","n":3,"o":{"k":"v"}}')),
    (2, null, null, null)`);
});
afterAll(() => redshift.stop());

describe("a query's answer is Redshift's", () => {
  it.each<[string, unknown]>([
    ["7 / 2", 3],
    ["7 / 2.0", "3.5000"],
    ["-7 / 2", -3],
    ["avg(v) from (select 1 as v union all select 2) as t", 1],
    ["avg(cast(v as float)) from (select 1 as v union all select 2) as t", 1.5],
    ["'abcdef'::varchar(3)", "abc"],
    ["cast('äöü' as varchar(3))", "ä"],
    ["concat('a', null)", null],
    ["charindex('c', 'abc')", 3],
    ["len('äb')", 2],
    ["sha2('a', 256)", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
    ["nvl(null, null, 3)", 3],
    ["nvl2(null, 1, 0)", 0],
    ["decode('b', 'a', 1, 'b', 2, 0)", 2],
    ["trunc(2.7)", "2"],
    ["dateadd(month, 1, '2024-01-31'::date)", "2024-02-29 00:00:00"],
    ["dateadd('hour', -1, timestamp '2024-01-01 00:30:00')", "2023-12-31 23:30:00"],
    ["datediff(day, timestamp '2024-01-01 23:59:00', timestamp '2024-01-02 00:01:00')", 1],
    ["date_trunc('month', timestamp '2024-05-17 10:00:00')", "2024-05-01 00:00:00"],
    ["extract(year from timestamp '2024-05-17 10:00:00')", 2024],
    ["to_char(timestamp '2024-05-17 10:00:00', 'YYYY-MM-DD HH24:MI')", "2024-05-17 10:00"],
    ["convert_timezone('UTC', 'Europe/Berlin', timestamp '2024-07-01 10:00:00')", "2024-07-01 12:00:00"],
    ["json_extract_path_text('{\"a\":{\"b\":1}}', 'a', 'b')", "1"],
    ["json_extract_path_text('no json', 'a', true)", null],
    [
      "listagg(v, ',') within group (order by v desc) from (select name as v from facts union all select 'b') as t",
      "b,a",
    ],
    ["regexp_replace('aa', 'a', 'b')", "bb"],
    ["'it\\'s'", "it's"],
    ["true and null is null", true],
  ])("select %s", async (expression, answer) => {
    expect(await redshift.rows(`select ${expression}`)).toEqual([[answer]]);
  });

  it("puts nulls last ascending and first descending", async () => {
    expect(await redshift.rows("select name from facts order by name")).toEqual([["a"], [null]]);
    expect(await redshift.rows("select name from facts order by name desc")).toEqual([[null], ["a"]]);
  });

  it("counts and cuts over columns and windows as over literals", async () => {
    const query = `select trunc(at), avg(id) over (),
        sum(id) over (order by id rows between unbounded preceding and current row) as running,
        lag(id) ignore nulls over (order by id) as before
      from facts group by at, id order by id`;
    expect(await redshift.rows(query)).toEqual([
      ["2024-01-31", 1, 1, null],
      [null, 1, 3, 1],
    ]);
    expect(await redshift.rows("select avg(distinct id), avg(nullif(id, id)) from facts")).toEqual([
      [1, null],
    ]);
  });

  it("fails on a division by zero", async () => {
    expect((await redshift.sql("select id / (id - 1) from facts")).error).toBe("ERROR: Divide by zero");
    expect(await redshift.rows("select 1 / nullif(0, 0)")).toEqual([[null]]);
  });

  it("navigates into a SUPER that is cast", async () => {
    const query =
      "select properties.plan::varchar, cast(f.properties.o.k as varchar), properties.n::integer + 1, properties.no::varchar from facts as f where id = 1";
    expect(await redshift.rows(query)).toEqual([["pro", "v", 4, null]]);
  });

  it("gives SUPER as its JSON", async () => {
    const ran = await redshift.sql("select properties from facts where id = 1");
    expect(ran.types).toEqual(["super"]);
    expect(JSON.parse(String(ran.rows[0]?.[0]))).toEqual({ plan: "pro", n: 3, o: { k: "v" } });
  });

  it("names columns as Redshift does", async () => {
    const ran = await redshift.sql(
      "select count(*), max(id) as Biggest, id + 1, 'x' as \"Two words\" from facts group by 3",
    );
    expect(ran.columns).toEqual(["count", "biggest", "?column?", "two words"]);
    expect(ran.types).toEqual(["int8", "int4", "int4", "varchar"]);
  });

  it("takes a database's name before a schema's", async () => {
    expect(await redshift.rows("select count(*) from clickstream.public.facts")).toEqual([[2]]);
  });
});

describe("what is refused, and never reaches the engine", () => {
  it.each([
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/passwd')",
    "select * from glob('/*')",
    "select * from duckdb_settings()",
    "select * from duckdb_tables",
    "select * from rs.users",
    "select getenv('HOME')",
    "attach '/tmp/x.db' as y",
    "pragma database_list",
    "install httpfs",
    "copy facts to '/tmp/x.csv'",
    "copy facts from '/etc/passwd' iam_role default json 'auto'",
    "set enable_external_access = true",
    "select 1; drop table facts",
    "create schema rs",
    "drop schema rs cascade",
    "create table facts as select 1 as a from 'x.csv'",
    "create macro f() as 1",
    "call pragma_version()",
    "select * from query('select 1')",
    'select * from "query"($$select 1$$)',
    'select * from "/etc/passwd"',
  ])("%s", async (statement) => {
    expect(await redshift.sql(statement)).toMatchObject({
      status: "FAILED",
      error: expect.stringMatching(/^ERROR: /),
    });
  });

  it("names what is missing in Redshift's words", async () => {
    expect((await redshift.sql("select * from nope")).error).toBe('ERROR: relation "nope" does not exist');
    expect((await redshift.sql("select nope from facts")).error).toBe('ERROR: column "nope" does not exist');
    expect((await redshift.sql("select nope(1)")).error).toMatch(
      /^ERROR: function nope does not exist: .*\[unknown-function, line 1, column 8; https:/,
    );
  });
});
