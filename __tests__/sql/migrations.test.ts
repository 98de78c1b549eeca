import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Column, columns, failedColumns, sqlType } from "../../handlers/event/columns";
import { readLoadSql } from "../../handlers/load/statements";
import { readSqlFiles } from "../../handlers/migrate/files";

const sql = join(__dirname, "..", "..", "sql");

/** A table's columns as a migration writes them: a comment line and a definition line each. */
function ddl(file: string): string[] {
  const text = readFileSync(join(sql, "migrations", file), "utf8");
  const body = /create table \w+ \(\n([\s\S]*?)\n\)\n/.exec(text)?.[1] ?? "";
  return body.split("\n").map((line) => line.trim().replace(/,$/, ""));
}

function expected(table: Readonly<Record<string, Column>>): string[] {
  return Object.entries(table).flatMap(([name, { type, required, meaning }]) => [
    `-- ${meaning}`.replace(/,$/, ""),
    `${name} ${sqlType(type)}${required ? " not null" : ""}`,
  ]);
}

describe("the warehouse's tables", () => {
  it("are the columns of an event, one by one", () => {
    expect(ddl("V001__create_events.sql")).toEqual(expected(columns));
  });

  it("are the columns of a failed event, one by one", () => {
    expect(ddl("V002__create_failed_events.sql")).toEqual(expected(failedColumns));
  });
});

describe("the loader's inserts", () => {
  const { merge } = readLoadSql(join(sql, "load"));

  it.each([
    ["events", columns],
    ["failed_events", failedColumns],
  ])("fill every column of %s from the one of its name", (table, of) => {
    const insert = merge.find((statement) => statement.startsWith(`insert into ${table} (`)) ?? "";
    const [into, from] = insert.split(")\nselect\n");
    const list = (text = "") => [...text.matchAll(/^ {2}(\w+),?$/gm)].map(([, name]) => name);
    expect(list(into)).toEqual(Object.keys(of));
    expect(list(from)).toEqual(Object.keys(of));
  });
});

describe("the files of SQL", () => {
  it("are named as the migration wants them", () => {
    const { migrations, models } = readSqlFiles(sql);
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, at) => at + 1));
    expect(models.length).toBeGreaterThan(0);
  });
});
