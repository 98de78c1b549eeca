import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planMigrations } from "../../../cli/planning/migrations";
import { readSqlFiles } from "../../../handlers/migrate/files";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sql-"));
  for (const folder of ["migrations", "models"]) mkdirSync(join(root, folder));
  write("migrations/V001__make_one.sql", "create table one (n integer)");
  write("models/R__base.sql", "create view base as select * from one");
  write("models/R__top.sql", "create view top as select * from base");
});
afterEach(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string) => writeFileSync(join(root, path), text);

/** The ledger of a warehouse to which everything was applied. */
function ledger() {
  const { migrations, models } = readSqlFiles(root);
  return [...migrations, ...models].map((file) => ({
    version: "version" in file ? file.version : undefined,
    name: file.name,
    checksum: file.checksum,
    unfinished: false,
  }));
}

describe("planned migrations", () => {
  it("are all of them where nothing is deployed", () => {
    expect(planMigrations(root, [])).toEqual({
      pending: ["V001__make_one.sql"],
      models: ["R__base.sql", "R__top.sql"],
      problems: [],
    });
  });

  it("are none where everything was applied, and models that changed with those that read them", () => {
    const applied = ledger();
    expect(planMigrations(root, applied)).toEqual({ pending: [], models: [], problems: [] });
    write("models/R__top.sql", "create view top as select 1 from base");
    expect(planMigrations(root, applied).models).toEqual(["R__top.sql"]);
    write("models/R__base.sql", "create view base as select 1 from one");
    expect(planMigrations(root, applied).models).toEqual(["R__base.sql", "R__top.sql"]);
  });

  it("name what stops the deploy", () => {
    const applied = ledger();
    write("migrations/V001__make_one.sql", "create table one (n bigint)");
    expect(planMigrations(root, applied).problems).toEqual([
      expect.stringContaining("V001__make_one.sql was changed after it was applied"),
    ]);
    write("migrations/first.sql", "select 1");
    expect(planMigrations(root, applied).problems).toEqual([
      "first.sql must be named as V###__verb_object.sql",
    ]);
  });
});
