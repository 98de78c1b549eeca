import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintSql } from "../../../cli/linting/lint";
import { stateRoot } from "../../../cli/paths";
import { pythonInterpreter } from "../../../local/setup/python";

const folder = mkdtempSync(join(tmpdir(), "lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, sql: string): string {
  const path = join(folder, name);
  writeFileSync(path, sql);
  return path;
}

describe("linting SQL", () => {
  it("finds what Redshift refuses, what one call does not take, and what is not the project's style", async () => {
    const many = Array.from({ length: 41 }, (_, index) => `delete from t${index};\n`).join("");
    const { findings, statements, unread } = await lintSql(pythonInterpreter(stateRoot), [
      file("a.sql", "select\n  event_id,\n  ifnull(user_id, '') as user_id\nfrom events;\n"),
      file("b.sql", "create function twice(int) returns int stable as $$ select $1 * 2 $$ language sql;\n"),
      file("c.sql", "select twice(n) as n\nfrom t\nwhere day = :day;\nvacuum t;\n"),
      file("d.sql", many),
      file("e.sql", "SELECT count(*) as n\nfrom t;\n"),
      file("f.sql", "grant select on t to role reader, role analyst;\n"),
    ]);
    const shown = findings.map(({ file, line, column, rule }) => [file.slice(-5), line, column, rule]);
    expect(shown).toEqual([
      ["a.sql", 3, 3, "unknown-function"],
      ["c.sql", 4, 1, "transaction"],
      ["d.sql", 41, 1, "batch-limit"],
      ["e.sql", 1, 1, "CP01 capitalisation.keywords"],
    ]);
    expect(findings[0]).toMatchObject({
      suggestion: "NVL or COALESCE",
      url: expect.stringContaining("redshift"),
    });
    expect(statements).toBe(47);
    expect(unread.map(({ file }) => file.slice(-5))).toEqual(["f.sql"]);
  }, 60_000);
});
