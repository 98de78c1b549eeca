import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stateRoot } from "../../../../cli/paths";
import { Checker } from "../../../../local/redshift/check/checker";
import { pythonInterpreter } from "../../../../local/setup/python";

interface Listed {
  readonly sql: string;
  readonly accepts: boolean;
  /** The rule that refuses it. */
  readonly refusedBy?: string;
}

/** `documented-statements.json` is the project's own, each with the page of the documentation that it is drawn from. */
const listed = ["../redshift-statements.json", "documented-statements.json"].flatMap(
  (file) => JSON.parse(readFileSync(join(__dirname, file), "utf8")) as readonly Listed[],
);

const checker = new Checker(pythonInterpreter(stateRoot));
afterAll(() => checker.stop());

/** What the checker says of a statement: the rule that it breaks first, or nothing. */
async function verdict(sql: string): Promise<string | undefined> {
  const statements = await checker.check(sql);
  return statements.flatMap(({ refusals }) => refusals)[0]?.rule;
}

it("the lists hold both verdicts, in numbers", () => {
  expect(listed.filter(({ accepts }) => accepts).length).toBeGreaterThan(200);
  expect(listed.filter(({ accepts }) => !accepts).length).toBeGreaterThan(300);
});

describe("a statement that Redshift accepts passes", () => {
  it.each(listed.filter(({ accepts }) => accepts).map(({ sql }) => [sql]))("%s", async (sql) => {
    expect(await verdict(sql)).toBeUndefined();
  });
});

describe("a statement that Redshift refuses is refused by its rule", () => {
  it.each(listed.filter(({ accepts }) => !accepts).map(({ sql, refusedBy }) => [refusedBy, sql]))(
    "%s: %s",
    async (refusedBy, sql) => {
      expect(await verdict(sql)).toBe(refusedBy);
    },
  );
});

it("every refusal says why in a sentence, with the page that says so, at a place in the statement", async () => {
  for (const { sql } of listed.filter(({ accepts }) => !accepts))
    for (const { refusals } of await checker.check(sql))
      for (const { reason, url, line, column } of refusals) {
        expect(reason).toMatch(/^\S.*\.$/);
        expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/redshift\/latest\/dg\/[\w-]+\.html$/);
        expect(line).toBe(1);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(sql.length);
      }
});
