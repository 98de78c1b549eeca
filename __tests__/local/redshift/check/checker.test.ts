import { fork } from "node:child_process";
import { join } from "node:path";
import { stateRoot } from "../../../../cli/paths";
import { Checker } from "../../../../local/redshift/check/checker";
import { SqlError } from "../../../../local/redshift/sql/error";
import { pythonInterpreter } from "../../../../local/setup/python";

const python = pythonInterpreter(stateRoot);

/** Resolves when a process has ended. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a check", () => {
  const checker = new Checker(python);
  afterAll(() => checker.stop());

  it("says of each statement of a text where it stands and what is wrong, with a way out", async () => {
    const [first, second, more] = await checker.check(
      "select 1;\n\nselect nvl(a, 0),\n  ifnull(b, 0)\nfrom t;",
    );
    expect(more).toBeUndefined();
    expect(first).toEqual({ line: 1, column: 1, at: 0, end: 8, alone: null, creates: [], refusals: [] });
    expect(second).toMatchObject({
      line: 3,
      refusals: [
        {
          rule: "unknown-function",
          line: 4,
          column: 3,
          suggestion: "NVL or COALESCE",
          url: expect.any(String),
        },
      ],
    });
  });

  it("takes a comment, a semicolon at the end, literals of both kinds and nothing at all", async () => {
    const accepted = [
      "",
      ";;",
      "-- only this",
      "select 1 /* a /* nested */ one */;",
      "select 'it''s', 'it\\'s', $$it's$$, $q$ $$ $q$",
      'select "a""b" from t',
    ];
    for (const sql of accepted)
      expect((await checker.check(sql)).flatMap(({ refusals }) => refusals)).toEqual([]);
    for (const sql of ["select 'open", 'select "open', "select 1 /* open", "select $$open"])
      expect((await checker.check(sql))[0]?.refusals[0]?.rule).toBe("syntax");
  });

  it("knows a user's function by its schema, by its f_, by a statement before or by being told", async () => {
    const refusals = async (sql: string, functions: string[] = []) =>
      (await checker.check(sql, functions)).flatMap(({ refusals }) => refusals);
    expect(await refusals("select score(1)")).toHaveLength(1);
    expect(await refusals("select score(1)", ["score"])).toEqual([]);
    expect(await refusals("select mart.score(1), f_score(1)")).toEqual([]);
    const create = "create function score(int) returns int stable as $$ select $1 $$ language sql";
    expect(await refusals(`${create}; select score(1)`)).toEqual([]);
    expect((await checker.check(create))[0]?.creates).toEqual(["score"]);
  });

  it("lets pass or throws, and names what runs in no transaction", async () => {
    await checker.pass("vacuum events", false);
    await expect(checker.pass("vacuum events", true)).rejects.toThrow(
      "ERROR: VACUUM cannot run inside a transaction block",
    );
    for (const alone of [
      "alter table a append from b",
      "alter table a alter column b type varchar(10)",
      "create database d",
      "create external table s.t (a int) stored as parquet location 's3://b/'",
    ])
      await expect(checker.pass(alone, true)).rejects.toThrow(SqlError);
    await expect(checker.pass("select * from t tablesample system (1)", false)).rejects.toThrow(
      /^ERROR: syntax error at or near "system": Redshift has no TABLESAMPLE\. .*\[unsupported-clause, line 1, column 17; https:/,
    );
  });

  it("checks a statement that is as long as one may be, and gives up on one that is nested too deeply", async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => `(${index}, 'name ${index}', null)`).join(", ");
    expect((await checker.check(`insert into t values ${rows}`))[0]?.refusals).toEqual([]);
    const deep = `select ${"(".repeat(5_000)}1${")".repeat(5_000)}`;
    await expect(checker.check(deep)).rejects.toThrow("nested too deeply");
    expect(await checker.check("select 1")).toHaveLength(1);
  });

  it("asks the helper once about a text", async () => {
    expect(checker.check("select 42")).toBe(checker.check("select 42"));
  });
});

describe("the helper", () => {
  it("is started again when it is killed, and then answers what it was asked before", async () => {
    const checker = new Checker(python);
    await checker.check("select 1");
    const { pid } = checker;
    const asked = checker.check("select 2");
    process.kill(Number(pid), "SIGKILL");
    expect(await asked).toHaveLength(1);
    expect(await checker.check("select 3")).toHaveLength(1);
    await checker.stop();
    await gone(Number(pid));
  });

  it("ends with the process that started it, even one killed with -9", async () => {
    const parent = fork(join(__dirname, "parent.ts"), [python], { execArgv: ["--import", "tsx"] });
    const pid = await new Promise<number>((resolve) =>
      parent.once("message", (message) => resolve(Number(message))),
    );
    parent.kill("SIGKILL");
    await gone(pid);
  }, 60_000);

  it("says so when it cannot run: neither accepted nor refused", async () => {
    const checker = new Checker(join(__dirname, "no-such-python"));
    await expect(checker.check("select 1")).rejects.toThrow(/does not run: .*ENOENT/);
    await checker.stop();
  });
});
