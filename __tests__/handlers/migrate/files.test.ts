import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSqlFiles } from "../../../handlers/migrate/files";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sql-"));
  for (const folder of ["migrations", "models", "sessions"]) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const names = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name);

describe("files of SQL", () => {
  it("are migrations by number, and models behind those that they read", () => {
    for (const version of ["002", "010", "001"]) write(`migrations/V${version}__do_it.sql`, "select 1;");
    write("models/R__a.sql", "create view a as select * from public.b join c on true -- from z");
    write("models/R__b.sql", "create view b as select * from z");
    write("models/R__c.sql", "create view c as select 'from a' from d");
    write("models/R__z.sql", "create view z as select 1");
    const { migrations, models } = readSqlFiles(root);
    expect(names(migrations)).toEqual(["V001__do_it.sql", "V002__do_it.sql", "V010__do_it.sql"]);
    expect(names(models)).toEqual(["R__c.sql", "R__z.sql", "R__b.sql", "R__a.sql"]);
    expect(models.at(-1)?.reads).toEqual(["R__b.sql", "R__z.sql", "R__c.sql"]);
  });

  it("say in their first line that they run in no transaction", () => {
    write("migrations/V001__vacuum_events.sql", "-- no transaction: VACUUM takes none\nvacuum events;");
    expect(readSqlFiles(root).migrations).toMatchObject([{ transactional: false }]);
  });

  it.each([
    ["another name", "migrations/V1_x.sql", "select 1", "V1_x.sql must be named as V###__verb_object.sql"],
    ["no statement", "migrations/V001__do.sql", "-- nothing", "V001__do.sql holds no statement"],
    [
      "more statements than a batch",
      "migrations/V001__do.sql",
      "select 1;".repeat(37),
      "must hold 36 statements at most, got 37",
    ],
    [
      "more bytes than a batch",
      "models/R__m.sql",
      `select '${"x".repeat(98_304)}'`,
      "98304 bytes at most, got 98313",
    ],
    [
      "two statements without a transaction",
      "migrations/V001__do.sql",
      "-- no transaction\nvacuum a; vacuum b",
      "V001__do.sql runs in no transaction and must hold one statement, got 2",
    ],
    [
      "itself in a circle",
      "models/R__m.sql",
      "select * from n",
      "read each other in a circle: R__m.sql, R__n.sql",
    ],
    ["a number twice", "migrations/V0007__other.sql", "select 1", "have the same number"],
  ])("are refused with %s", (_, path, text, message) => {
    if (path.includes("R__m.sql") && text.includes("from n")) write("models/R__n.sql", "select * from m");
    if (path.includes("V0007")) write("migrations/V007__one.sql", "select 1");
    write(path, text);
    expect(() => readSqlFiles(root)).toThrow(message);
  });
});
