import { join } from "node:path";
import { type Column, columns, failedColumns, sqlType } from "../../handlers/event/columns";
import { readLoadSql } from "../../handlers/load/statements";
import { readSqlFiles } from "../../handlers/migrate/files";

const sql = join(__dirname, "..", "..", "sql");

const { migrations, models } = readSqlFiles(sql);

/** A table's columns as the migrations make it: their definitions by name, in the table's order. */
function definitions(table: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const statement of migrations.flatMap(({ statements }) => statements)) {
    const body = new RegExp(`^create table ${table} \\(\n([\\s\\S]*?)\n\\)`, "m").exec(statement)?.[1];
    const lines = body?.split("\n").filter((line) => !line.trim().startsWith("--")) ?? [];
    const added = new RegExp(`^alter table ${table} add column (.*)$`, "m").exec(statement)?.[1];
    for (const line of added === undefined ? lines : [added]) {
      const [name = "", ...type] = line.trim().replace(/[,;]$/, "").split(" ");
      found.set(name, type.join(" "));
    }
  }
  return found;
}

function expected(table: Readonly<Record<string, Column>>): [string, string][] {
  return Object.entries(table).map(([name, { type, required }]) => [
    name,
    `${sqlType(type)}${required ? " not null" : ""}`,
  ]);
}

/** Names of a list, one a line: of columns, or of values that bear them as aliases. */
const listed = (text = "") => [...text.matchAll(/^ {2}(?:.* as )?(\w+),?$/gm)].map(([, name]) => name);

describe("the warehouse's tables", () => {
  it("are the columns of an event, one by one", () => {
    expect([...definitions("events")]).toEqual(expected(columns));
  });

  it("are the columns of a failed event, one by one", () => {
    expect([...definitions("failed_events")]).toEqual(expected(failedColumns));
  });

  it("say of each column what it means", () => {
    for (const { name, statements } of migrations)
      for (const statement of statements) {
        const lines = statement.split("\n").map((line) => line.trim());
        for (const [at, line] of lines.entries())
          if (
            /^(alter table \w+ add column )?\w+ (varchar|integer|timestamp|boolean|super|decimal)\b/.test(
              line,
            ) &&
            /V0(01|02|1\d)/.test(name)
          )
            expect([name, line, lines[at - 1]]).toEqual([name, line, expect.stringMatching(/^-- /)]);
      }
  });

  it("hold in a session what its events hold, as wide", () => {
    const widths = definitions("all_sessions");
    const from = { session_id: "event_id", last_event_id: "event_id", visitor_id: "anonymous_id" };
    for (const [name, definition] of widths) {
      const type = definition.replace(" not null", "");
      const source = { ...from, [name.replace(/^(landing|exit)_/, "page_")]: undefined }[name] ?? name;
      const column = (columns as Readonly<Record<string, Column>>)[
        source.replace(/^(landing|exit)_/, "page_")
      ];
      if (column !== undefined && name !== "received_at")
        expect([name, type]).toEqual([name, sqlType(column.type)]);
    }
  });
});

describe("the loader's statements", () => {
  const { stage, begin, merge } = readLoadSql(sql);

  it.each([
    ["events", columns],
    ["failed_events", failedColumns],
  ])("fill every column of %s from the one of its name", (table, of) => {
    const insert = merge.find((statement) => statement.startsWith(`insert into ${table} (`)) ?? "";
    const [into, from] = insert.split(")\nselect\n");
    expect(listed(into)).toEqual(Object.keys(of));
    expect(listed(from)).toEqual(Object.keys(of));
  });

  it("fill every column of a session from the one of its name", () => {
    const insert = merge.find((statement) => statement.includes("insert into all_sessions")) ?? "";
    const select = insert.slice(insert.lastIndexOf("\nselect\n"), insert.lastIndexOf("\nfrom "));
    expect(listed(select)).toEqual([...definitions("all_sessions").keys()]);
  });

  it("lock before anything else, and fit a batch", () => {
    expect(begin[0]).toMatch(/lock table load_lock$/);
    // A batch takes 40 statements; staging adds three copies and the question for bounds.
    expect(stage.length + 4).toBeLessThanOrEqual(40);
    expect(begin.length + merge.length).toBeLessThanOrEqual(40);
    for (const statement of [...stage, ...begin, ...merge])
      expect(Buffer.byteLength(statement)).toBeLessThan(100 * 1024);
  });

  it("name bounds wherever they read a table that grows", () => {
    const growing =
      /\b(?:from|join)\s+(events|failed_events|load_ledger|all_sessions|activity|identity_links)\b/;
    for (const statement of [...begin, ...merge]) {
      const read = growing.exec(statement.replace(/select \* from all_sessions where false/, ""))?.[1];
      if (read !== undefined) expect([read, statement]).toEqual([read, expect.stringContaining("cast(:")]);
    }
  });
});

describe("the files of SQL", () => {
  it("are named as the migration wants them", () => {
    expect(migrations.length).toBeGreaterThan(9);
    expect(models.length).toBeGreaterThan(0);
  });

  it("say what a row of each table and view is", () => {
    for (const { name, statements } of [...migrations, ...models])
      for (const statement of statements.filter((each) => /^create (table|view)/m.test(each)))
        expect([name, `${statements[0]}\n${statement}`]).toEqual([
          name,
          expect.stringContaining("-- Grain: "),
        ]);
  });
});
